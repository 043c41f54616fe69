"""民主测评实施方案 read back from the file: what it says is what the settings do."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from exports.documents import plan
from exports.parts.wording import NO_TRUST_RULE, share_note
from models.database.store import Store
from models.database.tables import Unit
from models.imports import roster_import
from models.regulation.levels import Level, LevelContent
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    Quorum,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.rounds import life, polls, subjects
from models.rounds.contents import round_contents
from models.rounds.plan import Gathering, RoundInfo
from models.settings.office import Settings
from tests.exports.conftest import SAMPLE
from tests.exports.reading import W, body, grids, text, text_of
from tests.exports.small import INTEGRITY, Team, make_round
from tests.offices import sample_round

Audit = Callable[[bytes], list[str]]
# Every clause of the regulation that has a mark of its own.
CLAUSES = {
    *"一三",
    *(f"二、（{n}）" for n in "一二三四五"),
    *(f"三、{n}" for n in (1, 2, 3)),
    *(f"四、{n}" for n in (1, 2, 3)),
    *(f"五、{n}" for n in (1, 2, 3)),
}


def plan_of(settings: Settings, info: RoundInfo) -> bytes:
    with_subjects = [(poll, subjects.subjects(poll.id)) for poll in polls.polls(info.id)]
    contents: Mapping[Level, LevelContent] = round_contents(info, settings)
    return plan.document(
        settings.office,
        settings.documents,
        info,
        with_subjects,
        contents,
        settings.void_reasons,
    )


def with_rules(info: RoundInfo, rules: RoundRules) -> RoundInfo:
    """The round with other rules, as a draft of it would have them."""
    return replace(info, plan=replace(info.plan, rules=rules))


def test_the_sample_rounds_plan(store: Store, settings: Settings, audit: Audit) -> None:
    info = life.find_by_id(sample_round(settings, store))
    document = plan_of(settings, info)
    assert audit(document) == []
    assert plan_of(settings, info) == document, "the same bytes each time"
    words = text(document)
    assert words.startswith("2026年度党风廉政建设责任制民主测评\n实施方案\n")
    found = re.findall(r"(?m)^([一二三四五六七八])、(\S+)$", words)
    assert found == [
        ("一", "测评对象和范围"),
        ("二", "测评内容和等次"),
        ("三", "测评时间和方式"),
        ("四", "测评人员"),
        ("五", "测评程序"),
        ("六", "计票规则"),
        ("七", "结果运用"),
    ]
    for basis in settings.office.basis:
        assert basis in words
    assert "测评时间：2026年11月2日至13日。各单位的测评日期为2026年11月5日。" in words
    assert "定期、上级抽测，集中组织，与年度考评结合进行" in words
    assert "测评人员由班子成员、中层干部、一般干部职工、服务对象代表组成" in words
    assert "正职的信任票标准：优秀、称职票合计达到有效票数的2/3。" in words
    assert share_note(info, weighted=False) in words
    assert all(reason in words for reason in settings.void_reasons)
    assert "1.不收受礼品礼金和有价证券。" in words
    for level in Level:
        assert all(item.statement in words for item in settings.levels[level].items)
    assert words.rstrip().endswith("年　　月　　日"), "the date is left for a pen"


def test_units_stand_in_their_order_with_their_numbers(store: Store, settings: Settings) -> None:
    info = life.find_by_id(sample_round(settings, store))
    (grid,) = grids(plan_of(settings, info))
    everyone = polls.polls(info.id)
    assert [row[1] for row in grid[1:-1]] == [poll.unit_name for poll in everyone]
    for row, poll in zip(grid[1:-1], everyone, strict=True):
        of = subjects.subjects(poll.id)
        assert row[2:-1] == [str(len(of[level])) for level in Level]
        assert row[-1] == str(poll.expected)
    columns = [[int(row[n]) for row in grid[1:-1]] for n in range(2, 8)]
    assert [int(cell) for cell in grid[-1][2:]] == [sum(column) for column in columns]
    assert grid[-1][0] == "合计"


def test_what_must_not_stand_alone_is_held(store: Store, settings: Settings) -> None:
    """The last sentence holds the signature, the last unit the sum of all."""
    document = body(plan_of(settings, life.find_by_id(sample_round(settings, store))))
    (last,) = (p for p in document.findall(f"{W}p") if "责任追究。" in text_of(p))
    assert last.find(f"{W}pPr/{W}keepNext") is not None
    rows = document.find(f"{W}tbl").findall(f"{W}tr")
    held = [row.find(f".//{W}keepNext") is not None for row in rows]
    assert held == [True, False, True, True, False]


def test_one_unit_has_no_table(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    document = plan_of(settings, info)
    assert grids(document) == []
    assert "被测评单位：甲县工商行政管理局。被测评对象：领导班子1个、正职1人、班子成员2人、" in (
        text(document)
    )
    assert all(f"{n}.{words}。" in text(document) for n, words in enumerate(INTEGRITY, 1))


def test_dates_stand_in_the_table_where_they_differ(store: Store, settings: Settings) -> None:
    info = make_round(settings, teams=[Team(), Team("乙县工商行政管理局", "乙县局")])
    first, second = polls.polls(info.id)
    polls.change_poll(second.id, date="2026-11-09", place="", expected=0, present=0)
    document = plan_of(settings, info)
    assert "各单位的测评日期见上表。" in text(document)
    (grid,) = grids(document)
    assert [row[-2] for row in grid] == ["测评日期", "11月5日", "11月9日", ""]
    assert [row[-1] for row in grid[1:]] == [str(first.expected), "", str(first.expected)]
    polls.change_poll(second.id, date="2027-01-09", place="", expected=0, present=0)
    (grid,) = grids(plan_of(settings, info))
    assert [row[-2] for row in grid[1:3]] == ["2026年11月5日", "2027年1月9日"]
    polls.change_poll(second.id, date="", place="", expected=0, present=0)
    document = plan_of(settings, info)
    assert "各单位的测评日期见上表，未列明的另行通知。" in text(document)
    assert [row[-2] for row in grids(document)[0][1:3]] == ["11月5日", ""]


def test_a_round_without_dates_leaves_them_for_a_pen(store: Store, settings: Settings) -> None:
    info = make_round(settings, date="")
    assert re.search(
        "测评时间：\u3000+年\u3000+月\u3000+日至\u3000+月\u3000+日。", text(plan_of(settings, info))
    )


@pytest.mark.parametrize(
    ("policy", "said", "unsaid"),
    [
        ("full", "全部测评票对照原票再录入一遍", "抽取"),
        ("1/5", "每5张抽取1张，对照原票再录入一遍", "全部测评票对照"),
        ("none", "本次测评不安排再次录入核对", "再录入一遍"),
    ],
)
def test_verification_is_as_the_policy_has_it(
    store: Store, settings: Settings, policy: str, said: str, unsaid: str
) -> None:
    words = text(
        plan_of(
            settings,
            make_round(settings, rules=RoundRules(verification=VerificationRule.parse(policy))),
        )
    )
    assert said in words
    assert unsaid not in words


def test_rules_that_are_on_are_said_and_others_are_not(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    words = text(plan_of(settings, info))
    assert NO_TRUST_RULE in words
    assert "信任票标准：" not in words
    assert "方可进行测评" not in words
    assert "不加权" in words
    assert "某一类别的有效票少于10张的不单独公布" in words
    assert "不公布加权得票率" not in words
    assert "正职一人一票，班子成员列在同一张测评票上" in words
    assert "等次定为“优秀”、“称职”、“基本称职”、“不称职”四个等次" in words
    rule = TrustRule(("好", "中"), Comparator.MORE_THAN, 1, 2)
    rules = RoundRules(
        quorum=Quorum.TWO_THIRDS,
        minimum_group=8,
        member_sheet=MemberSheet.PERSON,
        sheet=SheetLines.OVERALL,
        denominator=Denominator.RETURNED,
        decimals=1,
        trust={Level.INTEGRITY: rule},
    )
    words = text(plan_of(settings, with_rules(info, rules)))
    assert "到会人数达到应到人数的2/3，方可进行测评。" in words
    assert "少于8张" in words
    assert "班子成员一人一票" in words
    assert "测评票只设“总体评价”" in words
    assert "得票率=该等次票数÷收回票数，保留一位小数。" in words
    assert "个人廉洁自律的信任票标准：好、中票合计超过收回票数的1/2。" in words
    assert NO_TRUST_RULE not in words


def test_weights_are_said(store: Store, settings: Settings) -> None:
    info = make_round(settings, groups={"班子成员": 30, "中层干部": 70})
    assert "按测评人员类别加权，权重为班子成员30%、中层干部70%。" in text(plan_of(settings, info))


def test_people_who_vote_where_they_are_meet_nobody(store: Store, settings: Settings) -> None:
    info = make_round(settings, rules=RoundRules(quorum=Quorum.HALF))
    scattered = replace(info, plan=replace(info.plan, gathering=Gathering.SCATTERED))
    words = text(plan_of(settings, scattered))
    assert "分散组织" in words
    assert "自行密封" in words
    assert "参加测评人数达到应到人数的1/2，方可计票。" in words
    assert "到会人数" not in words
    assert "宣读" not in words
    assert "参加测评的人员推定监票人" in text(plan_of(settings, info))


def test_only_clauses_that_exist_are_quoted(store: Store, settings: Settings) -> None:
    words = text(plan_of(settings, make_round(settings)))
    quoted = re.findall(r"制度([一二三四五六七]、?(?:（[一二三四五]）|\d)?)", words)
    assert len(quoted) > 12
    assert set(quoted) <= CLAUSES
    # What is custom has no clause behind it.
    for custom in ("被测评人不担任监票人", "收回票数多于发出票数的", "对照原票核定", "一并封存"):
        (sentence,) = re.findall(rf"[^。\n]*{custom}[^。]*。", words)
        assert "制度" not in sentence
        assert "规定" not in sentence


def test_the_offices_scope_and_objection(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    assert "也可以在一定范围内公开反馈" in text(plan_of(settings, info))
    documents = replace(settings.documents, public_scope="本单位", objection="可在10日内书面提出。")
    words = text(plan_of(replace(settings, documents=documents), info))
    assert "在本单位范围内公开反馈" in words
    assert "对测评结果有异议的，可在10日内书面提出。" in words
    documents = replace(settings.documents, objection="收到本反馈书之日起10日内提出。")
    words = text(plan_of(replace(settings, documents=documents), info))
    assert "对测评结果有异议的，收到反馈书之日起10日内提出。" in words
    assert "个人廉洁自律3人" not in words
    assert "领导干部（廉洁自律）3人" in words
    assert "测评结果的汇总必须严肃、认真、客观、准确，防止弄虚作假" in words
    bare = replace(settings, office=replace(settings.office, basis=()))
    assert "民主监督，制定本方案。" in text(plan_of(bare, info))


def test_hostile_names(store: Store, settings: Settings, audit: Audit) -> None:
    teams = [Team("<w:p>&\x1b某局", "某局"), Team("很" * 60, "很局")]
    document = plan_of(settings, make_round(settings, teams=teams))
    assert audit(document) == []
    assert grids(document)[0][1][1] == "<w:p>&某局"


def test_the_whole_province(store: Store, settings: Settings, audit: Audit, tmp_path: Path) -> None:
    roster_import.apply(roster_import.plan(SAMPLE / "roster.xlsx"), store)
    units = [unit.id for unit in Unit.select()]
    info = make_round(settings, units=units)
    document = plan_of(settings, info)
    assert audit(document) == []
    (table,) = body(document).findall(f"{W}tbl")
    rows = table.findall(f"{W}tr")
    assert len(rows) == len(units) + 2
    assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
    assert f"被测评单位共{len(units)}个，见下表。" in text(document)
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("soffice or pdftotext is missing: nothing renders the page here")
    (tmp_path / "plan.docx").write_bytes(document)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "plan.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=100,
    )
    run = ["pdftotext", "-layout", "plan.pdf", "-"]
    shown = subprocess.run(run, cwd=tmp_path, check=True, capture_output=True).stdout.decode()
    pages = [re.sub(r"\s", "", page) for page in shown.split("\f") if page.strip()]
    assert "责任追究" in pages[-1], "the signature never stands alone"
    assert pages[-1].index("责任追究") < pages[-1].index("领导小组办公室")
