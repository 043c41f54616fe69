"""A passage: one paragraph of text, wrapped, in one widget that takes every key in order."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.names import visible
from tui.widgets.edit_text import EditText, caret_segments
from tui.widgets.keys import NEVER, Key
from tui.words.columns import wrap


class Passage(Widget, can_focus=True):
    """A text of at most `longest` characters. The arrows move the caret; Home and End take it to
    the ends, as in a field of a form. Enter does nothing: the text is one paragraph."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("up", "", "移动（Home、End 到头尾）", weight=NEVER, named="方向键"),
        Key("backspace", "", "删字（Delete 删后面的）", weight=NEVER, named="退格"),
    )

    class Changed(Message):
        """The text or the caret changed. `full` says that there was no room for what was typed."""

        def __init__(self, *, full: bool = False) -> None:
            super().__init__()
            self.full = full

    def __init__(self, text: str, longest: int) -> None:
        super().__init__()
        self._edit = EditText(text, longest)
        self._before = self._edit.text
        self._first = 0

    @property
    def text(self) -> str:
        """The text as it would be stored."""
        return visible(self._edit.text)

    @property
    def dirty(self) -> bool:
        """Whether it was changed."""
        return self._edit.text != self._before

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
        if key in ("up", "down", "pageup", "pagedown"):
            line, column = self._place()
            lines = max(self.size.height - 1, 1) if key.startswith("page") else 1
            down = lines if key in ("down", "pagedown") else -lines
            self._edit.caret = self._at(line + down, column)
        elif self._edit.press(key):
            pass
        elif event.character and event.is_printable:
            full = not self._edit.insert(event.character)
        elif key not in ("enter", "ctrl+j"):
            return
        event.stop()
        event.prevent_default()
        self._show()
        self.post_message(self.Changed(full=full))

    def on_paste(self, event: events.Paste) -> None:
        """A paste goes in as one paragraph, as much of it as there is room for."""
        event.stop()
        full = not self._edit.insert(visible(event.text))
        self._show()
        self.post_message(self.Changed(full=full))

    @property
    def _lines(self) -> list[str]:
        # A column is kept free, for the caret after the last character of a line.
        return wrap(self._edit.text, self.size.width - 1)

    def _place(self) -> tuple[int, int]:
        """The caret's line, and its column in it."""
        left, lines = self._edit.caret, self._lines
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
            segments = caret_segments(text, at, base, base)
        return Strip(segments).adjust_cell_length(self.size.width, base)
