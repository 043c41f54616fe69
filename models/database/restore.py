"""Restore a backup (恢复). The replaced database is kept next to it under another name.

The steps are ordered so that the program can be killed at any point. First the backup is copied
under a temporary name and checked. Then the log of the current file is merged into it, because a
log left behind would be replayed into the wrong file, and the file gets a second name. Last, the
copy takes over the original name.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.database import backup, journal, schema
from models.database.journal import JournalAct
from models.database.lock import WriterLock
from models.database.private_folder import make_folder
from models.database.store import open_store, writing
from models.database.tables import database as connection
from models.recount import examination
from models.refusal import RefusedError, Way, fault_words

_AGE = b"age-encryption.org/v1"
_SIDE_FILES = ("-wal", "-journal", "-shm")


@dataclass(frozen=True)
class Restored:
    """The result of a restore."""

    replaced: Path | None
    """Where the previous database is now; None if there was none."""
    rounds: int
    """Number of rounds in the restored database."""
    ballots: int
    """Number of ballots in the restored database."""


def replaced_files(database: Path) -> list[Path]:
    """Return the databases set aside by restores. They may still contain an order of entry."""
    return sorted(database.absolute().parent.glob(f"{database.name}.replaced-*"))


def encrypted(file: Path) -> bool:
    """Whether a file is an encrypted copy. Raises `RefusedError` if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(_AGE)) == _AGE
    except OSError as error:
        raise RefusedError(f"读不出备份 {file}（{fault_words(error)}）。") from error


def restore(
    file: Path, database: Path, passphrase: str = "", *, of_another: bool = False
) -> Restored:
    """Put the backup `file` in the place of `database`. Raises `RefusedError` if the backup does
    not agree with itself, is of a newer program, is of another database (unless `of_another`
    says that this is meant), the passphrase is wrong, or another program has the database
    open."""
    database = database.resolve()
    temporary = database.with_name(f".{database.name}.restoring")
    lock = WriterLock(database)
    try:
        make_folder(database.parent)
        holder = lock.acquire()
    except OSError as error:
        raise _not_restored(error) from error
    if holder is not None:
        raise RefusedError(f"数据库正由 {holder} 使用，不能恢复。请对方退出后再试。")
    # From here on what lies beside it under a temporary name is ours.
    try:
        _copy(file, temporary, passphrase)
        _require_ours(file, temporary)
        if not of_another and database.exists() and not backup.related(temporary, database):
            raise RefusedError(
                f"{file} 不是这个数据库（{database}）的备份，没有恢复。确实要换成它，请写明。",
                Way.OF_ANOTHER,
                str(file),
            )
        faults = examination.damage(temporary)
        if faults:
            raise RefusedError(f"备份 {file} 与自身核对不符，没有恢复：{faults[0]}。请换一份备份。")
        replaced = _move_away(database)
        os.replace(temporary, database)
        backup.flush(database.parent)
    except OSError as error:
        raise _not_restored(error) from error
    finally:
        # Recounting a copy made by hand may have created a log next to it.
        for ending in ("", *_SIDE_FILES):
            temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
        lock.release()
    try:
        return _welcome(file, database, replaced)
    except RefusedError as error:
        where = f"原数据库保留为 {replaced}。" if replaced else ""
        raise RefusedError(f"{error}{where}", error.way, error.target) from error


def _not_restored(error: OSError) -> RefusedError:
    return RefusedError(f"没有恢复成（{error}）。请检查磁盘空间和权限。")


def _require_ours(file: Path, copy: Path) -> None:
    """Refuse what is no database of this program, or one of a newer program. Older ones are
    upgraded when they are opened."""
    try:
        with closing(sqlite3.connect(copy)) as found:
            application = found.execute("PRAGMA application_id").fetchone()[0]
            version = found.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise RefusedError(f"{file} 不是数据库文件或已损坏，没有恢复。") from error
    if application != schema.APPLICATION_ID:
        raise RefusedError(f"{file} 不是本程序的数据库，没有恢复。")
    if version > schema.VERSION:
        raise RefusedError(
            f"{file} 是较新的第 {version} 版，本程序只认到第 {schema.VERSION} 版，没有恢复。"
            "请升级程序后再恢复。"
        )


def _copy(file: Path, temporary: Path, passphrase: str) -> None:
    for ending in ("", *_SIDE_FILES):
        temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if encrypted(file):
        # Imported here because it takes 10 ms.
        import pyrage

        try:
            temporary.write_bytes(pyrage.passphrase.decrypt(file.read_bytes(), passphrase))
        except pyrage.DecryptError as error:
            raise RefusedError(f"口令不对，或备份 {file} 已损坏。") from error
    else:
        _copy_with_log(file, temporary)
    backup.flush(temporary)


def _copy_with_log(file: Path, temporary: Path) -> None:
    """Copy a database with what its log holds. It is read through SQLite, from a private copy of
    file and log: the source may lie where nothing can be written."""
    with tempfile.TemporaryDirectory(prefix=f"{temporary.name}-", dir=temporary.parent) as name:
        private = Path(name) / "source.db"
        for ending in ("", "-wal", "-journal"):
            side = file.with_name(file.name + ending)
            if ending == "" or side.exists():
                shutil.copyfile(side, private.with_name(private.name + ending))
        try:
            with closing(sqlite3.connect(private)) as source:
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                source.execute("VACUUM INTO ?", (str(temporary),))
        except sqlite3.DatabaseError as error:
            raise RefusedError(
                f"备份 {file} 已损坏，与自身核对不符，没有恢复。请换一份备份。"
            ) from error


def _move_away(database: Path) -> Path | None:
    if not database.exists():
        # SQLite would replay an orphaned log into the restored file.
        for ending in _SIDE_FILES:
            database.with_name(database.name + ending).unlink(missing_ok=True)
        return None
    aside = f"{database.name}.replaced-{backup.stamp()}"
    target, number = database.with_name(aside), 1
    while target.exists():
        number += 1
        target = database.with_name(f"{aside}-{number}")
    emptied = _empty_log(database)
    # With a second name the file can be found, whatever happens next.
    os.link(database, target)
    # Before another file takes over the name: the log of a damaged file is moved along. What a
    # reader that is still open shares of a sound one goes, or SQLite would take the size of the
    # old file for that of the new one.
    for ending in _SIDE_FILES:
        side = database.with_name(database.name + ending)
        if emptied:
            side.unlink(missing_ok=True)
        elif side.exists():
            os.replace(side, target.with_name(target.name + ending))
    return target


def _empty_log(database: Path) -> bool:
    """Merge the log into the file, so that it cannot be replayed into another one.

    Returns False if the file is too damaged. Once the log is empty, the program can be killed at
    any later step. Raises `RefusedError` if another process is reading the database.
    """
    try:
        with closing(sqlite3.connect(database, timeout=5)) as file:
            # A read rolls back an interrupted transaction; a checkpoint alone does not.
            file.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (busy, *_) = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError:
        return False
    if busy:
        raise RefusedError("另一终端正在读数据库，不能恢复。请关掉它再试。")
    return True


def _welcome(file: Path, database: Path, replaced: Path | None) -> Restored:
    """Open the restored database, upgrade it if needed, journal the restore, and recount it.

    Raises `RefusedError` if the recount fails.
    """
    store = open_store(database)
    try:
        with writing():
            journal.record(
                JournalAct.RESTORE, file.name, "原数据库已另存" if replaced else "原处没有数据库"
            )
        rounds = connection.execute_sql("SELECT count(*) FROM round").fetchone()[0]
        ballots = connection.execute_sql("SELECT coalesce(sum(n), 0) FROM entered").fetchone()[0]
    finally:
        store.close()
    faults = examination.damage(database)
    if faults:
        raise RefusedError(f"恢复后核对不符：{faults[0]}。", Way.RECOUNT)
    return Restored(replaced, int(rounds), int(ballots))
