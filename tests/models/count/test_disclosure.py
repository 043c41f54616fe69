"""按类别公布: which groups have a line, by sizes alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.documents.kinds import load_settings
from models.count.by_group import by_group
from models.count.disclosure import Breakdown, breakdown
from models.database.store import Store
from models.entry import first_entry
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, SheetLines
from models.rounds import life
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.settings.office import Settings, shipped_file
from tests.offices import only_poll, small_round, write

Sizes = Mapping[int, int]


def of(*sizes: int, minimum: int) -> Breakdown:
    """The breakdown of one sheet whose groups, numbered from 0, have these sizes."""
    return breakdown([dict(enumerate(sizes))], minimum)


@pytest.mark.parametrize(
    ("sizes", "minimum", "alone", "together"),
    [
        ((5, 11, 15), 5, (0, 1, 2), ()),
        ((5, 11, 15), 10, (2,), (0, 1)),
        ((9, 9, 30), 10, (2,), (0, 1)),
        ((12, 15, 40), 10, (0, 1, 2), ()),
        ((5, 8, 15), 10, (2,), (0, 1)),
        ((3, 20), 5, (), (0, 1)),
        ((4, 4, 4), 5, (), (0, 1, 2)),
        ((5, 30), 10, (), (0, 1)),
        # Two small ones do not reach the minimum together: the smallest other one joins.
        ((2, 2, 12, 40), 10, (3,), (0, 1, 2)),
        # Who did not vote hides nobody and is nowhere.
        ((3, 0, 20, 30), 5, (3,), (0, 2)),
        ((0, 0), 5, (), ()),
        ((7,), 5, (0,), ()),
        ((3,), 5, (), (0,)),
    ],
)
def test_the_rule(
    sizes: tuple[int, ...], minimum: int, alone: tuple[int, ...], together: tuple[int, ...]
) -> None:
    assert of(*sizes, minimum=minimum) == Breakdown(alone, together)


def test_the_smallest_sheet_decides_for_all() -> None:
    assert breakdown([{1: 12, 2: 15, 3: 40}, {1: 9, 2: 15, 3: 40}], 10) == Breakdown((3,), (1, 2))


def test_a_line_hides_on_every_sheet_where_others_voted() -> None:
    """On the second sheet the second group did not vote: there the line would be the first."""
    sheets = [{1: 3, 2: 8, 3: 20, 4: 30}, {1: 3, 3: 20, 4: 30}]
    assert breakdown(sheets, 10) == Breakdown((4,), (1, 2, 3))


def test_a_line_that_is_everybody_on_a_sheet_is_its_total_there() -> None:
    sheets = [{1: 3, 2: 8, 3: 20}, {1: 3}]
    assert breakdown(sheets, 10) == Breakdown((3,), (1, 2))


@st.composite
def polls(draw: st.DrawFn) -> Sequence[Sizes]:
    groups = range(draw(st.integers(1, 5)))
    sizes = st.integers(0, 14)
    return [{group: draw(sizes) for group in groups} for _ in range(draw(st.integers(1, 4)))]


@given(polls(), st.integers(1, 12))
def test_no_line_is_small_and_no_line_is_one_hidden_group(
    sheets: Sequence[Sizes], minimum: int
) -> None:
    shown = breakdown(sheets, minimum)
    voted = {group for sheet in sheets for group, size in sheet.items() if size}
    assert {*shown.alone, *shown.together} == voted
    assert not {*shown.alone} & {*shown.together}
    for sheet in sheets:
        for group in shown.alone:
            assert sheet[group] == 0 or sheet[group] >= minimum
        line = [sheet[group] for group in shown.together if sheet[group]]
        beside = any(sheet[group] for group in shown.alone)
        if shown.given and line and beside:
            assert len(line) > 1
            assert sum(line) >= minimum


@given(polls(), st.integers(1, 12))
def test_a_group_of_the_minimum_stands_alone_unless_a_line_needs_it(
    sheets: Sequence[Sizes], minimum: int
) -> None:
    """Nothing is hidden that need not be: without small groups there is no line."""
    smallest: dict[int, int] = {}
    for sheet in sheets:
        for group, size in sheet.items():
            if size:
                smallest[group] = min(size, smallest.get(group, size))
    few = [group for group, size in smallest.items() if size < minimum]
    assert breakdown(sheets, minimum).complete == (not few)


def test_what_may_be_shown_is_frozen_when_the_round_opens(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    """Neither a later ceping.toml nor a change of the plan shows a group that was hidden."""
    info = small_round(settings, rules=RoundRules(sheet=SheetLines.OVERALL, minimum_group=5))
    for level in Level:
        votes = {"班子成员": "12", "中层干部": "121212", "一般干部职工": "1231231"}
        for stack in stacks(only_poll(info).id):
            if stack.level is level:
                entry = first_entry.enter(stack.stack_id)
                for mark in votes[stack.group.name]:
                    entry.commit(mark * len(entry.sheet.places))

    def shown(of: RoundInfo) -> list[str]:
        lines = by_group(only_poll(of), of).lines
        return [group.name for line in lines if not line.together for group in line.groups]

    assert shown(info) == ["一般干部职工"]
    shipped = shipped_file().read_text(encoding="utf-8")
    text, count = re.subn(r"(?m)^minimum_group = \d+", "minimum_group = 1", shipped)
    assert count == 1
    lax = load_settings(write(tmp_path, "ceping.toml", text))
    assert lax.rules.minimum_group == 1, "a new round would show everybody"
    weights = tuple((name, 50) for name, _ in info.plan.groups)
    for plan in (
        replace(info.plan, rules=replace(info.rules, minimum_group=1)),
        replace(info.plan, rules=replace(info.rules, weighted=True), groups=weights),
        replace(info.plan, groups=info.plan.groups[:2]),
    ):
        with pytest.raises(RefusedError, match="规则不能再改"):
            life.change(info.id, plan)
    assert shown(life.find_by_id(info.id)) == ["一般干部职工"]
