"""Numbers that are read across a room: digits of several lines, made of blocks."""

from __future__ import annotations

from tui.terminal import Glyphs

_ROWS = 5
# Each digit five rows of three points.
_POINTS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
}
_HALVES = {"  ": " ", "# ": "▀", " #": "▄", "##": "█"}


def heights(glyphs: Glyphs) -> tuple[int, ...]:
    """The heights in lines that numbers can have on this terminal, the largest first."""
    return (5, 3, 1) if glyphs.eighths else (5, 1)


def large(number: int, height: int, glyphs: Glyphs) -> list[str]:
    """A number as `height` lines (one of `heights`) of the same width."""
    if height == 1:
        return [str(number)]
    rows = [" ".join(_POINTS[digit][row] for digit in str(number)) for row in range(_ROWS)]
    if height == _ROWS:
        # Two columns a point: a point is about as wide as it is high.
        return ["".join(2 * point for point in row).replace("#", glyphs.bars[0]) for row in rows]
    rows.append(" " * len(rows[0]))
    return [
        "".join(_HALVES[upper + lower] for upper, lower in zip(rows[n], rows[n + 1], strict=True))
        for n in range(0, _ROWS + 1, 2)
    ]
