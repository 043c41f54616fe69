"""Two entries of one stack side by side: where they differ, and how, at the least cost. Pure.

A sheet that one entry has and the other has not must be told apart from one that was keyed
differently, or everything behind it would seem to differ. So the two are aligned as in an edit
distance: equal sheets cost nothing, a changed one by its differing places, and a sheet that is
missing or extra so much that a sheet is called changed unless most of its places differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from operator import ne
from typing import NamedTuple

_PAIR, _MISSING, _EXTRA = range(3)
_FAR = 1 << 60


class Marks(NamedTuple):
    """A sheet as keyed: its marks, and why it is void (0: valid, whose marks alone count)."""

    marks: str
    void_reason: int


class Kind(Enum):
    """How the entries differ at a sheet: both have it, or one of them has not."""

    CHANGED = auto()
    MISSING = auto()
    EXTRA = auto()


@dataclass(frozen=True)
class Difference:
    """One sheet in which the entries differ. `first` and `second` are positions from 1; where an
    entry has not got the sheet (the second one a `MISSING`, the first one an `EXTRA`), the
    position that it would have there."""

    kind: Kind
    first: int
    second: int


def differing(one: Marks, other: Marks) -> tuple[int, ...]:
    """The places (from 0) in which two valid sheets differ."""
    return tuple(n for n, (a, b) in enumerate(zip(one.marks, other.marks, strict=True)) if a != b)


def pair_cost(one: Marks, other: Marks, size: int) -> int:
    """What it costs to take two sheets of `size` places for the same paper."""
    if one == other:
        return 0
    if one.void_reason and other.void_reason:
        return 1
    if one.void_reason or other.void_reason:
        return 2 * size
    places: int = sum(map(ne, one.marks, other.marks))
    return 3 * places


def gap_cost(size: int) -> int:
    """What it costs that one entry has not got a sheet. Two of these are less than a pair only
    if over two thirds of the places differ."""
    return size + 1


def align(first: Sequence[Marks], second: Sequence[Marks], size: int) -> list[Difference]:
    """The differences of two entries in their order, at the least total cost."""
    head = 0
    shorter = min(len(first), len(second))
    while head < shorter and first[head] == second[head]:
        head += 1
    tail = 0
    while tail < shorter - head and first[-1 - tail] == second[-1 - tail]:
        tail += 1
    one = first[head : len(first) - tail]
    other = second[head : len(second) - tail]
    band = 1
    while True:
        cost, steps = _align_in_band(one, other, size, band)
        # To leave the band and come back takes this many gaps; all cheaper ways are inside.
        outside = (abs(len(one) - len(other)) + 2 * (band + 1)) * gap_cost(size)
        if cost <= outside or band > max(len(one), len(other)):
            break
        band *= 2
    return _differences(one, other, steps, head)


def _align_in_band(
    first: Sequence[Marks], second: Sequence[Marks], size: int, band: int
) -> tuple[int, list[int]]:
    """The least cost of all ways that stay within `band` of the straight ones, and the way."""
    rows, columns, gap = len(first), len(second), gap_cost(size)
    low, high = min(0, columns - rows) - band, max(0, columns - rows) + band
    width = high - low + 1
    # Cell `d` of row `i` is the column `i + low + d`.
    costs = [d * gap if 0 <= (d := low + n) <= columns else _FAR for n in range(width)]
    trace = [bytearray([_EXTRA]) * width]
    for i, sheet in enumerate(first, 1):
        row, came = [_FAR] * width, bytearray(width)
        for n in range(max(0, -low - i), min(width, columns - i - low + 1)):
            j = i + low + n
            best, how = _FAR, _PAIR
            if j:
                other = second[j - 1]
                best = costs[n] + (0 if sheet == other else pair_cost(sheet, other, size))
            if n + 1 < width and costs[n + 1] + gap < best:
                best, how = costs[n + 1] + gap, _MISSING
            if n and row[n - 1] + gap < best:
                best, how = row[n - 1] + gap, _EXTRA
            row[n], came[n] = best, how
        trace.append(came)
        costs = row
    return costs[columns - rows - low], _way(trace, rows, columns, low)


def _way(trace: Sequence[bytearray], rows: int, columns: int, low: int) -> list[int]:
    steps = []
    i, j = rows, columns
    while i or j:
        how = trace[i][j - i - low]
        steps.append(how)
        i -= how != _EXTRA
        j -= how != _MISSING
    steps.reverse()
    return steps


def _differences(
    first: Sequence[Marks], second: Sequence[Marks], steps: Sequence[int], head: int
) -> list[Difference]:
    found = []
    i = j = 0
    for how in steps:
        here = (head + i + 1, head + j + 1)
        if how == _MISSING:
            found.append(Difference(Kind.MISSING, *here))
        elif how == _EXTRA:
            found.append(Difference(Kind.EXTRA, *here))
        elif first[i] != second[j]:
            found.append(Difference(Kind.CHANGED, *here))
        i += how != _EXTRA
        j += how != _MISSING
    return found
