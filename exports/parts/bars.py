"""Bar charts of shares, drawn as table cells.

There are no pictures or shapes: grey shaded cells display in every word processor and print on
every printer. A full bar is 100%; whatever the grades do not cover stays white.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from exports.page.markup import Markup, widest
from exports.page.table import CELL_MARGIN, Cell, Row, cell, label, table
from exports.parts.wording import percent
from models.count.tally import PlaceTally
from models.regulation.levels import GradeScale

STEPS = 50  # steps in a full bar: 2% each
_SIZE = 21
_HEIGHT = 310
_SWATCH = 2
_MOST_IN_A_ROW = 5  # entries of the legend
# Light enough for a black figure.
_DARK, _LIGHT = 0x96, 0xEC
_WHITE = ""
_REST = "其余"


def bars(
    markup: Markup,
    scale: GradeScale,
    rows: Sequence[tuple[str, PlaceTally]],
    width: int,
    *,
    decimals: int,
) -> str:
    """Return a table with one bar per row after its name, under a legend of the grades.

    A part holds its share, with `decimals` places, where there is room for it. `width` is in
    twips. Empty if no row has a share to draw.
    """
    longest = max((widest(name) for name, _ in rows), default=0)
    first = min(round((longest + 1) * _SIZE * 10) + 2 * CELL_MARGIN, width // 4)
    legend, drawn = chart(scale, rows, width - first, decimals=decimals)
    if not drawn:
        return ""
    every = [*legend, *drawn]
    cuts = sorted({end for _, parts in every for end in _ends(parts)} - {0})
    head = [
        Row((label(name), *_spanned(parts, cuts)), height=_HEIGHT, header=True)
        for name, parts in legend
    ]
    body = [
        Row(
            (cell(name), *_spanned(parts, cuts)),
            height=_HEIGHT,
            # The first with the legend, the last two with the notes.
            keep_next=number == 0 or number + 2 >= len(drawn),
        )
        for number, (name, parts) in enumerate(drawn)
    ]
    return table(markup, [first, *_widths(cuts, width - first)], [*head, *body], _SIZE)


Part = tuple[int, str, str]
"""A part of a row of a chart: how many of its `STEPS`, a text, a colour as hex RGB or empty."""
ChartRow = tuple[str, list[Part]]
"""The name before a row of a chart, and its parts, which fill it."""


def chart(
    scale: GradeScale, rows: Sequence[tuple[str, PlaceTally]], width: int, *, decimals: int
) -> tuple[list[ChartRow], list[ChartRow]]:
    """Return what `bars` draws: the rows of the legend, and a row for each that has a share.

    `width` is that of a row without its name, in twips: a part holds its share where that fits.
    """
    greys = _greys(len(scale.grades))
    drawn = []
    for name, place in rows:
        if all(share is None for share in place.shares):
            continue
        lengths = steps(_within_a_bar([share or Fraction(0) for share in place.shares]))
        texts = [percent(share, decimals) for share in place.shares]
        drawn.append((name, _filled(_figures(texts, lengths, greys, width))))
    entries = list(zip(scale.grades, greys, strict=True))
    if any(parts[-1][2] == _WHITE for _, parts in drawn):
        entries.append((_REST, _WHITE))
    legend = [
        ("" if number else "图例", _filled(parts)) for number, parts in enumerate(_legend(entries))
    ]
    return (legend, drawn) if drawn else ([], [])


def _legend(entries: Sequence[tuple[str, str]]) -> list[list[Part]]:
    """Return the rows of the legend, of names and their greys."""
    many = min(len(entries), _MOST_IN_A_ROW)
    part = STEPS // many
    return [
        [
            each
            for name, grey in entries[at : at + many]
            for each in ((_SWATCH, "", grey), (part - _SWATCH, name, _WHITE))
        ]
        for at in range(0, len(entries), many)
    ]


def _figures(
    texts: Sequence[str], lengths: Sequence[int], greys: Sequence[str], width: int
) -> list[Part]:
    """Return the parts of a bar, each with its figure if that fits."""
    rooms = [(length * width // STEPS - 2 * CELL_MARGIN) / (_SIZE * 10) for length in lengths]
    return [
        (length, text if widest(text) <= room else "", grey)
        for length, text, room, grey in zip(lengths, texts, rooms, greys, strict=True)
        if length
    ]


def _filled(parts: list[Part]) -> list[Part]:
    """Return the parts, white up to the end of the row."""
    rest = STEPS - sum(length for length, _, _ in parts)
    return [*parts, *([(rest, "", _WHITE)] if rest else [])]


def _spanned(parts: Sequence[Part], cuts: Sequence[int]) -> list[Cell]:
    """Return the cells of a row in the grid with these `cuts`."""
    spans = {cut: at for at, cut in enumerate((0, *cuts))}
    at, cells = 0, []
    for length, text, fill in parts:
        cells.append(cell(text, span=spans[at + length] - spans[at], shade=fill))
        at += length
    return cells


def steps(shares: Sequence[Fraction], whole: int = STEPS) -> list[int]:
    """Return the lengths of the parts of a bar of `whole` steps.

    They add up to the rounded sum of the shares. A share above zero gets at least one step, as long
    as there are enough steps.
    """
    lengths = [int(share * whole) for share in shares]
    total = round(sum(shares) * whole)
    by_rest = sorted(range(len(shares)), key=lambda n: lengths[n] - shares[n] * whole)
    for n in by_rest[: total - sum(lengths)]:
        lengths[n] += 1
    for n, share in enumerate(shares):
        longest = max(range(len(lengths)), key=lengths.__getitem__)
        if share and not lengths[n] and lengths[longest] > 1:
            lengths[n] += 1
            lengths[longest] -= 1
    return lengths


def _within_a_bar(shares: Sequence[Fraction]) -> list[Fraction]:
    """Shares of more than the whole, as of too small a base, in proportion to one another."""
    whole = max(sum(shares, Fraction(0)), Fraction(1))
    return [share / whole for share in shares]


def _ends(parts: Sequence[Part]) -> list[int]:
    return list(accumulate(length for length, _, _ in parts))


def _widths(cuts: Sequence[int], width: int) -> list[int]:
    ends = [width * cut // STEPS for cut in cuts]
    return [end - begin for begin, end in zip((0, *ends), ends, strict=False)]


def _greys(count: int) -> list[str]:
    """Return `count` greys as hex colours, from dark to light."""
    step = (_LIGHT - _DARK) / max(count - 1, 1)
    return [f"{round(_DARK + step * n):02X}" * 3 for n in range(count)]
