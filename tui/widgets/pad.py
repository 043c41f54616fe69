"""The ballot pad: one sheet on the screen, every key in order.

`MarkGrid` owns the keyboard and draws the marks; what does not change while a ballot is keyed is
drawn beside it. They are apart because a changed cell is redrawn from its widget's left edge: so a
mark costs the bytes of a few cells, not of a name and a post.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import ClassVar, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.entry.keying import Act, Effect, Reply, refused
from models.entry.notices import Notice
from tui.keypad import act_of, plain_key
from tui.sequences import Arrows, BrokenOff
from tui.widgets.keys import ALWAYS, NEVER, Key
from tui.widgets.look import ACCENT, HEADING
from tui.widgets.sheet_view import SheetView
from tui.words.columns import fit

_NAMED = frozenset(
    ("enter", "backspace", "left", "right", "up", "down", "pageup", "pagedown", "delete")
)
# What the keypad sends while NumLock is off, and nothing else here uses.
_NUMLOCK_OFF = frozenset(("home", "end", "insert", "kp_begin"))
# A finish that stores after these must come later than a moment after they were painted.
_ASKS_FOR_A_LOOK = frozenset((Notice.DOUBTFUL, Notice.PRESSED_TOO_OFTEN))
_MOMENT = 0.4  # seconds
_REST = 0.5  # seconds without a key


class ShownBallot(Protocol):
    """A ballot as the pad draws it."""

    @property
    def marks(self) -> str:
        """One character a place."""

    @property
    def size(self) -> int:
        """How many places there are."""

    @property
    def cursor(self) -> int:
        """The place that the next mark goes to."""

    @property
    def void_reason(self) -> int:
        """Not 0 on a void ballot."""

    @property
    def asking_void(self) -> bool:
        """Whether the reason of a void ballot is asked for."""


class Keying(Protocol):
    """What stands behind the keys: a stack's first entry or its second."""

    @property
    def shown(self) -> ShownBallot:
        """The ballot on the screen."""

    @property
    def looking(self) -> int:
        """Not 0 while Esc leads back to the ballot in hand."""

    @property
    def asking(self) -> bool:
        """Whether a question waits for its answer."""

    def press(self, act: Act | str) -> Reply:
        """Take one act or character."""

    def go_to(self, place: int) -> Reply:
        """Go to a place; nothing is marked."""

    def keep(self) -> Reply | None:
        """Save what is half keyed; a refusal if that cannot be."""


class PadOwner(Protocol):
    """Who is told what came of a key, and when no more of them wait: then all is drawn together."""

    def answered(self, reply: Reply) -> None:
        """A key changed more than a mark."""

    def settled(self) -> None:
        """No key waits any more: what stands beside the marks is to be drawn."""

    def scrolled(self) -> None:
        """Another row is on top."""

    def asked(self, number: str | None) -> None:
        """The number of a row is typed, so far; None: no more."""

    def rest(self) -> bool:
        """No key came for a while; whether something was said that the next mark takes back."""


class MarkGrid(Widget, can_focus=True):
    """The marks, and the keyboard. Its owner is told of each key that changed more than a mark."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "存票", "存票；有未录的项时不存，并到第一处", weight=ALWAYS, when="marking"),
        Key("enter", "更正", "翻看时：改好以后更正，要选原因", weight=ALWAYS, when="looking"),
        Key("1", "", "选等次，到下一项；票上没有的等次不收", weight=NEVER, named="1 至 9"),
        Key("0", "弃权", "弃权（该项没有划）", weight=NEVER),
        Key("*", "多选", "多选（该项无效）", weight=NEVER),
        Key("+", "余同", "其余各项同上一项；整票一样的票按 1 + Enter", when="marking"),
        Key("-", "退格", "退一格并清除（退格键同）", when="marking"),
        Key("-", "退回", "从提问退回", weight=ALWAYS, when="asking"),
        Key(".", "找人", "按印刷的序号找人（单人票找项）：数字，再按 Enter；不录", when="marking"),
        Key("/", "作废", "整票作废，再按数字选原因", when="marking"),
        Key("enter", "到", "键入序号以后：到那一行", weight=ALWAYS, when="seeking"),
        Key("up", "", "移动；在已录的项上再录即替换", weight=NEVER, named="方向键"),
    )

    def __init__(self, keying: Keying, view: SheetView, owner: PadOwner) -> None:
        super().__init__()
        self._keying = keying
        self._owner = owner
        # The number of the row that is looked for, as typed so far; None while none is.
        self._number: str | None = None
        self._view = view
        self._at = keying.shown.cursor
        # Places, or all of them, that are to be drawn once no key waits.
        self._changed: set[int] = set()
        self._all_changed = False
        # The screen greets with a line of its own, which the first mark takes back.
        self._spoken = True
        # When the last key came; a timer waits for the hand to rest, never more than one.
        self._struck = 0.0
        self._waiting = False
        # When a finish that asked for a look was on the screen long enough; None where none asked.
        self._sure_from: float | None = None

    async def _on_key(self, event: events.Key) -> None:
        key = "enter" if event.key == "ctrl+j" else event.key
        if isinstance(event, Arrows):
            event.stop()
            event.prevent_default()
            self._speak(refused(Notice.NO_WHEEL))
            return
        if key == "enter" and self._sure_from is not None and event.time < self._sure_from:
            # A bounce, or an impatient second one: nobody has read the first one's answer.
            event.stop()
            event.prevent_default()
            return
        if key in _NUMLOCK_OFF:
            event.stop()
            self._speak(refused(Notice.NO_DIGITS))
            return
        if key not in _NAMED:
            if not event.character or not event.is_printable:
                return
            key = plain_key(event.character)
        event.stop()
        event.prevent_default()
        asking = self._keying.asking or self._keying.shown.asking_void
        if self._number is not None or (key == "." and not asking):
            self._look_for_row(key)
        else:
            self._answer(self._keying.press(act_of(key)))

    def _look_for_row(self, key: str) -> None:
        """`.`: the number of a row, then Enter. Nothing is marked, whatever is typed."""
        number = self._number
        if number is None:
            number = ""
        elif key.isdecimal() and len(number) <= len(str(self._view.rows)):
            number += key
        elif key in ("-", "backspace"):
            number = number[:-1]
        elif key == ".":
            self._number = None
            self._owner.asked(None)
            return
        elif key == "enter" and number and 1 <= int(number) <= self._view.rows:
            self._number = None
            self._owner.asked(None)
            step = 1 if self._view.single else self._view.columns
            self._answer(self._keying.go_to((int(number) - 1) * step))
            return
        else:
            # It was not meant: keys of a ballot may have gone astray.
            self._keying.press(Act.DOUBT)
        self._number = number
        self._owner.asked(number)

    def on_paste(self, event: events.Paste) -> None:
        """A paste is no keying: refused, for nobody has looked at the paper."""
        event.stop()
        self._speak(refused(Notice.NO_PASTE))

    def take(self, act: Act) -> None:
        """Take an act of a key that the screen is bound to, as if it had come here."""
        if self._number is None:
            self._answer(self._keying.press(act))
            self.on_idle()

    @property
    def seeking(self) -> bool:
        """Whether the number of a row is asked for."""
        return self._number is not None

    @property
    def row(self) -> int:
        """The row of the next mark."""
        return self._row(self._keying.shown.cursor)

    def step_back(self) -> bool:
        """Esc: back from a question or an earlier ballot; False where there is nothing to go
        back from, so that the screen may be left."""
        self.on_idle()
        if self._number is not None:
            self._number = None
            self._owner.asked(None)
            return True
        keying = self._keying
        if not (keying.looking or keying.asking or keying.shown.asking_void):
            return False
        self._answer(self._keying.press(Act.LEAVE))
        self.on_idle()
        return True

    def on_mount(self) -> None:
        """The hand rests at first."""
        self._wait_for_rest()

    def on_unmount(self) -> None:
        """The program ends, perhaps while keys were coming."""
        self._keying.keep()

    def _wait_for_rest(self) -> None:
        left = self._struck + _REST - time.monotonic()
        self._waiting = left > 0 and self.is_attached
        if not self.is_attached:
            return
        if self._waiting:
            self.set_timer(left, self._wait_for_rest)
        else:
            self._spoken |= self._owner.rest()

    def _answer(self, reply: Reply) -> None:
        shown = self._keying.shown
        self._struck = time.monotonic()
        if not self._waiting:
            self._waiting = True
            self.set_timer(_REST, self._wait_for_rest)
        self._sure_from = None
        if reply.said is not None and reply.said.notice in _ASKS_FOR_A_LOOK:
            self._sure_from = math.inf
            self.call_after_refresh(self._be_sure_soon)
        if reply.effect is Effect.MARKED and not reply.said and abs(shown.cursor - self._at) == 1:
            self._changed.update((self._at, shown.cursor))
        elif reply.effect is not Effect.REFUSED or shown.cursor != self._at:
            self._all_changed = True
        self._at = shown.cursor
        self._speak(reply)

    def on_idle(self) -> None:
        """No key waits: save, then draw, what all of them changed."""
        if refusal := self._keying.keep():
            self._speak(refusal)
        if not (self._changed or self._all_changed):
            return
        self._owner.settled()
        if self._all_changed:
            rows = min(self._view.rows - self._view.top, self.size.height - 1)
            self.refresh(Region(0, 1, self._view.width, max(rows, 1)))
        else:
            self._refresh_places(self._changed)
        self._changed, self._all_changed = set(), False
        self._keep_in_sight()

    def _be_sure_soon(self) -> None:
        """The answer is painted: from a moment later on, a finish means what it says."""
        if self._sure_from is not None:
            self._sure_from = time.monotonic() + _MOMENT

    def on_broken_off(self, event: BrokenOff) -> None:
        """Bytes came that were no key."""
        event.stop()
        self._answer(self._keying.press(Act.DOUBT))

    def _speak(self, reply: Reply) -> None:
        """Tell the screen, unless there is nothing to say and nothing to take back."""
        quiet = reply.effect is Effect.MARKED and not reply.said
        if not quiet or self._spoken:
            self._owner.answered(reply)
        self._spoken = not quiet

    def _row(self, place: int) -> int:
        return self._view.where(min(place, self._keying.shown.size - 1))[0]

    def _refresh_places(self, places: Iterable[int]) -> None:
        """Redraw these cells, as one region a row: two regions on a row are sent twice."""
        view = self._view
        rows: dict[int, list[int]] = {}
        for place in places:
            if place < self._keying.shown.size:
                row, column = view.where(place)
                rows.setdefault(row, []).append(column * view.cell)
        for row, columns in rows.items():
            first, last = min(columns), max(columns)
            self.refresh(Region(first, row - view.top + 1, last - first + view.cell, 1))

    def _keep_in_sight(self) -> None:
        row = self._row(self._keying.shown.cursor)
        height = max(self.size.height - 1, 1)
        top = min(max(self._view.top, row - height + 1), row)
        if top != self._view.top:
            self._view.top = top
            self.refresh()
            self._owner.scrolled()

    def on_resize(self) -> None:
        """Keep the place that is keyed on the screen."""
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """Headings, then a row of marks each. What is shown is saved before, in the middle of a
        burst too."""
        if refusal := self._keying.keep():
            self.call_later(self._speak, refusal)
        view = self._view
        if y == 0:
            heading = "".join(
                fit(view.heading(column), view.cell) for column in range(view.columns)
            )
            return Strip([Segment(heading, HEADING)])
        row = y - 1 + view.top
        if row >= view.rows:
            return Strip.blank(view.width)
        ballot = self._keying.shown
        marks = ballot.marks
        # Cells without a style cost nothing but their text on the wire.
        plain, segments = "", []
        for column in range(view.columns):
            place = row * view.columns + column
            mark = marks[place]
            text = view.label(mark)
            if ballot.void_reason:
                text = "作废" if view.cell > 3 else "/"
            if place == ballot.cursor and not ballot.void_reason:
                text = text or " " * min(view.cell - 1, 4)
                segments += [Segment(plain), Segment(text, ACCENT)]
                plain = ""
            else:
                plain += text
            plain += " " * max(view.cell - cell_len(text), 0)
        return Strip([*segments, Segment(plain)], view.width)
