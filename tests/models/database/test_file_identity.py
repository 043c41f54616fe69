"""The file under the program: replaced, gone, of two names, or held by a stranger."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from models.database import backup, journal
from models.database.journal import JournalAct
from models.database.lock import WriterLock
from models.database.store import open_store, quick, writing
from models.database.tables import database
from models.recount import examination
from models.refusal import RefusedError

_HOLD = """
import sys, time
from pathlib import Path
from models.database.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]))
assert lock.acquire() is None
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "office" / "ceping.db"


def entries(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("SELECT detail FROM journal ORDER BY id")]


def note(detail: str) -> None:
    with writing():
        journal.record(JournalAct.MAKE_ROUND, "对象", detail)


def rescued(path: Path) -> Path:
    (found,) = path.parent.glob("ceping.db.rescued-*")
    return found


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_what_is_written_to_a_file_that_is_gone_is_not_said_to_be_stored(
    path: Path, how: str
) -> None:
    store = open_store(path)
    try:
        note("甲")
        if how == "replaced":
            shutil.copy(path, path.with_name("other"))
            os.replace(path.with_name("other"), path)
        elif how == "moved":
            path.rename(path.with_name("away"))
        else:
            path.unlink()
        with pytest.raises(RefusedError, match="没有存进现在的文件"):
            note("乙")
        with pytest.raises(RefusedError, match=re.escape(str(rescued(path)))), quick():
            pass
        with pytest.raises(RefusedError):
            store.changed()
        assert entries(rescued(path)) == ["甲"]
        assert examination.differences(rescued(path)) == []
        assert oct(rescued(path).stat().st_mode)[-3:] == "600"
    finally:
        store.close()


def test_a_file_that_goes_in_the_middle_of_a_step_keeps_the_step(path: Path) -> None:
    def step() -> None:
        with writing():
            journal.record(JournalAct.MAKE_ROUND, "对象", "甲")
            path.unlink()

    store = open_store(path)
    try:
        with pytest.raises(RefusedError, match="全部写在"):
            step()
        assert entries(rescued(path)) == ["甲"]
    finally:
        store.close()


def test_a_reader_follows_the_file_that_took_the_place(path: Path, tmp_path: Path) -> None:
    store = open_store(path)
    note("甲")
    kept = tmp_path / "kept.db"
    backup.copy(path, kept)
    note("乙")
    store.close()
    reader = open_store(path, write=False)
    try:
        assert database.execute_sql("SELECT count(*) FROM journal").fetchone() == (2,)
        database_before = os.stat(path).st_ino
        done = subprocess.run(
            [sys.executable, "-m", "tui.command", "--database", path, "restore", kept],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert os.stat(path).st_ino != database_before
        assert reader.changed()
        assert database.execute_sql("SELECT detail FROM journal").fetchone() == ("甲",)
        reader.take_over()
        note("丙")
    finally:
        reader.close()
    assert "丙" in entries(path)


def test_taking_over_opens_the_file_that_stands_there(path: Path) -> None:
    open_store(path).close()
    reader = open_store(path, write=False)
    try:
        shutil.copy(path, path.with_name("other"))
        os.replace(path.with_name("other"), path)
        reader.take_over()
        note("甲")
    finally:
        reader.close()
    assert entries(path) == ["甲"]


def test_the_last_program_that_has_a_deleted_file_saves_it_before_it_takes_over(path: Path) -> None:
    store = open_store(path)
    note("甲")
    store.close()
    reader = open_store(path, write=False)
    try:
        path.unlink()
        with pytest.raises(RefusedError, match="被移走或删除"):
            reader.changed()
        for _ in range(2):
            with pytest.raises(RefusedError, match="没有接管") as refused:
                reader.take_over()
            assert str(rescued(path)) in str(refused.value)
        assert reader.read_only
        assert not path.exists()
        assert database.execute_sql("SELECT detail FROM journal").fetchone() == ("甲",)
    finally:
        reader.close()
    assert entries(rescued(path)) == ["甲"]


@pytest.mark.parametrize("what", ["garbage", "older"])
def test_a_reader_keeps_what_it_has_when_the_new_file_cannot_be_read(path: Path, what: str) -> None:
    store = open_store(path)
    note("甲")
    store.close()
    reader = open_store(path, write=False)
    try:
        new = path.with_name("new")
        shutil.copy(path, new)
        if what == "older":
            with closing(sqlite3.connect(new)) as file:
                file.execute("PRAGMA user_version = 3")
        else:
            new.write_bytes(b"letters" * 1000)
        os.replace(new, path)
        for _ in range(2):
            with pytest.raises(RefusedError, match=r"较旧的第 3 版|不是数据库文件"):
                reader.changed()
            found = database.execute_sql("SELECT detail FROM journal").fetchone()
            assert found == ("甲",)
            with pytest.raises(RefusedError, match="数据库只读"):
                note("乙")
    finally:
        reader.close()


def test_what_was_saved_is_saved_again_after_the_file_was_put_back(path: Path) -> None:
    away = path.with_name("away")
    store = open_store(path)
    try:
        note("甲")
        path.rename(away)
        with pytest.raises(RefusedError):
            note("不存")
        first = rescued(path)
        away.rename(path)
        note("乙")
        path.rename(away)
        first.rename(path.with_name("first"))
        with pytest.raises(RefusedError, match=re.escape(str(path))):
            note("不存")
        assert entries(rescued(path)) == ["甲", "乙"]
    finally:
        store.close()


def test_a_symbolic_link_is_the_same_database(path: Path, tmp_path: Path) -> None:
    store = open_store(path)
    try:
        link = tmp_path / "link.db"
        link.symlink_to(path)
        (tmp_path / "sub").symlink_to(path.parent)
        for other in (
            link,
            tmp_path / "sub" / "ceping.db",
            path.parent / ".." / "office/ceping.db",
        ):
            assert WriterLock(other.resolve()).acquire() is not None
        note("甲")
    finally:
        store.close()
    store = open_store(link)
    try:
        assert store.path == path
    finally:
        store.close()


def test_a_second_name_is_refused(path: Path, tmp_path: Path) -> None:
    open_store(path).close()
    os.link(path, path.with_name("二.db"))
    for name in (path, path.with_name("二.db")):
        with pytest.raises(RefusedError, match="还有别的名字（硬链接"):
            open_store(name)
    path.with_name("二.db").unlink()
    os.link(path, tmp_path / "elsewhere.db")
    with pytest.raises(RefusedError, match="不在这个文件夹里"):
        open_store(path)


def test_what_a_killed_restore_left_is_cleared(path: Path) -> None:
    open_store(path).close()
    os.link(path, path.with_name("ceping.db.replaced-20261127-010101"))
    path.with_name(".ceping.db.restoring").write_bytes(b"half")
    private = path.with_name(".ceping.db.restoring-x1y2")
    private.mkdir()
    (private / "source.db").write_bytes(b"ballots in order")
    open_store(path).close()
    assert {each.name for each in path.parent.iterdir()} == {"ceping.db", "ceping.db.lock"}


@pytest.mark.parametrize("name", [":memory:", "file:office.db", "file::memory:?cache=shared"])
def test_what_is_no_file_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="不是文件"):
        open_store(Path(name))


def test_a_lock_file_that_was_deleted_is_made_again(path: Path) -> None:
    store = open_store(path)
    try:
        lock = path.with_name("ceping.db.lock")
        lock.unlink()
        note("甲")
        assert lock.exists()
        assert WriterLock(path).acquire() is not None
    finally:
        store.close()


def test_a_lock_that_another_took_makes_this_one_a_reader(path: Path) -> None:
    store = open_store(path)
    path.with_name("ceping.db.lock").unlink()
    other = WriterLock(path)
    try:
        assert other.acquire() is None
        with pytest.raises(RefusedError, match="本终端改为只读"):
            note("甲")
        assert store.read_only
        with pytest.raises(RefusedError, match="数据库只读"):
            note("乙")
    finally:
        other.release()
        store.close()
    assert entries(path) == []


def held(path: Path) -> subprocess.Popen[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, path], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def rewritten(path: Path, **values: object) -> None:
    """The lock file's text with other values, as another program would have written it."""
    lock = path.with_name("ceping.db.lock")
    lock.write_text(json.dumps({**json.loads(lock.read_text()), **values}), encoding="utf-8")


def test_only_a_program_of_this_machine_is_ended(path: Path) -> None:
    holder = held(path)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        real = json.loads(path.with_name("ceping.db.lock").read_text())
        assert real["host"]
        for values in (
            {"pid": stranger.pid},
            {"pid": stranger.pid, "boot": ""},
            {"boot": "another", "host": "远方"},
            {"pid": 0},
        ):
            rewritten(path, **{**real, **values})
            with pytest.raises(RefusedError, match="不在本机上"):
                WriterLock(path).take_over(patience=0.2)
            assert holder.poll() is None
            assert stranger.poll() is None
        rewritten(path, **real)
        lock = WriterLock(path)
        lock.take_over()
        assert lock.standing
        assert holder.wait(10) != 0
        lock.release()
    finally:
        for process in (holder, stranger):
            process.kill()
            process.wait()
