"""Every number of the summaries for spreadsheets is found again in the ballots as they were
typed: the .csv as text, the .xlsx as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import openpyxl
import pytest

from tests.exports.conftest import Written
from tests.exports.counted import Counted, UnitCount, together
from tests.exports.recounting import OVERALL, Place, percent

# Two offices are made, keyed and sealed first, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)

Row = dict[str, Any]


def sheets_of(written: list[Written], suffix: str) -> list[Written]:
    found = [each for each in written if each.job.relative_path.suffix == suffix]
    assert {each.kind for each in found} == {"summary"}
    return found


def lines_of(
    each: Written, written: list[Written], counted: Counted
) -> Iterator[tuple[UnitCount, str, Place]]:
    """What a summary must have a row of: level by level, in the order of the unit tree."""
    folders = sorted({one.unit for one in written if one.office == each.office and one.unit})
    names = [folder.partition("_")[2] for folder in folders]
    units = [together(counted[each.office])[name] for name in names]
    if each.unit:
        units = [counted[each.office][each.unit.partition("_")[2]]]
    for level in dict.fromkeys(name for unit in units for name in unit.levels):
        for unit in units:
            for place in unit.levels[level].places if level in unit.levels else ():
                yield unit, level, place


def check(row: Row, unit: UnitCount, level: str, place: Place, name: str) -> None:
    """One row: whose, of what paper, every vote and share."""
    said = (name, row)
    assert row["被测评对象"] == place.subject, said
    wanted = "总体评价" if place.item == OVERALL else str(place.item)
    assert wanted in str(row["测评内容"]), said
    titles = ("发出", "收回", "有效票", "无效票")
    assert tuple(int(row[title] or 0) for title in titles) == unit.levels[level].paper(
        place.subject
    ), said
    assert (int(row["弃权"] or 0), int(row["多选"] or 0)) == (place.blank, place.overvote), said
    for grade, votes in place.grades.items():
        assert row[f"{grade}票数"] in (votes, str(votes)), said
        assert shown(row, grade, unit) == place.shares[grade], said
    if "合计" in place.shares:
        together = "".join(list(place.grades)[:2]) + "合计"
        votes = sum(list(place.grades.values())[:2])
        assert row[f"{together}票数"] in (votes, str(votes)), said
        assert shown(row, together, unit) == place.shares["合计"], said


def shown(row: Row, grade: str, unit: UnitCount) -> str:
    """A grade's share as a reader sees it: text as it stands, a number by its format."""
    (value,) = (row[title] for title in row if title in (f"{grade}得票率", f"{grade}加权得票率"))
    if isinstance(value, int | float):
        return percent(Fraction(value).limit_denominator(10**7), unit.rules.decimals)
    return str(value)


def rows_of(table: Sequence[Sequence[object]]) -> Iterator[Row]:
    header, *rows = table
    for row in rows:
        yield {str(title): value for title, value in zip(header, row, strict=True)}


def test_csv(written: list[Written], counted: Counted) -> None:
    for each in sheets_of(written, ".csv"):
        assert each.content.startswith(b"\xef\xbb\xbf")
        table = list(csv.reader(io.StringIO(each.content.decode("utf-8-sig"), newline="")))
        lines = list(lines_of(each, written, counted))
        assert len(table) == len(lines) + 1, each.name
        for row, (unit, level, place) in zip(rows_of(table), lines, strict=True):
            assert row["测评层级"] == level
            check(row, unit, level, place, each.name)


def test_xlsx(written: list[Written], counted: Counted) -> None:
    for each in sheets_of(written, ".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(each.content))
        lines = list(lines_of(each, written, counted))
        levels = list(dict.fromkeys(level for _, level, _ in lines))
        assert book.sheetnames[:-1] == levels, each.name
        for level in levels:
            table = list(book[level].iter_rows(values_only=True))
            mine = [line for line in lines if line[1] == level]
            for row, (unit, _, place) in zip(rows_of(table), mine, strict=True):
                check(row, unit, level, place, each.name)
        formulas = [c for sheet in book for row in sheet for c in row if c.data_type == "f"]
        assert not formulas, each.name
