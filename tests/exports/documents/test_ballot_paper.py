"""测评票 read back from the file: its order is the pad's, nothing on it marks a copy, it fits."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.documents import ballot_paper
from exports.documents.ballot_paper import filling_rules
from exports.documents.ballot_table import evenly_filled
from exports.parts.wording import OVERALL_NAME
from exports.writing import preparation
from models.database.store import Store
from models.entry import first_entry
from models.regulation.levels import GradeScale, Item, Level
from models.regulation.rules import MemberSheet, RoundRules, SheetLines
from models.rounds.layout import OVERALL, Place, SheetLayout, SubjectName, layout
from models.rounds.plan import RoundInfo, RoundPlan, RoundState
from models.rounds.polls import PollInfo, PollState
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.exports.reading import W, body, part, text, text_of
from tests.exports.small import Team, make_round, only_poll

Audit = Callable[[bytes], list[str]]
UNIT = "白银市工商行政管理局"
POLL = PollInfo(1, 1, 1, UNIT, "白银市局", "2026-11-05", "三楼", 66, 63, PollState.ENTRY)
ROUND = RoundInfo(
    1, RoundPlan("2026年度党风廉政建设责任制民主测评", 2026), RoundState.OPEN, groups=()
)
TEAM = (SubjectName(1, UNIT, "领导班子"),)
NAMES = ("王建国", "张三", "古丽·买买提江", "李晓梅", "欧阳建国", "赵强", "[/b]", "张三")
POSTS = ("党组书记、局长", "党组成员、纪检组组长、派驻市局监察室主任", "副局长", "")
TICK = 510  # twips: 9 mm
GRADES = ("非常满意", "很满意", "满意", "比较满意", "一般", "Not so good", "བྱ་བ།", "差", "极差")
YEAR = ("不收受礼品礼金和有价证券", "如实报告配偶子女经商办企业情况")


def persons(count: int) -> tuple[SubjectName, ...]:
    return tuple(SubjectName(n, NAMES[n % len(NAMES)], POSTS[n % len(POSTS)]) for n in range(count))


def sheet_of(
    settings: Settings,
    level: Level,
    subjects: tuple[SubjectName, ...],
    lines: SheetLines = SheetLines.BOTH,
    *,
    items: Sequence[Item] | None = None,
    grades: int | None = None,
) -> SheetLayout:
    content = settings.levels[level]
    if items is not None:
        content = replace(content, items=tuple(items))
    if grades is not None:
        content = replace(content, scale=GradeScale(GRADES[:grades], GRADES[:grades]))
    return layout(content, lines, subjects)


def year_items(*statements: str) -> list[Item]:
    return [Item(number, "", text, "") for number, text in enumerate(statements, 1)]


def paper(settings: Settings, sheet: SheetLayout, poll: PollInfo = POLL) -> bytes:
    return ballot_paper.document(settings.documents, ROUND, poll, sheet, settings.void_reasons)


def ticked(document: bytes) -> Any:
    """The table that is ticked: that of the first page."""
    return body(document).findall(f"{W}tbl")[0]


def headers(table: Any) -> list[Any]:
    return [row for row in table.findall(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]


def rows_of(document: bytes) -> list[Any]:
    """The rows that are ticked: those of all pages between the header and the last, of opinions
    and the office's seal."""
    tables = body(document).findall(f"{W}tbl")
    *rows, last = (
        row for table in tables for row in table.findall(f"{W}tr")[len(headers(table)) :]
    )
    opinions, seal = last.findall(f"{W}tc")
    assert text_of(opinions).strip() == "意见和建议（可以不填）："
    assert text_of(seal) == "（盖章处）"
    assert int(last.find(f"{W}trPr/{W}trHeight").get(f"{W}val")) >= 1200
    return rows


def least(row: Any) -> int:
    """A row's least height in twips, without the line above it."""
    return int(row.find(f"{W}trPr/{W}trHeight").get(f"{W}val"))


def keeps_next(row: Any) -> bool:
    return all(p.find(f"{W}pPr/{W}keepNext") is not None for p in row.iter(f"{W}p"))


def places(document: bytes, sheet: SheetLayout) -> list[Place]:
    """What each row asks, read from its words and its vertical merges alone. Every row must
    have an empty cell for each grade, and no other."""
    found = []
    subject = -1
    for number, row in enumerate(rows_of(document), 1):
        cells = row.findall(f"{W}tc")
        grades = len(sheet.scale.grades)
        words = [text_of(cell).replace("\n", "") for cell in cells]
        leads, ticks = words[:-grades], words[-grades:]
        assert ticks == [""] * grades
        if len(sheet.subjects) == 1:
            subject = 0
            line = OVERALL if leads == [OVERALL_NAME] else int(leads[0])
            if line != OVERALL:
                assert leads[1] == sheet.items[line - 1].statement
        elif not sheet.items:
            subject += 1
            line = OVERALL
            assert leads[0] == str(number)
            assert leads[1].replace("\u3000", "") == sheet.subjects[subject].name
        else:
            merge = cells[0].find(f"{W}tcPr/{W}vMerge")
            if merge is None or merge.get(f"{W}val") == "restart":
                subject += 1
                who = sheet.subjects[subject]
                post = who.post if sheet.level.personal else ""
                assert leads[0].replace("\u3000", "") == who.name + post
            match = re.match(r"(\d+)\.|第(\d+)项", leads[1])
            line = OVERALL if match is None else int(match[1] or match[2])
            if line == OVERALL:
                assert leads[1] == OVERALL_NAME
        found.append(Place(subject, line))
    return found


def check(document: bytes, sheet: SheetLayout) -> None:
    """What holds for every sheet."""
    table = ticked(document)
    assert places(document, sheet) == list(sheet.places)
    top = headers(table)
    assert top, "a header repeats on every page"
    titles = [text_of(cell).replace("\n", "") for cell in top[-1].findall(f"{W}tc")]
    written = [grade.replace(" ", "") for grade in sheet.scale.grades]
    assert [title.replace(" ", "") for title in titles[-len(written) :]] == written
    rows = list(body(document).iter(f"{W}tr"))
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert all(least(row) >= TICK - 30 for row in rows_of(document)), "a pen finds the box"
    grid = [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]
    assert sum(grid) <= 8845
    assert min(grid[-len(written) :]) >= 400, "a tick needs room"
    # No unit's name, round or reason has digits but these: nothing tells a copy from another.
    words = text(document)
    for known in (ROUND.title, "2026年11月5日", *(item.statement for item in sheet.items)):
        words = words.replace(known, "")
    words = re.sub(r"(?m)^第?\d{1,2}([.项].*)?$", "", words).replace("测评内容：1.", "")
    assert not re.search(r"\d", words)
    assert "编号" not in words
    assert not re.search(r"签[名字字]：|投票人|测评人：|类别", words)


@pytest.mark.parametrize("grades", range(2, 10))
def test_printed_order_is_the_pads(settings: Settings, audit: Audit, grades: int) -> None:
    draw = random.Random(grades)  # noqa: S311 - shapes of a test, not secrets
    for count in range(1, 16):
        level = draw.choice([level for level in Level if count > 1 or level is not Level.CHIEF])
        lines = draw.choice(list(SheetLines))
        length = draw.choice((6, 20, 60, 150))
        items = [
            Item(n, draw.choice(("部署", "")), "甲乙丙丁戊己庚辛壬癸" * (length // 10) + "。", "")
            for n in range(1, draw.randint(1, 9))
        ]
        subjects = persons(count) if level.personal else TEAM * count
        sheet = sheet_of(settings, level, subjects, lines, items=items, grades=grades)
        document = paper(settings, sheet)
        check(document, sheet)
        if count % 5 == 0:
            assert audit(document) == []


@pytest.mark.parametrize("form", MemberSheet)
def test_every_sheet_of_a_round_is_keyed_in_the_order_it_prints(
    store: Store, settings: Settings, audit: Audit, form: MemberSheet
) -> None:
    info = make_round(
        settings,
        teams=[Team(UNIT, members=["李一", "赵二强", "张三"])],
        rules=RoundRules(member_sheet=form),
    )
    poll = only_poll(info)
    sheets = {stack.sheet_id: first_entry.enter(stack.stack_id).sheet for stack in stacks(poll.id)}
    assert len(sheets) == (5 if form is MemberSheet.TEAM else 7)
    for sheet in sheets.values():
        document = ballot_paper.document(
            settings.documents, info, poll, sheet, settings.void_reasons
        )
        check(document, sheet)
        assert audit(document) == []


def test_a_persons_rows_stay_on_one_page(settings: Settings) -> None:
    sheet = sheet_of(settings, Level.MEMBER, persons(11))
    rows = rows_of(paper(settings, sheet))
    assert len(rows) == 55
    for number, row in enumerate(rows, 1):
        last_of_person = number % 5 == 0
        # The last person's rows hold the row for opinions, which must not stand alone.
        assert keeps_next(row) == (not last_of_person or number == len(rows))


def test_several_persons_have_the_statements_on_every_page(settings: Settings) -> None:
    sheet = sheet_of(settings, Level.MEMBER, persons(11))
    top = headers(ticked(paper(settings, sheet)))
    assert len(top) == 2
    assert text_of(top[0]).split("\n")[1] == f"2.{sheet.items[1].statement}"
    assert text_of(top[1]).split("\n")[:2] == ["姓名、职务", "测评内容"]


def test_short_statements_stand_in_the_rows(settings: Settings) -> None:
    sheet = sheet_of(settings, Level.INTEGRITY, persons(4), items=year_items(*YEAR))
    document = paper(settings, sheet)
    assert len(headers(ticked(document))) == 1
    assert f"1.{YEAR[0]}" in text_of(rows_of(document)[0])


def test_a_long_list_of_items_stands_once_above_the_table(settings: Settings) -> None:
    items = year_items(*("认真执行中央和省局当年确定的各项重点工作任务" * 5,) * 6)
    sheet = sheet_of(settings, Level.INTEGRITY, persons(4), items=items)
    document = paper(settings, sheet)
    assert len(headers(ticked(document))) == 1
    assert text(document).index("测评内容：1.") < text(document).index("第1项")


def test_one_person_stands_in_the_head(settings: Settings) -> None:
    (person,) = (SubjectName(1, "张三", "党组成员、副局长"),)
    words = text(paper(settings, sheet_of(settings, Level.MEMBER, (person,))))
    assert "姓名：张\u3000三" in words
    assert "职务：党组成员、副局长" in words
    assert "序号\n测评内容\n优秀" in words


def sizes(document: bytes, prefix: str) -> set[int]:
    """The sizes of a ballot's paragraphs of a kind, in half-points."""
    return {int(size) for size in re.findall(rf'w:val="{prefix}(\d+)"', part(document))}


def test_text_is_the_largest_that_fits_a_page(settings: Settings) -> None:
    """4号 where there is room, 五号 for long items; the rules are never larger."""
    team = paper(settings, sheet_of(settings, Level.TEAM, TEAM))
    discipline = paper(settings, sheet_of(settings, Level.DISCIPLINE, TEAM))
    chief = paper(settings, sheet_of(settings, Level.CHIEF, persons(1)))
    assert [sizes(each, "BallotCell") for each in (team, chief, discipline)] == [{21}, {21}, {28}]
    assert [sizes(each, "BallotRule") for each in (team, chief, discipline)] == [{21}, {21}, {24}]


def test_names_of_two_characters_are_spaced(settings: Settings) -> None:
    for lines in SheetLines:
        words = text(paper(settings, sheet_of(settings, Level.MEMBER, persons(3), lines)))
        assert "张\u3000三\n" in words
        assert "张三" not in words


def test_head_names_unit_round_and_date(settings: Settings) -> None:
    sheet = sheet_of(settings, Level.TEAM, TEAM)
    words = text(paper(settings, sheet))
    assert words.startswith("领导班子落实党风廉政建设责任制民主测评票\n")
    assert f"（{ROUND.title}）" in words
    assert f"被测评单位：{UNIT}" in words
    assert words.count("测评日期：2026年11月5日") == 1
    blank = text(paper(settings, sheet, replace(POLL, date="")))
    assert re.search("测评日期：\u3000+年\u3000+月\u3000+日", blank)
    assert "意见和建议" in words


def test_a_long_title_is_broken_before_its_kind(settings: Settings) -> None:
    words = text(paper(settings, sheet_of(settings, Level.CHIEF, persons(1))))
    assert words.startswith("领导班子正职履行党风廉政建设责任制\n民主测评票\n")
    own = replace(sheet_of(settings, Level.CHIEF, persons(1)), title="票" * 45)
    first, second, third, *_ = text(paper(settings, own)).split("\n")
    assert first + second + third == "票" * 45


def test_filling_rules_follow_the_sheet_and_the_offices_reasons(settings: Settings) -> None:
    sheet = sheet_of(settings, Level.TEAM, TEAM)
    rules = filling_rules(sheet, ("票上签名", "复印票。"))
    assert "无记名" in rules[0]
    assert rules[1].endswith("在相应等次栏内划“√”，每项只选一个等次。")
    assert "多选的，该项无效；不选的，该项视为弃权" in rules[2]
    assert rules[3] == "4.有下列情形之一的，整票无效：票上签名；复印票。"
    everyone = sheet_of(settings, Level.MEMBER, persons(3), SheetLines.OVERALL)
    assert "每人只选一个等次" in filling_rules(everyone, ("复印票",))[1]
    words = text(paper(settings, sheet))
    assert all(reason in words for reason in settings.void_reasons)


def test_same_bytes_each_time(settings: Settings) -> None:
    sheet = sheet_of(settings, Level.MEMBER, persons(7))
    assert paper(settings, sheet) == paper(settings, sheet)


def test_pages_as_they_are_laid_out(settings: Settings, tmp_path: Path) -> None:
    """One page for one subject; several break between persons, under a header."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("soffice or pdftotext is missing: nothing renders the page here")
    items = year_items(*YEAR)
    sheets = {
        "team": sheet_of(settings, Level.TEAM, TEAM),
        "chief": sheet_of(settings, Level.CHIEF, persons(1)),
        "member": sheet_of(settings, Level.MEMBER, persons(1)),
        "discipline": sheet_of(settings, Level.DISCIPLINE, TEAM),
        "integrity": sheet_of(settings, Level.INTEGRITY, persons(1), items=items),
        "overall": sheet_of(settings, Level.MEMBER, persons(12), SheetLines.OVERALL),
        "eleven": sheet_of(settings, Level.MEMBER, persons(11)),
        "fifteen": sheet_of(settings, Level.MEMBER, persons(15), grades=9),
    }
    for name, sheet in sheets.items():
        (tmp_path / f"{name}.docx").write_bytes(paper(settings, sheet))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, *(f"{name}.docx" for name in sheets)],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    for name, sheet in sheets.items():
        run = ["pdftotext", "-layout", f"{name}.pdf", "-"]
        shown = subprocess.run(run, cwd=tmp_path, check=True, capture_output=True).stdout.decode()
        pages = [re.sub(r"\s", "", page) for page in shown.split("\f") if page.strip()]
        if name not in ("eleven", "fifteen"):
            assert len(pages) == 1, name
            assert "—1—" not in pages[0]
            continue
        assert len(pages) == {"eleven": 5, "fifteen": 6}[name]
        for number, page in enumerate(pages, 1):
            assert ("（请翻面）" in page) == (number % 2 == 1 and number < len(pages))
            assert f"{sheet.title}（续）" in page or number == 1
            assert sheet.items[1].statement in page
            assert page.count("1.落实") == page.count("2.了解") == page.count(OVERALL_NAME) > 0


def test_pages_are_filled_evenly_and_the_last_person_is_not_alone() -> None:
    """Heights of the blocks, room of the first page and of each other, room for opinions."""
    assert evenly_filled([10] * 4, 30, 50, 10) == [2, 2]
    assert evenly_filled([10] * 3, 20, 50, 10) == [1, 2]
    assert evenly_filled([10] * 2, 5, 10, 10) == [1, 1]


@given(
    st.lists(st.integers(500, 4000), min_size=1, max_size=15),
    st.integers(4000, 9000),
    st.integers(6000, 11000),
)
def test_no_page_is_fuller_than_it_can_be(heights: list[int], first: int, other: int) -> None:
    counts = evenly_filled(heights, first, other, 1210)
    assert sum(counts) == len(heights)
    assert all(counts)
    at = 0
    for number, count in enumerate(counts):
        used = sum(heights[at : at + count]) + (1210 if number + 1 == len(counts) else 0)
        assert count == 1 or used <= (other if number else first)
        at += count


def test_a_heavier_line_stands_between_persons(settings: Settings) -> None:
    rows = rows_of(paper(settings, sheet_of(settings, Level.MEMBER, persons(3))))
    heavy = [row.find(f".//{W}tcBorders/{W}top") is not None for row in rows]
    assert heavy == ([True] + [False] * 4) * 3


@pytest.mark.parametrize(("weight", "marks"), [(50, ["甲", "乙"]), (0, [""])])
def test_a_class_counted_apart_has_one_mark_on_all_its_sheets(
    store: Store, settings: Settings, weight: int, marks: list[str]
) -> None:
    """A letter for all of a class, and none where all count alike."""
    info = make_round(settings, groups={"班子成员": weight, "中层干部": weight})
    jobs = preparation.prepare(settings, info, None, ["ballot"]).jobs
    found = [
        "".join(re.findall(r"<w:framePr .*?<w:t[^>]*>([^<]*)<", part(job.content())))
        for job in jobs
    ]
    assert sorted(found) == sorted(marks * 5)
