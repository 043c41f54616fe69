"""Shares as bars of text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

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


def shares_bar(shares: Sequence[Fraction | None], width: int, glyphs: Glyphs) -> str:
    """All shares side by side in one bar of `width` columns, a fill for each grade. What the
    grades leave of the whole stays empty."""
    drawn, done, edge = "", Fraction(0), 0
    for number, share in enumerate(shares):
        done += share or 0
        end = min(round(done * width), width)  # of too small a base they are more than the whole
        drawn += glyphs.bars[number % len(glyphs.bars)] * (end - edge)
        edge = max(edge, end)
    return drawn + " " * (width - len(drawn))


def gauge(part: int, whole: int, width: int, glyphs: Glyphs) -> str:
    """`part` of `whole` as a bar of `width` columns."""
    filled = min(width * part // whole, width) if whole else 0
    full, empty = glyphs.gauge
    return full * filled + empty * (width - filled)
