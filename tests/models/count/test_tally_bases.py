"""Tallies asked for in other ways: one level, some groups, every denominator, and a trust rule with
a denominator of its own."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.count import shares, tally
from models.count.tally import LevelTally, PlaceTally, SubjectTally, TrustFinding
from models.database.store import Store
from models.regulation.levels import GradeScale, Level, LevelContent
from models.regulation.rules import (
    Comparator,
    Denominator,
    RoundRules,
    TrustRule,
)
from models.rounds.balance import Balance
from models.rounds.layout import OVERALL, SubjectName
from models.settings.office import Settings
from tests.models.count.test_tally import keyed
from tests.offices import only_poll, small_round

PRESENT = 40


@pytest.mark.parametrize(
    ("base", "expected"),
    [(None, 10), (Denominator.VALID, 12), (Denominator.RETURNED, 15), (Denominator.PRESENT, 40)],
)
def test_a_trust_rule_may_have_a_denominator_of_its_own(
    base: Denominator | None, expected: int
) -> None:
    scale = GradeScale(("优秀", "合格", "不合格"), ("优", "合", "不"))
    content = LevelContent(Level.TEAM, "领导班子", "票", scale, (), "")
    place = PlaceTally(OVERALL, (6, 3, 1), 1, 1, 10)
    paper = Balance(20, 15, 12, 3)
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
    group = [of.groups[0].id]
    whole, of_group = tally.exact_tally(poll, of), tally.tally_of_groups(poll, of, group)
    for level in (Level.TEAM, Level.DISCIPLINE):
        assert tally.exact_tally(poll, of, level) == {level: whole[level]}
        assert tally.tally_of_groups(poll, of, group, level) == {level: of_group[level]}


def test_a_group_alone_has_no_share_of_all_who_were_present(
    store: Store, settings: Settings
) -> None:
    of = small_round(settings, rules=RoundRules(denominator=Denominator.PRESENT))
    keyed(of, Level.TEAM, {"班子成员": ["1" * 8] * 6})
    poll = only_poll(of)
    (whole,) = tally.exact_tally(poll, of, Level.TEAM)[Level.TEAM].subjects
    alone_tally = tally.tally_of_groups(poll, of, [of.groups[0].id], Level.TEAM)
    (alone,) = alone_tally[Level.TEAM].subjects
    assert whole.headline.shares[0] == Fraction(6, poll.present)
    assert alone.headline.shares == (None,) * 3
