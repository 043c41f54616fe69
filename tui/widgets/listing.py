"""A list in a titled pane: the table of every screen that lists things.

One widget that draws its own lines: a title with the place in the list, the titles of the columns,
the rows, a mark of how far it is scrolled. So a move of the cursor draws two rows and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.strip import Strip

from tui.session import SessionApp
from tui.terminal import FINE, Glyphs
from tui.widgets.cursor_list import HEAD, CursorList
from tui.widgets.keys import Key, bindings
from tui.widgets.look import ACCENT, CURRENT_ASIDE, DIM, HEADING, TITLE, Piece, State
from tui.widgets.row_finder import RowFinder
from tui.words.columns import fit, shortened, visible_line

Cell = Piece
"""What stands in a row under a column."""

READABLE = 100
"""The widest that a list is drawn: farther apart the eye loses the row."""
_MARKER = 2  # columns before the row, for the mark of the current one
_LEAST = 4  # columns that a cell is never shortened below


def widths_of(
    wanted: Sequence[int], least: Sequence[int], falls: Sequence[int], room: int
) -> dict[int, int]:
    """The width of each column that there is room for. Each gets what it `wanted`; where that is
    too much the widest give first, down to their `least`; where even that is too much they fall
    away in the order of `falls`. A blank follows each."""
    left = list(range(len(wanted)))
    for fallen in (None, *falls):
        if fallen is not None:
            left.remove(fallen)
        if sum(min(least[n], wanted[n]) + 1 for n in left) <= room:
            break
    widths = {n: wanted[n] for n in left}
    over = sum(width + 1 for width in widths.values()) - room
    while over > 0:
        giving = [n for n in left if widths[n] > min(least[n], wanted[n])]
        if giving:
            most = max(giving, key=lambda n: widths[n])
        elif (most := max(left, key=lambda n: widths[n])) and widths[most] <= _LEAST:
            break
        widths[most] -= 1
        over -= 1
    return widths


class Listing(RowFinder):
    """Rows of plain text, each under a key of the caller's choice.

    `columns` are (title, least width): each is as wide as what stands in it, while there is room.
    Those in `right` are aligned right; those in `falls` fall away in this order where the window
    is too narrow, and a sign tells of it. Text that does not fit ends in `..`. `title` stands over
    the list, with the place in it.
    """

    def __init__(
        self,
        columns: Sequence[tuple[str, int]],
        *,
        title: str = "",
        right: Sequence[int] = (),
        falls: Sequence[int] = (),
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._titles = tuple(columns)
        self._title = title
        self._right = frozenset(right)
        self._falls = tuple(falls)
        self._rows: dict[str, tuple[Cell, ...]] = {}
        self._texts: list[tuple[str, ...]] = []
        self._widths: dict[int, int] = {}
        self._laid_for = 0  # columns that the widths were shared out for

    # ── what stands in it ──

    def fill(self, rows: Sequence[tuple[str, Sequence[Cell]]]) -> None:
        """Show `rows` (key, cells); the cursor stays on its row. Where the keys are the same only
        the rows that changed are drawn."""
        wanted = {key: tuple(cells) for key, cells in rows}
        keys = list(wanted)
        if keys == self._keys and wanted == self._rows:
            return
        here, same, before = self.chosen, keys == self._keys, self._rows
        self._rows, self._keys = wanted, keys
        self._texts = [tuple(map(self._plain, cells)) for cells in wanted.values()]
        if not same:
            self._at = keys.index(here) if here in wanted else min(self._at, max(len(keys) - 1, 0))
            self._keep_in_sight()
        if self._lay_out() or not same:
            height = self.styles.height
            self.refresh(layout=not same and height is not None and height.is_auto)
        else:
            for number, key in enumerate(keys):
                if before[key] != wanted[key]:
                    self._refresh_row(number)
        if keys and (not same or before.get(self.chosen or "") != wanted.get(self.chosen or "")):
            self.post_message(self.RowHighlighted(self))

    def retitle(self, title: str) -> None:
        """Show another title."""
        if title != self._title:
            self._title = title
            self.refresh(Region(0, 0, self.size.width, 1))

    def cells(self, row: int) -> tuple[str, ...]:
        """The cells of a row as text."""
        return self._texts[row]

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._keys)

    @property
    def _glyphs(self) -> Glyphs:
        app = self.app
        return app.session.glyphs if isinstance(app, SessionApp) else FINE

    def _plain(self, cell: Cell) -> str:
        return visible_line(cell) if isinstance(cell, str) else cell.text(self._glyphs)

    # ── drawing ──

    def _lay_out(self) -> bool:
        """Share the width among the columns; whether it is shared in another way now."""
        self._laid_for = self.size.width
        room = min(self._laid_for, READABLE) - _MARKER - 1
        wanted = [
            max([cell_len(title), *(cell_len(texts[n]) for texts in self._texts)])
            for n, (title, _) in enumerate(self._titles)
        ]
        least = [max(width, cell_len(title)) for title, width in self._titles]
        for cells in self._rows.values():
            # A state is never cut.
            least = [
                wanted[n] if isinstance(cell, State) else least[n] for n, cell in enumerate(cells)
            ]
        before = self._widths
        self._widths = widths_of(wanted, least, self._falls, room)
        return self._widths != before

    @property
    def _row_size(self) -> int:
        """The columns that a row takes, the mark before it counted."""
        width = _MARKER + sum(width + 1 for width in self._widths.values())
        return min(max(width, 20), self.size.width - 1)

    @property
    def _title_size(self) -> int:
        return cell_len(self._title) + 16

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are rows, in a list as high as they are many."""
        return len(self._keys) + HEAD

    def on_resize(self) -> None:
        """Share the width anew, unless it was drawn so already, and keep the cursor in sight."""
        if self._laid_for != self.size.width:
            self._lay_out()
            self.refresh()
        if self._keep_in_sight():
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The title, the columns, then a row each."""
        width = self.size.width
        if self._laid_for != width:
            # The first is drawn before the screen says how wide it is.
            self._lay_out()
        if y == 0:
            return self._title_line(width)
        segments = self._heading() if y == 1 else self._row(y - HEAD + self._top)
        drawn = Strip(segments).adjust_cell_length(self._row_size, self._line_style(y))
        mark = self._scroll_mark(y - HEAD) if y >= HEAD else " "
        return Strip([*drawn, Segment(mark, DIM)]).adjust_cell_length(width)

    def caret(self) -> int:
        """Behind what is typed to find a row."""
        return cell_len(self._head(self._wanted or ""))

    def _head(self, wanted: str | None) -> str:
        place = f" {self._at + 1}/{len(self._keys)} " if self._keys else " "
        title = f" {self._title}" if self._title else ""
        if wanted is None:
            return f"{self._glyphs.rule}{title}{place}"
        head = f"{self._glyphs.rule}{title}{place}查找：{wanted}"
        # What is typed goes before where one is, and its end before its beginning.
        over = cell_len(head) + 2 - self.size.width
        if over <= 0:
            return head
        room = max(self.size.width - cell_len("查找：") - 4, 1)
        while cell_len(wanted) > room:
            wanted = wanted[1:]
        return f"{self._glyphs.rule} 查找：{wanted}"

    def _title_line(self, width: int) -> Strip:
        rule = self._glyphs.rule
        style = TITLE if self.has_focus else DIM
        head = self._head(self._wanted) + ("" if self._wanted is None else "_ ")
        drawn = min(width, max(self._row_size + 1, cell_len(head)))
        return Strip(
            [Segment(head, style), Segment(rule * max(drawn - cell_len(head), 0), DIM)]
        ).adjust_cell_length(width)

    def _line_style(self, y: int) -> Style | None:
        current = y >= HEAD and y - HEAD + self._top == self._at and bool(self._keys)
        if not current:
            return None
        return ACCENT if self.has_focus else CURRENT_ASIDE

    def _heading(self) -> list[Segment]:
        segments = [Segment(" " * _MARKER)]
        for n, width in self._widths.items():
            segments.append(
                Segment(
                    fit(self._titles[n][0], width, "right" if n in self._right else "left"), HEADING
                )
            )
            segments.append(Segment(" "))
        if len(self._widths) < len(self._titles):
            segments[-1] = Segment(self._glyphs.more)
        return segments

    def _row(self, number: int) -> list[Segment]:
        if number >= len(self._keys):
            return []
        style = self._line_style(number - self._top + HEAD)
        mark = self._glyphs.current if style is not None else " "
        segments = [Segment(f"{mark} ", style)]
        for n, width in self._widths.items():
            cell, text = self._rows[self._keys[number]][n], self._texts[number][n]
            if style is None and not isinstance(cell, str) and cell_len(text) <= width:
                segments += cell.segments(self._glyphs)
                segments.append(Segment(" " * (width - cell_len(text))))
            else:
                align = "right" if n in self._right else "left"
                segments.append(Segment(fit(shortened(text, width), width, align), style))
            segments.append(Segment(" ", style))
        return list(Segment.simplify(segments))

    def _scroll_mark(self, line: int) -> str:
        """What stands at the right edge of a line of the rows: the part that is seen, of all."""
        total, height = len(self._keys), self._height
        if total <= height:
            return " "
        size = max(height * height // total, 1)
        first = round(self._top * (height - size) / max(total - height, 1))
        return self._glyphs.thumb if first <= line < first + size else " "


class SearchedListing(Listing, inherit_bindings=False):
    """A list whose screen looks for rows itself: `/` is the screen's."""

    KEYS: ClassVar[tuple[Key, ...]] = CursorList.KEYS
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)
