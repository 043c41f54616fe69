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

_STEPS = 50  # steps in a full bar: 2% each
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
    drawn = [
        (name, place.shares, steps(_within_a_bar([share or Fraction(0) for share in place.shares])))
        for name, place in rows
        if any(share is not None for share in place.shares)
    ]
    if not drawn:
        return ""
    greys = _greys(len(scale.grades))
    longest = max(widest(name) for name, _, _ in drawn)
    first = min(round((longest + 1) * _SIZE * 10) + 2 * CELL_MARGIN, width // 4)
    entries = list(zip(scale.grades, greys, strict=True))
    if any(sum(bar) < _STEPS for _, _, bar in drawn):
        entries.append((_REST, _WHITE))
    legend = _legend(entries)
    bodies = [
        _figures([percent(share, decimals) for share in shares], bar, greys, width - first)
        for _, shares, bar in drawn
    ]
    cuts = sorted({_STEPS, *(end for parts in (*legend, *bodies) for end in _ends(parts))} - {0})
    head = [
        Row((label("" if number else "图例"), *_spanned(parts, cuts)), height=_HEIGHT, header=True)
        for number, parts in enumerate(legend)
    ]
    body = [
        Row(
            (cell(name), *_spanned(parts, cuts)),
            height=_HEIGHT,
            # The first with the legend, the last two with the notes.
            keep_next=number == 0 or number + 2 >= len(drawn),
        )
        for number, ((name, _, _), parts) in enumerate(zip(drawn, bodies, strict=True))
    ]
    return table(markup, [first, *_widths(cuts, width - first)], [*head, *body], _SIZE)


_Parts = list[tuple[int, Cell]]  # the parts of a row: their lengths in steps, and their cells


def _legend(entries: Sequence[tuple[str, str]]) -> list[_Parts]:
    """Return the rows of the legend, of names and their greys."""
    many = min(len(entries), _MOST_IN_A_ROW)
    part = _STEPS // many
    return [
        [
            each
            for name, grey in entries[at : at + many]
            for each in ((_SWATCH, cell("", shade=grey)), (part - _SWATCH, cell(name)))
        ]
        for at in range(0, len(entries), many)
    ]


def _figures(texts: Sequence[str], bar: Sequence[int], greys: Sequence[str], width: int) -> _Parts:
    """Return the parts of a bar, each with its figure if that fits."""
    rooms = [(length * width // _STEPS - 2 * CELL_MARGIN) / (_SIZE * 10) for length in bar]
    return [
        (length, cell(text if widest(text) <= room else "", shade=grey))
        for length, text, room, grey in zip(bar, texts, rooms, greys, strict=True)
    ]


def _spanned(parts: _Parts, cuts: Sequence[int]) -> list[Cell]:
    """Return the cells of a row in the grid with these `cuts`, white up to its end."""
    spans = {cut: at for at, cut in enumerate((0, *cuts))}
    at, cells = 0, []
    for length, content in parts:
        if length:
            span = spans[at + length] - spans[at]
            cells.append(Cell(content.lines, span, shade=content.shade))
        at += length
    if at < _STEPS:
        cells.append(cell("", span=spans[_STEPS] - spans[at]))
    return cells


def steps(shares: Sequence[Fraction], whole: int = _STEPS) -> list[int]:
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


def _ends(parts: _Parts) -> list[int]:
    return list(accumulate(length for length, _ in parts))


def _widths(cuts: Sequence[int], width: int) -> list[int]:
    ends = [width * cut // _STEPS for cut in cuts]
    return [end - begin for begin, end in zip((0, *ends), ends, strict=False)]


def _greys(count: int) -> list[str]:
    """Return `count` greys as hex colours, from dark to light."""
    step = (_LIGHT - _DARK) / max(count - 1, 1)
    return [f"{round(_DARK + step * n):02X}" * 3 for n in range(count)]
