"""The ballot pad: one sheet on the screen, every key in order.

`MarkGrid` owns the keyboard and draws the marks; `NameColumn` beside it draws what does not
change while a ballot is keyed. They are apart because a changed cell is redrawn from its
widget's left edge: so a mark costs the bytes of a few cells, not of a name and a post.
"""

from __future__ import annotations

import math
import time
from typing import ClassVar, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.entry.keying import Act, Effect, Reply, refused
from models.entry.notices import Notice
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, UNKEYED, SheetLayout
from tui.keypad import act_of, plain_key
from tui.sequences import Arrows, BrokenOff
from tui.widgets.keys import ALWAYS, NEVER, SELDOM, Key
from tui.words.columns import fit

_NAMED = frozenset(
    ("enter", "backspace", "left", "right", "up", "down", "pageup", "pagedown", "delete")
)
# What the keypad sends while NumLock is off, and nothing else here uses.
_NUMLOCK_OFF = frozenset(("home", "end", "insert", "kp_begin"))
# A finish that stores after these must come later than a moment after they were painted.
_ASKS_FOR_A_LOOK = frozenset((Notice.DOUBTFUL, Notice.PRESSED_TOO_OFTEN))
_MOMENT = 0.4  # seconds


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


class SheetView:
    """How a sheet lies on the screen: rows, columns, and which row is on top.

    A sheet of one subject shows its lines as rows; otherwise subjects are rows and lines are
    columns. Shared by the pad's two widgets.
    """

    def __init__(self, sheet: SheetLayout) -> None:
        self.sheet = sheet
        self.single = len(sheet.subjects) == 1
        self.rows = len(sheet.lines) if self.single else len(sheet.subjects)
        self.columns = 1 if self.single else len(sheet.lines)
        self.top = 0
        self.cell = 6
        self._labels = {
            BLANK: "弃权",
            OVERVOTE: "多选",
            UNKEYED: "",
            **{str(n): name for n, name in enumerate(sheet.scale.short, 1)},
        }

    def fit_cells(self, width: int) -> None:
        """Choose the widest cells of which a row fits in `width` columns: labels, or digits."""
        self.cell = next((w for w in (8, 6, 5) if w * self.columns <= width), 3)

    @property
    def width(self) -> int:
        """The columns that a row of marks takes."""
        return self.cell * self.columns

    def where(self, place: int) -> tuple[int, int]:
        """The row and column of a place."""
        return (place, 0) if self.single else divmod(place, self.columns)

    def label(self, mark: str) -> str:
        """A mark as drawn in a cell."""
        return mark.strip() if self.cell < 5 else self._labels[mark]

    def heading(self, column: int) -> str:
        """The title of a column."""
        if self.single:
            return "选项"
        line = self.sheet.lines[column]
        if line == OVERALL:
            return "总体" if self.cell >= 5 else "总"
        if self.cell < 5:
            return str(line)
        title = self._title(line)
        return f"{line}{title}"[: 3 if self.cell >= 6 else 2] if title else f"第{line}项"

    def names(self, row: int) -> tuple[str, str]:
        """What stands before a row: a subject's name and post, or a line's title and text."""
        if not self.single:
            subject = self.sheet.subjects[row]
            return subject.name, subject.post
        line = self.sheet.lines[row]
        if line == OVERALL:
            return "总体评价", ""
        item = self.sheet.items[row]
        return f"{line} {item.title}" if item.title else f"第{line}项", item.statement

    def place_text(self, place: int) -> str:
        """The subject and the full statement of a place."""
        where = self.sheet.places[min(place, len(self.sheet.places) - 1)]
        subject = self.sheet.subjects[where.subject]
        if where.item == OVERALL:
            return f"{subject.name}：总体评价"
        item = next(item for item in self.sheet.items if item.number == where.item)
        return f"{subject.name}：第{item.number}项，{item.statement}"

    def _title(self, line: int) -> str:
        return next(item.title for item in self.sheet.items if item.number == line)


class NameColumn(Widget):
    """Names and posts, or lines and their texts, before the marks."""

    def __init__(self, view: SheetView) -> None:
        super().__init__()
        self._view = view

    def render_line(self, y: int) -> Strip:
        """A heading, then a row each."""
        width, base = self.size.width, self.rich_style
        if y == 0:
            title = "测评内容" if self._view.single else "被测评人"
            return Strip([Segment(fit(f" {title}", width), base + Style(underline=True))])
        row = y - 1 + self._view.top
        if row >= self._view.rows:
            return Strip.blank(width, base)
        name, rest = self._view.names(row)
        size = 10 if cell_len(name) <= 9 else min(cell_len(name) + 1, width)
        if not self._view.single and cell_len(rest) > width - size - 2:
            # 党组成员、副局长: what tells people apart stands last.
            rest = rest.rpartition("、")[2]
        text = " " + fit(name, size) + rest
        # A column of air before the marks.
        return Strip([Segment(fit(text, width - 1) + " ", base)])


class MarkGrid(Widget, can_focus=True):
    """The marks, and the keyboard. Posts `Answered` after each key that changed more than a
    mark."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "存票", "存票；有未录的项时不存，并到第一处", weight=ALWAYS, when="marking"),
        Key("enter", "更正", "翻看时：改好以后更正，要选原因", weight=ALWAYS, when="looking"),
        Key("1", "", "选等次，到下一项；票上没有的等次不收", weight=NEVER, named="1 至 9"),
        Key("0", "弃权", "弃权（该项没有划）", weight=SELDOM, when="marking"),
        Key("*", "多选", "多选（该项无效）", weight=SELDOM, when="marking"),
        Key("+", "余同", "其余各项同上一项；整票一样的票按 1 + Enter", when="marking"),
        Key("-", "退格", "退一格并清除（退格键同）", when="marking"),
        Key("-", "退回", "从提问退回", weight=ALWAYS, when="asking"),
        Key("/", "作废", "整票作废，再按数字选原因", when="marking"),
        Key("up", "", "移动；在已录的项上再录即替换", weight=NEVER, named="方向键"),
    )

    class Answered(Message):
        """A key was answered; the screen tells the user."""

        def __init__(self, reply: Reply) -> None:
            super().__init__()
            self.reply = reply

    class Scrolled(Message):
        """Another row is on top."""

    class NextSubject(Message):
        """The next mark goes to another subject."""

    def __init__(self, keying: Keying, view: SheetView) -> None:
        super().__init__()
        self._keying = keying
        self._view = view
        self._drawn = keying.shown.cursor
        # The screen greets with a line of its own, which the first mark takes back.
        self._spoken = True
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
        self._answer(self._keying.press(act_of(key)))

    def on_paste(self, event: events.Paste) -> None:
        """A paste is no keying: refused, for nobody has looked at the paper."""
        event.stop()
        self._speak(refused(Notice.NO_PASTE))

    def take(self, act: Act) -> None:
        """Take an act of a key that the screen is bound to, as if it had come here."""
        self._answer(self._keying.press(act))

    def step_back(self) -> bool:
        """Esc: back from a question or an earlier ballot; False where there is nothing to go
        back from, so that the screen may be left."""
        if not (self._keying.looking or self._keying.shown.asking_void):
            return False
        self._answer(self._keying.press(Act.LEAVE))
        return True

    def _answer(self, reply: Reply) -> None:
        shown = self._keying.shown
        self._sure_from = None
        if reply.said is not None and reply.said.notice in _ASKS_FOR_A_LOOK:
            self._sure_from = math.inf
            self.call_after_refresh(self._be_sure_soon)
        if not self._view.single and self._row(shown.cursor) != self._row(self._drawn):
            self.post_message(self.NextSubject())
        if reply.effect is Effect.MARKED and not reply.said and self._one_cell(shown.cursor):
            self._refresh_places(self._drawn, shown.cursor)
        elif reply.effect is not Effect.REFUSED or shown.cursor != self._drawn:
            self._refresh_rows()
        self._drawn = shown.cursor
        self._keep_in_sight()
        self._speak(reply)

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
            self.post_message(self.Answered(reply))
        self._spoken = not quiet

    def _row(self, place: int) -> int:
        return self._view.where(min(place, self._keying.shown.size - 1))[0]

    def _one_cell(self, cursor: int) -> bool:
        return abs(cursor - self._drawn) == 1

    def _refresh_places(self, *places: int) -> None:
        """Redraw the cells of `places` as one region: two regions on a row are sent twice."""
        cells = [self._view.where(place) for place in places if place < self._keying.shown.size]
        if len({row for row, _ in cells}) == 1:
            columns = [column for _, column in cells]
            self._refresh_cells(cells[0][0], min(columns), max(columns))
            return
        for row, column in cells:
            self._refresh_cells(row, column, column)

    def _refresh_rows(self) -> None:
        rows = min(self._view.rows - self._view.top, self.size.height - 1)
        self.refresh(Region(0, 1, self._view.width, max(rows, 1)))

    def _refresh_cells(self, row: int, first: int, last: int) -> None:
        cell = self._view.cell
        y = row - self._view.top + 1
        self.refresh(Region(first * cell, y, (last - first + 1) * cell, 1))

    def _keep_in_sight(self) -> None:
        row = self._row(self._keying.shown.cursor)
        height = max(self.size.height - 1, 1)
        top = min(max(self._view.top, row - height + 1), row)
        if top != self._view.top:
            self._view.top = top
            self.refresh()
            self.post_message(self.Scrolled())

    def on_resize(self) -> None:
        """Keep the place that is keyed on the screen."""
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """Headings, then a row of marks each."""
        view = self._view
        if y == 0:
            heading = "".join(
                fit(view.heading(column), view.cell) for column in range(view.columns)
            )
            return Strip([Segment(heading, Style(underline=True))])
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
                text = "作废" if view.cell >= 5 else "/"
            if place == ballot.cursor and not ballot.void_reason:
                text = text or " " * min(view.cell - 1, 4)
                segments += [Segment(plain), Segment(text, Style(reverse=True))]
                plain = ""
            else:
                plain += text
            plain += " " * max(view.cell - cell_len(text), 0)
        return Strip([*segments, Segment(plain)], view.width)
