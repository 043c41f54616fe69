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
from models.recount import examination
from models.refusal import RefusedError, Way

EVERY = datetime.timedelta(minutes=30)
_FOLDER = "备份"
_NAME = re.compile(r"ceping-(\d{8}-\d{6})(?:-\d+)?-(\w+)\.db")
_STAMP = "%Y%m%d-%H%M%S"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class BackupFile:
    """A file in the backup folder."""

    path: Path
    """Path of the file."""
    at: datetime.datetime
    """When it was made, in local time, to the second."""
    reason: str
    """Why it was made, such as 封存前."""
    size: int
    """Size in bytes."""


def folder_of(database: Path) -> Path:
    """Return the backup folder of a database."""
    return database.absolute().parent / _FOLDER


def listing(database: Path) -> list[BackupFile]:
    """Return the backups of a database, newest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder_of(database).iterdir():
            match = _NAME.fullmatch(path.name)
            if match:
                at = datetime.datetime.strptime(match[1], _STAMP)
                found.append(BackupFile(path, at, match[2], path.stat().st_size))
    return sorted(found, key=lambda each: (each.at, each.path.name), reverse=True)


def make(database: Path, reason: str) -> Path:
    """Make a backup in the backup folder, thin out old ones, and return its path.

    Raises `RefusedError` if it cannot be written or fails its check.
    """
    folder = folder_of(database)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise RefusedError(f"建不了备份文件夹 {folder}（{error.strerror}）。") from error
    now = datetime.datetime.now()
    stamp, number = now.strftime(_STAMP), 1
    target = folder / f"ceping-{stamp}-{reason}.db"
    while target.exists():
        number += 1
        target = folder / f"ceping-{stamp}-{number}-{reason}.db"
    copy(database, target)
    _thin(database, now)
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
        _flush(temporary)
        faults = examination.differences(temporary)
        if faults:
            raise RefusedError(f"备份没有留下：数据库与自身核对不符（{faults[0]}）。", Way.RECOUNT)
        os.replace(temporary, target)
        _flush(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise RefusedError(
            f"没有备份成 {target}（{error}）。请检查磁盘空间和权限；数据库未动。"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def due(database: Path, now: datetime.datetime) -> bool:
    """Whether a backup is due: none exists, or the last is over `EVERY` old and out of date."""
    newest = next(iter(listing(database)), None)
    if newest is None:
        return True
    changed = max(
        path.stat().st_mtime
        for path in (database, database.with_name(database.name + "-wal"))
        if path.exists()
    )
    return now - newest.at >= EVERY and changed > newest.at.timestamp()


def erase_others(database: Path, keep: Path) -> int:
    """Overwrite and delete all backups except `keep`; return the number of deleted files.

    Also deletes the temporary files of interrupted backups and restores. Raises `RefusedError` if
    a file cannot be deleted.
    """
    gone = 0
    paths = [each.path for each in listing(database)]
    paths += folder_of(database).glob(".ceping-*.tmp*")
    paths.append(database.with_name(f".{database.name}.restoring"))
    for path in paths:
        if path == keep or not path.exists():
            continue
        try:
            with path.open("r+b", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                for start in range(0, size, _BLOCK):
                    file.write(bytes(min(_BLOCK, size - start)))
                os.fsync(file.fileno())
            path.unlink()
        except OSError as error:
            raise RefusedError(f"删不了封存前的备份 {path}（{error.strerror}）。") from error
        gone += 1
    return gone


def _thin(database: Path, now: datetime.datetime) -> None:
    files = listing(database)
    kept = retention.kept([each.at for each in files], now)
    for each in files:
        if each.at not in kept:
            each.path.unlink(missing_ok=True)


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
