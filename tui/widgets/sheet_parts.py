"""What lies around the marks of a sheet and does not change with them: names, the legend, the
full statements; and how far the stack is."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.rounds.layout import OVERALL
from tui.terminal import Glyphs
from tui.widgets.keys import chip
from tui.widgets.look import ACCENT, HEADING, Gauge
from tui.widgets.sheet_view import SheetView
from tui.words.columns import fit, shortened, wrap

_GAUGE = 24
_FEWEST = 8  # columns that a text beside a mark is worth drawing in


class NameColumn(Widget):
    """Names and posts, or the titles of lines, before the marks; the current one lit."""

    def __init__(self, view: SheetView, glyphs: Glyphs) -> None:
        super().__init__()
        self._view = view
        self._glyphs = glyphs
        self._row = 0

    def light(self, row: int) -> None:
        """Light the row that is keyed, and no other."""
        if row != self._row:
            old, self._row = self._row, row
            width = min(self._view.name_size, self.size.width)
            for each in (old, row):
                self.refresh(Region(0, each - self._view.top + 1, width, 1))

    def render_line(self, y: int) -> Strip:
        """A heading, then a row each."""
        view, width = self._view, self.size.width
        if y == 0:
            title = "测评内容" if view.single else "被测评人"
            return Strip([Segment(fit(f"  {title}", width), HEADING)])
        row = y - 1 + view.top
        if row >= view.rows:
            return Strip.blank(width)
        name, rest = view.names(row)
        size = min(view.name_size, width)
        here = row == self._row
        text = fit(f"{self._glyphs.current if here else ' '} {name}", size - 1)
        segments = [Segment(text, ACCENT if here else None), Segment(" ")]
        if not view.single:
            room = width - size - 1
            if cell_len(rest) > room:
                # 党组成员、副局长: what tells people apart stands last.
                rest = rest.rpartition("、")[2]
            segments.append(Segment(fit(rest, room) if room >= _FEWEST else ""))
        return Strip(segments).adjust_cell_length(width)


class LineTexts(Widget):
    """The text of each line of a sheet of one subject, beside its mark, as much as fits."""

    def __init__(self, view: SheetView) -> None:
        super().__init__()
        self._view = view

    def render_line(self, y: int) -> Strip:
        """A line each."""
        row, width = y - 1 + self._view.top, self.size.width
        if not 0 <= row < self._view.rows or y == 0 or width < _FEWEST:
            return Strip.blank(width)
        return Strip([Segment(shortened(self._view.names(row)[1], width))]).adjust_cell_length(
            width
        )


class SheetFoot(Widget):
    """Under the sheet: what each digit stands for, and the items in full. Where not all of them
    fit, the one that is keyed, once the hand has rested."""

    def __init__(self, view: SheetView) -> None:
        super().__init__()
        self._view = view
        self._line = -1
        self._lines: list[list[Segment]] = []
        self.whole = False
        """Whether all items are shown."""

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def rest_on(self, line: int) -> bool:
        """The hand rests on this line of the sheet; whether there is room for its text."""
        if line != self._line:
            self._line = line
            if not self.whole:
                self._lay_out()
        return len(self._lines) <= self.size.height

    def _lay_out(self) -> None:
        width, height = max(self.size.width, 20), self.size.height
        every = [self._wrapped(item.number, width) for item in self._view.sheet.items]
        items = [line for lines in every for line in lines]
        self.whole = len(items) + 2 <= height
        if not self.whole:
            items = [] if self._line in (-1, OVERALL) else self._wrapped(self._line, width)
        self._lines = [self._legend(width), []] + [[Segment(line)] for line in items]
        self.refresh()

    def _wrapped(self, line: int, width: int) -> list[str]:
        return [
            f"{'  ' if number else ''}{text}"
            for number, text in enumerate(wrap(self._view.statement(line), width - 4))
        ]

    def _legend(self, width: int) -> list[Segment]:
        scale = self._view.sheet.scale
        pairs = [*((str(n), name) for n, name in enumerate(scale.grades, 1))]
        pairs += [("0", "弃权"), ("*", "多选")]
        size = sum(cell_len(name) + 3 for _, name in pairs) + 2
        gap = next((n for n in (2, 1) if size + n * (len(pairs) - 1) <= width), 0)
        segments = [Segment("  ")]
        for key, name in pairs:
            segments += [chip(key), Segment(name + " " * gap)]
        return segments

    def render_line(self, y: int) -> Strip:
        """A line of it."""
        width = self.size.width
        segments = self._lines[y] if y < len(self._lines) else []
        if y >= 2 and segments:
            segments = [Segment("  "), *segments]
        return Strip(segments).adjust_cell_length(width)


class StackProgress(Widget):
    """Which ballot of the stack is keyed, and how many are."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="progress")
        self._glyphs = glyphs
        self._place = ""
        self._done = (0, 0)

    def show(self, place: str, done: int, whole: int) -> None:
        """Show where one is and how far the stack is."""
        if (place, (done, whole)) != (self._place, self._done):
            width = max(self._length(self._place), self._length(place))
            self._place, self._done = place, (done, whole)
            self.refresh(Region(0, 0, width, 1))

    @staticmethod
    def _length(place: str) -> int:
        return cell_len(place) + _GAUGE + 24

    def render(self) -> str:
        """The line as text."""
        return "".join(segment.text for segment in self._segments()).strip()

    def _segments(self) -> list[Segment]:
        done, whole = self._done
        return [
            Segment(f" {self._place}  ", Style(bold=True)),
            *Gauge(done, whole, _GAUGE).segments(self._glyphs),
            Segment(f" 已录 {done}/{whole} 张"),
        ]

    def render_line(self, y: int) -> Strip:
        """Place, bar, figures."""
        return Strip(self._segments() if y == 0 else []).adjust_cell_length(self.size.width)
