"""The keys of a screen, declared once: the binding, the line of keys, the help, the list of
commands and the tables of the manual are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.look import ACCENT, DIM

_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "delete": "Delete",
    "space": "空格",
    "tab": "Tab",
    "plus": "+",
    "minus": "-",
    "asterisk": "*",
    "slash": "/",
    "pageup": "PgUp",
}
# What falls away first in a narrow window: keys that a hand finds by itself.
ALWAYS, OFTEN, SELDOM, NEVER = 90, 60, 30, 0
"""Weights of keys in the line of keys: the last stand in the help alone."""


@dataclass(frozen=True)
class Key:
    """One key, or some that do one thing."""

    keys: str
    """Their names, as in a binding: `enter,ctrl+j`."""
    word: str
    """What it does in a word, for the line of keys."""
    does: str
    """The same in a sentence, for help and manual."""
    act: str = ""
    """The action it is bound to; empty where the widget with the focus takes it itself."""
    weight: int = OFTEN
    """Those with the least are left out first where there is no room."""
    when: str = ""
    """What must be true now, by a name among `now()` of its screen or of what has the focus: else
    the key is of no use and is named in the help alone."""
    named: str = ""
    """What it is called, where that is not the name of the first."""
    also: tuple[tuple[str, str], ...] = ()
    """More keys that belong to it, each with its action: the way back."""
    first: bool = True
    """Whether it is bound before what the focused widget binds."""

    @property
    def name(self) -> str:
        """What it is called on the screen."""
        first = self.keys.split(",")[0]
        return self.named or _NAMES.get(first) or (first.upper() if first[0] == "f" else first)

    @property
    def typed(self) -> str:
        """The key that is pressed when it is chosen from the list of commands; empty where it
        only moves about."""
        return "" if self.weight == NEVER or self.also else self.keys.split(",")[0]


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """The bindings of those that are bound to an action."""
    return [
        Binding(names, act, show=False, priority=key.first)
        for key in keys
        for names, act in ((key.keys, key.act), *key.also)
        if act
    ]


def merged(*groups: Iterable[Key]) -> list[Key]:
    """All keys, those of the first group first; a group says nothing more of the keys of those
    before it, unless they only mean something at times."""
    found: list[Key] = []
    taken: set[str] = set()
    for group in groups:
        own = [key for key in group if not {*key.keys.split(","), key.name} & taken]
        found += own
        taken.update(
            name for key in own if not key.when for name in (*key.keys.split(","), key.name)
        )
    return found


def on_one_line(keys: Sequence[Key], width: int) -> tuple[list[Key], int, bool]:
    """The keys that fit side by side into `width` columns, the blanks between two of them, and
    whether some were left out: the lightest of them first, of equals the last."""
    left = [key for key in keys if key.weight > NEVER]
    cut = 0
    while True:
        size = sum(cell_len(key.name + key.word) + 2 for key in left) + cut
        for gap in (1, 0):
            if size + gap * (len(left) - 1) <= width or not left:
                return left, gap, bool(cut)
        cut = 2
        lightest = min(key.weight for key in left)
        left.remove(next(key for key in reversed(left) if key.weight == lightest))


def key_table(keys: Iterable[Key]) -> list[tuple[str, str]]:
    """Each key with what it does: the rows of help and manual."""
    return [(key.name, key.does) for key in keys]


class KeyLine(Widget):
    """The line of keys: each apart from its word, as many as there is room for."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._keys: list[Key] = []
        self._segments: list[Segment] = []
        self._drawn_for = 0  # columns that they were chosen for

    def show(self, keys: Sequence[Key]) -> None:
        """Show these keys, unless they are what is shown."""
        self._keys = list(keys)
        before, self._segments = self._segments, self._drawn()
        if self._segments != before:
            self.refresh()

    def _drawn(self) -> list[Segment]:
        self._drawn_for = self.size.width
        if not self._drawn_for:
            return []  # it has no place yet
        left, gap, cut = on_one_line(self._keys, self._drawn_for)
        segments = []
        for key in left:
            segments += [chip(key.name), Segment(key.word + " " * gap)]
        if cut:
            segments.append(Segment(" ›", DIM))
        return segments

    def on_resize(self) -> None:
        """As many as there is room for now."""
        if self._drawn_for != self.size.width:
            self.show(self._keys)

    def render(self) -> str:
        """The line as text."""
        return "".join(segment.text for segment in self._segments).strip()

    def render_line(self, y: int) -> Strip:
        """Keys and words."""
        base = self.rich_style
        if y:
            return Strip.blank(self.size.width, base)
        if self._drawn_for != self.size.width:
            self._segments = self._drawn()
        drawn = [Segment(text, style or base) for text, style, _ in self._segments]
        return Strip(drawn).adjust_cell_length(self.size.width, base)


def chip(name: str) -> Segment:
    """A key, told apart from the word beside it."""
    return Segment(f" {name} ", ACCENT)
