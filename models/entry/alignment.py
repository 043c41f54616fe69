"""Align the two entries of a stack and find their differences. No database.

A ballot in only one entry must not be confused with one that was keyed differently, or every
ballot after it would seem to differ. The entries are therefore aligned by edit distance. Equal
ballots cost nothing, and a changed ballot costs by the number of places that differ. A missing or
extra ballot costs so much that a ballot counts as changed unless most of its places differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from operator import ne

from models.entry.ballot import Ballot

_PAIR, _MISSING, _EXTRA = range(3)
_FAR = 1 << 60


class DifferenceKind(Enum):
    """How the entries differ at a ballot."""

    CHANGED = auto()
    """In both entries, but keyed differently."""
    MISSING = auto()
    """Only in the first entry."""
    EXTRA = auto()
    """Only in the second entry."""


@dataclass(frozen=True)
class Difference:
    """One ballot in which the entries differ."""

    kind: DifferenceKind
    """How they differ."""
    first: int
    """Its position in the first entry, from 1; for `EXTRA`, where it would be inserted."""
    second: int
    """Its position in the second entry, from 1; for `MISSING`, where it would be inserted."""

    @property
    def paper(self) -> int:
        """The ballot's number for the clerk: its position in the entry that has it."""
        return self.second if self.kind is DifferenceKind.EXTRA else self.first


def differing(one: Ballot, other: Ballot) -> tuple[int, ...]:
    """The places, from 0, where two valid ballots differ."""
    return tuple(n for n, (a, b) in enumerate(zip(one.marks, other.marks, strict=True)) if a != b)


def pair_cost(one: Ballot, other: Ballot, size: int) -> int:
    """The cost of matching two ballots of `size` places as the same paper."""
    if one == other:
        return 0
    if one.void_reason and other.void_reason:
        return 1
    if one.void_reason or other.void_reason:
        return 2 * size
    places: int = sum(map(ne, one.marks, other.marks))
    return 3 * places


def gap_cost(size: int) -> int:
    """The cost of a ballot that is in only one entry.

    Two gaps cost less than a pair only if more than two thirds of the places differ.
    """
    return size + 1


def align(first: Sequence[Ballot], second: Sequence[Ballot], size: int) -> list[Difference]:
    """The differences between two entries in order, at the lowest total cost."""
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
        # Leaving the band and coming back takes this many gaps, so cheaper paths are all inside.
        outside = (abs(len(one) - len(other)) + 2 * (band + 1)) * gap_cost(size)
        if cost <= outside or band > max(len(one), len(other)):
            break
        band *= 2
    return _differences(one, other, steps, head)


def _align_in_band(
    first: Sequence[Ballot], second: Sequence[Ballot], size: int, band: int
) -> tuple[int, list[int]]:
    """The cheapest path that stays within `band` of the diagonals, as its cost and its steps."""
    rows, columns, gap = len(first), len(second), gap_cost(size)
    low, high = min(0, columns - rows) - band, max(0, columns - rows) + band
    width = high - low + 1
    # Cell `d` of row `i` is column `i + low + d`.
    costs = [d * gap if 0 <= (d := low + n) <= columns else _FAR for n in range(width)]
    trace = [bytearray([_EXTRA]) * width]
    for i, ballot in enumerate(first, 1):
        row, came = [_FAR] * width, bytearray(width)
        for n in range(max(0, -low - i), min(width, columns - i - low + 1)):
            j = i + low + n
            best, how = _FAR, _PAIR
            if j:
                other = second[j - 1]
                best = costs[n] + (0 if ballot == other else pair_cost(ballot, other, size))
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
    first: Sequence[Ballot], second: Sequence[Ballot], steps: Sequence[int], head: int
) -> list[Difference]:
    found = []
    i = j = 0
    for how in steps:
        here = (head + i + 1, head + j + 1)
        if how == _MISSING:
            found.append(Difference(DifferenceKind.MISSING, *here))
        elif how == _EXTRA:
            found.append(Difference(DifferenceKind.EXTRA, *here))
        elif first[i] != second[j]:
            found.append(Difference(DifferenceKind.CHANGED, *here))
        i += how != _EXTRA
        j += how != _MISSING
    return found
