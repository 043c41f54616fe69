"""Build tables of WordprocessingML as strings.

Widths are set on both columns and cells, because some word processors ignore one or the other.
Rows never split across pages, and header rows repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exports.page.markup import Markup
from exports.page.styles import CELLS, Face, ParagraphStyle

CELL_MARGIN = 30  # twips on each side; numbers are centred
TEXT_INDENT = 60  # twips between running text and the border of its cell
# Twips: by how much the border above makes a row higher, half a point or one and a half.
BORDER, HEAVY_BORDER = 10, 30


@dataclass(frozen=True)
class Cell:
    """A table cell."""

    lines: tuple[str, ...] = ("",)
    """Its text, one paragraph for each line."""
    span: int = 1
    """How many columns it spans."""
    merge: str = ""
    """`start` or `on` if it starts or continues a vertical merge; otherwise empty."""
    align: str = ""
    """Alignment, a value of `w:jc`; empty for that of the style."""
    face: Face | None = None
    """Its face; None for that of the style."""
    shade: str = ""
    """Background colour as hex RGB; empty for none."""
    low: bool = False
    """Whether its text stands at the foot and not in the middle."""


@dataclass(frozen=True)
class Row:
    """A table row."""

    cells: tuple[Cell, ...]
    """Its cells, which together span all columns."""
    header: bool = False
    """Whether it is a header row, repeated on every page."""
    height: int = 0
    """Minimum height in twips with the border above it; 0 for none."""
    keep_next: bool = False
    """Whether it is kept on the page of the next row."""
    heavy: bool = False
    """Whether the line above it is heavier, which sets groups of rows apart."""


def cell(
    text: str, *, span: int = 1, align: str = "", face: Face | None = None, shade: str = ""
) -> Cell:
    """Return a cell with one line of text."""
    return Cell((text,), span, "", align, face, shade)


def label(text: str, *, span: int = 1) -> Cell:
    """Return a heading cell for the cells beside or below it."""
    return Cell((text,), span, "", "", Face.HEI)


_BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)

_HEAVY = '<w:top w:val="single" w:sz="12" w:space="0" w:color="000000"/>'


def table(
    markup: Markup,
    widths: Sequence[int],
    rows: Iterable[Row],
    size: int = 24,
    styles: Mapping[int, ParagraphStyle] = CELLS,
) -> str:
    """Return a table with half-point borders.

    `widths` are in twips. `size` is the text size in half-points; `styles` gives the style for
    each size. Raises `ValueError` if a row does not span all columns.
    """
    total = sum(widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(_row(markup, widths, row, styles[size]) for row in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDER}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{CELL_MARGIN}" w:type="dxa"/>'
        f'<w:right w:w="{CELL_MARGIN}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


_GRID = re.compile(r'<w:gridCol w:w="(\d+)"/>')
_BARE = "".join(f'<w:{side} w:val="nil"/>' for side in ("left", "bottom", "right"))


def footed(table_xml: str, paragraphs: str) -> str:
    """Return a table with these paragraphs as its last row, which has no borders.

    LibreOffice keeps a row with another row but never with a paragraph after the table, so what
    must not stand alone on a page goes into the table.
    """
    widths = [int(width) for width in _GRID.findall(table_xml)]
    row = (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" '
        f'w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/><w:tcBorders>{_BARE}</w:tcBorders>'
        f"</w:tcPr>{paragraphs}</w:tc></w:tr>"
    )
    return f"{table_xml.removesuffix('</w:tbl>')}{row}</w:tbl>"


def _row(markup: Markup, widths: Sequence[int], row: Row, style: ParagraphStyle) -> str:
    properties = "<w:cantSplit/>"
    if row.height:
        # Word adds the border to a minimum height, LibreOffice counts it in.
        least = row.height - (HEAVY_BORDER if row.heavy else BORDER)
        properties += f'<w:trHeight w:val="{least}" w:hRule="atLeast"/>'
    if row.header:
        properties += "<w:tblHeader/>"
    at = 0
    cells = []
    for each in row.cells:
        width = sum(widths[at : at + each.span])
        keep_next = row.keep_next or row.header
        cells.append(_cell(markup, each, width, style, keep_next, heavy=row.heavy))
        at += each.span
    if at != len(widths):
        raise ValueError(f"a row spans {at} columns of {len(widths)}")
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    markup: Markup, each: Cell, width: int, style: ParagraphStyle, keep_next: bool, *, heavy: bool
) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if each.span > 1:
        properties += f'<w:gridSpan w:val="{each.span}"/>'
    if each.merge:
        properties += '<w:vMerge w:val="restart"/>' if each.merge == "start" else "<w:vMerge/>"
    if heavy:
        properties += f"<w:tcBorders>{_HEAVY}</w:tcBorders>"
    if each.shade:
        properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{each.shade}"/>'
    properties += f'<w:vAlign w:val="{"bottom" if each.low else "center"}"/>'
    indent = TEXT_INDENT if each.align else 0
    text = "".join(
        markup.paragraph(
            style,
            line,
            face=each.face,
            align=each.align,
            left=indent,
            right=indent,
            keep_next=keep_next,
        )
        for line in each.lines
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>"
