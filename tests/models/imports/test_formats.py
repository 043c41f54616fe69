"""Rosters in the formats of spreadsheets and in those of text files."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from models.imports.roster_check import check
from models.imports.roster_import import plan
from models.imports.table_layout import read
from models.refusal import RefusedError
from tests.models.imports.test_layouts import LAYOUTS, WANTED, added, offices, written

__all__ = ["offices"]

SAVED = ("ods", "xls", "xlsx")
TEXT = "姓名{0}单位{0}职务{0}班子角色\r\n祁连山{0}甲局{0}局长{0}正职\r\n"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Every layout, and the values that formats show, saved again by LibreOffice."""
    folder = tmp_path_factory.mktemp("saved")
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice (LibreOffice) is not installed")
    for name, pages in LAYOUTS.items():
        written(folder / f"{name}.xlsx", pages)
    _with_formats(folder / "formats.xlsx")
    given = sorted(folder.glob("*.xlsx"))
    for suffix in SAVED:
        words = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            str(folder / suffix),
        ]
        subprocess.run([*words, *map(str, given)], capture_output=True, check=False, timeout=100)
    if not (folder / "ods" / "formats.ods").exists():
        pytest.skip("LibreOffice without Calc (libreoffice-calc)")
    return lambda name, suffix: folder / suffix / f"{name}.{suffix}"


def _with_formats(path: Path) -> None:
    """Numbers that are shown otherwise than they are stored, a date, an error, a hidden row."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("人员")
        for x, title in enumerate(("姓名", "单位", "出生年月", "廉政档案号")):
            sheet.write_string(0, x, title)
        for y, name in enumerate(("祁连山", "白桂兰", "丁香草", "吴多"), 1):
            sheet.write_string(y, 0, name)
            sheet.write_string(y, 1, "甲局")
        sheet.write_number(1, 2, 1965.1, book.add_format({"num_format": "0.00"}))
        sheet.write_number(1, 3, 62010, book.add_format({"num_format": "0000000"}))
        sheet.write_number(2, 2, 25689, book.add_format({"num_format": "yyyy.mm"}))
        sheet.write_number(2, 3, 620123197511230022)
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
        sheet.set_row(4, options={"hidden": True})


@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("suffix", SAVED)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_saved_by_libreoffice(
    name: str, suffix: str, saved: Callable[[str, str], Path]
) -> None:
    if (name, suffix) == ("hidden", "xls"):
        pytest.skip("hidden rows cannot be seen in .xls, which is said")
    found = plan(saved(name, suffix))
    assert not found.refused, found.refused
    assert added(found) == WANTED


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_what_formats_show(suffix: str, saved: Callable[[str, str], Path]) -> None:
    file = read(saved("formats", suffix))
    rows = [dict(row.values) for row in file.sheets[0].rows]
    assert [row.get("born") for row in rows] == ["1965.10", "1970-05-01", None]
    assert rows[0]["archive_no"] == "0062010"
    assert [row.formulas for row in file.sheets[0].rows] == [set(), set(), {"archive_no"}]
    assert [left.row for left in file.left_out] == [5]
    refused = [found for found in check(file).findings if found.column == "廉政档案号"]
    assert ["设为文本" in found.reason for found in refused] == [True, False]


def test_what_cannot_be_seen_of_an_old_format_is_said_and_asked_about(
    saved: Callable[[str, str], Path],
) -> None:
    file = read(saved("formats", "xls"))
    assert "看不到隐藏的行" in file.left_out[0].reason
    refused = [
        (found.row, found.column)
        for found in check(file).findings
        if "看不到" in found.reason and found.column
    ]
    assert {(2, "出生年月"), (2, "廉政档案号"), (3, "廉政档案号")} <= set(refused)
    assert (3, "出生年月") not in refused


def named(path: Path, data: bytes) -> list[tuple[int, str]]:
    path.write_bytes(data)
    (sheet,) = read(path).sheets
    return [(row.number, row.values["name"]) for row in sheet.rows]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize(("first", "delimiter"), [("", ","), ("", "\t"), ("", ";"), ("sep=;", ";")])
def test_text_files(tmp_path: Path, encoding: str, first: str, delimiter: str) -> None:
    text = (f"{first}\r\n" if first else "") + TEXT.format(delimiter)
    assert named(tmp_path / "名单.csv", text.encode(encoding)) == [(3 if first else 2, "祁连山")]


@pytest.mark.parametrize("delimiter", ["|", "\t"])
def test_a_first_line_names_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    text = f"sep={delimiter}\n{TEXT.format(delimiter)}"
    assert named(tmp_path / "名单.csv", text.encode("gbk")) == [(3, "祁连山")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize(
    "name", ["张䶮㛃", "𠮷𬭎明", "王\U00031360", "李\U0002ebf5", "赵\ue000", "孙葛\U000e0100"]
)
def test_rare_characters_in_text_files(tmp_path: Path, name: str, encoding: str) -> None:
    data = TEXT.format(",").replace("祁连山", name).encode(encoding)
    assert named(tmp_path / "名单.csv", data) == [(2, name)]


def test_the_mark_of_utf8_before_gbk(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + TEXT.format(",").encode("gbk")
    assert named(tmp_path / "名单.csv", data) == [(2, "祁连山")]


def test_a_file_of_wps_is_told_how_to_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "名单.et"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    with pytest.raises(RefusedError, match=r"另存为.*类型选 \.xlsx"):
        read(path)


def test_a_quote_without_its_fellow_is_told(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    rows = "白桂兰,甲局,副局长,成员\n" * 20_000
    path.write_text(TEXT.format(",").replace("祁连山", '"祁连山') + rows, encoding="utf-8")
    with pytest.raises(RefusedError, match="引号没有配对"):
        read(path)
