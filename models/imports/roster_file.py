"""Read a roster file (.xlsx or .csv) into rows of text by field.

The format is detected from the first bytes, not the suffix. What a worksheet holds is detected
from its header. Cells are returned as they are; `models.imports.roster_check` cleans and checks
them.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.imports import workbook
from models.refusal import RefusedError, fault_words
from models.roster.columns import Header, header_key, header_of, nearly_header

_LARGEST = 20 * 1024 * 1024
_LARGEST_UNPACKED = 200 * 1024 * 1024
_MOST_COLUMNS = 256
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|table|head|meta)", re.IGNORECASE)
_SAVE_AS = "请用表格软件打开，另存为 .xlsx 或 CSV 后再导入"


@dataclass(frozen=True)
class RosterRow:
    """One row of a worksheet."""

    number: int
    """Row number, as the spreadsheet shows it."""
    values: Mapping[str, str]
    """Text by field; empty fields are left out."""
    formulas: frozenset[str] = frozenset()
    """Fields whose cell holds a formula or an error value."""


@dataclass(frozen=True)
class RosterSheet:
    """One worksheet with a known header."""

    name: str
    """Name of the worksheet; empty for a .csv."""
    header_row: int
    """Row number of the header; of its second line if it has two."""
    header: Header
    """The header."""
    rows: tuple[RosterRow, ...]
    """The rows below the header that are not empty."""


@dataclass(frozen=True)
class RosterFile:
    """A roster file as read."""

    path: Path
    """Path of the file."""
    sheets: tuple[RosterSheet, ...]
    """The worksheets with a known header."""
    unread: tuple[str, ...] = ()
    """Names of worksheets that contain text but no known header."""
    hidden: tuple[str, ...] = ()
    """Names of hidden worksheets, which are left out."""
    hidden_rows: tuple[tuple[str, int], ...] = ()
    """Hidden rows that hold text and are left out: worksheet and row number."""


@dataclass(frozen=True)
class _Grid:
    """The cells of a worksheet."""

    name: str
    """Name of the worksheet; empty for a .csv."""
    cells: list[list[str]]
    """Text of the cells, one list per row."""
    formulas: frozenset[tuple[int, int]] = frozenset()
    """Cells with a formula or an error value, as (row, column) from 0."""


def read(path: Path) -> RosterFile:
    """Read the roster at `path`.

    Raises `RefusedError` if the file is missing, inaccessible or not a readable table, or if no
    worksheet has a known header with rows below it.
    """
    data = _bytes(path)
    if data.startswith(_ZIP):
        grids, hidden, hidden_rows = _workbook(path, data)
        sheets = [sheet for grid in grids if (sheet := _sheet(grid)) is not None]
    else:
        hidden, hidden_rows = [], []
        grids, sheets = _csv(path, data)
    found = {sheet.name for sheet in sheets}
    if not sheets:
        raise RefusedError(_no_header(path, grids))
    if not any(sheet.rows for sheet in sheets):
        raise RefusedError(f"{path.name} 只有表头，没有内容。请填好后再导入。")
    unread = tuple(
        grid.name for grid in grids if grid.name not in found and any(map(any, grid.cells))
    )
    return RosterFile(path, tuple(sheets), unread, tuple(hidden), tuple(hidden_rows))


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise RefusedError(f"{path} 是文件夹。请给出 .xlsx 或 .csv 文件。")
        if size > _LARGEST:
            raise RefusedError(f"{path.name} 超过 20 MB，不像花名册。请只保留单位和人员后再导入。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RefusedError(f"没有文件 {path}。请检查路径。") from error
    except (OSError, ValueError) as error:
        reason = fault_words(error) if isinstance(error, OSError) else "路径不对"
        raise RefusedError(f"读不出 {path}（{reason}）。请检查权限。") from error
    if not data.strip():
        raise RefusedError(f"{path.name} 是空文件。")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError(f"{path.name} 有打开密码。请去掉密码另存后再导入。")
        raise RefusedError(f"{path.name} 是旧版 .xls 或其他旧格式文件。{_SAVE_AS}。")
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise RefusedError(f"{path.name} 其实是网页或 XML 文件。{_SAVE_AS}。")
    return data


def _no_header(path: Path, grids: list[_Grid]) -> str:
    """Return a message that says which headers are expected, or which row nearly is one."""
    for grid in grids:
        for number, cells in enumerate(grid.cells, 1):
            if nearly_header(cells):
                where = f"工作表“{grid.name}”第 {number} 行" if grid.name else f"第 {number} 行"
                return f"{path.name}：{where}像人员表的表头，但没有“姓名”列。请补上后再导入。"
    names = "、".join(f"“{grid.name}”" for grid in grids if grid.name)
    where = f"（工作表{names}）" if names else ""
    return (
        f"{path.name}{where}没有找到表头。人员表要有“姓名”以及“单位”“职务”“班子角色”等列，"
        "单位表要有“单位名称”以及“简称”“上级单位”等列；表头须是单独一行，位置不限。"
        + ("" if names else "若打开后是乱码，请另存为 UTF-8 的 CSV。")
    )


# ── worksheets ──


def _sheet(grid: _Grid) -> RosterSheet | None:
    found = ((at, header) for at, cells in enumerate(grid.cells) if (header := header_of(cells)))
    last, header = next(found, (0, None))
    if header is None:
        return None
    if last + 1 < len(grid.cells):
        second = _two_lines(grid.cells[last], grid.cells[last + 1])
        if second is not None and second.kind is header.kind:
            header, last = second, last + 1
    titles = {field: header_key(text) for field, text in header.texts.items()}
    rows = []
    for number, cells in enumerate(grid.cells[last + 1 :], last + 2):
        values = {
            field: cells[at]
            for field, at in header.places.items()
            if at < len(cells) and cells[at].strip()
        }
        # Skip repeated headers; long lists have one on every printed page.
        if not values or {field: header_key(text) for field, text in values.items()} == titles:
            continue
        formulas = frozenset(
            field for field, at in header.places.items() if (number - 1, at) in grid.formulas
        )
        rows.append(RosterRow(number, values, formulas))
    return RosterSheet(grid.name, last + 1, header, tuple(rows))


def _two_lines(upper: list[str], lower: list[str]) -> Header | None:
    """Merge a two-line header (such as 班子 above 角色 and 排序) into one.

    None if `lower` is not the second line of a header.
    """
    pairs = list(itertools.zip_longest(upper, lower, fillvalue=""))
    both = header_of([below if header_key(below) else above for above, below in pairs])
    before = header_of(upper)
    if before is None or both is None or len(both.places) <= len(before.places):
        return None
    known = both.places.values()
    return both if all(at in known for at, cell in enumerate(lower) if header_key(cell)) else None


# ── .csv ──


def _csv(path: Path, data: bytes) -> tuple[list[_Grid], list[RosterSheet]]:
    """Parse with each delimiter; return all grids, and the table with the most known columns."""
    text = _decoded(path, data)
    grids = []
    best: RosterSheet | None = None
    for delimiter in ",\t;":
        try:
            lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            grid = _Grid("", [line[:_MOST_COLUMNS] for line in lines])
        except csv.Error:
            continue
        grids.append(grid)
        sheet = _sheet(grid)
        if sheet and (not best or len(sheet.header.places) > len(best.header.places)):
            best = sheet
    if not grids:
        raise RefusedError(f"{path.name} 不是逗号、分号或制表符分隔的表。{_SAVE_AS}。")
    return grids, [best] if best else []


def _decoded(path: Path, data: bytes) -> str:
    encodings = ["utf-8-sig", "gb18030"]
    mark = b"\xef\xbb\xbf"
    if data.startswith(mark):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            # Some programs put the mark of UTF-8 before GBK.
            data = data.removeprefix(mark)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise RefusedError(
        f"{path.name} 不是表格文件，或编码不是 UTF-8、GB18030。请另存为 UTF-8 的 CSV 或 .xlsx。"
    )


# ── .xlsx ──


def _workbook(path: Path, data: bytes) -> tuple[list[_Grid], list[str], list[tuple[str, int]]]:
    """The visible worksheets, the names of the hidden ones, and the hidden rows that hold text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile:
        size = 0
    if size > _LARGEST_UNPACKED:
        raise RefusedError(f"{path.name} 展开后过大，不像花名册。请只保留单位和人员后再导入。")
    sheets = workbook.worksheets(data)
    if sheets is None:
        raise RefusedError(f"{path.name} 不是 Excel 工作簿，或已损坏，或大得读不出。{_SAVE_AS}。")
    grids, hidden, rows = [], [], []
    for sheet in sheets:
        if sheet["hidden"]:
            hidden.append(sheet["name"])
            continue
        cells = sheet["cells"]
        for y in sheet["hidden_rows"]:
            if y < len(cells) and any(cells[y]):
                rows.append((sheet["name"], y + 1))
                cells[y] = []
        faults = frozenset((y, x) for y, x in sheet["faults"])
        grids.append(_Grid(sheet["name"], cells, faults))
    return grids, hidden, rows
