"""Read the worksheets of a workbook in a child process, under a limit of memory and of time.

Some workbooks take gigabytes, or abort the process that reads them: the child's death is an answer.
python-calamine gives the values. Hidden rows, number formats, error cells and formulas without a
stored value it does not tell; of .xlsx and .ods they are read from the XML (`workbook_marks`), of
.xls and .xlsb they cannot be seen.

This file is also the child's program.
"""

from __future__ import annotations

import datetime
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.imports.workbook_marks import Marks, Shown

_MEMORY = 280 * 1024 * 1024
_SECONDS = 10
_MOST_COLUMNS = 256
# A double keeps 15 digits; what is longer has lost its last ones.
_FIRST_INEXACT = 10**15


def start(path: Path) -> subprocess.Popen[bytes]:
    """Start to read the workbook at `path`; for `worksheets`."""
    with path.open("rb") as file:
        return subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def worksheets(child: subprocess.Popen[bytes]) -> list[dict[str, Any]] | None:
    """The worksheets that `child` reads; None if it cannot read them within the limits.

    Each has its `name`, whether it is `hidden`, its `cells` as rows of text, its `faults` as
    (row, column), which are error cells and formulas without a value, its `hidden_rows`, its
    `merged` ranges as (top, left, bottom, right), and whether it is `seen` in full: if not, only
    the values are known, and `numbers` are the cells whose number format might show them
    otherwise. All places count from 0.
    """
    try:
        told, _ = child.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        stop(child)
        return None
    if child.returncode:
        return None
    found: list[dict[str, Any]] = json.loads(told)
    return found


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child whose answer is not wanted any more."""
    child.kill()
    child.communicate()


def _main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(_read(data)))


def _read(data: bytes) -> list[dict[str, Any]]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(data))
    marks = _marks(data)
    found = []
    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        values = [line[:_MOST_COLUMNS] for line in sheet.to_python(skip_empty_area=False)]
        seen = marks.get(about.name)
        merged = seen.merged if seen and seen.merged else _merged(sheet)
        hidden = about.visible is not SheetVisibleEnum.Visible
        found.append(
            {"name": about.name, "hidden": hidden, "merged": merged, **_cells(values, seen)}
        )
    return found


def _marks(data: bytes) -> dict[str, Marks]:
    """What the XML tells of each worksheet; nothing if there is none, or if it is not in order."""
    if not data.startswith(b"PK"):
        return {}
    from models.imports import workbook_marks

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return workbook_marks.marks(package)
    # Whatever is wrong with the XML: calamine read the values, and what is not seen is said.
    except Exception:
        return {}


def _merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    return [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]


def _cells(values: list[list[Any]], seen: Marks | None) -> dict[str, Any]:
    shown = seen.shown if seen else {}
    formats = seen.formats if seen else {}
    plain = not shown and not formats
    cells = [
        [
            value
            if isinstance(value, str)
            else _text(value)
            if plain
            else shown.get((y, x)) or _text(value, formats.get((y, x)))
            for x, value in enumerate(row)
        ]
        for y, row in enumerate(values)
    ]
    faults = seen.faults if seen else {}
    for (y, x), text in faults.items():
        if y < len(cells) and x < len(cells[y]):
            cells[y][x] = text
    numbers = [
        (y, x)
        for y, row in enumerate(values)
        for x, value in enumerate(row)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    return {
        "cells": cells,
        "faults": sorted(faults),
        "hidden_rows": sorted(seen.hidden_rows) if seen else [],
        "seen": seen is not None,
        "numbers": [] if seen else numbers,
    }


def _text(value: object, shown: Shown | None = None) -> str:
    """A cell's value as the spreadsheet displays it; `shown` is what its format shows."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if abs(value) >= _FIRST_INEXACT:
        return f"{value:.14e}"
    # 1965.10 typed as a number is stored as 1965.1; the cell's format restores the zero.
    if shown:
        return shown.number(value)
    return str(int(value)) if float(value).is_integer() else f"{value:.15g}"


if __name__ == "__main__":
    _main()
