"""The register of written documents: kind, addressee, path and SHA-256 of each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.database.store import writing
from models.database.tables import Written, database


@dataclass(frozen=True)
class WrittenDocument:
    """One document in the register."""

    round_id: int
    """Id of the round."""
    poll_id: int | None
    """Id of the poll; None for a document about the whole round."""
    kind: str
    """Chinese name of the kind of document."""
    addressee: str
    """Who or what the document is for."""
    path: str
    """Absolute path of the file."""
    sha256: str
    """SHA-256 of the file, in hex."""
    official: bool
    """Whether it was made from a sealed poll."""
    at: str = ""
    """When it was written, as ISO text; `record` sets it."""


def record(documents: Iterable[WrittenDocument]) -> None:
    """Add documents to the register in one transaction."""
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
    """Return the SHA-256 last registered for each path under `folder` (an absolute path).

    A file whose digest differs was not written by this program, or was changed since. Uses a
    single query, because a province has thousands of documents.
    """
    below = f"{str(folder).rstrip('/')}/"
    rows = database.execute_sql(
        "SELECT path, sha256 FROM written WHERE id IN (SELECT max(id) FROM written GROUP BY path) "
        "AND substr(path, 1, ?) = ?",
        (len(below), below),
    )
    return dict(rows.fetchall())


def documents(round_id: int, limit: int = 1000) -> list[WrittenDocument]:
    """Return the last `limit` documents of a round, newest first."""
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
    """Count the distinct addressees that have a document of this kind.

    Equal names in different polls count separately.
    """
    return int(
        database.execute_sql(
            "SELECT count(DISTINCT coalesce(poll_id, 0) || '/' || addressee) FROM written "
            "WHERE round_id = ? AND kind = ?",
            (round_id, kind),
        ).fetchone()[0]
    )
