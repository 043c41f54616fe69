"""A rehearsal (演练): a database of its own, marked in the file itself, and wiped whole at the end.

The mark is SQLite's application_id. A marked file is never sealed, and never takes the place of an
office's database, wherever it is copied to.
"""

from __future__ import annotations

import os
from pathlib import Path

from models.database import schema
from models.database.tables import database
from models.refusal import RefusedError, fault_words

_FILE = "ceping.db"
_BLOCK = 1 << 20


def folder_of(path: Path) -> Path:
    """The folder of the rehearsal of an office's database: beside it."""
    return path.with_name(f"演练_{path.name}")


def file_of(path: Path) -> Path:
    """The database of the rehearsal of an office's."""
    return folder_of(path) / _FILE


def mark() -> None:
    """Mark the open database as a rehearsal, for ever."""
    database.pragma("application_id", schema.REHEARSAL_ID)


def wipe(folder: Path) -> int:
    """Overwrite every file of a rehearsal with zeros, then remove them and the folder; how many
    there were. Raises `RefusedError` if that cannot be done."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    try:
        for path in files:
            _overwrite(path)
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()
        if folder.exists():
            folder.rmdir()
    except OSError as error:
        raise RefusedError(f"演练没有抹干净：{folder}（{fault_words(error)}）。请再试。") from error
    return len(files)


def _overwrite(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, _BLOCK):
            file.write(bytes(min(_BLOCK, size - start)))
        file.flush()
        os.fsync(file.fileno())
