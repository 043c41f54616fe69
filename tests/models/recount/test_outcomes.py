"""复核等次、意见、送达: what was set after a seal stands in the chain, and nothing else does."""

import datetime
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.database.tables import database
from models.imports import roster_import
from models.recount import examination
from models.regulation.levels import Level
from models.results import delivery, determination, opinions
from models.results.delivery import Handover
from models.roster import cadres, edit
from models.rounds.subjects import subjects
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import sealed_round
from tui.commands.demo import SAMPLE_OFFICE

TODAY = datetime.date.today().isoformat()


@pytest.fixture
def decided(store: Store, settings: Settings) -> Path:
    """A sealed office with a grade, a summary and deliveries, one of them taken back."""
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    (chief,) = subjects(poll.id)[Level.CHIEF]
    opinions.summarise(chief.id, "希望多到基层走走。")
    determination.determine(
        chief.id, grade="称职", on=TODAY, meeting="党组会〔等次1 无〕", by="局党组", basis=""
    )
    delivery.hand_over(poll.id, Handover.FEEDBACK, chief.id, on=TODAY, way="当面反馈")
    delivery.hand_over(poll.id, Handover.CHIEF, None, on=TODAY, way="邮寄")
    delivery.take_back(poll.id, Handover.CHIEF, None)
    delivery.hand_over_alike(
        [due for due in delivery.dues(poll) if due.kind is Handover.ARCHIVE], on=TODAY, way="归档"
    )
    return store.path


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE determination SET grade = '优秀'", "与操作日志的记录不符"),
        ("UPDATE opinion SET text = '好'", "与操作日志的记录不符"),
        ("UPDATE delivery SET signed_by = '他人' WHERE kind = 'feedback'", "与操作日志的记录不符"),
        ("DELETE FROM determination", "登记的等次"),
        ("DELETE FROM opinion", "登记的意见"),
        ("DELETE FROM delivery WHERE kind = 'archive'", "登记的送达"),
        ("UPDATE delivery SET seal_version = 2", "在操作日志里没有记录"),
        ("UPDATE opinion SET subject_id = subject_id + 1", "在操作日志里没有记录"),
        (
            'INSERT INTO delivery (poll_id, kind, subject_id, "on", way, signed_by, signed_on, '
            "seal_version) VALUES (1, 'chief', NULL, '2026-01-01', '邮寄', '', '', 1)",
            "在操作日志里没有记录",
        ),
    ],
)
def test_a_row_that_the_chain_does_not_know_is_a_fault(
    decided: Path, statement: str, says: str
) -> None:
    assert examination.differences(decided) == []
    with closing(sqlite3.connect(decided)) as file, file:
        file.execute(statement)
    found = examination.differences(decided)
    assert any(says in fault for fault in found), found


def test_what_an_earlier_program_set_is_entered_when_it_is_migrated(
    decided: Path, store: Store, tmp_path: Path
) -> None:
    old = Path(shutil.copy(decided, tmp_path / "old.db"))
    store.close()
    old = Path(shutil.copy(decided, tmp_path / "old.db"))
    with closing(sqlite3.connect(old)) as file, file:
        file.execute("DROP TABLE identity")
        file.execute("PRAGMA user_version = 3")
    assert examination.differences(old) == []
    opened = open_store(old)
    entries = database.execute_sql(
        "SELECT count(*) FROM journal WHERE act = '登记早于本版的结果'"
    ).fetchone()
    opened.close()
    assert entries[0] > 3
    assert examination.differences(old) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cadre SET name = '他人' WHERE id = 1",
        "UPDATE cadre SET archive_no = 'X9' WHERE id = 2",
        "DELETE FROM post WHERE cadre_id = 1; DELETE FROM cadre WHERE id = 1",
    ],
)
def test_who_is_who_is_in_the_chain(store: Store, tmp_path: Path, statement: str) -> None:
    roster_import.apply(roster_import.plan(SAMPLE_OFFICE / "roster.xlsx"), store)
    assert examination.differences(store.path) == []
    old = cadres.all_cadres()[0]
    person = cadres.Person(name=old.name, archive_no="Z1")
    edit.save_cadre(
        person, cadres.PostDetails(unit_id=old.unit_id or 0, role=old.role), cadre_id=old.id
    )
    assert examination.differences(store.path) == []
    with closing(sqlite3.connect(store.path)) as file:
        file.executescript(statement)
    found = examination.differences(store.path)
    assert any("干部的姓名或档案号" in fault for fault in found), found
    assert not any("干部的姓名或档案号" in fault for fault in examination.damage(store.path))
