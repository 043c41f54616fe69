"""The terminal under the program: its locale, its width of ambiguous glyphs, its bytes, signals.

Called before the screens start. Nothing here imports Textual except `prepare_textual`, which
must run before the first screen is made.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from select import select

from models.refusal import RefusedError

_REPLY = re.compile(rb"\x1b\[\d+;(\d+)R")


@dataclass(frozen=True)
class Glyphs:
    """What bars are drawn with. The plain ones are for terminals that draw East-Asian ambiguous
    characters two columns wide."""

    bars: tuple[str, ...]
    """A fill for each grade."""
    eighths: str
    """A blank and the blocks of one to eight eighths of a column; empty if there are none."""
    signs: str
    """Before the words for done, being worked on, to be done, not begun, wrong."""
    rule: str
    """What a line between two panes is made of."""
    current: str
    """Before the current row."""
    more: str
    """Where columns fell away."""
    thumb: str
    """At the edge of a list that is scrolled, beside the part that is seen."""
    gauge: tuple[str, str]
    """What a bar of progress is made of: done, to be done."""


FINE = Glyphs(("█", "▓", "▒", "░"), " ▏▎▍▌▋▊▉█", "●◐◆○!", "─", "▸", "›", "▐", ("━", "─"))
PLAIN = Glyphs(("#", "=", "+", "."), "", "*%+-!", "-", ">", ">", "|", ("#", "."))
# What has no such glyphs in its own font.
_POOR = ("linux", "vt", "dumb", "ansi", "cons", "sun")


def check_locale() -> None:
    """Refuse a locale that is not UTF-8: it would write one encoding and read another. Raises
    `RefusedError` with what to set."""
    encoding = sys.stdout.encoding
    if encoding.replace("-", "").lower() != "utf8":
        raise RefusedError(
            f"终端环境是 {encoding}，本程序只用 UTF-8。"
            "请先运行 export LC_ALL=C.UTF-8，并把终端软件的字符编码设为 UTF-8。"
        )
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise RefusedError("要在终端里运行。脚本请用子命令，见 ceping --help。")


@dataclass(frozen=True)
class Answer:
    """What a terminal answered to `WidthProbe`."""

    wide: bool = False
    """Whether it draws ambiguous glyphs two columns wide."""
    typed_ahead: str = ""
    """The keys that were typed before it answered."""

    @property
    def glyphs(self) -> Glyphs:
        """The glyphs for this terminal."""
        poor = os.environ.get("TERM", "").startswith(_POOR)
        return PLAIN if self.wide or poor else FINE


class WidthProbe:
    """Asks the terminal how wide it draws `─`. The answer takes a round trip: ask before the long
    imports, and read it after them."""

    def __init__(self) -> None:
        import termios
        import tty

        self._file = sys.stdin.fileno()
        try:
            self._before = termios.tcgetattr(self._file)
        except termios.error:
            self._asked = False
            return
        self._asked = True
        tty.setcbreak(self._file, termios.TCSANOW)
        os.write(sys.stdout.fileno(), "\r─\x1b[6n".encode())

    def answer(self, patience: float = 0.5) -> Answer:
        """The terminal's answer; none within `patience` seconds counts as narrow."""
        import termios

        if not self._asked:
            return Answer()
        read = b""
        try:
            deadline = time.monotonic() + patience
            while not _REPLY.search(read):
                left = deadline - time.monotonic()
                if left <= 0 or not select([self._file], [], [], left)[0]:
                    break
                read += os.read(self._file, 4096)
        finally:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)
            os.write(sys.stdout.fileno(), b"\r\x1b[K")
        reply = _REPLY.search(read)
        wide = bool(reply and int(reply[1]) == 3)
        return Answer(wide, _REPLY.sub(b"", read).decode(errors="replace"))


def prepare_textual() -> None:
    """Set what Textual reads at import.

    Kitty's key protocol disturbs what an input method commits; animations cost bytes.
    """
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    # The terminal's own colours: half the bytes of a first paint, and what its user is used to.
    os.environ.setdefault("TEXTUAL_THEME", "ansi-dark")


def default_hangup() -> None:
    """Let a lost connection end the program at once: an ignored SIGHUP would spin for ever, and
    there is nothing to save, since every key's mark is in the database already."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
