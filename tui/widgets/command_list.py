"""The list on F1: what a screen is for, and below it every key with what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.names import names_it, visible
from tui.widgets.keys import Key, chip
from tui.widgets.look import ACCENT, DIM
from tui.words.columns import fit, wrap

_ASK = "查找："
_WORD = 16
_LONGEST = 20


def found(keys: Sequence[Key], wanted: str) -> list[Key]:
    """The keys that are called so, or do so: by characters, by the name of the key or by how the
    word is read."""
    wanted = wanted.strip().lower()
    return [
        key
        for key in keys
        if wanted in f"{key.name} {key.word} {key.does}".lower() or names_it(key.word, wanted)
    ]


class CommandList(Widget, can_focus=True):
    """Help above, keys below. What is typed filters them and Enter posts the one under the
    cursor; with `runs` false there is only something to read. Takes every key in order."""

    keeps_order: ClassVar[bool] = True

    class Chosen(Message):
        """A key was chosen, to be pressed."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    def __init__(self, text: str, keys: Sequence[Key], *, runs: bool) -> None:
        super().__init__(id="commands")
        self._help = text.strip()
        self._all = list(keys)
        self._runs = runs
        self.wanted = ""
        self._at = 0
        self._top = 0
        self._lines: list[tuple[list[Segment], Key | None]] = []
        self._drawn_for = 0

    # ── what stands in it ──

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are, and the line that is typed in."""
        self._make_lines(width)
        return len(self._lines) + self._head

    @property
    def _head(self) -> int:
        return 2 if self._runs else 0

    def _make_lines(self, width: int) -> None:
        shown = found(self._all, self.wanted)
        self._drawn_for = width
        self._lines = []
        if not self.wanted.strip():
            self._lines = [([Segment(line)], None) for line in wrap(self._help, width)]
            self._lines.append(([], None))
        names = max((cell_len(key.name) for key in self._all), default=0) + 2
        words = min(max((cell_len(key.word) for key in shown), default=0) + 1, _WORD)
        for key in shown:
            rest = max(width - names - words - 2, 10)
            for number, line in enumerate(wrap(key.does, rest)):
                head = [Segment(" " * (names + words + 1))]
                if not number:
                    blank = " " * (names - cell_len(key.name) - 2)
                    head = [chip(key.name), Segment(f"{blank} {fit(key.word, words)}")]
                self._lines.append(([*head, Segment(line)], key))
        if not shown:
            self._lines.append(([Segment("没有这样的键")], None))
        chosen = self._keys
        self._at = min(self._at, max(len(chosen) - 1, 0))

    @property
    def _keys(self) -> list[Key]:
        return [key for key in found(self._all, self.wanted) if key.typed]

    @property
    def _here(self) -> Key | None:
        keys = self._keys
        return keys[self._at] if self._runs and keys else None

    # ── keys ──

    async def _on_key(self, event: events.Key) -> None:
        key = event.key
        height = max(self.size.height - self._head, 1)
        if key in ("up", "down"):
            self._move(1 if key == "down" else -1)
        elif key in ("pageup", "pagedown"):
            self._scroll(self._top + (height if key == "pagedown" else -height))
        elif key in ("home", "end"):
            self._scroll(len(self._lines) if key == "end" else 0)
        elif not self._runs:
            return
        elif key in ("enter", "ctrl+j"):
            if self._here is not None:
                self.post_message(self.Chosen(self._here))
        elif key == "backspace":
            self.look_for(self.wanted[:-1])
        elif event.character and event.is_printable:
            self.look_for(self.wanted + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """A paste is typed text."""
        event.stop()
        if self._runs:
            self.look_for(self.wanted + visible(event.text))

    def look_for(self, wanted: str) -> None:
        """Show the keys that are meant by `wanted`."""
        self.wanted = wanted[:_LONGEST]
        self._at = self._top = 0
        self._make_lines(self.size.width)
        self.refresh()
        self._place_cursor()

    def _move(self, step: int) -> None:
        if not self._runs:
            self._scroll(self._top + step)
            return
        last = max(len(self._keys) - 1, 0)
        if step < 0 and not self._at:
            self._scroll(0)  # the help above the first key
            return
        self._at = min(max(self._at + step, 0), last)
        own = [n for n, (_, key) in enumerate(self._lines) if key is self._here]
        height = max(self.size.height - self._head, 1)
        if own and not self._top <= own[0] <= own[-1] < self._top + height:
            self._top = max(own[-1] - height + 1, 0) if step > 0 else own[0]
        self.refresh()

    def _scroll(self, top: int) -> None:
        height = max(self.size.height - self._head, 1)
        self._top = min(max(top, 0), max(len(self._lines) - height, 0))
        self.refresh()

    def on_focus(self) -> None:
        """Show where an input method opens its window."""
        self._place_cursor()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._make_lines(self.size.width)
        self._scroll(self._top)
        self._place_cursor()

    def _place_cursor(self) -> None:
        if self._runs:
            offset = Offset(cell_len(_ASK + self.wanted), 0)
            self.app.cursor_position = self.content_region.offset + offset

    # ── drawing ──

    def render_line(self, y: int) -> Strip:
        """The line that is typed in, then as much of help and keys as there is room for."""
        width, base = self.size.width, self.rich_style
        if width != self._drawn_for:
            self._make_lines(width)
        if self._runs and y < 2:
            text = f"{_ASK}{self.wanted}_   键入筛选  Enter 执行" if y == 0 else ""
            return Strip([Segment(fit(text, width), base)])
        number = y - self._head + self._top
        if number >= len(self._lines):
            return Strip.blank(width, base)
        segments, key = self._lines[number]
        here = key is not None and key is self._here
        drawn = [Segment(text, self._style(style, here=here)) for text, style, _ in segments]
        strip = Strip(drawn).adjust_cell_length(width - 2, ACCENT if here else base)
        return Strip([*strip, Segment(f" {self._scroll_mark(y)}", DIM)], width)

    @staticmethod
    def _style(style: Style | None, *, here: bool) -> Style | None:
        if not here:
            return style
        # On the lit row the key must still be told from the word.
        return ACCENT if style is None else ACCENT + Style(bold=True, underline=True)

    def _scroll_mark(self, y: int) -> str:
        """Whether there is more above or below, beside the first and the last line."""
        height = self.size.height - self._head
        if y == self._head and self._top:
            return "^"
        if y == self.size.height - 1 and self._top + height < len(self._lines):
            return "v"
        return " "
