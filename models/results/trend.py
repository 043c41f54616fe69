"""Compare a person's result with an earlier evaluation.

Two shares are subtracted only if they were counted in the same way: same grade scale, same
denominator, both weighted or both not, and both polls sealed. Other results may be shown side by
side, but are never subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.count.tally import LevelTally, SubjectTally
from models.regulation.levels import Level
from models.results.archive import Evaluation
from models.rounds.polls import PollState
from models.rounds.subjects import DUTY


@dataclass(frozen=True)
class Change:
    """The change in each grade's share of the overall line since an earlier evaluation."""

    before: Evaluation
    """The earlier evaluation."""
    grades: tuple[str, ...]
    """The grades of the scale."""
    points: tuple[Fraction, ...]
    """The change of each grade's share, in percentage points, in the order of `grades`."""


def previous(past: Sequence[Evaluation], at: int, level: Level) -> Evaluation | None:
    """Return the evaluation to compare `past[at]` with, or None.

    `past` is ordered from latest to oldest. The result is the next older evaluation with a result
    at `level`. Chief and member count as the same level.
    """
    wanted = DUTY if level in DUTY else (level,)
    return next((each for each in past[at + 1 :] if each.result(*wanted)), None)


def change(now: Evaluation, before: Evaluation, level: Level) -> Change | None:
    """Return the change at `level` since an earlier evaluation.

    None if the two were not counted in the same way, or if either has no result at the level or no
    overall line. Chief and member count as the same level: both evaluate the person's duty.
    """
    wanted = DUTY if level in DUTY else (level,)
    here, there = now.result(*wanted), before.result(*wanted)
    if here is None or there is None or not _alike(now, before, here[0], there[0]):
        return None
    new, old = _shares(here[1]), _shares(there[1])
    if new is None or old is None:
        return None
    points = tuple((share - former) * 100 for share, former in zip(new, old, strict=True))
    return Change(before, here[0].content.scale.grades, points)


def _alike(now: Evaluation, before: Evaluation, here: LevelTally, there: LevelTally) -> bool:
    rules, former = now.round.rules, before.round.rules
    return (
        now.poll.state is before.poll.state is PollState.SEALED
        and here.content.scale.grades == there.content.scale.grades
        and rules.denominator is former.denominator
        and here.weighted == there.weighted
    )


def _shares(subject: SubjectTally) -> tuple[Fraction, ...] | None:
    place = subject.result
    known = [share for share in place.shares if share is not None] if place else []
    return tuple(known) if place and len(known) == len(place.grades) else None
