"""What a terminal sends besides text: sequences, taken whole by their grammar (ECMA-48, 5.4).

A terminal sends more than keys: answers to somebody's questions, keys of other protocols, modes
that a lost program left on, and all of it in pieces. A sequence is swallowed up to its last byte
whether anybody knows it or not, and only one that Textual knows becomes a key. One that does not
end is broken off: it becomes no key, and whoever has the keyboard is told, because something that
was meant may be missing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterable

from textual import constants, events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._parser import ParseEOF, ParseTimeout, Peek1, Read1
from textual._xterm_parser import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    FOCUSIN,
    FOCUSOUT,
    XTermParser,
)
from textual.keys import Keys
from textual.message import Message

PATIENCE = 1.0
"""Seconds within which a sequence must end, and the rest of one whose ESC came alone may come."""
LONGEST = 4096
"""Characters after which a sequence is broken off."""
BOUNCE = 0.05
"""Seconds within which a line feed after a return belongs to it."""

_ESC = "\x1b"
# Eight-bit forms of what opens a sequence, and of the end of a string.
_C1 = {"\x8f": "O", "\x90": "P", "\x98": "X", "\x9b": "[", "\x9d": "]", "\x9e": "^", "\x9f": "_"}
_STRING_END = "\x9c"
_STRINGS = "]PX^_"
_OPENERS = "[O" + _STRINGS
_CANCELS = "\x18\x1a"
_RETURNS = "\r\n"
_CURSOR_POSITION = re.compile(r"\x1b\[(\d+);(\d+)R")
_MODE_REPORT = re.compile(r"\x1b\[\?2026;([1-4])\$y")
# Two may be a hand on a slow line; a notch of a wheel is three or more.
_ARROW_RUN = re.compile(r"(\x1b[\[O][ABCD])\1{2,}")
# The rest of a sequence, in one piece.
_TAIL = re.compile(
    r"\[M[\s\S]{3}|\[[0-?]*[ -/]*[@-~]|O[0-9;]*[A-Za-z]|[0-?]*[0-9;][ -/]*[@-Z^-~]"
    r"|[^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)"
)
# The start of a sequence whose rest has not come.
_UNFINISHED = re.compile(r"\x1b(?:O[0-9;]*|\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\x9c]*)?\Z")

_Out = Callable[[Message], None]
_Reading = Generator[Read1 | Peek1, str, str]


class BrokenOff(Message):
    """A sequence did not end, or was cut by something else."""


class Arrows(events.Key):
    """An arrow key that came several times at once: a wheel that a terminal turned into keys, or
    a key held down on a slow line. Lists move by it; a ballot does not."""


# Whoever takes keys takes these.
Arrows.handler_name = events.Key.handler_name


def unfinished(typed: str) -> tuple[str, str]:
    """What was typed, parted before a sequence at its end that has not ended."""
    found = _UNFINISHED.search(typed)
    return (typed[: found.start()], found[0]) if found else (typed, "")


class SequenceParser(XTermParser):
    """Textual's parser with a grammar of sequences in place of a table of them."""

    _tail_due = False
    # A sequence was given up, or its ESC acted as the key: what follows may be its rest.

    def feed(self, data: str) -> Iterable[Message]:
        """The messages that some input makes; runs of one arrow key as `Arrows`."""
        if self._tail_due and data:
            self._tail_due = False
            if tail := _TAIL.match(data):
                data = data[tail.end() :]
                if not data:
                    return
        at = 0
        for run in _ARROW_RUN.finditer(data):
            yield from super().feed(data[at : run.start()]) if run.start() > at else ()
            for message in super().feed(run[0]):
                yield _held(message) if isinstance(message, events.Key) else message
            at = run.end()
        if at < len(data) or not data:
            yield from super().feed(data[at:])

    def parse(self, token_callback: _Out) -> Generator[Read1 | Peek1, str, None]:
        """Read characters and give messages to `token_callback`, without end."""
        returned = rest_until = 0.0
        character = ""
        while True:
            if not character:
                try:
                    character = yield Read1()
                except ParseEOF:
                    return
                if not character:
                    return
            now = time.monotonic()
            opener = _C1.get(character, "") if len(character) == 1 else ""
            if character in _OPENERS and now < rest_until:
                # Its ESC came alone, and has acted as the key.
                opener = character
            rest_until = 0.0
            try:
                if character[0] == _ESC:
                    following = yield from self._after_escape(token_callback, character[1:])
                    if following is None:
                        rest_until, character = time.monotonic() + PATIENCE, ""
                        continue
                    character = following
                elif opener:
                    character = yield from self._sequence(opener, token_callback, known=False)
                else:
                    if character == "\n" and now - returned < BOUNCE:
                        character, returned = "", 0.0
                        continue
                    returned = now if character == "\r" else 0.0
                    self._keys(character, token_callback)
                    character = ""
            except ParseEOF:
                return

    def _after_escape(
        self, out: _Out, character: str = ""
    ) -> Generator[Read1 | Peek1, str, str | None]:
        """What follows an ESC, `character` if it was read already. Gives what belongs to what
        comes next, empty if there is nothing; None where the ESC stood alone."""
        try:
            character = character or (yield Read1(constants.ESCAPE_DELAY))
        except ParseTimeout:
            out(events.Key("escape", _ESC))
            self._tail_due = True
            return None
        except ParseEOF:
            out(events.Key("escape", _ESC))
            raise
        if character == _ESC:
            out(events.Key("escape", _ESC))
            return _ESC
        if character in _OPENERS:
            following = yield from self._sequence(character, out, known=True)
            return following
        if character in _RETURNS or character in _C1:
            out(events.Key("escape", _ESC))
            return character
        # With Alt. It types nothing: on the ballot it would be a mark.
        if not isinstance(ANSI_SEQUENCES_KEYS.get(_ESC + character), str):
            self._keys(_ESC + character, out)
        return ""

    def _sequence(self, opener: str, out: _Out, *, known: bool) -> _Reading:
        """Read one sequence to its end. Gives what cut it off (a character, or an ESC and the one
        after it), empty if nothing did. With `known` it may be a key; else it is only swallowed."""
        deadline = time.monotonic() + PATIENCE
        reading = (
            self._string(opener, deadline)
            if opener in _STRINGS
            else self._control(opener, deadline)
        )
        try:
            text, cut = yield from reading
        except ParseTimeout:
            self._tail_due = True
            out(BrokenOff())
            return ""
        if not text:
            out(BrokenOff())
        elif known and opener not in _STRINGS:
            yield from self._complete(text, out)
        return cut

    def _control(
        self, opener: str, deadline: float
    ) -> Generator[Read1 | Peek1, str, tuple[str, str]]:
        """A control sequence or a function key: its text, empty if it was cut off, and what cut
        it off."""
        text = _ESC + opener
        while True:
            character = yield Read1(max(deadline - time.monotonic(), 0.001))
            if character == _ESC or character in _RETURNS or character in _C1:
                return "", character
            if character in _CANCELS:
                return "", ""
            text += character
            if len(text) > LONGEST:
                return "", ""
            if text == "\x1b[[":  # the Linux console: one letter more
                continue
            if text == "\x1b[M":  # a mouse of old: three bytes of any value
                for _ in range(3):
                    text += yield Read1(max(deadline - time.monotonic(), 0.001))
                return text, ""
            if "@" <= character <= "~" or text in ANSI_SEQUENCES_KEYS:
                return text, ""
            if text[-2] == "$" and not "@" <= character <= "~":
                return text[:-1], character  # rxvt ends some keys so
            if not " " <= character <= "?":
                return "", character

    def _string(
        self, opener: str, deadline: float
    ) -> Generator[Read1 | Peek1, str, tuple[str, str]]:
        """A string of the terminal, an answer mostly, which has nothing to say to us."""
        length = 0
        while True:
            character = yield Read1(max(deadline - time.monotonic(), 0.001))
            length += 1
            if character in ("\x07", _STRING_END):
                return opener, ""
            if character == _ESC:
                ending = yield Read1(max(deadline - time.monotonic(), 0.001))
                return (opener, "") if ending == "\\" else ("", _ESC + ending)
            if character in _RETURNS:
                return "", character
            if character in _CANCELS or length > LONGEST:
                return "", ""

    def _complete(self, text: str, out: _Out) -> Generator[Read1 | Peek1, str, None]:
        """What a whole sequence means, if anybody knows."""
        if text == BRACKETED_PASTE_START:
            yield from self._paste(out)
        elif text == FOCUSIN:
            out(events.AppFocus())
        elif text == FOCUSOUT:
            out(events.AppBlur())
        elif _MODE_REPORT.fullmatch(text):
            out(messages.TerminalSupportsSynchronizedOutput())
        elif text in ANSI_SEQUENCES_KEYS:
            self._keys(text, out)
        elif position := _CURSOR_POSITION.fullmatch(text):
            out(events.CursorPosition(int(position[2]) - 1, int(position[1]) - 1))

    def _paste(self, out: _Out) -> Generator[Read1 | Peek1, str, None]:
        """Pasted text up to its end. Text that stops in the middle is given up."""
        text = ""
        while not text.endswith(BRACKETED_PASTE_END):
            try:
                text += yield Read1(5 * PATIENCE)
            except ParseTimeout:
                out(BrokenOff())
                return
        out(events.Paste(text.removesuffix(BRACKETED_PASTE_END).replace("\x00", "")))

    def _keys(self, sequence: str, out: _Out) -> None:
        """A character or a known sequence as a key."""
        known = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(known, str):
            sequence = known  # the number pad as applications want it
        elif len(sequence) > 1:
            # Two keys in the table are one with Alt, which Textual takes apart into Esc and a key.
            if isinstance(known, tuple) and len(known) == 1 and known[0] is not Keys.Ignore:
                out(events.Key(known[0].value, None))
            return
        for event in self._sequence_to_key_events(sequence):
            if event.key != Keys.Ignore:
                out(event)


def _held(key: events.Key) -> Arrows:
    return Arrows(key.key, key.character)
