"""Check that a file has the tables of this program and no others.

Part of the independent verifier: the list below is its own. A table, trigger or view that nobody
here made could keep what a seal takes away, the order of entry above all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

# The version of the schema that the list describes. An older file may lack tables and columns.
_VERSION = 8
_COLUMNS = {
    "ballot": "batch_id position marks void_reason",
    "batch": "id sheet_id group_id number returned registered",
    "cadre": "id name initials gender ethnicity born native_place party joined_party "
    "started_work education archive_no retired",
    "count": "sheet_id group_id place mark n",
    "delivery": "id poll_id kind subject_id on way signed_by signed_on seal_version",
    "determination": "id subject_id grade on meeting by basis seal_version",
    "draft": "batch_id marks cursor void_reason",
    "entered": "batch_id void_reason n",
    "erasure": "poll_id",
    "identity": "id number",
    "issue": "id sheet_id group_id issued",
    "journal": "id at who act subject detail previous digest",
    "keyer": "batch_id number who",
    "opinion": "id subject_id text",
    "poll": "id round_id unit_id unit_name unit_short_name date place expected present state",
    "post": "id cadre_id unit_id title role rank tier since until",
    "round": "id title year kind conducted gathering combined_with starts ends sheet "
    "member_sheet denominator decimals minimum_group verification quorum "
    "weighted void_reasons state",
    "round_item": "id round_id level number title statement clause",
    "round_level": "id round_id level name sheet_title grades short unstated clause",
    "round_trust": "id round_id level grades comparator numerator denominator base",
    "seal": "id poll_id version at who tellers canonical digest journal_head reopened_at "
    "reopened_reason reopened_by proof",
    "sealed_ballot": "batch_id void_reason marks n",
    "second_ballot": "batch_id position marks void_reason",
    "second_draft": "batch_id marks cursor void_reason",
    "sheet": "id poll_id level position",
    "shown_counts": "sheet_id valid void counts proof",
    "subject": "id poll_id level position sheet_id cadre_id name post",
    "unit": "id name short_name kind parent_id position initials closed",
    "verification": "batch_id agreed compared first_wrong second_wrong changed missing extra "
    "first_sheets second_sheets first_skipped second_skipped first_twice second_twice seed",
    "voter_group": "id round_id position name weight",
    "written": "id at round_id poll_id kind addressee path sha256 official basis moved_to made_of",
}
# Kept by their key, so that no row remembers when it came.
_WITHOUT_ROWID = frozenset(
    (
        "ballot",
        "count",
        "draft",
        "entered",
        "erasure",
        "keyer",
        "sealed_ballot",
        "second_ballot",
        "second_draft",
        "shown_counts",
        "verification",
    )
)
_TRIGGERS = frozenset(("journal_no_update", "journal_no_delete", "journal_no_replace"))
# Millions of them, made of digits; they are read in the count.
_COUNTED = frozenset(("ballot", "second_ballot", "sealed_ballot"))


def foreign(file: sqlite3.Connection) -> Iterator[str]:
    """What stands in the file and is not of this program, and what it lacks."""
    version = int(file.execute("PRAGMA user_version").fetchone()[0])
    there: set[str] = set()
    for kind, name, table in file.execute(
        "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall():
        if kind == "table":
            there.add(name)
            yield from _table(file, name, whole=version >= _VERSION)
        elif kind == "trigger" and name not in _TRIGGERS:
            yield f"数据库里有不属于本程序的触发器：{name}"
        elif kind == "view":
            yield f"数据库里有不属于本程序的视图：{name}"
        elif kind == "index" and (table not in _COLUMNS or not name.startswith(f"{table}_")):
            yield f"数据库里有不属于本程序的索引：{name}"
    if version >= _VERSION:
        yield from (f"数据库缺少表：{name}" for name in sorted(_COLUMNS.keys() - there))


def _table(file: sqlite3.Connection, name: str, *, whole: bool) -> Iterator[str]:
    if name not in _COLUMNS:
        yield f"数据库里有不属于本程序的表：{name}"
        return
    wanted = set(_COLUMNS[name].split())
    found = {row[1] for row in file.execute("SELECT * FROM pragma_table_xinfo(?)", (name,))}
    for column in sorted(found - wanted):
        yield f"表 {name} 里有不属于本程序的列：{column}"
    if whole:
        yield from (f"表 {name} 缺少列：{column}" for column in sorted(wanted - found))
    kept = file.execute("SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'", (name,))
    if kept.fetchone() != (int(name in _WITHOUT_ROWID),):
        yield f"表 {name} 的存放方式被改过"


def unreadable(file: sqlite3.Connection) -> Iterator[str]:
    """Texts that are no UTF-8: whatever shows them would end."""
    before, file.text_factory = file.text_factory, bytes
    try:
        names = [
            row[0].decode()
            for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if row[0].decode() in _COLUMNS.keys() - _COUNTED
        ]
        for name in names:
            columns = file.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - of the list above
            titles = [each[0] for each in columns.description]
            for number, row in enumerate(columns, 1):
                for title, value in zip(titles, row, strict=True):
                    if isinstance(value, bytes) and title != "canonical" and not _is_text(value):
                        yield f"表 {name} 第 {number} 行的 {title} 不是可读的文字"
    finally:
        file.text_factory = before


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
