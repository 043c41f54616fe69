"""The order of entry taken out of the file: deleted pages, log, and backups made before a seal.

A row in `erasure` is written with the seal itself and goes away last, so that a kill in between
leaves the work to the next start. What this cannot reach is said in the manual: copies that
somebody made by hand, and the blocks that a disk keeps of files that are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import peewee

from models.database import backup
from models.database.store import Store, writing
from models.database.tables import Erasure, database
from models.refusal import RefusedError


def pending() -> bool:
    """Whether a sealed poll's order may still be found in the file or its backups."""
    return Erasure.select().exists()


def overwrite_deleted() -> None:
    """Have everything that is deleted from now on overwritten with zeros."""
    database.execute_sql("PRAGMA secure_delete = ON")


def finish(store: Store) -> None:
    """Rewrite the file of the open `store` without its free pages, empty its log, and replace the
    backups from before the seal by one made now and checked. Does nothing where nothing is
    pending.

    Raises `RefusedError` if it could not be done now; the seal holds all the same, and the next
    start tries again.
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
    """Errors come out as refusals that say what remains to be done, and to which file."""
    try:
        yield
    except (RefusedError, peewee.DatabaseError, OSError) as error:
        told = error if isinstance(error, RefusedError) else RefusedError(str(error))
        raise RefusedError(
            f"已经封存，录入顺序尚未从文件里清除完（{store.path}）：{error} "
            "请关掉其他终端、腾出磁盘空间，再启动本程序，会接着清除。",
            told.way,
            told.target,
        ) from error


def _empty_log() -> None:
    busy = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise RefusedError("另一终端正在读数据库。")
