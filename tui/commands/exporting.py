"""`ceping export`: the documents of a round, written, registered, and resumed if stopped."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from models.database.store import Store
from models.refusal import RefusedError
from models.settings.office import find_file
from tui.words.ways import COMMAND_LINE

if TYPE_CHECKING:
    from exports.writing.run import ExportRun
    from models.rounds.plan import RoundInfo
    from models.settings.office import Settings

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# More kept files than this are only counted.
_MOST_NAMED = 20


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    parser.add_argument("round", metavar="ROUND", help="轮次的编号或名称")
    parser.add_argument("--unit", metavar="U", help="只写一个单位的")
    parser.add_argument(
        "--kind", nargs="+", action="extend", metavar="K", help="文书种类，默认全部"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="写到哪里")
    parser.add_argument(
        "--overwrite", action="store_true", help="写出后有人改过的文件也覆盖；默认保留并列出"
    )
    parser.add_argument(
        "--take-out",
        action="store_true",
        help="写完后，把不再是现在的结果的文件移到轮次文件夹里的“已失效”；默认只列出",
    )


def export(options: argparse.Namespace, store: Store) -> int:
    """Write the documents of an open store's round; 1 if files of somebody's were left alone, a
    document could not be made or the run was stopped. What is written is registered as it goes;
    files that no longer stand are named at the end, whatever was written."""
    from exports.documents.kinds import load_settings
    from models.rounds import life, polls

    settings = load_settings(find_file(options.config))
    info = life.find(options.round)
    poll_ids = [polls.find(info.id, options.unit).id] if options.unit else None
    try:
        status, stopped = _export(options, settings, info, poll_ids)
    except RefusedError:
        _tell_lapsed(settings, info, poll_ids, take_out=False)
        raise
    _tell_lapsed(settings, info, poll_ids, take_out=options.take_out and not stopped)
    return status


def _export(
    options: argparse.Namespace,
    settings: Settings,
    info: RoundInfo,
    poll_ids: list[int] | None,
) -> tuple[int, bool]:
    """Write what was asked for; the exit status, and whether the run was stopped."""
    from exports.documents.kinds import KINDS
    from exports.writing.preparation import prepare
    from exports.writing.run import ExportRun

    _show("正在汇总得票情况……")
    try:
        jobs = prepare(settings, info, poll_ids, options.kind or KINDS)
    finally:
        _show("")
    run = ExportRun.begin(jobs, options.output.absolute())
    status = _written(run, overwrite=options.overwrite)
    if jobs.hints:
        sys.stderr.write("".join(f"{line}\n" for line in jobs.hints))
    if jobs.left_out:
        lines = "\n".join(jobs.left_out)
        sys.stderr.write(
            f"以下单位的数与封存的不同，没有写文书；用 ceping verify 查明：\n{lines}\n"
        )
    return (1 if jobs.left_out else status), bool(run.left)


def _tell_lapsed(
    settings: Settings, info: RoundInfo, poll_ids: list[int] | None, *, take_out: bool
) -> None:
    """Name the files that no longer stand, and take them out if that was asked for."""
    from exports.writing.lapsed import lapsed_files, move_aside
    from tui.words import lapsed_lines as words

    found = lapsed_files(settings, info, poll_ids)
    sys.stderr.write(words.told(found))
    if take_out and found:
        moved, left = move_aside(found)
        sys.stderr.write(words.moved(len(moved), left))


def _show(words: str) -> None:
    """Words on a line that the next ones take the place of; only where somebody looks on."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{words}")
        sys.stderr.flush()


def _written(run: ExportRun, *, overwrite: bool) -> int:
    """Write, register, tell; the exit status."""
    from tui.words.remaining import progress_words

    seen = run.theirs() if overwrite else {}
    begun = time.monotonic()
    with _stopping() as stopped:
        try:
            for batch in run.write(overwrite=seen, stopped=lambda: bool(stopped)):
                run.enter(batch)
                _show(progress_words(run.done, len(run.jobs), time.monotonic() - begun))
        except RefusedError as error:
            _tell(run)
            raise RefusedError(f"{COMMAND_LINE.refusal(error)}\n{_way_on(run)}") from error
    _tell(run)
    if run.left:
        sys.stderr.write(f"已停止。{_way_on(run)}\n")
    return 1 if run.left or run.kept or run.failed else 0


def _tell(run: ExportRun) -> None:
    from exports.writing.write_out import WriteOutcome

    _show("")
    standing = run.outcomes[WriteOutcome.STANDING]
    before = f"，另有 {standing} 份原已写好" if standing else ""
    sys.stdout.write(f"写出 {run.outcomes[WriteOutcome.WRITTEN]} 份文书{before}：{run.folder}\n")
    sys.stdout.flush()
    if run.seen_by_others:
        sys.stderr.write(f"{run.folder} 本机的其他账号也能打开；文书只有本账号能读。\n")
    if run.failed:
        lines = [f"  {path}：{fault}\n" for path, fault in run.failed.items()]
        more = len(lines) - _MOST_NAMED
        rest = f"  以及另外 {more} 份\n" if more > 0 else ""
        named = "".join(lines[:_MOST_NAMED])
        sys.stderr.write(f"以下 {len(lines)} 份没有写成，其余照写：\n{named}{rest}")
    if run.kept:
        named = "".join(f"  {path}\n" for path in run.kept[:_MOST_NAMED])
        more = len(run.kept) - _MOST_NAMED
        rest = f"  以及另外 {more} 个\n" if more > 0 else ""
        sys.stderr.write(
            f"以下 {len(run.kept)} 个文件写出后有人改过，或者不是本程序写的，没有覆盖：\n"
            f"{named}{rest}"
            "要保留改动，先改名或移走再写一次；不要了，就加 --overwrite 覆盖。\n"
        )


def _way_on(run: ExportRun) -> str:
    return (
        f"已写好的 {run.done} 份都已登记，还有 {run.left} 份没有写；"
        "再运行一次同样的命令，就接着写。"
    )


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """Within it, a signal to stop is only noted, so that the document at hand is finished and
    registered; a second one breaks off."""
    noted: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        if noted:
            raise KeyboardInterrupt
        noted.append(number)

    before = {number: signal.signal(number, note) for number in _STOPS}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
