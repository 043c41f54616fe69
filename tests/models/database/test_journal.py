"""操作日志: a chain that can only grow."""

import hashlib

import pytest
from peewee import IntegrityError

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import Store
from models.database.tables import Journal, database
from models.settings.office import Settings
from tests.offices import sample_round

pytestmark = pytest.mark.usefixtures("store")


def chained() -> bool:
    """Whether every entry's digest follows from its fields and the one before."""
    previous = "0" * 64
    for row in Journal.select().order_by(Journal.id):
        fields = (previous, row.at, row.who, row.act, row.subject, row.detail)
        digest = hashlib.sha256("\x1f".join(fields).encode()).hexdigest()
        if (row.previous, row.digest) != (previous, digest):
            return False
        previous = digest
    return True


def test_entries_are_chained(store: Store, settings: Settings) -> None:
    sample_round(settings, store)
    assert Journal.select().count() > 20
    assert chained()


def test_what_an_entry_says() -> None:
    journal.record(JournalAct.MAKE_ROUND, "对象", "细节")
    journal.record(JournalAct.OPEN_ROUND, "对象")
    newest, oldest = journal.entries()
    assert (oldest.act, oldest.subject, oldest.detail) == ("新建轮次", "对象", "细节")
    assert newest.number == oldest.number + 1
    assert oldest.who
    assert len(oldest.at) == len("2026-11-05T10:00:00+08:00")
    assert [entry.act for entry in journal.entries(1)] == ["启动轮次"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET detail = '改过'",
        "UPDATE journal SET id = 99 WHERE id = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE id = 2",
    ],
)
def test_an_entry_can_neither_be_changed_nor_removed(statement: str) -> None:
    journal.record(JournalAct.MAKE_ROUND, "对象")
    journal.record(JournalAct.OPEN_ROUND, "对象")
    with pytest.raises(IntegrityError, match="append-only"):
        database.execute_sql(statement)
    assert chained()
    assert Journal.select().count() == 2


def test_a_changed_entry_breaks_the_chain() -> None:
    for act in (JournalAct.MAKE_ROUND, JournalAct.CHANGE_ROUND, JournalAct.OPEN_ROUND):
        journal.record(act, "对象")
    database.execute_sql("DROP TRIGGER journal_no_update")
    database.execute_sql("UPDATE journal SET detail = '改过' WHERE id = 2")
    assert not chained()


def test_replacing_an_entry_is_refused(store: Store) -> None:
    """REPLACE deletes without asking delete triggers unless recursive triggers are on."""
    journal.record(JournalAct.MAKE_ROUND, "对象")
    row = Journal.get()
    with pytest.raises(IntegrityError):
        database.execute_sql(
            "INSERT OR REPLACE INTO journal (id, at, who, act, subject, detail, previous, digest) "
            "VALUES (?, 'x', 'x', 'x', 'x', 'x', 'x', 'x')",
            (row.id,),
        )
    assert Journal.get().act == "新建轮次"
