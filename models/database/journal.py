"""操作日志: one entry for each act that changes a result; append-only and hash-chained.

An entry says who, when, what act on what, and counts or a place and a reason; never the content
of a ballot nor the time of one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from peewee import fn

from models.database import clerk
from models.database.tables import Journal

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One act as it was recorded; `digest` covers it and all before it (SHA-256, hex)."""

    number: int
    at: str
    who: str
    act: str
    subject: str
    detail: str
    digest: str


def chain(previous: str, at: str, who: str, act: str, subject: str, detail: str) -> str:
    """The digest of an entry that follows the digest `previous`."""
    # Costs 2 ms to import; a program that only reads never needs it.
    import hashlib

    fields = "\x1f".join((previous, at, who, act, subject, detail))
    return hashlib.sha256(fields.encode()).hexdigest()


def record(act: str, subject: str, detail: str = "") -> Entry:
    """Append an entry. Call it inside the transaction of the act itself."""
    previous = head()
    at = datetime.datetime.now().isoformat(timespec="seconds")
    who = clerk.current()
    digest = chain(previous, at, who, act, subject, detail)
    row = Journal.create(
        at=at,
        who=who,
        act=act,
        subject=subject,
        detail=detail,
        previous=previous,
        digest=digest,
    )
    return Entry(int(row.id), at, who, act, subject, detail, digest)


def entries(limit: int = 1000) -> list[Entry]:
    """The last `limit` entries, newest first."""
    return search(limit=limit)


def search(
    *, who: str = "", act: str = "", subject: str = "", before: int | None = None, limit: int = 1000
) -> list[Entry]:
    """The last `limit` entries, newest first, whose fields contain these texts as they stand;
    only those numbered below `before`, if it is given."""
    rows = Journal.select()
    for field, text in ((Journal.who, who), (Journal.act, act), (Journal.subject, subject)):
        if text:
            # Not LIKE: its signs for "anything" may be part of a name.
            rows = rows.where(fn.INSTR(field, text) > 0)
    if before is not None:
        rows = rows.where(Journal.id < before)
    rows = rows.order_by(Journal.id.desc()).limit(limit)
    return [
        Entry(row.id, row.at, row.who, row.act, row.subject, row.detail, row.digest) for row in rows
    ]


def head() -> str:
    """The digest of the last entry, which vouches for all before it."""
    return Journal.select(Journal.digest).order_by(Journal.id.desc()).limit(1).scalar() or GENESIS


def last(act: str, subject: str, detail: str) -> Entry | None:
    """The latest entry of an act on a subject whose detail begins with `detail`."""
    found = Journal.select().where(
        (Journal.act == act)
        & (Journal.subject == subject)
        & (fn.substr(Journal.detail, 1, len(detail)) == detail)
    )
    row = found.order_by(Journal.id.desc()).first()
    if row is None:
        return None
    return Entry(row.id, row.at, row.who, row.act, row.subject, row.detail, row.digest)
