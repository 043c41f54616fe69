"""Bar charts of shares, drawn as table cells.

There are no pictures or shapes: grey shaded cells display in every word processor and print on
every printer. A full bar is 100%; whatever the grades do not cover stays white.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exports.page.markup import Markup, ems
from exports.page.table import CELL_MARGIN, Cell, Row, cell, label, table
from models.count.tally import PlaceTally
from models.regulation.levels import GradeScale

STEPS = 50  # steps in a full bar: 2% each
_SIZE = 21
_HEIGHT = 300
_SWATCH = 3
_DARK, _LIGHT = 0x59, 0xE6


def bars(
    markup: Markup, scale: GradeScale, rows: Sequence[tuple[str, PlaceTally]], width: int
) -> str:
    """Return a table with one bar per row after its name, under a legend of the grades.

    `width` is in twips. Empty if no row has a share to draw.
    """
    drawn = [
        (name, steps(_within_a_bar([share or Fraction(0) for share in place.shares])))
        for name, place in rows
        if any(share is not None for share in place.shares)
    ]
    if not drawn:
        return ""
    greys = _greys(len(scale.grades))
    part = STEPS // len(scale.grades)
    legend = [each for _ in scale.grades for each in (_SWATCH, part - _SWATCH)]
    legend[-1] += STEPS - sum(legend)
    cuts = sorted({STEPS, *_ends(legend), *(end for _, bar in drawn for end in _ends(bar))} - {0})
    longest = max(ems(name) for name, _ in drawn)
    first = min(round((longest + 1) * _SIZE * 10) + 2 * CELL_MARGIN, width // 4)
    widths = [first, *_widths(cuts, width - first)]
    spans = {cut: at for at, cut in enumerate((0, *cuts))}

    def filled(lengths: Sequence[int], texts: Sequence[str], fills: Sequence[str]) -> list[Cell]:
        at, cells = 0, []
        for length, text, fill in zip(lengths, texts, fills, strict=True):
            if length:
                cells.append(
                    cell(text, span=spans[at + length] - spans[at], shade=fill, align="left")
                )
            at += length
        if at < STEPS:
            cells.append(cell("", span=spans[STEPS] - spans[at]))
        return cells

    names = [text for grade in scale.grades for text in ("", grade)]
    fills = [fill for grey in greys for fill in (grey, "")]
    head = (label("图示"), *filled(legend, names, fills))
    body = [
        Row(
            (cell(name), *filled(bar, [""] * len(bar), greys)),
            height=_HEIGHT,
            # The first with the legend, the last two with the notes.
            keep_next=number == 0 or number + 2 >= len(drawn),
        )
        for number, (name, bar) in enumerate(drawn)
    ]
    return table(markup, widths, [Row(head, height=_HEIGHT, header=True), *body], _SIZE)


# A part of a row of a chart: how many of its `STEPS`, a text, a colour as hex RGB or empty.
Part = tuple[int, str, str]


def chart(
    scale: GradeScale, rows: Sequence[tuple[str, PlaceTally]]
) -> tuple[list[Part], list[tuple[str, list[Part]]]]:
    """Return what `bars` draws, for a template to draw: the legend, and each row's name and parts.

    Empty if no row has a share to draw.
    """
    greys = _greys(len(scale.grades))
    drawn = []
    for name, place in rows:
        if all(share is None for share in place.shares):
            continue
        lengths = steps(_within_a_bar([share or Fraction(0) for share in place.shares]))
        parts = [(n, "", grey) for n, grey in zip(lengths, greys, strict=True) if n]
        rest = STEPS - sum(lengths)
        drawn.append((name, [*parts, *([(rest, "", "")] if rest else [])]))
    if not drawn:
        return [], []
    part = STEPS // len(scale.grades)
    named = zip(scale.grades, greys, strict=True)
    legend = [
        each for grade, grey in named for each in ((_SWATCH, "", grey), (part - _SWATCH, grade, ""))
    ]
    spare = STEPS - part * len(scale.grades)
    return [*legend, *([(spare, "", "")] if spare else [])], drawn


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


def _ends(lengths: Sequence[int]) -> list[int]:
    return [sum(lengths[: n + 1]) for n in range(len(lengths))]


def _widths(cuts: Sequence[int], width: int) -> list[int]:
    ends = [width * cut // STEPS for cut in cuts]
    return [end - begin for begin, end in zip((0, *ends), ends, strict=False)]


def _greys(count: int) -> list[str]:
    """Return `count` greys as hex colours, from dark to light."""
    step = (_LIGHT - _DARK) / max(count - 1, 1)
    return [f"{round(_DARK + step * n):02X}" * 3 for n in range(count)]
