"""Find the head of a table: one to three rows, under titles, with or without merged cells."""

from __future__ import annotations

from dataclasses import dataclass

from models.imports.source import Grid
from models.roster.columns import (
    Header,
    SheetKind,
    header_key,
    header_of,
    known_header,
    read_header,
)

_MOST_ROWS = 3
# A head stands within these rows.
_TRIED = 500


@dataclass(frozen=True)
class Head:
    """The head of a table."""

    header: Header
    """Its columns."""
    cells: tuple[str, ...]
    """Its text over each column: of several rows the one that says what the column is."""
    first: int
    """Its first row, from 0."""
    last: int
    """Its last row, from 0."""


def find_head(grid: Grid, start: int = 0) -> Head | None:
    """The first head in the rows from `start` on."""
    for y in range(start, min(len(grid.cells), start + _TRIED)):
        if head := head_at(grid, y):
            return head
    return None


def head_at(grid: Grid, y: int) -> Head | None:
    """The head that begins in row `y`, with as many rows as give it the most columns."""
    if lone(grid, y):
        return _read(grid, y, y)
    best: Head | None = None
    for last in range(y, min(y + _MOST_ROWS, len(grid.cells))):
        if last > y and not _goes_on(grid, y, last):
            break
        head = _read(grid, y, last)
        if head and (
            best is None
            or len(head.header.places) > len(best.header.places)
            or _merged_down(grid, y, last)
        ):
            best = head
    return best


def head_as_chosen(grid: Grid, y: int) -> Head | None:
    """Row `y` as the head, whatever stands in it; None if there is no such row."""
    if not 0 <= y < len(grid.cells):
        return None
    cells = tuple(grid.cells[y])
    return head_at(grid, y) or Head(read_header(cells, SheetKind.CADRES), cells, y, y)


def filled(cells: list[str]) -> set[str]:
    """The different texts in a row."""
    return {text for cell in cells if (text := cell.strip())}


def lone(grid: Grid, y: int) -> bool:
    """Whether a row has a single text, as a title or the name of a section has."""
    return len(filled(grid.cells[y])) == 1


def _read(grid: Grid, first: int, last: int) -> Head | None:
    width = max(len(grid.cells[y]) for y in range(first, last + 1))
    cells = [_text(grid, first, last, x) for x in range(width)]
    for top, left, _, right in grid.merged:
        # A head merged over several columns is that of the first of them.
        if first <= top <= last:
            for x in range(left + 1, min(right + 1, width)):
                cells[x] = "" if cells[x] == cells[left] else cells[x]
    header = header_of(cells)
    return Head(header, tuple(cells), first, last) if header else None


def _text(grid: Grid, first: int, last: int, x: int) -> str:
    """The text over a column: the longest known one of what stands one above the other."""
    texts: list[str] = []
    for y in range(first, last + 1):
        text = grid.cells[y][x].strip() if x < len(grid.cells[y]) else ""
        if text and text != (texts[-1] if texts else ""):
            texts.append(text)
    for length in range(len(texts), 0, -1):
        for start in range(len(texts) - length, -1, -1):
            if known_header(text := "".join(texts[start : start + length])):
                return text
    return "".join(texts)


def _goes_on(grid: Grid, first: int, y: int) -> bool:
    """Whether row `y` still belongs to the head that begins in row `first`: cells of the head are
    merged down to it, or each of its cells makes a known header with what stands above."""
    if _merged_down(grid, first, y):
        return True
    below = [(x, cell.strip()) for x, cell in enumerate(grid.cells[y]) if cell.strip()]
    return bool(below) and all(
        known_header(text := _text(grid, first, y, x))
        and header_key(text).endswith(header_key(cell))
        for x, cell in below
    )


def _merged_down(grid: Grid, first: int, y: int) -> bool:
    return any(first <= top < y <= bottom for top, _, bottom, _ in grid.merged)
