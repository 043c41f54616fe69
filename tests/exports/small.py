"""Small rounds for the tests of what leaves the office: any rules, any scale, any names."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.database.tables import Cadre, Poll, Post, Unit
from models.entry import first_entry
from models.regulation.levels import GradeScale, Level
from models.regulation.rules import RoundRules
from models.rounds import life, paper, polls
from models.rounds.plan import RoundInfo, RoundPlan
from models.rounds.polls import PollInfo, PollState
from models.rounds.stacks import stacks
from models.settings.office import Settings

GROUPS = {"班子成员": 0, "中层干部": 0, "一般干部职工": 0}
INTEGRITY = ("不收受礼品礼金", "如实报告个人有关事项和配偶子女经商办企业情况")


@dataclass(frozen=True)
class Team:
    """A unit and its team: names of the chief (or None) and of the members."""

    name: str = "甲县工商行政管理局"
    short_name: str = "甲县局"
    chief: str | None = "王正"
    members: Sequence[str] = ("李一", "赵二强")


def with_scale(settings: Settings, grades: Sequence[str]) -> Settings:
    """The settings with one scale at every level."""
    scale = GradeScale(tuple(grades), tuple(grade[:2] for grade in grades))
    levels = {level: replace(of, scale=scale) for level, of in settings.levels.items()}
    return replace(settings, levels=levels)


def make_team(team: Team) -> int:
    """The team's unit and cadres in the roster; the unit's id."""
    unit = Unit.create(name=team.name, short_name=team.short_name)
    people = [(1, "党组书记、局长", team.chief)] if team.chief else []
    people += [(2, "党组成员、副局长", name) for name in team.members]
    for rank, (role, title, name) in enumerate(people, 1):
        cadre = Cadre.create(name=name, gender="男", born="1970.01", party="中共党员")
        Post.create(cadre=cadre, unit=unit, title=title, role=role, rank=rank, since="2015.03")
    return int(unit.id)


def make_round(
    settings: Settings,
    *,
    teams: Sequence[Team] = (Team(),),
    rules: RoundRules | None = None,
    groups: Mapping[str, int] = GROUPS,
    returned: int = 12,
    year: int = 2026,
    date: str | None = None,
    title: str = "",
    starts: str = "",
    units: Sequence[int] = (),
) -> RoundInfo:
    """An open round with one poll a team (or of `units` that exist), as much paper in as out, voted
    in November of the year where no date is given."""
    weighted = any(groups.values())
    plan = RoundPlan(
        title=title or f"{year}年度党风廉政建设责任制民主测评",
        year=year,
        starts=starts,
        rules=replace(rules or RoundRules(), weighted=weighted),
        groups=tuple(groups.items()),
        integrity_items=INTEGRITY,
    )
    round_id = life.create(plan)
    people = returned * len(groups)
    counts = {(level, group): returned for level in Level for group in groups}
    chosen = list(units) or [make_team(team) for team in teams]
    for poll_id in polls.add_polls(round_id, chosen):
        polls.change_poll(
            poll_id,
            date=f"{year}-11-05" if date is None else date,
            place="三楼会议室",
            expected=people + 3,
            present=people,
        )
        paper.record_paper(poll_id, counts, counts)
    life.open_round(round_id, settings)
    return life.find_by_id(round_id)


def key_all(info: RoundInfo, *, seed: int = 1) -> None:
    """Key every stack of a round with ballots drawn from the seed, some void, some blank."""
    draw = random.Random(seed)  # noqa: S311 - votes of a test, not secrets
    for poll in polls.polls(info.id):
        for stack in stacks(poll.id):
            entry = first_entry.enter(stack.stack_id)
            digits = [str(n + 1) for n in range(len(entry.sheet.scale.grades))]
            weights = [12, 8, 4, 3, 2, 2, 2, 2, 2][: len(digits)]
            while not entry.full:
                marks = draw.choices(
                    [*digits, "0", "*"], [*weights, 1, 1], k=len(entry.sheet.places)
                )
                void = 1 if draw.random() < 0.05 else 0
                entry.commit("" if void else "".join(marks), void)


def void_all(info: RoundInfo) -> None:
    """Key all paper as void ballots: nobody's vote counts."""
    for poll in polls.polls(info.id):
        for stack in stacks(poll.id):
            entry = first_entry.enter(stack.stack_id)
            for _ in range(stack.returned):
                entry.commit("", 1)


def seal_all(info: RoundInfo) -> None:
    """Mark every poll of a round as sealed."""
    Poll.update(state=PollState.SEALED).where(Poll.round == info.id).execute()


def only_poll(info: RoundInfo) -> PollInfo:
    """The one poll of a round."""
    (poll,) = polls.polls(info.id)
    return poll
