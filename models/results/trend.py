"""Compare a person's result with an earlier evaluation.

Two shares are subtracted only if they were counted in the same way: same grade scale, same
denominator, both unweighted or both under the same weights, and both polls sealed. Other results
may be shown side by side, but are never subtracted. What is subtracted are the shares as printed,
so that a reader who subtracts them finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.count import shares
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
    """The change of each grade's printed share, in percentage points, in the order of `grades`."""
    decimals: int
    """How many decimals the change has: those of the round that prints fewer."""


def previous(past: Sequence[Evaluation], at: int, level: Level) -> Evaluation | None:
    """Return the evaluation to compare `past[at]` with, or None.

    `past` is ordered from latest to oldest. The result is the latest evaluation of an earlier round
    with a result at `level`. Chief and member count as the same level.
    """
    wanted = DUTY if level in DUTY else (level,)
    older = (each for each in past[at + 1 :] if each.before(past[at]))
    return next((each for each in older if each.result(*wanted)), None)


def change(now: Evaluation, before: Evaluation, level: Level) -> Change | None:
    """Return the change at `level` since an earlier evaluation.

    None if the two were not counted in the same way, or if either has no result at the level or no
    overall line. Chief and member count as the same level: both evaluate the person's duty.
    """
    wanted = DUTY if level in DUTY else (level,)
    here, there = now.result(*wanted), before.result(*wanted)
    if here is None or there is None or not _alike(now, before, here[0], there[0]):
        return None
    fewer = min(now.round.rules.decimals, before.round.rules.decimals)
    new = _printed(here[1], now.round.rules.decimals, fewer)
    old = _printed(there[1], before.round.rules.decimals, fewer)
    if new is None or old is None:
        return None
    points = tuple(share - former for share, former in zip(new, old, strict=True))
    return Change(before, here[0].content.scale.grades, points, fewer)


def _alike(now: Evaluation, before: Evaluation, here: LevelTally, there: LevelTally) -> bool:
    rules, former = now.round.rules, before.round.rules
    return (
        now.poll.state is before.poll.state is PollState.SEALED
        and here.content.scale.grades == there.content.scale.grades
        and rules.denominator is former.denominator
        and here.weighted == there.weighted
        and (not here.weighted or _weights(now) == _weights(before))
    )


def _weights(of: Evaluation) -> dict[str, Fraction]:
    """What part of the whole each voter group weighs."""
    whole = sum(group.weight for group in of.round.groups)
    return {group.name: Fraction(group.weight, whole or 1) for group in of.round.groups}


def _printed(subject: SubjectTally, decimals: int, fewer: int) -> tuple[Fraction, ...] | None:
    """Return the shares of the overall line in percent, as printed with `decimals` and then rounded
    to `fewer`; None if one of them is not given."""
    place = subject.result
    known = [share for share in place.shares if share is not None] if place else []
    if place is None or len(known) != len(place.grades):
        return None
    printed = (Fraction(shares.percent(share, decimals)) for share in known)
    return tuple(Fraction(shares.percent(each / 100, fewer)) for each in printed)
