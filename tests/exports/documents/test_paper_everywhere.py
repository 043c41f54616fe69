"""The paper of a level is the same number everywhere, and says of what: 无票, 未登记, several
stacks of a group, a sheet for each person, shares of the people present."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from exports.parts import wording
from exports.parts.results import gather
from exports.text import tally_text
from exports.writing import preparation
from exports.writing.job import Job
from models.database.store import Store
from models.entry import first_entry
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.rounds import paper, polls
from models.rounds.plan import RoundInfo
from models.rounds.stacks import Stack, stacks
from models.seal import sealing
from models.settings.office import Settings
from tests.exports.reading import grids, text
from tests.exports.small import Team, key_all, make_round, only_poll
from tests.sealing import TELLERS

UNVERIFIED = RoundRules(verification=VerificationRule(every=0))
GROUPS = {"班子成员": 0, "中层干部": 0, "服务对象代表": 0}


def record(info: RoundInfo, counts: dict[int, tuple[int | None, int | None]]) -> None:
    paper.record_counts(only_poll(info).id, counts)


def of_level(info: RoundInfo, level: Level) -> list[Stack]:
    return [each for each in stacks(only_poll(info).id) if each.level is level]


def key(info: RoundInfo) -> None:
    """Key all paper that came back: one ballot in four void."""
    for stack in stacks(only_poll(info).id):
        entry = first_entry.enter(stack.stack_id) if stack.returned else None
        while entry and not entry.full:
            n = entry.entered
            entry.commit("" if n % 4 == 3 else str(1 + n % 2) * entry.size, int(n % 4 == 3))


def seal(info: RoundInfo, store: Store) -> None:
    sealing.seal(only_poll(info).id, TELLERS, store)


def written(settings: Settings, info: RoundInfo) -> dict[str, str]:
    """The text of every Word document of a round by kind, a kind's documents one after another."""
    jobs = preparation.prepare(settings, info).jobs
    alone = preparation.prepare(settings, info, [only_poll(info).id], ["report"]).jobs
    found: dict[str, str] = {}
    for job in (*jobs, *alone):
        if job.relative_path.suffix == ".docx":
            found[job.kind] = found.get(job.kind, "") + text(job.content()) + "\n"
    return found


def sheets(settings: Settings, info: RoundInfo) -> Iterator[Job]:
    jobs = preparation.prepare(settings, info, None, ["summary"]).jobs
    return (job for job in jobs if job.relative_path.suffix != ".docx")


def level_of(found: dict[str, Any], name: str) -> dict[str, Any]:
    (level,) = [each for each in found["levels"] if each["level"] == name]
    return dict(level)


# ── 无票 and 未登记 ──


@pytest.fixture
def without(store: Store, settings: Settings) -> RoundInfo:
    """The members' sheet was handed out to nobody, and that is registered; all else is keyed."""
    info = make_round(settings, rules=UNVERIFIED, groups=GROUPS)
    record(info, {each.stack_id: (0, 0) for each in of_level(info, Level.MEMBER)})
    key(info)
    return info


def test_a_level_without_paper_is_sealed_and_reported_as_that(
    without: RoundInfo, store: Store, settings: Settings
) -> None:
    seal(without, store)
    found = written(settings, without)
    for kind in ("summary", "count", "chief", "feedback", "report", "archive"):
        assert "无票" in found[kind], kind
    assert "对2名班子成员履行党风廉政建设责任制情况的测评，无票。" in found["report"]
    assert "测评票发出0张，收回0张（无票）。" in found["summary"]
    for form in ("plain", "github", "csv"):
        assert "无票" in tally_text(without, [only_poll(without)], form=form), form
    numbers = json.loads(tally_text(without, [only_poll(without)], form="json"))
    members = level_of(numbers, "班子成员")
    assert (members["issued"], members["returned"]) == (0, 0)
    assert members["paper"] == "发出0张，收回0张（无票）"
    for job in sheets(settings, without):
        content = job.content()
        if job.relative_path.suffix == ".csv":
            assert "无票" in content.decode()
        else:
            book = openpyxl.load_workbook(io.BytesIO(content))
            assert "无票" in "".join(str(c.value) for row in book["班子成员"] for c in row)


def test_a_poll_of_nobody_is_a_result_too(store: Store, settings: Settings) -> None:
    info = make_round(settings, rules=UNVERIFIED, groups=GROUPS, returned=0)
    seal(info, store)
    found = written(settings, info)
    assert "共发出测评票0张，收回0张（无票）。" in found["report"]
    assert "没有收回的票" not in found["count"]
    assert "无票" in found["archive"]
    assert "feedback" not in found


def test_paper_that_is_not_registered_is_no_zero(
    without: RoundInfo, store: Store, settings: Settings
) -> None:
    first, *rest = of_level(without, Level.MEMBER)
    record(without, {first.stack_id: (9, None), **{each.stack_id: (None, None) for each in rest}})
    with pytest.raises(sealing.UnsealableError) as refused:
        seal(without, store)
    where = [(each.code, each.where) for each in refused.value.findings]
    assert where == [("F104", f"班子成员 {group}") for group in GROUPS]
    numbers = json.loads(tally_text(without, [only_poll(without)], form="json"))
    members = level_of(numbers, "班子成员")
    assert (members["issued"], members["returned"]) == (9, None)
    assert members["paper"] == "发出9张，收回未登记"
    assert "发出9张，收回未登记" in tally_text(without, [only_poll(without)])
    assert "发出9张，收回未登记" in written_draft(settings, without)


def written_draft(settings: Settings, info: RoundInfo) -> str:
    jobs = preparation.prepare(settings, info, None, ["summary"]).jobs
    return "".join(text(job.content()) for job in jobs if job.relative_path.suffix == ".docx")


# ── several stacks of one group ──


def test_what_was_issued_to_a_group_is_printed_once(store: Store, settings: Settings) -> None:
    info = make_round(settings, rules=UNVERIFIED, groups=GROUPS)
    first = of_level(info, Level.TEAM)[1]
    second, third = (paper.add_stack(first.stack_id) for _ in range(2))
    record(info, {first.stack_id: (12, 6), second: (None, 4), third: (None, 0)})
    key(info)
    seal(info, store)
    (job,) = preparation.prepare(settings, info, None, ["count"]).jobs
    (table,) = [grid for grid in grids(job.content()) if grid[0][0] == "票种"]
    at = next(n for n, row in enumerate(table) if row[1] == first.group.name)
    assert [row[:7] for row in table[at : at + 4]] == [
        ["领导班子", "中层干部", "12", "10", "2", "8", "2"],
        ["领导班子", "其中第1批", "", "6", "", "5", "1"],
        ["领导班子", "其中第2批", "", "4", "", "3", "1"],
        ["领导班子", "其中第3批", "", "无票", "", "0", "0"],
    ]
    assert "以上各行均相符，分批收回的，发出数属于类别，各批列在其下。" in text(job.content())
    for row in table[1:]:
        if row[2]:
            issued, back, rest = (int(cell) for cell in row[2:5])
            assert issued == back + rest
        if row[3] != "无票":
            assert int(row[3]) == int(row[5]) + int(row[6])


# ── a sheet for each person ──


def paper_in(line: str) -> list[tuple[int, ...]]:
    pattern = r"发出(\d+)张，收回(\d+)张，有效(\d+)张，无效(\d+)张"
    return [tuple(map(int, match)) for match in re.findall(pattern, line)]


@pytest.mark.parametrize("same", [True, False])
def test_the_paper_of_a_level_of_several_sheets_is_one_number(
    store: Store, settings: Settings, *, same: bool
) -> None:
    """Of all its sheets, with how many they are; a person's own where only he is spoken of."""
    rules = replace(UNVERIFIED, member_sheet=MemberSheet.PERSON)
    team = Team(members=("李一", "赵二强", "孙三"))
    info = make_round(settings, teams=[team], rules=rules, groups=GROUPS)
    if not same:
        own = [each for each in of_level(info, Level.MEMBER) if each.subject == "孙三"]
        record(info, {own[0].stack_id: (11, 9), own[1].stack_id: (12, 3)})
    key(info)
    seal(info, store)
    members = of_level(info, Level.MEMBER)
    total = tuple(
        sum(getattr(each, name) for each in members)
        for name in ("issued", "returned", "valid", "void")
    )
    each_of = "36张" if same else "35至36张"
    words = f"一人一票，共3种，每种发出{each_of}，合计发出{total[0]}张，收回{total[1]}张"
    found = written(settings, info)
    assert words in found["summary"]
    assert words in found["chief"]
    assert f"一人一票，共3种，发出{total[0]}张，收回{total[1]}张" in found["summary"], (
        "of the round"
    )
    row = next(
        row
        for job in preparation.prepare(settings, info, None, ["report"]).jobs
        for grid in grids(job.content())
        for row in grid
        if row[0] == "班子成员（3种）"
    )
    assert (int(row[1]), int(row[2]), int(row[4]), int(row[5])) == total
    assert "一人一票的，票种后为种数" in found["report"]
    assert words in tally_text(info, [only_poll(info)])
    numbers = json.loads(tally_text(info, [only_poll(info)], form="json"))
    level = level_of(numbers, "班子成员")
    assert level["sheets"] == 3
    assert tuple(level[name] for name in ("issued", "returned", "valid", "void")) == total
    people = [each for each in numbers["subjects"] if each["level"] == "班子成员"]
    for each in people:
        mine = [stack for stack in members if stack.subject == each["name"]]
        assert each["issued"] == sum(stack.issued for stack in mine)
        assert each["returned"] == sum(stack.returned for stack in mine)
    letter = next(
        text(job.content())
        for job in preparation.prepare(settings, info, None, ["feedback"]).jobs
        if job.addressee == "孙三"
    )
    (line,) = [line for line in letter.split("\n") if "一人一票，本人的一种" in line]
    assert paper_in(line) == [tuple(people[-1][n] for n in ("issued", "returned", "valid", "void"))]
    explained = "".join(job.content().decode() for job in sheets(settings, info) if is_csv(job))
    rows = list(csv.DictReader(io.StringIO(explained.lstrip("\ufeff"))))
    assert {
        row["发出"]
        for row in rows
        if row["被测评对象"] == "孙三" and row["测评层级"] != "个人廉洁自律"
    } == {str(people[-1]["issued"])}
    for job in sheets(settings, info):
        if not is_csv(job):
            book = openpyxl.load_workbook(io.BytesIO(job.content()))
            said = "".join(str(cell.value) for row in book["说明"] for cell in row)
            assert f"共3种，各行为本人的一种，合计发出{total[0]}张，收回{total[1]}张" in said


def is_csv(job: Job) -> bool:
    return job.relative_path.suffix == ".csv"


def test_two_chiefs_have_two_sheets(store: Store, settings: Settings) -> None:
    info = make_round(settings, rules=UNVERIFIED, groups=GROUPS)
    level = gather(settings, info, only_poll(info)).levels[Level.CHIEF]
    assert wording.level_paper_words(level).startswith("发出36张")
    twice = replace(level, papers=level.papers * 2)
    assert wording.level_paper_words(twice).startswith(
        "一人一票，共2种，每种发出36张，合计发出72张，收回72张"
    )


# ── the people present ──

TRUST = {
    level: TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3, Denominator.PRESENT)
    for level in (Level.CHIEF, Level.MEMBER)
}


def present(info: RoundInfo, number: int) -> None:
    polls.change_poll(only_poll(info).id, date="2026-11-05", place="", expected=40, present=number)


@pytest.mark.parametrize(
    "rules", [RoundRules(denominator=Denominator.PRESENT, trust=TRUST), RoundRules(trust=TRUST)]
)
def test_who_was_not_registered_is_named_and_stands_before_the_seal(
    store: Store, settings: Settings, rules: RoundRules
) -> None:
    info = make_round(settings, rules=replace(rules, verification=UNVERIFIED.verification))
    key_all(info)
    for number, code in ((0, "F110"), (20, "F111")):
        present(info, number)
        with pytest.raises(sealing.UnsealableError) as refused:
            seal(info, store)
        assert {each.code for each in refused.value.findings} == {code}
    present(info, 0)
    jobs = preparation.prepare(settings, info, None, ["feedback", "summary", "chief"]).jobs
    for job in jobs:
        if job.relative_path.suffix == ".docx":
            said = text(job.content())
            assert "没有有效票" not in said
            assert "实到人数未登记" in said
    letters = [job for job in jobs if job.kind == "feedback"]
    assert all("应到40人，实到未登记" in text(job.content()) for job in letters)
    of_present = rules.denominator is Denominator.PRESENT
    assert (wording.PRESENT_UNKNOWN in tally_text(info, [only_poll(info)])) is of_present
    present(info, 40)
    seal(info, store)


@pytest.mark.parametrize("form", ["plain", "github", "csv", "json"])
def test_shares_by_group_say_why_they_are_not_given(
    store: Store, settings: Settings, form: str
) -> None:
    rules = replace(UNVERIFIED, denominator=Denominator.PRESENT)
    info = make_round(settings, rules=rules)
    key_all(info)
    present(info, 40)
    seal(info, store)
    polls_of: Sequence[polls.PollInfo] = [only_poll(info)]
    by_group = tally_text(info, polls_of, by_group=True, form=form)
    assert wording.PRESENT_NOT_BY_GROUP in by_group
    assert wording.PRESENT_UNKNOWN not in by_group
    assert wording.PRESENT_NOT_BY_GROUP not in tally_text(info, polls_of, form=form)


def test_a_base_that_an_earlier_version_sealed_too_small_is_said_to_be(
    store: Store, settings: Settings
) -> None:
    info = make_round(
        settings,
        rules=RoundRules(denominator=Denominator.PRESENT, sheet=SheetLines.OVERALL),
    )
    key_all(info)
    present(info, 20)
    assert wording.PRESENT_TOO_FEW in tally_text(info, [only_poll(info)])
    for job in preparation.prepare(settings, info).jobs:
        assert job.content()
