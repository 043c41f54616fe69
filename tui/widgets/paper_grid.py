"""登记票数: issued and returned paper of all stacks of a poll, in one grid of numbers.

One widget that takes every key in order; all that it needs are on the numeric pad.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.rounds.balance import registered
from tui.keypad import plain_key
from tui.widgets.keys import SELDOM, Key
from tui.widgets.look import ACCENT, DIM, Tone
from tui.words.columns import fit, shortened

_CELL = 10


@dataclass(frozen=True)
class PaperRow:
    """One stack and its counts of paper."""

    stack_id: int
    """The stack."""
    name: str
    """Its sheet, as the row shows it."""
    block: int
    """The number of its sheet: `+` copies the counts of one block to those after it."""
    group: str
    """The voter group, which has the same counts in each block as a rule."""
    first: bool
    """Whether it is the first stack of its group, with which the paper is issued."""
    issued: int | None
    """Ballots issued to the group; None if not registered."""
    returned: int | None
    """Ballots that came back in it; None if not registered."""
    entered: int
    """Ballots keyed, valid and void."""


class PaperGrid(Widget, can_focus=True):
    """Rows of stacks, two numbers each. Digits replace a number as they are typed. A number left
    empty is not registered; zero is."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("0", "改数", "改光标所在的数", weight=SELDOM, named="数字"),
        Key("enter", "下一格", "下一格；方向键移动"),
        Key("+", "其余票种同", "以下各票种照光标所在票种的数填入（每人各票种一张时）"),
        Key("-", "退格", "删末位（退格键同）", weight=SELDOM),
    )

    class Spoken(Message):
        """A sentence for the message line; `wrong`, if it is what the number under the cursor was
        refused for."""

        def __init__(self, text: str, *, wrong: bool = False) -> None:
            super().__init__()
            self.text, self.wrong = text, wrong

    def __init__(self, rows: Sequence[PaperRow]) -> None:
        super().__init__()
        self.rows = tuple(rows)
        self._name_width = max([cell_len(row.name) for row in rows], default=0)
        self._before = [
            [_text(row.issued if row.first else None), _text(row.returned)] for row in rows
        ]
        self._texts = [list(texts) for texts in self._before]
        self._row = 0
        self._column = 0
        self._fresh = True
        self._top = 0
        # Why numbers were refused, by row and column, until they are changed.
        self._faults: dict[tuple[int, int], str] = {}

    @property
    def dirty(self) -> bool:
        """Whether a number was changed."""
        return self._texts != self._before

    def counts(self) -> dict[int, tuple[int | None, int | None]]:
        """(issued, returned) by the stack's id; None for a number left empty."""
        return {
            row.stack_id: (_number(texts[0]), _number(texts[1]))
            for row, texts in zip(self.rows, self._texts, strict=True)
        }

    def mark(self, faults: Mapping[tuple[int, bool], str]) -> None:
        """Mark the numbers that were refused (by stack id and whether it is the one issued), each
        with its fault; go to the first."""
        self._faults = {
            (n, 0 if issued else 1): faults[row.stack_id, issued]
            for n, row in enumerate(self.rows)
            for issued in (True, False)
            if (row.stack_id, issued) in faults
        }
        self.refresh()
        for row, column in self._faults:
            self._go(row, column)
            break

    def _shown(self, number: int) -> tuple[str, str]:
        """A row's numbers as they will be registered: nothing comes back of nothing issued."""
        issued, returned = map(_number, self._texts[number])
        return _text(issued), _text(registered(issued, returned)[1])

    async def _on_key(self, event: events.Key) -> None:
        key = event.key
        character = plain_key(event.character or "")
        if key in ("enter", "ctrl+j", "tab"):
            self._next()
        elif key in ("up", "down"):
            self._go(self._row + (1 if key == "down" else -1), self._column)
        elif key in ("pageup", "pagedown"):
            step = max(self.size.height - 2, 1)
            self._go(self._row + (step if key == "pagedown" else -step), self._column)
        elif key in ("left", "right"):
            self._go(self._row, 1 if key == "right" else 0)
        elif character.isdecimal():
            self._digit(character)
        elif key in ("backspace", "delete") or character == "-":
            self._set(self._texts[self._row][self._column][:-1])
        elif character == "+":
            self._copy_block()
        else:
            return
        event.stop()
        event.prevent_default()

    def _digit(self, digit: str) -> None:
        old = "" if self._fresh else self._texts[self._row][self._column]
        if len(old) < 5:
            self._set(str(int(old + digit)))

    def _set(self, text: str) -> None:
        if self._column == 0 and not self.rows[self._row].first:
            self.post_message(self.Spoken("发出数登记在第 1 批"))
            return
        self._texts[self._row][self._column] = text
        self._fresh = False
        if any(self._faults.pop((self._row, column), "") for column in (0, 1)):
            self._say_fault()
        self._refresh_row(self._row)

    def _next(self) -> None:
        if self._column == 0:
            self._go(self._row, 1)
        elif self._row + 1 < len(self.rows):
            self._go(self._row + 1, 0)

    def _go(self, row: int, column: int) -> None:
        old = self._row
        self._row = min(max(row, 0), len(self.rows) - 1)
        self._column = column
        self._fresh = True
        self._refresh_row(old)
        height = max(self.size.height - 1, 1)
        top = min(max(self._top, self._row - height + 1), self._row)
        if top != self._top:
            self._top = top
            self.refresh()
        self._refresh_row(self._row)
        if self._faults:
            self._say_fault()

    def _say_fault(self) -> None:
        """Say why the number under the cursor was refused, and how many more were."""
        fault = self._faults.get((self._row, self._column), "")
        more = f"标 ! 的还有 {len(self._faults)} 处。" if self._faults else ""
        if fault:
            more = f"（标 ! 的共 {len(self._faults)} 处）" if len(self._faults) > 1 else ""
        self.post_message(self.Spoken(fault + more, wrong=bool(fault)))

    def _copy_block(self) -> None:
        """Copy the counts of this sheet to all after it, group by group: as a rule every voter
        gets one of each."""
        here = self.rows[self._row]
        source = {
            row.group: self._texts[n]
            for n, row in enumerate(self.rows)
            if row.block == here.block and row.first
        }
        done = 0
        for n, row in enumerate(self.rows):
            if row.block > here.block and row.group in source and row.first:
                self._texts[n] = list(source[row.group])
                self._faults.pop((n, 0), None)
                self._faults.pop((n, 1), None)
                done += 1
        self.refresh()
        self.post_message(self.Spoken(f"以下 {done} 行已照本票种填入，请核对后按 F2 保存"))

    def _refresh_row(self, row: int) -> None:
        self.refresh(Region(0, row - self._top + 1, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Headings, then a stack a row."""
        base, width = self.rich_style, self.size.width
        names = max(min(self._name_width, width - 3 * _CELL), 10)
        if y == 0:
            text = fit("各批票", names) + "".join(
                fit(title, _CELL, "right") for title in ("发出", "收回", "已录")
            )
            # Marked off no farther than the rows reach: the eye follows them.
            return Strip([Segment(text, base + Style(underline=True))]).adjust_cell_length(width)
        number = y - 1 + self._top
        if number >= len(self.rows):
            return Strip.blank(width, base)
        row = self.rows[number]
        segments = [Segment(fit(shortened(row.name, names), names), base)]
        for column, text in enumerate(self._shown(number)):
            here = number == self._row and column == self._column
            wrong = (number, column) in self._faults
            # What cannot be typed has no box: paper is issued with the first stack.
            edge = "[]" if column or row.first else "  "
            segments += [
                Segment(" !" if wrong else "  ", base + Tone.WRONG.style),
                Segment(edge[0], base + DIM),
                Segment(fit(text, _CELL - 4, "right"), ACCENT if here else base),
                Segment(edge[1], base + DIM),
            ]
        segments.append(Segment(fit(str(row.entered), _CELL, "right"), base))
        return Strip(segments).adjust_cell_length(width, base)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(text: str) -> int | None:
    return int(text) if text else None
