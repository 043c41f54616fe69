"""Read the running counts of a poll: by sheet, voter group, place and mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.database.tables import database
from models.regulation.levels import Level, LevelContent
from models.rounds.layout import SheetLayout
from models.rounds.stacks import Stack

# The number of ballots by (sheet id, group id), then by place, then by mark.
Counts = dict[tuple[int, int], dict[int, Counter[str]]]


def by_sheet(paper: Sequence[Stack]) -> dict[int, list[Stack]]:
    """Group stacks by sheet id, in ascending order of the ids."""
    found: dict[int, list[Stack]] = {}
    for stack in sorted(paper, key=lambda stack: stack.sheet_id):
        found.setdefault(stack.sheet_id, []).append(stack)
    return found


def marks_of_grades(of: LevelContent | SheetLayout) -> list[str]:
    """The marks for the grades of a scale, in its order."""
    return [str(n + 1) for n in range(len(of.scale.grades))]


def by_level(paper: Sequence[Stack], level: Level | None) -> dict[Level, list[Stack]]:
    """Stacks by level, or only those of `level`."""
    found: dict[Level, list[Stack]] = {}
    for stack in paper:
        if level in (None, stack.level):
            found.setdefault(stack.level, []).append(stack)
    return found


def counts_of_poll(poll_id: int, level: Level | None) -> Counts:
    """The running counts of a poll, or only those of `level`."""
    rows = database.execute_sql(
        "SELECT c.sheet_id, c.group_id, c.place, c.mark, c.n FROM count c "
        "JOIN sheet s ON s.id = c.sheet_id WHERE s.poll_id = ? AND ? IN (0, s.level)",
        (poll_id, int(level or 0)),
    ).fetchall()
    found: Counts = {}
    for sheet, group, place, mark, n in rows:
        found.setdefault((sheet, group), {}).setdefault(place, Counter())[mark] = n
    return found
