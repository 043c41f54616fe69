"""What a sealed poll owes, and how it is entered as handed over."""

import datetime
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.database import proof
from models.database.store import Store, open_store
from models.recount import examination
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.results import delivery, opinions
from models.results.delivery import Handover
from models.rounds import life, polls, subjects
from models.rounds import subjects as persons
from models.rounds.layout import SubjectName
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, correct_one, keyed_round, rows, sealed_round

TODAY = datetime.date.today().isoformat()


def test_nothing_is_owed_before_the_seal(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    poll = only_poll(info)
    assert delivery.dues(poll) == []
    with pytest.raises(RefusedError, match="还没有封存"):
        delivery.hand_over(poll.id, Handover.CHIEF, None, on=TODAY, way="当面反馈")
    sealing.seal(poll.id, TELLERS, store)
    people = len(persons.persons(subjects.subjects(poll.id)))
    assert delivery.owed(delivery.dues_of_round(info.id)) == {
        Handover.FEEDBACK: people,
        Handover.CHIEF: 1,
        Handover.ARCHIVE: people,
    }


def test_a_letter_is_owed_until_its_receipt_is_back_an_entry_until_it_is_filed(
    store: Store, settings: Settings
) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    first = persons.persons(subjects.subjects(poll.id))[0].subject

    def owed(kind: Handover) -> int:
        return delivery.owed(delivery.dues_of_round(info.id))[kind]

    before = {kind: owed(kind) for kind in Handover}
    delivery.hand_over(poll.id, Handover.FEEDBACK, first.id, on=TODAY, way="书面送达")
    assert owed(Handover.FEEDBACK) == before[Handover.FEEDBACK]
    delivery.hand_over(
        poll.id,
        Handover.FEEDBACK,
        first.id,
        on=TODAY,
        way="书面送达",
        signed_by=first.name,
        signed_on=TODAY,
    )
    assert owed(Handover.FEEDBACK) == before[Handover.FEEDBACK] - 1
    delivery.hand_over(poll.id, Handover.ARCHIVE, first.id, on=TODAY, way="归档")
    assert owed(Handover.ARCHIVE) == before[Handover.ARCHIVE] - 1
    delivery.take_back(poll.id, Handover.ARCHIVE, first.id)
    delivery.take_back(poll.id, Handover.ARCHIVE, first.id)
    assert owed(Handover.ARCHIVE) == before[Handover.ARCHIVE]
    assert owed(Handover.CHIEF) == 1


def test_a_correction_makes_due_again_what_it_changed_and_keeps_it_in_sight(
    store: Store, settings: Settings
) -> None:
    """One mark of the first member is corrected: his letter, his entry and the unit's letter are
    due again; those of all others stand."""
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    signed = {"on": TODAY, "way": "书面送达", "signed_by": "本人", "signed_on": TODAY}
    for due in delivery.dues(poll):
        who = due.subject.id if due.subject else None
        archived = due.kind is Handover.ARCHIVE
        how = {"on": TODAY, "way": "归档"} if archived else signed
        delivery.hand_over(poll.id, due.kind, who, **how)
    first = {(due.kind, due.subject): due.delivery for due in delivery.dues(poll)}
    assert not any(delivery.owed(delivery.dues(poll)).values())
    member = subjects.subjects(poll.id)[Level.MEMBER][0]
    correct_one(info, store)
    poll = polls.find_by_id(poll.id)
    found = delivery.dues(poll)
    again = {(due.kind, due.subject): due.before for due in found if due.again}
    assert list(again) == [
        (Handover.FEEDBACK, member),
        (Handover.CHIEF, None),
        (Handover.ARCHIVE, member),
    ]
    assert again == {key: first[key] for key in again}
    assert sum(delivery.owed(found).values()) == delivery.owed_again(found) == 3
    # Handed over again: what was before the correction stays in sight.
    delivery.hand_over(poll.id, Handover.FEEDBACK, member.id, **signed | {"way": "当面反馈"})
    (letter,) = [
        due
        for due in delivery.dues(poll)
        if due.kind is Handover.FEEDBACK and due.subject == member
    ]
    assert letter.delivery
    assert letter.before
    assert (letter.delivery.way, letter.before.way) == ("当面反馈", "书面送达")
    assert not letter.owed
    # A receipt that comes late for a result that did not change belongs to the entry of before.
    (chief,) = subjects.subjects(poll.id)[Level.CHIEF]
    delivery.hand_over(poll.id, Handover.FEEDBACK, chief.id, **signed | {"signed_by": "代收"})
    mine = [due for due in delivery.dues(poll) if due.subject == chief and not due.owed]
    assert [due.version for due in mine] == [1, 1]
    assert examination.differences(store.path) == []


def test_a_poll_opened_again_owes_nothing(store: Store, settings: Settings) -> None:
    poll = only_poll(sealed_round(settings, store)[0])
    sealing.reopen(poll.id, "查看", TWO)
    assert delivery.dues(polls.find_by_id(poll.id)) == []


def test_a_seal_without_a_change_makes_nothing_due_again(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    delivery.hand_over(poll.id, Handover.CHIEF, None, on=TODAY, way="邮寄")
    sealing.reopen(poll.id, "查看", TWO)
    sealing.seal(poll.id, TELLERS, store)
    assert delivery.owed_again(delivery.dues(polls.find_by_id(poll.id))) == 0
    assert next(d for d in delivery.dues(poll) if d.kind is Handover.CHIEF).delivery


def test_deliveries_of_before_are_given_the_seal_that_they_rest_on(
    store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of version 4: one letter of before a correction, one of after."""
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    (chief,) = subjects.subjects(poll.id)[Level.CHIEF]
    member = subjects.subjects(poll.id)[Level.MEMBER][0]
    monkeypatch.setattr(proof, "delivery_key", lambda poll, kind, who, _: f"{poll}/{kind}/{who}")
    delivery.hand_over(poll.id, Handover.FEEDBACK, chief.id, on=TODAY, way="邮寄")
    sealing.reopen(poll.id, "查看", TWO)
    sealing.seal(poll.id, TELLERS, store)
    delivery.hand_over(poll.id, Handover.FEEDBACK, member.id, on=TODAY, way="邮寄")
    store.close()
    monkeypatch.undo()
    old = Path(shutil.copy(store.path, tmp_path / "old.db"))
    with closing(sqlite3.connect(old)) as file, file:
        file.execute("DROP INDEX delivery_poll_id_kind_subject_id_seal_version")
        file.execute("ALTER TABLE delivery DROP COLUMN seal_version")
        file.execute(
            "CREATE UNIQUE INDEX delivery_poll_id_kind_subject_id "
            "ON delivery (poll_id, kind, subject_id)"
        )
        file.execute("PRAGMA user_version = 4")
    assert examination.differences(old) == []
    open_store(old).close()
    assert rows(old, "SELECT seal_version FROM delivery ORDER BY id") == [(1,), (2,)]
    assert examination.differences(old) == []


def test_what_goes_to_the_unit_is_registered_once(store: Store, settings: Settings) -> None:
    poll = only_poll(sealed_round(settings, store)[0])
    for way in ("当面反馈", "机要交换"):
        delivery.hand_over(poll.id, Handover.CHIEF, None, on=TODAY, way=way)
    (due,) = [due for due in delivery.dues(poll) if due.kind is Handover.CHIEF]
    assert due.delivery
    assert due.delivery.way == "机要交换"


def test_all_faults_are_named(store: Store, settings: Settings) -> None:
    poll = only_poll(sealed_round(settings, store)[0])
    with pytest.raises(RefusedError) as refused:
        delivery.hand_over(
            poll.id, Handover.CHIEF, None, on="2020-01-01", way=" ", signed_by="王正"
        )
    for words in ("送达日期", "送达方式", "签收人和签收日期"):
        assert words in str(refused.value)
    with pytest.raises(RefusedError, match="已不在轮次中"):
        delivery.hand_over(poll.id, Handover.FEEDBACK, 999, on=TODAY, way="邮寄")


def test_letters_are_delivered_after_the_round_is_closed(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    life.close_round(info.id)
    delivery.hand_over(only_poll(info).id, Handover.CHIEF, None, on=TODAY, way="邮寄")


def test_the_same_person_at_two_levels_is_one_and_namesakes_are_two() -> None:
    def who(number: int, name: str, cadre_id: int | None = None) -> SubjectName:
        return SubjectName(number, name, "副局长", cadre_id)

    found = persons.persons(
        {
            Level.CHIEF: [who(1, "王正", 7)],
            Level.MEMBER: [who(2, "李一"), who(3, "李一")],
            Level.INTEGRITY: [who(4, "王正", 7), who(5, "李一"), who(6, "李一")],
        }
    )
    assert [[each.id for _, each in person.levels] for person in found] == [[1, 4], [2, 5], [3, 6]]


def test_opinions_are_kept_replaced_and_taken_away(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    poll_id = only_poll(info).id
    team = subjects.subjects(poll_id)[Level.TEAM][0].id
    opinions.summarise(team, "  希望加强\x07监督。\n 多下基层。")
    assert opinions.opinions(poll_id) == {team: "希望加强监督。 多下基层。"}
    with pytest.raises(RefusedError, match="最多 1000 字"):
        opinions.summarise(team, "多" * 1001)
    opinions.summarise(team, " ")
    assert opinions.opinions(poll_id) == {}
    life.close_round(info.id)
    with pytest.raises(RefusedError, match="不在进行中"):
        opinions.summarise(team, "好")
