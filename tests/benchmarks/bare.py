"""Bare Textual programs to measure beside: `hello`, one line of text; `pad`, one widget with a
grid of marks that redraws one region a key. Run as a file, with the name as argument."""

import os
import sys

# As the product sets them, so that only its own work makes a difference.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

CELL, COLUMNS, ROWS = 6, 4, 12


class Grid(Widget, can_focus=True):
    """Digits in a grid, beginning again when it is full."""

    def __init__(self) -> None:
        super().__init__()
        self.styles.width = CELL * COLUMNS
        self.styles.height = ROWS
        self.marks = [" "] * (ROWS * COLUMNS)
        self.at = 0

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        self.marks[self.at] = event.character or " "
        here, self.at = self.at, (self.at + 1) % len(self.marks)
        for place in (here, self.at):
            row, column = divmod(place, COLUMNS)
            self.refresh(Region(column * CELL, row, CELL, 1))

    def render_line(self, y: int) -> Strip:
        if y >= ROWS:
            return Strip.blank(CELL * COLUMNS)
        cells = range(y * COLUMNS, (y + 1) * COLUMNS)
        return Strip(
            [
                Segment(self.marks[n].ljust(CELL), Style(reverse=True) if n == self.at else None)
                for n in cells
            ]
        )


class Pad(App[None]):
    """The grid alone."""

    def compose(self) -> ComposeResult:
        yield Grid()
        yield Static("ready")

    def on_mount(self) -> None:
        self.query_one(Grid).focus()


class Hello(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static("ready")


if __name__ == "__main__":
    (Pad if sys.argv[1] == "pad" else Hello)().run(mouse=False)
