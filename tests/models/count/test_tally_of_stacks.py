"""What a level discloses, asked of stacks and counts as the database gives them: paper that came
back in several stacks, every denominator, and a trust rule with a denominator of its own."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from models.count import disclosure, published, shares, tally
from models.count.counts import place_counts
from models.count.disclosure import WeightedSheet
from models.count.tally import LevelTally, PlaceTally, SubjectTally, TrustFinding
from models.database.store import Store
from models.regulation.levels import GradeScale, Level, LevelContent
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
)
from models.rounds.balance import Balance
from models.rounds.layout import OVERALL, SheetLayout, SubjectName
from models.rounds.plan import Group, RoundInfo, RoundPlan, RoundState
from models.rounds.stacks import Stack
from models.settings.office import Settings
from tests.models.count.test_tally import keyed
from tests.offices import only_poll, small_round

GROUPS = tuple(Group(n, f"第{n}类", weight) for n, weight in ((1, 20), (2, 30), (3, 50)))
GRADES = ("1", "2", "3")
SHEET = 7
PRESENT = 40


def info(denominator: Denominator, minimum: int) -> RoundInfo:
    rules = RoundRules(denominator=denominator, minimum_group=minimum, weighted=True)
    return RoundInfo(1, RoundPlan("某轮次", 2026, rules=rules), RoundState.OPEN, GROUPS)


def stack(number: int, group: Group, valid: int, void: int = 0, more: int = 0) -> Stack:
    """A stack with so many ballots; `more` of its paper is not keyed."""
    back = valid + void + more
    return Stack(
        number, 1, SHEET, Level.TEAM, group, "", number, back, back, valid, void, False, True
    )


def drawn(seed: int) -> tuple[list[Stack], dict[tuple[int, int], dict[int, Counter[str]]]]:
    """Paper of three groups in one to three stacks each, and the counts of two places."""
    draw = random.Random(seed)  # noqa: S311 - votes of a test, not secrets
    paper: list[Stack] = []
    counts: dict[tuple[int, int], dict[int, Counter[str]]] = {}
    for group in GROUPS:
        sizes = [draw.randint(1, 4) for _ in range(draw.randint(1, 3))]
        for number, size in enumerate(sizes, 1):
            extra = draw.randint(0, 3), draw.randint(0, 3)
            paper.append(stack(number, group, size, *extra))
        counts[SHEET, group.id] = {
            place: Counter(draw.choices("1230*", [6, 4, 1, 1, 1], k=sum(sizes)))
            for place in range(2)
        }
    return paper, counts


def groups_and_sizes(
    paper: list[Stack], counts: dict[tuple[int, int], dict[int, Counter[str]]]
) -> tuple[dict[int, list[Counter[str]]], dict[int, int]]:
    places = {group.id: list(counts[SHEET, group.id].values()) for group in GROUPS}
    return places, {group.id: sum(places[group.id][0].values()) for group in GROUPS}


# Who was present belongs to no group, so a weighted round has no such denominator.
@pytest.mark.parametrize("denominator", [d for d in Denominator if d is not Denominator.PRESENT])
def test_stacks_of_a_group_are_taken_together(denominator: Denominator) -> None:
    """Against the pure rules of disclosure, asked with sums made here."""
    seen = Counter[tuple[bool, bool]]()
    for seed in range(400):
        paper, counts = drawn(seed)
        places, sizes = groups_and_sizes(paper, counts)
        for minimum in (2, 4, 6):
            of = info(denominator, minimum)
            hidden = disclosure.hidden_groups(places, sizes, minimum)
            assert published._hidden(paper, counts, of) == hidden
            back = {
                group.id: sum(each.returned for each in paper if each.group == group)
                for group in GROUPS
            }
            bases = {
                group: [
                    {
                        Denominator.MARKS: sum(cell[grade] for grade in GRADES),
                        Denominator.VALID: sizes[group],
                        Denominator.RETURNED: back[group],
                        Denominator.PRESENT: PRESENT,
                    }[denominator]
                    for cell in cells
                ]
                for group, cells in places.items()
            }
            weights = {group.id: group.weight for group in GROUPS}
            by_marks = denominator is Denominator.MARKS
            sheet = WeightedSheet(places, sizes, weights, bases, GRADES, 2, by_marks)
            expected = bool(hidden) and disclosure.weighted_shares_tell(sheet, hidden)
            assert published.withheld(paper, counts, of, GRADES, PRESENT) == expected
            seen[bool(hidden), expected] += 1
    assert seen[True, True]
    assert seen[True, False]


def test_places_that_a_group_has_no_mark_at_are_empty_places() -> None:
    kept = {(SHEET, 1): {1: Counter("12")}, (SHEET, 3): {0: Counter("3")}}
    found = place_counts(SHEET, kept, info(Denominator.MARKS, 5))
    assert found == {
        1: [Counter(), Counter("12")],
        2: [Counter(), Counter()],
        3: [Counter("3"), Counter()],
    }
    assert place_counts(SHEET, {}, info(Denominator.MARKS, 5)) == {1: [], 2: [], 3: []}


@pytest.mark.parametrize(
    ("base", "expected"),
    [(None, 10), (Denominator.VALID, 12), (Denominator.RETURNED, 15), (Denominator.PRESENT, 40)],
)
def test_a_trust_rule_may_have_a_denominator_of_its_own(
    base: Denominator | None, expected: int
) -> None:
    scale = GradeScale(("优秀", "合格", "不合格"), ("优", "合", "不"))
    content = LevelContent(Level.TEAM, "领导班子", "票", scale, (), "")
    place, paper = PlaceTally(OVERALL, (6, 3, 1), 1, 1, 10), Balance(20, 15, 12, 3)
    subject = SubjectTally(SubjectName(1, "甲", ""), paper, (place,))
    level = LevelTally(Level.TEAM, content, (paper,), (subject,))
    rule = TrustRule(("优秀", "合格"), Comparator.AT_LEAST, 2, 3, base)
    rules = RoundRules(trust={Level.TEAM: rule})
    met = shares.meets(rule, 9, expected)
    assert tally.trust_finding(level, subject, rules, present=PRESENT) == TrustFinding(
        rule, 9, expected, met
    )
    assert tally.trust_finding(level, subject, RoundRules(), present=PRESENT) is None


def test_one_level_asked_for_is_one_level_given(store: Store, settings: Settings) -> None:
    of = small_round(settings)
    poll = only_poll(of)
    keyed(of, Level.TEAM, {"班子成员": ["1" * 8] * 6})
    keyed(of, Level.DISCIPLINE, {"班子成员": ["2" * 5] * 6})
    group = of.groups[0]
    whole, of_group = tally.tally(poll, of), tally.tally_of_group(poll, of, group)
    shown = published.disclosed(poll, of)
    for level in (Level.TEAM, Level.DISCIPLINE):
        assert tally.tally(poll, of, level) == {level: whole[level]}
        assert tally.tally_of_group(poll, of, group, level) == {level: of_group[level]}
        assert published.disclosed(poll, of, level) == {level: shown[level]}


def test_a_group_alone_has_no_share_of_all_who_were_present(
    store: Store, settings: Settings
) -> None:
    of = small_round(settings, rules=RoundRules(denominator=Denominator.PRESENT))
    keyed(of, Level.TEAM, {"班子成员": ["1" * 8] * 6})
    poll = only_poll(of)
    (whole,) = tally.tally(poll, of, Level.TEAM)[Level.TEAM].subjects
    (alone,) = tally.tally_of_group(poll, of, of.groups[0], Level.TEAM)[Level.TEAM].subjects
    assert whole.headline.shares[0] == Fraction(6, poll.present)
    assert alone.headline.shares == (None,) * 3
    assert not tally.tally(poll, of, Level.TEAM)[Level.TEAM].no_present
    assert tally.tally_of_group(poll, of, of.groups[0], Level.TEAM)[Level.TEAM].no_present


def test_where_nothing_came_back_nobody_falls_short(store: Store, settings: Settings) -> None:
    """Of 40 people present no vote is 0 of 40; but nobody was asked."""
    rule = TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3)
    rules = RoundRules(denominator=Denominator.PRESENT, trust={Level.CHIEF: rule})
    of = small_round(settings, rules=rules, returned=0)
    poll = replace(only_poll(of), present=PRESENT)
    level = tally.tally(poll, of, Level.CHIEF)[Level.CHIEF]
    assert level.subjects[0].headline.shares == (None,) * 4
    assert not level.no_present, "who was present is known"
    found = tally.trust_finding(level, level.subjects[0], rules, present=PRESENT)
    assert found == TrustFinding(rule, 0, 0, None, Denominator.RETURNED)


@pytest.mark.parametrize("base", list(Denominator))
def test_what_there_is_none_of_is_named(base: Denominator) -> None:
    """Ten ballots, all of them blank, and nobody registered who was present."""
    rule = TrustRule(("优秀",), Comparator.AT_LEAST, 2, 3, base)
    scale = GradeScale(("优秀", "合格"), ("优", "合"))
    place, paper = PlaceTally(OVERALL, (0, 0), 10, 0, 0), Balance(10, 10, 10, 0)
    subject = SubjectTally(SubjectName(1, "甲", ""), paper, (place,))
    content = LevelContent(Level.TEAM, "领导班子", "票", scale, (), "")
    level = LevelTally(Level.TEAM, content, (paper,), (subject,))
    found = tally.trust_finding(level, subject, RoundRules(trust={Level.TEAM: rule}), present=0)
    assert found is not None
    lacking = base if base in (Denominator.MARKS, Denominator.PRESENT) else None
    assert found.lacking is lacking
    assert (found.met is None) == (lacking is not None)


def test_the_paper_of_a_level_is_that_of_all_its_sheets_void_ballots_too(
    store: Store, settings: Settings
) -> None:
    rules = RoundRules(sheet=SheetLines.OVERALL, member_sheet=MemberSheet.PERSON)
    of = small_round(settings, rules=rules)
    keyed(of, Level.MEMBER, {"班子成员": ["1", "/1", "/1", "/1"]}, "李一")
    keyed(of, Level.MEMBER, {"班子成员": ["1", "2"]}, "李二")
    found = tally.tally(only_poll(of), of)[Level.MEMBER]
    assert [(paper.valid, paper.void) for paper in found.papers] == [(1, 3), (2, 0)]
    assert (found.paper.valid, found.paper.void) == (3, 3)


@pytest.mark.parametrize("denominator", [d for d in Denominator if d is not Denominator.PRESENT])
def test_weighted_shares_are_of_all_stacks_of_a_group(denominator: Denominator) -> None:
    scale = GradeScale(("优秀", "合格", "不合格"), ("优", "合", "不"))
    sheet = SheetLayout(Level.TEAM, "票", scale, (), True, (SubjectName(1, "甲", ""),))
    for seed in range(50):
        paper, counts = drawn(seed)
        cells = {group.id: counts[SHEET, group.id] for group in GROUPS}
        rules = info(denominator, 2).rules
        (subject,) = tally._Sheet(sheet, paper, cells, rules, 0, False).subjects()
        (place,) = subject.places
        parts = {
            grade: [
                (
                    group.weight,
                    counts[SHEET, group.id][0][grade],
                    {
                        Denominator.MARKS: sum(counts[SHEET, group.id][0][each] for each in GRADES),
                        Denominator.VALID: sum(each.valid for each in paper if each.group == group),
                        Denominator.RETURNED: sum(
                            each.returned for each in paper if each.group == group
                        ),
                    }[denominator],
                )
                for group in GROUPS
            ]
            for grade in GRADES
        }
        assert place.shares == tuple(shares.weighted_share(parts[grade]) for grade in GRADES)
