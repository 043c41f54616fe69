"""备份: a copy is believed only after it was counted again; nothing is left of one that failed."""

import datetime
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from models.database import backup, copy_elsewhere, journal, restore
from models.database.journal import JournalAct
from models.database.store import Store, open_store, writing
from models.recount import examination
from models.refusal import RefusedError, Way
from models.rounds import life
from models.seal import sealing
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.offices import only_poll
from tests.sealing import TELLERS, keyed_round, rows

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
    assert backup.due(keyed, None)
    backup.make(keyed, "自动")
    assert not backup.due(keyed, None)
    with writing():
        journal.record(JournalAct.MAKE_ROUND, "对象")
    assert backup.due(keyed, None)
    assert not backup.due(keyed, backup.EVERY - 1)
    assert backup.due(keyed, backup.EVERY)


@pytest.mark.parametrize("ahead", ["20991231-235959", "20991231-235959+0800"])
def test_a_backup_that_bears_a_time_to_come_counts_for_nothing(keyed: Path, ahead: str) -> None:
    first = backup.make(keyed, "自动")
    strange = first.with_name(f"ceping-{ahead}-手工.db")
    shutil.copy(first, strange)
    with writing():
        journal.record(JournalAct.MAKE_ROUND, "对象")
    assert backup.due(keyed, None)
    for day in range(1, 40):
        at = datetime.datetime.now() - datetime.timedelta(days=day)
        shutil.copy(first, first.with_name(f"ceping-{at:%Y%m%d-%H%M%S}-自动.db"))
    made = backup.make(keyed, "自动")
    left = {each.path for each in backup.listing(keyed)}
    assert {strange, made} <= left
    assert len(left) > 12
    backup.erase_others(keyed, keep=made)
    assert not strange.exists()


def test_a_stamp_bears_its_offset(keyed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        made = backup.make(keyed, "自动")
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert "+0800-自动" in made.name
    (listed,) = backup.listing(keyed)
    assert abs(listed.at.timestamp() - time.time()) < 60
    assert not listed.future


def test_two_databases_in_one_folder_leave_each_other_alone(
    tmp_path: Path, settings: Settings
) -> None:
    paths = [tmp_path / "甲.db", tmp_path / "乙.db"]
    made = []
    for path in paths:
        store = open_store(path)
        keyed_round(settings)
        made.append(backup.make(path, "自动"))
        store.close()
    assert made[0].parent != made[1].parent
    for path, own, foreign in zip(paths, made, reversed(made), strict=True):
        assert [each.path for each in backup.listing(path)] == [own]
        assert backup.belongs(own, path)
        assert not backup.belongs(foreign, path)
        with pytest.raises(RefusedError, match="不是这个数据库") as refused:
            restore.restore(foreign, path)
        assert refused.value.way is Way.OF_ANOTHER
    store = open_store(paths[0])
    sealing.seal(only_poll(life.rounds()[0]).id, TELLERS, store)
    store.close()
    assert not made[0].exists()
    assert made[1].exists()
    assert not backup.due(paths[1], None)
    renamed = paths[1].rename(tmp_path / "丙.db")
    assert [each.path for each in backup.listing(renamed)] == [made[1]]


def test_backups_of_before_in_the_common_folder_are_told_by_their_journal(
    tmp_path: Path, settings: Settings
) -> None:
    """From before databases had numbers: the journal of a backup is a beginning of that of its
    database."""
    paths, old = [tmp_path / "甲.db", tmp_path / "乙.db"], []
    for path in paths:
        store = open_store(path)
        with writing():
            journal.record(JournalAct.IMPORT_ROSTER, path.name)
        keyed_round(settings)
        store.close()
        copy = tmp_path / "备份" / f"ceping-2026010{len(old) + 1}-080000-自动.db"
        copy.parent.mkdir(exist_ok=True)
        backup.copy(path, copy)
        with closing(sqlite3.connect(copy)) as file, file:
            file.execute("DROP TABLE identity")
            file.execute("PRAGMA user_version = 3")
        old.append(copy)
        store = open_store(path)
        with writing():
            journal.record(JournalAct.MAKE_ROUND, "对象")
        store.close()
    for path, own in zip(paths, old, strict=True):
        assert [each.path for each in backup.listing(path)] == [own]
    assert restore.restore(old[0], paths[0]).rounds == 1
    with pytest.raises(RefusedError, match="不是这个数据库"):
        restore.restore(old[1], paths[0])
    store = open_store(paths[1])
    sealing.seal(only_poll(life.rounds()[0]).id, TELLERS, store)
    store.close()
    assert old[0].exists()
    assert not old[1].exists()


def test_an_encrypted_copy_is_whole_or_not_there(
    keyed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "secret.age"
    monkeypatch.setattr("pyrage.passphrase.decrypt", lambda *_: b"something else")
    with pytest.raises(RefusedError, match="解不开"):
        copy_elsewhere.copy_out(keyed, target, "correct horse")
    assert names(tmp_path).count("secret.age") == 0
    assert not [name for name in names(tmp_path) if name.endswith(".tmp")]


def test_an_encrypted_copy_goes_onto_a_stick_that_knows_no_second_names(
    keyed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")  # as FAT answers

    monkeypatch.setattr(os, "link", link)
    target = tmp_path / "secret.age"
    copy_elsewhere.copy_out(keyed, target, "correct horse")
    assert target.read_bytes().startswith(b"age-encryption.org/v1")
    assert not [name for name in names(tmp_path) if name.endswith(".tmp")]


def test_a_folder_is_private_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(tmp_path / "a" / "b" / "ceping.db")
        made = backup.make(store.path, "手工")
        store.close()
    finally:
        os.umask(before)
    for folder in (tmp_path / "a", tmp_path / "a" / "b", made.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*.db*")} == {0o600}


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
