"""Beside a list, in a wide window: what is under its cursor, in full. It only shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.terminal import Glyphs
from tui.widgets.listing import READABLE, Listing
from tui.widgets.look import DIM, Told, segments_of
from tui.words.columns import shortened, visible_line, wrap

WIDE = 120
"""Columns of a window from which a list has a second pane."""
LEAST = 38
"""Columns that the pane has at least."""
_MOST = 62
_MARGIN = 2
# A move of the cursor draws two rows and no more; the pane follows once the hand rests.
_REST = 0.2


@dataclass(frozen=True)
class Detail:
    """What the pane shows of one row."""

    title: str
    """What it is."""
    lines: Sequence[Told]
    """What is to be known of it: text is wrapped, a line of pieces cut."""


class SecondPane(Widget):
    """A title and some lines, dim at the edge: nothing in it can be chosen."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._detail: Detail | None = None

    def show(self, detail: Detail | None) -> None:
        """Show this, unless it is what is shown."""
        if detail == self._detail:
            return
        before = self._drawn()
        self._detail = detail
        for y, (old, new) in enumerate(zip(before, self._drawn(), strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def _drawn(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def render_line(self, y: int) -> Strip:
        """The title, then a line each."""
        width = self.size.width
        if self._detail is None or width < 4:
            return Strip.blank(width)
        if y == 0:
            rule = self._glyphs.rule
            title = shortened(f"{rule} {visible_line(self._detail.title)} ", width)
            return Strip([Segment(title + rule * (width - cell_len(title)), DIM)])
        lines = self._lines(width - 1)
        drawn = lines[y - 1] if y <= len(lines) else []
        if y == self.size.height - 1 and y < len(lines):
            drawn = [Segment("..")]
        return Strip([Segment(" "), *drawn]).adjust_cell_length(width)

    def _lines(self, width: int) -> list[list[Segment]]:
        found: list[list[Segment]] = []
        for told in self._detail.lines if self._detail else ():
            if isinstance(told, str):
                found += [
                    [Segment(piece)] for line in told.split("\n") for piece in wrap(line, width)
                ]
            else:
                found.append(segments_of(told, self._glyphs))
        return found


class Beside(Horizontal):
    """A list and, from `WIDE` columns on, its second pane: `tells` says what it shows of the row
    with a key."""

    def __init__(
        self, listing: Listing, glyphs: Glyphs, tells: Callable[[str], Detail | None]
    ) -> None:
        super().__init__()
        self._listing = listing
        self._pane = SecondPane(glyphs)
        self._tells = tells
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        """The list, the pane."""
        yield self._listing
        yield self._pane

    def on_mount(self) -> None:
        """Share the width before anything is drawn."""
        self._share()

    def on_resize(self) -> None:
        """Share the width anew."""
        self._share()
        self._follow()

    def _share(self) -> None:
        """The list is as wide as can be read; what it leaves is the pane's."""
        width = self.app.size.width
        self._pane.display = width >= WIDE
        if self._pane.display:
            left = width - READABLE - 2 * _MARGIN
            self._pane.styles.width = min(max(left, LEAST), _MOST)

    def on_listing_row_highlighted(self) -> None:
        """Show what is under the cursor, once the hand rests."""
        if self._rest is not None:
            self._rest.stop()
        if self._pane.display:
            self._rest = self.set_timer(_REST, self._follow)

    def _follow(self) -> None:
        chosen = self._listing.chosen
        if self._pane.display:
            self._pane.show(None if chosen is None else self._tells(chosen))
