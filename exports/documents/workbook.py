"""Spreadsheets (.xlsx) of typed cells, with no formula in them, by XlsxWriter.

Same cells, same bytes: the library dates the parts of its package 1980, and the one time that it
writes, of making, is fixed here.
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

# Text, a count, or a share of the whole. Text is text whatever it begins with.
Value = str | int | Fraction

_NARROWEST, _WIDEST = 3.0, 18.0  # of a column, in Chinese characters
_LINE = 15  # the height of a line in points
_WHOLE = 6  # a header of more characters breaks into two lines
_MOST_TITLE = 31
_NO_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", ""))
_A4 = 9
_MADE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Worksheet:
    """One worksheet. Its header, if it has one, stays in sight with the first `held` columns,
    repeats on every printed page and filters the rows."""

    title: str
    rows: Sequence[Sequence[Value]]
    header: Sequence[str] = ()
    held: int = 0

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.header) or max(map(len, self.rows))


def workbook(sheets: Sequence[Worksheet], decimals: int) -> bytes:
    """A file of these sheets; shares are shown as percent with so many decimals
    and are worth what is shown, as the documents print them."""
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
    """Fills sheets, in the formats of one workbook."""

    def __init__(self, add_format: Callable[[dict[str, Any]], Any], decimals: int) -> None:
        self._decimals = decimals

        def form(align: str, **more: object) -> Any:
            common = {"font_name": "宋体", "font_size": 11, "border": 1, "valign": "vcenter"}
            return add_format({**common, "align": align, **more})

        # Text is marked as such, so that it stays text after somebody has edited the cell.
        as_text = {"quote_prefix": True, "text_wrap": True}
        self._header = form("center", bold=True, bg_color="#E7E6E6", **as_text)
        self._text = form("left", **as_text)
        self._number = form("right", num_format="0")
        self._share = form("right", num_format=f"0.{'0' * decimals}%")
        self._no_share = form("right", quote_prefix=True)

    def fill(self, into: WrittenSheet, sheet: Worksheet) -> None:
        """Write one sheet."""
        widths = self._widths(sheet)
        for column, width in enumerate(widths):
            # Measured in digits of the normal font; a Chinese character takes two.
            into.set_column(column, column, 2 * width + 1.5)
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
        into.set_landscape()
        into.set_paper(_A4)
        into.fit_to_pages(1, 0)
        into.set_margins(0.5, 0.5, 0.75, 0.75)
        into.set_footer("&C第 &P 页　共 &N 页")

    def _write(self, into: WrittenSheet, row: int, column: int, value: Value) -> None:
        if isinstance(value, Fraction):
            worth = Decimal(shares.percent(value, self._decimals)) / 100
            into.write_number(row, column, worth, self._share)
        elif isinstance(value, int):
            into.write_number(row, column, value, self._number)
        else:
            form = self._no_share if value == shares.NO_SHARE else self._text
            into.write_string(row, column, value, form)

    def _widths(self, sheet: Worksheet) -> list[float]:
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

    def _shown(self, value: Value) -> str:
        if isinstance(value, Fraction):
            return shares.percent_sign(value, self._decimals)
        return str(value)


def _lines(values: Iterable[Value], widths: Iterable[float]) -> int:
    """How many lines of text the fullest cell of a row needs."""
    texts = (
        _lines_of(value, width)
        for value, width in zip(values, widths, strict=True)
        if isinstance(value, str)
    )
    return max(texts, default=1)


@lru_cache(maxsize=4096)
def _lines_of(text: str, width: float) -> int:
    # A line is rarely full to the last character.
    return max(1, math.ceil((ems(text) - 0.5) / (width - 0.5)))


def _titles(sheets: Iterable[Worksheet]) -> list[str]:
    """What the sheets are called: without the signs a title must not have, none twice."""
    found: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        title = visible(sheet.title).translate(_NO_TITLE)[:_MOST_TITLE] or f"表{number}"
        if title.casefold() in {each.casefold() for each in found}:
            title = f"{title[: _MOST_TITLE - 3]}{number}"
        found.append(title)
    return found
