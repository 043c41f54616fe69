"""Open, check and lock the database file.

`open_store` returns the only `Store` of the process. The writer holds a lock; a second program on
the same file can only read. Commits are durable (WAL, `synchronous=FULL`). `quick` is for writes
that must survive a crash of the program but may be lost in a power failure.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import peewee

from models.database import schema
from models.database.lock import Holder, WriterLock
from models.database.private_folder import make_folder
from models.database.tables import database
from models.refusal import RefusedError, Way, fault_words

ENVIRONMENT_VARIABLE = "CEPING_DATABASE"
_ERRORS = (peewee.DatabaseError, sqlite3.DatabaseError)
_HEADER = b"SQLite format 3\x00"

LOADED_AT = time.time()
"""When this program was loaded, which is before it opens a database, in seconds of the clock that
files are dated by. Code on the disk that is younger is not the code that runs."""


def default_path() -> Path:
    """Return the default path: `CEPING_DATABASE`, or a file in the user's data folder."""
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("ceping", appauthor=False) / "ceping.db"


class Store:
    """An open database. `holder` names the other program that writes to it, if there is one; this
    one then reads only."""

    def __init__(self, path: Path, lock: WriterLock | None, holder: Holder | None) -> None:
        self.path = path
        self._lock = lock
        self.holder = holder
        self._file = _file_at(path)
        self._seen = self._data_version()
        self._rescued: Path | None = None
        marked = database.execute_sql("PRAGMA application_id").fetchone()[0]
        self.rehearsal: bool = marked == schema.REHEARSAL_ID
        """Whether it is a rehearsal (演练), which is never sealed."""

    @property
    def read_only(self) -> bool:
        """Whether this program may only read."""
        return self._lock is None

    def _data_version(self) -> int:
        return int(database.execute_sql("PRAGMA data_version").fetchone()[0])

    def changed(self) -> bool:
        """Whether another program has committed since the last call: a few microseconds. A reader
        follows a file that took the place of the one it read. Raises `RefusedError` if a writer's
        file is gone, or if a reader's is, or was replaced by one that cannot be read."""
        if not self.read_only:
            self.require_file()
        elif (now := _file_at(self.path)) is None:
            saved = f"手上的票全部写在 {self._rescued}。" if self._rescued else ""
            raise RefusedError(
                f"数据库文件被移走或删除了：{self.path}。这里看到的是它原来的内容。{saved}"
            )
        elif now != self._file:
            self._open_again(writer=False)
            return True
        seen = self._data_version()
        changed, self._seen = seen != self._seen, seen
        return changed

    def require_file(self) -> None:
        """Make sure that what is written reaches the file that others will open, and that nobody
        else writes to it. Raises `RefusedError` if the file was moved, deleted or replaced, after
        saving what this program has beside its old place; or if the lock was taken from it."""
        if self._lock is None:
            return
        if _file_at(self.path) != self._file:
            raise self._gone("刚才这一步没有存进现在的文件")
        # It may have been put back, with more in it than was saved.
        self._rescued = None
        if not self._lock.standing and not self._lock.renew():
            self.holder = self._lock.holder()
            self._lock.release()
            self._lock = None
            database.execute_sql("PRAGMA query_only = 1")
            raise RefusedError(
                f"写入的锁被删除，{self.holder} 已经接手写入。本终端改为只读，已存的票都在。"
            )

    def _gone(self, undone: str) -> RefusedError:
        """What to say once the file is gone, after saving what this program has of it."""
        self._rescued = self._rescued or self._rescue()
        return RefusedError(
            f"数据库文件被移走、删除或替换了：{self.path}。{undone}；"
            f"本程序手上的票全部写在 {self._rescued}。",
            Way.RESTORE,
            str(self._rescued),
        )

    def _rescue(self) -> Path:
        """Everything this program still has of a file that is gone, in a file of its own."""
        # Cost 5 ms to import; only a file that is gone needs them.
        import tempfile

        from models.database import backup

        # A connection that only reads would not write another file either.
        database.execute_sql("PRAGMA query_only = 0")
        try:
            return self._saved_aside(
                f"{self.path.name}.rescued-{backup.stamp()}-{os.getpid()}",
                (self.path.parent, Path.cwd(), Path(tempfile.gettempdir())),
            )
        finally:
            if self.read_only:
                database.execute_sql("PRAGMA query_only = 1")

    def _saved_aside(self, name: str, folders: tuple[Path, ...]) -> Path:
        fault: Exception | None = None
        for folder in folders:
            target = folder / name
            try:
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
                database.execute_sql("VACUUM INTO ?", (str(target),))
            except FileExistsError as error:
                fault = error
            except (OSError, *_ERRORS) as error:
                fault = error
                target.unlink(missing_ok=True)  # half a copy would be taken for a whole one
            else:
                return target
        raise RefusedError(
            f"数据库文件被移走、删除或替换了：{self.path}，手上的票也没能另存（{fault}）。"
            "请不要关掉这个终端，先把原文件移回原处。"
        )

    def _open_again(self, *, writer: bool) -> None:
        # Judged before the file that is open is let go: it may be the last that can be read.
        _check_header(self.path)
        _foresee(self.path, writer=writer)
        database.close()
        _connect(self.path, exists=True, writer=writer)
        self._file = _file_at(self.path)
        self._seen = self._data_version()

    def erasure_pending(self) -> bool:
        """Whether the erasure after a seal was interrupted (`models.database.erasure`)."""
        return database.execute_sql("SELECT 1 FROM erasure").fetchone() is not None

    def take_over(self) -> None:
        """End the program that writes and become the writer, of the file that stands there now.
        Raises `RefusedError`, after saving what this program has of a file that is gone."""
        if _file_at(self.path) is None:
            raise self._gone("没有接管")
        lock = WriterLock(self.path)
        lock.take_over()
        try:
            if _file_at(self.path) != self._file:
                self._open_again(writer=True)
            database.execute_sql("PRAGMA query_only = 0")
            database.execute_sql("PRAGMA synchronous = FULL")
        except BaseException:
            lock.release()
            raise
        self._lock, self.holder = lock, None

    def close(self) -> None:
        """Close the file and give the lock back."""
        global _opened
        database.close()
        _opened = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None


# The store whose database `database` is, asked before anything is said to be stored.
_opened: Store | None = None


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path now; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def open_store(path: Path, *, write: bool = True) -> Store:
    """Open the database at `path`, creating it if it is missing (mode 0600, its folder 0700).

    With `write`, takes the writer's lock; if another program has it, the store opens read-only
    with `holder` set. Raises `RefusedError` if the file is not ours, is newer, damaged or out of
    reach, or has a second name.
    """
    global _opened
    if path.name == ":memory:" or str(path).startswith("file:"):
        raise RefusedError(f"{path} 不是文件。请给出数据库文件的路径。", Way.OTHER_DATABASE)
    # One spelling, so that there is one lock, one log and one folder of backups.
    path = path.resolve()
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
                f"数据库所在文件夹不能写：{path.parent}（{fault_words(error)}）。请检查权限和磁盘。",
                Way.OTHER_DATABASE,
            ) from error
        if holder is not None:
            lock = None
    try:
        if lock is not None and exists:
            _refuse_second_name(path)
        _connect(path, exists, writer=lock is not None)
        try:
            opened = Store(path, lock, holder)
        except _ERRORS as error:
            raise refusal(error, path) from error
    except BaseException:
        if not database.deferred:
            database.close()
        if lock is not None:
            lock.release()
        raise
    _opened = opened
    return _opened


def _refuse_second_name(path: Path) -> None:
    """Refuse a file that has another name as well: who opens that one has another lock. What a
    killed restore left of one is cleared."""
    file = _file_at(path)
    for leftover in path.parent.glob(f".{path.name}.restoring*"):
        if leftover.is_dir():
            # Costs 5 ms to import; only a killed restore needs it.
            import shutil

            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    for aside in path.parent.glob(f"{path.name}.replaced-*"):
        if _file_at(aside) == file:
            aside.unlink()  # it was cut off before it put anything in the place of the file
    if os.stat(path).st_nlink > 1:
        same = [str(each) for each in path.parent.iterdir() if _file_at(each) == file]
        others = "、".join(name for name in same if name != str(path)) or "不在这个文件夹里"
        raise RefusedError(
            f"数据库 {path} 还有别的名字（硬链接：{others}），两个名字会各记各的。"
            "请删去多余的名字，或复制成单独的文件，再打开。",
            Way.OTHER_DATABASE,
        )


def _make_folder(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        raise RefusedError(f"建不了文件夹 {folder}（{fault_words(error)}）。") from error


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(16)
    except OSError as error:
        raise RefusedError(f"读不出数据库 {path}（{fault_words(error)}）。") from error
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
        version = _require_usable(path, database.execute_sql, writer=writer)
        if writer:
            # After the check above, because it writes to the file.
            database.execute_sql("PRAGMA journal_mode = wal")
        if version < schema.VERSION:
            if version:
                from models.database import backup

                backup.make(path, "升级前")
            schema.upgrade(version)
        if not writer:
            database.execute_sql("PRAGMA query_only = 1")
    except _ERRORS as error:
        raise refusal(error, path) from error


def _foresee(path: Path, *, writer: bool) -> None:
    """Judge a file that is to be opened in the place of another. Raises `RefusedError`."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            _require_usable(path, file.execute, writer=writer)
    except sqlite3.DatabaseError as error:
        raise refusal(error, path) from error


def _require_usable(path: Path, execute: Callable[[str], Any], *, writer: bool) -> int:
    """The version of an open file. Raises `RefusedError` if it is not ours, or not to be used as
    it is."""

    def first(query: str) -> int:
        return int(execute(query).fetchone()[0])

    version = first("PRAGMA user_version")
    if version > schema.VERSION:
        raise RefusedError(
            f"数据库 {path} 是较新的第 {version} 版，本程序只认到第 {schema.VERSION} 版。"
            "请升级程序后再开。"
        )
    strange = (
        first("PRAGMA application_id") not in (schema.APPLICATION_ID, schema.REHEARSAL_ID)
        if version
        else first("SELECT count(*) FROM sqlite_master")
    )
    if strange:
        raise RefusedError(f"{path} 是别的程序的数据库。", Way.OTHER_DATABASE)
    if version < schema.VERSION and not writer:
        raise RefusedError(
            f"数据库 {path} 尚未建好，正由另一程序使用，请稍后再试。"
            if not version
            else f"数据库 {path} 是较旧的第 {version} 版，要先由能写入的程序打开一次来升级"
            "（会先备份）。现在只能读，没有动它。"
        )
    return version


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
    return RefusedError(f"数据库出错：{where}（{name or type(error).__name__}）。")


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
def reading() -> Iterator[None]:
    """Some reads; database errors come out as `RefusedError`."""
    try:
        yield
    except _ERRORS as error:
        raise refusal(error) from error


@contextmanager
def writing() -> Iterator[None]:
    """One durable transaction; database errors come out as `RefusedError`, nothing half-done. So
    does a file that is gone: nothing is said to be stored that is not in the file."""
    outermost = database.transaction_depth() == 0
    if outermost and _opened is not None:
        _opened.require_file()
    try:
        with database.atomic():
            yield
    except _ERRORS as error:
        raise refusal(error) from error
    if outermost and _opened is not None:
        _opened.require_file()


@contextmanager
def quick() -> Iterator[None]:
    """Writes that survive the program's death but need not survive a power cut: no fsync."""
    if _opened is not None:
        _opened.require_file()
    try:
        database.execute_sql("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            database.execute_sql("PRAGMA synchronous = FULL")
    except _ERRORS as error:
        raise refusal(error) from error
