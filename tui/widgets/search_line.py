"""查找: the line in which a cadre is looked for, as one types."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset

from models.names import visible
from tui.widgets.frame import Line

# Rows of a list that a search fills.
MOST_FOUND = 50
_LONGEST = 40


class SearchLine(Line):
    """What is typed: a part of a name, initials or an archive number.

    The list of those found keeps the focus, for the arrows; its screen passes typed keys and
    pastes on to this line.
    """

    def __init__(self) -> None:
        super().__init__(id="search")
        self.wanted = ""

    def take(self, event: events.Key) -> bool:
        """Type the key, or delete for a backspace; whether it was a key for this line."""
        if event.key == "backspace":
            self.look_for(self.wanted[:-1])
        elif event.character and event.is_printable:
            self.look_for(self.wanted + event.character)
        else:
            return False
        event.stop()
        return True

    def paste(self, event: events.Paste) -> None:
        """Type what was pasted."""
        event.stop()
        self.look_for(self.wanted + visible(event.text))

    def look_for(self, wanted: str) -> None:
        """Show `wanted` as typed, as much of it as there is room for."""
        self.wanted = wanted[:_LONGEST]
        self.show(f"查找：{self.wanted}_")
        self.place_cursor()

    def place_cursor(self) -> None:
        """Show where an input method opens its window."""
        self.app.cursor_position = Offset(1 + cell_len(f"查找：{self.wanted}"), 1)
