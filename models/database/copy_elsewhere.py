"""Save a checked copy outside the backup folder (另存备份), optionally encrypted.

The program cannot reach such copies later, so a seal cannot remove the order of entry from them.
Every copy and its location are therefore recorded in the journal.
"""

from __future__ import annotations

import os
from pathlib import Path

from models.database import backup, journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.refusal import RefusedError


def copy_out(database: Path, target: Path, passphrase: str = "") -> None:
    """Save a checked copy of `database` to `target` and record it in the open database's journal.

    With a passphrase, the copy is encrypted (age format). Raises `RefusedError` if `target`
    exists, if it cannot be written, or if the copy fails its check.
    """
    if target.exists():
        raise RefusedError(f"{target} 已经存在，没有覆盖。请换个文件名。")
    if not passphrase:
        backup.copy(database, target)
    else:
        plain = backup.make(database, "手工")
        _encrypt(plain, target, passphrase)
    with writing():
        journal.record(JournalAct.COPY_ELSEWHERE, str(target), "已加密" if passphrase else "未加密")


def _encrypt(source: Path, target: Path, passphrase: str) -> None:
    # Imported here because it takes 10 ms and only encryption needs it.
    from pyrage import passphrase as age

    try:
        with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(age.encrypt(source.read_bytes(), passphrase))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        target.unlink(missing_ok=True)
        raise RefusedError(f"没有写成 {target}（{error.strerror}）。") from error
