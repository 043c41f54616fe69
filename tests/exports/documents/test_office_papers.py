"""The papers of an office that state no result: lists to sign, slips, the chair's words, forms."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from exports.documents.kinds import KINDS
from exports.writing.job import Job
from exports.writing.preparation import prepare
from models.database.store import Store
from models.database.tables import Round
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.results import delivery, opinions
from models.results.delivery import Handover
from models.rounds import life, subjects
from models.rounds.plan import RoundInfo
from models.seal import sealing
from models.settings.office import Settings
from tests.exports.reading import grids, part, text
from tests.offices import only_poll
from tests.sealing import TELLERS, correct_one, keyed_round, sealed_round

Audit = Callable[[bytes], list[str]]
BEFORE = ("script", "issue")
AFTER = ("deliveries", "bag", "transfer", "rectification", "destruction")
UNIT = "甲县工商行政管理局"


def one(settings: Settings, info: RoundInfo, kind: str) -> Job:
    (job,) = prepare(settings, info, kinds=[kind])
    return job


@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_it_is_valid_repeats_and_tells_no_vote(
    store: Store, settings: Settings, audit: Audit, kind: str
) -> None:
    info, _ = sealed_round(settings, store)
    content = one(settings, info, kind).content()
    assert audit(content) == []
    assert content == one(settings, info, kind).content()
    assert not re.search(r"\d票|%|得票率", text(content))


@pytest.mark.parametrize("kind", AFTER)
def test_what_follows_the_count_waits_for_the_seal(
    store: Store, settings: Settings, kind: str
) -> None:
    info = keyed_round(settings)
    with pytest.raises(RefusedError, match=f"{KINDS[kind].name}在封存后才有"):
        prepare(settings, info, kinds=[kind])
    for before in BEFORE:
        assert one(settings, info, before).content()


def test_papers_of_a_corrected_unit_say_which_seal_they_go_with(
    store: Store, settings: Settings
) -> None:
    info, _ = sealed_round(settings, store)
    kinds = ("deliveries", "bag", "transfer", "comparison")
    said = ("结果封存后经过更正", "第2次封存", "第2次封存", f"{UNIT}：本结果经更正")
    for kind, words in zip(kinds, said, strict=True):
        assert words not in text(one(settings, info, kind).content())
    correct_one(info, store)
    for kind, words in zip(kinds, said, strict=True):
        assert words in text(one(settings, info, kind).content())


def test_rows_of_a_form_fill_the_page_before_the_next_section(
    store: Store, settings: Settings
) -> None:
    """What follows them is long, so none is kept with it."""
    info, _ = sealed_round(settings, store)
    document = one(settings, info, "rectification").content()
    *_, last = re.findall("<w:tr>.*?</w:tr>", part(document))
    assert "<w:keepNext/>" not in last


def test_who_gets_a_letter_signs_for_it(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    due = next(due for due in delivery.dues(only_poll(info)) if due.kind is Handover.FEEDBACK)
    assert due.subject
    delivery.hand_over(due.poll.id, due.kind, due.subject.id, on=due.not_before, way="当面反馈")
    (table,) = grids(one(settings, info, "deliveries").content())
    letters = [each for each in delivery.dues(only_poll(info)) if each.kind is not Handover.ARCHIVE]
    assert len(table) == len(letters) + 1
    assert [row[5] for row in table[1:]] == ["当面反馈", *[""] * (len(letters) - 1)]
    assert {row[6] for row in table[1:]} == {""}, "signed by hand"


def test_the_bag_holds_what_came_back(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    for kind in ("bag", "transfer"):
        assert "合计100张（含无效票）" in text(one(settings, info, kind).content())
    (table, _) = grids(one(settings, info, "destruction").content())
    assert [row[4] for row in table[1:]] == ["100", "100"]


def test_the_chair_follows_the_rules_of_the_round(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    words = text(one(settings, info, "script").content())
    assert "同志们：" in words
    for title in {settings.levels[level].sheet_title for level in Level}:
        assert f"《{title}》" in words
    assert "收回多于发出的，测评无效，重新测评。" in words
    Round.update(gathering="分散").where(Round.id == info.id).execute()
    with pytest.raises(RefusedError, match="不开会，不需要主持词"):
        prepare(settings, life.find_by_id(info.id), kinds=["script"])


def test_the_notice_names_no_signer(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    words = text(one(settings, info, "issue").content())
    assert "签发人" not in words
    assert f"\n{UNIT}：\n" in words
    assert f"附件：1.{info.title}实施方案" in words
    assert "2.民主测评票（票样，共5种）" in words


@pytest.mark.parametrize(
    ("conducted", "to"),
    [("上级抽测", "中共甘肃省工商行政管理局党组"), ("本级自测", "中共甘肃省工商行政管理局党组")],
)
def test_a_unit_answers_its_superior(
    store: Store, settings: Settings, conducted: str, to: str
) -> None:
    info = keyed_round(settings)
    team = subjects.subjects(only_poll(info).id)[Level.TEAM][0]
    opinions.summarise(team.id, "制度落实还不够。")
    Round.update(conducted=conducted).where(Round.id == info.id).execute()
    sealing.seal(only_poll(info).id, TELLERS, store)
    words = text(one(settings, life.find_by_id(info.id), "rectification").content())
    assert f"\n{to}：\n" in words
    assert f"\n中共{UNIT}党组\n" in words
    assert "一、反馈的问题\n制度落实还不够。\n" in words
