"""The public notice: bodies in numbers, persons only if asked, nobody's voters ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from exports.documents import public
from exports.parts.results import PollResults, gather
from exports.parts.wording import UNOFFICIAL
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, SheetLines
from models.rounds.polls import PollState
from models.settings.office import Settings
from tests.exports.gathered import gathered, with_documents, with_office
from tests.exports.reading import ResultRow, results, text
from tests.exports.small import key_all, make_round, only_poll

Audit = Callable[[bytes], list[str]]
UNIT = "白银市工商行政管理局"
PERSONS = ("正职", "班子成员", "个人廉洁自律")
GROUPS = ("班子成员", "中层干部", "一般干部职工", "服务对象代表")


@pytest.fixture(scope="module")
def poll(
    keyed_office: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> PollResults:
    found = gathered(keyed_office, tmp_path_factory.mktemp("public"), settings)
    return next(each for each in found if each.poll.unit_name == UNIT)


def check(row: ResultRow, place: dict[str, Any], valid: int) -> None:
    assert (row.blank, row.overvote) == (place["blank"], place["overvote"])
    for grade, votes in place["grades"].items():
        share = (Decimal(votes * 100) / valid).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert row.grades[grade] == (votes, f"{share}%")


def test_bodies_have_the_counts_that_are_expected(
    poll: PollResults, expected: dict[str, Any]
) -> None:
    document = public.document(poll)
    tables = results(document)
    assert len(tables) == 2
    for name, rows in zip(("领导班子", "纪检监察机关"), tables, strict=True):
        level = expected[UNIT][name]
        for row, place in zip(rows, level["subjects"][0]["places"], strict=True):
            check(row, place, level["valid"])
        assert f"有效{level['valid']}张，无效{level['void']}张" in text(document)


def test_persons_are_only_counted(poll: PollResults) -> None:
    words = text(public.document(poll))
    for person in poll.persons():
        assert person.subject.name not in words
        assert person.subject.post not in words
    assert (
        "对正职1人、班子成员5人履行党风廉政建设责任制情况，对领导干部6人遵守廉洁自律规定情况"
        "进行了测评。个人的测评结果分别反馈本人，不在此公开。"
    ) in words


def test_persons_are_shown_if_the_office_wants_it(
    poll: PollResults, expected: dict[str, Any]
) -> None:
    document = public.document(with_documents(poll, public_persons=True))
    by_name = dict(
        zip(
            ("领导班子", "正职", "班子成员", "纪检监察机关", "个人廉洁自律"),
            results(document),
            strict=True,
        )
    )
    for name in PERSONS:
        level = expected[UNIT][name]
        for row, subject in zip(by_name[name], level["subjects"], strict=True):
            assert row.leads["姓名"].replace("\u3000", "") == subject["name"]
            check(row, subject["places"][-1], level["valid"])
    assert "不在此公开" not in text(document)


def test_nothing_of_a_voter_group_and_nothing_held_against_a_rule(poll: PollResults) -> None:
    assert poll.round.rules.trust
    for shown in (False, True):
        words = text(public.document(with_documents(poll, public_persons=shown)))
        # Groups are named once, as who took part, without a number.
        assert words.count("、".join(GROUPS)) == 1
        rest = words.replace("、".join(GROUPS), "")
        assert "中层干部" not in rest
        assert "服务对象代表" not in rest
        assert "信任票" not in words
        assert "达到" not in words


def test_blanks_stay_blank(poll: PollResults) -> None:
    words = text(public.document(poll))
    assert re.search(r"现将测评结果在　{6,}范围内公开反馈如下。", words)
    assert re.search(r"公开时间为　+天。\n起止日期：　+年　+月　+日至　+月　+日。", words)
    assert "异议" not in words


def test_what_the_office_set_is_printed(poll: PollResults) -> None:
    own = with_documents(
        poll, public_scope="本单位全体干部职工", public_days=5, objection="请向省局监察室反映。"
    )
    words = text(public.document(with_office(own, signature="某局办公室")))
    assert "现将测评结果在本单位全体干部职工范围内公开反馈如下。" in words
    assert "公开时间为5天。" in words
    letters = with_documents(poll, objection="收到本反馈书之日起10日内提出。")
    assert "本反馈书" not in text(public.document(letters))
    assert "对测评结果有异议的，请向省局监察室反映。" in words
    assert "\n某局办公室\n" in words


def test_what_is_not_sealed_is_marked(poll: PollResults) -> None:
    assert UNOFFICIAL not in text(public.document(poll))
    waiting = replace(poll, poll=replace(poll.poll, state=PollState.REOPENED))
    assert f"（{UNOFFICIAL}）" in text(public.document(waiting))


def test_no_opinions_and_no_grades_that_people_fixed(poll: PollResults) -> None:
    team = poll.levels[Level.TEAM].subjects[0].subject.id
    assert "教育不够" not in text(public.document(replace(poll, opinions={team: "教育不够。"})))
    assert "研究确定" not in text(public.document(poll))


@pytest.mark.parametrize("shown", [False, True])
def test_valid_and_the_same_each_time(poll: PollResults, audit: Audit, shown: bool) -> None:
    own = with_documents(poll, public_persons=shown)
    document = public.document(own)
    assert audit(document) == []
    assert public.document(own) == document


def test_items_only_sheets_show_items_of_persons(
    store: Store, settings: Settings, audit: Audit
) -> None:
    info = make_round(settings, rules=RoundRules(sheet=SheetLines.ITEMS))
    key_all(info)
    found = with_documents(gather(settings, info, only_poll(info)), public_persons=True)
    document = public.document(found)
    assert audit(document) == []
    assert [len(rows) for rows in results(document)] == [7, 5, 8, 4, 6]
    names = [row.leads["姓名"] for row in results(document)[2]]
    assert names == ["李　一"] * 4 + ["赵二强"] * 4
