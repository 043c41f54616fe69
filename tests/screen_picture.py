"""A terminal's screen as a picture: SVG drawn on a grid of cells.

Blocks and lines are drawn as shapes and Chinese is stretched over two cells a character, so that
everything stands in its column whatever fonts there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from xml.sax.saxutils import escape

import pyte
from wcwidth import wcswidth

_WIDE, _HIGH, _MARGIN = 9, 20, 12
_GROUND, _INK = "#16181d", "#d6d9e0"
_COLOURS = {
    "black": "#16181d",
    "red": "#f2777a",
    "green": "#8fc58f",
    "brown": "#e5c07b",
    "blue": "#3d6fb5",
    "magenta": "#c792ea",
    "cyan": "#5fc4c4",
    "white": "#f2f4f8",
}
# Parts of a cell from its left upper corner, in eighths: left, top, right, bottom.
_SHAPES = {
    "█": (0, 0, 8, 8),
    "▀": (0, 0, 8, 4),
    "▄": (0, 4, 8, 8),
    "▐": (4, 0, 8, 8),
    "─": (0, 3.75, 8, 4.25),
    "━": (0, 3.25, 8, 4.75),
    "│": (3.5, 0, 4.5, 8),
    "┌": (3.5, 3.75, 8, 8),
    "┐": (0, 3.75, 4.5, 8),
    "└": (3.5, 0, 8, 4.25),
    "┘": (0, 0, 4.5, 4.25),
    **{char: (0, 0, n, 8) for n, char in enumerate("▏▎▍▌▋▊▉", 1)},
}
_SHADES = {"▓": 0.7, "▒": 0.45, "░": 0.25}
_CORNERS = {"┌": (8, 8), "┐": (0, 8), "└": (8, 0), "┘": (0, 0)}
# What differs from one run to the next, and what stands for it.
_PASSING = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?([+-]\d\d:\d\d)?"), "2026-11-20 09:30"),
    (re.compile(r"\b\d\d-\d\d \d\d:\d\d"), "11-20 09:30"),
    (re.compile(r"(?<=条  )\d{4}-\d\d-\d\d 至 \d{4}-\d\d-\d\d"), "2026-11-20 至 2026-11-20"),
    (re.compile(r"ceping-\d{8}-\d{6}[+-]\d{4}"), "ceping-20261120-093000+0800"),
    (re.compile(r"\d+ KB(?= ceping)"), "524 KB"),
    (re.compile(r"(?<=^ ─ )/\S+"), "/home/limin/测评"),
    (re.compile(r"(?<![^ ：])/\S*?/(?=备份|文书)"), "/home/limin/测评/"),
    (re.compile(r"(?<=@10\.0\.0\.1:)/\S*?/(?=文书)"), "/home/limin/测评/"),
    (re.compile(r"操作人 .*"), "操作人 李敏"),
    (re.compile(r"\b[0-9a-f]{4}( [0-9a-f]{4}){3,}"), "0f1e 2d3c 4b5a 6978 8796 a5b4 c3d2 e1f0"),
)


@dataclass(frozen=True)
class Glyph:
    """A character on the screen."""

    text: str
    """It, with what combines with it."""
    wide: int
    """Its columns."""
    ink: str
    """Its colour."""
    ground: str
    """The colour under it."""
    bold: bool
    """Whether it is bold."""
    underlined: bool
    """Whether it is underlined."""


def picture(screen: pyte.Screen) -> str:
    """The screen as an SVG document that is the same whenever and wherever it is made."""
    rows = [_lasting(list(_glyphs(screen, y))) for y in range(screen.lines)]
    width = screen.columns * _WIDE + 2 * _MARGIN
    height = screen.lines * _HIGH + 2 * _MARGIN
    drawn = [part for y, row in enumerate(rows) for part in _row(row, _MARGIN + y * _HIGH)]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-size="15" font-family="'
            "'Sarasa Mono SC','Noto Sans Mono CJK SC','Source Han Mono SC',Menlo,Consolas,"
            "'DejaVu Sans Mono','Noto Sans CJK SC','Microsoft YaHei',monospace\">",
            f'<rect width="{width}" height="{height}" rx="8" fill="{_GROUND}"/>',
            *drawn,
            "</svg>\n",
        )
    )


def _glyphs(screen: pyte.Screen, y: int) -> Iterator[Glyph]:
    row = screen.buffer[y]
    x = 0
    while x < screen.columns:
        cell = row[x]
        wide = max(wcswidth(cell.data), 1)
        ink, ground = _colour(cell.fg, _INK), _colour(cell.bg, _GROUND)
        if cell.reverse:
            ink, ground = ground, ink
        yield Glyph(cell.data or " ", wide, ink, ground, cell.bold, cell.underscore)
        x += wide


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _COLOURS.get(name.removeprefix("bright"), f"#{name}")


def _lasting(row: list[Glyph]) -> list[Glyph]:
    """A row without what differs from one run to the next, as wide as it was."""
    whole = sum(glyph.wide for glyph in row)
    for pattern, instead in _PASSING:
        text = "".join(glyph.text for glyph in row)
        # Each of these is a text of single characters, so places in the text are those in the row.
        for found in reversed(list(pattern.finditer(text))):
            first = row[found.start()]
            new = [
                Glyph(char, wcswidth(char), first.ink, first.ground, first.bold, first.underlined)
                for char in instead[: found.end() - found.start()]
            ]
            row[found.start() : found.end()] = new
    while sum(glyph.wide for glyph in row) > whole:
        row.pop()
    blank = replace(row[-1], text=" ", wide=1, underlined=False)
    return row + [blank] * (whole - sum(glyph.wide for glyph in row))


def _row(row: Sequence[Glyph], top: int) -> Iterator[str]:
    """The grounds of a row, then its shapes and its texts."""
    placed = list(_placed(row))
    for ground, run in groupby(placed, key=lambda each: each[1].ground):
        cells = list(run)
        if ground != _GROUND:
            left, right = cells[0][0], cells[-1][0] + cells[-1][1].wide
            yield _rectangle(left * _WIDE, top, (right - left) * _WIDE, _HIGH, ground)
    for style, run in groupby(placed, key=lambda each: _style(each[1])):
        cells = list(run)
        yield from _shapes(cells, top) if style[0] == "shape" else _text(cells, top)


def _placed(row: Iterable[Glyph]) -> Iterator[tuple[int, Glyph]]:
    x = 0
    for glyph in row:
        yield x, glyph
        x += glyph.wide


def _style(glyph: Glyph) -> tuple[object, ...]:
    """What glyphs that are drawn together share."""
    if glyph.text in _SHAPES or glyph.text in _SHADES:
        return ("shape", glyph.text, glyph.ink)
    blank = glyph.text == " " and not glyph.underlined
    return ("blank" if blank else "text", glyph.wide, glyph.ink, glyph.bold, glyph.underlined)


def _shapes(cells: Sequence[tuple[int, Glyph]], top: int) -> Iterator[str]:
    """A run of one kind of block or line."""
    (first, glyph), (last, _) = cells[0], cells[-1]
    left, size = first * _WIDE, (last - first + 1) * _WIDE
    if glyph.text in _SHADES:
        yield _rectangle(left, top, size, _HIGH, glyph.ink, _SHADES[glyph.text])
        return
    x1, y1, x2, y2 = _SHAPES[glyph.text]
    if glyph.text in _CORNERS:
        yield from _corner(glyph, left, top)
    elif (x1, x2) == (0, 8):
        yield _rectangle(left, top + y1 * _HIGH / 8, size, (y2 - y1) * _HIGH / 8, glyph.ink)
    else:
        for x, each in cells:
            yield _rectangle(
                x * _WIDE + x1 * _WIDE / 8,
                top + y1 * _HIGH / 8,
                (x2 - x1) * _WIDE / 8,
                (y2 - y1) * _HIGH / 8,
                each.ink,
            )


def _corner(glyph: Glyph, left: float, top: float) -> Iterator[str]:
    """The two arms of a corner of a frame."""
    x, y = _CORNERS[glyph.text]
    middle, centre = left + _WIDE / 2, top + _HIGH / 2
    yield _rectangle(middle if x else left, centre - 0.6, _WIDE / 2, 1.2, glyph.ink)
    yield _rectangle(middle - 0.6, centre if y else top, 1.2, _HIGH / 2, glyph.ink)


def _text(cells: Sequence[tuple[int, Glyph]], top: int) -> Iterator[str]:
    """A run of characters of one width and look."""
    first, glyph = cells[0]
    text = "".join(each.text for _, each in cells)
    if not text.strip() and not glyph.underlined:
        return
    size = sum(each.wide for _, each in cells) * _WIDE
    look = ' font-weight="bold"' if glyph.bold else ""
    # For what does not know textLength: a Chinese character takes an em.
    spread = ' letter-spacing="2" font-size="16"' if glyph.wide == 2 else ""
    left = first * _WIDE + _MARGIN
    if glyph.underlined:
        yield _rectangle(first * _WIDE, top + _HIGH - 2.5, size, 1, glyph.ink)
    if text.strip():
        yield (
            f'<text x="{left}" y="{top + 15}" textLength="{size}" '
            f'lengthAdjust="spacingAndGlyphs" fill="{glyph.ink}"{look}{spread} '
            f'xml:space="preserve">{escape(text)}</text>'
        )


def _rectangle(
    left: float, top: float, width: float, height: float, ink: str, opacity: float = 1
) -> str:
    faint = f' fill-opacity="{opacity}"' if opacity < 1 else ""
    return (
        f'<rect x="{left + _MARGIN:g}" y="{top:g}" width="{width:g}" height="{height:g}" '
        f'fill="{ink}"{faint}/>'
    )
