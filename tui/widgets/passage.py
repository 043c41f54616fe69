"""A passage: one paragraph of text, wrapped, in one widget that takes every key in order."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.names import visible
from tui.words.columns import visible_line, wrap


class Passage(Widget, can_focus=True):
    """The text, at most `longest` characters. The arrows move; Home and End go to its ends, as in
    a field of a form; Enter does nothing, for it is one paragraph."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True

    class Changed(Message):
        """The text changed, or a key was refused: it is full."""

        def __init__(self, *, full: bool = False) -> None:
            super().__init__()
            self.full = full

    def __init__(self, text: str, longest: int) -> None:
        super().__init__()
        self._text = visible_line(text)
        self._before = self._text
        self._longest = longest
        self._caret = len(self._text)
        self._first = 0

    @property
    def text(self) -> str:
        """What stands there, as it would be kept."""
        return visible(self._text)

    @property
    def dirty(self) -> bool:
        """Whether it was changed."""
        return self._text != self._before

    def on_focus(self) -> None:
        """Show where an input method opens its window."""
        self._show()

    def on_resize(self) -> None:
        """Keep the caret in sight."""
        self._show()

    async def _on_key(self, event: events.Key) -> None:
        self.take(event)

    def take(self, event: events.Key) -> None:
        """Handle one key, if it means something in a text."""
        key, full = event.key, False
        line, column = self._place()
        if key in ("left", "right"):
            self._caret += -1 if key == "left" else 1
        elif key in ("up", "down", "pageup", "pagedown"):
            lines = max(self.size.height - 1, 1) if key.startswith("page") else 1
            self._caret = self._at(line + (-lines if key in ("up", "pageup") else lines), column)
        elif key in ("home", "end"):
            self._caret = 0 if key == "home" else len(self._text)
        elif key == "backspace" and self._caret:
            self._text = self._text[: self._caret - 1] + self._text[self._caret :]
            self._caret -= 1
        elif key == "delete":
            self._text = self._text[: self._caret] + self._text[self._caret + 1 :]
        elif event.character and event.is_printable:
            full = not self._insert(event.character)
        elif key not in ("backspace", "enter", "ctrl+j"):
            return
        event.stop()
        event.prevent_default()
        self._caret = min(max(self._caret, 0), len(self._text))
        self._show()
        self.post_message(self.Changed(full=full))

    def on_paste(self, event: events.Paste) -> None:
        """A paste goes in as one paragraph, as much of it as there is room for."""
        event.stop()
        full = not self._insert(visible(event.text))
        self._show()
        self.post_message(self.Changed(full=full))

    def _insert(self, text: str) -> bool:
        """Put `text` in at the caret; whether there was room for all of it."""
        room = self._longest - len(self._text)
        taken = text[: max(room, 0)]
        self._text = self._text[: self._caret] + taken + self._text[self._caret :]
        self._caret += len(taken)
        return len(taken) == len(text)

    @property
    def _lines(self) -> list[str]:
        # A column is kept free, for the caret after the last character of a line.
        return wrap(self._text, self.size.width - 1)

    def _place(self) -> tuple[int, int]:
        """The caret's line, and its column in it."""
        left, lines = self._caret, self._lines
        for number, line in enumerate(lines):
            if left < len(line) or number == len(lines) - 1:
                return number, cell_len(line[:left])
            left -= len(line)
        return 0, 0

    def _at(self, line: int, column: int) -> int:
        """The place in the text at a column of a line."""
        lines = self._lines
        line = min(max(line, 0), len(lines) - 1)
        here = lines[line]
        within = next((n for n in range(len(here)) if cell_len(here[: n + 1]) > column), len(here))
        if within == len(here) and within and line < len(lines) - 1:
            within -= 1
        return sum(map(len, lines[:line])) + within

    def _show(self) -> None:
        line, column = self._place()
        height = max(self.size.height, 1)
        self._first = min(max(self._first, line - height + 1), line)
        self.app.cursor_position = self.content_region.offset + Offset(column, line - self._first)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the text, with the caret if it is here."""
        base, lines, number = self.rich_style, self._lines, y + self._first
        if number >= len(lines):
            return Strip.blank(self.size.width, base)
        text = lines[number]
        segments = [Segment(text, base)]
        here, column = self._place()
        if number == here and self.has_focus:
            at = next((n for n in range(len(text)) if cell_len(text[:n]) >= column), len(text))
            segments = [
                Segment(text[:at], base),
                Segment(text[at : at + 1] or " ", base + Style(reverse=True)),
                Segment(text[at + 1 :], base),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, base)
