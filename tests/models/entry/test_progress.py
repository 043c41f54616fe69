"""下一步: what a poll needs next, from the first count of paper to the seal."""

from __future__ import annotations

import pytest

from models.database.store import writing
from models.database.tables import Poll
from models.entry import progress, second_entry
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import paper, polls
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollState
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.offices import entry_of, only_poll, small_round, stack_of

pytestmark = pytest.mark.usefixtures("store")
GROUP = "中层干部"


def one_stack(settings: Settings, verification: str, returned: int = 4) -> RoundInfo:
    """A round in which one voter group's paper came back, all keyed but the team's sheet."""
    info = small_round(
        settings,
        (GROUP,),
        RoundRules(verification=VerificationRule.parse(verification)),
        returned=returned,
    )
    with writing():
        for level in list(Level)[1:]:
            key(info, level, returned)
    return info


def key(info: RoundInfo, level: Level, n: int) -> None:
    entry = entry_of(info, level, GROUP)
    for _ in range(n):
        entry.commit("1" * len(entry.sheet.places))


def next_step(info: RoundInfo) -> str:
    (each,) = progress.progress(info.id)
    return progress.next_step(each, paper.level_names(info.id))


def gauge(info: RoundInfo) -> tuple[int, int]:
    (each,) = progress.progress(info.id)
    return each.verified, each.to_verify


def key_again(info: RoundInfo, level: Level, n: int, mark: str = "1") -> None:
    again = second_entry.verify(stack_of(info, level, GROUP).stack_id)
    for _ in range(n):
        again.commit(mark * again.size)


def test_without_second_entry_keying_leads_to_the_seal(settings: Settings) -> None:
    info = one_stack(settings, "none")
    assert next_step(info) == f"录票：领导班子 {GROUP}"
    key(info, Level.TEAM, 4)
    assert next_step(info) == "封存"
    assert gauge(info) == (0, 0)


def test_a_poll_without_paper_counts_it_first(settings: Settings) -> None:
    info = small_round(settings, (GROUP,), returned=0)
    assert next_step(info) == "封存", "zero is a number"
    counts = {stack.stack_id: (None, None) for stack in stacks(only_poll(info).id)}
    paper.record_counts(only_poll(info).id, counts)
    assert next_step(info) == "登记票数"


def test_what_is_not_registered_comes_before_the_seal(settings: Settings) -> None:
    info = one_stack(settings, "none")
    key(info, Level.TEAM, 4)
    paper.add_stack(stack_of(info, Level.TEAM, GROUP).stack_id)
    assert next_step(info) == "登记票数"


def test_second_entry_comes_between(settings: Settings) -> None:
    info = one_stack(settings, "full")
    assert gauge(info) == (0, 20)
    key(info, Level.TEAM, 4)
    assert next_step(info) == f"复核：领导班子 {GROUP}"
    key_again(info, Level.TEAM, 3)
    assert next_step(info) == f"复核：领导班子 {GROUP}"
    assert gauge(info) == (3, 20)
    key_again(info, Level.TEAM, 1)
    assert next_step(info) == f"复核：正职 {GROUP}"
    for level in list(Level)[1:]:
        key_again(info, level, 4)
    assert next_step(info) == "封存"
    assert gauge(info) == (20, 20)


def test_entries_that_differ_are_settled_first(settings: Settings) -> None:
    info = one_stack(settings, "full")
    key(info, Level.TEAM, 4)
    key_again(info, Level.TEAM, 4, "2")
    assert next_step(info) == f"核对：领导班子 {GROUP}"


def test_a_sample_asks_for_its_share(settings: Settings) -> None:
    info = one_stack(settings, "1/3")
    assert gauge(info) == (0, 5 * 2)


def test_sealed_and_reopened(settings: Settings) -> None:
    info = one_stack(settings, "none")
    key(info, Level.TEAM, 4)
    for state, words in ((PollState.SEALED, "已封存"), (PollState.REOPENED, "重新封存")):
        with writing():
            Poll.update(state=state).where(Poll.id == only_poll(info).id).execute()
        assert next_step(info) == words
    assert [each.state for each in polls.polls(info.id)] == [PollState.REOPENED]
