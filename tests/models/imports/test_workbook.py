"""Workbooks as other programs write them: read, or refused in words."""

import io
import zipfile
from pathlib import Path

import pytest

from models.imports.roster_check import check
from models.imports.table_layout import read
from models.refusal import RefusedError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = ("姓名", "单位", "职务", "班子角色", "出生年月")


def text(place: str, value: str, more: str = "") -> str:
    return f'<c r="{place}" t="inlineStr"{more}><is><t>{value}</t></is></c>'


def line(number: int, *values: str, more: str = "") -> str:
    cells = "".join(text(f"{chr(65 + x)}{number}", value) for x, value in enumerate(values))
    return f'<row r="{number}"{more}>{cells}</row>'


def made(
    tmp_path: Path,
    rows: str,
    *,
    styles: str = "",
    second: str = "",
    main: str = MAIN,
    office: str = OFFICE,
) -> Path:
    """A workbook of the given rows, and of a second worksheet with a state if `second` is one."""
    other = f'<sheet name="去年" sheetId="2" {second} r:id="r2"/>' if second else ""
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        f'<sheet name="人员" sheetId="1" r:id="r1"/>{other}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/s1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/worksheet" Target="worksheets/s2.xml"/>'
        f'<Relationship Id="r3" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
        "xl/worksheets/s1.xml": sheet,
        "xl/worksheets/s2.xml": sheet,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    path = tmp_path / "名单.xlsx"
    path.write_bytes(data.getvalue())
    return path


PERSON = line(1, *HEAD) + line(2, "祁连山", "甲局", "局长", "正职", "1970.05")


def test_a_strict_workbook(tmp_path: Path) -> None:
    (sheet,) = read(made(tmp_path, PERSON, main=STRICT, office=STRICT_OFFICE)).sheets
    assert sheet.rows[0].values["name"] == "祁连山"


@pytest.mark.parametrize("styles", ["<fills><fill/></fills>", "<cellXfs/>"])
def test_odd_styles(tmp_path: Path, styles: str) -> None:
    assert read(made(tmp_path, PERSON, styles=styles)).sheets[0].rows


def test_an_empty_style_and_a_styled_cell_at_the_far_corner(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="A1048576" s=""/></row>'
    assert len(read(made(tmp_path, PERSON + far)).sheets[0].rows) == 1


def test_a_value_at_the_far_corner_is_refused(tmp_path: Path) -> None:
    far = f'<row r="1048576">{text("XFD1048576", "x")}</row>'
    with pytest.raises(RefusedError, match="大得读不出"):
        read(made(tmp_path, PERSON + far))


def test_hidden_sheets_and_rows_are_left_out_and_told(tmp_path: Path) -> None:
    hidden = line(3, "白桂兰", "甲局", "副局长", "班子成员", "", more=' hidden="1"')
    file = read(made(tmp_path, PERSON + hidden, second='state="veryHidden"'))
    assert [len(sheet.rows) for sheet in file.sheets] == [1]
    found = check(file).findings
    assert [(each.sheet, each.row) for each in found] == [("去年", 0), ("人员", 3)]


def test_formulas_with_a_value_are_read_and_those_without_are_not(tmp_path: Path) -> None:
    row = '<row r="3"><c r="A3" t="str"><f>B1</f><v>白桂兰</v></c><c r="B3"><f>B2</f></c></row>'
    (sheet,) = read(made(tmp_path, PERSON + row)).sheets
    assert sheet.rows[1].values == {"name": "白桂兰", "unit": "=B2"}
    assert sheet.rows[1].formulas == {"unit"}


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0.00_);[Red]\\(0.00\\)", "1965.1", "1965.10"),
        ("0000000", "62010", "0062010"),
        ("&quot;LZ&quot;0000", "62", "LZ0062"),
        ("\\L\\Z0000", "62", "LZ0062"),
        ("0000&quot;.&quot;00", "196510", "196510"),
        ("General", "1970.0500000000002", "1970.05"),
        ("yyyy&quot;年&quot;m&quot;月&quot;", "25689", "1970-05-01"),
    ],
)
def test_numbers_are_read_as_they_are_shown(
    tmp_path: Path, code: str, value: str, shown: str
) -> None:
    styles = (
        f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs>'
    )
    row = f'<row r="3">{text("A3", "白桂兰")}<c r="E3" s="1"><v>{value}</v></c></row>'
    (sheet,) = read(made(tmp_path, PERSON + row, styles=styles)).sheets
    assert sheet.rows[1].values["born"] == shown


def test_part_names_with_backslashes_and_an_empty_formula_text(tmp_path: Path) -> None:
    empty = '<row r="3"><c r="A3" t="inlineStr"><is><t>白桂兰</t></is></c>'
    empty += '<c r="C3" t="str"><f>""</f><v></v></c></row>'
    path = made(tmp_path, PERSON + empty)
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("/", "\\"), old.read(name))
    path.write_bytes(data.getvalue())
    file = read(path)
    assert file.left_out == ()
    assert file.sheets[0].rows[1].formulas == frozenset()


def test_number_formats_restore_zeros(tmp_path: Path) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="2"/></cellXfs>'
    row = f'<row r="3">{text("A3", "白桂兰")}<c r="E3" s="1"><v>1965.1</v></c></row>'
    (sheet,) = read(made(tmp_path, PERSON + row, styles=styles)).sheets
    assert sheet.rows[1].values["born"] == "1965.10"
