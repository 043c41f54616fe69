"""`/` in a list: the row that has what is typed, by its characters or their first letters."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message

from models.names import names_it, visible
from tui.widgets.cursor_list import CursorList
from tui.widgets.keys import SELDOM, Key, bindings


class RowFinder(CursorList):
    """A list whose cursor goes to the row that is looked for, as one types; no row is hidden."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "slash",
            "查找",
            "键入文字或拼音（首字母、全拼都行），光标随键到那一行；再按 / 到下一行",
            "find",
            SELDOM,
        ),
        *CursorList.KEYS,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS[:1])

    class Sought(Message):
        """A row was looked for; `missing` is what no row has, empty if one has it."""

        def __init__(self, finder: RowFinder, missing: str) -> None:
            super().__init__()
            self.finder = finder
            self.missing = missing

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._wanted: str | None = None
        """What is typed; None while nothing is looked for."""

    def cells(self, row: int) -> tuple[str, ...]:
        """The cells of a row as text."""
        raise NotImplementedError

    def caret(self) -> int:
        """The column of the list's first line in which the next character is typed."""
        raise NotImplementedError

    def end_finding(self) -> bool:
        """Look for nothing more; whether something was looked for."""
        if self._wanted is None:
            return False
        self._look_for(None)
        return True

    def action_find(self) -> None:
        """Look for a row by what is typed from here on; once typed, for the next one."""
        self._go_to(self._wanted or "", self._at + bool(self._wanted))

    def on_key(self, event: events.Key) -> None:
        """What is looked for, as it is typed; any other key ends it."""
        if self._wanted is None:
            return
        if event.key == "backspace":
            self._go_to(self._wanted[:-1], self._at)
        elif event.character and event.is_printable:
            self._go_to(self._wanted + event.character, self._at)
        else:
            self._look_for(None)
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is looked for too."""
        if self._wanted is not None:
            event.stop()
            self._go_to(self._wanted + visible(event.text), self._at)

    def _go_to(self, wanted: str, start: int) -> None:
        """Put the cursor on the first row from `start` on, round the end, that has it in a cell."""
        rows = range(len(self._keys))
        there = (*rows[start:], *rows[:start])
        found = next((r for r in there if any(names_it(t, wanted) for t in self.cells(r))), None)
        if found is not None:
            self.move_cursor(row=found)
        self._look_for(wanted)
        self.post_message(self.Sought(self, "" if found is not None else wanted))

    def _look_for(self, wanted: str | None) -> None:
        self._wanted = wanted
        self.refresh(Region(0, 0, self.size.width, 1))
        if wanted is not None:
            # Where an input method opens its window.
            self.app.cursor_position = self.content_region.offset + Offset(self.caret(), 0)
