"""A cursor in rows that a widget draws itself: its keys, and scrolling to keep it in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from tui.widgets.keys import NEVER, Key, bindings

HEAD = 2
"""The lines above the rows."""


class CursorList(Widget, can_focus=True):
    """Rows by their keys, one of them under the cursor. A move draws two rows and the place in
    the list, no more. Enter posts `RowSelected`, a move `RowHighlighted`."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        # The keypad's Enter arrives as ctrl+j under tmux.
        Key("enter,ctrl+j", "", "选定光标所在的一行", "select_cursor", NEVER),
        Key(
            "up", "", "上一行、下一行", "move(-1)", NEVER, named="上下", also=(("down", "move(1)"),)
        ),
        Key(
            "pageup",
            "",
            "上一页、下一页（PageUp、PageDown）",
            "page(-1)",
            NEVER,
            named="翻页",
            also=(("pagedown", "page(1)"),),
        ),
        Key(
            "home",
            "",
            "第一行、最后一行",
            "move(-1000000)",
            NEVER,
            named="Home End",
            also=(("end", "move(1000000)"),),
        ),
    )
    # Priority keeps them in order with the keys of the screen.
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    class RowSelected(Message, namespace="listing"):
        """Enter was pressed on a row."""

        def __init__(self, listing: CursorList, key: str) -> None:
            super().__init__()
            self.listing = listing
            self.key = key

    class RowHighlighted(Message, namespace="listing"):
        """The cursor is on another row, or the rows changed under it."""

        def __init__(self, listing: CursorList) -> None:
            super().__init__()
            self.listing = listing

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._keys: list[str] = []
        self._at = 0
        self._top = 0

    @property
    def cursor_row(self) -> int:
        """The number of the row under the cursor, from 0."""
        return self._at

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor; None if the list is empty."""
        return self._keys[self._at] if self._at < len(self._keys) else None

    def next_key(self, wanted: Callable[[str], bool]) -> str | None:
        """The key of the next row that is `wanted`, below the cursor and then from the top; None
        if there is no other."""
        keys, at = self._keys, self._at
        return next((key for key in [*keys[at + 1 :], *keys[:at]] if wanted(key)), None)

    def choose(self, key: str | None) -> None:
        """Put the cursor on a row; leave it where it is if there is no such row."""
        if key is not None and key in self._keys:
            self.move_cursor(row=self._keys.index(key))

    def move_cursor(self, *, row: int) -> None:
        """Put the cursor on a row by its number, from 0."""
        row = min(max(row, 0), max(len(self._keys) - 1, 0))
        if row == self._at:
            return
        old, self._at = self._at, row
        if self._keep_in_sight():
            self.refresh()
        else:
            self._refresh_row(old)
            self._refresh_row(row)
            self.refresh(Region(0, 0, self._title_size, 1))
        self.moved()

    def moved(self) -> None:
        """The cursor is on another row. What must be drawn in the same paint is shown by a class
        below; the message is heard a paint later."""
        self.post_message(self.RowHighlighted(self))

    def action_move(self, step: int) -> None:
        """So many rows on."""
        self.move_cursor(row=self._at + step)

    def action_page(self, step: int) -> None:
        """A page on or back."""
        self.move_cursor(row=self._at + step * max(self._height - 1, 1))

    def action_select_cursor(self) -> None:
        """Enter."""
        if self.chosen is not None:
            self.post_message(self.RowSelected(self, self.chosen))

    @property
    def _height(self) -> int:
        """Lines that rows are drawn on."""
        return max(self.size.height - HEAD, 1)

    def _keep_in_sight(self) -> bool:
        """Scroll to the cursor if it is out of sight, half a page at once: a line at a time would
        draw the whole list for each. Whether it scrolled."""
        if not self.size.height:
            return False  # how much is seen is not known yet
        top, height = self._top, self._height
        if not top <= self._at < top + height:
            step = abs(self._at - (top if self._at < top else top + height - 1))
            half = max(step, height // 2)
            top = top - half if self._at < top else top + half
        top = min(max(top, 0), max(len(self._keys) - height, 0))
        moved, self._top = top != self._top, top
        return moved

    def on_focus(self) -> None:
        """Lit."""
        self.refresh()

    def on_blur(self) -> None:
        """Dim."""
        self.refresh()

    def _refresh_row(self, number: int) -> None:
        self.refresh(Region(0, number - self._top + HEAD, self._row_size, 1))

    @property
    def _row_size(self) -> int:
        """The columns that a row is drawn in."""
        return self.size.width

    @property
    def _title_size(self) -> int:
        """The columns up to the end of the place in the list, on the line of the title."""
        return self.size.width
