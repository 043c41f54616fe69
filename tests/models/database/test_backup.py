"""备份: a copy is believed only after it was counted again; nothing is left of one that failed."""

import datetime
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from models.database import backup, copy_elsewhere, journal, restore
from models.database.store import Store, open_store
from models.recount import examination
from models.refusal import RefusedError, Way
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.offices import only_poll
from tests.sealing import keyed_round, rows

TABLES = ("ballot", "count", "entered", "journal", "batch", "subject", "round", "poll")


@pytest.fixture
def keyed(store: Store, settings: Settings) -> Path:
    """A small office keyed to the end, open, its last ballots still in the log."""
    assert only_poll(keyed_round(settings))
    return store.path


@pytest.fixture
def small_disk(tmp_path: Path, keyed_office: Path) -> Iterator[Path]:
    """The sample office on a disk of its own with little room left."""
    with small_disk_in(tmp_path, "2m") as folder:
        yield Path(shutil.copy(keyed_office, folder / "ceping.db"))


def content(path: Path) -> list[list[tuple[object, ...]]]:
    return [rows(path, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES]  # noqa: S608


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_backup_is_the_database_and_nobody_elses(keyed: Path) -> None:
    os.umask(0o022)
    assert keyed.with_name(keyed.name + "-wal").stat().st_size
    made = backup.make(keyed, "手工")
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent == backup.folder_of(keyed)
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert names(made.parent) == [made.name]
    assert content(made) == content(keyed)
    assert examination.differences(made) == []
    (listed,) = backup.listing(keyed)
    assert (listed.path, listed.reason, listed.size) == (made, "手工", made.stat().st_size)


def test_two_in_one_second_are_two(keyed: Path) -> None:
    made = [backup.make(keyed, "自动") for _ in range(3)]
    assert len(set(made)) == 3
    assert {each.path for each in backup.listing(keyed)} == set(made)


def test_a_database_that_disagrees_with_itself_gives_no_backup(keyed: Path) -> None:
    good = backup.make(keyed, "自动")
    with closing(sqlite3.connect(keyed)) as file, file:
        file.execute("UPDATE count SET n = n + 1 WHERE place = 0 AND mark = '1'")
    with pytest.raises(RefusedError, match="与自身核对不符") as refused:
        backup.make(keyed, "自动")
    assert refused.value.way is Way.RECOUNT
    assert names(backup.folder_of(keyed)) == [good.name]


def test_a_file_that_is_there_is_never_overwritten(keyed: Path, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    target.write_text("letters")
    for passphrase in ("", "correct horse"):
        with pytest.raises(RefusedError, match="已经存在"):
            copy_elsewhere.copy_out(keyed, target, passphrase)
    with pytest.raises(RefusedError, match="已经存在"):
        backup.copy(keyed, target)
    assert target.read_text() == "letters"


def test_a_full_disk_leaves_nothing_half_written(small_disk: Path) -> None:
    good = small_disk.read_bytes()
    ballast = small_disk.with_name("ballast")
    room = shutil.disk_usage(small_disk.parent).free - 128 * 1024
    assert room > 0
    ballast.write_bytes(bytes(room))
    with pytest.raises(RefusedError, match="磁盘空间") as refused:
        backup.make(small_disk, "手工")
    assert "full" in str(refused.value)
    assert names(backup.folder_of(small_disk)) == []
    assert small_disk.read_bytes() == good
    ballast.unlink()
    assert examination.differences(backup.make(small_disk, "手工")) == []


def test_a_copy_elsewhere_is_in_the_journal(keyed: Path, tmp_path: Path) -> None:
    plain, secret = tmp_path / "plain.db", tmp_path / "secret.age"
    copy_elsewhere.copy_out(keyed, plain)
    copy_elsewhere.copy_out(keyed, secret, "correct horse")
    assert examination.differences(plain) == []
    for path in (plain, secret):
        assert path.stat().st_mode & 0o777 == 0o600
    assert not restore.encrypted(plain)
    assert restore.encrypted(secret)
    assert b"SQLite" not in secret.read_bytes()
    told = [(entry.subject, entry.detail) for entry in journal.search(act="备份")]
    assert told == [(str(secret), "已加密"), (str(plain), "未加密")]


def test_old_backups_are_thinned_out(keyed: Path) -> None:
    folder = backup.folder_of(keyed)
    first = backup.make(keyed, "自动")
    now = datetime.datetime.now()
    for day in range(3, 500, 3):
        for hour in (8, 12):
            at = (now - datetime.timedelta(days=day)).replace(hour=hour)
            shutil.copy(first, folder / f"ceping-{at:%Y%m%d-%H%M%S}-自动.db")
    (folder / "letters.txt").write_text("not ours")
    made = backup.make(keyed, "手工")
    left = [each.path for each in backup.listing(keyed)]
    assert {first, made} <= set(left)
    assert 12 <= len(left) <= 2 + 12 + 10 + 9
    assert (folder / "letters.txt").exists()


def test_a_backup_is_due_after_half_an_hour_of_change(keyed: Path) -> None:
    now = datetime.datetime.now()
    assert backup.due(keyed, now)
    made = backup.make(keyed, "自动")
    assert not backup.due(keyed, now + datetime.timedelta(minutes=29))
    later = now + datetime.timedelta(minutes=31)
    for ending in ("", "-wal"):
        os.utime(keyed.with_name(keyed.name + ending), (now.timestamp() - 60,) * 2)
    assert not backup.due(keyed, later)
    os.utime(keyed.with_name(keyed.name + "-wal"), (later.timestamp(),) * 2)
    assert backup.due(keyed, later)
    assert made.exists()


def test_another_program_may_write_meanwhile(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "ceping.db"
    store = open_store(path)
    keyed_round(settings)
    before = content(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE count SET n = n + 1")
        made = backup.make(path, "自动")
        other.execute("ROLLBACK")
    store.close()
    assert content(made) == before
