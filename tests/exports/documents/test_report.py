"""The report to the superior party group, read back: numbers, grades, blanks, parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from exports.documents import report, report_words
from exports.parts.results import PollResults, gather
from exports.parts.wording import ROUNDING, UNOFFICIAL, decided_by
from models.count.tally import SubjectTally
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Comparator, MemberSheet, RoundRules, SheetLines, TrustRule
from models.results.determination import Determination
from models.rounds import polls
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollState
from models.settings.office import Settings
from tests.exports.gathered import gathered, with_office, with_trust
from tests.exports.reading import Grid, W, body, grids, part, results, text, text_of
from tests.exports.small import Team, key_all, make_round, seal_all, void_all, with_scale

Audit = Callable[[bytes], list[str]]
ROUND = "2026年度党风廉政建设责任制"
FIXED = "研究确定的等次"
LEVELS = ("领导班子", "正职", "班子成员", "纪检监察机关", "个人廉洁自律")


@pytest.fixture(scope="module")
def sealed(
    keyed_office: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> tuple[PollResults, ...]:
    return gathered(keyed_office, tmp_path_factory.mktemp("report"), settings)


def percent(votes: int, base: int) -> str:
    return f"{(Decimal(votes * 100) / base).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def fixed_tables(document: bytes) -> list[Grid]:
    """The tables with a column of fixed grades at their end, cells without line ends in titles."""
    found = []
    for grid in grids(document):
        titles = [title.replace("\n", "") for title in grid[0]]
        if titles[-1] == FIXED:
            found.append([titles, *grid[1:]])
    return found


def overall(subject: dict[str, Any]) -> dict[str, Any]:
    place: dict[str, Any] = subject["places"][-1]
    assert place["item"] == "overall"
    return place


def fixed(
    each: PollResults, level: Level, grade: str, *, in_force: bool = True, on: str = "2026-12-03"
) -> PollResults:
    """The results with this grade fixed for every subject of a level."""
    found = {
        subject.subject.id: Determination(
            subject.subject.id, grade, on, "第8次党组会议", "某局党组", "", in_force
        )
        for subject in each.levels[level].subjects
    }
    return replace(each, determinations={**each.determinations, **found})


# ── numbers ──


def test_tables_have_the_counts_that_are_expected(
    sealed: tuple[PollResults, ...], expected: dict[str, Any]
) -> None:
    tables = fixed_tables(report.document(sealed))
    assert len(tables) == len(LEVELS)
    for name, (titles, *rows) in zip(LEVELS, tables, strict=True):
        subjects = [
            (each.poll.unit_name, expected[each.poll.unit_name][name], subject)
            for each in sealed
            for subject in expected[each.poll.unit_name][name]["subjects"]
        ]
        assert len(rows) == len(subjects)
        for number, (row, (unit, level, subject)) in enumerate(zip(rows, subjects, strict=True), 1):
            cells = dict(zip(titles, row, strict=True))
            assert cells["序号"] == str(number)
            assert cells["单位"].replace("\n", "") == unit
            if "姓名" in cells:
                assert cells["姓名"].replace("\u3000", "") == subject["name"]
            assert cells["有效"] == str(level["valid"])
            grades = overall(subject)["grades"]
            for grade, votes in grades.items():
                assert cells[grade] == f"{votes}\n{percent(votes, level['valid'])}"
            together = sum(list(grades.values())[:2])
            title = "".join(list(grades)[:2]) + "合计"
            assert cells[title] == f"{together}\n{percent(together, level['valid'])}"
            assert cells[FIXED] == ""


def test_sums_in_words_are_those_of_the_counts(
    sealed: tuple[PollResults, ...], expected: dict[str, Any]
) -> None:
    words = text(report.document(sealed))
    for name in LEVELS:
        votes: Counter[str] = Counter()
        spoilt: Counter[str] = Counter()
        shares = []
        base = 0
        for each in sealed:
            level = expected[each.poll.unit_name][name]
            for subject in level["subjects"]:
                place = overall(subject)
                votes.update(place["grades"])
                spoilt.update(blank=place["blank"], overvote=place["overvote"])
                base += level["valid"]
                upper = sum(list(place["grades"].values())[:2])
                shares.append(percent(upper, level["valid"]))
        said = "、".join(f"{grade}票{n}票（{percent(n, base)}）" for grade, n in votes.items())
        assert f"总体评价得{said}；" in words
        assert f"；弃权{spoilt['blank']}票，多选{spoilt['overvote']}票。" in words
        low, high = (pick(shares, key=lambda share: float(share[:-1])) for pick in (min, max))
        assert f"合计得票率在{low}至{high}之间。" in words


def test_paper_is_summed_up(sealed: tuple[PollResults, ...], expected: dict[str, Any]) -> None:
    document = report.document(sealed)
    (paper,) = [grid for grid in grids(document) if grid[0][0] == "票种"]
    totals = [0, 0]
    for name, row in zip(LEVELS, paper[1:], strict=False):
        levels = [expected[each.poll.unit_name][name] for each in sealed]
        valid, void = (sum(level[key] for level in levels) for key in ("valid", "void"))
        assert row[0] == name
        assert [int(row[2]), int(row[4]), int(row[5])] == [valid + void, valid, void]
        totals = [totals[0] + valid, totals[1] + void]
    last = paper[-1]
    assert [int(last[4]), int(last[5])] == totals
    assert sum(int(row[1]) for row in paper[1:-1]) == int(last[1])
    assert f"收回{sum(totals)}张" in text(document)
    assert f"有效票{totals[0]}张，无效票{totals[1]}张" in text(document)
    assert "应到187人，实到178人" in text(document)


def test_everybodys_own_sheet_is_paper_as_well(store: Store, settings: Settings) -> None:
    """A member's own sheet: three levels of one sheet a unit, a chief's, two members' ones."""
    info = make_round(settings, rules=RoundRules(member_sheet=MemberSheet.PERSON))
    key_all(info)
    words = text(report.document(everybody(settings, info)))
    assert f"共发出测评票{36 * 6}张，收回{36 * 6}张" in words


def everybody(settings: Settings, info: RoundInfo) -> list[PollResults]:
    return [gather(settings, info, poll) for poll in polls.polls(info.id)]


def test_attachment_is_the_summary(
    sealed: tuple[PollResults, ...], expected: dict[str, Any]
) -> None:
    tables = results(report.document(sealed))
    assert [len(rows) for rows in tables] == [3, 3, 13, 3, 16]
    # One unit: its items as well.
    (one,) = [each for each in sealed if each.poll.unit_name.startswith("白银")]
    rows = results(report.document([one]))[0]
    team = expected[one.poll.unit_name]["领导班子"]["subjects"][0]
    assert [row.blank for row in rows] == [place["blank"] for place in team["places"]]


# ── grades that people fixed ──


def test_no_grade_without_a_determination(sealed: tuple[PollResults, ...]) -> None:
    document = report.document(sealed)
    assert "研究确定，等次为" not in text(document)
    for table in fixed_tables(document):
        assert {row[-1] for row in table[1:]} == {""}


def test_fixed_grades_stand_where_they_were_fixed(sealed: tuple[PollResults, ...]) -> None:
    polls_ = [fixed(sealed[0], Level.TEAM, "合格"), fixed(sealed[1], Level.TEAM, "优秀"), sealed[2]]
    document = report.document(polls_)
    team, *others = fixed_tables(document)
    assert [row[-1] for row in team[1:]] == ["合格", "优秀", ""]
    assert {row[-1] for table in others for row in table[1:]} == {""}
    words = text(document)
    assert "2026年12月3日，经某局党组第8次党组会议研究确定，等次为优秀1个、合格1个。" in words
    assert words.count("研究确定，等次为") == 1


def test_a_grade_on_counts_that_changed_is_not_printed(sealed: tuple[PollResults, ...]) -> None:
    stale = fixed(sealed[0], Level.TEAM, "优秀", in_force=False)
    document = report.document([stale, *sealed[1:]])
    assert {row[-1] for row in fixed_tables(document)[0][1:]} == {""}
    assert "研究确定，等次为" not in text(document)


# ── what is left to people ──


def test_blanks_stay_blank(sealed: tuple[PollResults, ...]) -> None:
    words = text(report.document(sealed))
    assert re.search(r"\n　+：\n", words)  # the recipient
    assert "\n签发人：\n" in words
    assert "〔" not in words
    assert "抄送" not in words
    assert re.search(r"\n　+年　+月　+日\n", words)
    problems = words.partition("三、反映的主要问题\n")[2].partition("特此报告")[0]
    assert problems.replace("\n", "") == "四、下一步工作"


def test_what_the_office_filled_in_is_printed(sealed: tuple[PollResults, ...]) -> None:
    names = {
        "superior_party_group": "中共某某委员会",
        "document_code": "甘工商党",
        "signer": "王正",
        "letterhead": "某某党组文件",
        "printer": "某某局办公室",
        "copies": ("驻局纪检组",),
    }
    team = sealed[0].levels[Level.TEAM].subjects[0].subject.id
    first = replace(sealed[0], opinions={team: "教育还不够经常。"})
    words = text(report.document([with_office(each, **names) for each in (first, *sealed[1:])]))
    assert words.startswith("\n某某党组文件\n")
    assert "\n甘工商党〔　　　〕　　号签发人：王正\n" in words
    assert "\n中共某某委员会：\n" in words
    assert "抄送：驻局纪检组。" in words
    assert "\n某某局办公室　" in words
    assert f"三、反映的主要问题\n{first.poll.unit_name}：教育还不够经常。\n四、" in words


def test_one_units_report_names_the_unit(sealed: tuple[PollResults, ...]) -> None:
    one = sealed[1]
    team = one.levels[Level.TEAM].subjects[0].subject.id
    words = text(report.document([replace(one, opinions={team: "教育还不够经常。"})]))
    title = f"中共甘肃省工商行政管理局党组\n关于{one.poll.unit_name}\n{ROUND}\n民主测评情况的报告\n"
    assert title in words
    assert "三、反映的主要问题\n教育还不够经常。\n四、" in words
    assert f"附件：{one.poll.unit_name}{ROUND}民主测评结果汇总表" in words
    for other in (sealed[0], sealed[2]):
        assert other.poll.unit_name not in words


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("2026年度民主测评", "关于2026年度\n民主测评情况的报告\n"),
        ("2026年度抽查测评情况", "关于2026年度抽查测评\n情况的报告\n"),
        ("关于某事的民主测评", "关于某事的\n民主测评情况的报告\n"),
    ],
)
def test_title_says_nothing_twice(sealed: tuple[PollResults, ...], title: str, lines: str) -> None:
    def renamed(each: PollResults) -> PollResults:
        return replace(each, round=replace(each.round, plan=replace(each.round.plan, title=title)))

    assert f"党组\n{lines}" in text(report.document([renamed(each) for each in sealed]))


def test_marked_until_every_poll_is_sealed(sealed: tuple[PollResults, ...]) -> None:
    assert UNOFFICIAL not in text(report.document(sealed))
    waiting = replace(sealed[0], poll=replace(sealed[0].poll, state=PollState.ENTRY))
    words = text(report.document([waiting, *sealed[1:]]))
    # In the text and in the attachment.
    assert words.count(f"（{UNOFFICIAL}）") == 2
    assert "已封存2个，未封存1个" in words


def test_no_polls_no_report() -> None:
    with pytest.raises(ValueError, match="no polls"):
        report.document([])


# ── form ──


def test_sections_and_their_order(sealed: tuple[PollResults, ...]) -> None:
    document = report.document(sealed)
    sections = list(body(document).iter(f"{W}sectPr"))
    turned = [section.find(f"{W}pgSz").get(f"{W}orient") for section in sections]
    assert turned == [None, "landscape", None]
    kinds = [section.find(f"{W}type") for section in sections]
    assert [kind is not None and kind.get(f"{W}val") for kind in kinds][2] == "evenPage"
    # Each has footers of its own for odd and even pages, the last without a number.
    footers = [len(section.findall(f"{W}footerReference")) for section in sections]
    assert footers == [2, 2, 2]
    numbers = [" PAGE " in part(document, f"word/footer{n}.xml") for n in range(1, 7)]
    assert numbers == [True] * 4 + [False] * 2


def test_attachment_begins_with_its_word_and_its_title_on_the_third_line(
    sealed: tuple[PollResults, ...],
) -> None:
    children = list(body(report.document(sealed)))
    ends = [n for n, each in enumerate(children) if each.find(f"{W}pPr/{W}sectPr") is not None]
    word, gap, title = children[ends[0] + 1 : ends[0] + 4]
    assert text_of(word) == "附件"
    assert word.find(f"{W}r/{W}rPr/{W}rFonts").get(f"{W}eastAsia") == "黑体"
    assert word.find(f"{W}pPr/{W}ind") is None
    assert text_of(gap) == ""
    assert text_of(title) == f"{ROUND}民主测评结果汇总表"
    assert title.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Title"
    # The note before the signature names it so, without title marks or a sign at the end.
    assert f"\n附件：{ROUND}民主测评结果汇总表\n" in text(report.document(sealed))


def test_valid_and_the_same_each_time(sealed: tuple[PollResults, ...], audit: Audit) -> None:
    document = report.document(sealed)
    assert audit(document) == []
    assert report.document(sealed) == document
    assert audit(report.document(sealed[:1])) == []


def test_a_long_level_is_left_to_the_attachment(
    sealed: tuple[PollResults, ...], audit: Audit
) -> None:
    many = [fixed(each, Level.TEAM, "优秀") for each in sealed] * 7
    document = report.document(many)
    assert audit(document) == []
    words = text(document)
    assert "对21个领导班子落实党风廉政建设责任制情况的测评中" in words
    assert words.count("各单位得票情况和研究确定的等次见附件。") == len(LEVELS)
    assert not fixed_tables(document)
    for rows in results(document):
        assert all(FIXED in row.leads for row in rows)
    assert [row.leads[FIXED] for row in results(document)[0]] == ["优秀"] * 21
    assert {row.leads[FIXED] for row in results(document)[1]} == {""}
    # A short level keeps its table, and the attachment does not repeat the column.
    few = report.document(sealed)
    assert not any(FIXED in row.leads for rows in results(few) for row in rows)


# ── other rounds ──


def test_weighted_shares_are_not_pooled(store: Store, settings: Settings) -> None:
    groups = {"班子成员": 30, "中层干部": 30, "一般干部职工": 40}
    teams = [Team(), Team("乙县工商行政管理局", "乙县局")]
    info = make_round(settings, teams=teams, groups=groups, rules=RoundRules(minimum_group=5))
    key_all(info)
    seal_all(info)
    found = everybody(settings, info)
    words = text(report.document(found))
    level = [each.levels[Level.TEAM] for each in found]
    best = sum(of.subjects[0].headline.grades[0] for of in level)
    assert f"总体评价得优秀票{best}票、" in words
    assert "优秀合格合计加权得票率在" in words


def test_items_only_sheets(store: Store, settings: Settings, audit: Audit) -> None:
    info = make_round(settings, rules=RoundRules(sheet=SheetLines.ITEMS))
    key_all(info)
    document = report.document(everybody(settings, info))
    assert audit(document) == []
    words = text(document).partition("附件：")[0]
    assert words.count("票面没有总体评价，各项得票情况见附件。") == len(LEVELS)
    # No share is shown, so nothing is said of how shares were counted.
    assert "得票率=" not in words
    assert [table[0][-2:] for table in fixed_tables(document)] == [["有效", FIXED]] * len(LEVELS)


def test_nobody_voted(store: Store, settings: Settings, audit: Audit) -> None:
    info = make_round(settings, teams=[Team(), Team("乙县工商行政管理局", "乙县局")])
    void_all(info)
    seal_all(info)
    document = report.document(everybody(settings, info))
    assert audit(document) == []
    assert text(document).count("没有有效票。") == len(LEVELS)
    assert not re.search(r"(?<!\d)0\.00%", text(document).partition("二、测评结果")[2])


@pytest.mark.parametrize("count", [2, 9])
def test_scales_of_other_lengths(
    store: Store, settings: Settings, audit: Audit, count: int
) -> None:
    grades = (
        "非常满意",
        "很满意",
        "满意",
        "比较满意",
        "一般",
        "不太满意",
        "不满意",
        "很不满意",
        "极差",
    )
    own = with_scale(settings, grades[:count])
    info = make_round(own, teams=[Team(members=["李一"]), Team("乙县局", "乙")], returned=4)
    key_all(info)
    document = report.document(everybody(own, info))
    assert audit(document) == []
    for titles, *_ in fixed_tables(document):
        assert [title for title in titles if title in grades] == list(grades[:count])
    for table in body(document).iter(f"{W}tbl"):
        widths = [int(c.get(f"{W}w")) for c in table.find(f"{W}tblGrid")]
        assert min(widths) > 0


def test_how_many_met_the_trust_rule(sealed: tuple[PollResults, ...]) -> None:
    def said(trust: dict[Level, TrustRule]) -> str:
        document = report.document([with_trust(each, trust) for each in sealed])
        return text(document).partition("附件：")[0]

    assert said({}).count("未设定信任票标准，未作比对。") == 2
    words = said({Level.MEMBER: TrustRule(("不称职",), Comparator.AT_LEAST, 1, 1)})
    assert words.count("未设定信任票标准，未作比对。") == 1
    assert "达到标准0人，未达到标准13人。" in words


def test_long_names(sealed: tuple[PollResults, ...], audit: Audit) -> None:
    organ = "中共甘肃省某某自治州某某民族自治县工商行政管理局机关和直属各单位联合党组"
    names = {"party_group": organ, "name": organ, "superior_party_group": organ * 2}
    document = report.document([with_office(each, **names) for each in sealed])
    assert audit(document) == []
    assert text(document).replace("\n", "").count(organ) >= 4


def test_rounding_of_the_sums_is_explained(sealed: tuple[PollResults, ...]) -> None:
    """Sums that print to 99.99% say why, also where no table stands under them."""
    level = sealed[0].levels[Level.TEAM]
    (team,) = level.subjects
    thirds = replace(team.places[-1], grades=(7, 7, 7), blank=0, overvote=0, base=21)
    one = replace(level, subjects=(replace(team, places=(thirds,)),))
    polls_ = [replace(each, levels={Level.TEAM: one}) for each in sealed]
    assert "（33.33%）、合格票21票（33.33%）" in text(report.document(polls_))
    for found in (polls_, polls_ * 7):
        assert ROUNDING in text(report.document(found)).partition("附件：")[0]
    even = replace(thirds, grades=(20, 20, 10), base=50)
    two = replace(level, subjects=(replace(team, places=(even,)),))
    whole = [replace(each, levels={Level.TEAM: two}) for each in sealed] * 7
    assert ROUNDING not in text(report.document(whole)).partition("附件：")[0]


@pytest.mark.parametrize(
    ("by", "meeting", "said"),
    [
        ("某局党组", "第8次党组会议", "某局党组第8次党组会议"),
        ("某局党组", "2025年第12次会议", "某局党组2025年第12次会议"),
        ("某局党组", "某局党组2025年第12次会议", "某局党组2025年第12次会议"),
        ("中共某局党组", "局党组2025年第12次会议", "中共某局党组（局党组2025年第12次会议）"),
        ("某局党组", "", "某局党组"),
        ("", "局党组会议", "局党组会议"),
    ],
)
def test_who_decided_and_the_meeting_are_joined_by_grammar(
    by: str, meeting: str, said: str
) -> None:
    assert decided_by(by, meeting) == said


def test_no_range_where_one_of_several_has_no_share(sealed: tuple[PollResults, ...]) -> None:
    """The share of one unit would be read as that of all."""
    tallied = report_words.of_level(sealed, Level.TEAM)
    rules = sealed[0].round.rules
    assert "得票率在" in report_words.sums_words(tallied, rules)
    without = [
        (results, replace(of, subjects=tuple(map(_without_base, of.subjects))))
        for results, of in tallied[1:]
    ]
    assert "得票率" not in report_words.sums_words([tallied[0], *without], rules).split("；")[-1]


def _without_base(subject: SubjectTally) -> SubjectTally:
    places = tuple(replace(place, base=0) for place in subject.places)
    return replace(subject, places=places)
