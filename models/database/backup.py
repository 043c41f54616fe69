"""Backups (备份): copies of the database that are checked and recounted before they are kept.

A backup uses its own connection, so any thread can make one. It is written under a temporary name,
flushed, checked, then renamed. Backups are in a folder next to the database that only its owner
can read.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.database import retention
from models.database.private_folder import make_folder
from models.recount import examination
from models.refusal import RefusedError, Way, fault_words

EVERY = 30 * 60.0
"""Seconds between two backups while ballots come in."""

_FOLDER = "备份"
_NAME = re.compile(r"ceping-(\d{8}-\d{6})([+-]\d{4})?(?:-\d+)?-(\w+)\.db")
_STAMP = "%Y%m%d-%H%M%S"
_BLOCK = 1 << 20
_ERASING = ".erasing"
# What changes whenever anything does that is worth a backup.
_STATE = """
SELECT (SELECT count(*) || ' ' || coalesce(max(digest), '') FROM journal),
       (SELECT coalesce(sum(n), 0) FROM entered), (SELECT count(*) FROM ballot),
       (SELECT count(*) FROM second_ballot),
       (SELECT coalesce(group_concat(marks), '') FROM draft),
       (SELECT coalesce(group_concat(marks), '') FROM second_draft)
"""


@dataclass(frozen=True)
class BackupFile:
    """A backup of a database."""

    path: Path
    """Where it lies."""
    at: datetime.datetime
    """When it was made, with the offset of that clock."""
    reason: str
    """Why, in a word."""
    size: int
    """Bytes."""

    @property
    def future(self) -> bool:
        """Whether it bears a time that has not come: some clock was or is wrong."""
        return self.at > _now() + datetime.timedelta(minutes=1)


def _now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


def stamp() -> str:
    """The time now with the offset of this clock, as names of files bear it."""
    return f"{_now():{_STAMP}%z}"


def folder_of(database: Path) -> Path:
    """Where the backups of a database lie: a folder beside it whose backups bear its number, so
    that a database that was renamed finds it, and two in one folder do not share one."""
    database = database.absolute()
    number, common = identity(database), database.parent / _FOLDER
    if not number:
        return common
    owners = {folder: _owner(folder) for folder in sorted(database.parent.glob(f"{_FOLDER}*"))}
    for folder, owner in owners.items():
        if owner == number:
            return folder
    if not owners.get(common):
        return common
    return database.parent / f"{_FOLDER}-{database.stem}-{number[:8]}"


def _owner(folder: Path) -> str:
    """The number of the database whose backups lie in a folder; empty if none has one."""
    for path in folder.glob("*.db"):
        if _NAME.fullmatch(path.name) and (number := identity(path)):
            return number
    return ""


def _make_folder(database: Path) -> Path:
    folder = folder_of(database)
    try:
        make_folder(folder)
    except OSError as error:
        raise RefusedError(f"建不了备份文件夹 {folder}（{fault_words(error)}）。") from error
    return folder


def identity(database: Path) -> str:
    """The number of a database or a backup; empty for one from before there were numbers, or one
    that cannot be read."""
    try:
        with closing(sqlite3.connect(_read_only(database), uri=True, timeout=5)) as file:
            row = file.execute("SELECT number FROM identity").fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def belongs(file: Path, database: Path) -> bool:
    """Whether a backup is of this database: by its number or, for one from before there were
    numbers, because its journal is a beginning of the database's. Where the database cannot be
    read, every backup may be its own."""
    number, its = identity(database), identity(file)
    if not number or its:
        return not number or its == number
    ours, theirs = _journal(database), _journal(file)
    return theirs is not None and ours is not None and theirs == ours[: len(theirs)]


def related(file: Path, database: Path) -> bool:
    """Whether two files are one database at two times, whichever is the older: by their numbers,
    or because the journal of one is a beginning of the other's. Yes where the database cannot be
    read, for then it cannot be asked."""
    number, its = identity(database), identity(file)
    if number and its:
        return number == its
    ours, theirs = _journal(database), _journal(file)
    if ours is None or theirs is None:
        return ours is None
    return theirs[: len(ours)] == ours[: len(theirs)]


def _journal(file: Path) -> list[str] | None:
    """The digests of a journal in order; None if it cannot be read."""
    try:
        with closing(sqlite3.connect(_read_only(file), uri=True, timeout=5)) as open_file:
            return [row[0] for row in open_file.execute("SELECT digest FROM journal ORDER BY id")]
    except sqlite3.Error:
        return None


def listing(database: Path) -> list[BackupFile]:
    """The backups of a database, newest first: those in its folder, and those from before it had
    a folder of its own."""
    own = folder_of(database)
    found = []
    for folder in dict.fromkeys((own, own.with_name(_FOLDER))):
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                match = _NAME.fullmatch(path.name)
                # A damaged one in its own folder is still its own: a seal must not pass it over.
                lost = folder == own and _journal(path) is None
                if match and (lost or belongs(path, database)):
                    found.append(BackupFile(path, _at(match), match[3], path.stat().st_size))
    return sorted(found, key=lambda each: (each.at, each.path.name), reverse=True)


def _at(match: re.Match[str]) -> datetime.datetime:
    if match[2]:
        return datetime.datetime.strptime(match[1] + match[2], f"{_STAMP}%z")
    return datetime.datetime.strptime(match[1], _STAMP).astimezone()


def make(database: Path, reason: str) -> Path:
    """Make a backup beside the database, thin out old ones, and give its path. Raises
    `RefusedError` if it could not be written or does not agree with itself."""
    folder = _make_folder(database)
    at, number = stamp(), 1
    target = folder / f"ceping-{at}-{reason}.db"
    while target.exists():
        number += 1
        target = folder / f"ceping-{at}-{number}-{reason}.db"
    copy(database, target)
    _thin(database)
    return target


def copy(database: Path, target: Path) -> None:
    """Write a checked copy of the database to `target`.

    Raises `RefusedError` if `target` exists, if the copy cannot be written, or if it fails its
    check. No file is left behind then.
    """
    if target.exists():
        raise RefusedError(f"{target} 已经存在，没有覆盖。请换个文件名。")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        # Created first with mode 0600, so that other users can never read it.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(_read_only(database), uri=True, timeout=5)) as file:
            file.execute("VACUUM INTO ?", (str(temporary),))
        flush(temporary)
        faults = examination.damage(temporary)
        if faults:
            raise RefusedError(f"备份没有留下：数据库与自身核对不符（{faults[0]}）。", Way.RECOUNT)
        os.replace(temporary, target)
        flush(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise RefusedError(
            f"没有备份成 {target}（{fault_words(error)}）。请检查磁盘空间和权限；数据库未动。"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def due(database: Path, waited: float | None) -> bool:
    """Whether anything changed since the newest backup, and this program made its last one long
    enough ago: `waited` seconds, by a clock that does not run backwards; None if it made none.
    A backup that bears a time to come is not asked."""
    if waited is not None and waited < EVERY:
        return False
    newest = next((each for each in listing(database) if not each.future), None)
    return newest is None or _state(newest.path) != _state(database)


def _state(file: Path) -> tuple[object, ...] | None:
    try:
        with closing(sqlite3.connect(_read_only(file), uri=True, timeout=5)) as open_file:
            found: tuple[object, ...] = open_file.execute(_STATE).fetchone()
            return found
    except sqlite3.Error:
        return None


def erase_others(database: Path, keep: Path) -> int:
    """Overwrite and delete every backup of a database but one, and what a kill left of backups
    half made, half restored or half erased; how many files. Raises `RefusedError`."""
    own = folder_of(database)
    paths = [each.path for each in listing(database) if each.path != keep]
    paths += own.glob(".ceping-*.tmp*")
    for folder in dict.fromkeys((own, own.with_name(_FOLDER))):
        paths += folder.glob(f".*{_ERASING}")
    paths.append(database.with_name(f".{database.name}.restoring"))
    paths = [path for path in paths if path.exists()]
    for path in paths:
        try:
            _erase(path)
        except OSError as error:
            raise RefusedError(f"删不了封存前的备份 {path}（{fault_words(error)}）。") from error
    return len(paths)


def _erase(path: Path) -> None:
    """Overwrite and delete a file. A backup gets a name first by which it is found again: half
    overwritten, it no longer says which database it is of."""
    if _NAME.fullmatch(path.name):
        path = path.rename(path.with_name(f".{path.name}{_ERASING}"))
        flush(path.parent)
    with path.open("r+b", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        for start in range(0, size, _BLOCK):
            file.write(bytes(min(_BLOCK, size - start)))
        os.fsync(file.fileno())
    path.unlink()


def _thin(database: Path) -> None:
    # One that bears a time to come takes nobody's place, and nobody takes its.
    files = [each for each in listing(database) if not each.future]
    kept = retention.kept([each.at for each in files], _now())
    for each in files:
        if each.at not in kept:
            each.path.unlink(missing_ok=True)


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def flush(path: Path) -> None:
    """Bring a file or a folder onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
