"""纸票: counts of paper are recorded whole or not at all, and faults name every stack."""

import pytest

from models.database import journal
from models.database.store import Store
from models.entry import first_entry
from models.refusal import RefusedError, Way
from models.regulation.levels import Level
from models.regulation.rules import MemberSheet, RoundRules
from models.rounds import paper
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.offices import only_poll, small_round, stack_of

GROUP = "中层干部"


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    return small_round(settings)


def numbers(info: RoundInfo) -> dict[int, tuple[int, int]]:
    return {stack.stack_id: (stack.issued, stack.returned) for stack in stacks(only_poll(info).id)}


def test_more_returned_than_issued_is_refused_naming_each_stack(info: RoundInfo) -> None:
    before = numbers(info)
    one, two = stack_of(info, Level.TEAM, GROUP), stack_of(info, Level.MEMBER, "班子成员")
    good = stack_of(info, Level.CHIEF, GROUP)
    with pytest.raises(RefusedError) as refused:
        paper.record_counts(
            only_poll(info).id,
            {one.stack_id: (3, 4), two.stack_id: (0, 1), good.stack_id: (9, 9)},
        )
    lines = str(refused.value).split("\n")
    assert len(lines) == 2
    assert (
        "甲县工商行政管理局 领导班子 中层干部：收回 4 张多于发出 3 张，按规定测评无效" in lines[0]
    )
    assert "班子成员 班子成员：收回 1 张多于发出 0 张" in lines[1]
    assert numbers(info) == before, "nothing of it is recorded"


def test_fewer_returned_than_keyed_is_refused(info: RoundInfo) -> None:
    stack = stack_of(info, Level.TEAM, GROUP)
    entry = first_entry.enter(stack.stack_id)
    for _ in range(3):
        entry.commit("1" * 8)
    with pytest.raises(RefusedError, match="收回 2 张少于已录入的 3 张"):
        paper.record_counts(only_poll(info).id, {stack.stack_id: (10, 2)})
    paper.record_counts(only_poll(info).id, {stack.stack_id: (3, 3)})
    assert stack_of(info, Level.TEAM, GROUP).balance.complete


def test_several_stacks_share_the_paper_that_was_handed_out(info: RoundInfo) -> None:
    poll = only_poll(info)
    first = stack_of(info, Level.TEAM, GROUP)
    second = paper.add_stack(first.stack_id)
    paper.record_counts(poll.id, {first.stack_id: (10, 6), second: (0, 4)})
    with pytest.raises(RefusedError, match="收回 11 张多于发出 10 张"):
        paper.record_counts(poll.id, {first.stack_id: (10, 6), second: (0, 5)})
    mine = [s for s in stacks(poll.id) if (s.level, s.group.name) == (Level.TEAM, GROUP)]
    assert [(s.number, s.issued, s.returned, s.last) for s in mine] == [
        (1, 10, 6, False),
        (2, 10, 4, True),
    ]
    total = mine[0].balance + mine[1].balance
    assert (total.issued, total.returned, total.unreturned) == (10, 10, 0)


def test_only_an_empty_further_stack_can_be_removed(info: RoundInfo) -> None:
    first = stack_of(info, Level.TEAM, GROUP)
    second = paper.add_stack(first.stack_id)
    with pytest.raises(RefusedError, match="每类至少保留一批"):
        paper.remove_stack(first.stack_id)
    paper.record_counts(only_poll(info).id, {first.stack_id: (10, 6), second: (0, 4)})
    first_entry.enter(second).commit("1" * 8)
    with pytest.raises(RefusedError, match="已有录入的票"):
        paper.remove_stack(second)
    first_entry.enter(second).remove(1, "重复录入或多录")
    paper.remove_stack(second)
    assert second not in numbers(info)


def test_recording_is_in_the_journal_only_where_something_changed(info: RoundInfo) -> None:
    stack = stack_of(info, Level.TEAM, GROUP)
    before = len(journal.entries())
    paper.record_counts(only_poll(info).id, {stack.stack_id: (10, 10)})
    assert len(journal.entries()) == before
    paper.record_counts(only_poll(info).id, {stack.stack_id: (12, 11)})
    acts = [(each.act, each.detail) for each in journal.entries()[:2]]
    assert acts == [("登记收回票数", "11 张"), ("登记发出票数", "12 张")]


def test_a_stack_is_chosen_by_level_and_group(info: RoundInfo) -> None:
    poll = only_poll(info)
    chosen = paper.choose_stack(poll, "班子成员", GROUP, None, None)
    assert chosen.stack_id == stack_of(info, Level.MEMBER, GROUP).stack_id
    with pytest.raises(RefusedError, match=r"没有测评层级“副职”.*领导班子、正职"):
        paper.choose_stack(poll, "副职", GROUP, None, None)
    with pytest.raises(RefusedError, match=r"没有这一类测评人员“群众”.*班子成员、中层干部"):
        paper.choose_stack(poll, "正职", "群众", None, None)
    with pytest.raises(RefusedError, match="没有第 2 批"):
        paper.choose_stack(poll, "正职", GROUP, None, 2)


def test_without_a_number_the_first_stack_with_ballots_to_key(info: RoundInfo) -> None:
    poll = only_poll(info)
    first = stack_of(info, Level.CHIEF, GROUP)
    second = paper.add_stack(first.stack_id)
    paper.record_counts(poll.id, {first.stack_id: (2, 1), second: (0, 1)})
    assert paper.choose_stack(poll, "正职", GROUP, None, None).stack_id == first.stack_id
    first_entry.enter(first.stack_id).commit("1" * 6)
    assert paper.choose_stack(poll, "正职", GROUP, None, None).stack_id == second


def test_one_person_sheets_need_the_persons_name(store: Store, settings: Settings) -> None:
    info = small_round(settings, rules=RoundRules(member_sheet=MemberSheet.PERSON))
    poll = only_poll(info)
    with pytest.raises(RefusedError, match="一人一票：李一、李二") as refused:
        paper.choose_stack(poll, "班子成员", GROUP, None, None)
    assert refused.value.way is Way.NAME_SUBJECT
    assert paper.choose_stack(poll, "班子成员", GROUP, "李二", None).subject == "李二"
