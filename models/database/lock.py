"""The writer lock: a lock file next to the database that allows one writer at a time.

The kernel's lock on the file is what counts, so a killed program leaves no stale lock. The text in
the file only says who holds it.
"""

from __future__ import annotations

import datetime
import fcntl
import getpass
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from models.refusal import RefusedError, Way


@dataclass(frozen=True)
class Holder:
    """The program that holds the lock."""

    user: str
    """User name of its account."""
    place: str
    """Client address of its SSH connection; empty for a local session."""
    pid: int
    """Process id."""
    since: str
    """When it took the lock, as ISO text."""

    def __str__(self) -> str:
        place = f"（{self.place}）" if self.place else ""
        return f"{self.user}{place} 自 {self.since[5:16].replace('T', ' ')} 起，进程 {self.pid}"


def user_name() -> str:
    """Return the name of the account that runs the program, or its number if it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


class WriterLock:
    """The lock of one database file."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: int | None = None

    def acquire(self) -> Holder | None:
        """Take the lock. Return None, or the current holder if another process has the lock."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        file = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return self.holder()
        owner = Holder(
            user_name(),
            os.environ.get("SSH_CONNECTION", "").split(" ")[0],
            os.getpid(),
            datetime.datetime.now().isoformat(timespec="seconds"),
        )
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(asdict(owner), ensure_ascii=False).encode(), 0)
        self._file = file
        return None

    def holder(self) -> Holder:
        """Read the holder from the lock file; a placeholder if the file cannot be read."""
        try:
            return Holder(**json.loads(self._path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return Holder("另一程序", "", 0, "")

    def release(self) -> None:
        """Release the lock; does nothing if it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def take_over(self, patience: float = 3.0) -> None:
        """Terminate the program that holds the lock, then take the lock.

        Meant for a dropped connection that left a program running. Everything that program had
        committed is kept. Waits up to `patience` seconds after each signal. Raises `RefusedError`
        if the program belongs to another user or does not exit.
        """
        holder = self.holder()
        deadline = time.monotonic() + patience
        for ending in (signal.SIGTERM, signal.SIGKILL):
            if self.acquire() is None:
                return
            if holder.pid <= 1 or holder != self.holder():
                break
            try:
                os.kill(holder.pid, ending)
            except ProcessLookupError:
                pass
            except PermissionError as error:
                raise RefusedError(
                    f"接管不了：{holder}，属于别的用户。", Way.HOLDER_LEAVES
                ) from error
            while time.monotonic() < deadline:
                if self.acquire() is None:
                    return
                time.sleep(0.05)
            deadline = time.monotonic() + patience
        raise RefusedError("接管不了：对方程序没有退出，请稍后再试。")
