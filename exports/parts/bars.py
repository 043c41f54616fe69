"""Bar charts of shares, drawn as table cells.

There are no pictures or shapes: grey shaded cells display in every word processor and print on
every printer. A full bar is 100%; whatever the grades do not cover stays white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

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
    entries = list(zip(scale.grades, greys, strict=True))
    if any(sum(bar) < _STEPS for _, _, bar in drawn):
        entries.append((_REST, _WHITE))
    many = min(len(entries), _MOST_IN_A_ROW)
    legend = [entries[at : at + many] for at in range(0, len(entries), many)]
    part = _STEPS // many
    ends = {end for _, _, bar in drawn for end in _ends(bar)}
    ends |= {end for n in range(many) for end in (n * part + _SWATCH, (n + 1) * part)}
    cuts = sorted((ends | {_STEPS}) - {0})
    longest = max(widest(name) for name, _, _ in drawn)
    first = min(round((longest + 1) * _SIZE * 10) + 2 * CELL_MARGIN, width // 4)
    step = (width - first) // _STEPS
    widths = [first, *_widths(cuts, width - first)]
    spans = {cut: at for at, cut in enumerate((0, *cuts))}

    def filled(parts: Sequence[tuple[int, Cell]]) -> list[Cell]:
        at, cells = 0, []
        for length, content in parts:
            if length:
                cells.append(replace(content, span=spans[at + length] - spans[at]))
            at += length
        if at < _STEPS:
            cells.append(cell("", span=spans[_STEPS] - spans[at]))
        return cells

    def figures(shares: Sequence[Fraction | None], bar: Sequence[int]) -> list[tuple[int, Cell]]:
        texts = [percent(share, decimals) for share in shares]
        rooms = [(length * step - 2 * CELL_MARGIN) / (_SIZE * 10) for length in bar]
        return [
            (length, cell(text if widest(text) <= room else "", shade=grey))
            for length, text, room, grey in zip(bar, texts, rooms, greys, strict=True)
        ]

    head: list[Row] = []
    for named in legend:
        parts = [
            each
            for name, grey in named
            for each in ((_SWATCH, cell("", shade=grey)), (part - _SWATCH, cell(name)))
        ]
        title = label("" if head else "图例")
        head.append(Row((title, *filled(parts)), height=_HEIGHT, header=True))
    body = [
        Row(
            (cell(name), *filled(figures(shares, bar))),
            height=_HEIGHT,
            # The first with the legend, the last two with the notes.
            keep_next=number == 0 or number + 2 >= len(drawn),
        )
        for number, (name, shares, bar) in enumerate(drawn)
    ]
    return table(markup, widths, [*head, *body], _SIZE)


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


def _ends(lengths: Sequence[int]) -> list[int]:
    return [sum(lengths[: n + 1]) for n in range(len(lengths))]


def _widths(cuts: Sequence[int], width: int) -> list[int]:
    ends = [width * cut // _STEPS for cut in cuts]
    return [end - begin for begin, end in zip((0, *ends), ends, strict=False)]


def _greys(count: int) -> list[str]:
    """Return `count` greys as hex colours, from dark to light."""
    step = (_LIGHT - _DARK) / max(count - 1, 1)
    return [f"{round(_DARK + step * n):02X}" * 3 for n in range(count)]
