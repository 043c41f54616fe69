"""A list with columns of fixed width: the table of every screen that lists things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from tui.columns import visible_line


class Listing(DataTable[Text]):
    """Rows of plain text under keys of the caller's choice. Enter posts `RowSelected` (the
    keypad's Enter arrives as ctrl+j under tmux)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "select_cursor", show=False),
    ]

    def __init__(
        self,
        columns: Sequence[tuple[str, int]],
        *,
        right: Sequence[int] = (),
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(cursor_type="row", zebra_stripes=False, cell_padding=0, id=id)
        self._titles = columns
        self._right = frozenset(right)
        self._rows: dict[str, tuple[str, ...]] = {}

    def on_mount(self) -> None:
        """Make the columns."""
        for number, (title, width) in enumerate(self._titles):
            # One column of air after each.
            self.add_column(self._cell(number, title), width=width + 1, key=str(number))

    def fill(self, rows: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Show `rows` (key, cells). Where the keys are the same only changed cells are drawn;
        the cursor stays on its row."""
        wanted = {key: tuple(cells) for key, cells in rows}
        if list(wanted) == list(self._rows):
            for key, cells in wanted.items():
                for number, (old, new) in enumerate(zip(self._rows[key], cells, strict=True)):
                    if old != new:
                        self.update_cell(key, str(number), self._cell(number, new))
        else:
            here = self.chosen
            at = self.cursor_row
            self.clear()
            for key, cells in wanted.items():
                self.add_row(*(self._cell(n, text) for n, text in enumerate(cells)), key=key)
            keys = list(wanted)
            if keys:
                row = keys.index(here) if here in wanted else min(at, len(keys) - 1)
                self.move_cursor(row=max(row, 0))
        self._rows = wanted

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor; None if the list is empty."""
        keys = list(self._rows)
        return keys[self.cursor_row] if 0 <= self.cursor_row < len(keys) else None

    def choose(self, key: str) -> None:
        """Put the cursor on a row."""
        if key in self._rows:
            self.move_cursor(row=list(self._rows).index(key))

    def _cell(self, number: int, text: str) -> Text:
        text = visible_line(text)
        if number in self._right:
            return Text(text + " ", justify="right", no_wrap=True)
        return Text(text, no_wrap=True, overflow="ellipsis")
