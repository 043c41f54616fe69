"""No room left, or a folder that cannot be written, at every step after keying.

Each step is refused in Chinese, names the place, leaves the database in order, and works once
there is room again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exports.writing import preparation
from models.database import backup, erasure, journal, restore
from models.database.journal import JournalAct
from models.database.store import Store, open_store, writing
from models.database.tables import database
from models.entry import first_entry, second_entry
from models.recount import examination
from models.refusal import RefusedError
from models.regulation.rules import RoundRules, VerificationRule
from models.results.register import record
from models.rounds import life, polls
from models.rounds.polls import PollState
from models.rounds.stacks import Stack, stacks
from models.seal import sealing
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.faults.test_disk import as_an_ordinary_user, fill_up, run
from tests.offices import only_poll, small_round
from tests.sealing import TELLERS, key, papers, size_of

RETURNED = 6


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    with small_disk_in(tmp_path, "6m") as folder:
        yield folder


@pytest.fixture
def office(disk: Path, settings: Settings) -> Iterator[Store]:
    """A small office on that disk, open: every stack keyed, none keyed a second time."""
    store = open_store(disk / "ceping.db")
    info = small_round(
        settings,
        ("班子成员", "中层干部"),
        RoundRules(verification=VerificationRule(every=1)),
        returned=RETURNED,
    )
    for stack in stacks(only_poll(info).id):
        key(stack, papers(size_of(stack), RETURNED))
    # What is to be written next must need room of its own, not what a log has left over.
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    yield store
    store.close()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """No room at all meanwhile."""
    ballast = fill_up(disk)
    try:
        yield
    finally:
        ballast.unlink()


def refused(step: Callable[[], object], named: Path) -> str:
    """What a step is refused with; it names the place."""
    with pytest.raises(RefusedError) as caught:
        step()
    text = str(caught.value)
    assert str(named) in text
    return text


def verify(stack: Stack) -> None:
    """Key the rest of a stack a second time, as it was the first."""
    entry = second_entry.verify(stack.stack_id)
    for line in papers(entry.size, RETURNED)[entry.entered :]:
        if line.startswith("/"):
            entry.commit("", int(line[1:]))
        else:
            entry.commit(line)


def poll_of() -> int:
    """The only poll."""
    return polls.polls(1)[0].id


def verify_all() -> None:
    """Every stack verified, the log empty."""
    for stack in stacks(poll_of()):
        verify(stack)
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def seal_it(store: Store) -> None:
    """Seal the only poll."""
    sealing.seal(poll_of(), TELLERS, store)


def test_the_second_entry(office: Store, disk: Path) -> None:
    stack = stacks(poll_of())[0]
    with full(disk):
        assert "磁盘已满" in refused(lambda: verify(stack), office.path)
        keyed = second_entry.of_poll(poll_of())[stack.stack_id].keyed
    assert examination.differences(office.path) == []
    assert second_entry.of_poll(poll_of())[stack.stack_id].keyed == keyed < RETURNED
    verify(stack)
    assert second_entry.of_poll(poll_of())[stack.stack_id].agreed


def test_the_seal(office: Store, disk: Path) -> None:
    verify_all()
    with full(disk):
        refused(lambda: seal_it(office), disk)
        assert polls.find_by_id(poll_of()).state is PollState.ENTRY
        assert examination.differences(office.path) == []
    seal_it(office)
    assert examination.differences(office.path) == []
    assert not office.erasure_pending()


def test_the_seal_at_every_measure_of_room(office: Store, disk: Path) -> None:
    """With a little more room each time the seal gets a little further: to the backup before
    it, its own transaction, the erasure, the backup after it."""
    verify_all()
    ballast = fill_up(disk)
    told: list[str] = []
    while True:
        size = ballast.stat().st_size
        assert size > 16384, f"never enough room: {told}"
        os.truncate(ballast, size - 16384)
        try:
            seal_it(office)
        except RefusedError as error:
            told.append(str(error))
        else:
            break
        assert examination.differences(office.path) == []
        if polls.find_by_id(poll_of()).state is PollState.SEALED:
            break
    ballast.unlink()
    assert told
    assert [text for text in told if str(disk) not in text] == []
    erasure.finish(office)
    assert not office.erasure_pending()
    assert polls.find_by_id(poll_of()).state is PollState.SEALED
    assert examination.differences(office.path) == []
    names = {path.name for path in backup.folder_of(office.path).iterdir()}
    assert names == {each.path.name for each in backup.listing(office.path)}


def test_a_backup(office: Store, disk: Path) -> None:
    with full(disk):
        refused(lambda: backup.make(office.path, "手动"), disk)
    assert backup.listing(office.path) == []
    assert examination.differences(office.path) == []
    assert examination.differences(backup.make(office.path, "手动")) == []


def test_restoring(office: Store, disk: Path) -> None:
    made = backup.make(office.path, "手动")
    key_more = stacks(poll_of())[0]
    first_entry.enter(key_more.stack_id).remove(1, "多录")
    office.close()
    before = office.path.read_bytes()
    with full(disk):
        text = refused(lambda: restore.restore(made, office.path), disk)
        assert "没有恢复" in text
        assert office.path.read_bytes() == before
    assert examination.differences(office.path) == []
    assert not list(disk.glob("*restoring*"))
    restore.restore(made, office.path)
    assert examination.differences(office.path) == []


def test_a_document(office: Store, disk: Path, settings: Settings) -> None:
    job = preparation.prepare(settings, life.find_by_id(1))[0]
    folder = disk / "文书"
    with full(disk):
        assert "磁盘已满" in refused(lambda: job.write(folder), folder)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    written = job.write(folder)
    ballast = fill_up(disk)
    try:
        refused(lambda: [record([written]) for _ in range(2000)], office.path)
    finally:
        ballast.unlink()
    assert examination.differences(office.path) == []
    record([written])


def test_the_journal(office: Store, disk: Path) -> None:
    def enter() -> None:
        with writing():
            journal.record(JournalAct.CHANGE_POLL, "甲县工商行政管理局", "应到 10 人")

    before = journal.head()
    with full(disk):
        assert "磁盘已满" in refused(lambda: [enter() for _ in range(2000)], office.path)
    after = journal.head()
    assert examination.differences(office.path) == []
    enter()
    assert journal.head() not in (before, after)
    assert examination.differences(office.path) == []


_STEPS = {
    "备份": "backup.make(path, '手动')",
    "封存": "sealing.seal(polls.polls(1)[0].id, TELLERS, store)",
    "文书": "prepare(load_settings(shipped_file()), life.find_by_id(1))[0].write(folder)",
}
# A seal begins with a backup.
_FOLDERS = {"封存": "备份"}
_PROGRAM = """
import sys
from pathlib import Path
from exports.documents.kinds import load_settings
from exports.writing.preparation import prepare
from models.database import backup
from models.rounds import life, polls
from models.seal import sealing
from models.refusal import RefusedError
from models.settings.office import shipped_file
from models.database.store import open_store
from models.database.tables import database
TELLERS = (sealing.Teller("监票人", "赵甲"), sealing.Teller("计票人", "钱乙"))
path, folder = Path(sys.argv[1]), Path(sys.argv[2])
store = open_store(path)
database.execute_sql("UPDATE round SET verification = 'none'")
try:
    {step}
except RefusedError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.parametrize("step", _STEPS)
def test_a_folder_that_cannot_be_written(keyed_office: Path, tmp_path: Path, step: str) -> None:
    path = tmp_path / "ceping.db"
    path.write_bytes(keyed_office.read_bytes())
    folder = tmp_path / _FOLDERS.get(step, step)
    folder.mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(step=_STEPS[step]), str(path), str(folder)],
        capture_output=True,
        text=True,
        preexec_fn=as_an_ordinary_user,
        check=False,
    )
    if not done.returncode and os.geteuid() == 0:
        pytest.skip("the superuser's rights cannot be given up here")
    assert done.returncode == 3, done.stderr
    assert str(folder) in done.stdout
    assert list(folder.iterdir()) == []
    assert examination.differences(path) == []


def test_restoring_into_a_folder_that_cannot_be_written(keyed_office: Path, tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    path = office / "ceping.db"
    path.write_bytes(keyed_office.read_bytes())
    office.chmod(0o500)
    try:
        done = run(path, "restore", str(keyed_office))
        if not done.returncode and os.geteuid() == 0:
            pytest.skip("the superuser's rights cannot be given up here")
        assert done.returncode == 1
        assert str(office) in done.stderr
        assert "Traceback" not in done.stderr
        assert [each.name for each in office.iterdir()] == ["ceping.db"]
        assert path.read_bytes() == keyed_office.read_bytes()
    finally:
        office.chmod(0o700)
    assert run(path, "restore", str(keyed_office)).returncode == 0
    assert examination.differences(path) == []
