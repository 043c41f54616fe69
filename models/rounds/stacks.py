"""票批: stacks of returned paper, and how far each is keyed."""

from __future__ import annotations

from dataclasses import dataclass

from models.database.tables import database
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds.balance import Balance
from models.rounds.plan import Group


@dataclass(frozen=True)
class Stack:
    """票批 and how far it is keyed. `subject` names the person of a one-person sheet; `drafted`
    says that a half-keyed ballot waits; `last` that no further stack of its kind follows."""

    stack_id: int
    sheet_id: int
    level: Level
    group: Group
    subject: str
    number: int
    issued: int
    returned: int
    valid: int
    void: int
    drafted: bool
    last: bool

    @property
    def balance(self) -> Balance:
        """The stack's paper; handed-out paper counts with the last stack of its kind."""
        return Balance(self.issued if self.last else 0, self.returned, self.valid, self.void)


def stacks(poll_id: int) -> list[Stack]:
    """All stacks of a poll: by level, sheet, voter group, number."""
    return [stack for _, stack in _stack_rows("s.poll_id = ?", poll_id)]


def stacks_of_round(round_id: int) -> dict[int, list[Stack]]:
    """All stacks of a round, by poll: one query for the whole home screen."""
    found: dict[int, list[Stack]] = {}
    for poll_id, stack in _stack_rows(
        "s.poll_id IN (SELECT id FROM poll WHERE round_id = ?)", round_id
    ):
        found.setdefault(poll_id, []).append(stack)
    return found


def voids(poll_id: int) -> dict[int, dict[int, int]]:
    """Void ballots of a poll's stacks: stack, then reason (from 1), then how many."""
    rows = database.execute_sql(
        "SELECT e.batch_id, e.void_reason, e.n FROM entered e JOIN batch b ON b.id = e.batch_id "
        "JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ? AND e.void_reason > 0",
        (poll_id,),
    ).fetchall()
    found: dict[int, dict[int, int]] = {}
    for stack_id, reason, n in rows:
        found.setdefault(stack_id, {})[reason] = n
    return found


def find_stack(stack_id: int) -> Stack:
    """One stack. Raises `RefusedError` if it is gone."""
    for _, stack in _stack_rows("s.id = (SELECT sheet_id FROM batch WHERE id = ?)", stack_id):
        if stack.stack_id == stack_id:
            return stack
    raise RefusedError("这一批票已不存在。")


def _stack_rows(where: str, value: int) -> list[tuple[int, Stack]]:
    rows = database.execute_sql(
        f"""
        SELECT s.poll_id, b.id, b.sheet_id, s.level, g.id, g.name, g.weight, s.position, b.number,
               i.issued, b.returned,
               coalesce((SELECT sum(n) FROM entered
                         WHERE batch_id = b.id AND void_reason = 0), 0),
               coalesce((SELECT sum(n) FROM entered
                         WHERE batch_id = b.id AND void_reason > 0), 0),
               EXISTS (SELECT 1 FROM draft WHERE batch_id = b.id),
               NOT EXISTS (SELECT 1 FROM batch later WHERE later.sheet_id = b.sheet_id
                           AND later.group_id = b.group_id AND later.number > b.number),
               (SELECT name FROM subject WHERE sheet_id = s.id LIMIT 1)
        FROM batch b
        JOIN sheet s ON s.id = b.sheet_id
        JOIN voter_group g ON g.id = b.group_id
        JOIN issue i ON i.sheet_id = b.sheet_id AND i.group_id = b.group_id
        WHERE {where}
        ORDER BY s.poll_id, s.level, s.position, g.position, b.number
        """,  # noqa: S608 - `where` is one of this module's own constants
        (value,),
    ).fetchall()
    return [
        (
            row[0],
            Stack(
                stack_id=row[1],
                sheet_id=row[2],
                level=Level(row[3]),
                group=Group(row[4], row[5], row[6]),
                subject=row[15] if row[7] else "",
                number=row[8],
                issued=row[9],
                returned=row[10],
                valid=row[11],
                void=row[12],
                drafted=bool(row[13]),
                last=bool(row[14]),
            ),
        )
        for row in rows
    ]
