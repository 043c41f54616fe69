"""按类别公布: someone who has the totals and every group shown cannot work out a hidden group."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.documents.kinds import load_settings
from models.count.disclosure import hidden_groups
from models.count.published import disclosed
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, SheetLines
from models.rounds import life
from models.settings.office import Settings, shipped_file
from tests.offices import entry_of, only_poll, small_round, write

Ballots = dict[int, list[str]]


@st.composite
def ballots(draw: st.DrawFn) -> Ballots:
    """The marks of each group of one sheet: few grades, so that groups often agree."""
    places = draw(st.integers(1, 3))
    marks = draw(st.sampled_from(("1", "12", "123*0")))
    return {
        group: draw(
            st.lists(st.text(marks, min_size=places, max_size=places), min_size=0, max_size=12)
        )
        for group in range(draw(st.integers(1, 6)))
    }


def counts(votes: list[str], places: int) -> list[Counter[str]]:
    return [Counter(vote[place] for vote in votes) for place in range(places)]


def hide(groups: Ballots, minimum: int) -> frozenset[int]:
    places = max((len(vote) for votes in groups.values() for vote in votes), default=0)
    return hidden_groups(
        {group: counts(votes, places) for group, votes in groups.items()},
        {group: len(votes) for group, votes in groups.items()},
        minimum,
    )


@given(ballots(), st.integers(1, 8))
def test_no_shown_group_is_small_or_tells_every_vote_of_a_small_one(
    groups: Ballots, minimum: int
) -> None:
    hidden = hide(groups, minimum)
    for group, votes in groups.items():
        if votes and group not in hidden:
            assert len(votes) >= minimum
            if len(votes) < 2 * minimum:
                assert all(len(set(column)) > 1 for column in zip(*votes, strict=True))


@given(ballots(), st.integers(1, 8))
def test_what_subtraction_leaves_is_no_group_and_no_certainty(
    groups: Ballots, minimum: int
) -> None:
    """The attacker takes the shown groups from the totals; what is left are the hidden ones
    together. It must not be one group, nor few ballots, nor all of one mind, unless nothing at
    all is shown (then there is nothing to subtract)."""
    hidden = hide(groups, minimum)
    voting = {group for group, votes in groups.items() if votes}
    assert hidden <= voting
    if not hidden or hidden == voting:
        return
    left = [vote for group in hidden for vote in groups[group]]
    assert len(hidden) >= 2
    assert len(left) >= minimum
    assert all(len(set(column)) > 1 for column in zip(*left, strict=True))


@given(ballots(), st.integers(1, 8))
def test_an_attacker_inside_cannot_find_the_only_other_group(groups: Ballots, minimum: int) -> None:
    """Who knows one hidden group fully (its members talked) still has no other group alone
    unless there are just two: then at least k ballots keep it company. Documented, not hidden."""
    hidden = hide(groups, minimum)
    assert len(hidden) != 1 or {g for g, votes in groups.items() if votes} == hidden


def test_large_mixed_groups_are_all_shown() -> None:
    mixed = ["12", "21", "33", "12", "21", "11"]
    assert hide({1: mixed, 2: mixed * 2, 3: mixed * 3}, 5) == frozenset()


def test_the_limits_themselves_are_enough() -> None:
    mixed = ["12", "21", "33", "12", "21"]
    assert hide({1: mixed, 2: mixed * 2}, 5) == frozenset()
    assert hide({1: ["11"] * 10, 2: mixed * 2, 3: mixed * 3}, 5) == frozenset()
    assert hide({1: mixed[:2], 2: mixed[2:], 3: mixed * 2}, 5) == {1, 2}


def test_the_smallest_other_group_keeps_a_small_one_company() -> None:
    mixed = ["12", "21", "33", "12", "21", "11"]
    assert hide({1: mixed[:3], 2: mixed * 2, 3: mixed}, 5) == {1, 3}


def test_a_single_small_group_shows_nothing() -> None:
    assert hide({1: ["1", "2"], 2: []}, 5) == {1}


def test_a_minimum_of_one_shows_all_but_the_unanimous() -> None:
    assert hide({1: ["1", "2"], 2: ["2", "1"]}, 1) == frozenset()
    assert hide({1: ["1"], 2: ["2", "1"]}, 1) == {1, 2}


def test_what_may_be_shown_is_frozen_when_the_round_opens(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    """Neither a later ceping.toml nor a change of the plan shows a group that was hidden."""
    info = small_round(settings, rules=RoundRules(sheet=SheetLines.OVERALL, minimum_group=5))
    for group, marks in {"班子成员": "12", "中层干部": "121212", "一般干部职工": "1231231"}.items():
        entry = entry_of(info, Level.TEAM, group)
        for mark in marks:
            entry.commit(mark)
    before = disclosed(only_poll(info), info)[Level.TEAM]
    assert [group.name for group in before] == ["一般干部职工"]

    shipped = shipped_file().read_text(encoding="utf-8")
    text, count = re.subn(r"(?m)^minimum_group = \d+", "minimum_group = 1", shipped)
    assert count == 1
    lax = load_settings(write(tmp_path, "ceping.toml", text))
    assert lax.rules.minimum_group == 1, "a new round would show everybody"
    weights = tuple((name, 50) for name, _ in info.plan.groups)
    for plan in (
        replace(info.plan, rules=replace(info.rules, minimum_group=1)),
        replace(info.plan, rules=replace(info.rules, decimals=1)),
        replace(info.plan, rules=replace(info.rules, weighted=True), groups=weights),
        replace(info.plan, groups=info.plan.groups[:2]),
    ):
        with pytest.raises(RefusedError, match="规则不能再改"):
            life.change(info.id, plan)
    after = life.find_by_id(info.id)
    assert after.plan == info.plan
    assert disclosed(only_poll(after), after)[Level.TEAM] == before
    life.close_round(info.id)
    with pytest.raises(RefusedError, match="规则不能再改"):
        life.change(info.id, replace(info.plan, rules=lax.rules))
