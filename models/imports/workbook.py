"""Read the worksheets of an .xlsx in a child process, under a limit of memory and of time.

Some workbooks take gigabytes, or abort the process that reads them: the child's death is an answer.
python-calamine gives the values. Hidden rows, number formats, error cells and formulas without a
stored value it does not tell; they are read from the XML, by local names, for Strict files too.

This file is also the child's program, and imports nothing of the house.
"""

from __future__ import annotations

import datetime
import io
import json
import posixpath
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree

_MEMORY = 280 * 1024 * 1024
_SECONDS = 10
_MOST_COLUMNS = 256
_DECIMALS = re.compile(r"0\.(0+)(_ )?")
_LEADING_ZEROS = re.compile(r"0+")
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_BUILT_IN = {"2": "0.00"}
# A double keeps 15 digits; what is longer has lost its last ones.
_FIRST_INEXACT = 10**15


def worksheets(data: bytes) -> list[dict[str, Any]] | None:
    """The worksheets of the workbook `data`; None if it cannot be read within the limits.

    Each has its `name`, whether it is `hidden`, its `cells` as rows of text, its `faults` as
    (row, column), which are error cells and formulas without a value, and its `hidden_rows`; all
    places from 0.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-I", __file__], input=data, capture_output=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    if child.returncode:
        return None
    found: list[dict[str, Any]] = json.loads(child.stdout)
    return found


def _main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(_read(data)))


def _read(data: bytes) -> list[dict[str, Any]]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(data))
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name.lower().lstrip("/"): name for name in package.namelist()}
        formats = _formats(package, parts)
        places = dict(_sheet_parts(package, parts))
        for about in book.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            hidden = about.visible is not SheetVisibleEnum.Visible
            sheet = book.get_sheet_by_name(about.name)
            values = sheet.to_python(skip_empty_area=False)
            with package.open(places[about.name]) as part:
                marks = _Marks(part, formats)
            cells = [
                [_text(value, marks.format.get((y, x), "")) for x, value in enumerate(row)]
                for y, row in enumerate([line[:_MOST_COLUMNS] for line in values])
            ]
            faults = set(marks.faults)
            for (y, x), text in marks.faults.items():
                if y < len(cells) and x < len(cells[y]):
                    cells[y][x] = text
            for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
                for y in range(top + 1, min(bottom + 1, len(cells))):
                    if left < len(cells[y]):
                        cells[y][left] = cells[top][left]
                        if (top, left) in faults:
                            faults.add((y, left))
            found.append(
                {
                    "name": about.name,
                    "hidden": hidden,
                    "cells": cells,
                    "faults": sorted(faults),
                    "hidden_rows": marks.hidden_rows,
                }
            )
    return found


class _Marks:
    """What the XML of a worksheet tells beside its values."""

    def __init__(self, part: IO[bytes], formats: list[str]) -> None:
        self.format: dict[tuple[int, int], str] = {}
        self.faults: dict[tuple[int, int], str] = {}
        self.hidden_rows: list[int] = []
        y, x = -1, -1
        for event, element in ElementTree.iterparse(part, events=("start", "end")):
            name = _local(element.tag)
            if name == "row" and event == "start":
                y, x = int(element.get("r") or y + 2) - 1, -1
                if element.get("hidden") in ("1", "true"):
                    self.hidden_rows.append(y)
            elif name == "c" and event == "end":
                x = _column(element.get("r")) if element.get("r") else x + 1
                self._cell(y, x, element, formats)
            elif name == "row":
                element.clear()

    def _cell(self, y: int, x: int, cell: ElementTree.Element, formats: list[str]) -> None:
        inside = {_local(child.tag): child.text or "" for child in cell}
        if cell.get("t") == "e" or ("f" in inside and not inside.get("v")):
            self.faults[y, x] = f"={inside['f']}" if inside.get("f") else inside.get("v", "")
        style = cell.get("s") or "0"
        if style.isdigit() and int(style) < len(formats) and formats[int(style)]:
            self.format[y, x] = formats[int(style)]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _column(place: str | None) -> int:
    found = _PLACE.match(place or "")
    column = 0
    for letter in found[1] if found else "A":
        column = column * 26 + ord(letter) - 64
    return column - 1


def _formats(package: zipfile.ZipFile, parts: dict[str, str]) -> list[str]:
    """The number format of each cell style that restores zeros; empty for the others."""
    if "xl/styles.xml" not in parts:
        return []
    codes, styles = dict(_BUILT_IN), []
    for element in ElementTree.fromstring(package.read(parts["xl/styles.xml"])):
        if _local(element.tag) == "numFmts":
            codes |= {each.get("numFmtId", ""): each.get("formatCode", "") for each in element}
        elif _local(element.tag) == "cellXfs":
            styles = [each.get("numFmtId", "") for each in element]
    found = [codes.get(style, "") for style in styles]
    return [
        code if _DECIMALS.fullmatch(code) or _LEADING_ZEROS.fullmatch(code) else ""
        for code in found
    ]


def _sheet_parts(package: zipfile.ZipFile, parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The name of each worksheet and of its part."""
    targets = {}
    for each in ElementTree.fromstring(package.read(parts["xl/_rels/workbook.xml.rels"])):
        target = posixpath.normpath(posixpath.join("/xl", each.get("Target", "")))
        targets[each.get("Id")] = target.lstrip("/").lower()
    for element in ElementTree.fromstring(package.read(parts["xl/workbook.xml"])).iter():
        if _local(element.tag) == "sheet":
            wanted = next(value for key, value in element.items() if key.endswith("}id"))
            if targets[wanted] in parts:
                yield element.get("name", ""), parts[targets[wanted]]


def _text(value: object, code: str) -> str:
    """A cell's value as the spreadsheet displays it."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    # 1965.10 typed as a number is stored as 1965.1; the cell's format restores the zero.
    if decimals := _DECIMALS.fullmatch(code):
        return f"{value:.{len(decimals[1])}f}"
    if not float(value).is_integer():
        return repr(value)
    if abs(value) >= _FIRST_INEXACT:
        return f"{value:.14e}"
    return str(int(value)).zfill(len(code) if _LEADING_ZEROS.fullmatch(code) else 0)


if __name__ == "__main__":
    _main()
