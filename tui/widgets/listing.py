"""A list with columns of fixed width: the table of every screen that lists things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from tui.words.columns import fit, shortened


class Listing(DataTable[Text]):
    """Rows of plain text, each under a key of the caller's choice. Enter posts `RowSelected`.

    `columns` are (title, width). Those in `right` are aligned right; the one at `stretch` also
    takes the width that the others leave. Text that does not fit ends in `..`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # Priority keeps them in order with the keys of the screen. The keypad's Enter arrives as
        # ctrl+j under tmux.
        Binding("enter,ctrl+j", "select_cursor", show=False, priority=True),
        Binding("up", "cursor_up", show=False, priority=True),
        Binding("down", "cursor_down", show=False, priority=True),
        Binding("pageup", "page_up", show=False, priority=True),
        Binding("pagedown", "page_down", show=False, priority=True),
        Binding("home", "scroll_top", show=False, priority=True),
        Binding("end", "scroll_bottom", show=False, priority=True),
    ]

    def __init__(
        self,
        columns: Sequence[tuple[str, int]],
        *,
        right: Sequence[int] = (),
        stretch: int | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(cursor_type="row", zebra_stripes=False, cell_padding=0, id=id)
        self._titles = columns
        self._widths = [width for _, width in columns]
        self._right = frozenset(right)
        self._stretch = stretch
        self._rows: dict[str, tuple[str, ...]] = {}

    def on_mount(self) -> None:
        """Make the columns."""
        self._make_columns()

    def on_resize(self) -> None:
        """Give the free width to the column that stretches."""
        if self._stretch is None:
            return
        own = [width for _, width in self._titles]
        wanted = self.size.width - sum(own) - len(own) + own[self._stretch]
        wanted = max(wanted, own[self._stretch])
        if wanted == self._widths[self._stretch]:
            return
        self._widths[self._stretch] = wanted
        rows, here = self._rows, self.chosen
        self._rows = {}
        self.clear(columns=True)
        self._make_columns()
        self.fill(list(rows.items()))
        self.choose(here)

    def _make_columns(self) -> None:
        for number, (title, _) in enumerate(self._titles):
            # One blank column after each.
            width = self._widths[number] + 1
            self.add_column(self._cell(number, title), width=width, key=str(number))

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

    def next_key(self, wanted: Callable[[str], bool]) -> str | None:
        """The key of the next row that is `wanted`, below the cursor and then from the top; None
        if there is no other."""
        keys, at = list(self._rows), self.cursor_row
        return next((key for key in [*keys[at + 1 :], *keys[:at]] if wanted(key)), None)

    def choose(self, key: str | None) -> None:
        """Put the cursor on a row; leave it where it is if there is no such row."""
        if key is not None and key in self._rows:
            self.move_cursor(row=list(self._rows).index(key))

    def _cell(self, number: int, text: str) -> Text:
        text = shortened(text, self._widths[number])
        if number in self._right:
            text = fit(text, self._widths[number], "right")
        return Text(text, no_wrap=True)
