"""Who signs and who is reported to: the office, or a unit that tests itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports.documents import chief, feedback, report
from exports.parts.results import PollResults, gather
from exports.writing import preparation
from models.database.store import Store
from models.database.tables import Round
from models.regulation.levels import Level
from models.regulation.rules import MemberSheet, RoundRules
from models.results.determination import Determination
from models.rounds import life
from models.settings.office import Settings
from tests.exports.gathered import with_documents
from tests.exports.reading import grids, text
from tests.exports.small import key_all, make_round, only_poll, seal_all

UNIT = "甲县工商行政管理局"
OFFICE = "甘肃省工商行政管理局"
SIGNED = "党风廉政建设责任制考核领导小组办公室"


def results(settings: Settings, conducted: str) -> PollResults:
    info = make_round(settings)
    Round.update(conducted=conducted).where(Round.id == info.id).execute()
    key_all(info)
    seal_all(info)
    info = life.find_by_id(info.id)
    return gather(settings, info, only_poll(info))


@pytest.mark.parametrize(
    ("conducted", "signs", "group", "superior"),
    [
        ("本级自测", UNIT, f"中共{UNIT}党组", f"中共{OFFICE}党组"),
        ("上级抽测", OFFICE, f"中共{OFFICE}党组", ""),
    ],
)
def test_who_organizes_signs_and_is_reported_to(
    store: Store, settings: Settings, conducted: str, signs: str, group: str, superior: str
) -> None:
    found = results(settings, conducted)
    for letter in (chief.document(found), feedback.document(found, found.persons()[0])):
        lines = text(letter).split("\n")
        assert signs in lines
        assert SIGNED in lines
    # The slip goes back to who signed.
    assert f"{signs}{SIGNED}：" in text(feedback.document(found, found.persons()[0]))
    lines = text(report.document([found])).split("\n")
    assert lines.count(group) >= 2, "the red head, the title and the signature"
    if superior:
        assert f"{superior}：" in lines
    (job,) = preparation.prepare(settings, found.round, [found.poll.id], ["report"])
    assert job.addressee == superior


def test_what_is_about_all_units_is_the_offices(store: Store, settings: Settings) -> None:
    found = results(settings, "本级自测")
    jobs = preparation.prepare(settings, found.round, None, ["summary", "report"])
    whole = {
        job.kind: text(job.content())
        for job in jobs
        if job.poll_id is None and job.relative_path.suffix == ".docx"
    }
    assert f"组织单位：{OFFICE}" in whole["summary"]
    assert f"中共{OFFICE}党组\n" in whole["report"]


def test_a_decided_grade_is_told_only_where_the_office_wants_it(
    store: Store, settings: Settings
) -> None:
    found = results(settings, "上级抽测")
    person = found.persons()[0]
    who = person.levels[0][1].subject.id
    fixed = Determination(who, "称职", "2026-12-01", "第12次会议", "省局党组", "", in_force=True)
    found = replace(found, determinations={who: fixed})
    words = "2026年12月1日，经省局党组第12次会议研究确定，等次为“称职”。"
    assert words not in text(feedback.document(found, person))
    told = with_documents(found, grade_in_feedback=True)
    assert words in text(feedback.document(told, person))
    assert feedback.field_values(told, person)["研究等次"] == [
        f"履行党风廉政建设责任制情况：{words}"
    ]


def test_the_paper_of_persons_with_a_sheet_each_is_a_table(
    store: Store, settings: Settings
) -> None:
    info = make_round(settings, rules=RoundRules(member_sheet=MemberSheet.PERSON))
    key_all(info, seed=5)
    found = gather(settings, info, only_poll(info))
    members = found.levels[Level.MEMBER].subjects
    assert len({each.paper for each in members}) > 1
    document = chief.document(found)
    (table,) = [
        grid for grid in grids(document) if grid[0] == ["姓名", "发出", "收回", "有效", "无效"]
    ]
    assert [row[3] for row in table[1:]] == [str(each.paper.valid) for each in members]
    assert "其中李一发出" not in text(document)
