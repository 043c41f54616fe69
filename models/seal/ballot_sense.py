"""票面疑点: ballots that were filled in oddly. Each asks for a look; none is ever made void. Pure.

The regulation voids a ballot for its form alone, so what a voter meant is nobody's to judge;
a whole stack of one hand, or an overall grade that its own items contradict, more often shows a
slip in keying or in the hall.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.entry.ballot import AlikeBallots
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout

ALIKE_FROM = 5


def all_alike(ballots: Iterable[AlikeBallots]) -> int:
    """How many valid ballots a stack has, if there are at least `ALIKE_FROM` and all of them are
    alike; 0 otherwise."""
    valid = [each for each in ballots if not each.ballot.void_reason]
    total = sum(each.n for each in valid)
    alike = len({each.ballot.marks for each in valid}) == 1
    return total if alike and total >= ALIKE_FROM else 0


def contradictory(layout: SheetLayout, ballots: Iterable[AlikeBallots]) -> int:
    """How many valid ballots give some subject an overall grade better than its best graded item
    or worse than its worst."""
    if OVERALL not in layout.lines or not layout.items:
        return 0
    return sum(
        n for ballot, n in ballots if not ballot.void_reason and _contradicts(layout, ballot.marks)
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
