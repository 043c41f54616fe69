"""What of a round, or of one of its polls, asks for a look (请看一看) and never stands in the way.

A year or a date that was typed wrong is noticed by nobody else: results are put in order by the day
of the vote, and documents name the round by its year. Pure; `models.rounds.neighbours` reads what
is needed, and `tui.words.looks` has the wording.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.rounds.plan import RoundPlan


class LookCode(StrEnum):
    """What asks for a look; the values are the codes shown to the user."""

    DATE_OUTSIDE = "W210"
    """A poll's date outside the period of its round, or in another year if the round has none."""
    SECOND_ROUND = "W211"
    """Another round of the same kind and year with the same units."""
    ONE_GROUP = "W212"
    """A round with one voter group only."""
    OTHER_YEAR = "W213"
    """A round that begins in another year than the one it evaluates."""


@dataclass(frozen=True)
class Look:
    """One thing to look at."""

    code: LookCode
    """What it is."""
    values: Mapping[str, int | str]
    """The values for the placeholders in the code's wording."""


@dataclass(frozen=True)
class Neighbour:
    """Another round, as far as it is compared with one."""

    title: str
    """Its title."""
    kind: str
    """One of `models.rounds.plan.KINDS`."""
    year: int
    """The year it evaluates."""
    units: frozenset[int]
    """Ids of its units."""


def of_round(
    plan: RoundPlan, units: Collection[int], neighbours: Sequence[Neighbour]
) -> list[Look]:
    """Return what of a round asks for a look. `units` are the ids of its units so far."""
    found = []
    begins = plan.starts or plan.ends
    if begins and int(begins[:4]) != plan.year:
        found.append(Look(LookCode.OTHER_YEAR, {"day": begins, "year": plan.year}))
    if len(plan.groups) == 1:
        found.append(Look(LookCode.ONE_GROUP, {"group": plan.groups[0][0]}))
    for each in neighbours:
        shared = each.units & set(units)
        if shared and (each.kind, each.year) == (plan.kind, plan.year):
            found.append(_second(each, len(shared)))
    return found


def of_poll(
    plan: RoundPlan, unit_id: int, date: str, neighbours: Sequence[Neighbour]
) -> list[Look]:
    """Return what of a poll asks for a look. `date` is the day of its vote as ISO text, or empty;
    of the neighbours, those count that have its unit."""
    found = []
    late, early = plan.ends and date > plan.ends, plan.starts and date < plan.starts
    unbound = not plan.starts and not plan.ends
    if date and (late or early or (unbound and int(date[:4]) != plan.year)):
        period: dict[str, int | str] = {"starts": plan.starts, "ends": plan.ends}
        found.append(Look(LookCode.DATE_OUTSIDE, {"date": date, **period, "year": plan.year}))
    found += [
        _second(each, 1)
        for each in neighbours
        if unit_id in each.units and (each.kind, each.year) == (plan.kind, plan.year)
    ]
    return found


def _second(other: Neighbour, units: int) -> Look:
    named: dict[str, int | str] = {"title": other.title, "kind": other.kind}
    return Look(LookCode.SECOND_ROUND, {**named, "year": other.year, "units": units})
