"""A terminal for tests: a pty that a program runs in, read by pyte as a person's eyes would.

Nothing here waits for time to pass: `wait_for` sleeps in `select` until the program draws
something. Patience only bounds how long a failing test takes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pyte
from wcwidth import wcwidth

CEPING = str(Path(sys.executable).with_name("ceping"))
PATIENCE = 30.0
_ASK_COLUMN = b"\x1b[6n"
# COLUMNS and LINES too: side by side, pytest sets them, and they would hide the window's own size.
_NOT_INHERITED = (
    "LC_",
    "LANG",
    "CEPING_",
    "TEXTUAL",
    "NO_COLOR",
    "COLORTERM",
    "COLUMNS",
    "LINES",
)


class _Screen(pyte.Screen):
    """pyte knows no private SGR (`CSI > … m`), and no modes put back (`CSI ? … r`)."""

    def set_margins(self, *margins: int, **private: bool) -> None:
        if not private:
            super().set_margins(*margins)

    def select_graphic_rendition(self, *attributes: int, **private: bool) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)


def _line(cells: list[str]) -> str:
    """A row's text; the second cell of a wide character is empty, and blank if that is gone."""
    text, wide = "", False
    for cell in cells:
        if cell or not wide:
            text += cell or " "
        wide = bool(cell) and wcwidth(cell[0]) == 2
    return text.rstrip()


class ClosedError(Exception):
    """The program closed its terminal."""


class Terminal:
    """A running program and its screen. `wide` answers the width probe as a terminal that draws
    East-Asian ambiguous characters two columns wide; `before_answer` are keys that a slow line
    delivers just before that answer. With `watched` false nothing is drawn: output is only kept,
    for measuring."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        wide: bool = False,
        before_answer: str = "",
        watched: bool = True,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen = _Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._answer = before_answer.encode() + (b"\x1b[1;3R" if wide else b"\x1b[1;2R")
        self._watched = watched
        self.output = bytearray()
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(_NOT_INHERITED)
        }

        def begin() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if prepare is not None:
                prepare()

        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            list(command),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**inherited, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})},
            cwd=folder,
            start_new_session=True,
            preexec_fn=begin,
        )
        os.close(slave)
        os.set_blocking(self._master, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def text(self) -> str:
        """The screen as lines of text, without trailing spaces."""
        # Not `Screen.display`: it fails on half a wide character, as there is within a frame.
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        cells = ([row[x].data for x in range(self.screen.columns)] for row in rows)
        return "\n".join(_line(row) for row in cells)

    def read(self, timeout: float = PATIENCE) -> bytes:
        """The next output; empty if none came in time. Raises `ClosedError` at the end."""
        if not select.select([self._master], [], [], max(timeout, 0))[0]:
            return b""
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            raise ClosedError from error
        if not data:
            raise ClosedError
        self.output += data
        if _ASK_COLUMN in data:
            os.write(self._master, self._answer)
        if self._watched:
            self._stream.feed(data)
        return data

    def wait_for(self, seen: str | Callable[[str], bool], patience: float = PATIENCE) -> str:
        """Read until the screen holds a text (or satisfies a predicate); the screen."""

        def there() -> bool:
            return seen in self.text if isinstance(seen, str) else seen(self.text)

        deadline = time.monotonic() + patience
        while not there():
            left = deadline - time.monotonic()
            assert left > 0, f"never on the screen: {seen}\n{self.text}"
            self.read(left)
        return self.text

    def write(self, data: bytes | str) -> None:
        """Send bytes as fast as they are taken, reading meanwhile."""
        rest = data.encode() if isinstance(data, str) else data
        while rest:
            readable, writable, _ = select.select([self._master], [self._master], [], PATIENCE)
            assert readable or writable, "the program takes no keys"
            if readable:
                self.read(0)
            if writable:
                with contextlib.suppress(BlockingIOError):
                    rest = rest[os.write(self._master, rest) :]

    def drain(self, quiet: float) -> int:
        """Read until nothing comes for `quiet` seconds; how many bytes came."""
        total = 0
        while data := self.read(quiet):
            total += len(data)
        return total

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    def attributes(self) -> list[Any]:
        """The terminal's line settings."""
        return termios.tcgetattr(self._master)

    def send_signal(self, number: signal.Signals) -> None:
        """Signal the program."""
        self.process.send_signal(number)

    def wait_end(self, patience: float = PATIENCE) -> int:
        """Read to the end; the exit status."""
        deadline = time.monotonic() + patience
        with contextlib.suppress(ClosedError):
            while time.monotonic() < deadline:
                self.read(deadline - time.monotonic())
        return self.process.wait(max(deadline - time.monotonic(), 1))

    def hang_up(self) -> None:
        """Close the line, as a lost connection does."""
        os.close(self._master)
        self._master = -1

    def kill(self) -> None:
        """End the program at once (SIGKILL) and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1


def ceping(database: Path, *arguments: str, **options: Any) -> Terminal:
    """`ceping` on a database, in a terminal."""
    return Terminal([CEPING, "--database", str(database), *arguments], **options)


def enter(database: Path, unit: str, level: str, group: str, **options: Any) -> Terminal:
    """`ceping enter` on one stack of round 1."""
    stack = ("--unit", unit, "--level", level, "--group", group)
    return ceping(database, "enter", "1", *stack, **options)
