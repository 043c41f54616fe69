"""After a seal nothing on the disk tells in which order the ballots were keyed."""

import random
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from models.database import backup, erasure, journal
from models.database.store import Store, open_store, writing
from models.database.tables import database
from models.entry import first_entry
from models.recount import examination
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollState
from models.rounds.stacks import stacks
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import only_poll, small_round, stack_of
from tests.sealing import TELLERS, UNVERIFIED, keyed_round, papers, size_of

GROUP = "中层干部"
SHEETS = 3000
# By chance a sheet stands next to one of its two neighbours twice in a whole stack.
BY_CHANCE = 15

_COUNTS = """
INSERT INTO count (sheet_id, group_id, place, mark, n) VALUES (?, ?, ?, ?, 1)
ON CONFLICT (sheet_id, group_id, place, mark) DO UPDATE SET n = n + 1
"""


def fill(stack_id: int, sheet_id: int, group_id: int, lines: list[str], first: int = 1) -> None:
    """What keying these lines writes, in one transaction."""
    with writing():
        file = database.connection()
        file.executemany(
            "INSERT INTO ballot (batch_id, position, marks, void_reason) VALUES (?, ?, ?, 0)",
            [(stack_id, first + at, line) for at, line in enumerate(lines)],
        )
        file.executemany(
            _COUNTS,
            [
                (sheet_id, group_id, place, mark)
                for line in lines
                for place, mark in enumerate(line)
            ],
        )
        file.execute(
            "INSERT INTO entered (batch_id, void_reason, n) VALUES (?, 0, ?) "
            "ON CONFLICT (batch_id, void_reason) DO UPDATE SET n = n + excluded.n",
            (stack_id, len(lines)),
        )


def big_round(settings: Settings, path: Path, shuffle: int = 1) -> tuple[RoundInfo, list[str]]:
    """A round whose stack of members holds 3000 different sheets keyed in a random order, with
    backups made on the way; and those sheets in the order of keying."""
    info = small_round(
        settings, (GROUP,), UNVERIFIED, members=("李一", "李二", "李三"), returned=SHEETS
    )
    chance = random.Random(7)  # noqa: S311
    watched = stack_of(info, Level.MEMBER, GROUP)
    order: list[str] = []
    for stack in stacks(only_poll(info).id):
        size = size_of(stack)
        if stack.stack_id != watched.stack_id:
            lines = ["".join(chance.choices("1230", k=size)) for _ in range(SHEETS)]
            fill(stack.stack_id, stack.sheet_id, stack.group.id, lines)
            continue
        kinds = {"".join(chance.choices("1230", k=size)) for _ in range(SHEETS + 200)}
        order = sorted(kinds)
        order = order[:SHEETS]
        random.Random(shuffle).shuffle(order)  # noqa: S311
        for start in range(0, SHEETS, 500):
            part = order[start : start + 500]
            fill(stack.stack_id, stack.sheet_id, stack.group.id, part, start + 1)
            if start in (0, 1500):
                backup.make(path, "自动")
        with writing():
            # A second entry's rows, as one that was begun would leave them.
            database.connection().executemany(
                "INSERT INTO second_ballot (batch_id, position, marks, void_reason) "
                "VALUES (?, ?, ?, 0)",
                [(stack.stack_id, at, line) for at, line in enumerate(order, 1)],
            )
    assert len(set(order)) == SHEETS
    return info, order


def occurrences(file: Path, known: set[bytes]) -> list[tuple[int, str]]:
    """Where the sheets stand in a file, by offset."""
    (size,) = {len(marks) for marks in known}
    found = re.finditer(b"(?=([0-4*]{%d}))" % size, file.read_bytes())
    return [(match.start(), match[1].decode()) for match in found if match[1] in known]


def neighbours(order: list[str], seen: list[str]) -> int:
    """How many sheets stand next to one that was keyed just before or after them."""
    at = {marks: number for number, marks in enumerate(order)}
    return sum(abs(at[one] - at[two]) == 1 for one, two in pairwise(seen))


def files_of(path: Path) -> list[Path]:
    return [file for file in sorted(path.parent.rglob("*")) if file.is_file()]


def attack(path: Path, order: list[str]) -> dict[str, int]:
    """Read every file of the folder raw; the neighbours that each gives away."""
    known = {marks.encode() for marks in order}
    return {
        file.name: neighbours(order, [marks for _, marks in occurrences(file, known)])
        for file in files_of(path)
    }


def test_no_file_tells_the_order(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "office" / "ceping.db"
    store = open_store(path)
    try:
        info, order = big_round(settings, path)
        backup.make(path, "自动")
        assert backup.make(path, "手工").exists()
        told = attack(path, order)
        assert told["ceping.db"] + told["ceping.db-wal"] > SHEETS * 0.9, told
        assert sum(n > SHEETS * 0.9 for name, n in told.items() if "自动" in name) >= 1, told
        sealing.seal(only_poll(info).id, TELLERS, store)
        check_erased(path, order)
        assert not erasure.pending()
        assert examination.differences(path) == []
    finally:
        store.close()
    check_erased(path, order)


def test_where_a_sheet_stands_does_not_depend_on_when_it_was_keyed(
    tmp_path: Path, settings: Settings
) -> None:
    orders, places = [], []
    for shuffle in (1, 2):
        path = tmp_path / str(shuffle) / "ceping.db"
        store = open_store(path)
        try:
            info, order = big_round(settings, path, shuffle)
            sealing.seal(only_poll(info).id, TELLERS, store)
            (kept,) = backup.listing(path)
            known = {marks.encode() for marks in order}
            places.append([occurrences(file, known) for file in (path, kept.path)])
            orders.append(order)
        finally:
            store.close()
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])
    assert len(places[0][0]) == SHEETS
    assert places[0] == places[1]


def check_erased(path: Path, order: list[str]) -> None:
    told = attack(path, order)
    assert max(told.values()) <= BY_CHANCE, told
    known = {marks.encode() for marks in order}
    carriers = 0
    for file in files_of(path):
        seen = occurrences(file, known)
        if not seen:
            continue
        carriers += 1
        # Every sheet stands there once: nothing is left of how it was before.
        assert sorted(marks for _, marks in seen) == sorted(order), file.name
    assert carriers >= 2
    (kept,) = backup.listing(path)
    assert {file.name for file in files_of(path)} <= {
        "ceping.db",
        "ceping.db-wal",
        "ceping.db-shm",
        "ceping.db.lock",
        kept.path.name,
    }
    with closing(sqlite3.connect(path)) as file:
        for table in ("ballot", "draft", "second_ballot", "second_draft", "erasure"):
            assert file.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


def test_what_a_killed_backup_left_goes_too(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    kept = backup.make(store.path, "自动")
    orphan = kept.with_name(f".{kept.name}.4711.tmp")
    orphan.write_bytes(kept.read_bytes())
    sealing.seal(only_poll(info).id, TELLERS, store)
    assert not orphan.exists()


def test_the_journal_has_no_time_of_a_ballot(store: Store, settings: Settings) -> None:
    info = small_round(settings, (GROUP,), UNVERIFIED)
    lines: set[str] = set()
    for stack in stacks(only_poll(info).id):
        entry = first_entry.enter(stack.stack_id)
        lines |= set(papers(size_of(stack)))
        heads = set()
        for line in papers(size_of(stack)):
            entry.commit(*(("", int(line[1:])) if line.startswith("/") else (line, 0)))
            heads.add(journal.head())
        # That the stack was begun and that it is full is told, and nothing between.
        assert len(heads) <= 2
    sealing.seal(only_poll(info).id, TELLERS, store)
    texts = [f"{entry.subject} {entry.detail}" for entry in journal.entries()]
    assert not [text for text in texts for line in lines if len(line) > 4 and line in text]


_KILLED = """
import os, signal, sys
from pathlib import Path
from models.database import erasure
from models.rounds import life, polls
from models.seal import sealing
from models.database.store import open_store
from tests.sealing import TELLERS
path = Path(sys.argv[1])
step = sys.argv[2]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
store = open_store(path)
if step == "transaction":
    erasure.finish = die
elif step == "vacuum":
    erasure.backup.make = lambda path, reason, make=erasure.backup.make: (
        die() if reason == "封存" else make(path, reason)
    )
else:
    erasure.backup.erase_others = die
(poll,) = polls.polls(life.rounds()[0].id)
sealing.seal(poll.id, TELLERS, store)
"""


@pytest.mark.parametrize("step", ["transaction", "vacuum", "backup"])
def test_a_kill_after_the_seal_leaves_the_rest_to_the_next_start(
    tmp_path: Path, settings: Settings, step: str
) -> None:
    path = tmp_path / "office" / "ceping.db"
    store = open_store(path)
    info, order = big_round(settings, path)
    store.close()
    done = subprocess.run([sys.executable, "-c", _KILLED, str(path), step], check=False)
    assert done.returncode == -signal.SIGKILL
    store = open_store(path)
    try:
        assert store.erasure_pending()
        assert only_poll(info).state is PollState.SEALED
        assert examination.differences(path) == []
        assert max(attack(path, order).values()) > SHEETS * 0.9
        erasure.finish(store)
        assert not store.erasure_pending()
        check_erased(path, order)
        erasure.finish(store)
    finally:
        store.close()


def test_a_reader_puts_the_erasure_off(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM ballot").fetchone() != (0,)
        with pytest.raises(RefusedError, match="已经封存，录入顺序尚未从文件里清除完"):
            sealing.seal(only_poll(info).id, TELLERS, store)
        assert only_poll(info).state is PollState.SEALED
        assert erasure.pending()
        with pytest.raises(RefusedError, match="另一终端"):
            erasure.finish(store)
        reader.execute("ROLLBACK")
        erasure.finish(store)
    assert not erasure.pending()
    assert len(backup.listing(store.path)) == 1
    assert examination.differences(store.path) == []
