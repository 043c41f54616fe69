"""Open, check and lock the database file.

`open_store` returns the only `Store` of the process. The writer holds a lock; a second program on
the same file can only read. Commits are durable (WAL, `synchronous=FULL`). `quick` is for writes
that must survive a crash of the program but may be lost in a power failure.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

from models.database import schema
from models.database.lock import Holder, WriterLock
from models.database.tables import database
from models.refusal import RefusedError, Way

ENVIRONMENT_VARIABLE = "CEPING_DATABASE"
_ERRORS = (peewee.DatabaseError, sqlite3.DatabaseError)
_HEADER = b"SQLite format 3\x00"


def default_path() -> Path:
    """Return the default path: `CEPING_DATABASE`, or a file in the user's data folder."""
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("ceping", appauthor=False) / "ceping.db"


class Store:
    """An open database. It is read-only while another program, the `holder`, has the lock."""

    def __init__(self, path: Path, lock: WriterLock | None, holder: Holder | None) -> None:
        self.path = path
        self._lock = lock
        self.holder = holder
        self._seen = self._data_version()

    @property
    def read_only(self) -> bool:
        """Whether this program may only read."""
        return self._lock is None

    def _data_version(self) -> int:
        return int(database.execute_sql("PRAGMA data_version").fetchone()[0])

    def changed(self) -> bool:
        """Whether another program has committed since the last call. Takes a few microseconds."""
        seen = self._data_version()
        changed, self._seen = seen != self._seen, seen
        return changed

    def erasure_pending(self) -> bool:
        """Whether the erasure after a seal was interrupted (`models.database.erasure`)."""
        return database.execute_sql("SELECT 1 FROM erasure").fetchone() is not None

    def take_over(self) -> None:
        """Terminate the program that holds the lock and become the writer.

        Raises `RefusedError` if that fails.
        """
        lock = WriterLock(self.path)
        lock.take_over()
        self._lock, self.holder = lock, None
        database.execute_sql("PRAGMA query_only = 0")

    def close(self) -> None:
        """Close the file and release the lock."""
        database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def open_store(path: Path, *, write: bool = True) -> Store:
    """Open the database at `path`, creating it if it is missing (mode 0600, its folder 0700).

    With `write`, takes the writer lock. If another program has it, the store is opened read-only
    with `holder` set. Raises `RefusedError` if the file belongs to another program, has a newer
    schema, is damaged, or cannot be accessed.
    """
    exists = path.exists()
    if not exists and not write:
        raise RefusedError(f"没有数据库 {path}。", Way.NEW_DATABASE)
    if not exists:
        _make_folder(path.parent)
    else:
        _check_header(path)
    lock = WriterLock(path) if write else None
    holder: Holder | None = None
    if lock is not None:
        try:
            holder = lock.acquire()
        except OSError as error:
            raise RefusedError(
                f"数据库所在文件夹不能写：{path.parent}（{error.strerror}）。请检查权限和磁盘。",
                Way.OTHER_DATABASE,
            ) from error
        if holder is not None:
            lock = None
    try:
        _connect(path, exists, writer=lock is not None)
    except BaseException:
        database.close()
        if lock is not None:
            lock.release()
        raise
    return Store(path, lock, holder)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RefusedError(f"建不了文件夹 {folder}（{error.strerror}）。") from error


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(16)
    except OSError as error:
        raise RefusedError(f"读不出数据库 {path}（{error.strerror}）。") from error
    if header and header != _HEADER:
        raise _damaged(f"{path} 不是数据库文件或已损坏", path)
    if header and _shortened(path):
        raise _damaged(f"{path} 不完整，像是被截断了", path)


def _shortened(path: Path) -> bool:
    """Whether the file is shorter than its header says.

    False if the header's page count is out of date or a log has yet to be merged.
    """
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100:
        return True
    size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    log = path.with_name(path.name + "-wal")
    if header[24:28] != header[92:96] or (log.exists() and log.stat().st_size):
        return False
    return path.stat().st_size < (65536 if size == 1 else size) * pages


def _damaged(what: str, path: Path) -> RefusedError:
    """Return the refusal for a damaged database; it suggests restoring the newest backup."""
    from models.database import backup

    newest = next(iter(backup.listing(path)), None)
    if newest is None:
        return RefusedError(f"{what}。原文件未动，没有找到自动备份。", Way.RESTORE)
    return RefusedError(f"{what}。原文件未动。", Way.RESTORE, str(newest.path))


def _connect(path: Path, exists: bool, *, writer: bool) -> None:
    if not exists:
        # Created here rather than by SQLite, so that -wal and -shm inherit the mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    pragmas: dict[str, Any] = {"foreign_keys": 1, "busy_timeout": 300, "cache_size": -16000}
    if writer:
        pragmas["synchronous"] = "full"
    database.init(str(path), pragmas=pragmas, timeout=0)
    try:
        database.connect()
        application = int(database.pragma("application_id") or 0)
        version = int(database.pragma("user_version") or 0)
        if version > schema.VERSION:
            raise RefusedError(
                f"数据库 {path} 是较新的第 {version} 版，本程序只认到第 {schema.VERSION} 版。"
                "请升级程序后再开。"
            )
        if version and application != schema.APPLICATION_ID:
            raise RefusedError(f"{path} 是别的程序的数据库。", Way.OTHER_DATABASE)
        tables = database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not version and tables:
            raise RefusedError(f"{path} 是别的程序的数据库。", Way.OTHER_DATABASE)
        if writer:
            # After the checks above, because it writes to the file.
            database.execute_sql("PRAGMA journal_mode = wal")
        if version < schema.VERSION:
            if not writer:
                raise RefusedError(f"数据库 {path} 尚未建好，正由另一程序使用，请稍后再试。")
            if version:
                from models.database import backup

                backup.make(path, "升级前")
            schema.upgrade(version)
        if not writer:
            database.execute_sql("PRAGMA query_only = 1")
    except _ERRORS as error:
        raise refusal(error, path) from error


def refusal(error: Exception, path: Path | None = None) -> RefusedError:
    """Turn a database error into a refusal that says what it means and what to do."""
    # On a full disk SQLite rolls back by itself. The explicit rollback then fails and hides the
    # original error, so look for the first one.
    while isinstance(error.__context__, _ERRORS):
        error = error.__context__
    name = errorname(error)
    where = path or Path(database.database or "")
    if name in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return RefusedError(f"数据库正被另一程序占用：{where}。稍等再试；已存的票都在。")
    if name == "SQLITE_FULL":
        return RefusedError(f"磁盘已满，没有存上：{where}。请腾出空间后再试；已存的票都在。")
    if name == "SQLITE_READONLY":
        return RefusedError(f"数据库只读，没有存上：{where}。请检查文件和文件夹的写权限。")
    if name in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
        return _damaged(f"数据库已损坏：{where}", where)
    if name in ("SQLITE_CANTOPEN", "SQLITE_IOERR"):
        return RefusedError(f"数据库读写出错：{where}。请检查磁盘和权限；已存的票都在。")
    return RefusedError(f"数据库出错：{where}（{error}）。")


def errorname(error: BaseException | None) -> str:
    """Return SQLite's name for an error, such as `SQLITE_BUSY`, without an extended-code suffix.

    Empty if it has none. An error of the ORM has the name of the error that it wraps.
    """
    while error is not None:
        if isinstance(error, sqlite3.Error) and (full := getattr(error, "sqlite_errorname", "")):
            return "_".join(full.split("_")[:2])
        error = error.__cause__ or error.__context__
    return ""


@contextmanager
def writing() -> Iterator[None]:
    """Run the block in one durable transaction. Raises database errors as `RefusedError`."""
    try:
        with database.atomic():
            yield
    except _ERRORS as error:
        raise refusal(error) from error


@contextmanager
def quick() -> Iterator[None]:
    """Run the block without fsync: its writes survive a crash, but maybe not a power failure.

    Raises database errors as `RefusedError`.
    """
    try:
        database.execute_sql("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            database.execute_sql("PRAGMA synchronous = FULL")
    except _ERRORS as error:
        raise refusal(error) from error
