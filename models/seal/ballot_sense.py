"""Oddly filled ballots (票面疑点). They call for a check and are never made void. No I/O.

The regulation voids a ballot for its form alone, so nobody judges what a voter meant. But a stack
of identical ballots, or an overall grade outside the range of its own items, often points to a
mistake in keying or in the hall.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.entry.ballot import AlikeBallots
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout

ALIKE_FROM = 5


def all_alike(ballots: Iterable[AlikeBallots]) -> int:
    """Return the number of valid ballots in a stack if all of them are identical, else 0.

    Also 0 if there are fewer than `ALIKE_FROM`.
    """
    valid = [each for each in ballots if not each.ballot.void_reason]
    total = sum(each.n for each in valid)
    alike = len({each.ballot.marks for each in valid}) == 1
    return total if alike and total >= ALIKE_FROM else 0


def contradictory(layout: SheetLayout, ballots: Iterable[AlikeBallots]) -> int:
    """Count the valid ballots with an overall grade outside the range of the item grades.

    A ballot counts if the overall grade of any subject is better than its best item grade or worse
    than its worst. 0 if the sheet has no overall line or no items.
    """
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
