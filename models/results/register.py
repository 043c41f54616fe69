"""The register of written documents: kind, addressee, path and SHA-256 of each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee import SQL

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import Seal, Written, database
from models.results.lapse import Basis, basis_of, basis_text


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
    basis: Basis = ()
    """The polls whose results it gives, each with the version of its seal."""
    at: str = ""
    """When it was written, as ISO text; `record` sets it."""
    moved_to: str = ""
    """Where it was moved when it no longer stood; empty while it is at `path`."""
    number: int = 0
    """Its number in the register; `record` sets it."""
    made_of: str = ""
    """Fingerprint of all that it was made of; empty if unknown."""


@dataclass(frozen=True)
class LastWritten:
    """What was written last at a path."""

    sha256: str
    """SHA-256 of the file, in hex."""
    basis: Basis = ()
    """The polls whose results it gives, each with the version of its seal."""
    made_of: str = ""
    """Fingerprint of all that it was made of; empty if unknown."""
    number: int = 0
    """The number of its entry in the register."""


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
            "basis": basis_text(document.basis),
            "made_of": document.made_of,
        }
        for document in documents
    ]
    with writing():
        for start in range(0, len(rows), 100):
            Written.insert_many(rows[start : start + 100]).execute()


def note_made_of(entries: Iterable[LastWritten]) -> None:
    """Note what documents are made of today that came out the same as they are in the register, so
    that nothing was written and there is no new entry."""
    rows = [(each.made_of, each.number) for each in entries]
    if not rows:
        return
    with writing():
        database.connection().executemany("UPDATE written SET made_of = ? WHERE id = ?", rows)


_LAST = "id IN (SELECT max(id) FROM written GROUP BY path)"


def last_registered(folder: Path) -> dict[str, LastWritten]:
    """Return what was registered last for each path under `folder` (absolute).

    A file whose digest differs was not written by this program, or was changed since. Uses a
    single query, because a province has thousands of documents.
    """
    below = f"{str(folder).rstrip('/')}/"
    rows = database.execute_sql(
        f"SELECT path, sha256, basis, made_of, id FROM written WHERE {_LAST} "  # noqa: S608 - a constant
        "AND substr(path, 1, ?) = ?",
        (len(below), below),
    )
    return {
        path: LastWritten(digest, basis_of(basis), made_of, number)
        for path, digest, basis, made_of, number in rows.fetchall()
    }


def documents(round_id: int, limit: int = 1000) -> list[WrittenDocument]:
    """Return the last `limit` documents of a round, newest first."""
    rows = Written.select().where(Written.round == round_id)
    return [_document(row) for row in rows.order_by(Written.id.desc()).limit(limit)]


def last_at_each_path() -> list[WrittenDocument]:
    """Return what was registered last at each path and not moved since, of all rounds, in the
    order in which it was written."""
    rows = Written.select().where(SQL(_LAST) & (Written.moved_to == "")).order_by(Written.id)
    return [_document(row) for row in rows]


def official(round_id: int) -> list[WrittenDocument]:
    """Return every entry of an official document of a round, oldest first, those that were written
    again or moved since as well."""
    rows = Written.select().where((Written.round == round_id) & Written.official)
    return [_document(row) for row in rows.order_by(Written.id)]


def seals_in_force() -> dict[int, int]:
    """Return the version of the seal in force by poll id; polls without one are left out."""
    rows = Seal.select(Seal.poll, Seal.version).where(Seal.reopened_at == "")
    return {row.poll_id: row.version for row in rows}


def move(moved: Sequence[tuple[WrittenDocument, Path]]) -> None:
    """Register that files of documents that no longer stand were moved, each to a path, and enter
    it in the journal."""
    with writing():
        for document, target in moved:
            Written.update(moved_to=str(target)).where(Written.id == document.number).execute()
        journal.record_all(
            [
                (
                    JournalAct.MOVE_LAPSED,
                    f"{document.kind} {document.addressee}".rstrip(),
                    f"{document.path} 移到 {target}，摘要 {document.sha256[:8]}",
                )
                for document, target in moved
            ]
        )


def addressees_written(round_id: int, kind: str) -> int:
    """Count the distinct addressees that have a document of this kind that was not moved away.

    Equal names in different polls count separately.
    """
    return int(
        database.execute_sql(
            "SELECT count(DISTINCT coalesce(poll_id, 0) || '/' || addressee) FROM written "  # noqa: S608 - a constant
            f"WHERE round_id = ? AND kind = ? AND moved_to = '' AND {_LAST}",
            (round_id, kind),
        ).fetchone()[0]
    )


def _document(row: Any) -> WrittenDocument:
    return WrittenDocument(
        row.round_id,
        row.poll_id,
        row.kind,
        row.addressee,
        row.path,
        row.sha256,
        bool(row.official),
        basis_of(row.basis),
        row.at,
        row.moved_to,
        row.id,
        row.made_of,
    )
