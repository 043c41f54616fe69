"""Lines of pieces: words, states and bars, in the colours of each."""

from __future__ import annotations

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.terminal import Glyphs
from tui.widgets.look import Told, segments_of


class PieceLines(Widget):
    """Some lines over the whole width; what does not fit is cut."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._lines: tuple[Told, ...] = ()

    def show(self, *lines: Told) -> None:
        """Show these lines, unless they are what is shown."""
        if lines != self._lines:
            # More lines take more room; as many as before are only drawn anew.
            height = self.styles.height
            grows = len(lines) != len(self._lines) and (height is None or height.is_auto)
            self._lines = lines
            self.refresh(layout=grows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are."""
        return len(self._lines)

    def render(self) -> str:
        """The lines as text."""
        return "\n".join(
            "".join(segment.text for segment in segments_of(line, self._glyphs))
            for line in self._lines
        )

    def render_line(self, y: int) -> Strip:
        """A line's pieces."""
        drawn = segments_of(self._lines[y], self._glyphs) if y < len(self._lines) else []
        return Strip(drawn).adjust_cell_length(self.size.width)
