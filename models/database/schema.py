"""Schema migrations: ordered steps, each applied in one transaction with its version number."""

from __future__ import annotations

import os
from collections.abc import Callable

from models.database.outcome_tables import OUTCOME_TABLES
from models.database.tables import (
    TABLES,
    Erasure,
    Identity,
    Keyer,
    Seal,
    SealedBallot,
    SecondBallot,
    SecondDraft,
    Verification,
    database,
)

# SQLite's application_id; "CEPG" in ASCII marks the file as ours.
APPLICATION_ID = 0x43455047


def _first() -> None:
    """Version 1: all tables, and triggers that make the journal append-only.

    The third trigger covers INSERT OR REPLACE, which deletes rows without firing the delete
    trigger.
    """
    database.create_tables(TABLES, safe=False)
    for act in ("UPDATE", "DELETE"):
        database.execute_sql(
            f"CREATE TRIGGER journal_no_{act.lower()} BEFORE {act} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
    database.execute_sql(
        "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal "
        "WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    )


def _second() -> None:
    """Version 2: second entry, seals, quorum.

    Version 1 creates the tables as they are today, so this step adds only what an older file
    lacks.
    """
    new = (Keyer, SecondBallot, SecondDraft, Verification, SealedBallot, Seal, Erasure)
    database.create_tables(new, safe=True)
    if "quorum" not in {column.name for column in database.get_columns("round")}:
        database.execute_sql("ALTER TABLE round ADD COLUMN quorum TEXT NOT NULL DEFAULT 'off'")


def _third() -> None:
    """Version 3: determinations, opinions and deliveries."""
    database.create_tables(OUTCOME_TABLES, safe=True)


def _fourth() -> None:
    """Version 4: a number that tells this database, and its backups, from all others; the names
    of a round's void reasons."""
    if "void_reasons" not in {column.name for column in database.get_columns("round")}:
        database.execute_sql("ALTER TABLE round ADD COLUMN void_reasons TEXT NOT NULL DEFAULT ''")
    database.create_tables((Identity,), safe=True)
    if not Identity.select().exists():
        Identity.create(number=os.urandom(8).hex())
    _enter_outcomes()


def _enter_outcomes() -> None:
    """Enter into the chain what an earlier program set without a mark."""
    from models.database import journal, proof

    found: list[tuple[str, str]] = []
    for subject, *fields in database.execute_sql(
        'SELECT subject_id, grade, "on", meeting, by, basis, seal_version FROM determination'
    ).fetchall():
        found.append(("等次", proof.mark("等次", str(subject), *fields)))
    for subject, text in database.execute_sql("SELECT subject_id, text FROM opinion").fetchall():
        found.append(("意见", proof.mark("意见", str(subject), text)))
    for poll, kind, subject, *fields in database.execute_sql(
        'SELECT poll_id, kind, subject_id, "on", way, signed_by, signed_on FROM delivery'
    ).fetchall():
        key = proof.delivery_key(poll, kind, subject)
        found.append(("送达", proof.mark("送达", key, *fields)))
    if database.execute_sql("SELECT 1 FROM cadre LIMIT 1").fetchone():
        found.append(("名册", proof.roster_mark()))
    journal.record_all(
        [(journal.JournalAct.REGISTER_OUTCOMES, what, f"早于本版{mark}") for what, mark in found]
    )


def _fifth() -> None:
    """Version 5: whether the paper of a stack was registered."""
    _registered_counts()


def _registered_counts() -> None:
    """Tell stacks without paper (无票) from those that nobody registered (未登记).

    Version 4 stored 0 for both. What came back is registered, and so is all of a sealed poll, whose
    seal stays as it is. Nothing back of something issued is not registered. Nothing back of
    nothing issued is 无票, but only in a poll where other paper is recorded: a poll that nobody
    touched could otherwise be sealed empty.
    """
    if "registered" in {column.name for column in database.get_columns("batch")}:
        return
    database.execute_sql("ALTER TABLE batch ADD COLUMN registered INTEGER NOT NULL DEFAULT 0")
    database.execute_sql(_REGISTER)


_REGISTER = """
UPDATE batch SET registered = 1 WHERE returned > 0
OR (SELECT p.state FROM sheet s JOIN poll p ON p.id = s.poll_id WHERE s.id = batch.sheet_id) = 3
OR (NOT EXISTS (SELECT 1 FROM issue i WHERE i.sheet_id = batch.sheet_id
                AND i.group_id = batch.group_id AND i.issued > 0)
    AND EXISTS (SELECT 1 FROM sheet mine JOIN sheet other ON other.poll_id = mine.poll_id
                WHERE mine.id = batch.sheet_id
                AND (EXISTS (SELECT 1 FROM issue WHERE sheet_id = other.id AND issued > 0)
                     OR EXISTS (SELECT 1 FROM batch b
                                WHERE b.sheet_id = other.id AND b.returned > 0))))
"""


STEPS: tuple[Callable[[], None], ...] = (_first, _second, _third, _fourth, _fifth)
VERSION = len(STEPS)


def upgrade(current: int) -> None:
    """Migrate the open database from version `current` (0 for an empty file) to `VERSION`."""
    for number, step in enumerate(STEPS[current:], current + 1):
        with database.atomic():
            step()
            database.pragma("application_id", APPLICATION_ID)
            database.pragma("user_version", number)
