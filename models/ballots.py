"""测评票 in the database: keying a stack, the half-keyed ballot, looking back, correction.

A ballot, the counts it changes and the end of its draft are one durable transaction. A draft is
written at each key without waiting for the disk: it outlives the program, not a power cut.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from models import journal, polls, rounds, stacks, subjects
from models.keying import BallotInHand
from models.paper import stack_name
from models.polls import PollInfo, PollState
from models.refusal import RefusedError
from models.round_plan import RoundInfo, RoundState
from models.sheet import SheetLayout, layout
from models.stacks import Stack
from models.store import quick, writing
from models.tables import Ballot, Batch, Draft, database

_ADD_COUNT = """
INSERT INTO count (sheet_id, group_id, place, mark, n) VALUES (?, ?, ?, ?, 1)
ON CONFLICT (sheet_id, group_id, place, mark) DO UPDATE SET n = n + 1
"""
_TAKE_COUNT = """
UPDATE count SET n = n - 1 WHERE sheet_id = ? AND group_id = ? AND place = ? AND mark = ?
"""
_DROP_ZEROS = "DELETE FROM count WHERE sheet_id = ? AND group_id = ? AND n = 0"
_ADD_ENTERED = """
INSERT INTO entered (batch_id, void_reason, n) VALUES (?, ?, ?)
ON CONFLICT (batch_id, void_reason) DO UPDATE SET n = n + excluded.n
"""
_DROP_DRAFT = "DELETE FROM draft WHERE batch_id = ?"
_SAVE_DRAFT = """
INSERT INTO draft (batch_id, marks, cursor, void_reason) VALUES (?, ?, ?, ?)
ON CONFLICT (batch_id) DO UPDATE
SET marks = excluded.marks, cursor = excluded.cursor, void_reason = excluded.void_reason
"""


@dataclass(frozen=True)
class KeyedBallot:
    """A ballot as stored: `marks` in printed order, empty if `void_reason` (from 1) voids it."""

    position: int
    marks: str
    void_reason: int


class StackEntry:
    """One stack while it is keyed. `counts` tells for each place how often each mark stands on
    the stack's valid ballots; `valid` and `void` count its ballots."""

    def __init__(
        self,
        round_info: RoundInfo,
        poll: PollInfo,
        stack: Stack,
        level_name: str,
        sheet: SheetLayout,
    ) -> None:
        self.round = round_info
        self.poll = poll
        self.stack = stack
        self.level_name = level_name
        self.sheet = sheet
        self.returned = stack.returned
        self.counts: list[Counter[str]] = [Counter() for _ in sheet.places]
        self.void = 0
        self.valid = 0
        self._drafted = stack.drafted
        query = Ballot.select(Ballot.marks, Ballot.void_reason)
        for marks, void_reason in query.where(Ballot.batch == stack.batch_id).tuples().iterator():
            self._add(marks, void_reason, 1)

    @property
    def entered(self) -> int:
        """How many ballots are in."""
        return self.valid + self.void

    @property
    def full(self) -> bool:
        """Whether every returned ballot is in."""
        return self.entered >= self.returned

    def draft(self, void_reasons: tuple[str, ...]) -> BallotInHand:
        """The half-keyed ballot if there is one, else a fresh one."""
        row = Draft.get_or_none(Draft.batch == self.stack.batch_id)
        if row is None:
            return BallotInHand(self.sheet, void_reasons)
        return BallotInHand(self.sheet, void_reasons, row.marks, row.cursor, row.void_reason)

    def save_draft(self, ballot: BallotInHand) -> None:
        """Keep the half-keyed ballot. Raises `RefusedError` if it could not be written."""
        with quick():
            if ballot.empty:
                database.execute_sql(_DROP_DRAFT, (self.stack.batch_id,))
            else:
                database.execute_sql(
                    _SAVE_DRAFT,
                    (self.stack.batch_id, ballot.marks, ballot.cursor, ballot.void_reason),
                )
        self._drafted = not ballot.empty

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Store the next ballot. Raises `RefusedError` if the stack is full, the marks do not
        fit the sheet, or the database refuses; nothing is stored then."""
        if self.full:
            raise RefusedError(
                f"本批收回 {self.returned} 张已全部录入。还有纸票就先改收回数，多录了就翻看后撤销。"
            )
        marks = self._checked(marks, void_reason)
        with writing():
            database.execute_sql(
                "INSERT INTO ballot (batch_id, position, marks, void_reason) VALUES (?, ?, ?, ?)",
                (self.stack.batch_id, self.entered + 1, marks, void_reason),
            )
            self._write_counts(_ADD_COUNT, marks, void_reason)
            database.execute_sql(_ADD_ENTERED, (self.stack.batch_id, void_reason, 1))
            if self._drafted:
                database.execute_sql(_DROP_DRAFT, (self.stack.batch_id,))
        self._drafted = False
        self._add(marks, void_reason, 1)

    def ballot(self, position: int) -> KeyedBallot:
        """The ballot at a position, from 1."""
        row = Ballot.get((Ballot.batch == self.stack.batch_id) & (Ballot.position == position))
        return KeyedBallot(row.position, row.marks, row.void_reason)

    def correct(self, position: int, marks: str, void_reason: int, reason: str) -> None:
        """Replace a stored ballot; `reason` is recorded with the place, not the marks."""
        marks = self._checked(marks, void_reason)
        with writing():
            old = self.ballot(position)
            Ballot.update(marks=marks, void_reason=void_reason).where(
                (Ballot.batch == self.stack.batch_id) & (Ballot.position == position)
            ).execute()
            self._take_counts(old)
            self._write_counts(_ADD_COUNT, marks, void_reason)
            database.execute_sql(_ADD_ENTERED, (self.stack.batch_id, void_reason, 1))
            journal.record(
                "更正测评票", stack_name(self.poll, self.stack), f"第 {position} 张：{reason}"
            )
        self._add(old.marks, old.void_reason, -1)
        self._add(marks, void_reason, 1)

    def remove(self, position: int, reason: str) -> None:
        """Take back a ballot keyed by mistake; those after it move up by one."""
        where = (self.stack.batch_id, position)
        with writing():
            old = self.ballot(position)
            database.execute_sql("DELETE FROM ballot WHERE batch_id = ? AND position = ?", where)
            # Two steps, for each row in between must keep a position of its own.
            database.execute_sql(
                "UPDATE ballot SET position = -position WHERE batch_id = ? AND position > ?", where
            )
            database.execute_sql(
                "UPDATE ballot SET position = -position - 1 WHERE batch_id = ? AND position < 0",
                where[:1],
            )
            self._take_counts(old)
            journal.record(
                "撤销测评票", stack_name(self.poll, self.stack), f"第 {position} 张：{reason}"
            )
        self._add(old.marks, old.void_reason, -1)

    def _checked(self, marks: str, void_reason: int) -> str:
        if void_reason:
            return ""
        if not self.sheet.fits(marks):
            raise RefusedError("这张票的选项与票种不符，没有存。")
        return marks

    def _take_counts(self, old: KeyedBallot) -> None:
        self._write_counts(_TAKE_COUNT, old.marks, old.void_reason)
        database.execute_sql(_DROP_ZEROS, (self.stack.sheet_id, self.stack.group.id))
        database.execute_sql(_ADD_ENTERED, (self.stack.batch_id, old.void_reason, -1))
        database.execute_sql("DELETE FROM entered WHERE n = 0")

    def _write_counts(self, sql: str, marks: str, void_reason: int) -> None:
        if not void_reason:
            key = (self.stack.sheet_id, self.stack.group.id)
            database.connection().executemany(
                sql, [(*key, place, mark) for place, mark in enumerate(marks)]
            )

    def _add(self, marks: str, void_reason: int, n: int) -> None:
        if void_reason:
            self.void += n
            return
        self.valid += n
        for place, mark in enumerate(marks):
            self.counts[place][mark] += n


def enter(batch_id: int) -> StackEntry:
    """Open a stack for keying. Raises `RefusedError` if its round is not open, its poll is
    sealed, or nobody has said how much paper came back."""
    stack = stacks.find_stack(batch_id)
    poll = polls.find_by_id(_poll_id(batch_id))
    round_info = rounds.find_by_id(poll.round_id)
    if round_info.state is not RoundState.OPEN:
        raise RefusedError(f"轮次“{round_info.title}”在{round_info.state.label}中，不能录票。")
    if poll.state is PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 已封存，不能再录。")
    if not stack.returned:
        raise RefusedError(f"{poll.short} {stack.group.name} 还没有登记收回票数，请先登记再录。")
    content = rounds.frozen_contents(round_info.id)[stack.level]
    sheet = layout(content, round_info.rules.sheet, subjects.subjects_of_sheet(stack.sheet_id))
    return StackEntry(round_info, poll, stack, content.name, sheet)


def _poll_id(batch_id: int) -> int:
    return int(Batch.get_by_id(batch_id).sheet.poll_id)
