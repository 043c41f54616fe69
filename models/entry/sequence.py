"""The ballots of a stack in the order of the paper, as one pass keyed them.

The first and the second entry of a stack have each their own pair of tables: the ballots that are
finished, and the one that is half keyed.
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
    """One of the passes over a stack: its number in the list of who keyed, and its SQL."""

    number: int
    insert: str
    replace: str
    drop: str
    read: str
    find: str
    lift: str
    set_down: str
    clear: str
    draft: str
    save_draft: str
    drop_draft: str

    @classmethod
    def over(cls, number: int, ballots: str, drafts: str) -> Pass:
        """The pass whose ballots and drafts lie in the tables of these names."""
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
    # Positions move in two steps, for in between each row must keep one of its own.
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
# What is keyed a third time goes into the other two; only who did it is kept.
THIRD_NUMBER = 3
PASS_NUMBERS = (FIRST.number, SECOND.number, THIRD_NUMBER)


class BallotSequence:
    """The ballots of one stack in one pass, at positions from 1, and its half-keyed ballot.

    Everything but `save_draft` runs inside the caller's transaction.
    """

    def __init__(self, stack: Stack, of: Pass) -> None:
        self._stack = stack
        self._sql = of

    def read(self) -> dict[int, Ballot]:
        """All ballots by position, in order."""
        return {
            position: Ballot(marks, void_reason)
            for position, marks, void_reason in self._run(self._sql.read)
        }

    def find(self, position: int) -> Ballot:
        """The ballot at a position. Raises `RefusedError` if there is none, as after a seal,
        which leaves no positions."""
        row = self._run(self._sql.find, position).fetchone()
        if row is None:
            raise RefusedError(f"这一批没有第 {position} 张，可能已经封存。请返回后重新进入。")
        return Ballot(*row)

    def insert(self, position: int, ballot: Ballot) -> None:
        """Write a ballot at a position that is free."""
        self._run(self._sql.insert, position, *ballot)

    def put_in(self, position: int, ballot: Ballot) -> None:
        """Put a ballot in; those from there on move down by one."""
        self._move(position, 1)
        self.insert(position, ballot)

    def replace(self, position: int, ballot: Ballot) -> Ballot:
        """Put a ballot in place of another; the one that was there."""
        old = self.find(position)
        database.execute_sql(self._sql.replace, (*ballot, self._stack.stack_id, position))
        return old

    def take_out(self, position: int) -> Ballot:
        """Take a ballot out; those after it move up by one."""
        old = self.find(position)
        self._run(self._sql.drop, position)
        self._move(position + 1, -1)
        return old

    def clear(self) -> None:
        """Drop all ballots and the half-keyed one."""
        self._run(self._sql.clear)
        self.drop_draft()

    def draft(self, sheet: SheetLayout, void_reasons: tuple[str, ...]) -> BallotInHand:
        """The half-keyed ballot if there is one, else a fresh one."""
        row = self._run(self._sql.draft).fetchone()
        return BallotInHand(sheet, void_reasons, *(row or ()))

    def save_draft(self, ballot: BallotInHand) -> None:
        """Keep the half-keyed ballot without waiting for the disk. Raises `RefusedError` if it
        could not be written."""
        with quick():
            if ballot.empty:
                self.drop_draft()
            else:
                self._run(self._sql.save_draft, ballot.marks, ballot.cursor, ballot.void_reason)

    def drop_draft(self) -> None:
        """Forget the half-keyed ballot."""
        self._run(self._sql.drop_draft)

    def _move(self, position: int, step: int) -> None:
        self._run(self._sql.lift, position)
        database.execute_sql(self._sql.set_down, (step, self._stack.stack_id))

    def _run(self, sql: str, *values: object) -> Any:
        return database.execute_sql(sql, (self._stack.stack_id, *values))


class CountedSequence(BallotSequence):
    """The first entry, which is what tallies count: each change changes the kept counts too."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack, FIRST)

    def insert(self, position: int, ballot: Ballot) -> None:
        """Write a ballot at a position that is free."""
        super().insert(position, ballot)
        kept_counts.count(self._stack, ballot)

    def replace(self, position: int, ballot: Ballot) -> Ballot:
        """Put a ballot in place of another; the one that was there."""
        old = super().replace(position, ballot)
        kept_counts.uncount(self._stack, old)
        kept_counts.count(self._stack, ballot)
        return old

    def take_out(self, position: int) -> Ballot:
        """Take a ballot out; those after it move up by one."""
        old = super().take_out(position)
        kept_counts.uncount(self._stack, old)
        return old
