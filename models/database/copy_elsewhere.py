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
from models.refusal import RefusedError, fault_words


def copy_out(database: Path, target: Path, passphrase: str = "") -> None:
    """A checked copy elsewhere, encrypted (age format) if there is a passphrase; entered in
    the journal of the open database. Raises `RefusedError`."""
    if target.exists():
        raise RefusedError(f"{target} 已经存在，没有覆盖。请换个文件名。")
    if not passphrase:
        backup.copy(database, target)
    else:
        plain = backup.make(database, "手工")
        _encrypt(plain, target, passphrase)
    with writing():
        journal.record(JournalAct.COPY_ELSEWHERE, str(target), "已加密" if passphrase else "未加密")


def _name(temporary: Path, target: Path) -> None:
    """Give a whole file its name, never over one that came meanwhile. Raises `OSError`."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # A stick with FAT knows no second names.
        if target.exists():
            raise FileExistsError(target) from None
        os.replace(temporary, target)


def _encrypt(source: Path, target: Path, passphrase: str) -> None:
    """Write the encrypted copy under another name, decrypt and compare it, then give it its own:
    what bears that name is whole."""
    # Costs 10 ms to import; only an encrypted copy needs it.
    from pyrage import passphrase as age

    content = source.read_bytes()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(age.encrypt(content, passphrase))
            file.flush()
            os.fsync(file.fileno())
        if age.decrypt(temporary.read_bytes(), passphrase) != content:
            raise RefusedError(f"{target} 写出后解不开，没有留下。请检查磁盘，再试。")
        _name(temporary, target)
        backup.flush(target.parent)
    except FileExistsError as error:
        raise RefusedError(f"{target} 已经存在，没有覆盖。请换个文件名。") from error
    except OSError as error:
        raise RefusedError(f"没有写成 {target}（{fault_words(error)}）。") from error
    finally:
        temporary.unlink(missing_ok=True)
