"""Roster files read: encodings, delimiters, headers wherever they stand, refusals."""

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from models.imports.roster_file import RosterFile
from models.imports.table_layout import read
from models.refusal import RefusedError
from models.roster.columns import SheetKind

DATA = Path(__file__).parents[2] / "data"
PROVINCE = Path(__file__).parents[3] / "models" / "sample_office" / "roster.xlsx"
TABLE = "姓名,单位,职务\n张三,甲局,局长\n"


def read_bytes(tmp_path: Path, data: bytes, name: str = "名单.csv") -> RosterFile:
    path = tmp_path / name
    path.write_bytes(data)
    return read(path)


def read_text(tmp_path: Path, text: str) -> RosterFile:
    return read_bytes(tmp_path, text.encode())


def workbook(tmp_path: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    path = tmp_path / "名单.xlsx"
    book.save(path)
    return path


def test_the_province_has_units_and_people() -> None:
    file = read(PROVINCE)
    assert [(sheet.header.kind, len(sheet.rows)) for sheet in file.sheets] == [
        (SheetKind.UNITS, 105),
        (SheetKind.CADRES, 448),
    ]
    assert not any(sheet.header.unknown for sheet in file.sheets)


def test_the_header_below_a_merged_title_is_found_and_row_numbers_are_the_sheets() -> None:
    (sheet,) = read(DATA / "roster-messy.xlsx").sheets
    assert (sheet.name, sheet.header_row) == ("人员花名册", 3)
    assert [row.number for row in sheet.rows] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15]
    assert sheet.rows[0].values["rank"] == "1"
    assert sheet.rows[-1].formulas == {"name"}


def test_a_county_list_in_gb18030() -> None:
    (sheet,) = read(DATA / "roster-county.gb18030.csv").sheets
    assert [row.values["name"] for row in sheet.rows] == ["冯义继", "马华", "贾德义", "莫红志"]
    assert len(sheet.header.places) == 16


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    data = TABLE.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    (sheet,) = read_bytes(tmp_path, data).sheets
    assert sheet.rows[0].values == {"name": "张三", "unit": "甲局", "title": "局长"}
    assert (sheet.rows[0].number, sheet.header_row) == (2, 1)


@pytest.mark.parametrize(
    "header",
    [
        "姓　名,所在单位,现任职务",
        "名字, 工作单位 ,职 务",
        '人员姓名,"单\n位",职务（全称）',
        "＊姓名,单位名称,党政职务",
        "\ufeff姓\u200b名,单位全称,职务：",
    ],
)
def test_headers_under_other_names(tmp_path: Path, header: str) -> None:
    (sheet,) = read_text(tmp_path, f"{header}\n张三,甲局,局长\n").sheets
    assert sheet.header.kind is SheetKind.CADRES
    assert sheet.rows[0].values == {"name": "张三", "unit": "甲局", "title": "局长"}


def test_a_running_number_is_the_rank_only_without_a_better_column(tmp_path: Path) -> None:
    (weak,) = read_text(tmp_path, "序号,姓名,单位\n7,张三,甲局\n").sheets
    (strong,) = read_text(tmp_path, "序号,姓名,单位,班子排序\n7,张三,甲局,2\n").sheets
    assert (weak.rows[0].values["rank"], strong.rows[0].values["rank"]) == ("7", "2")
    assert strong.header.unknown == ()


def test_unknown_columns_are_named_and_repeated_headers_skipped(tmp_path: Path) -> None:
    text = "全系统名单\n\n姓名,单位,备注\n张三,甲局,x\n姓名,单位,备注\n李四,甲局,\n"
    (sheet,) = read_text(tmp_path, text).sheets
    assert sheet.header.unknown == ("备注",)
    assert [(row.number, row.values["name"]) for row in sheet.rows] == [(4, "张三"), (6, "李四")]


def test_a_unit_list_is_told_from_people_by_its_header(tmp_path: Path) -> None:
    people: list[list[object]] = [["姓名", "单位名称"], ["张三", "甲局"]]
    units: list[list[object]] = [["机关名称", "主管单位", "类别"], ["甲局", None, "县区机关"]]
    note: list[list[object]] = [["填表说明"], ["请按格式填写"]]
    file = read(workbook(tmp_path, people, note, units, []))
    kinds = [sheet.header.kind for sheet in file.sheets]
    assert kinds == [SheetKind.CADRES, SheetKind.UNITS]
    assert [(left.sheet, left.row) for left in file.left_out] == [("Sheet1", 0)]
    assert read_text(tmp_path, "单位名称\n甲局\n").sheets[0].rows[0].values == {"name": "甲局"}


def test_a_header_of_two_lines_and_a_unit_merged_down(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows: list[list[str | int | None]] = [
        ["姓名", "单位", "班子情况", None],
        [None, None, "角色", "排序"],
        ["张三", "甲局", "正职", 1],
        ["李四", None, "成员", 2],
    ]
    for row in rows:
        sheet.append(row)
    for area in ("A1:A2", "B1:B2", "C1:D1", "B3:B4"):
        sheet.merge_cells(area)
    book.save(tmp_path / "名单.xlsx")
    (found,) = read(tmp_path / "名单.xlsx").sheets
    assert found.header_row == 2
    assert found.rows[1].values == {"name": "李四", "unit": "甲局", "role": "成员", "rank": "2"}


def test_cells_as_the_office_reads_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["姓名", "单位", "出生年月", "入党时间", "参加工作时间", "任现职时间", "档案号"])
    sheet.append(["=A1", "甲局", datetime.datetime(1965, 9, 1), 1987.1, 1985.08, 201604, 12])
    sheet["A2"].data_type = "s"
    sheet["D2"].number_format = "0.00"
    sheet["G2"].number_format = "00000"
    sheet.append(["张三", "#REF!", "=B2"])
    sheet["B3"].data_type = "e"
    book.save(tmp_path / "名单.xlsx")
    first, second = read(tmp_path / "名单.xlsx").sheets[0].rows
    assert dict(first.values) == {
        "name": "=A1",
        "unit": "甲局",
        "born": "1965-09-01",
        "joined_party": "1987.10",
        "started_work": "1985.08",
        "since": "201604",
        "archive_no": "00012",
    }
    assert first.formulas == frozenset()
    assert second.formulas == {"unit", "born"}


def packed(names: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in names.items():
            package.writestr(name, data)
    return target.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "是空文件"),
        (b" \n\n", "是空文件"),
        (OLE, "不是 Excel 工作簿"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "有打开密码"),
        (PROVINCE.read_bytes()[:20000], "已损坏"),
        (b"PK\x03\x04" + bytes(60), "已损坏"),
        (packed({"word/document.xml": b"<w/>"}), "不是 Excel 工作簿"),
        (b"<html><table><tr><td>x</td></tr></table>", "网页"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "编码不是 UTF-8、GB18030"),
        ("姓名,单位\n张三".encode() + b"\xff\xff", "编码不是 UTF-8、GB18030"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头.*“姓名”.*“单位名称”"),
        ("单位,职务,出生年月\n甲局,局长,1965.09\n".encode(), "第 1 行像人员表.*没有“姓名”列"),
        ("姓名,单位,职务\n,,\n".encode(), "只有表头，没有内容"),
    ],
)
def test_refusals_name_the_file_and_the_way_out(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as refusal:
        read_bytes(tmp_path, data, "名单.xlsx")
    assert "名单.xlsx" in str(refusal.value)


def test_no_header_in_a_workbook_names_the_sheets(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="工作表“Sheet”、“Sheet1”"):
        read(workbook(tmp_path, [["一"]], [["二"]]))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="没有文件"):
        read(tmp_path / "无.xlsx")
    with pytest.raises(RefusedError, match="是文件夹"):
        read(tmp_path)
    with pytest.raises(RefusedError, match="读不出"):
        read(Path("a\x00b"))


def test_a_package_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(201 * 1024 * 1024))
    with pytest.raises(RefusedError, match="展开后过大"):
        read_bytes(tmp_path, target.getvalue())
