"""Tallies, recounts, a seal and size at many ballots of 24 marks."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from models.count.tally import exact_tally
from models.database.store import open_store, writing
from models.entry import first_entry
from models.recount import examination
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.stacks import stacks
from models.seal.sealing import Teller, seal
from tests.benchmarks.figure import Figure, percentile
from tests.terminal.stored import batch_of

# Six persons with three items and an overall line: 24 places, three grades.
_UNIT, _LEVEL = "白银市工商行政管理局", "个人廉洁自律"
_GROUPS = ("班子成员", "中层干部", "一般干部职工", "服务对象代表")
_PLACES = 24


def fill(path: Path, ballots: int) -> None:
    """Put so many ballots into the stacks of one level, as if they had been keyed."""
    chosen = random.Random(3)  # noqa: S311 - test data
    papers = ["".join(chosen.choices("111223330*", k=_PLACES)) for _ in range(9973)]
    batches = [batch_of(path, _UNIT, _LEVEL, group) for group in _GROUPS]
    with closing(sqlite3.connect(path)) as file, file:
        for batch in batches:
            share = ballots // len(batches)
            file.execute("UPDATE batch SET returned = ? WHERE id = ?", (share, batch))
            file.execute(
                "UPDATE issue SET issued = ? WHERE (sheet_id, group_id) = "
                "(SELECT sheet_id, group_id FROM batch WHERE id = ?)",
                (share, batch),
            )
            file.executemany(
                "INSERT INTO ballot (batch_id, position, marks, void_reason) VALUES (?, ?, ?, 0)",
                ((batch, n, papers[(n * batch) % len(papers)]) for n in range(1, share + 1)),
            )
        file.execute(
            "INSERT INTO entered SELECT batch_id, void_reason, count(*) FROM ballot GROUP BY 1, 2"
        )
        file.executemany(
            "INSERT INTO count (sheet_id, group_id, place, mark, n) VALUES (?, ?, ?, ?, ?)",
            [(*cell, n) for cell, n in examination.recounted(file).items()],
        )


def key_more(path: Path, batch: int, ballots: int) -> None:
    """Let so many more ballots of a stack be keyed."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE batch SET returned = returned + ? WHERE id = ?", (ballots, batch))
        file.execute(
            "UPDATE issue SET issued = issued + ? WHERE (sheet_id, group_id) = "
            "(SELECT sheet_id, group_id FROM batch WHERE id = ?)",
            (ballots, batch),
        )


def _milliseconds(act: object, times: int) -> float:
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        assert callable(act)
        act()
        taken.append(1000 * (time.perf_counter() - before))
    return percentile(taken, 0.5)


def _keying(path: Path, batch: int, times: int = 300) -> float:
    """Ballots keyed into a stack and committed, as the pad does; milliseconds each."""
    key_more(path, batch, times)
    store = open_store(path)
    try:
        entry = first_entry.enter(batch)
        marks = "1" * len(entry.sheet.places)
        return _milliseconds(lambda: entry.commit(marks), times)
    finally:
        store.close()


def _seal(path: Path) -> float:
    """Seal the unit with all those ballots, one of each other stack beside them; seconds."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE round SET verification = 'none'")
        file.execute("UPDATE batch SET returned = 1 WHERE returned < 1000")
    store = open_store(path)
    try:
        poll = polls.find(1, _UNIT)
        with writing():
            for stack in stacks(poll.id):
                if stack.balance.missing > 0:
                    entry = first_entry.enter(stack.stack_id)
                    entry.commit("1" * len(entry.sheet.places))
        tellers = [Teller("监票人", "甲"), Teller("计票人", "乙")]
        before = time.perf_counter()
        seal(poll.id, tellers, store)
        return time.perf_counter() - before
    finally:
        store.close()


def all_figures(database: Path, folder: Path, many: int) -> list[Figure]:
    """Everything, on a copy of the database filled with so many ballots."""
    path = Path(shutil.copy(database, folder / "many.db"))
    batch = batch_of(path, _UNIT, _LEVEL, _GROUPS[0])
    keying = _keying(Path(shutil.copy(database, folder / "few.db")), batch)
    empty = path.stat().st_size
    fill(path, many)
    each = (path.stat().st_size - empty) / many
    store = open_store(path, write=False)
    try:
        info = life.rounds()[0]
        poll = next(poll for poll in polls.polls(info.id) if poll.unit_name == _UNIT)
        reading = _milliseconds(lambda: exact_tally(poll, info, Level.INTEGRITY), 100)
        valid = exact_tally(poll, info, Level.INTEGRITY)[Level.INTEGRITY].paper.valid
        assert valid == many // len(_GROUPS) * len(_GROUPS)
    finally:
        store.close()
    later = _keying(Path(shutil.copy(path, folder / "keyed.db")), batch)
    with closing(sqlite3.connect(path)) as file:
        counting = _milliseconds(lambda: examination.recounted(file), 3) / 1000
    checking = _milliseconds(lambda: examination.differences(path), 3) / 1000
    assert examination.differences(path) == []
    sealing = _seal(path)
    sealed = _milliseconds(lambda: examination.differences(path), 1) / 1000
    assert examination.differences(path) == []
    size = (path.stat().st_size - empty) / many
    allowed = many / 1_000_000
    return [
        Figure(f"tally of a level at {many:,} ballots", reading, "ms", "<= 2", reading <= 2),
        Figure("a durable ballot in an empty database", keying, "ms", ""),
        Figure(f"a durable ballot after {many:,}", later, "ms", ""),
        Figure("full recount", counting, "s", f"<= {allowed:g}", counting <= allowed),
        Figure("  with integrity and reference checks", checking, "s", ""),
        Figure("seal of a unit, backups and erasure included", sealing, "s", ""),
        Figure("verify of it once sealed", sealed, "s", ""),
        Figure("database once sealed, a ballot", size, "bytes", "<= 45", size <= 45),
        Figure("database, a 24-mark ballot", each, "bytes", "<= 45", each <= 45),
    ]
