"""What a database file holds, read past the program."""

import sqlite3
from contextlib import closing
from pathlib import Path

# The stack that most tests key: 15 sheets of three persons with five lines each.
UNIT, LEVEL, GROUP = "城关区工商行政管理局", "班子成员", "中层干部"
SIZE = 15

_STACK = """
SELECT b.id FROM batch b JOIN sheet s ON s.id = b.sheet_id JOIN poll p ON p.id = s.poll_id
JOIN voter_group g ON g.id = b.group_id JOIN round_level l ON l.round_id = p.round_id
AND l.level = s.level WHERE p.unit_name = ? AND l.name = ? AND g.name = ?
"""


def _query(office: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office)) as file:
        return file.execute(sql, values).fetchall()


def batch_of(office: Path, unit: str = UNIT, level: str = LEVEL, group: str = GROUP) -> int:
    """The number of a stack."""
    ((batch,),) = _query(office, _STACK, unit, level, group)
    assert isinstance(batch, int)
    return batch


def lines_in(office: Path, batch: int | None = None) -> list[str]:
    """A stack's ballots in order, as they are typed."""
    rows = _query(
        office,
        "SELECT CASE void_reason WHEN 0 THEN marks ELSE '/' || void_reason END FROM ballot "
        "WHERE batch_id = ? ORDER BY position",
        batch_of(office) if batch is None else batch,
    )
    return [str(line) for (line,) in rows]


def draft_in(office: Path, batch: int | None = None) -> str:
    """The half-keyed ballot of a stack as far as it was typed; empty if there is none."""
    rows = _query(
        office,
        "SELECT CASE void_reason WHEN 0 THEN rtrim(marks) ELSE '/' || void_reason END FROM draft "
        "WHERE batch_id = ?",
        batch_of(office) if batch is None else batch,
    )
    return str(rows[0][0]) if rows else ""


def let_in(office: Path, returned: int) -> None:
    """Say that this much paper of the stack was handed out and came back."""
    with closing(sqlite3.connect(office)) as file, file:
        batch = batch_of(office)
        file.execute("UPDATE batch SET returned = ? WHERE id = ?", (returned, batch))
        file.execute(
            "UPDATE issue SET issued = ? WHERE (sheet_id, group_id) = "
            "(SELECT sheet_id, group_id FROM batch WHERE id = ?)",
            (returned, batch),
        )
