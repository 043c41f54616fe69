"""Shares as bars of text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rich.segment import Segment
from rich.style import Style

from tui.terminal import Glyphs


def bar(count: int, most: int, width: int, glyphs: Glyphs) -> str:
    """A bar of at most `width` columns for `count` where `most` fills it. A count above zero
    shows at least a trace."""
    if not count or not most:
        return ""
    if not glyphs.eighths:
        return glyphs.bars[0] * min(max(round(width * count / most), 1), width)
    eighths = min(max(round(width * 8 * count / most), 1), width * 8)
    full, rest = divmod(eighths, 8)
    return glyphs.eighths[8] * full + (glyphs.eighths[rest] if rest else "")


@dataclass(frozen=True)
class SharesBar:
    """All shares side by side in one bar, a fill and a colour for each grade, the best first. What
    the grades leave of the whole stays empty."""

    shares: tuple[Fraction | None, ...]
    """The share of each grade; None where there is none."""
    columns: int
    """How wide it is drawn."""

    def _parts(self, glyphs: Glyphs) -> list[str]:
        parts, done, edge = [], Fraction(0), 0
        for number, share in enumerate(self.shares):
            done += share or 0
            # Of too small a base they are more than the whole.
            end = min(round(done * self.columns), self.columns)
            parts.append(glyphs.bars[number % len(glyphs.bars)] * (end - edge))
            edge = max(edge, end)
        return parts

    def text(self, glyphs: Glyphs) -> str:
        """The bar."""
        drawn = "".join(self._parts(glyphs))
        return drawn + " " * (self.columns - len(drawn))

    def segments(self, glyphs: Glyphs) -> list[Segment]:
        """The bar, each grade in its colour."""
        parts = self._parts(glyphs)
        drawn = [
            Segment(part, Style(color=colour))
            for part, colour in zip(parts, grade_colours(len(parts)), strict=True)
        ]
        return [*drawn, Segment(" " * (self.columns - sum(map(len, parts))))]


def grade_colours(grades: int) -> list[str]:
    """A colour for each grade: the best green, the worst red."""
    between = ["cyan", *["yellow"] * grades]
    return ["green", *between[: max(grades - 2, 0)], "red"][:grades]
