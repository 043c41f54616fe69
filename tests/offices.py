"""Offices for tests: the sample office that ships, and small ones made to measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.database.store import Store
from models.entry import first_entry
from models.entry.first_entry import FirstEntry
from models.imports import roster_import, round_description
from models.regulation.levels import Level
from models.regulation.rules import RoundRules
from models.roster import edit
from models.roster.cadres import Person, PostDetails
from models.roster.roles import Role
from models.rounds import life, paper, polls
from models.rounds.plan import RoundInfo, RoundPlan
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack, stacks
from models.settings.office import Settings
from tui.commands.demo import SAMPLE_OFFICE, key_stack, lines_of

GROUPS = ("班子成员", "中层干部", "一般干部职工")


def sample_round(settings: Settings, store: Store) -> int:
    """The sample roster and round in the open `store`, nothing keyed; the round's id."""
    roster_import.apply(roster_import.plan(SAMPLE_OFFICE / "roster.xlsx"), store)
    return round_description.make(
        round_description.read(SAMPLE_OFFICE / "round.toml", settings), settings
    )


@dataclass(frozen=True)
class SampleStack:
    """One stack of the sample paper: where it belongs and its lines as they are typed."""

    unit: str
    level: str
    group: str
    stack_id: int
    lines: tuple[str, ...]


def sample_stacks(round_id: int) -> list[SampleStack]:
    """Every stack of the sample paper, in the order of the screens."""
    names = paper.level_names(round_id)
    return [
        SampleStack(
            poll.unit_name,
            names[stack.level],
            stack.group.name,
            stack.stack_id,
            tuple(lines_of(poll.unit_name, names[stack.level], stack.group.name)),
        )
        for poll in polls.polls(round_id)
        for stack in stacks(poll.id)
    ]


def key_everything(round_id: int) -> None:
    """Key all the sample paper through the models."""
    for stack in sample_stacks(round_id):
        key_stack(stack.stack_id, list(stack.lines))


def small_unit(name: str = "甲县工商行政管理局", members: Sequence[str] = ("李一", "李二")) -> int:
    """A unit with a chief and members; its id."""
    unit = edit.save_unit(name)
    team = [("王正", "局长", Role.CHIEF), *((name, "副局长", Role.MEMBER) for name in members)]
    for rank, (person, title, role) in enumerate(team, 1):
        post = PostDetails(unit_id=unit, title=title, role=role, rank=rank)
        edit.save_cadre(Person(name=person), post)
    return unit


def small_plan(
    groups: Mapping[str, int] | Sequence[str] = GROUPS, rules: RoundRules | None = None
) -> RoundPlan:
    """A plan for a round with these groups (weights in hundredths where it is a mapping)."""
    weights = dict(groups) if isinstance(groups, Mapping) else dict.fromkeys(groups, 0)
    rules = rules or RoundRules()
    return RoundPlan(
        title="试验轮次",
        year=2026,
        starts="2020-11-01",
        rules=replace(rules, weighted=any(weights.values())),
        groups=tuple(weights.items()),
        integrity_items=("不收受礼品", "如实报告"),
    )


def small_round(
    settings: Settings,
    groups: Mapping[str, int] | Sequence[str] = GROUPS,
    rules: RoundRules | None = None,
    *,
    members: Sequence[str] = ("李一", "李二"),
    returned: int | Mapping[str, int] = 10,
) -> RoundInfo:
    """An open round of one unit, paper recorded: as much returned as issued."""
    plan = small_plan(groups, rules)
    round_id = life.create(plan)
    (poll_id,) = polls.add_polls(round_id, [small_unit(members=members)])
    back = {
        group: returned if isinstance(returned, int) else returned[group]
        for group, _ in plan.groups
    }
    counts = {(level, group): n for level in Level for group, n in back.items()}
    paper.record_paper(poll_id, counts, counts)
    people = sum(back.values())
    polls.change_poll(poll_id, date="2020-11-05", place="三楼", expected=people, present=people)
    life.open_round(round_id, settings)
    return life.find_by_id(round_id)


def only_poll(info: RoundInfo) -> PollInfo:
    """The one poll of a small round."""
    (poll,) = polls.polls(info.id)
    return poll


def stack_of(info: RoundInfo, level: Level, group: str, subject: str = "") -> Stack:
    """The stack of a small round with this level, group and (on one-person sheets) person."""
    found = [
        stack
        for stack in stacks(only_poll(info).id)
        if stack.level is level and stack.group.name == group and subject in ("", stack.subject)
    ]
    return found[0]


def entry_of(info: RoundInfo, level: Level, group: str, subject: str = "") -> FirstEntry:
    """That stack, opened for keying."""
    return first_entry.enter(stack_of(info, level, group, subject).stack_id)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A text file in `folder`."""
    file = folder / name
    file.write_text(text, encoding=encoding)
    return file


def import_units(folder: Path, store: Store, text: str) -> None:
    """Import a list of units, as a text file in `folder` would hold it."""
    path = write(folder, "单位.csv", text)
    roster_import.apply(roster_import.plan(path), store)
