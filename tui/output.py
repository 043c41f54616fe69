"""Standard output and error as commands may rely on them."""

from __future__ import annotations

import io
import os
import sys

from models.refusal import RefusedError


class _Closed(io.TextIOBase):
    """Standard output that the caller has closed: whatever is written is not read."""

    def write(self, text: str) -> int:
        """Refuse to write."""
        raise RefusedError("标准输出已经关闭，结果没有地方写。请接到终端、文件或管道再运行。")


def prepare_output() -> None:
    """Make sure that Chinese text can be written, and that a name with odd bytes in it ends
    nothing. Raises `RefusedError` where the locale of standard output is not UTF-8."""
    for stream, number in (("stderr", 2), ("stdout", 1)):
        found = getattr(sys, stream)
        if found is None:
            closed = _Closed() if number == 1 else open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the life of the program
            setattr(sys, stream, closed)
        elif isinstance(found, io.TextIOWrapper):
            utf8 = (found.encoding or "").replace("-", "").lower() == "utf8"
            found.reconfigure(encoding="utf-8", errors="backslashreplace")
            if not utf8 and number == 1:
                raise RefusedError(
                    "终端环境不是 UTF-8，中文写不出来。请先运行 export LC_ALL=C.UTF-8，再运行一次。"
                )


def give_up_output() -> None:
    """Keep the interpreter from writing what is left when it ends, which would fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the life of the program
