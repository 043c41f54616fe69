"""Create a round from a TOML description: `ceping round FILE`.

The whole description is read and checked against the settings and the roster before anything is
written. The round, its polls and their ballot numbers are then created in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from models.database.store import writing
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.roster.units import find_unit
from models.rounds import life, paper, polls
from models.rounds import plan as round_plan
from models.rounds.plan import CONDUCTED, KINDS, Gathering, RoundPlan
from models.settings.office import Settings, read_rules
from models.settings.toml_file import TomlFaultsError, TomlTable

Paper = dict[tuple[Level, str], int]


@dataclass(frozen=True)
class PollPlan:
    """One poll of the description."""

    unit_id: int
    """Id of the unit."""
    date: str
    """Date of the poll, as ISO text; may be empty."""
    place: str
    """Place of the poll; may be empty."""
    expected: int
    """Number of people expected to vote (应到)."""
    present: int
    """Number of people present (实到)."""
    issued: Paper
    """Number of ballots issued, by level and name of the voter group."""
    returned: Paper
    """Number of ballots returned, by level and name of the voter group."""


@dataclass(frozen=True)
class RoundDescription:
    """A complete, checked description."""

    plan: RoundPlan
    """The round."""
    polls: tuple[PollPlan, ...]
    """Its polls, in file order."""
    opened: bool
    """Whether to open the round at once."""


def read(file: Path, settings: Settings) -> RoundDescription:
    """Read and check a description. Raises `TomlFaultsError` with every fault found."""
    table = TomlTable.read(file)
    rules = read_rules(table, table.table("trust"), settings.levels, settings.rules)
    groups = []
    weighted = False
    for inner in table.tables("groups"):
        weight = inner.integer("weight", 0, 0, 10_000)
        weighted = weighted or weight > 0
        groups.append((inner.text("name", required=True), weight))
        inner.done()
    if not groups:
        groups = [(name, 0) for name in settings.groups]
    integrity = table.table("integrity")
    starts, ends = table.date("starts"), table.date("ends")
    plan = RoundPlan(
        title=table.text("title", required=True),
        year=table.integer("year", 0, 1998, 2100),
        kind=table.choice("kind", KINDS[0], list(KINDS)),
        conducted=table.choice("conducted", CONDUCTED[1], list(CONDUCTED)),
        gathering=Gathering(table.choice("gathering", Gathering.TOGETHER, list(Gathering))),
        combined_with=table.text("combined_with"),
        starts=starts.isoformat() if starts else "",
        ends=ends.isoformat() if ends else "",
        rules=replace(rules, weighted=weighted),
        groups=tuple(groups),
        integrity_items=integrity.texts("items"),
    )
    integrity.done()
    names = [name for name, _ in groups]
    descriptions = [_poll(inner, names, settings) for inner in table.tables("polls")]
    opened = table.flag("open", False)
    table.done()
    if not table.faults:
        for fault in round_plan.check(plan):
            table.fault("", fault)
    if table.faults:
        raise TomlFaultsError(table.faults)
    return RoundDescription(plan, tuple(p for p in descriptions if p), opened)


def make(description: RoundDescription, settings: Settings) -> int:
    """Create the described round and return its id.

    Raises `RefusedError` if any step is refused; nothing is created then.
    """
    with writing():
        round_id = life.create(description.plan)
        poll_ids = polls.add_polls(round_id, [poll.unit_id for poll in description.polls])
        for poll_id, poll in zip(poll_ids, description.polls, strict=True):
            polls.change_poll(
                poll_id,
                date=poll.date,
                place=poll.place,
                expected=poll.expected,
                present=poll.present,
            )
            paper.record_paper(poll_id, poll.issued, poll.returned)
        if description.opened:
            life.open_round(round_id, settings)
    return round_id


def _poll(table: TomlTable, groups: list[str], settings: Settings) -> PollPlan | None:
    name = table.text("unit", required=True)
    date = table.date("date")
    plan = None
    try:
        unit_id = find_unit(name).id if name else 0
    except RefusedError as error:
        table.fault("unit", str(error))
        unit_id = 0
    issued, returned = (
        _paper(table, "issued", groups, settings),
        _paper(table, "returned", groups, settings),
    )
    for (level, group), n in returned.items():
        if (level, group) not in issued:
            table.fault("returned", f"{group} 写了收回 {n} 张，没有写发出")
            break
        if n > issued[level, group]:
            table.fault(
                "returned",
                f"{group} 收回 {n} 张多于发出 {issued[level, group]} 张，按规定测评无效，请核对",
            )
            break
    expected = table.integer("expected", 0, 0, 10**6)
    present = table.integer("present", 0, 0, 10**6)
    if present > expected:
        table.fault("present", f"实到 {present} 人多于应到 {expected} 人")
    plan = PollPlan(
        unit_id,
        date.isoformat() if date else "",
        table.text("place"),
        expected,
        present,
        issued,
        returned,
    )
    table.done()
    return plan


def _paper(table: TomlTable, key: str, groups: list[str], settings: Settings) -> Paper:
    """Read `{ group = n }`, which applies to every level, or `{ level = { group = n } }`."""
    inner = table.table(key)
    names = {settings.levels[level].name: level for level in Level}
    found: Paper = {}
    for name in inner.names():
        if inner.is_table(name):
            levels = [names[name]] if name in names else []
            if not levels:
                inner.fault(name, f"没有这个层级，应为 {'、'.join(names)}")
            counts = inner.counts(name)
        else:
            levels = list(Level)
            counts = {name: inner.integer(name, 0, 0, 10**6)}
        for group, n in counts.items():
            if group not in groups:
                inner.fault(group, f"没有这一类测评人员，应为 {'、'.join(groups)}")
            for level in levels:
                found[level, group] = n
    return found
