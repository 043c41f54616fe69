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
    ShownCount,
    Verification,
    database,
)

# SQLite's application_id; "CEPG" in ASCII marks the file as ours.
APPLICATION_ID = 0x43455047
# "CEPR": a rehearsal (`models.database.rehearsal`).
REHEARSAL_ID = 0x43455052


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
        key = f"{poll}/{kind}/{subject or 0}"
        found.append(("送达", proof.mark("送达", key, *fields)))
    if database.execute_sql("SELECT 1 FROM cadre LIMIT 1").fetchone():
        found.append(("名册", proof.roster_mark()))
    journal.record_all(
        [(journal.JournalAct.REGISTER_OUTCOMES, what, f"早于本版{mark}") for what, mark in found]
    )


def _fifth() -> None:
    """Version 5: whether the paper of a stack was registered; what others may see of the counts
    while paper is keyed; which seals a delivery and a written document rest on."""
    _registered_counts()
    _errors_of_sheets()
    _shown_counts()
    _delivered_versions()
    _written_bases()


# Sheets that are keyed as a whole, or were before their poll was opened again.
_WHOLE_SHEETS = """
SELECT s.id, total(e.n) FILTER (WHERE e.void_reason = 0), total(e.n)
FROM sheet s JOIN poll p ON p.id = s.poll_id JOIN batch b ON b.sheet_id = s.id
JOIN entered e ON e.batch_id = b.id WHERE p.state <> 3 GROUP BY s.id
HAVING total(e.n) = (SELECT total(returned) FROM batch WHERE sheet_id = s.id)
AND NOT EXISTS (SELECT 1 FROM batch WHERE sheet_id = s.id AND NOT registered)
"""


def _shown_counts() -> None:
    from models.database import proof

    database.create_tables((ShownCount,), safe=True)
    for sheet_id, valid, entered in database.execute_sql(_WHOLE_SHEETS).fetchall():
        counts = database.execute_sql(proof.SHEET_COUNTS, (sheet_id,)).fetchone()[0]
        number = (int(valid), int(entered - valid))
        told = proof.of_shown_counts(sheet_id, *number, counts)
        ShownCount.insert(
            sheet=sheet_id, valid=number[0], void=number[1], counts=counts, proof=told
        ).on_conflict_ignore().execute()


def _delivered_versions() -> None:
    """Say of each delivery which version of the seal it was of, in the table and in the chain.

    That is the version before it in the journal; for a delivery of before the marks, the last one
    sealed up to its day.
    """
    from models.database import journal, proof

    if "seal_version" not in {column.name for column in database.get_columns("delivery")}:
        database.execute_sql(
            "ALTER TABLE delivery ADD COLUMN seal_version INTEGER NOT NULL DEFAULT 0"
        )
        database.execute_sql("DROP INDEX IF EXISTS delivery_poll_id_kind_subject_id")
        database.execute_sql(
            "CREATE UNIQUE INDEX delivery_poll_id_kind_subject_id_seal_version "
            "ON delivery (poll_id, kind, subject_id, seal_version)"
        )
    found = []
    for number, poll, kind, subject, *fields in database.execute_sql(
        'SELECT id, poll_id, kind, subject_id, "on", way, signed_by, signed_on FROM delivery'
    ).fetchall():
        before = f"{poll}/{kind}/{subject or 0}"
        version = _delivered_version(poll, before, fields[0])
        database.execute_sql("UPDATE delivery SET seal_version = ? WHERE id = ?", (version, number))
        key = proof.delivery_key(poll, kind, subject, version)
        found.append(proof.gone("送达", before) + proof.mark("送达", key, *fields))
    act = journal.JournalAct.REGISTER_OUTCOMES
    journal.record_all([(act, "送达", f"按哪一版封存送达{mark}") for mark in found])


def _delivered_version(poll: int, key: str, on: str) -> int:
    """The version of a poll's seal that was in force when a delivery was entered."""
    (entered,) = database.execute_sql(
        "SELECT max(id) FROM journal WHERE act LIKE '登记%' AND act <> '登记早于本版的结果' "
        "AND instr(detail, ?) > 0",
        (f"〔送达{key} ",),
    ).fetchone()
    (version,) = database.execute_sql(
        "SELECT max(s.version) FROM seal s JOIN journal j ON j.digest = s.journal_head "
        "WHERE s.poll_id = ? AND CASE WHEN ? IS NULL THEN substr(s.at, 1, 10) <= ? "
        "ELSE j.id < ? END",
        (poll, entered, on, entered),
    ).fetchone()
    return int(version or 0)


def _errors_of_sheets() -> None:
    """Of verifications of before, it is not known which entry had skipped a ballot or had it
    twice."""
    there = {column.name for column in database.get_columns("verification")}
    for entry in ("first", "second"):
        for what in ("sheets", "skipped", "twice"):
            if (column := f"{entry}_{what}") not in there:
                database.execute_sql(
                    f"ALTER TABLE verification ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0"
                )
    if "seed" not in there:
        database.execute_sql("ALTER TABLE verification ADD COLUMN seed TEXT NOT NULL DEFAULT ''")


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


def _written_bases() -> None:
    """Say of each written document which seals it rests on: those in force when it was written.

    Stamps of the register have no offset; those of the seals are compared without theirs.
    """
    there = {column.name for column in database.get_columns("written")}
    for column in ("basis", "moved_to"):
        if column not in there:
            database.execute_sql(
                f"ALTER TABLE written ADD COLUMN {column} TEXT NOT NULL DEFAULT ''"
            )
    database.execute_sql(
        """
        UPDATE written SET basis = coalesce((
            SELECT group_concat(p.id || ':' || coalesce((
                SELECT max(s.version) FROM seal s
                WHERE s.poll_id = p.id AND substr(s.at, 1, 19) <= written.at
                AND (s.reopened_at = '' OR substr(s.reopened_at, 1, 19) > written.at)
            ), 0), ' ')
            FROM poll p WHERE p.id = written.poll_id
            OR (written.poll_id IS NULL AND p.round_id = written.round_id)
        ), '')
        WHERE basis = '' AND kind NOT IN ('测评票', '实施方案')
        """
    )


def _sixth() -> None:
    """Version 6: stored the first letters of names; version 7 stores whole readings instead."""


def _seventh() -> None:
    """Version 7: how the names of people and units are read, in whole syllables."""
    from models.names import person_readings, unit_readings

    for table, read in (("cadre", person_readings), ("unit", unit_readings)):
        found = database.execute_sql(f"SELECT id, name FROM {table}").fetchall()  # noqa: S608
        database.connection().executemany(
            f"UPDATE {table} SET initials = ? WHERE id = ?",  # noqa: S608
            [(read(name), number) for number, name in found],
        )


def _eighth() -> None:
    """Version 8: what each written document was made of. Of those of before it is not known, so
    they are made once more and compared."""
    if "made_of" not in {column.name for column in database.get_columns("written")}:
        database.execute_sql("ALTER TABLE written ADD COLUMN made_of TEXT NOT NULL DEFAULT ''")


STEPS: tuple[Callable[[], None], ...] = (
    _first,
    _second,
    _third,
    _fourth,
    _fifth,
    _sixth,
    _seventh,
    _eighth,
)
VERSION = len(STEPS)


def upgrade(current: int) -> None:
    """Migrate the open database from version `current` (0 for an empty file) to `VERSION`."""
    for number, step in enumerate(STEPS[current:], current + 1):
        with database.atomic():
            step()
            if database.pragma("application_id") != REHEARSAL_ID:
                database.pragma("application_id", APPLICATION_ID)
            database.pragma("user_version", number)
