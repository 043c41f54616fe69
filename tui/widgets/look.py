"""How things look: the terminal's own 16 colours on its own background.

A colour never stands alone. What is done, waits or is wrong has a sign and a word beside it, so
that all of it can be read without colours, on a dark ground and on a light one. The words keep the
terminal's own colour: only signs, bars and what is wrong are coloured.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from rich.segment import Segment
from rich.style import Style

from tui.terminal import Glyphs
from tui.words.columns import visible_line

# Reversed, with the colours the other way round: black on cyan. Without colours it is still
# reversed.
ACCENT = Style(color="cyan", bgcolor="black", reverse=True)
"""The current row and the keys."""
BAR = Style(color="blue", bgcolor="white", reverse=True)
"""The title line: white on blue."""
CURRENT_ASIDE = Style(bold=True, underline=True)
"""The current row of a list that has not got the focus."""
TITLE = Style(bold=True)
"""The title of the pane that has the focus."""
DIM = Style(dim=True)
"""The title of any other pane, and lines that only divide."""
HEADING = Style(underline=True)
"""The titles of columns."""


class Tone(Enum):
    """What a state means for the clerk."""

    DONE = "green"
    """Nothing is left to do."""
    PART = "cyan"
    """It is being worked on."""
    WAITING = "yellow"
    """The clerk has to do something."""
    IDLE = ""
    """It has not begun, or does not concern the clerk."""
    WRONG = "red"
    """Something does not agree."""

    @property
    def style(self) -> Style:
        """The colour of its sign."""
        return Style(color=self.value or None, bold=self is Tone.WRONG or None)

    def sign(self, glyphs: Glyphs) -> str:
        """Its sign on this terminal, one column wide."""
        return glyphs.signs[list(Tone).index(self)]


@dataclass(frozen=True)
class State:
    """A state as a cell of a list: a coloured sign before its word."""

    tone: Tone
    """What it means."""
    word: str
    """What it is called."""

    def text(self, glyphs: Glyphs) -> str:
        """Sign and word."""
        return f"{self.tone.sign(glyphs)} {visible_line(self.word)}"

    def segments(self, glyphs: Glyphs) -> list[Segment]:
        """The sign in its colour, and the word."""
        return [
            Segment(self.tone.sign(glyphs), self.tone.style),
            Segment(f" {visible_line(self.word)}"),
        ]


@dataclass(frozen=True)
class Gauge:
    """How much of something is done, as a bar. What it means in figures stands beside it."""

    done: int
    """What is done."""
    whole: int
    """What there is to do; the bar is empty for none."""
    columns: int = 10
    """How wide it is drawn."""

    @property
    def _filled(self) -> int:
        return min(self.columns * self.done // self.whole, self.columns) if self.whole else 0

    def text(self, glyphs: Glyphs) -> str:
        """The bar."""
        full, empty = glyphs.gauge
        return full * self._filled + empty * (self.columns - self._filled)

    def segments(self, glyphs: Glyphs) -> list[Segment]:
        """What is done in its colour, what is left dim."""
        full, empty = glyphs.gauge
        tone = Tone.DONE if self.done >= self.whole else Tone.PART
        return [
            Segment(full * self._filled, tone.style),
            Segment(empty * (self.columns - self._filled), DIM),
        ]


class Coloured(Protocol):
    """What has a colour of its own on a line."""

    def text(self, glyphs: Glyphs) -> str:
        """What it reads as without colours."""

    def segments(self, glyphs: Glyphs) -> list[Segment]:
        """The same in its colours."""


Piece = str | Coloured
"""What a line or a cell is made of."""
Told = str | tuple[Piece, ...]
"""A line: its text, or its pieces side by side."""


def segments_of(line: Told, glyphs: Glyphs) -> list[Segment]:
    """A line in its colours."""
    drawn: list[Segment] = []
    for piece in (line,) if isinstance(line, str) else line:
        drawn += (
            [Segment(visible_line(piece))] if isinstance(piece, str) else piece.segments(glyphs)
        )
    return drawn
