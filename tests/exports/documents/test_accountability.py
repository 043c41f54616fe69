"""The form that asks people to look at missed trust rules: facts, and nothing decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exports.documents import accountability
from exports.parts.results import PersonResult, PollResults
from exports.parts.wording import UNOFFICIAL
from models.regulation.levels import Level
from models.regulation.rules import Comparator, Denominator, TrustRule
from models.rounds.polls import PollState
from models.settings.office import Settings
from tests.exports.gathered import gathered, with_office, with_trust
from tests.exports.reading import grids, text

Audit = Callable[[bytes], list[str]]
UNIT = "白银市工商行政管理局"
# 汤伟国, the chief: 55 of 60; 黄丽, a member: 49 of 58.
HIGH = TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 19, 20)
EXACT = TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 11, 12)
MORE = TrustRule(("优秀", "称职"), Comparator.MORE_THAN, 11, 12)
GOOD = TrustRule(("好",), Comparator.AT_LEAST, 9, 10, Denominator.MARKS)


@pytest.fixture(scope="module")
def poll(
    keyed_office: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> PollResults:
    found = gathered(keyed_office, tmp_path_factory.mktemp("accountability"), settings)
    return next(each for each in found if each.poll.unit_name == UNIT)


def person(poll: PollResults, name: str) -> PersonResult:
    return next(each for each in poll.persons() if each.subject.name == name)


def form(poll: PollResults, name: str = "汤伟国") -> bytes:
    return accountability.document(poll, person(poll, name))


def test_due_only_where_a_rule_is_set_and_was_missed(poll: PollResults) -> None:
    chief = person(poll, "汤伟国")
    assert not accountability.due(with_trust(poll, {}), chief)
    assert not accountability.due(with_trust(poll, {Level.MEMBER: HIGH}), chief)
    assert accountability.due(with_trust(poll, {Level.CHIEF: HIGH}), chief)
    # 55 of 60 is 11/12 exactly: it reaches the fraction and does not pass it.
    assert not accountability.due(with_trust(poll, {Level.CHIEF: EXACT}), chief)
    assert accountability.due(with_trust(poll, {Level.CHIEF: MORE}), chief)
    # A rule for what everybody is evaluated at holds for the chief as well.
    assert accountability.due(with_trust(poll, {Level.INTEGRITY: GOOD}), chief)


def test_no_form_where_nothing_is_due(poll: PollResults) -> None:
    with pytest.raises(ValueError, match="no trust rule"):
        form(with_trust(poll, {}))


def test_nobody_voted_is_not_missed(poll: PollResults) -> None:
    """A rule cannot be missed by nobody's votes."""
    level = poll.levels[Level.CHIEF]
    (chief,) = level.subjects
    places = tuple(
        replace(place, grades=(0, 0, 0, 0), blank=0, overvote=0, base=0) for place in chief.places
    )
    nobody = replace(
        level,
        subjects=(replace(chief, paper=replace(chief.paper, valid=0, void=60), places=places),),
    )
    empty = replace(poll, levels={**poll.levels, Level.CHIEF: nobody})
    ruled = with_trust(empty, {Level.CHIEF: HIGH})
    assert not accountability.due(ruled, person(ruled, "汤伟国"))


def test_facts_are_those_expected(poll: PollResults, expected: dict[str, Any]) -> None:
    words = text(form(with_trust(poll, {Level.CHIEF: HIGH})))
    level = expected[UNIT]["正职"]
    place = level["subjects"][0]["places"][-1]
    votes = "、".join(f"{grade}{n}票" for grade, n in place["grades"].items())
    assert f"{votes}；弃权{place['blank']}票，多选{place['overvote']}票" in words
    assert f"收回60张，有效{level['valid']}张，无效{level['void']}张" in words
    assert "优秀、称职票合计达到有效票数的19/20" in words
    assert "55票，占55/60，即91.67%，未达到标准" in words
    assert "分母60为有效票数，含弃权和多选" in words
    assert "按责任追究的有关规定实施责任追究" in words
    assert "应到66人，实到63人" in words
    # Of a name and of a post of nobody else.
    for other in ("江雪继", "郭天世", "龚萍义"):
        assert other not in words


@pytest.mark.parametrize(
    ("base", "counted"),
    [
        (Denominator.MARKS, "分母59为总体评价各等次票数之和，不含弃权和多选"),
        (Denominator.VALID, "分母60为有效票数，含弃权和多选"),
        (Denominator.RETURNED, "分母60为收回票数"),
        (Denominator.PRESENT, "分母63为到会人数"),
    ],
)
def test_base_is_named_with_its_number(poll: PollResults, base: Denominator, counted: str) -> None:
    rule = replace(HIGH, base=base)
    assert counted in text(form(with_trust(poll, {Level.CHIEF: rule})))


def test_every_level_missed_has_its_own_table(poll: PollResults, audit: Audit) -> None:
    ruled = with_trust(poll, {Level.MEMBER: HIGH, Level.CHIEF: HIGH, Level.INTEGRITY: GOOD})
    document = form(ruled, "黄丽")
    assert audit(document) == []
    words = text(document)
    assert "信任票比对（班子成员）" in words
    assert "信任票比对（个人廉洁自律）" in words
    assert "正职" not in words
    assert "49票，占49/58，即84.48%，未达到标准" in words
    assert "\n黄　丽\n" in words


def test_what_people_decide_is_blank_and_nothing_is_decided(poll: PollResults) -> None:
    document = form(with_trust(poll, {Level.CHIEF: HIGH}))
    opinions = grids(document)[-1]
    assert [row[0] for row in opinions] == ["拟办意见", "审核意见", "领导审批意见"]
    for row in opinions:
        assert row[1].replace("\n", "") == "签名：　　　　　　　　　　　年　　月　　日"
    words = text(document)
    for word in ("诫勉", "处分", "批评教育", "通报", "免职", "给予", "应当追究", "不合格"):
        assert word not in words
    assert "本件依据计票结果提示" in words
    assert "由有权机关按照规定研究决定" in words
    assert re.search(r"呈报日期\n　+年　+月　+日", words)


def test_what_is_not_sealed_is_marked(poll: PollResults) -> None:
    ruled = with_trust(poll, {Level.CHIEF: HIGH})
    assert UNOFFICIAL not in text(form(ruled))
    waiting = replace(ruled, poll=replace(ruled.poll, state=PollState.ENTRY))
    assert f"（{UNOFFICIAL}）" in text(form(waiting))


def test_valid_without_names_of_documents(poll: PollResults, audit: Audit) -> None:
    ruled = with_office(with_trust(poll, {Level.CHIEF: HIGH}), basis=(), signature="")
    document = form(ruled)
    assert audit(document) == []
    assert "按照规定，对领导干部民主测评信任票达不到规定要求的" in text(document)
    assert "《" not in text(document)
    assert form(ruled) == document
