"""A picture of lines that is laid out for the size it has."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

Lines = list[list[Segment]]
"""Lines of a picture."""


class Picture(Widget):
    """Draws what a function lays out for its width and height; draws nothing while that stays
    the same."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lay_out: Callable[[int, int], Lines] = lambda width, height: []
        self._drawn: Lines = []

    def show(self, lay_out: Callable[[int, int], Lines]) -> None:
        """Show what this lays out."""
        self._lay_out = lay_out
        self._draw()

    def _draw(self) -> None:
        before, self._drawn = self._drawn, self._lay_out(*self.size)
        if self._drawn != before:
            self.refresh()

    def on_resize(self) -> None:
        """Lay it out for the size it has now."""
        self._draw()

    def render(self) -> str:
        """The picture as text."""
        return "\n".join("".join(part.text for part in line) for line in self._drawn)

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        line = self._drawn[y] if y < len(self._drawn) else []
        return Strip(line).adjust_cell_length(self.size.width)
