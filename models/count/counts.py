"""The kept counts of a poll, as they lie in the database: by sheet, voter group, place and mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.count.disclosure import PlaceCounts
from models.database.tables import database
from models.regulation.levels import Level, LevelContent
from models.rounds.layout import SheetLayout
from models.rounds.plan import RoundInfo
from models.rounds.stacks import Stack, stacks

# By sheet and group, then place, then mark: how many ballots bear it there.
Counts = dict[tuple[int, int], dict[int, Counter[str]]]


def by_sheet(paper: Sequence[Stack]) -> dict[int, list[Stack]]:
    """Stacks under the ids of their sheets, in the order of the ids."""
    found: dict[int, list[Stack]] = {}
    for stack in sorted(paper, key=lambda stack: stack.sheet_id):
        found.setdefault(stack.sheet_id, []).append(stack)
    return found


def place_counts(sheet: int, counts: Counts, round_info: RoundInfo) -> dict[int, PlaceCounts]:
    """The counts of every group of the round at each place of a sheet."""
    cells = {group.id: counts.get((sheet, group.id), {}) for group in round_info.groups}
    width = max((max(of, default=-1) + 1 for of in cells.values()), default=0)
    return {
        group: [of.get(place, Counter()) for place in range(width)] for group, of in cells.items()
    }


def marks_of_grades(of: LevelContent | SheetLayout) -> list[str]:
    """The marks that stand for the grades of a scale, in its order."""
    return [str(n + 1) for n in range(len(of.scale.grades))]


def by_level(poll_id: int, level: Level | None) -> dict[Level, list[Stack]]:
    """The stacks of a poll under their levels, or of the one level asked for."""
    found: dict[Level, list[Stack]] = {}
    for stack in stacks(poll_id):
        if level in (None, stack.level):
            found.setdefault(stack.level, []).append(stack)
    return found


def counts_of_poll(poll_id: int, level: Level | None) -> Counts:
    """The kept counts of a poll, or of the one level asked for."""
    rows = database.execute_sql(
        "SELECT c.sheet_id, c.group_id, c.place, c.mark, c.n FROM count c "
        "JOIN sheet s ON s.id = c.sheet_id WHERE s.poll_id = ? AND ? IN (0, s.level)",
        (poll_id, int(level or 0)),
    ).fetchall()
    found: Counts = {}
    for sheet, group, place, mark, n in rows:
        found.setdefault((sheet, group), {}).setdefault(place, Counter())[mark] = n
    return found
