"""The schema's versions: ordered steps, each in one transaction together with its number."""

from __future__ import annotations

from collections.abc import Callable

from models.tables import TABLES, database

# "CEPG": marks the file as ours (SQLite's application_id).
APPLICATION_ID = 0x43455047


def _first() -> None:
    """Version 1: all tables; the journal can only grow.

    A third trigger is for INSERT OR REPLACE, which deletes without asking the second.
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


STEPS: tuple[Callable[[], None], ...] = (_first,)
VERSION = len(STEPS)


def upgrade(current: int) -> None:
    """Bring the open database from version `current` (0: empty) to `VERSION`."""
    for number, step in enumerate(STEPS[current:], current + 1):
        with database.atomic():
            step()
            database.pragma("application_id", APPLICATION_ID)
            database.pragma("user_version", number)
