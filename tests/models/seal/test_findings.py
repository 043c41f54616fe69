"""问题与提示: what blocks a seal, what asks for a look, and what does neither."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database.store import Store, writing
from models.database.tables import database
from models.entry import second_entry
from models.entry.ballot import AlikeBallots, Ballot
from models.refusal import Way
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    Quorum,
    RoundRules,
    TrustRule,
    VerificationRule,
)
from models.rounds import paper
from models.rounds.balance import BalanceTable
from models.rounds.layout import SheetLayout
from models.rounds.plan import Gathering, Group, RoundInfo, RoundPlan, RoundState
from models.rounds.polls import PollInfo, PollState
from models.rounds.stacks import Stack, stacks
from models.seal.ballot_sense import all_alike, contradictory
from models.seal.facts import PollFacts, SheetFacts, StackFacts, balance_table, read
from models.seal.findings import Finding, judge, quorate
from models.settings.office import Settings
from tests.models.layouts import sheet
from tests.offices import GROUPS, entry_of, only_poll, small_round, stack_of

FORM = sheet(subjects=2, items=2, grades=4)
POLL = PollInfo(
    1, 1, 1, "甲县工商行政管理局", "甲县局", "2026-11-05", "三楼", 40, 40, PollState.ENTRY
)
ROUND = RoundInfo(1, RoundPlan("甲轮", 2026), RoundState.OPEN, ())
NOT_ASKED = second_entry.StackVerification(
    stack_id=1,
    needed=0,
    keyed=0,
    agreed=False,
    compared=0,
    changed=0,
    missing=0,
    extra=0,
    errors=second_entry.Errors(),
    seed="",
    first_keyers=("甲",),
    second_keyers=(),
    third_keyers=(),
)
VARIED = ("111111", "122122", "121121", "222222", "133313", "313131")
ROWS = [AlikeBallots(Ballot(marks, 0), 2) for marks in VARIED]


def stack(
    kinds: list[AlikeBallots], *, returned: int | None = None, issued: int = 20
) -> StackFacts:
    valid = sum(n for ballot, n in kinds if not ballot.void_reason)
    void = sum(n for ballot, n in kinds if ballot.void_reason)
    return StackFacts(
        Stack(
            stack_id=1,
            poll_id=1,
            sheet_id=1,
            level=Level.MEMBER,
            group=Group(1, "中层干部"),
            subject="",
            number=1,
            issued=issued,
            returned=valid + void if returned is None else returned,
            valid=valid,
            void=void,
            drafted=False,
            last=True,
        ),
        "班子成员 中层干部",
        NOT_ASKED,
        tuple(kinds),
    )


def counted(kinds: list[AlikeBallots], form: SheetLayout = FORM) -> tuple[Counter[str], ...]:
    places: tuple[Counter[str], ...] = tuple(Counter() for _ in form.places)
    for ballot, n in kinds:
        if not ballot.void_reason:
            for place, mark in zip(places, ballot.marks, strict=True):
                place[mark] += n
    return places


def facts(kinds: list[AlikeBallots], each: StackFacts | None = None) -> PollFacts:
    each = each or stack(kinds)
    sheets = (SheetFacts("班子成员", FORM, (each,), {1: counted(kinds)}),)
    return PollFacts(POLL, ROUND, {}, sheets)


def planned(of: PollFacts, **changes: object) -> PollFacts:
    plan = replace(of.round.plan, **changes)  # type: ignore[arg-type]
    return replace(of, round=replace(of.round, plan=plan))


def ruled(of: PollFacts, **changes: object) -> PollFacts:
    return planned(of, rules=replace(of.round.rules, **changes))  # type: ignore[arg-type]


def codes(of: PollFacts) -> list[str]:
    return [each.code for each in judge(of)]


def only(of: PollFacts, code: str) -> Finding:
    (found,) = [each for each in judge(of) if each.code == code]
    return found


def with_stack(of: PollFacts, **changes: object) -> PollFacts:
    (form,) = of.sheets
    (each,) = form.stacks
    changed = replace(each, stack=replace(each.stack, **changes))  # type: ignore[arg-type]
    return replace(of, sheets=(replace(form, stacks=(changed,)),))


def verified(of: PollFacts, *, needed: int, **changes: object) -> PollFacts:
    (form,) = of.sheets
    (each,) = form.stacks
    seen = replace(each.verification, needed=needed, **changes)  # type: ignore[arg-type]
    return replace(of, sheets=(replace(form, stacks=(replace(each, verification=seen),)),))


def test_paper_that_balances_has_no_finding() -> None:
    assert judge(facts(ROWS)) == []


def test_more_back_than_handed_out() -> None:
    found = only(with_stack(facts(ROWS), issued=11), "F101")
    assert found.blocking
    assert found.values == {"issued": 11, "returned": 12}


@pytest.mark.parametrize(("returned", "code", "n"), [(14, "F102", 2), (9, "F103", 3)])
def test_short_and_over(returned: int, code: str, n: int) -> None:
    found = only(with_stack(facts(ROWS), returned=returned), code)
    assert found.where == "班子成员 中层干部"
    assert found.values in ({"returned": 14, "missing": n}, {"returned": 9, "over": n})
    assert found.blocking


def test_a_stack_that_nobody_registered_and_one_without_paper() -> None:
    unknown = only(with_stack(facts([]), registered=False), "F104")
    assert (unknown.blocking, unknown.values) == (True, {"issued": 20})
    assert unknown.where == "班子成员 中层干部"
    assert codes(facts([])) == [], "registered zero is a result"


PRESENT_TRUST = {Level.MEMBER: TrustRule(("优秀",), Comparator.AT_LEAST, 2, 3, Denominator.PRESENT)}


@pytest.mark.parametrize("gathering", list(Gathering))
@pytest.mark.parametrize(
    ("rule", "what"),
    [({"denominator": Denominator.PRESENT}, "shares"), ({"trust": PRESENT_TRUST}, "trust")],
)
def test_shares_of_the_people_present_want_their_number(
    gathering: Gathering, rule: dict[str, object], what: str
) -> None:
    of = planned(ruled(facts(ROWS), **rule), gathering=gathering)
    assert codes(replace(of, poll=replace(POLL, present=20))) == []
    unknown = only(replace(of, poll=replace(POLL, present=0)), "F110")
    assert (unknown.blocking, unknown.values) == (True, {"what": what})
    few = only(replace(of, poll=replace(POLL, present=11)), "F111")
    assert (few.blocking, few.where) == (True, "班子成员")
    assert few.values == {"what": what, "present": 11, "returned": 12}
    enough = codes(replace(of, poll=replace(POLL, present=12)))
    assert not [code for code in enough if code.startswith("F")]


def test_the_people_present_are_not_asked_for_where_nothing_is_a_share_of_them() -> None:
    absent = replace(POLL, present=0)
    assert codes(replace(facts(ROWS), poll=absent)) == []
    rule = replace(PRESENT_TRUST[Level.MEMBER], base=None)
    assert codes(replace(ruled(facts(ROWS), trust={Level.MEMBER: rule}), poll=absent)) == []
    none = ruled(facts([]), denominator=Denominator.PRESENT)
    assert codes(replace(none, poll=absent)) == [], "nothing came back: nothing is divided"
    items = SheetFacts(
        "班子成员",
        sheet(subjects=2, items=3, overall=False),
        facts(ROWS).stacks,
        {1: counted(ROWS)},
    )
    of = replace(ruled(facts(ROWS), trust=PRESENT_TRUST), sheets=(items,), poll=absent)
    assert "F110" not in codes(of), "without an overall line nobody is compared"


def test_a_half_keyed_ballot_of_either_entry() -> None:
    assert codes(with_stack(facts(ROWS), drafted=True)) == ["F105"]
    (form,) = facts(ROWS).sheets
    again = replace(form.stacks[0], second_drafted=True)
    found = only(replace(facts(ROWS), sheets=(replace(form, stacks=(again,)),)), "F105")
    assert found.values == {"entry": 2}


def test_second_entry_not_begun_not_done_and_differing() -> None:
    none = only(verified(facts(ROWS), needed=12), "F106")
    assert (none.values, none.way) == ({"keyed": 0, "missing": 12}, Way.SECOND_ENTRY)
    half = verified(facts(ROWS), needed=12, keyed=5, second_keyers=("乙",))
    assert only(half, "F106").values == {"keyed": 5, "missing": 7}
    whole = verified(facts(ROWS), needed=12, keyed=12, second_keyers=("乙",))
    assert codes(whole) == ["F107"]
    assert codes(verified(whole, needed=12, agreed=True)) == []


def test_what_is_not_keyed_once_is_not_asked_to_be_verified() -> None:
    short = with_stack(verified(facts(ROWS), needed=14), returned=14)
    assert codes(short) == ["F102"]


@given(st.integers(0, 300), st.integers(0, 300))
def test_quorum_by_whole_numbers(expected: int, present: int) -> None:
    assert quorate(Quorum.OFF, expected, present)
    both = expected > 0 and present > 0
    assert quorate(Quorum.HALF, expected, present) == (both and 2 * present >= expected)
    assert quorate(Quorum.TWO_THIRDS, expected, present) == (both and 3 * present >= 2 * expected)


def test_two_thirds_is_two_thirds() -> None:
    assert quorate(Quorum.TWO_THIRDS, 60, 40)
    assert not quorate(Quorum.TWO_THIRDS, 61, 40)


def test_too_few_people_and_people_not_recorded() -> None:
    asked = ruled(facts(ROWS), quorum=Quorum.TWO_THIRDS)
    assert codes(asked) == []
    few = replace(asked, poll=replace(POLL, present=26))
    assert only(few, "F108").values == {"quorum": "2/3", "expected": 40, "present": 26}
    unknown = replace(asked, poll=replace(POLL, expected=0, present=0))
    assert only(unknown, "F108").values == {"quorum": "2/3", "expected": 0, "present": 0}


def test_counts_that_are_not_the_valid_ballots() -> None:
    of = facts(ROWS)
    (form,) = of.sheets
    places = list(form.counts[1])
    places[5] = places[5] + Counter({"1": 1})
    found = only(replace(of, sheets=(replace(form, counts={1: tuple(places)}),)), "F109")
    assert found.blocking
    assert found.way is Way.RECOUNT
    assert found.values == {"person": "甲1", "item": 0, "ballots": 13, "places": 1, "valid": 12}


@pytest.mark.parametrize(("blanks", "asked"), [(2, False), (3, True)])
def test_blanks_from_three_in_a_hundred(blanks: int, *, asked: bool) -> None:
    # 16 ballots of 6 marks and one blank each: 96 marks, of which 3 are over 3 %.
    kinds = [
        AlikeBallots(Ballot("111111", 0), 4),
        AlikeBallots(Ballot("222222", 0), 4),
        AlikeBallots(Ballot("121121", 0), 8 - blanks),
        AlikeBallots(Ballot("101111", 0), blanks),
    ]
    of = facts(kinds)
    assert codes(of) == (["W201"] if asked else [])
    if asked:
        values = {"blanks": 3, "marks": 96, "item": 2, "of_item": 3}
        assert only(of, "W201").values == values


@pytest.mark.parametrize(("valid", "asked"), [(97, True), (98, False)])
def test_void_ballots_from_three_in_a_hundred(valid: int, *, asked: bool) -> None:
    kinds = [
        AlikeBallots(Ballot("111111", 0), valid - 1),
        AlikeBallots(Ballot("222222", 0), 1),
        AlikeBallots(Ballot("", 1), 3),
    ]
    of = planned(facts(kinds, stack(kinds, issued=120)), gathering=Gathering.SCATTERED)
    assert codes(of) == (["W202"] if asked else [])


@pytest.mark.parametrize(("n", "asked"), [(4, False), (5, True)])
def test_a_stack_of_one_hand(n: int, *, asked: bool) -> None:
    kinds = [AlikeBallots(Ballot("121121", 0), n), AlikeBallots(Ballot("", 1), 1)]
    assert ("W203" in codes(facts(kinds))) is asked
    assert all_alike(kinds) == (n if asked else 0)
    assert all_alike([*kinds, AlikeBallots(Ballot("121122", 0), 1)]) == 0


def test_an_overall_grade_that_its_items_contradict() -> None:
    kinds = [
        AlikeBallots(Ballot("112111", 0), 3),
        AlikeBallots(Ballot("112*0*", 0), 2),
        AlikeBallots(Ballot("001002", 0), 9),
        AlikeBallots(Ballot("231122", 0), 1),
        AlikeBallots(Ballot("", 2), 1),
    ]
    # 112 is worse than both items and 231 better; 001 has nothing to contradict.
    assert contradictory(FORM, kinds) == 3 + 2 + 1
    assert contradictory(sheet(overall=False, items=3), kinds) == 0
    of = facts(kinds)
    assert only(of, "W204").values == {"ballots": 6}
    assert not only(of, "W204").blocking


def test_a_sample_that_found_errors_asks_for_the_whole_stack() -> None:
    found = second_entry.Errors(first_wrong=2)
    errors = verified(facts(ROWS), needed=4, keyed=4, agreed=True, errors=found)
    assert "W205" not in codes(errors)
    sampled = ruled(errors, verification=VerificationRule(every=3))
    assert only(sampled, "W205").values == {"wrong": 2}


def test_one_person_for_both_entries() -> None:
    alone = verified(facts(ROWS), needed=12, keyed=12, agreed=True, second_keyers=("甲",))
    assert codes(alone) == ["W206"]


@pytest.mark.parametrize(("n", "asked"), [(9, True), (10, False)])
def test_few_ballots(n: int, *, asked: bool) -> None:
    kinds = [AlikeBallots(Ballot("111111", 0), n - 1), AlikeBallots(Ballot("222222", 0), 1)]
    assert codes(facts(kinds)) == (["W207"] if asked else [])


def test_more_paper_than_people_where_they_gathered() -> None:
    of = replace(facts(ROWS), poll=replace(POLL, present=19))
    assert codes(of) == ["W208"]
    assert codes(planned(of, gathering=Gathering.SCATTERED)) == []


def test_what_blocks_comes_first() -> None:
    kinds = [AlikeBallots(Ballot("113111", 0), 5)]
    found = judge(with_stack(facts(kinds), returned=6))
    assert [each.code for each in found] == ["F102", "W204", "W203"]


def test_findings_of_a_poll_in_the_database(store: Store, settings: Settings) -> None:
    info = small_round(
        settings,
        rules=RoundRules(verification=VerificationRule(every=0), quorum=Quorum.HALF),
        returned=10,
    )
    poll = only_poll(info)
    assert {each.code for each in judge(read(poll.id))} == {"F102"}
    for level in Level:
        for group in GROUPS:
            entry = entry_of(info, level, group)
            size = len(entry.sheet.places)
            for n in range(10):
                entry.commit(str(1 + n % 2) * size)
    assert judge(read(poll.id)) == []
    with writing():
        database.execute_sql("UPDATE count SET n = n + 1 WHERE place = 0 AND mark = '1'")
    assert {each.code for each in judge(read(poll.id))} == {"F109"}


def test_the_balance_of_a_poll_in_the_database(store: Store, settings: Settings) -> None:
    info = small_round(
        settings, rules=RoundRules(verification=VerificationRule(every=0)), returned=3
    )
    poll = only_poll(info)
    first = stack_of(info, Level.TEAM, GROUPS[0])
    second = paper.add_stack(first.stack_id)
    paper.record_counts(poll.id, {first.stack_id: (6, 3), second: (6, 3)})
    entry = entry_of(info, Level.TEAM, GROUPS[0])
    for n in range(3):
        entry.commit("1" * len(entry.sheet.places) if n else "", void_reason=0 if n else 2)
    table: BalanceTable = balance_table(read(poll.id))
    row = table.rows[0]
    assert (row.balance.issued, row.balance.returned, row.balance.entered) == (6, 6, 3)
    assert row.void == ((2, 1),)
    assert row.difference == "第 2 批差 3 张"
    assert table.void == {2: 1}
    assert table.total.missing == sum(each.balance.missing for each in stacks(poll.id))
    assert not table.balanced
