"""A mark in the journal for each row that people set after a seal.

The journal is a chain; a row of its own is not. So the entry of an act ends with the row's key and
a digest of its fields, and the verifier (`models.recount.outcomes`) holds the tables against the
last mark of each key.
"""

from __future__ import annotations

import hashlib

from models.database.tables import database

SHEET_COUNTS = """
SELECT coalesce(json_group_array(json_array(place, mark, n)), '[]')
FROM (SELECT place, mark, sum(n) AS n FROM count WHERE sheet_id = ?
      GROUP BY place, mark ORDER BY place, mark)
"""
"""Reads the counts of a sheet, all voter groups together, as JSON: [place, mark, ballots] …"""

GONE = "无"
"""Stands for the digest of a row that was taken back."""


def mark(kind: str, key: str, *fields: object) -> str:
    """The mark of a row that was set: its kind (等次, 意见, 送达, 名册), its key, its fields in the
    order of the table."""
    text = "\x1f".join("" if field is None else str(field) for field in fields)
    return f"〔{kind}{key} {hashlib.sha256(text.encode()).hexdigest()[:16]}〕"


def gone(kind: str, key: str) -> str:
    """The mark of a row that was taken back."""
    return f"〔{kind}{key} {GONE}〕"


def roster_mark() -> str:
    """The mark of who is who: the number, name and archive number of every cadre as they are now.
    One mark for all, for an import changes hundreds."""
    rows = database.execute_sql("SELECT id, name, archive_no FROM cadre ORDER BY id").fetchall()
    return mark("名册", "全部", *(field for row in rows for field in row))


def delivery_key(poll_id: int, kind: str, subject_id: int | None, version: int) -> str:
    """The key of a delivery of what a version of the poll's seal gave."""
    return f"{poll_id}/{kind}/{subject_id or 0}/{version}"


def of_shown_counts(sheet_id: int, valid: int, void: int, counts: str) -> str:
    """The digest of a copy of a sheet's counts that others may see."""
    return hashlib.sha256(f"{sheet_id} {valid} {void} {counts}".encode()).hexdigest()
