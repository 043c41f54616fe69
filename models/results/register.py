"""The register of documents written: which, for whom, where, and their SHA-256."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.database.store import writing
from models.database.tables import Written, database


@dataclass(frozen=True)
class WrittenDocument:
    """One document as it was written. `kind` is its name in Chinese; `poll_id` is None for a
    document of the whole round; `official` says that it came from a sealed poll."""

    round_id: int
    poll_id: int | None
    kind: str
    addressee: str
    path: str
    sha256: str
    official: bool
    at: str = ""


def record(documents: Iterable[WrittenDocument]) -> None:
    """Enter documents into the register, in one transaction."""
    at = datetime.datetime.now().isoformat(timespec="seconds")
    rows = [
        {
            "at": at,
            "round": document.round_id,
            "poll": document.poll_id,
            "kind": document.kind,
            "addressee": document.addressee,
            "path": document.path,
            "sha256": document.sha256,
            "official": document.official,
        }
        for document in documents
    ]
    with writing():
        for start in range(0, len(rows), 100):
            Written.insert_many(rows[start : start + 100]).execute()


def last_digests(folder: Path) -> dict[str, str]:
    """What this program wrote under `folder` (an absolute path): the SHA-256 it registered last,
    by path. A file there with another one is not, or is no longer, this program's.

    All in one query: a province has thousands of documents.
    """
    below = f"{str(folder).rstrip('/')}/"
    rows = database.execute_sql(
        "SELECT path, sha256 FROM written WHERE id IN (SELECT max(id) FROM written GROUP BY path) "
        "AND substr(path, 1, ?) = ?",
        (len(below), below),
    )
    return dict(rows.fetchall())


def documents(round_id: int, limit: int = 1000) -> list[WrittenDocument]:
    """The last documents of a round, newest first."""
    query = (
        Written.select().where(Written.round == round_id).order_by(Written.id.desc()).limit(limit)
    )
    return [
        WrittenDocument(
            row.round_id,
            row.poll_id,
            row.kind,
            row.addressee,
            row.path,
            row.sha256,
            bool(row.official),
            row.at,
        )
        for row in query
    ]


def addressees_written(round_id: int, kind: str) -> int:
    """To how many different addressees a kind of document has been written."""
    return int(
        database.execute_sql(
            "SELECT count(DISTINCT coalesce(poll_id, 0) || '/' || addressee) FROM written "
            "WHERE round_id = ? AND kind = ?",
            (round_id, kind),
        ).fetchone()[0]
    )
