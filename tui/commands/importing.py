"""`ceping import`: a roster from a spreadsheet or a text file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from models.database.store import Store

if TYPE_CHECKING:
    from models.imports.source import Opening
from tui.commands.waiting import working


def add_import(parser: argparse.ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument("--clean-part", action="store_true", help="有错时只导入无误的部分")
    parser.add_argument(
        "--sheet", action="append", metavar="NAME", help="只读这张工作表（可写几个；隐藏的也读）"
    )
    parser.add_argument("--list", type=Path, metavar="FILE", help="把须改正的清单写成 .xlsx")
    parser.add_argument("--hidden-rows", action="store_true", help="隐藏的行也读")
    parser.add_argument("--odd-names", action="store_true", help="“请核对”的姓名确实是姓名")
    parser.add_argument("--json", action="store_true", help="检查的结果输出 JSON")


def import_roster(options: argparse.Namespace, store: Store, opening: Opening) -> int:
    """Import the roster that is being read into an open store, or only tell what it would change;
    the exit status."""
    from models.imports import roster_import
    from models.imports.choices import Choices
    from tui.words.import_report import as_json, lines

    choices = Choices(
        sheets=frozenset(options.sheet) if options.sheet else None,
        hidden_rows=options.hidden_rows,
        odd_names=options.odd_names,
    )
    with working("正在检查名册"):
        plan = roster_import.plan_source(opening.source(), choices)
    if not options.json:
        sys.stdout.write("\n".join(lines(plan)) + "\n")
    if options.list:
        from models.imports import findings_file

        findings_file.write_findings(plan, options.list)
    status, imported = 0, False
    if options.dry_run:
        status = 1 if plan.refused else 0
    elif plan.refused and not options.clean_part:
        sure = "姓名没有写错的，加 --odd-names；" if plan.asked else ""
        sys.stderr.write(f"没有导入。改好名册再导；{sure}或加 --clean-part 只导入无误的部分。\n")
        status = 1
    else:
        with working("正在导入名册"):
            counts = roster_import.apply(plan, store, clean_part=options.clean_part)
        imported = not counts.nothing
        if not options.json:
            sys.stdout.write("已导入。\n" if imported else "没有要改的，名册不变。\n")
    if options.json:
        sys.stdout.write(as_json(plan, imported=imported) + "\n")
    return status
