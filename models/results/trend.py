"""How a person's result moved from one evaluation to the next.

Two shares are held against each other only where they were counted alike: the same level's
grades, the same denominator, weighted or not, and both from a sealed count. Anything else is
shown side by side, never subtracted.
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
    """The change of each grade's share at the overall line since the evaluation `before`, in
    percentage points, in the order of `grades`."""

    before: Evaluation
    grades: tuple[str, ...]
    points: tuple[Fraction, ...]


def previous(past: Sequence[Evaluation], at: int, level: Level) -> Evaluation | None:
    """The evaluation that the one at `at` of `past` (the latest first) is held against: the next
    older one with a result at the same duty, or at the same level."""
    wanted = DUTY if level in DUTY else (level,)
    return next((each for each in past[at + 1 :] if each.result(*wanted)), None)


def change(now: Evaluation, before: Evaluation, level: Level) -> Change | None:
    """What changed at a person's level since an earlier evaluation; None where the two were not
    counted alike or one has no overall line. Chief and member are one: the person's duty."""
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
        and rules.weighted == former.weighted
    )


def _shares(subject: SubjectTally) -> tuple[Fraction, ...] | None:
    place = subject.result
    known = [share for share in place.shares if share is not None] if place else []
    return tuple(known) if place and len(known) == len(place.grades) else None
