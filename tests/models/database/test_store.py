"""The database file: private, strict, durable, one writer; what is not ours is refused."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from peewee import IntegrityError

from models.database import schema
from models.database.store import Store, default_path, open_store, quick, writing
from models.database.tables import Unit, database
from models.refusal import RefusedError

HOLD = """
import sys
from pathlib import Path
from models.database.store import open_store
store = open_store(Path(sys.argv[1]))
print("writes" if not store.read_only else "reads", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_program(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the database open for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writes\n"
            yield process
        finally:
            process.kill()


@contextmanager
def opened(path: Path, *, write: bool = True) -> Iterator[Store]:
    store = open_store(path, write=write)
    try:
        yield store
    finally:
        store.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with opened(tmp_path / "new" / "ceping.db") as store:
            Unit.create(name="甲")
            files = sorted(file.name for file in store.path.parent.iterdir())
            assert files == ["ceping.db", "ceping.db-shm", "ceping.db-wal", "ceping.db.lock"]
            assert mode(store.path.parent) == 0o700
            assert {mode(file) for file in store.path.parent.iterdir()} == {0o600}
    finally:
        os.umask(before)


def test_every_table_is_strict(store: Store) -> None:
    rows = database.execute_sql("SELECT name, strict FROM pragma_table_list").fetchall()
    loose = [name for name, strict in rows if not strict and not name.startswith("sqlite_")]
    assert loose == []
    Unit.create(name="甲")
    with pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER"):
        database.execute_sql("UPDATE unit SET position = 'x'")


def test_durable_and_referential(store: Store) -> None:
    assert database.pragma("journal_mode") == "wal"
    assert database.pragma("synchronous") == 2
    assert database.pragma("foreign_keys") == 1
    with quick():
        assert database.pragma("synchronous") == 1
    assert database.pragma("synchronous") == 2
    with pytest.raises(RefusedError), writing():
        database.execute_sql("INSERT INTO batch (sheet_id, group_id, number, returned, "
                             "registered) VALUES (99, 99, 1, 0, 0)")  # fmt: skip


def test_the_file_carries_our_mark_and_version(store: Store) -> None:
    assert database.pragma("application_id") == schema.APPLICATION_ID
    assert database.pragma("user_version") == schema.VERSION


def change(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as file:
        file.execute(statement)
    file.close()


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ceping.db"
    open_store(path).close()
    change(path, f"PRAGMA user_version = {schema.VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(RefusedError, match=f"第 {schema.VERSION + 1} 版，本程序只认到"):
        open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database", b"PK\x03\x04" * 2000])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ceping.db"
    path.write_bytes(content)
    with pytest.raises(RefusedError, match="不是数据库文件或已损坏。原文件未动"):
        open_store(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    for number, statement in enumerate(
        ("CREATE TABLE t (a)", "PRAGMA application_id = 7", "PRAGMA user_version = 1")
    ):
        path = tmp_path / f"{number}.db"
        change(path, "CREATE TABLE other (a)")
        change(path, statement)
        before = path.read_bytes()
        with pytest.raises(RefusedError, match="是别的程序的数据库"):
            open_store(path)
        assert path.read_bytes() == before


def test_a_damaged_file_is_refused(tmp_path: Path, keyed_office: Path) -> None:
    path = Path(shutil.copy(keyed_office, tmp_path / "ceping.db"))
    body = bytearray(path.read_bytes())
    body[100:8192] = b"\x5a" * (8192 - 100)
    path.write_bytes(body)
    with pytest.raises(RefusedError, match=r"数据库已损坏|数据库出错"):
        open_store(path)
    assert path.read_bytes() == bytes(body)


def test_a_missing_file_is_not_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="没有数据库"):
        open_store(tmp_path / "none" / "ceping.db", write=False)
    assert not (tmp_path / "none").exists()


def test_a_second_program_reads_only_and_names_the_holder(tmp_path: Path) -> None:
    path = tmp_path / "ceping.db"
    with another_program(path) as process, opened(path) as store:
        assert store.read_only
        assert store.holder is not None
        assert store.holder.pid == process.pid
        assert f"进程 {process.pid}" in str(store.holder)
        with pytest.raises(RefusedError, match="数据库只读，没有存上"), writing():
            Unit.create(name="甲")
        assert Unit.select().count() == 0


def test_a_killed_program_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "ceping.db"
    with another_program(path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with opened(path) as store:
            assert not store.read_only


def test_a_closed_store_gives_the_lock_back(tmp_path: Path) -> None:
    with opened(tmp_path / "ceping.db"):
        pass
    with another_program(tmp_path / "ceping.db"):
        pass


def test_taking_over_ends_the_other_program(tmp_path: Path) -> None:
    path = tmp_path / "ceping.db"
    with another_program(path) as process, opened(path) as store:
        store.take_over()
        assert process.wait() == -signal.SIGTERM
        assert not store.read_only
        assert store.holder is None
        with writing():
            Unit.create(name="甲")
        assert database.pragma("synchronous") == 2


def test_what_another_program_commits_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "ceping.db"
    with another_program(path), opened(path) as store:
        assert not store.changed()
        change(path, "INSERT INTO unit (name, short_name, kind, position, initials, closed) "
                     "VALUES ('甲', '', '', 0, '', 0)")  # fmt: skip
        assert store.changed()
        assert not store.changed()


def test_where_the_file_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CEPING_DATABASE", str(tmp_path / "x.db"))
    assert default_path() == tmp_path / "x.db"
    monkeypatch.delenv("CEPING_DATABASE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "ceping" / "ceping.db"


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def half() -> None:
        with writing():
            Unit.create(name="甲")
            raise RefusedError("不行")

    with pytest.raises(RefusedError, match="不行"):
        half()
    assert Unit.select().count() == 0


def test_stored_people_get_the_readings_of_their_surnames(tmp_path: Path) -> None:
    path = tmp_path / "before.db"
    open_store(path).close()
    change(
        path,
        "INSERT INTO cadre (name, initials, gender, ethnicity, born, native_place, party, "
        "joined_party, started_work, education, retired) "
        "VALUES ('曾国强', 'cgq', '', '', '', '', '', '', '', '', 0)",
    )
    change(path, "PRAGMA user_version = 5")
    store = open_store(path)
    assert database.execute_sql("SELECT initials FROM cadre").fetchone() == (
        "zeng|ceng guo qiang|jiang",
    )
    store.close()
