"""测评票 in the database: keying a stack, the half-keyed ballot, looking back, correction.

A ballot, the counts it changes and the end of its draft are one durable transaction. A draft is
written at each key without waiting for the disk: it outlives the program, not a power cut.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from models.database import clerk, journal
from models.database.journal import JournalAct
from models.database.store import quick, writing
from models.database.tables import Ballot, Batch, Draft, database
from models.entry.keying import BallotInHand
from models.refusal import RefusedError
from models.rounds import life, polls, stacks, subjects
from models.rounds.contents import frozen_contents
from models.rounds.layout import SheetLayout, layout
from models.rounds.paper import stack_name
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollInfo, PollState
from models.rounds.stacks import Stack

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
_ADD_KEYER = "INSERT OR IGNORE INTO keyer (batch_id, number, who) VALUES (?, ?, ?)"
_AGREED = "SELECT 1 FROM verification WHERE batch_id = ? AND agreed = 1"
# What agreed was thrown away as the same as the first entry, so the first entry tells it.
_RESTORE_SECOND = """
INSERT INTO second_ballot (batch_id, position, marks, void_reason)
SELECT batch_id, position, marks, void_reason FROM ballot
WHERE batch_id = ? AND (position - 1) % ? = 0
"""
_REOPEN = "UPDATE verification SET agreed = 0 WHERE batch_id = ?"
_DROP_DRAFT = "DELETE FROM draft WHERE batch_id = ?"
_SAVE_DRAFT = """
INSERT INTO draft (batch_id, marks, cursor, void_reason) VALUES (?, ?, ?, ?)
ON CONFLICT (batch_id) DO UPDATE
SET marks = excluded.marks, cursor = excluded.cursor, void_reason = excluded.void_reason
"""

FIRST_ENTRY, SECOND_ENTRY, THIRD_ENTRY = 1, 2, 3


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
        self._signed = ""
        query = Ballot.select(Ballot.marks, Ballot.void_reason)
        for marks, void_reason in query.where(Ballot.batch == stack.stack_id).tuples().iterator():
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
        row = Draft.get_or_none(Draft.batch == self.stack.stack_id)
        if row is None:
            return BallotInHand(self.sheet, void_reasons)
        return BallotInHand(self.sheet, void_reasons, row.marks, row.cursor, row.void_reason)

    def save_draft(self, ballot: BallotInHand) -> None:
        """Keep the half-keyed ballot. Raises `RefusedError` if it could not be written."""
        with quick():
            if ballot.empty:
                database.execute_sql(_DROP_DRAFT, (self.stack.stack_id,))
            else:
                database.execute_sql(
                    _SAVE_DRAFT,
                    (self.stack.stack_id, ballot.marks, ballot.cursor, ballot.void_reason),
                )
        self._drafted = not ballot.empty

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Store the next ballot. Raises `RefusedError` if the stack is full, the marks do not
        fit the sheet, or the database refuses; nothing is stored then."""
        if self.full:
            raise RefusedError(
                f"本批收回 {self.returned} 张已全部录入。还有纸票就先改收回数，多录了就翻看后撤销。"
            )
        marks = checked(self.sheet, marks, void_reason)
        who = clerk.current()
        with writing():
            reopen_verification(self.round, self.stack)
            _insert(self.stack, KeyedBallot(self.entered + 1, marks, void_reason))
            if self._drafted:
                database.execute_sql(_DROP_DRAFT, (self.stack.stack_id,))
            if who != self._signed:
                sign(self.stack, FIRST_ENTRY, who)
            if self.entered + 1 == self.returned:
                void = self.void + bool(void_reason)
                journal.record(
                    JournalAct.KEY_STACK,
                    stack_name(self.poll, self.stack),
                    f"录完 {self.returned} 张（有效 {self.returned - void}、无效 {void}）",
                )
        self._drafted = False
        self._signed = who
        self._add(marks, void_reason, 1)

    def ballot(self, position: int) -> KeyedBallot:
        """The ballot at a position, from 1."""
        return stored(self.stack, position)

    def correct(self, position: int, marks: str, void_reason: int, reason: str) -> None:
        """Replace a stored ballot; `reason` is recorded with the place, not the marks."""
        marks = checked(self.sheet, marks, void_reason)
        with writing():
            reopen_verification(self.round, self.stack)
            old = replace(self.stack, KeyedBallot(position, marks, void_reason))
            journal.record(
                JournalAct.CORRECT_BALLOT,
                stack_name(self.poll, self.stack),
                f"第 {position} 张：{reason}",
            )
        self._add(old.marks, old.void_reason, -1)
        self._add(marks, void_reason, 1)

    def remove(self, position: int, reason: str) -> None:
        """Take back a ballot keyed by mistake; those after it move up by one."""
        with writing():
            reopen_verification(self.round, self.stack)
            forget_sample(self.round, self.stack, position)
            old = take_out(self.stack, position)
            journal.record(
                JournalAct.REMOVE_BALLOT,
                stack_name(self.poll, self.stack),
                f"第 {position} 张：{reason}",
            )
        self._add(old.marks, old.void_reason, -1)

    def _add(self, marks: str, void_reason: int, n: int) -> None:
        if void_reason:
            self.void += n
            return
        self.valid += n
        for place, mark in enumerate(marks):
            self.counts[place][mark] += n


def checked(sheet: SheetLayout, marks: str, void_reason: int) -> str:
    """The marks to store: none of a void ballot. Raises `RefusedError` if they do not fit."""
    if void_reason:
        return ""
    if not sheet.fits(marks):
        raise RefusedError("这张票的选项与票种不符，没有存。")
    return marks


# What follows writes a ballot and the counts it changes, inside the caller's transaction.


def stored(stack: Stack, position: int) -> KeyedBallot:
    """The ballot of a stack at a position, from 1. Raises `RefusedError` if there is none, as
    after a seal, which leaves no positions."""
    row = Ballot.get_or_none((Ballot.batch == stack.stack_id) & (Ballot.position == position))
    if row is None:
        raise RefusedError(f"这一批没有第 {position} 张，可能已经封存。请返回后重新进入。")
    return KeyedBallot(row.position, row.marks, row.void_reason)


def replace(stack: Stack, ballot: KeyedBallot) -> KeyedBallot:
    """Put a ballot in place of the one at its position; the one that was there."""
    old = stored(stack, ballot.position)
    Ballot.update(marks=ballot.marks, void_reason=ballot.void_reason).where(
        (Ballot.batch == stack.stack_id) & (Ballot.position == ballot.position)
    ).execute()
    _uncount(stack, old)
    _count(stack, ballot)
    return old


def take_out(stack: Stack, position: int) -> KeyedBallot:
    """Take a ballot out; those after it move up by one."""
    old = stored(stack, position)
    Ballot.delete().where(
        (Ballot.batch == stack.stack_id) & (Ballot.position == position)
    ).execute()
    move("ballot", stack, position + 1, -1)
    _uncount(stack, old)
    return old


def put_in(stack: Stack, ballot: KeyedBallot) -> None:
    """Put a ballot in at its position; those from there on move down by one."""
    move("ballot", stack, ballot.position, 1)
    _insert(stack, ballot)


def move(table: str, stack: Stack, position: int, step: int) -> None:
    """Move the ballots of a stack from `position` on by `step`. `table` is `ballot`, or
    `second_ballot` of the second entry."""
    # Two steps, for each row in between must keep a position of its own.
    for sql, values in (
        ("position = -position WHERE batch_id = ? AND position >= ?", (stack.stack_id, position)),
        (f"position = -position + {step:d} WHERE batch_id = ? AND position < 0", (stack.stack_id,)),
    ):
        database.execute_sql(f"UPDATE {table} SET {sql}", values)  # noqa: S608 - names of tables


def sign(stack: Stack, number: int, who: str) -> None:
    """Record that somebody keyed pass `number` (as in `Keyer`) of a stack."""
    database.execute_sql(_ADD_KEYER, (stack.stack_id, number, who))


def reopen_verification(round_info: RoundInfo, stack: Stack) -> None:
    """Before the first entry of a stack changes: if it was verified, let the second entry stand
    again as it was, so that exactly what changes is verified anew."""
    if database.execute_sql(_AGREED, (stack.stack_id,)).fetchone():
        database.execute_sql(_RESTORE_SECOND, (stack.stack_id, round_info.rules.verification.step))
        database.execute_sql(_REOPEN, (stack.stack_id,))


def forget_sample(round_info: RoundInfo, stack: Stack, position: int) -> None:
    """Where only some ballots are verified, by their position: forget those that move, which
    are all from `position` on."""
    if round_info.rules.verification.sampled:
        database.execute_sql(
            "DELETE FROM second_ballot WHERE batch_id = ? AND position >= ?",
            (stack.stack_id, position),
        )


def _insert(stack: Stack, ballot: KeyedBallot) -> None:
    database.execute_sql(
        "INSERT INTO ballot (batch_id, position, marks, void_reason) VALUES (?, ?, ?, ?)",
        (stack.stack_id, ballot.position, ballot.marks, ballot.void_reason),
    )
    _count(stack, ballot)


def _count(stack: Stack, ballot: KeyedBallot) -> None:
    _write_counts(_ADD_COUNT, stack, ballot)
    database.execute_sql(_ADD_ENTERED, (stack.stack_id, ballot.void_reason, 1))


def _uncount(stack: Stack, ballot: KeyedBallot) -> None:
    _write_counts(_TAKE_COUNT, stack, ballot)
    database.execute_sql(_DROP_ZEROS, (stack.sheet_id, stack.group.id))
    database.execute_sql(_ADD_ENTERED, (stack.stack_id, ballot.void_reason, -1))
    database.execute_sql("DELETE FROM entered WHERE n = 0")


def _write_counts(sql: str, stack: Stack, ballot: KeyedBallot) -> None:
    if not ballot.void_reason:
        key = (stack.sheet_id, stack.group.id)
        database.connection().executemany(
            sql, [(*key, place, mark) for place, mark in enumerate(ballot.marks)]
        )


def enter(stack_id: int) -> StackEntry:
    """Open a stack for keying. Raises `RefusedError` if its round is not open, its poll is
    sealed, or nobody has said how much paper came back."""
    stack = stacks.find_stack(stack_id)
    poll = polls.find_by_id(_poll_id(stack_id))
    round_info = life.find_by_id(poll.round_id)
    if round_info.state is not RoundState.OPEN:
        raise RefusedError(f"轮次“{round_info.title}”在{round_info.state.label}中，不能录票。")
    if poll.state is PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 已封存，不能再录。")
    if poll.state is PollState.REOPENED:
        raise RefusedError(
            f"{poll.unit_name} 封存过，录入顺序已不存在，不能再录；更正在平衡封存（F6）里按 F4。"
        )
    if not stack.returned:
        raise RefusedError(f"{poll.short} {stack.group.name} 还没有登记收回票数，请先登记再录。")
    content = frozen_contents(round_info.id)[stack.level]
    sheet = layout(content, round_info.rules.sheet, subjects.subjects_of_sheet(stack.sheet_id))
    return StackEntry(round_info, poll, stack, content.name, sheet)


def _poll_id(stack_id: int) -> int:
    return int(Batch.get_by_id(stack_id).sheet.poll_id)
