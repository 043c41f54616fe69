"""Erase the order of entry from the file: free pages, write-ahead log, and pre-seal backups.

A row in the `erasure` table is written together with the seal and deleted last. If the program is
killed in between, the next start finishes the work. The manual describes what cannot be erased:
copies made by hand, and blocks that a disk keeps of deleted files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import peewee

from models.database import backup
from models.database.store import Store, writing
from models.database.tables import Erasure, database
from models.refusal import RefusedError, fault_words


def pending() -> bool:
    """Whether the file or its backups may still contain the order of entry of a sealed poll."""
    return Erasure.select().exists()


def overwrite_deleted() -> None:
    """Make SQLite overwrite deleted content with zeros from now on."""
    database.execute_sql("PRAGMA secure_delete = ON")


def finish(store: Store) -> None:
    """Finish a pending erasure for the open `store`; does nothing if none is pending.

    Rewrites the file without free pages, empties the write-ahead log, and replaces all backups
    with a new, checked one. Raises `RefusedError` if that fails. The seal stays valid then, and
    the next start tries again.
    """
    if not pending():
        return
    with _explained(store):
        _empty_log()
        database.execute_sql("VACUUM")
        _empty_log()
        kept = backup.make(store.path, "封存")
        backup.erase_others(store.path, keep=kept)
    overwrite_deleted()
    with writing():
        Erasure.delete().execute()
    with _explained(store):
        _empty_log()


@contextmanager
def _explained(store: Store) -> Iterator[None]:
    """Turn errors into refusals that name the file and say what remains to be done."""
    try:
        yield
    except (RefusedError, peewee.DatabaseError, OSError) as error:
        told = error if isinstance(error, RefusedError) else RefusedError(fault_words(error))
        raise RefusedError(
            f"已经封存，录入顺序尚未从文件里清除完（{store.path}）：{told} "
            "请关掉其他终端、腾出磁盘空间，再启动本程序，会接着清除。",
            told.way,
            told.target,
        ) from error


def _empty_log() -> None:
    busy = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise RefusedError("另一终端正在读数据库。")
