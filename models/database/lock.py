"""The writer lock: a lock file next to the database that allows one writer at a time.

The kernel's lock on the file is what counts, so a killed program leaves no stale lock. The text in
the file only says who holds it.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import getpass
import json
import os
import signal
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from models.refusal import RefusedError, Way, fault_words


@dataclass(frozen=True)
class Holder:
    """Who writes to the database."""

    user: str
    """The account."""
    place: str
    """The address that it logged in from; empty on the machine itself."""
    pid: int
    """The process."""
    since: str
    """When the lock was taken (ISO)."""
    host: str = ""
    """The machine."""
    boot: str = ""
    """Which start of the machine: a process number means nothing in another one."""

    def __str__(self) -> str:
        place = f"（{self.place}）" if self.place else ""
        host = f"在 {self.host} 上" if self.host and self.host != socket.gethostname() else ""
        since = f" 自 {self.since[5:16].replace('T', ' ')} 起" if self.since else ""
        return f"{self.user}{place}{host}{since}，进程 {self.pid}"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


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
        """Take the lock. Return None, or the current holder if another process has the lock.

        Raises `OSError` if the lock file cannot be written; the lock is free again then.
        """
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
            datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
            socket.gethostname(),
            _boot(),
        )
        try:
            os.ftruncate(file, 0)
            os.pwrite(file, json.dumps(asdict(owner), ensure_ascii=False).encode(), 0)
        except OSError:
            # Left open, it would keep this program itself out once there is room again.
            os.close(file)
            raise
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

    @property
    def standing(self) -> bool:
        """Whether the lock file is still the one that is held: if somebody deletes it, the next
        program makes another and believes itself alone."""
        if self._file is None:
            return False
        held = os.fstat(self._file)
        try:
            there = os.stat(self._path)
        except OSError:
            return False
        return (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino)

    def renew(self) -> bool:
        """Take the lock file that stands there now, after the one that is held was deleted; False
        if another program has it."""
        lost, self._file = self._file, None
        try:
            if self.acquire() is not None:
                self._file = lost
                return False
        except OSError:
            self._file = lost
            return False
        if lost is not None:
            os.close(lost)
        return True

    def take_over(self, patience: float = 3.0) -> None:
        """End the holder's program and take the lock: for a line that dropped and left a program
        behind. What it had committed is kept. Only a process of this machine that has the lock
        file open is ended. Raises `RefusedError` if there is none, it stays, or the lock file
        cannot be written."""
        try:
            self._take_over(patience)
        except OSError as error:
            raise RefusedError(
                f"接管不了：锁文件 {self._path} 写不进去（{fault_words(error)}）。"
                "请检查磁盘和权限。"
            ) from error

    def _take_over(self, patience: float) -> None:
        if self.acquire() is None:
            return
        holder = self.holder()
        for ending in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + patience
            if holder != self.holder() or not self._held_by(holder):
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(holder.pid, ending)
            while time.monotonic() < deadline:
                if self.acquire() is None:
                    return
                time.sleep(0.05)
        raise RefusedError("接管不了：对方程序没有退出，请稍后再试。")

    def _held_by(self, holder: Holder) -> bool:
        """Whether the holder is a process of this machine with the lock file open. Raises
        `RefusedError` if it cannot be, or belongs to somebody else."""
        elsewhere = RefusedError(
            f"接管不了：{holder}，不在本机上，不能从这里结束。请在那台机器上退出它；"
            "那台机器已经停了的，等共享盘放开锁后再试。",
            Way.HOLDER_LEAVES,
        )
        if holder.pid <= 1 or (holder.boot and holder.boot != _boot()):
            raise elsewhere
        try:
            lock = os.stat(self._path)
            for name in os.listdir(f"/proc/{holder.pid}/fd"):
                with contextlib.suppress(FileNotFoundError):
                    found = os.stat(f"/proc/{holder.pid}/fd/{name}")
                    if (found.st_dev, found.st_ino) == (lock.st_dev, lock.st_ino):
                        return True
        except FileNotFoundError:
            return False  # it ended meanwhile
        except PermissionError as error:
            raise RefusedError(f"接管不了：{holder}，属于别的用户。", Way.HOLDER_LEAVES) from error
        raise elsewhere
