"""Stacks of returned ballots (票批), and how far each is keyed."""

from __future__ import annotations

from dataclasses import dataclass

from models.database.tables import database
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds.balance import Balance
from models.rounds.plan import Group


@dataclass(frozen=True)
class Stack:
    """A stack (票批) and how far it is keyed."""

    stack_id: int
    """Its id."""
    poll_id: int
    """Its poll."""
    sheet_id: int
    """Its sheet."""
    level: Level
    """The level of the sheet."""
    group: Group
    """The voter group."""
    subject: str
    """The name of the person on a one-person sheet; otherwise empty."""
    number: int
    """Its number among the stacks of this sheet and group, from 1."""
    issued: int
    """Ballots issued for all stacks of this sheet and group."""
    returned: int
    """Ballots returned in this stack."""
    valid: int
    """Valid ballots keyed."""
    void: int
    """Void ballots keyed."""
    drafted: bool
    """Whether there is a half-keyed ballot."""
    last: bool
    """Whether it is the last stack of this sheet and group."""
    registered: bool = True
    """Whether the number returned is registered; zero may be. Without it, `returned` is 0."""

    @property
    def balance(self) -> Balance:
        """The stack's balance. Issued ballots count only in the last stack of a sheet and group,
        so only the sum of a group's stacks says how many did not come back."""
        issued = self.issued if self.last else 0
        return Balance(issued, self.returned, self.valid, self.void, int(not self.registered))

    @property
    def typed(self) -> tuple[int | None, int | None]:
        """The numbers (issued to the group, returned) as registered; None for one that is not."""
        issued = self.issued if self.issued or self.registered else None
        return issued, self.returned if self.registered else None

    @property
    def none(self) -> bool:
        """Whether it is registered that no ballot came back in it (无票)."""
        return self.balance.none


def stacks(poll_id: int) -> list[Stack]:
    """All stacks of a poll, ordered by level, sheet, voter group and number."""
    return [stack for _, stack in _stack_rows("s.poll_id = ?", poll_id)]


def stacks_of_round(round_id: int) -> dict[int, list[Stack]]:
    """All stacks of a round by poll id, in one query for the home screen."""
    found: dict[int, list[Stack]] = {}
    for poll_id, stack in _stack_rows(
        "s.poll_id IN (SELECT id FROM poll WHERE round_id = ?)", round_id
    ):
        found.setdefault(poll_id, []).append(stack)
    return found


def voids(poll_id: int) -> dict[int, dict[int, int]]:
    """The number of void ballots of a poll by stack id, then by reason (from 1)."""
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
    """The stack with this id. Raises `RefusedError` if it does not exist."""
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
               (SELECT name FROM subject WHERE sheet_id = s.id LIMIT 1), b.registered
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
                poll_id=row[0],
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
                registered=bool(row[16]),
            ),
        )
        for row in rows
    ]
