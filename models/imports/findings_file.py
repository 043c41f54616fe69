"""Write what is wrong with a roster into a workbook, to send back to whoever made it."""

from __future__ import annotations

from pathlib import Path

from models.imports.roster_import import ImportPlan
from models.refusal import RefusedError, fault_words

_COLUMNS = (("怎样", 8), ("工作表", 14), ("行", 6), ("列", 16), ("值", 30), ("原因", 60))


def write_findings(plan: ImportPlan, target: Path | None = None) -> Path:
    """Write every finding, those to correct first; where they were written.

    Without a `target` they go beside the roster, under a name that is free. Raises `RefusedError`
    if it cannot be written.
    """
    # Takes 30 ms to import.
    import xlsxwriter

    path = target or _beside(plan.file.source.path)
    rows = [
        (str(found.kind), found.sheet, found.row or "", found.column, found.value, found.reason)
        for found in plan.refused + plan.adjusted
    ]
    try:
        # Texts of the roster stay texts: no formula, no link.
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, options) as book:
            sheet, wrapped = book.add_worksheet("须改正"), book.add_format({"text_wrap": True})
            head = book.add_format({"bold": True})
            for x, (title, width) in enumerate(_COLUMNS):
                sheet.set_column(x, x, width, wrapped)
                sheet.write_string(0, x, title, head)
            for y, row in enumerate(rows, 1):
                for x, value in enumerate(row):
                    sheet.write(y, x, value)
            sheet.freeze_panes(1, 0)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else error
        raise RefusedError(f"没有写成 {path}（{fault_words(cause)}）。") from error
    return path


def _beside(roster: Path) -> Path:
    number, path = 1, roster.with_name(f"{roster.stem} 须改正.xlsx")
    while path.exists():
        number += 1
        path = roster.with_name(f"{roster.stem} 须改正 {number}.xlsx")
    return path
