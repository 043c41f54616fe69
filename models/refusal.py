"""The exception raised when the program refuses something, with a way out."""

from __future__ import annotations

import errno
from enum import Enum, auto


class Way(Enum):
    """What the user can do next after a refusal or a finding.

    Models and exports only name the way out. The screen adds the key for it and the command line
    the command (`tui.words.ways`).
    """

    RESTORE = auto()
    """Replace the database with a verified backup."""
    LIST_ROUNDS = auto()
    """List the rounds."""
    CORRECT_SEALED = auto()
    """Correct a ballot of a poll that was sealed and reopened."""
    SEAL = auto()
    """Balance a poll's paper and seal the poll."""
    COUNT_PAPER = auto()
    """Recount the paper: change the number returned, or remove a ballot keyed twice."""
    WHOLE_ROUND = auto()
    """Select the whole round instead of one unit."""
    SECOND_ENTRY = auto()
    """Key a stack a second time, or settle its differences."""
    RECOUNT = auto()
    """Recompute everything in the file and list what does not match."""
    NEW_DATABASE = auto()
    """Create a database."""
    OTHER_DATABASE = auto()
    """Choose another database file."""
    IMPORT_ROSTER = auto()
    """Import the unit list."""
    HOLDER_LEAVES = auto()
    """Have the user who has the database open quit the program."""
    OF_ANOTHER = auto()
    """Say that a backup of another database is meant."""
    NAME_SUBJECT = auto()
    """Say whose ballots are meant."""


class RefusedError(Exception):
    """Something was refused, and nothing was changed.

    The message is in Chinese and says what is wrong.
    """

    def __init__(self, message: str, way: Way | None = None, target: str = "") -> None:
        super().__init__(message)
        self.way = way
        """The way out; None if the message is enough."""
        self.target = target
        """What the way out applies to, such as the backup to restore."""


_FAULTS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "磁盘只读",
    errno.EIO: "磁盘读写出错",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "不是文件夹",
    errno.EEXIST: "已有同名的",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOTEMPTY: "文件夹不空",
    errno.EBUSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.EFBIG: "文件太大",
    errno.ELOOP: "链接绕成了圈",
}


def fault_words(error: BaseException) -> str:
    """What the system or the database reports, in Chinese; its number or name where there is no
    word for it."""
    if isinstance(error, OSError):
        return _FAULTS.get(error.errno or 0) or f"系统错误 {error.errno}"
    return f"数据库错误 {getattr(error, 'sqlite_errorname', '') or type(error).__name__}"
