"""Spreadsheets (.xlsx) with typed cells and no formulas, written with XlsxWriter.

The same cells always give the same bytes: the library dates the parts of the package 1980, and the
creation time, the only other timestamp, is fixed here.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exports.page.markup import ems
from models.count import shares
from models.names import visible

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet as WrittenSheet

# Text, a count, or a share of the whole. Text is never parsed, whatever it starts with.
Value = str | int | Fraction

_NARROWEST, _WIDEST = 3.0, 18.0  # column widths, in Chinese characters
_LINE = 15  # line height in points
_WHOLE = 6  # headers longer than this wrap onto two lines
_MOST_TITLE = 31
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", ""))
_A4 = 9
_FONT, _LEAST_FONT = 11, 9  # points, on the screen and at least on paper
_LEAST_SCALE = _LEAST_FONT / _FONT
_A4_LENGTH = 842  # points
_MARGIN = 0.5  # inches at the left and right
_DIGIT, _PADDING = 5.25, 3.75  # points: a digit of Excel's default font, what a column adds
_MADE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Worksheet:
    """One worksheet."""

    title: str
    """The name on its tab."""
    rows: Sequence[Sequence[Value]]
    """The cells, row by row."""
    header: Sequence[str] = ()
    """The column titles; may be empty.

    The header is frozen, filters the rows and repeats on every printed page.
    """
    held: int = 0
    """How many columns to freeze along with the header."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.header) or max(map(len, self.rows))


def workbook(sheets: Sequence[Worksheet], decimals: int) -> bytes:
    """Return a file with these worksheets.

    Shares are shown as percentages with `decimals` places. Their stored values are rounded to match
    what is shown, as in the printed documents.
    """
    import xlsxwriter

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": _MADE})
    cells = _Cells(book.add_format, decimals)
    for sheet, title in zip(sheets, _titles(sheets), strict=True):
        cells.fill(book.add_worksheet(title), sheet)
    book.close()
    return content.getvalue()


class _Cells:
    """Fills worksheets using the formats of one workbook."""

    def __init__(self, add_format: Callable[[dict[str, Any]], Any], decimals: int) -> None:
        self._decimals = decimals

        def form(align: str, **more: object) -> Any:
            common = {"font_name": "宋体", "font_size": _FONT, "border": 1, "valign": "vcenter"}
            return add_format({**common, "align": align, **more})

        # The quote prefix keeps a cell as text after it has been edited.
        as_text = {"quote_prefix": True, "text_wrap": True}
        self._header = form("center", bold=True, bg_color="#E7E6E6", **as_text)
        self._text = form("left", **as_text)
        self._number = form("right", num_format="0")
        self._share = form("right", num_format=f"0.{'0' * decimals}%")
        self._no_share = form("right", quote_prefix=True)

    def fill(self, into: WrittenSheet, sheet: Worksheet) -> None:
        """Write one worksheet."""
        widths = self._widths(sheet)
        for column, width in enumerate(widths):
            into.set_column(column, column, _digits(width))
        top = 0
        if sheet.header:
            top = 1
            into.set_row(0, 2 * _LINE)
            for column, title in enumerate(sheet.header):
                into.write_string(0, column, title, self._header)
            into.freeze_panes(1, sheet.held)
            into.repeat_rows(0)
            into.autofilter(0, 0, len(sheet.rows), sheet.width - 1)
        for number, values in enumerate(sheet.rows, top):
            if (lines := _lines(values, widths)) > 1:
                into.set_row(number, _LINE * lines)
            for column, value in enumerate(values):
                self._write(into, number, column, value)
        _print_setup(into, sheet, widths)

    def _write(self, into: WrittenSheet, row: int, column: int, value: Value) -> None:
        # In this order: it is slow to ask whether something is a fraction.
        if isinstance(value, str):
            form = self._no_share if value == shares.NO_SHARE else self._text
            into.write_string(row, column, value, form)
        elif isinstance(value, int):
            into.write_number(row, column, value, self._number)
        else:
            worth = Decimal(shares.percent(value, self._decimals)) / 100
            into.write_number(row, column, worth, self._share)

    def _widths(self, sheet: Worksheet) -> list[float]:
        """Return column widths in characters, to fit the cells and a header in two lines."""
        most = _WIDEST if sheet.header else 3 * _WIDEST
        found = []
        for column in range(sheet.width):
            shown = {row[column] for row in sheet.rows}
            longest = max((ems(self._shown(value)) for value in shown), default=0.0)
            head = ems(sheet.header[column]) if sheet.header else 0.0
            head = head if head <= _WHOLE else head / 2
            found.append(min(max(longest, head, _NARROWEST), most))
        return found

    def _shown(self, value: Value) -> str:
        if isinstance(value, str | int):
            return str(value)
        return shares.percent_sign(value, self._decimals)


def _digits(width: float) -> float:
    """A column's width as Excel measures it: in digits of its font; a character takes two."""
    return 2 * width + 1.5


def _print_setup(into: WrittenSheet, sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set how a worksheet is printed: turned, under its name, with page numbers.

    It is as wide as the page where its text stays readable so; otherwise fewer columns stand on a
    page, each time beside those that name the row.
    """
    into.set_landscape()
    into.set_paper(_A4)
    into.set_margins(_MARGIN, _MARGIN, 0.75, 0.75)
    into.set_header("&C&A")
    into.set_footer("&C第 &P 页　共 &N 页")
    wide = sum(_digits(width) * _DIGIT + _PADDING for width in widths)
    if wide * _LEAST_SCALE <= _A4_LENGTH - 2 * _MARGIN * 72:
        into.fit_to_pages(1, 0)
        return
    into.set_print_scale(math.ceil(100 * _LEAST_SCALE))
    if sheet.held:
        into.repeat_columns(0, sheet.held - 1)


def _lines(values: Iterable[Value], widths: Iterable[float]) -> int:
    """Return how many lines of text the fullest cell of a row needs."""
    texts = (
        _lines_of(value, width)
        for value, width in zip(values, widths, strict=True)
        if isinstance(value, str)
    )
    return max(texts, default=1)


@lru_cache(maxsize=4096)
def _lines_of(text: str, width: float) -> int:
    # Lines rarely fill up to the last character.
    return max(1, math.ceil((ems(text) - 0.5) / (width - 0.5)))


def _titles(sheets: Iterable[Worksheet]) -> list[str]:
    """Return unique worksheet names without the characters that Excel forbids."""
    found: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        title = visible(sheet.title).translate(_NO_TITLE)[:_MOST_TITLE] or f"表{number}"
        if title.casefold() in {each.casefold() for each in found}:
            title = f"{title[: _MOST_TITLE - 3]}{number}"
        found.append(title)
    return found
