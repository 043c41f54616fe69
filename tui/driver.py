"""The terminal as Textual drives it: input by its grammar, and what others left on put off."""

from __future__ import annotations

import codecs
import os
import selectors
from typing import ClassVar

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.sequences import SequenceParser, with_notch

# What a lost program may have left on: the keys of the kitty protocol and of xterm's
# modifyOtherKeys, cursor and number pad as applications want them, every kind of mouse. Then the
# wheel, which in this screen would come as arrow keys; what it was is kept by the terminal.
_PUT_OFF = (
    "\x1b[=0;1u\x1b[>4;0m\x1b[?1l\x1b>\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l"
    "\x1b[?1015l\x1b[?1016l\x1b[?1007s\x1b[?1007l"
)
# On where a terminal keeps nothing, for most begin so; else as it was.
_PUT_BACK = "\x1b[?1007h\x1b[?1007r"


def _eight_bit(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8: a control character of the eight-bit set, which may open a
    sequence, or the sign of a character that cannot be read."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start]
    return (chr(byte) if 0x80 <= byte <= 0x9F else "\ufffd"), error.start + 1


codecs.register_error("eight-bit", _eight_bit)


class TerminalDriver(LinuxDriver):
    """A Linux terminal, most often at the far end of an SSH connection."""

    begun: ClassVar[str] = ""
    """The start of a sequence whose rest is still on its way when the program starts."""

    def start_application_mode(self) -> None:
        """Take the terminal, at the start and after a stop (Ctrl+Z)."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.write(_PUT_OFF)
        self.flush()

    def stop_application_mode(self) -> None:
        """Give it back."""
        self.write(_PUT_BACK)
        super().stop_application_mode()

    def send_message(self, message: Message) -> None:
        """Hand a key on without a task of its own: a burst would make thousands."""
        self._app.post_message(message)

    def run_input_thread(self) -> None:
        """Read the terminal until the program ends. A byte that is no text ends nothing: it may
        come from a terminal with another encoding."""
        parser = SequenceParser()
        decode = codecs.getincrementaldecoder("utf-8")(errors="eight-bit").decode
        begun, TerminalDriver.begun = TerminalDriver.begun, ""
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)

            def more(patience: float) -> str:
                return decode(os.read(self.fileno, 4096)) if selector.select(patience) else ""

            while not self.exit_event.is_set():
                ready = selector.select(0.1)
                data = os.read(self.fileno, 4096) if ready else b""
                if ready and not data:
                    return  # nobody is at the other end
                if text := begun + decode(data):
                    # A list moves by a wheel as by its keys: it need not wait to know which it is.
                    in_list = getattr(self._app, "in_list", False)
                    text, begun = text if in_list else with_notch(text, more), ""
                    for message in parser.feed(text):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
