"""`ceping seal` and `ceping verify`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.database.store import Store, default_path
from models.refusal import RefusedError
from tui.commands.waiting import working

if TYPE_CHECKING:
    from models.recount.examination import Check


def add_seal(parser: argparse.ArgumentParser) -> None:
    """The arguments of `seal`."""
    parser.add_argument("round", metavar="ROUND", help="轮次的编号或名称")
    parser.add_argument("--unit", required=True, metavar="U", help="单位全称或简称")
    parser.add_argument(
        "--teller",
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help="监票人=姓名、计票人=姓名，可重复；另有 唱票人、主持人",
    )
    parser.add_argument(
        "--text", type=Path, metavar="FILE", help="写出已封存单位的封存文本，供 ceping-recount 重数"
    )


def add_verify(parser: argparse.ArgumentParser) -> None:
    """The arguments of `verify`."""
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def seal(options: argparse.Namespace, store: Store) -> int:
    """Seal one poll of an open store and print its digest."""
    from exports.documents.kinds import load_settings
    from exports.writing.lapsed import lapsed_files
    from models.database import restore
    from models.rounds import life, polls
    from models.seal import sealing
    from models.settings.office import find_file
    from tui.words import findings as words
    from tui.words import lapsed_lines
    from tui.words.ways import COMMAND_LINE

    info = life.find(options.round)
    poll = polls.find(info.id, options.unit)
    if options.text is not None:
        sealing.write_text(poll.id, options.text.absolute())
        sys.stdout.write(
            f"已写出封存文本：{options.text}，并记入日志。\n"
            "里面有按类别的每一张票，只留在本机关，用后销毁。\n"
        )
        return 0
    settings = load_settings(find_file(options.config))
    life.complete_frozen(settings)
    tellers = []
    for text in options.teller:
        role, sign, name = text.replace("＝", "=").partition("=")
        if not sign or not name.strip():
            raise RefusedError(f"--teller 应写作 监票人=姓名，现为“{text}”。")
        tellers.append(sealing.Teller(role.strip(), name.strip()))
    try:
        with working("正在封存"):
            made = sealing.seal(poll.id, tellers, store)
    except sealing.UnsealableError as error:
        raise words.refusal(error, COMMAND_LINE) from error
    groups = sealing.groups_of(made.digest)
    sys.stdout.write(
        f"{poll.unit_name} 已封存，第 {made.version} 版。摘要（SHA-256）：\n"
        f"{' '.join(groups[:8])}\n{' '.join(groups[8:])}\n"
    )
    for left in restore.replaced_files(store.path):
        sys.stdout.write(f"恢复时另存的 {left} 仍有录入顺序，确认不再需要后请销毁。\n")
    sys.stderr.write(lapsed_lines.told(lapsed_files(settings, info, [poll.id])))
    return 0


def verify(options: argparse.Namespace) -> int:
    """Recompute everything from the file, opening nothing for writing; 1 on any fault."""
    from models.recount import examination

    path = options.database or default_path()
    if not path.exists():
        raise RefusedError(f"没有数据库 {path}。")
    with working("正在逐票重算"):
        checks = examination.examine(path)
    faults = [fault for check in checks for fault in check.faults]
    journal = None if faults else examination.chain(path)
    sys.stdout.write(_as_json(checks, journal) if options.json else _as_lines(checks, journal))
    if any(check.unread for check in checks):
        sys.stderr.write("\n".join(faults) + "\n")
    elif faults:
        sys.stderr.write("\n".join(faults) + "\n核对不符：请勿使用这个文件的结果；可从备份恢复。\n")
    return 1 if faults else 0


def _as_lines(checks: Sequence[Check], journal: tuple[int, str] | None) -> str:
    found = ""
    for check in checks:
        state = f"有 {len(check.faults)} 处不符" if check.faults else "相符"
        found += f"{check.title}：查 {check.examined}，{state}\n"
    if journal is not None:
        found += f"全部相符。\n操作日志共 {journal[0]} 条，末条摘要 {journal[1]}\n"
    return found


def _as_json(checks: Sequence[Check], journal: tuple[int, str] | None) -> str:
    found = {
        "checks": [
            {"title": each.title, "examined": each.examined, "faults": each.faults}
            for each in checks
        ],
        "journal": None if journal is None else {"entries": journal[0], "head": journal[1]},
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
