"""While paper is keyed others see the counts in steps: no two looks are a few ballots apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.count.tally import LevelTally, exact_tally, tally
from models.database.store import Store
from models.entry.first_entry import FirstEntry
from models.recount import examination
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, SheetLines, VerificationRule
from models.rounds import paper, shown_counts
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.seal import correction, sealing
from models.settings.office import Settings
from tests.offices import entry_of, only_poll, small_round, stack_of
from tests.sealing import TELLERS, TWO

RULES = RoundRules(
    sheet=SheetLines.OVERALL, minimum_group=5, verification=VerificationRule(every=0)
)


def seen(info: RoundInfo) -> LevelTally:
    """What others see of the team's sheet."""
    return tally(only_poll(info), info)[Level.TEAM]


def keyed(entry: FirstEntry, marks: str) -> None:
    for mark in marks:
        entry.commit(mark)


def looks(info: RoundInfo, entry: FirstEntry, marks: str) -> Iterator[int]:
    """The numbers of ballots that somebody sees who looks after every ballot."""
    for mark in marks:
        entry.commit(mark)
        yield seen(info).paper.entered


def test_others_see_steps_and_the_keyer_every_ballot(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",), RULES, returned=23)
    entry = entry_of(info, Level.TEAM, "中层干部")
    assert seen(info).paper.entered == 0
    found = list(looks(info, entry, "12312" * 4 + "333"))
    assert sorted(set(found)) == [0, 5, 10, 15, 23]
    assert found == sorted(found)
    assert exact_tally(only_poll(info), info)[Level.TEAM].subjects == seen(info).subjects


def test_progress_follows_in_the_same_steps(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",), RULES, returned=23)
    poll, entry = only_poll(info), entry_of(info, Level.TEAM, "中层干部")
    papers = len({stack.sheet_id for stack in stacks(poll.id)})
    found = []
    for mark in "12312" * 4 + "333":
        entry.commit(mark)
        found.append(shown_counts.progress(info.id)[poll.id])
    assert found == sorted(found)
    assert set(found) == {(shown, 23 * papers) for shown in (0, 5, 10, 15, 23)}
    whole(info)
    sealing.seal(poll.id, TELLERS, store)
    assert shown_counts.progress(info.id) == {poll.id: (23 * papers, 23 * papers)}


def test_a_sheet_of_few_shows_nothing_before_it_is_whole(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",), RULES, returned=4)
    assert list(looks(info, entry_of(info, Level.TEAM, "中层干部"), "1231")) == [0, 0, 0, 4]


def test_void_ballots_make_no_step(store: Store, settings: Settings) -> None:
    """Nine void ballots and a valid one would show that one."""
    info = small_round(settings, ("中层干部",), RULES, returned=30)
    entry = entry_of(info, Level.TEAM, "中层干部")
    keyed(entry, "12345"[:3] * 2)
    assert seen(info).paper.entered == 5
    for _ in range(9):
        entry.commit("", 1)
    assert seen(info).paper.entered == 5


def test_nothing_is_whole_before_every_group_is_registered(
    store: Store, settings: Settings
) -> None:
    info = small_round(settings, ("中层干部", "一般干部职工"), RULES, returned=4)
    second = stack_of(info, Level.TEAM, "一般干部职工")
    paper.record_counts(only_poll(info).id, {second.stack_id: (4, None)})
    keyed(entry_of(info, Level.TEAM, "中层干部"), "1231")
    assert seen(info).paper.entered == 0, "these four would be the first group alone"
    paper.record_counts(only_poll(info).id, {second.stack_id: (4, 4)})
    assert seen(info).paper.entered == 0
    keyed(entry_of(info, Level.TEAM, "一般干部职工"), "1231")
    assert seen(info).paper.entered == 8


def test_a_lowered_return_completes_a_sheet(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",), RULES, returned=8)
    keyed(entry_of(info, Level.TEAM, "中层干部"), "1231231")
    assert seen(info).paper.entered == 0
    stack = stack_of(info, Level.TEAM, "中层干部")
    paper.record_counts(only_poll(info).id, {stack.stack_id: (8, 7)})
    assert seen(info).paper.entered == 7


def test_weighted_shares_wait_for_the_seal(store: Store, settings: Settings) -> None:
    info = small_round(settings, {"中层干部": 30, "一般干部职工": 70}, RULES, returned=8)
    keyed(entry_of(info, Level.TEAM, "中层干部"), "11111111")
    keyed(entry_of(info, Level.TEAM, "一般干部职工"), "22222222")
    found = seen(info)
    assert (found.weighted, found.withheld, found.sampled) == (False, True, True)
    assert exact_tally(only_poll(info), info)[Level.TEAM].weighted


def whole(info: RoundInfo) -> None:
    for stack in stacks(only_poll(info).id):
        entry = entry_of(info, stack.level, stack.group.name, stack.subject)
        while not entry.full:
            entry.commit("1" * len(entry.sheet.places))


def test_a_seal_shows_all_and_a_correction_waits_for_the_next(
    store: Store, settings: Settings
) -> None:
    info = small_round(settings, ("中层干部",), RULES, returned=8)
    whole(info)
    poll = only_poll(info)
    sealing.seal(poll.id, TELLERS, store)
    assert not seen(info).sampled
    assert shown_counts.read(poll.id) == {}
    sealing.reopen(poll.id, "发现错录", TWO)
    stack = stack_of(info, Level.TEAM, "中层干部")
    old = sealing.sealed_ballots(stack.stack_id)[0].ballot
    new = old._replace(marks="2")
    correction.correct(stack.stack_id, old, new, new, "录错")
    assert seen(info).subjects[0].places[0].grades == (8, 0, 0)
    assert examination.differences(store.path) == []
    sealing.seal(poll.id, TELLERS, store)
    assert seen(info).subjects[0].places[0].grades == (7, 1, 0)


@pytest.mark.parametrize(
    "change", ["counts = replace(counts, ',8]', ',7]')", "valid = 7", "proof = upper(proof)"]
)
def test_a_changed_copy_is_found(store: Store, settings: Settings, change: str) -> None:
    info = small_round(settings, ("中层干部",), RULES, returned=8)
    whole(info)
    assert examination.differences(store.path) == []
    with closing(sqlite3.connect(store.path)) as file, file:
        file.execute(f"UPDATE shown_counts SET {change}")  # noqa: S608 - a constant
    assert any("给别的终端看的合计" in fault for fault in examination.differences(store.path))


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 12), st.integers(0, 5))
def test_two_copies_are_as_far_apart_as_the_minimum(
    voids: list[bool], minimum: int, more: int
) -> None:
    """Whatever is keyed in whatever order, until the sheet is whole."""
    returned = len(voids) + more
    copies = [0]
    valid = 0
    for entered, void in enumerate(voids, 1):
        valid += not void
        if shown_counts.due(
            valid=valid,
            entered=entered,
            returned=returned,
            copied=copies[-1],
            minimum=minimum,
            registered=True,
        ):
            copies.append(valid)
            if entered < returned:
                assert copies[-1] - copies[-2] >= minimum
                assert returned - entered >= minimum
