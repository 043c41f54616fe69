"""票面疑点: ballots that were filled in oddly. Each asks for a look; none is ever made void. Pure.

The regulation voids a ballot for its form alone, so what a voter meant is nobody's to judge;
a whole stack of one hand, or an overall grade that its own items contradict, more often shows a
slip in keying or in the hall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout

ALIKE_FROM = 5


@dataclass(frozen=True)
class BallotKind:
    """Ballots of one stack that are all alike: their `marks` (empty if void), and how many."""

    void_reason: int
    marks: str
    n: int


def all_alike(kinds: Iterable[BallotKind]) -> int:
    """How many valid ballots a stack has, if there are at least `ALIKE_FROM` and all of them are
    alike; 0 otherwise."""
    valid = [kind for kind in kinds if not kind.void_reason]
    total = sum(kind.n for kind in valid)
    return total if len({kind.marks for kind in valid}) == 1 and total >= ALIKE_FROM else 0


def contradictory(layout: SheetLayout, kinds: Iterable[BallotKind]) -> int:
    """How many valid ballots give some subject an overall grade better than its best graded item
    or worse than its worst."""
    if OVERALL not in layout.lines or not layout.items:
        return 0
    return sum(
        kind.n for kind in kinds if not kind.void_reason and _contradicts(layout, kind.marks)
    )


def _contradicts(layout: SheetLayout, marks: str) -> bool:
    width = len(layout.lines)
    overall_at = layout.lines.index(OVERALL)
    for start in range(0, len(marks), width):
        line = marks[start : start + width]
        overall = line[overall_at]
        items = [
            mark
            for at, mark in enumerate(line)
            if at != overall_at and mark not in (BLANK, OVERVOTE)
        ]
        if overall in (BLANK, OVERVOTE) or not items:
            continue
        if not min(items) <= overall <= max(items):
            return True
    return False
