"""Open a roster file: its worksheets as cells of text.

The format is told by the first bytes, not by the suffix.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.imports import workbook
from models.imports.text_table import read_text
from models.refusal import RefusedError, fault_words

_LARGEST = 20 * 1024 * 1024
_LARGEST_UNPACKED = 200 * 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|table|head|meta)", re.IGNORECASE)
_SAVE_AS = "请用表格软件打开，另存为 .xlsx 或 CSV 后再导入"
_WPS = frozenset({".et", ".ett"})

SUFFIXES = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".txt", ".tsv")
"""Suffixes of files that can be rosters."""


@dataclass(frozen=True)
class Grid:
    """The cells of a worksheet. All places count from 0."""

    name: str
    """Name of the worksheet; empty for a text file."""
    cells: list[list[str]]
    """Text of the cells, one list per row. Every cell of a merged range has its text."""
    faults: frozenset[tuple[int, int]] = frozenset()
    """Cells with an error or with a formula without a value, as (row, column)."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges: top, left, bottom, right."""
    hidden: bool = False
    """Whether the worksheet is hidden."""
    hidden_rows: frozenset[int] = frozenset()
    """The hidden rows that hold text."""
    seen: bool = True
    """Whether hidden rows, number formats and faults can be seen in this format."""
    numbers: frozenset[tuple[int, int]] = frozenset()
    """Cells with a number that might be shown otherwise, if not all can be seen."""


@dataclass(frozen=True)
class Source:
    """A roster file as cells of text."""

    path: Path
    """Path of the file."""
    grids: tuple[Grid, ...]
    """Its worksheets, hidden ones too."""


class Opening:
    """A file that is being read, so that other work can be done meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raises `RefusedError` if the file is missing, inaccessible or certainly no table."""
        self._path = path
        self._data = _bytes(path)
        self._child = None
        if self._data.startswith((_ZIP, _OLE)):
            _check_size(path, self._data)
            self._child = workbook.start(path)

    def __enter__(self) -> Opening:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child and self._child.returncode is None:
            workbook.stop(self._child)

    def source(self) -> Source:
        """The file. Raises `RefusedError` if it is not a readable table."""
        if self._child is None:
            return Source(self._path, (Grid("", read_text(self._path, self._data)),))
        sheets = workbook.worksheets(self._child)
        if sheets is None:
            raise RefusedError(
                f"{self._path.name} 不是 Excel 工作簿，或已损坏，或大得读不出。{_SAVE_AS}。"
            )
        return Source(self._path, _grids(sheets))


def load(path: Path) -> Source:
    """Read the file at `path`.

    Raises `RefusedError` if it is missing, inaccessible or not a readable table.
    """
    with Opening(path) as opening:
        return opening.source()


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
        if path.suffix.lower() in _WPS:
            raise RefusedError(
                f"{path.name} 是 WPS 表格自己的格式。请在 WPS 里打开，选“文件”“另存为”，"
                "文件类型选 .xlsx，再导入另存的文件。"
            )
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise RefusedError(f"{path.name} 其实是网页或 XML 文件。{_SAVE_AS}。")
    return data


def _check_size(path: Path, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile:
        size = 0
    if size > _LARGEST_UNPACKED:
        raise RefusedError(f"{path.name} 展开后过大，不像花名册。请只保留单位和人员后再导入。")


def _grids(sheets: list[dict[str, Any]]) -> tuple[Grid, ...]:
    grids = []
    for sheet in sheets:
        cells: list[list[str]] = sheet["cells"]
        faults = {(y, x) for y, x in sheet["faults"]}
        merged = tuple(tuple(each) for each in sheet["merged"])
        _fill_merged(cells, faults, merged)
        grids.append(
            Grid(
                name=sheet["name"],
                cells=cells,
                faults=frozenset(faults),
                merged=merged,
                hidden=sheet["hidden"],
                hidden_rows=frozenset(
                    y for y in sheet["hidden_rows"] if y < len(cells) and any(cells[y])
                ),
                seen=sheet["seen"],
                numbers=frozenset((y, x) for y, x in sheet["numbers"]),
            )
        )
    return tuple(grids)


def _fill_merged(
    cells: list[list[str]],
    faults: set[tuple[int, int]],
    merged: tuple[tuple[int, int, int, int], ...],
) -> None:
    """Give every cell of a merged range the text of its first one."""
    for top, left, bottom, right in merged:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        text = cells[top][left]
        for y in range(top, min(bottom + 1, len(cells))):
            row = cells[y]
            for x in range(left, min(right + 1, len(row))):
                row[x] = text
                if (top, left) in faults:
                    faults.add((y, x))
