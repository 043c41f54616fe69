"""恢复: the place of the database holds one whole database or the other, whatever comes between."""

import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models.database import backup, copy_elsewhere, journal, restore
from models.database.store import open_store, writing
from models.database.tables import database
from models.recount import examination
from models.refusal import RefusedError, Way
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import keyed_round, rows, sealed_round

BALLOTS = "SELECT coalesce(sum(n), 0) FROM entered"


@pytest.fixture
def office(tmp_path: Path, settings: Settings) -> Path:
    """A database with a keyed round in it, closed; beside it a backup of it."""
    path = tmp_path / "office" / "ceping.db"
    store = open_store(path)
    assert only_poll(keyed_round(settings))
    backup.make(path, "手工")
    store.close()
    return path


@pytest.fixture
def other(office: Path, tmp_path: Path) -> Path:
    """A backup of an empty database."""
    path = tmp_path / "other" / "ceping.db"
    open_store(path).close()
    return backup.make(path, "手工")


def newest(path: Path) -> Path:
    return backup.listing(path)[0].path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_a_restored_database_holds_what_was_backed_up(office: Path, other: Path) -> None:
    keyed, before = rows(office, BALLOTS), newest(office)
    done = restore.restore(other, office, of_another=True)
    assert (done.rounds, done.ballots) == (0, 0)
    assert done.replaced is not None
    assert rows(done.replaced, BALLOTS) == keyed
    done = restore.restore(before, office, of_another=True)
    assert (done.rounds, [(done.ballots,)]) == (1, keyed)
    assert examination.differences(office) == []
    store = open_store(office)
    entry = journal.entries()[0]
    store.close()
    assert (entry.act, entry.subject) == ("恢复备份", newest(office).name)
    assert office.stat().st_mode & 0o777 == 0o600


def test_a_place_without_a_database(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "ceping.db"
    done = restore.restore(newest(office), target)
    assert done.replaced is None
    assert rows(target, BALLOTS) == rows(office, BALLOTS)


def test_a_log_left_behind_does_not_get_into_the_restored_file(office: Path, other: Path) -> None:
    """The database was killed with its last acts in the log; they go with it, whole."""
    with closing(sqlite3.connect(office)) as file:
        file.execute("PRAGMA wal_autocheckpoint = 0")
        file.execute("UPDATE round SET title = '日志里的'")
        file.commit()
        bodies = {
            ending: office.with_name(office.name + ending).read_bytes() for ending in ("", "-wal")
        }
    assert bodies["-wal"]
    for ending, body in bodies.items():
        office.with_name(office.name + ending).write_bytes(body)
    done = restore.restore(other, office, of_another=True)
    assert done.rounds == 0
    assert done.replaced is not None
    assert rows(done.replaced, "SELECT title FROM round") == [("日志里的",)]
    assert examination.differences(done.replaced) == []
    office.unlink()
    office.with_name(office.name + "-wal").write_bytes(bodies["-wal"])
    assert restore.restore(other, office, of_another=True).rounds == 0
    assert examination.differences(office) == []


def test_over_a_truncated_database(office: Path) -> None:
    whole = office.read_bytes()
    office.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RefusedError) as refused:
        open_store(office)
    assert (refused.value.way, refused.value.target) == (Way.RESTORE, str(newest(office)))
    done = restore.restore(newest(office), office)
    assert done.rounds == 1
    assert done.replaced is not None
    assert done.replaced.read_bytes() == whole[: len(whole) // 2]
    assert examination.differences(office) == []


def test_a_tampered_backup_is_refused(office: Path, tmp_path: Path) -> None:
    bad = Path(shutil.copy(newest(office), tmp_path / "bad.db"))
    with closing(sqlite3.connect(bad)) as file, file:
        file.execute("UPDATE count SET n = n + 1")
    before, there = office.read_bytes(), names(office.parent)
    for content, says in ((bad.read_bytes(), "与自身核对不符"), (b"letters", "核对不符")):
        bad.write_bytes(content)
        with pytest.raises(RefusedError, match=says):
            restore.restore(bad, office)
        assert office.read_bytes() == before
        assert names(office.parent) - {"ceping.db.lock"} == there - {"ceping.db.lock"}
    with pytest.raises(RefusedError, match="读不出备份"):
        restore.restore(tmp_path / "nothing.db", office)
    assert office.read_bytes() == before


def test_a_copy_of_the_file_itself_leaves_nothing_beside(office: Path, tmp_path: Path) -> None:
    """A copy made by hand says of itself that it has a log."""
    raw = Path(shutil.copy(office, tmp_path / "raw.db"))
    assert restore.restore(raw, office).rounds == 1
    assert not [name for name in names(office.parent) if "restoring" in name]


def test_an_encrypted_copy(office: Path, tmp_path: Path, settings: Settings) -> None:
    secret = tmp_path / "secret.age"
    store = open_store(office)
    copy_elsewhere.copy_out(office, secret, "correct horse")
    store.close()
    before = office.read_bytes()
    for passphrase in ("", "wrong horse"):
        with pytest.raises(RefusedError, match="口令不对"):
            restore.restore(secret, office, passphrase)
        assert office.read_bytes() == before
    assert restore.restore(secret, office, "correct horse").rounds == 1
    assert examination.differences(office) == []


def test_a_database_in_use_is_not_replaced(office: Path, other: Path) -> None:
    store = open_store(office)
    try:
        with pytest.raises(RefusedError, match="不能恢复"):
            restore.restore(other, office, of_another=True)
    finally:
        store.close()


def test_a_restore_that_is_refused_leaves_that_of_another_program_alone(
    office: Path, other: Path
) -> None:
    half = office.with_name(".ceping.db.restoring")
    store = open_store(office)
    try:
        half.write_bytes(b"another program is at it")
        with pytest.raises(RefusedError, match="不能恢复"):
            restore.restore(other, office, of_another=True)
        assert half.read_bytes() == b"another program is at it"
    finally:
        store.close()


def test_what_a_restore_sets_aside_bears_the_offset_of_its_clock(office: Path) -> None:
    done = restore.restore(newest(office), office)
    assert done.replaced is not None
    assert re.fullmatch(r"ceping\.db\.replaced-\d{8}-\d{6}[+-]\d{4}", done.replaced.name)


def test_the_private_copy_of_a_source_is_found_again_after_a_kill(
    office: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    copied = shutil.copyfile

    def copyfile(source: Path, target: Path) -> object:
        seen.append(target.parent.name)
        return copied(source, target)

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    restore.restore(other, office, of_another=True)
    # The next start clears what begins so.
    assert all(name.startswith(".ceping.db.restoring") for name in seen)
    assert seen


def test_a_sealed_office_is_restored_sealed(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "sealed" / "ceping.db"
    store = open_store(path)
    sealed_round(settings, store)
    store.close()
    assert restore.restore(newest(path), path).ballots > 0
    assert examination.differences(path) == []


_RESTORE = """
import os, signal, sys
from pathlib import Path
from models.database import restore
left = int(sys.argv[3])
def dying(act):
    def instead(*args, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*args, **named)
    return instead
if left:
    os.replace, os.link, os.fsync = dying(os.replace), dying(os.link), dying(os.fsync)
print("ready", flush=True)
restore.restore(Path(sys.argv[1]), Path(sys.argv[2]), of_another=True)
"""


def leave_a_log(office: Path) -> None:
    """As a program leaves it that was killed: its last act only in the log."""
    with closing(sqlite3.connect(office)) as file:
        file.execute("UPDATE round SET title = '日志里的'")
        file.commit()
        bodies = {
            ending: office.with_name(office.name + ending).read_bytes() for ending in ("", "-wal")
        }
    for ending, body in bodies.items():
        office.with_name(office.name + ending).write_bytes(body)


def whole(office: Path) -> bool:
    """Whether the database is one of the two, with the last act of the old one; which one."""
    # As the next start does, which ends what a kill cut off within SQLite.
    open_store(office).close()
    assert examination.differences(office) == []
    titles = rows(office, "SELECT title FROM round")
    assert titles in ([], [("日志里的",)])
    return titles == []


def put_back(office: Path, bodies: dict[str, bytes]) -> None:
    for path in office.parent.iterdir():
        if path.is_file():
            path.unlink()
    for name, body in bodies.items():
        office.with_name(name).write_bytes(body)


def test_a_kill_before_any_step(office: Path, other: Path) -> None:
    leave_a_log(office)
    bodies = {path.name: path.read_bytes() for path in office.parent.iterdir() if path.is_file()}
    outcomes = []
    for step in range(1, 30):
        put_back(office, bodies)
        command = [sys.executable, "-c", _RESTORE, str(other), str(office), str(step)]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        outcomes.append(whole(office))
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    # The old one as long as possible, then the new one for good.
    assert outcomes == sorted(outcomes)
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert len(outcomes) >= 4


def test_a_hot_journal_does_not_get_into_the_restored_file(office: Path, other: Path) -> None:
    """What a kill left while the file was changed by way of a rollback journal."""
    journal_file = office.with_name(office.name + "-journal")
    with closing(sqlite3.connect(office, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("PRAGMA cache_size = 1")
        file.execute("PRAGMA cache_spill = 1")
        file.execute("BEGIN")
        file.execute("UPDATE count SET n = n + 1")
        file.execute("CREATE TABLE filler AS SELECT zeroblob(100000) AS filling")
        hot, torn = journal_file.read_bytes(), office.read_bytes()
        file.execute("ROLLBACK")
    assert hot
    journal_file.write_bytes(hot)
    office.write_bytes(torn)
    assert restore.restore(other, office, of_another=True).rounds == 0
    assert not journal_file.exists()
    assert examination.differences(office) == []


def test_a_kill_at_any_moment(office: Path, other: Path) -> None:
    chance = random.Random(5)  # noqa: S311
    leave_a_log(office)
    bodies = {p.name: p.read_bytes() for p in office.parent.iterdir() if p.is_file()}
    for _ in range(20):
        put_back(office, bodies)
        with subprocess.Popen(
            [sys.executable, "-c", _RESTORE, str(other), str(office), "0"], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            # The moment is what is tried here, not something waited for.
            time.sleep(chance.uniform(0, 0.15))
            child.kill()
        whole(office)
    restore.restore(other, office, of_another=True)
    assert whole(office)


_UNIT = (
    "INSERT INTO unit (name, short_name, kind, position, initials, closed) "
    "VALUES (?, '', '', ?, '', 0)"
)
_READ = """
import sys
from pathlib import Path
from models.database.store import open_store
store = open_store(Path(sys.argv[1]), write=False)
print("open", flush=True)
sys.stdin.readline()
"""


@contextmanager
def reader(office: Path) -> Iterator[None]:
    """Somebody who has the database open to look at it, and is killed in the end."""
    command, pipe = [sys.executable, "-c", _READ, str(office)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.kill()


def test_a_reader_that_is_still_open_tells_nothing_of_the_new_file(
    office: Path, tmp_path: Path
) -> None:
    """SQLite keeps the size of a file in memory that all who have it open share, by its name."""
    copies = []
    for size in (0, 50, 200, 400):
        copies.append(Path(shutil.copy(office, tmp_path / f"{size}.db")))
        with closing(sqlite3.connect(copies[-1])) as file, file:
            for number in range(size):
                file.execute(_UNIT, (f"{number}" + "长" * 500, number))
    for copy in (*copies, *copies[::-1]):
        with reader(office):
            store = open_store(office)
            with writing():
                database.execute_sql("UPDATE unit SET position = position + 1")
            store.close()
            restore.restore(copy, office)
            assert examination.damage(office) == []
