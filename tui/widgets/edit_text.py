"""A text that is edited: what stands in it, where its caret is, and what the keys do to both."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from tui.words.columns import visible_line


class EditText:
    """One line of text of at most `longest` characters, with a caret, which starts at its end."""

    def __init__(self, text: str, longest: int) -> None:
        self.text = visible_line(text)
        self.caret = len(self.text)
        self._longest = longest

    @property
    def before_caret(self) -> str:
        """The part of the text that stands before the caret."""
        return self.text[: self.caret]

    def insert(self, text: str) -> bool:
        """Insert `text` at the caret, as much of it as there is room for; whether all of it
        was."""
        taken = text[: max(self._longest - len(self.text), 0)]
        self.text = self.before_caret + taken + self.text[self.caret :]
        self.caret += len(taken)
        return len(taken) == len(text)

    def press(self, key: str) -> bool:
        """Move the caret or delete a character; whether `key` is one that does."""
        if key == "left":
            self.caret = max(self.caret - 1, 0)
        elif key == "right":
            self.caret = min(self.caret + 1, len(self.text))
        elif key == "home":
            self.caret = 0
        elif key == "end":
            self.caret = len(self.text)
        elif key == "backspace":
            if self.caret:
                self.caret -= 1
                self._delete()
        elif key == "delete":
            self._delete()
        else:
            return False
        return True

    def _delete(self) -> None:
        self.text = self.before_caret + self.text[self.caret + 1 :]


def caret_segments(text: str, caret: int, base: Style, style: Style) -> list[Segment]:
    """`text` in `style` with the character at `caret` reversed: a blank, at its end."""
    return [
        Segment(text[:caret], style),
        Segment(text[caret : caret + 1] or " ", base + Style(reverse=True)),
        Segment(text[caret + 1 :], style),
    ]
