"""A round as it is rehearsed: its units with their teams and its plan, nothing that was keyed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from models.database.store import writing
from models.refusal import RefusedError
from models.roster import edit
from models.roster.cadres import CadreRow, Person, PostDetails, team
from models.rounds import life, polls
from models.rounds.plan import RoundPlan
from models.settings.office import Settings

_NAME = "【演练】"


@dataclass(frozen=True)
class RehearsedUnit:
    """A unit of the round."""

    name: str
    """Its name."""
    short_name: str
    """Its short name; may be empty."""
    team: tuple[CadreRow, ...]
    """Its team, as the roster has it now."""


@dataclass(frozen=True)
class RehearsedRound:
    """What a rehearsal begins with."""

    plan: RoundPlan
    """The plan of the round, its title saying that it is a rehearsal."""
    units: tuple[RehearsedUnit, ...]
    """Its units."""


def read(text: str) -> RehearsedRound:
    """Read the round that is meant by `text` from the open database. Raises `RefusedError` if there
    is none, or no unit in it."""
    info = life.find(text)
    units = tuple(
        RehearsedUnit(poll.unit_name, poll.unit_short_name, team(poll.unit_id))
        for poll in polls.polls(info.id)
    )
    if not units:
        raise RefusedError(f"轮次“{info.title}”还没有单位，没有可演练的。")
    return RehearsedRound(replace(info.plan, title=f"{_NAME}{info.title}"), units)


def begin(rehearsed: RehearsedRound, settings: Settings) -> int:
    """Make the units, the teams and the round in the open database, and open the round; its id.
    Raises `RefusedError` as the opening of a round does."""
    names = [field.name for field in fields(Person)]
    with writing():
        units = []
        for each in rehearsed.units:
            unit = edit.save_unit(each.name, short_name=each.short_name)
            units.append(unit)
            for row in each.team:
                person = Person(**{name: getattr(row, name) for name in names})
                post = PostDetails(unit_id=unit, title=row.title, role=row.role, rank=row.rank)
                edit.save_cadre(person, post)
        round_id = life.create(rehearsed.plan)
        polls.add_polls(round_id, units)
        life.open_round(round_id, settings)
    return round_id
