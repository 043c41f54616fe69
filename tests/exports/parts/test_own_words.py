"""Letters in the office's own words: what its ceping.toml changes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exports.documents import chief, feedback, plan, public, report
from exports.documents.kinds import load_settings
from exports.parts.results import PollResults, gather
from models.count.tally import LevelTally
from models.database.store import Store
from models.regulation.levels import Level
from models.settings.office import Settings
from tests.exports.reading import results as tables
from tests.exports.reading import text
from tests.exports.small import Team, key_all, make_round, only_poll
from tests.offices import write

Audit = Callable[[bytes], list[str]]
HOSTILE = "{姓名}[根据]<w:b/>&{{ 单位 }}"


@pytest.fixture
def unit(store: Store, settings: Settings) -> PollResults:
    info = make_round(settings, teams=[Team(name="甲县工商行政管理局")])
    key_all(info)
    return gather(settings, info, only_poll(info))


def reworded(unit: PollResults, folder: Path, toml: str) -> PollResults:
    return replace(unit, documents=load_settings(write(folder, "own.toml", toml)).documents)


def test_the_persons_letter_in_other_words(unit: PollResults, tmp_path: Path, audit: Audit) -> None:
    toml = (
        "[documents.wording.feedback]\n"
        'title = "{单位}\\n民主测评结果告知书"\n'
        'salutation = "{职务}{姓名}同志："\n'
        'opening = "按照{全部依据}的要求，{日期}进行了测评。\\n结果如下。"\n'
        'closing = "此致\\n敬礼！"\n'
        'receipt = "今收到《{标题}》一份。"\n'
    )
    person = unit.persons()[1]
    ours = feedback.document(unit, person)
    document = feedback.document(reworded(unit, tmp_path, toml), person)
    lines = text(document).split("\n")
    assert lines[:2] == ["甲县工商行政管理局", "民主测评结果告知书"]
    assert "党组成员、副局长李一同志：" in lines
    at = lines.index("结果如下。")
    assert lines[at - 1].startswith("按照中共中央、国务院《关于")
    assert lines[at - 1].endswith("的要求，2026年11月5日进行了测评。")
    assert lines[lines.index("此致") + 1] == "敬礼！"
    assert "今收到《甲县工商行政管理局民主测评结果告知书》一份。" in lines
    assert not {"特此反馈。", "李一同志："} & set(lines)
    assert tables(document) == tables(ours)
    assert audit(document) == []


def test_a_letter_without_closing_words_and_return_slip(
    unit: PollResults, tmp_path: Path, audit: Audit
) -> None:
    toml = '[documents.wording.feedback]\nclosing = ""\nreceipt = ""\n'
    document = feedback.document(reworded(unit, tmp_path, toml), unit.persons()[0])
    assert not {"特此反馈。", "回　执"} & set(text(document).split("\n"))
    assert text(document).endswith("年　　月　　日")
    assert audit(document) == []


def test_an_office_without_basis_says_nothing_of_one(unit: PollResults) -> None:
    bare = replace(unit, office=replace(unit.office, basis=()))
    for document in (feedback.document(bare, unit.persons()[0]), chief.document(bare)):
        assert "根据《" not in text(document)
        assert "\n2026年11月5日，以无记名投票方式" in text(document)


def test_the_objection_is_worded_and_left_out_without_a_channel(
    unit: PollResults, tmp_path: Path
) -> None:
    wording = '[documents.wording.feedback]\nobjection = "[如有不同意见，{异议}]"\n'
    person = unit.persons()[0]
    assert "不同意见" not in text(feedback.document(reworded(unit, tmp_path, wording), person))
    toml = f'[documents]\nobjection = "可在10日内提出。"\n{wording}'
    words = text(feedback.document(reworded(unit, tmp_path, toml), person))
    assert "如有不同意见，可在10日内提出。" in words


def test_the_chiefs_letter_and_that_to_a_party_group(unit: PollResults, tmp_path: Path) -> None:
    toml = (
        "[documents.wording.chief]\n"
        'salutation = "{单位}第一责任人{姓名}同志："\n'
        'party_salutation = "中共{单位}党组："\n'
        'party_opening = "{年度}年度测评结果如下。"\n'
    )
    own = reworded(unit, tmp_path, toml)
    assert "甲县工商行政管理局第一责任人王正同志：" in text(chief.document(own))
    levels: dict[Level, LevelTally] = dict(own.levels)
    del levels[Level.CHIEF]
    words = text(chief.document(replace(own, levels=levels)))
    assert "\n中共甲县工商行政管理局党组：\n2026年度测评结果如下。\n" in words


def test_a_name_is_text_and_never_a_field(unit: PollResults, audit: Audit) -> None:
    person = unit.persons()[0]
    hostile = replace(person, subject=replace(person.subject, name=HOSTILE))
    document = feedback.document(unit, hostile)
    assert f"\n{HOSTILE}同志：\n" in text(document)
    assert audit(document) == []


def test_the_notice_the_report_and_the_plan_in_other_words(
    unit: PollResults, settings: Settings, tmp_path: Path, audit: Audit
) -> None:
    toml = (
        "[documents.wording.public]\n"
        'title = "{单位}\\n测评结果公示"\n'
        'opening = "[依照{依据}，]现将结果在{公开范围}公示。"\n'
        'closing = "特此公示。"\n'
        "[documents.wording.report]\n"
        'closing = "以上报告，请审阅。"\n'
        "[documents.wording.plan]\n"
        'opening = "为做好{年度}年度测评工作，{机关}制定本方案。"\n'
    )
    own = reworded(unit, tmp_path, toml)
    notice, upward = public.document(own), report.document([own])
    contents = settings.levels
    before = plan.document(own.office, own.documents, own.round, [], contents, ())
    assert text(notice).startswith("甲县工商行政管理局\n测评结果公示\n")
    assert f"》，现将结果在{'　' * 10}公示。" in text(notice)
    assert "\n特此公示。\n" in text(notice)
    assert "特此反馈" not in text(notice)
    assert "\n以上报告，请审阅。\n" in text(upward)
    assert "特此报告" not in text(upward)
    opening = "为做好2026年度测评工作，甘肃省工商行政管理局制定本方案。方案所注条款，"
    assert opening in text(before)
    for document in (notice, upward, before):
        assert audit(document) == []
