"""Spreadsheets (.xlsx) of typed cells, with no formula in them.

Built as text, as the letters are: a library that makes an object of each cell takes half a minute
for a province. Same cells, same bytes: no maker's name and no times are in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from xml.sax.saxutils import quoteattr

from exports.markup import ems, escape
from exports.package import compress, package
from exports.theme import theme
from models import shares
from models.names import visible

# Text, a count, or a share of the whole. Text is text whatever it begins with.
Value = str | int | Fraction

_NARROWEST, _WIDEST = 3.0, 18.0  # of a column, in Chinese characters
_LINE = 15  # the height of a line in points
_WHOLE = 6  # a header of more characters breaks into two lines
_MOST_TITLE = 31
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", ""))
# `_x0041_` in a cell means A: where somebody typed it, its first sign is written that way itself.
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ALPHABET = [chr(number) for number in range(ord("A"), ord("Z") + 1)]
_COLUMNS = [*_ALPHABET, *(one + other for one in _ALPHABET for other in _ALPHABET)]

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Sheet:
    """One sheet. Its header, if it has one, stays in sight with the first `held` columns, repeats
    on every printed page and filters the rows."""

    title: str
    rows: Sequence[Sequence[Value]]
    header: Sequence[str] = ()
    held: int = 0

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.header) or max(map(len, self.rows))

    @property
    def last(self) -> tuple[str, int]:
        """Its last column and its last row."""
        return _COLUMNS[self.width - 1], len(self.rows) + bool(self.header)


def workbook(sheets: Sequence[Sheet], decimals: int) -> bytes:
    """A file of these sheets; shares are shown as percent with so many decimals
    and are worth what is shown, as the documents print them."""
    made = _Rows(decimals)
    contents = {
        f"xl/worksheets/sheet{number}.xml": made.sheet(sheet)
        for number, sheet in enumerate(sheets, 1)
    }
    contents |= {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("theme", "theme/theme1.xml"),
            ]
        ),
        "xl/workbook.xml": _book(sheets),
        "xl/styles.xml": _styles(decimals),
        "xl/sharedStrings.xml": made.strings(),
    }
    parts = [compress(name, (_HEAD + xml).encode()) for name, xml in contents.items()]
    return package([*parts, compress("xl/theme/theme1.xml", theme("windows"))])


class _Style(IntEnum):
    """How a cell looks: its place among the formats of the styles."""

    PLAIN = 0
    HEADER = 1
    TEXT = 2
    NUMBER = 3
    SHARE = 4
    NO_SHARE = 5


class _Rows:
    """Sheets as XML, and the texts that they share."""

    def __init__(self, decimals: int) -> None:
        self._decimals = decimals
        self._strings: dict[str, int] = {}
        self._uses = 0
        self._heights: dict[tuple[str, float], int] = {}

    def sheet(self, sheet: Sheet) -> str:
        """One sheet."""
        rows = []
        column, row = sheet.last
        area = f"A1:{column}{row}"
        view = '<sheetView workbookViewId="0"/>'
        after = ""
        widths = self._widths(sheet)
        if sheet.header:
            cells = [self._text(title, _Style.HEADER) for title in sheet.header]
            rows.append(_row(1, cells, 2))
            first = f"{_COLUMNS[sheet.held]}2"
            view = (
                f'<sheetView workbookViewId="0"><pane xSplit="{sheet.held}" ySplit="1" '
                f'topLeftCell="{first}" activePane="bottomRight" state="frozen"/>'
                f'<selection pane="bottomRight" activeCell="{first}" sqref="{first}"/></sheetView>'
            )
            after = f'<autoFilter ref="{area}"/>'
        for number, values in enumerate(sheet.rows, len(rows) + 1):
            rows.append(_row(number, map(self._cell, values), self._lines(values, widths)))
        # A column is measured in digits of the normal font; a Chinese character takes two.
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{2 * width + 1.5:g}" customWidth="1"/>'
            for n, width in enumerate(widths, 1)
        )
        return (
            f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<dimension ref="{area}"/><sheetViews>{view}</sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
            f"<sheetData>{''.join(rows)}</sheetData>{after}"
            '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" '
            'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;C第 &amp;P 页　共 &amp;N 页</oddFooter></headerFooter>"
            "</worksheet>"
        )

    def strings(self) -> str:
        """The texts of all sheets, in the order of their first use."""
        items = "".join(
            f'<si><t xml:space="preserve">{escape(_CODED.sub("_x005F_", text))}</t></si>'
            for text in self._strings
        )
        counts = f'count="{self._uses}" uniqueCount="{len(self._strings)}"'
        return f'<sst xmlns="{_MAIN}" {counts}>{items}</sst>'

    def _widths(self, sheet: Sheet) -> list[float]:
        """Widths of the columns in characters: what is in them, a header in two lines."""
        most = _WIDEST if sheet.header else 3 * _WIDEST
        found = []
        for column in range(sheet.width):
            shown = {row[column] for row in sheet.rows}
            longest = max((ems(self._shown(value)) for value in shown), default=0.0)
            head = ems(sheet.header[column]) if sheet.header else 0.0
            head = head if head <= _WHOLE else head / 2
            found.append(min(max(longest, head, _NARROWEST), most))
        return found

    def _lines(self, values: Iterable[Value], widths: Iterable[float]) -> int:
        """How many lines of text the fullest cell of a row needs."""
        texts = (
            self._lines_of(value, width)
            for value, width in zip(values, widths, strict=True)
            if isinstance(value, str)
        )
        return max(texts, default=1)

    def _lines_of(self, text: str, width: float) -> int:
        key = (text, width)
        if key not in self._heights:
            # A line is rarely full to the last character.
            self._heights[key] = max(1, math.ceil((ems(text) - 0.5) / (width - 0.5)))
        return self._heights[key]

    def _shown(self, value: Value) -> str:
        if isinstance(value, Fraction):
            return shares.percent_sign(value, self._decimals)
        return str(value)

    def _cell(self, value: Value) -> str:
        """What follows a cell's place: its style, its type and its value."""
        if isinstance(value, Fraction):
            worth = Decimal(shares.percent(value, self._decimals)) / 100
            return f' s="{_Style.SHARE:d}"><v>{worth:f}</v></c>'
        if isinstance(value, int):
            return f' s="{_Style.NUMBER:d}"><v>{value}</v></c>'
        return self._text(value, _Style.NO_SHARE if value == shares.NO_SHARE else _Style.TEXT)

    def _text(self, text: str, style: _Style) -> str:
        if not text:
            return f' s="{style:d}"/>'
        self._uses += 1
        number = self._strings.setdefault(text, len(self._strings))
        return f' s="{style:d}" t="s"><v>{number}</v></c>'


def _row(number: int, cells: Iterable[str], lines: int) -> str:
    height = f' ht="{_LINE * lines}" customHeight="1"' if lines > 1 else ""
    made = "".join(
        f'<c r="{column}{number}"{cell}' for column, cell in zip(_COLUMNS, cells, strict=False)
    )
    return f'<row r="{number}"{height}>{made}</row>'


def _titles(sheets: Iterable[Sheet]) -> list[str]:
    """What the sheets are called: without the signs a title must not have, none twice."""
    found: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        title = visible(sheet.title).translate(_NO_TITLE)[:_MOST_TITLE] or f"表{number}"
        if title.casefold() in {each.casefold() for each in found}:
            title = f"{title[: _MOST_TITLE - 3]}{number}"
        found.append(title)
    return found


def _book(sheets: Sequence[Sheet]) -> str:
    """The workbook: its sheets, and what of each is repeated in print and filtered."""
    listed = defined = ""
    for number, (sheet, title) in enumerate(zip(sheets, _titles(sheets), strict=True), 1):
        listed += f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        if sheet.header:
            column, row = sheet.last
            for name, area in (
                ('_FilterDatabase" hidden="1', f"$A$1:${column}${row}"),
                ("Print_Titles", "$1:$1"),
            ):
                defined += (
                    f'<definedName localSheetId="{number - 1}" name="_xlnm.{name}">'
                    f"'{escape(title)}'!{area}</definedName>"
                )
    names = f"<definedNames>{defined}</definedNames>" if defined else ""
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets>{names}</workbook>"
    )


def _styles(decimals: int) -> str:
    """The formats of `_Style`, in its order. Text is marked as such, so that it stays text also
    after somebody has edited the cell."""
    normal = '<sz val="11"/><name val="宋体"/>'
    edges = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
    wrapped = '<alignment vertical="center" wrapText="1"/>'
    right = '<alignment horizontal="right" vertical="center"/>'
    centred = '<alignment horizontal="center" vertical="center" wrapText="1"/>'

    def cell(alignment: str, *, font: int = 0, fill: int = 0, form: int = 0, text: bool) -> str:
        quoted = ' quotePrefix="1"' if text else ""
        return (
            f'<xf numFmtId="{form}" fontId="{font}" fillId="{fill}" borderId="1" xfId="0"{quoted} '
            f'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" '
            f'applyAlignment="1">{alignment}</xf>'
        )

    cells = (
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
        cell(centred, font=1, fill=2, text=True),
        cell(wrapped, text=True),
        cell(right, form=1, text=False),
        cell(right, form=164, text=False),
        cell(right, text=True),
    )
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="1"><numFmt numFmtId="164" formatCode="0.{"0" * decimals}%"/></numFmts>'
        f'<fonts count="2"><font>{normal}</font><font><b/>{normal}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
        '<fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border>"
        f"<border>{edges}<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _content_types(sheets: int) -> str:
    parts = [
        ("/xl/workbook.xml", "sheet.main"),
        *((f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)),
        ("/xl/styles.xml", "styles"),
        ("/xl/sharedStrings.xml", "sharedStrings"),
    ]
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPE}.spreadsheetml.{kind}+xml"/>'
        for name, kind in parts
    )
    overrides += f'<Override PartName="/xl/theme/theme1.xml" ContentType="{_TYPE}.theme+xml"/>'
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
