"""Offices made at random, with every variant that a round can have, sealed, and some of them
corrected and sealed again; what was typed is kept, to be counted apart."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from models.database.store import Store, writing
from models.database.tables import Cadre, Post, Unit
from models.entry import first_entry
from models.entry.ballot import Ballot
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.roster.roles import Role
from models.rounds import life, paper, polls
from models.rounds.plan import RoundInfo, RoundPlan
from models.rounds.polls import PollInfo
from models.rounds.sheets import stack_layout
from models.rounds.stacks import Stack, stacks
from models.seal import correction, sealing
from models.settings.office import Settings
from tests.exports.counted import UnitCount, few
from tests.exports.extremes import TELLERS, mixed, office_of
from tests.exports.recounting import Pile, Rules, count
from tests.exports.small import with_scale

_GRADES = ("极好", "很好", "较好", "尚好", "一般", "稍差", "较差", "很差", "极差")
_GROUPS = ("班子成员", "中层干部", "一般干部职工", "下级单位代表")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林"
_ITEMS = ("不收受礼金", "如实报告事项", "不插手工程", "不经商办企业")
_MOST_VOTERS = 40


@dataclass(frozen=True)
class Office:
    """An office once sealed: its settings, its round, and every unit counted apart by its short
    name."""

    settings: Settings
    info: RoundInfo
    counted: dict[str, UnitCount]


def make(seed: int, shipped: Settings, store: Store) -> Office:
    """Make, key, seal and perhaps correct an office in the open and empty `store`."""
    draw = random.Random(seed)  # noqa: S311 - votes of a test, not secrets
    settings = office_of(shipped)
    if draw.random() < 0.7:
        settings = with_scale(settings, _GRADES[: draw.randint(2, 9)])
    plan = _plan(draw, settings)
    round_id = life.create(plan)
    units = [_unit(draw, number) for number in range(draw.randint(1, 2))]
    made = polls.add_polls(round_id, units)
    present = {poll_id: _hand_out(draw, poll_id, plan) for poll_id in made}
    life.open_round(round_id, settings)
    info = life.find_by_id(round_id)
    typed: dict[int, dict[int, list[str]]] = {}
    with writing():
        for poll_id in made:
            typed[poll_id] = {stack.stack_id: _key(draw, stack) for stack in stacks(poll_id)}
    for poll_id in made:
        sealing.seal(poll_id, TELLERS, store)
        if draw.random() < 0.4:
            _correct(draw, info, poll_id, typed[poll_id], store)
    found = {
        poll.short: _count(info, poll, typed[poll.id], present[poll.id])
        for poll in polls.polls(round_id)
    }
    return Office(settings, info, found)


def _plan(draw: random.Random, settings: Settings) -> RoundPlan:
    names = _GROUPS[: draw.randint(1, 4)]
    weighted = len(names) > 1 and draw.random() < 0.4
    rest = draw.sample(range(1, 100), len(names) - 1)
    cuts = [0, *sorted(rest), 100]
    weights = [b - a for a, b in pairwise(cuts)] if weighted else [0] * 4
    # Weights of people present are no shares of a group.
    bases = [each for each in Denominator if not weighted or each is not Denominator.PRESENT]
    rules = RoundRules(
        sheet=draw.choice(list(SheetLines)),
        member_sheet=draw.choice(list(MemberSheet)),
        denominator=draw.choice(bases),
        decimals=draw.choice([1, 2]),
        minimum_group=draw.choice([5, 10]),
        verification=VerificationRule(every=0),
        weighted=weighted,
        trust=_trust(draw, settings),
    )
    return RoundPlan(
        title="2024年度党风廉政建设责任制民主测评",
        year=2024,
        starts="2024-11-02",
        ends="2024-11-13",
        rules=rules,
        groups=tuple(zip(names, weights, strict=False)),
        integrity_items=_ITEMS[: draw.randint(1, 4)],
    )


def _trust(draw: random.Random, settings: Settings) -> dict[Level, TrustRule]:
    if draw.random() < 0.4:
        return {}
    whole = draw.randint(2, 6)
    part = draw.randint(1, whole - 1)
    return {
        level: TrustRule(settings.levels[level].scale.grades[:2], Comparator.AT_LEAST, part, whole)
        for level in (Level.CHIEF, Level.MEMBER)
    }


def _unit(draw: random.Random, number: int) -> int:
    name = f"{'甲乙'[number]}县工商行政管理局"
    unit = Unit.create(name=name, short_name=f"{'甲乙'[number]}县局", position=number)
    # The first has every level, so that it gives their order.
    members = draw.randint(1 - number, 5)
    roles = [Role.CHIEF] * (number == 0 or draw.random() < 0.8) + [Role.MEMBER] * members
    for rank, role in enumerate(roles or [Role.MEMBER], 1):
        cadre = Cadre.create(name=f"{draw.choice(_SURNAMES)}{'一二三四五六七'[rank]}{number}")
        title = "局长" if role is Role.CHIEF else "副局长"
        Post.create(cadre=cadre, unit=unit, title=title, role=role, rank=rank, since="2015.03")
    return int(unit.id)


def _hand_out(draw: random.Random, poll_id: int, plan: RoundPlan) -> int:
    """Register the paper of a poll, some of it in several stacks; how many people were present."""
    issued: dict[tuple[Level, str], int] = {}
    people = {
        name: draw.choice([0, 1, 2, 4, draw.randint(5, _MOST_VOTERS)]) for name, _ in plan.groups
    }
    if not any(people.values()):
        people[plan.groups[0][0]] = 7
    for level in Level:
        for name, there in people.items():
            issued[level, name] = there
    returned = {key: max(0, n - draw.choice([0, 0, 1, 3])) for key, n in issued.items()}
    for level in Level:
        if not any(n for (of, _), n in returned.items() if of is level):
            key = max((key for key in issued if key[0] is level), key=lambda key: issued[key])
            returned[key] = issued[key]
    present = sum(people.values())
    polls.change_poll(
        poll_id, date="2024-11-05", place="三楼会议室", expected=present + 2, present=present
    )
    paper.record_paper(poll_id, issued, returned)
    for stack in stacks(poll_id):
        if stack.returned > 2 and draw.random() < 0.2:
            second, part = paper.add_stack(stack.stack_id), stack.returned // 2
            paper.record_counts(
                poll_id,
                {
                    stack.stack_id: (stack.issued, stack.returned - part),
                    second: (stack.issued, part),
                },
            )
    return present


def _key(draw: random.Random, stack: Stack) -> list[str]:
    lines: list[str] = []
    entry = first_entry.enter(stack.stack_id) if stack.returned else None
    one_mind = draw.random() < 0.15
    while entry and not entry.full:
        digits = [str(n + 1) for n in range(len(entry.sheet.scale.grades))]
        size = len(entry.sheet.places)
        marks, void = ("2" * size, 0) if one_mind else mixed(draw, digits, size)
        entry.commit(marks, void)
        lines.append(marks or f"/{void}")
    return lines


def _correct(
    draw: random.Random, info: RoundInfo, poll_id: int, typed: dict[int, list[str]], store: Store
) -> None:
    """Change one ballot of a sealed poll, as two people would, and seal it again."""
    sealing.reopen(poll_id, "发现错录", ("赵甲", "钱乙"))
    stack = draw.choice([each for each in stacks(poll_id) if typed[each.stack_id]])
    lines = typed[stack.stack_id]
    at = draw.randrange(len(lines))
    size = len(stack_layout(info, stack).places)
    new = "1" * size if lines[at] != "1" * size else "2" * size
    correction.correct(stack.stack_id, _ballot(lines[at]), Ballot(new), Ballot(new), "录错")
    lines[at] = new
    sealing.seal(poll_id, TELLERS, store)


def _ballot(line: str) -> Ballot:
    return Ballot("", int(line[1:])) if line.startswith("/") else Ballot(line)


def _count(info: RoundInfo, poll: PollInfo, typed: dict[int, list[str]], present: int) -> UnitCount:
    rules = info.rules
    trust = next((Fraction(of.numerator, of.denominator) for of in rules.trust.values()), None)
    names = paper.level_names(info.id)
    of_group: dict[tuple[int, str], list[Stack]] = {}
    for stack in stacks(poll.id):
        of_group.setdefault((stack.sheet_id, stack.group.name), []).append(stack)
    piles = []
    for (_, group), parts in of_group.items():
        sheet = stack_layout(info, parts[0])
        piles.append(
            Pile(
                names[parts[0].level],
                tuple(each.name for each in sheet.subjects),
                sheet.lines,
                sheet.scale.grades,
                group,
                parts[0].issued,
                sum(part.returned for part in parts),
                tuple(line for part in parts for line in typed[part.stack_id]),
            )
        )
    withheld = rules.weighted and few(piles, rules.minimum_group)
    weights = {group.name: group.weight for group in info.groups}
    shown = weights if rules.weighted and not withheld else None
    own = Rules(str(rules.denominator), rules.decimals, shown, present)
    levels = count(piles, own)
    return UnitCount(levels, own, trust, poll.expected, present, withheld=withheld)
