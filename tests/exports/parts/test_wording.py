"""Official wording, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from exports.parts import wording
from exports.parts.wording import numeral
from models.count.tally import LevelTally, TrustFinding
from models.regulation.levels import GradeScale, Item, Level, LevelContent
from models.regulation.rules import Comparator, Denominator, RoundRules, TrustRule
from models.rounds.balance import Balance
from models.rounds.plan import Group, RoundInfo, RoundPlan, RoundState
from models.rounds.polls import PollInfo, PollState


def info(rules: RoundRules, *weights: int) -> RoundInfo:
    groups = tuple(Group(n, f"第{n}类", weight) for n, weight in enumerate(weights, 1))
    return RoundInfo(1, RoundPlan("某轮次", 2026, rules=rules), RoundState.OPEN, groups)


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2026-11-05", "2026年11月5日"), ("2026-01-31", "2026年1月31日"), ("", "")],
)
def test_dates_have_no_leading_zeros(iso: str, words: str) -> None:
    assert wording.date_words(iso) == words


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2026-11-02", "2026-11-13", "2026年11月2日至13日"),
        ("2026-11-02", "2026-12-01", "2026年11月2日至12月1日"),
        ("2025-12-30", "2026-01-02", "2025年12月30日至2026年1月2日"),
        ("2026-11-02", "", "2026年11月2日"),
        ("", "", ""),
    ],
)
def test_periods_repeat_only_what_changes(starts: str, ends: str, words: str) -> None:
    assert wording.period_words(starts, ends) == words


@pytest.mark.parametrize(
    ("text", "month"),
    [("1968.05", "1968.05"), ("1968-05-12", "1968.05"), ("1968年5月", "1968.05"), ("不详", "不详")],
)
def test_months(text: str, month: str) -> None:
    assert wording.month_words(text) == month


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张　三"), ("王建国", "王建国"), ("阿依·古丽", "阿依·古丽"), ("AB", "AB"), ("", "")],
)
def test_names_of_two_characters_are_spaced(name: str, shown: str) -> None:
    assert wording.spaced_name(name) == shown


@pytest.mark.parametrize(
    ("grades", "name"),
    [
        (("优秀", "称职", "基本称职", "不称职"), "优秀称职合计"),
        (("优秀", "合格", "不合格"), "优秀合格合计"),
        (("好", "中", "差"), "好中合计"),
        (("满意", "不满意"), ""),
    ],
)
def test_sum_of_upper_grades(grades: tuple[str, ...], name: str) -> None:
    assert wording.together_name(GradeScale(grades, grades)) == name


@pytest.mark.parametrize(
    ("denominator", "base"),
    [
        (Denominator.MARKS, "该项有效票数"),
        (Denominator.VALID, "有效票数（含弃权和多选）"),
        (Denominator.RETURNED, "收回票数"),
        (Denominator.PRESENT, "到会人数"),
    ],
)
def test_note_follows_the_denominator(denominator: Denominator, base: str) -> None:
    rules = RoundRules(denominator=denominator)
    assert (
        wording.share_note(info(rules), weighted=False)
        == f"得票率=该等次票数÷{base}，保留两位小数。"
    )
    one = replace(rules, decimals=1)
    assert wording.share_note(info(one), weighted=False).endswith("保留一位小数。")


def test_weights_that_are_no_percentages_stand_as_they_are() -> None:
    note = wording.share_note(info(RoundRules(weighted=True), 3, 2), weighted=True)
    assert "（第1类3、第2类2）" in note
    assert "%" not in note


def tallied(*, weighted: bool = False, withheld: bool = False, sampled: bool = False) -> LevelTally:
    """A level of which only its shares' kind matters."""
    scale = GradeScale(("好", "中"), ("好", "中"))
    content = LevelContent(Level.TEAM, "领导班子", "票", scale, (), "")
    return LevelTally(Level.TEAM, content, (), (), weighted, withheld, sampled)


def test_rounding_note() -> None:
    thirds = [Fraction(1, 3)] * 3
    level, of = tallied(), info(RoundRules())
    assert wording.ROUNDING in wording.notes(of, [thirds], level)
    assert wording.ROUNDING not in wording.notes(of, [[Fraction(1, 2)] * 2], level)
    assert wording.ROUNDING not in wording.notes(of, [[None, None]], level)


def test_paper() -> None:
    assert wording.paper_words(Balance(63, 60, 58, 2)) == "发出63张，收回60张，有效58张，无效2张"
    assert wording.paper_words(Balance(63, 60, 50, 2)).endswith("尚未计入8张")


def test_trust_rule() -> None:
    rule = TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3, Denominator.PRESENT)
    words = wording.trust_rule_words(rule, RoundRules())
    assert words == "信任票标准：优秀、称职票合计达到到会人数的2/3"
    one = TrustRule(("好",), Comparator.MORE_THAN, 1, 1)
    assert wording.trust_rule_words(one, RoundRules()) == "信任票标准：好票超过该项有效票数的全部"


def test_what_votes_were_not_compared_with_is_named() -> None:
    rule = TrustRule(("好",), Comparator.AT_LEAST, 2, 3, Denominator.PRESENT)
    said = {
        lacking: wording.trust_finding_words(
            RoundRules(), TrustFinding(rule, 11, 0, None, lacking)
        ).removesuffix("，未作比对")
        for lacking in Denominator
    }
    assert said == {
        Denominator.MARKS: "该项没有有效票",
        Denominator.VALID: "没有有效票",
        Denominator.RETURNED: "没有收回的票",
        Denominator.PRESENT: "实到人数未登记",
    }
    few = wording.trust_finding_words(RoundRules(), TrustFinding(rule, 11, 10, True))
    assert few == "信任票11票，占110.00%，达到标准（登记的实到人数少于票数，应核对）"


def test_who_was_present_is_not_registered_as_zero() -> None:
    poll = PollInfo(1, 1, 1, "甲局", "", "", "", 40, 36, PollState.ENTRY)
    assert wording.attendance_words(poll) == "应到40人，实到36人"
    assert wording.attendance_words(replace(poll, present=0)) == "应到40人，实到未登记"
    assert wording.attendance_words(replace(poll, expected=0, present=0)) == ""


def test_no_paper_and_paper_that_nobody_registered() -> None:
    assert wording.paper_words(Balance(9, 0)) == "发出9张，收回0张（无票）"
    assert wording.paper_words(Balance(9, unregistered=1)) == "发出9张，收回未登记"
    assert wording.paper_words(Balance(unregistered=2)) == "发出、收回未登记"
    assert wording.paper_words(Balance(9, 4, 4, 0, 1)).endswith("无效0张，1批收回未登记")
    cells = [Balance(9, 0), Balance(9, unregistered=1), Balance(9, 4, 4, 0, 1)]
    assert [wording.returned_words(paper) for paper in cells] == ["无票", "未登记", "4"]


def test_items_without_a_name_of_their_own_are_numbered() -> None:
    assert wording.item_name(Item(1, "部署", "部署落实要求，并检查。", "")) == "1.部署"
    assert wording.item_name(Item(2, "", "不收受礼品。", "")) == "第2项"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_numerals(number: int, words: str) -> None:
    assert numeral(number) == words


def test_shares_that_are_withheld_are_explained_once() -> None:
    weighted = info(RoundRules(weighted=True), 3, 2)
    sealed = wording.notes(weighted, [], tallied(withheld=True))
    assert sealed[0] == wording.share_note(weighted, weighted=False)
    assert "有效票少于10张，不单独公布" in sealed[1]
    before = wording.notes(weighted, [], tallied(withheld=True, sampled=True))
    assert before[1].startswith("封存以前不列加权得票率")
    assert wording.notes(weighted, [], tallied(weighted=True)) == [
        wording.share_note(weighted, weighted=True)
    ]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (Fraction(32, 10), "“优秀”票得票率提高3.20个百分点"),
        (Fraction(-1, 3), "“优秀”票得票率下降0.33个百分点"),
        (Fraction(0), "“优秀”票得票率持平"),
        (Fraction(1, 1000), "“优秀”票得票率持平"),
    ],
)
def test_a_difference_of_shares_is_in_points(points: Fraction, words: str) -> None:
    assert wording.points_words("优秀", points, 2) == words
