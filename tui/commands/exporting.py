"""`ceping export`: the documents of a round, written, registered, and resumed if stopped."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from models.database.store import Store
from models.refusal import RefusedError
from models.settings.office import find_file, load
from tui.words.ways import COMMAND_LINE

if TYPE_CHECKING:
    from exports.writing.job import Job
    from exports.writing.write_out import WriteOutcome

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


def export(options: argparse.Namespace, store: Store) -> int:
    """Write the documents of an open store's round; 1 if files of somebody's were left alone or
    the run was stopped. What is written is registered as it goes."""
    from exports.writing import preparation
    from models.rounds import life, polls

    settings = load(find_file(options.config))
    info = life.find(options.round)
    poll_ids = [polls.find(info.id, options.unit).id] if options.unit else None
    chosen = [preparation.kind_named(name) for name in options.kind or preparation.KINDS]
    _show("正在汇总得票情况……")
    try:
        jobs = preparation.prepare(settings, info, poll_ids, chosen)
    finally:
        _show("")
    return _Run(jobs, options.output.absolute()).write(overwrite=options.overwrite)


def _show(words: str) -> None:
    """Words on a line that the next ones take the place of; only where somebody looks on."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{words}")
        sys.stderr.flush()


class _Run:
    """One run over the jobs: what became of them, told at the end."""

    def __init__(self, jobs: Sequence[Job], folder: Path) -> None:
        self._jobs = jobs
        self._folder = folder
        self._outcomes: Counter[WriteOutcome] = Counter()
        self._kept: list[Path] = []

    @property
    def _done(self) -> int:
        return self._outcomes.total()

    def write(self, *, overwrite: bool) -> int:
        """Write, register, tell; the exit status."""
        from exports.writing import write_out
        from exports.writing.write_out import WriteOutcome
        from models.results import register

        known = register.last_digests(self._folder)
        seen = write_out.someones_files(self._jobs, self._folder, known) if overwrite else {}
        begun = time.monotonic()
        with _stopping() as stopped:
            batches = write_out.write_all(
                self._jobs, self._folder, known, overwrite=seen, stopped=lambda: bool(stopped)
            )
            try:
                for batch in batches:
                    register.record(step.document for step in batch if step.document)
                    self._outcomes.update(step.outcome for step in batch)
                    self._kept += [step.path for step in batch if step.outcome is WriteOutcome.KEPT]
                    self._show_progress(time.monotonic() - begun)
            except RefusedError as error:
                self._tell()
                raise RefusedError(f"{COMMAND_LINE.refusal(error)}\n{self._way_on()}") from error
        self._tell()
        left = self._done < len(self._jobs)
        if left:
            sys.stderr.write(f"已停止。{self._way_on()}\n")
        return 1 if left or self._kept else 0

    def _show_progress(self, seconds: float) -> None:
        from tui.words.remaining import progress_words

        _show(progress_words(self._done, len(self._jobs), seconds))

    def _tell(self) -> None:
        from exports.writing.write_out import WriteOutcome

        _show("")
        standing = self._outcomes[WriteOutcome.STANDING]
        before = f"，另有 {standing} 份原已写好" if standing else ""
        written = self._outcomes[WriteOutcome.WRITTEN]
        sys.stdout.write(f"写出 {written} 份文书{before}：{self._folder}\n")
        sys.stdout.flush()
        if self._kept:
            named = "".join(f"  {path}\n" for path in self._kept[:_MOST_NAMED])
            more = len(self._kept) - _MOST_NAMED
            rest = f"  以及另外 {more} 个\n" if more > 0 else ""
            sys.stderr.write(
                f"以下 {len(self._kept)} 个文件写出后有人改过，或者不是本程序写的，没有覆盖：\n"
                f"{named}{rest}"
                "要保留改动，先改名或移走再写一次；不要了，就加 --overwrite 覆盖。\n"
            )

    def _way_on(self) -> str:
        return (
            f"已写好的 {self._done} 份都已登记，还有 {len(self._jobs) - self._done} 份没有写；"
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
