"""What fits on a page, reckoned when a document is written.

Heights are those of the styles' exact lines and of rows, with text as wide as it may be in any
face. Nothing here renders a page; tests hold the reckoning against rendered ones.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from exports.page.markup import widest
from exports.page.styles import CELLS, STYLES
from exports.page.table import BORDER, CELL_MARGIN, TEXT_INDENT, Row

_AIR = 60  # twips above and below the text of a row together
_PARAGRAPH = re.compile(r'<w:p><w:pPr><w:pStyle w:val="(\w+)"/>(.*?)</w:p>')
_TEXT = re.compile("<w:t[^>]*>([^<]*)</w:t>")
_OF_ID = {style.id: style for style in STYLES}


@dataclass(frozen=True)
class Measured:
    """The rows of a table whose height is known before it is written."""

    widths: tuple[int, ...]
    """The column widths in twips."""
    rows: tuple[Row, ...]
    """The rows; a height of 0 is reckoned from the text."""

    def sized(self, size: int) -> tuple[Row, ...]:
        """Return the rows with the heights they need for text of `size` half-points."""
        return tuple(replace(row, height=self._height(row, size)) for row in self.rows)

    def height(self, size: int) -> int:
        """Return the height of the whole table in twips."""
        return sum(self._height(row, size) for row in self.rows) + BORDER

    def _height(self, row: Row, size: int) -> int:
        at, most = 0, 1
        for each in row.cells:
            width = sum(self.widths[at : at + each.span])
            at += each.span
            room = (width - 2 * CELL_MARGIN - (2 * TEXT_INDENT if each.align else 0)) / (size * 10)
            most = max(most, sum(_lines(text, room) for text in each.lines))
        return max(row.height, most * CELLS[size].line + _AIR)


def heights(paragraphs: str, width: int) -> int:
    """Return the height in twips of paragraphs in a text `width` twips wide."""
    found = 0
    for id_, content in _PARAGRAPH.findall(paragraphs):
        style = _OF_ID[id_]
        text, room = "".join(_TEXT.findall(content)), width / (style.size * 10 + style.tracking)
        found += style.before + _lines(text, room) * style.line
    return found


def _lines(text: str, room: float) -> int:
    """Return how many lines of `room` characters a text takes; each may end a character early."""
    return 1 if widest(text) <= room else math.ceil(widest(text) / (room - 1))
