"""The ballots of a stack as one pass keyed them, in the order of the paper.

Each entry of a stack has its own pair of tables: one for finished ballots, one for the half-keyed
ballot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.database.store import quick
from models.database.tables import database
from models.entry import kept_counts
from models.entry.ballot import Ballot
from models.entry.keying import BallotInHand
from models.refusal import RefusedError
from models.rounds.layout import SheetLayout
from models.rounds.stacks import Stack


@dataclass(frozen=True)
class Pass:
    """A pass over a stack, with its SQL statements.

    A statement takes the stack's id, or the parameters listed under it.
    """

    number: int
    """Its number in the `keyer` table."""
    insert: str
    """Insert a ballot: stack, position, marks, void reason."""
    replace: str
    """Replace a ballot: marks, void reason, stack, position."""
    drop: str
    """Delete a ballot: stack, position."""
    read: str
    """Select all ballots by position."""
    find: str
    """Select one ballot: stack, position."""
    lift: str
    """Negate the positions from one on, as the first step of a move: stack, position."""
    set_down: str
    """Make negated positions positive again, shifted by an offset: offset, stack."""
    clear: str
    """Delete all ballots."""
    draft: str
    """Select the half-keyed ballot."""
    save_draft: str
    """Insert or replace the half-keyed ballot: stack, marks, cursor, void reason."""
    drop_draft: str
    """Delete the half-keyed ballot."""

    @classmethod
    def over(cls, number: int, ballots: str, drafts: str) -> Pass:
        """The pass that keeps its ballots and drafts in these tables."""
        return cls(
            number,
            **{
                name: sql.replace("<ballots>", ballots).replace("<drafts>", drafts)
                for name, sql in _SQL.items()
            },
        )


_SQL = {
    "insert": "INSERT INTO <ballots> (batch_id, position, marks, void_reason) VALUES (?, ?, ?, ?)",
    "replace": (
        "UPDATE <ballots> SET marks = ?, void_reason = ? WHERE batch_id = ? AND position = ?"
    ),
    "drop": "DELETE FROM <ballots> WHERE batch_id = ? AND position = ?",
    "read": (
        "SELECT position, marks, void_reason FROM <ballots> WHERE batch_id = ? ORDER BY position"
    ),
    "find": "SELECT marks, void_reason FROM <ballots> WHERE batch_id = ? AND position = ?",
    # Positions move in two steps, because they must stay unique in between.
    "lift": "UPDATE <ballots> SET position = -position WHERE batch_id = ? AND position >= ?",
    "set_down": (
        "UPDATE <ballots> SET position = -position + ? WHERE batch_id = ? AND position < 0"
    ),
    "clear": "DELETE FROM <ballots> WHERE batch_id = ?",
    "draft": "SELECT marks, cursor, void_reason FROM <drafts> WHERE batch_id = ?",
    "save_draft": (
        "INSERT INTO <drafts> (batch_id, marks, cursor, void_reason) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (batch_id) DO UPDATE SET marks = excluded.marks, cursor = excluded.cursor, "
        "void_reason = excluded.void_reason"
    ),
    "drop_draft": "DELETE FROM <drafts> WHERE batch_id = ?",
}
FIRST = Pass.over(1, "ballot", "draft")
SECOND = Pass.over(2, "second_ballot", "second_draft")
# The third keying is written into the other two entries; only who keyed it is recorded.
THIRD_NUMBER = 3
PASS_NUMBERS = (FIRST.number, SECOND.number, THIRD_NUMBER)


class BallotSequence:
    """The ballots of one stack in one pass, at positions from 1, and the half-keyed ballot.

    Every method except `save_draft` runs inside the caller's transaction.
    """

    def __init__(self, stack: Stack, of: Pass) -> None:
        self._stack = stack
        self._sql = of

    def read(self) -> dict[int, Ballot]:
        """All ballots by position, in ascending order."""
        return {
            position: Ballot(marks, void_reason)
            for position, marks, void_reason in self._run(self._sql.read)
        }

    def find(self, position: int) -> Ballot:
        """The ballot at a position.

        Raises `RefusedError` if there is none. After sealing there are no positions at all.
        """
        row = self._run(self._sql.find, position).fetchone()
        if row is None:
            raise RefusedError(f"这一批没有第 {position} 张，可能已经封存。请返回后重新进入。")
        return Ballot(*row)

    def insert(self, position: int, ballot: Ballot) -> None:
        """Write a ballot at a free position."""
        self._run(self._sql.insert, position, *ballot)

    def put_in(self, position: int, ballot: Ballot) -> None:
        """Insert a ballot; this and later positions move down by one."""
        self._move(position, 1)
        self.insert(position, ballot)

    def replace(self, position: int, ballot: Ballot) -> Ballot:
        """Replace a ballot. Returns the old one."""
        old = self.find(position)
        database.execute_sql(self._sql.replace, (*ballot, self._stack.stack_id, position))
        return old

    def take_out(self, position: int) -> Ballot:
        """Remove a ballot and return it; later positions move up by one."""
        old = self.find(position)
        self._run(self._sql.drop, position)
        self._move(position + 1, -1)
        return old

    def clear(self) -> None:
        """Delete all ballots and the half-keyed one."""
        self._run(self._sql.clear)
        self.drop_draft()

    def draft(self, sheet: SheetLayout, void_reasons: tuple[str, ...]) -> BallotInHand:
        """The half-keyed ballot if there is one, otherwise an empty one."""
        row = self._run(self._sql.draft).fetchone()
        return BallotInHand(sheet, void_reasons, *(row or ()))

    def save_draft(self, ballot: BallotInHand) -> None:
        """Save the half-keyed ballot without waiting for the disk.

        Raises `RefusedError` if it cannot be written.
        """
        with quick():
            if ballot.empty:
                self.drop_draft()
            else:
                self._run(self._sql.save_draft, ballot.marks, ballot.cursor, ballot.void_reason)

    def drop_draft(self) -> None:
        """Delete the half-keyed ballot."""
        self._run(self._sql.drop_draft)

    def _move(self, position: int, step: int) -> None:
        self._run(self._sql.lift, position)
        database.execute_sql(self._sql.set_down, (step, self._stack.stack_id))

    def _run(self, sql: str, *values: object) -> Any:
        return database.execute_sql(sql, (self._stack.stack_id, *values))


class CountedSequence(BallotSequence):
    """The first entry, which the tallies use. Every change also updates the running counts."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack, FIRST)

    def insert(self, position: int, ballot: Ballot) -> None:
        """Write a ballot at a free position."""
        super().insert(position, ballot)
        kept_counts.count(self._stack, ballot)

    def replace(self, position: int, ballot: Ballot) -> Ballot:
        """Replace a ballot. Returns the old one."""
        old = super().replace(position, ballot)
        kept_counts.uncount(self._stack, old)
        kept_counts.count(self._stack, ballot)
        return old

    def take_out(self, position: int) -> Ballot:
        """Remove a ballot and return it; later positions move up by one."""
        old = super().take_out(position)
        kept_counts.uncount(self._stack, old)
        return old
