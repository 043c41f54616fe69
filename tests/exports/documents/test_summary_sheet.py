"""The summary as .xlsx and .csv: every row right, typed, safe, the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import openxml_audit
import pytest

from exports.documents.summary_sheet import csv_document, xlsx_document
from exports.documents.workbook import Worksheet, workbook
from exports.parts.results import PollResults, gather
from models.count import shares
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Denominator, RoundRules, SheetLines
from models.rounds import polls
from models.rounds.layout import OVERALL
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.exports.small import Team, key_all, make_round, seal_all, with_scale

TEAMS = (Team(), Team("乙县工商行政管理局", "乙县局", members=("孙七",)))
COUNTS = ("发出", "收回", "有效票", "无效票", "弃权", "多选")
# What was typed, and what stands in the cell where that is not the same.
HOSTILE = {
    '=HYPERLINK("http://x","y")': "",
    "+1+1": "",
    "-2": "",
    "@SUM(A1)": "",
    "＝1+1": "",
    "\t=1": " =1",
    "#REF!": "",
    "TRUE": "",
    "1e5": "",
    "2026-11-05": "",
    "<b>&amp;\"'": "",
    "a\x00\x1b[31mb\uffff": "a[31mb",
    "换\n行": "换 行",
    "_x0041_": "",
    "\u202e反转": "反转",
    "阿依古丽·买买提": "",
    "\ue000": "",
}


def results(settings: Settings, info: RoundInfo) -> list[PollResults]:
    return [gather(settings, info, poll) for poll in polls.polls(info.id)]


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(sheet: Any) -> Iterator[dict[str, Any]]:
    """The cells of each row by the name of their column."""
    header, *rows = sheet.iter_rows()
    for row in rows:
        yield {str(head.value): cell for head, cell in zip(header, row, strict=True)}


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    made = make_round(settings, teams=TEAMS)
    key_all(made)
    return made


def test_every_line_of_every_subject_is_a_row(info: RoundInfo, settings: Settings) -> None:
    everyone = results(settings, info)
    book = opened(xlsx_document(info, everyone))
    for level in Level:
        found = list(rows_of(book[everyone[0].levels[level].content.name]))
        wanted = [
            (each, subject, place)
            for each in everyone
            for subject in each.levels[level].subjects
            for place in subject.places
        ]
        assert len(found) == len(wanted)
        grades = everyone[0].levels[level].content.scale.grades
        for row, (each, subject, place) in zip(found, wanted, strict=True):
            assert row["单位"].value == each.poll.unit_name
            assert row["被测评对象"].value == subject.subject.name
            assert (row["测评内容"].value == "总体评价") == (place.line == OVERALL)
            assert row["有效票"].value == subject.valid
            assert row["弃权"].value == place.blank
            for grade, count, share in zip(grades, place.grades, place.shares, strict=True):
                assert row[f"{grade}票数"].value == count
                assert share is not None
                # Worth what the documents print, not a hair more.
                cell = row[f"{grade}得票率"]
                assert Decimal(str(cell.value)) * 100 == Decimal(shares.percent(share, 2))
                assert cell.number_format == "0.00%"
            assert row["状态"].value == "计票中，非正式结果"


def test_it_prints_readably_under_its_title(info: RoundInfo, settings: Settings) -> None:
    """At 9 points or more: as wide as the page, or in several parts that repeat who it is about."""
    parts = 0
    for sheet in opened(xlsx_document(info, results(settings, info))).worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.oddHeader.center.text) == "&A"
        assert "&P" in str(sheet.oddFooter.center.text)
        wide = sum(
            sheet.column_dimensions[cell.column_letter].width * 5.25 + 3.75 for cell in sheet[1]
        )
        if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert 11 * min(1, 770 / wide) >= 9, sheet.title
            continue
        parts += 1
        assert 11 * sheet.page_setup.scale / 100 >= 9
        assert sheet.print_title_rows == "$1:$1"
        assert str(sheet.print_title_cols).startswith("$A:")
    assert parts


def test_the_csv_has_the_same_rows(info: RoundInfo, settings: Settings) -> None:
    everyone = results(settings, info)
    content = csv_document(info, everyone)
    assert content.startswith(b"\xef\xbb\xbf")
    found = csv_rows(content)
    book = opened(xlsx_document(info, everyone))
    shown = [row for sheet in book.worksheets[:-1] for row in rows_of(sheet)]
    assert len(found) == len(shown)
    for text, cells in zip(found, shown, strict=True):
        for name, cell in cells.items():
            value = cell.value
            if cell.number_format == "0.00%" and isinstance(value, int | float):
                assert text[name] == f"{Decimal(str(value)) * 100:.2f}%"
            else:
                assert text[name] == ("" if value is None else str(value))


def test_numbers_are_numbers_and_nothing_is_a_formula(info: RoundInfo, settings: Settings) -> None:
    content = xlsx_document(info, results(settings, info))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<f " not in archive.read(name)
    for sheet in opened(content).worksheets[:-1]:
        assert sheet.freeze_panes == "D2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.auto_filter.ref == sheet.dimensions
        for row in rows_of(sheet):
            for name, cell in row.items():
                number = name.endswith(("票数", "得票率")) or name in COUNTS
                assert (cell.data_type == "n") == (number or cell.value is None), name


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(
    store: Store, settings: Settings, name: str, tmp_path: Path
) -> None:
    info = make_round(settings)
    (poll,) = polls.polls(info.id)
    polls.change_subjects(poll.id, Level.MEMBER, [(None, name, name)])
    key_all(info)
    everyone = results(settings, info)
    file = tmp_path / "汇总.xlsx"
    file.write_bytes(xlsx_document(info, everyone))
    for row in rows_of(openpyxl.load_workbook(file)["班子成员"]):
        cell = row["被测评对象"]
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert cell.value == (HOSTILE[name] or name)
    text = csv_rows(csv_document(info, everyone))
    for line in text:
        assert not any(
            (value or "").lstrip().startswith(tuple("=+-@＝＋－＠\t\r")) for value in line.values()
        )
    assert [
        error.description for error in openxml_audit.OpenXmlValidator().validate(str(file)).errors
    ] == []


def test_same_results_same_bytes(info: RoundInfo, settings: Settings) -> None:
    everyone = results(settings, info)
    assert xlsx_document(info, everyone) == xlsx_document(info, everyone)
    assert csv_document(info, everyone) == csv_document(info, results(settings, info))
    with zipfile.ZipFile(io.BytesIO(xlsx_document(info, everyone))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r">([^<>\s]+)<", core)) == {"1980-01-01T00:00:00Z"}


def test_sealed_polls_are_marked_so(info: RoundInfo, settings: Settings) -> None:
    seal_all(info)
    everyone = results(settings, info)
    (one,) = {row["状态"] for row in csv_rows(csv_document(info, everyone[:1]))}
    assert one == "已封存"
    said = {row[0].value: row[1].value for row in opened(xlsx_document(info, everyone))["说明"]}
    assert said["状态"] == "全部已封存"
    assert said["得票率"].startswith("得票率=该等次票数÷")
    assert said["被测评单位"] == "2个"


@pytest.mark.parametrize("lines", list(SheetLines))
@pytest.mark.parametrize("grades", [("好", "差"), ("优", "良", "中", "可", "次", "差", "劣")])
def test_any_scale_and_any_lines(
    store: Store, settings: Settings, lines: SheetLines, grades: tuple[str, ...]
) -> None:
    rules = RoundRules(sheet=lines, decimals=1, denominator=Denominator.PRESENT)
    own = with_scale(settings, grades)
    info = make_round(own, rules=rules)
    key_all(info)
    everyone = results(own, info)
    sheet = opened(xlsx_document(info, everyone))["正职"]
    for row in rows_of(sheet):
        assert row[f"{grades[0]}得票率"].number_format == "0.0%"
    assert csv_rows(csv_document(info, everyone))[0][f"{grades[-1]}得票率"].endswith("%")


def test_weighted_shares_that_are_withheld_stand_plain_and_say_so(
    store: Store, settings: Settings
) -> None:
    info = make_round(settings, groups={"班子成员": 40, "中层干部": 60}, returned=3)
    key_all(info)
    seal_all(info)
    everyone = results(settings, info)
    found = csv_rows(csv_document(info, everyone))
    assert all("加权得票率也不公布" in row["说明"] for row in found)
    assert all("优秀加权得票率" not in row for row in found)
    team = [row for row in found if row["优秀票数"]]
    assert all(row["优秀得票率"].endswith(("%", "—")) for row in team)
    cells = rows_of(opened(xlsx_document(info, everyone))["正职"])
    assert any(row["优秀得票率"].data_type == "n" for row in cells)


def test_nothing_keyed_is_no_share(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    found = csv_rows(csv_document(info, results(settings, info)))
    assert {row["优秀得票率"] for row in found} == {"—", ""}
    sheet = opened(xlsx_document(info, results(settings, info)))["正职"]
    assert {row["优秀得票率"].value for row in rows_of(sheet)} == {"—"}


def test_titles_of_sheets_are_what_a_spreadsheet_takes(audit: Callable[[bytes], list[str]]) -> None:
    titles = ["a/b[c]:*?'\\", "AB", "ABC", "甲" * 40, "", "甲" * 40]
    rows: list[list[str | int | Fraction]] = [["甲", 1, Fraction(1, 3)]]
    made = workbook([Worksheet(title, rows, ("名", "数", "率"), 1) for title in titles], 2)
    found = opened(made).sheetnames
    assert found[:3] == ["abc", "AB", "ABC3"]
    assert len({name.casefold() for name in found}) == len(titles)
    assert all(0 < len(name) <= 31 for name in found)
    assert opened(made)["AB"]["C2"].value == 0.3333
