"""The terminal under the program: its locale, its width of ambiguous glyphs, its bytes, signals.

Called before the screens start. Nothing here imports Textual except `prepare_textual`, which
must run before the first screen is made.
"""

from __future__ import annotations

import locale
import os
import re
import select
import signal
import sys
import time
from dataclasses import dataclass

from models.refusal import RefusedError

_REPLY = re.compile(rb"\x1b\[\d+;(\d+)R")


@dataclass(frozen=True)
class Glyphs:
    """What lines and bars are drawn with. The plain ones are for terminals that draw
    East-Asian ambiguous characters two columns wide."""

    rule: str
    bars: tuple[str, ...]
    eighths: str


FINE = Glyphs("─", ("█", "▓", "▒", "░"), " ▏▎▍▌▋▊▉█")
PLAIN = Glyphs("-", ("#", "=", "+", "."), "")


def check_locale() -> None:
    """Refuse a locale that is not UTF-8: it would write one encoding and read another. Raises
    `RefusedError` with what to set."""
    locale.setlocale(locale.LC_CTYPE, "")
    encoding = locale.getpreferredencoding(False)
    if encoding.replace("-", "").lower() not in ("utf8", "ansi_x3.41968", "ansix3.41968", "ascii"):
        raise RefusedError(
            f"终端环境是 {encoding}，本程序只用 UTF-8。"
            "请先运行 export LC_ALL=C.UTF-8，并把终端软件的字符编码设为 UTF-8。"
        )
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise RefusedError("要在终端里运行。脚本请用子命令，见 ceping --help。")


@dataclass(frozen=True)
class Probe:
    """What asking the terminal brought: whether ambiguous glyphs are two columns wide, and the
    keys that were typed before it answered."""

    wide: bool
    typed_ahead: str

    @property
    def glyphs(self) -> Glyphs:
        """The glyphs for this terminal."""
        return PLAIN if self.wide else FINE


def probe(patience: float = 0.5) -> Probe:
    """Ask the terminal how wide it draws `─`: one round trip; no answer counts as narrow."""
    import termios
    import tty

    file = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(file)
    except termios.error:
        return Probe(False, "")
    read = b""
    try:
        tty.setcbreak(file, termios.TCSANOW)
        os.write(sys.stdout.fileno(), "\r─\x1b[6n".encode())
        deadline = time.monotonic() + patience
        while not _REPLY.search(read):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([file], [], [], left)[0]:
                break
            read += os.read(file, 4096)
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
        os.write(sys.stdout.fileno(), b"\r\x1b[K")
    answer = _REPLY.search(read)
    wide = bool(answer and int(answer[1]) == 3)
    return Probe(wide, _REPLY.sub(b"", read).decode(errors="replace"))


def prepare_textual() -> None:
    """Set what Textual reads at import, and make its input survive bytes that are not UTF-8.

    Kitty's key protocol disturbs what an input method commits; animations cost bytes.
    """
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    import codecs

    from textual.drivers import linux_driver

    # One byte from a GBK terminal would otherwise end the program inside Textual's input thread.
    def forgiving(encoding: str) -> object:
        decoder = codecs.getincrementaldecoder(encoding)
        return lambda: decoder(errors="replace")

    linux_driver.getincrementaldecoder = forgiving  # type: ignore[attr-defined,assignment]


def default_hangup() -> None:
    """A lost line ends the program at once (an ignored SIGHUP would spin for ever): every key's
    mark is in the database already, so there is nothing to save."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
