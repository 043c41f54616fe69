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
"""Characters after which a sequence is broken off; what comes of it then is still no key."""
BOUNCE = 0.05
"""Seconds within which a line feed after a return belongs to it."""
NOTCH = 0.02
"""Seconds within which the arrows of one notch of a wheel follow each other; a key that is held
down repeats more slowly."""

_ESC = "\x1b"
# Eight-bit forms of what opens a sequence, and of the end of a string.
_C1 = {"\x8f": "O", "\x90": "P", "\x98": "X", "\x9b": "[", "\x9d": "]", "\x9e": "^", "\x9f": "_"}
_STRING_END = "\x9c"
_ALONE = ""
_STRINGS = "]PX^_"
_OPENERS = "[O" + _STRINGS
_CANCELS = "\x18\x1a"
_RETURNS = "\r\n"
_CURSOR_POSITION = re.compile(r"\x1b\[(\d+);(\d+)R")
_MODE_REPORT = re.compile(r"\x1b\[\?2026;([1-4])\$y")
# Two may be a hand on a slow line; a notch of a wheel is three or more.
_ARROW_RUN = re.compile(r"(\x1b[\[O][ABCD])\1{2,}")
_ENDS_IN_ARROW = re.compile(r"\x1b[\[O][ABCD](?:\x1b[\[O]?)?\Z")
# More than that no hand types in one go.
_HANDFUL = 64
# The rest of a sequence that was given up, by what opened it: whole, and begun. A mouse of old
# opens with as many M as bytes of it are missing.
_CONTROL = (r"M.{3}|\[.|(?![M\[])[0-?]*[ -/]*[@-~]", r"M.{0,2}|\[|[0-?]*[ -/]*")
_FUNCTION = ("[0-9;]*[A-Za-z]", "[0-9;]*")
_STRING = (
    r"[^\x07\x1b\x9c\r\n\x18\x1a]*(?:\x07|\x1b\\|\x9c)",
    r"[^\x07\x1b\x9c\r\n\x18\x1a]*\x1b?",
)
_AFTER_ESCAPE = tuple(
    rf"\[(?:{control})|O{function}|[\]PX^_]{string}"
    for control, function, string in zip(_CONTROL, _FUNCTION, _STRING, strict=True)
)
_REST = {
    opener: tuple(re.compile(form, re.DOTALL) for form in forms)
    for opener, forms in (
        ("[", _CONTROL),
        ("O", _FUNCTION),
        *((opener, _STRING) for opener in _STRINGS),
        *(("M" * n, ("." * n, f".{{0,{n - 1}}}")) for n in (1, 2, 3)),
        (_ALONE, _AFTER_ESCAPE),
    )
}
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


def with_notch(text: str, more: Callable[[float], str]) -> str:
    """What was typed, with the rest of a notch of the wheel that a line delivers in pieces. `more`
    gives what comes within some seconds, empty if nothing does."""
    while _ENDS_IN_ARROW.search(text[-5:]) and len(text) < LONGEST and (rest := more(NOTCH)):
        text += rest
    return text


class SequenceParser(XTermParser):
    """Textual's parser with a grammar of sequences in place of a table of them."""

    _given_up: str | None = None
    # What opened a sequence that was given up, `_ALONE` if only its ESC came and acted as the key:
    # what follows may be its rest.

    def feed(self, data: str) -> Iterable[Message]:
        """The messages that some input makes; runs of one arrow key as `Arrows`."""
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
            given_up, self._given_up = self._given_up, None
            if given_up is not None and not (given_up == _ALONE and now < rest_until):
                returned = rest_until = 0.0
                try:
                    character = yield from self._rest(given_up, character, token_callback)
                except ParseEOF:
                    return
                continue
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
            self._given_up = _ALONE
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
            self._given_up = opener
            out(BrokenOff())
            return ""
        if cut is None:
            out(BrokenOff())
            return (yield from self._rest(opener, "", out, by_hand=False))
        if not text:
            out(BrokenOff())
        elif known and opener not in _STRINGS:
            yield from self._complete(text, out)
        return cut

    def _rest(self, opener: str, text: str, out: _Out, *, by_hand: bool = True) -> _Reading:
        """What follows a sequence that was given up: held back a moment for as long as it may be
        the rest of it, and swallowed if it is, or if no hand can have typed it. Else it is typed.
        Gives what cut it off."""
        whole, begun = _REST[opener]
        cut = ""
        while not whole.fullmatch(text):
            if not begun.fullmatch(text):
                at = -2 if text[-2:-1] == _ESC else -1
                text, cut = text[:at], text[at:]
                break
            try:
                text += yield Read1(constants.ESCAPE_DELAY if by_hand else PATIENCE)
            except ParseTimeout:
                break
            if len(text) > _HANDFUL:
                by_hand = False
            if not by_hand:
                text = text[0] + text[1:][-2:]
        else:
            return ""
        for character in text if by_hand else ():
            self._keys(character, out)
        return cut

    def _control(
        self, opener: str, deadline: float
    ) -> Generator[Read1 | Peek1, str, tuple[str, str | None]]:
        """A control sequence or a function key: its text, empty if it was cut off, and what cut
        it off; None if it is too long."""
        text = _ESC + opener
        while True:
            character = yield Read1(max(deadline - time.monotonic(), 0.001))
            if character == _ESC or character in _RETURNS or character in _C1:
                return "", character
            if character in _CANCELS:
                return "", ""
            text += character
            if len(text) > LONGEST:
                return "", None
            if text == "\x1b[[":  # the Linux console: one letter more
                continue
            if text == "\x1b[M":  # a mouse of old: three bytes of any value
                for missing in (3, 2, 1):
                    try:
                        text += yield Read1(max(deadline - time.monotonic(), 0.001))
                    except ParseTimeout:
                        self._given_up = "M" * missing
                        return "", ""
                return text, ""
            if "@" <= character <= "~" or text in ANSI_SEQUENCES_KEYS:
                return text, ""
            if text[-2] == "$" and not "@" <= character <= "~":
                return text[:-1], character  # rxvt ends some keys so
            if not " " <= character <= "?":
                return "", character

    def _string(
        self, opener: str, deadline: float
    ) -> Generator[Read1 | Peek1, str, tuple[str, str | None]]:
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
            if character in _CANCELS:
                return "", ""
            if length > LONGEST:
                return "", None

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
