"""Spreadsheets (.xlsx) of typed cells, with no formula in them.

As for letters, a library (openpyxl) makes the frame: styles, widths, page; the rows are built as
text, which is some thirty times faster. Same cells, same bytes: the maker's name and the times
are left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from exports.markup import ems, escape
from exports.package import Part, compress, package
from models import shares

# Text, a count, or a share of the whole. Text is text whatever it begins with.
Value = str | int | Fraction

_FONT = "宋体"
_A4 = 9  # the code of the paper in SpreadsheetML
_NARROWEST, _WIDEST = 4.0, 18.0  # of a column, in Chinese characters
_TWO_LINES = 32  # points: a header may break once
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", ""))
# `_x0041_` in a cell means A: where somebody typed it, its first sign is written that way itself.
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ROWS = re.compile("<sheetData ?/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile('<dimension ref="[^"]*" ?/>')
_ALPHABET = [chr(number) for number in range(ord("A"), ord("Z") + 1)]
_COLUMNS = [*_ALPHABET, *(one + other for one in _ALPHABET for other in _ALPHABET)]
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PROPERTIES = {
    "docProps/core.xml": _HEAD + b"<cp:coreProperties xmlns:cp="
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": _HEAD + b"<Properties xmlns="
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
}


@dataclass(frozen=True)
class Sheet:
    """One sheet. Its header, if it has one, stays in sight with the first `held` columns, repeats
    on every printed page and filters the rows."""

    title: str
    rows: Sequence[Sequence[Value]]
    header: Sequence[str] = ()
    held: int = 0


def workbook(sheets: Sequence[Sheet], decimals: int) -> bytes:
    """A file of these sheets; shares are shown as percent with so many decimals, and are worth
    what is shown, as the documents print them."""
    frame = _Frame(sheets, decimals)
    return package(frame.parts())


class _Style(Enum):
    """How a cell looks; the number of a style is the frame's."""

    HEADER = "header"
    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    NO_SHARE = "no share"


class _Frame:
    """The workbook without its rows, as openpyxl makes it, and the rows as text."""

    def __init__(self, sheets: Sequence[Sheet], decimals: int) -> None:
        from openpyxl import Workbook

        self._sheets = sheets
        self._decimals = decimals
        self._texts: dict[tuple[str, _Style], str] = {}
        book = Workbook()
        made: list[Any] = [book.active, *(book.create_sheet() for _ in sheets[1:])]
        for number, (sheet, frame) in enumerate(zip(sheets, made, strict=True), 1):
            frame.title = escape(sheet.title).translate(_NO_TITLE)[:31] or f"表{number}"
            self._lay_out(frame, sheet)
        self._styles = self._set_styles(made[0])
        self._book = book

    def parts(self) -> list[Part]:
        """The parts of the package."""
        plain = io.BytesIO()
        self._book.save(plain)
        with zipfile.ZipFile(plain) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
        contents |= _PROPERTIES
        for number, sheet in enumerate(self._sheets, 1):
            name = f"xl/worksheets/sheet{number}.xml"
            contents[name] = self._filled(contents[name].decode(), sheet).encode()
        return [compress(name, content) for name, content in contents.items()]

    def _set_styles(self, frame: Any) -> dict[_Style, int]:
        """Give each style its number; the cells they are made on are not kept."""
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        thin = Side(style="thin")
        right = Alignment(horizontal="right", vertical="center")
        found = {}
        for column, style in enumerate(_Style, 1):
            cell = frame.cell(1, column)
            cell.font = Font(name=_FONT, size=11, bold=style is _Style.HEADER)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = right
            if style in (_Style.HEADER, _Style.TEXT, _Style.NO_SHARE):
                # It stays text also after somebody has edited the cell.
                cell.quotePrefix = True
            if style is _Style.HEADER:
                cell.fill = PatternFill("solid", fgColor="E7E6E6")
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            elif style is _Style.TEXT:
                cell.alignment = Alignment(vertical="center", wrap_text=True)
            elif style is _Style.SHARE:
                cell.number_format = f"0.{'0' * self._decimals}%"
            found[style] = cell.style_id
        return found

    def _lay_out(self, frame: Any, sheet: Sheet) -> None:
        for column, width in zip(_COLUMNS, self._widths(sheet), strict=False):
            # A column is measured in digits of the normal font; a Chinese character takes two.
            frame.column_dimensions[column].width = 2 * width + 2
        frame.page_setup.orientation = "landscape"
        frame.page_setup.paperSize = _A4
        frame.page_setup.fitToWidth, frame.page_setup.fitToHeight = 1, 0
        frame.sheet_properties.pageSetUpPr.fitToPage = True
        frame.oddFooter.center.text = "第 &P 页　共 &N 页"
        if sheet.header:
            frame.freeze_panes = f"{_COLUMNS[sheet.held]}2"
            frame.print_title_rows = "1:1"
            frame.auto_filter.ref = _reference(sheet)

    def _widths(self, sheet: Sheet) -> list[float]:
        """Widths of the columns in characters: what is in them, a header in two lines."""
        width = len(sheet.header) or max(map(len, sheet.rows))
        found = []
        for column in range(width):
            shown = {row[column] for row in sheet.rows}
            longest = max((ems(self._shown(value)) for value in shown), default=0.0)
            head = ems(sheet.header[column]) / 2 if sheet.header else 0.0
            most = _WIDEST if sheet.header else 3 * _WIDEST
            found.append(min(max(longest, head, _NARROWEST), most))
        return found

    def _shown(self, value: Value) -> str:
        if isinstance(value, Fraction):
            return shares.percent_sign(value, self._decimals)
        return str(value)

    def _filled(self, frame: str, sheet: Sheet) -> str:
        """A sheet's XML with its rows in it."""
        rows = []
        if sheet.header:
            cells = [self._text(title, _Style.HEADER) for title in sheet.header]
            rows.append(_row(1, cells, f' ht="{_TWO_LINES}" customHeight="1"'))
        for number, values in enumerate(sheet.rows, len(rows) + 1):
            rows.append(_row(number, map(self._cell, values)))
        frame = _DIMENSION.sub(f'<dimension ref="{_reference(sheet)}"/>', frame)
        before, after = _ROWS.split(frame)
        return f"{before}<sheetData>{''.join(rows)}</sheetData>{after}"

    def _cell(self, value: Value) -> str:
        """What follows a cell's place: its style, its type and its value."""
        if isinstance(value, Fraction):
            worth = Decimal(shares.percent(value, self._decimals)) / 100
            return f' s="{self._styles[_Style.SHARE]}"><v>{worth:f}</v></c>'
        if isinstance(value, int):
            return f' s="{self._styles[_Style.NUMBER]}"><v>{value}</v></c>'
        return self._text(value, _Style.NO_SHARE if value == shares.NO_SHARE else _Style.TEXT)

    def _text(self, text: str, style: _Style) -> str:
        # The same few names stand in thousands of rows.
        made = self._texts.get((text, style))
        if made is None:
            made = f' s="{self._styles[style]}"'
            if text:
                plain = escape(_CODED.sub("_x005F_", text))
                made += f' t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'
            else:
                made += "/>"
            self._texts[text, style] = made
        return made


def _row(number: int, cells: Iterable[str], height: str = "") -> str:
    made = "".join(
        f'<c r="{column}{number}"{cell}' for column, cell in zip(_COLUMNS, cells, strict=False)
    )
    return f'<row r="{number}"{height}>{made}</row>'


def _reference(sheet: Sheet) -> str:
    """Which cells the sheet fills, as A1:W40."""
    width = len(sheet.header) or max(map(len, sheet.rows))
    return f"A1:{_COLUMNS[width - 1]}{len(sheet.rows) + bool(sheet.header)}"
