"""录票: the first entry of a stack, which is what counts.

A ballot, the counts it changes and the end of its draft are one durable transaction. A draft is
written at each key without waiting for the disk: it outlives the program, not a power cut.
"""

from __future__ import annotations

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import database
from models.entry.ballot import Ballot, checked
from models.entry.sequence import FIRST, CountedSequence
from models.entry.stack_entry import KeyedStack, StackEntry
from models.refusal import RefusedError, Way
from models.rounds import life, paper, polls, stacks
from models.rounds.contents import frozen_contents
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollState
from models.rounds.sheets import sheet_layout
from models.rounds.stacks import Stack

_AGREED = "SELECT 1 FROM verification WHERE batch_id = ? AND agreed = 1"
# What agreed was thrown away as the same as the first entry, so the first entry tells it.
_RESTORE_SECOND = """
INSERT INTO second_ballot (batch_id, position, marks, void_reason)
SELECT batch_id, position, marks, void_reason FROM ballot
WHERE batch_id = ? AND (position - 1) % ? = 0
"""
_REOPEN = "UPDATE verification SET agreed = 0 WHERE batch_id = ?"
_FORGET_SAMPLE = "DELETE FROM second_ballot WHERE batch_id = ? AND position >= ?"


class FirstEntry(StackEntry):
    """One stack while it is keyed for the first time, looked back at and corrected."""

    def __init__(self, keyed: KeyedStack) -> None:
        super().__init__(keyed, FIRST, CountedSequence(keyed.stack))
        self._drafted = keyed.stack.drafted
        self._count_up(list(self.ballots.read().values()))

    @property
    def full(self) -> bool:
        """Whether every returned ballot is in."""
        return self.entered >= self.returned

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Store the next ballot. Raises `RefusedError` if the stack is full, the marks do not
        fit the sheet, or the database refuses; nothing is stored then."""
        if self.full:
            raise RefusedError(
                f"本批收回 {self.returned} 张已全部录入。还有纸票就先改收回数，多录了就翻看后撤销。"
            )
        ballot = checked(self.sheet, marks, void_reason)
        with writing():
            reopen_verification(self.round, self.stack)
            who = self._store_next(self.entered + 1, ballot)
            if self.entered + 1 == self.returned:
                void = self.void + bool(void_reason)
                self._tell(
                    JournalAct.KEY_STACK,
                    f"录完 {self.returned} 张（有效 {self.returned - void}、无效 {void}）",
                )
        self._stored(ballot, who)

    def ballot(self, position: int) -> Ballot:
        """The ballot at a position, from 1. Raises `RefusedError` if there is none."""
        return self.ballots.find(position)

    def correct(self, position: int, marks: str, void_reason: int, reason: str) -> None:
        """Replace a stored ballot; `reason` is recorded with the place, not the marks."""
        ballot = checked(self.sheet, marks, void_reason)
        with writing():
            reopen_verification(self.round, self.stack)
            old = self.ballots.replace(position, ballot)
            self._tell(JournalAct.CORRECT_BALLOT, f"第 {position} 张：{reason}")
        self._add(old, -1)
        self._add(ballot, 1)

    def remove(self, position: int, reason: str) -> None:
        """Take back a ballot keyed by mistake; those after it move up by one."""
        with writing():
            reopen_verification(self.round, self.stack)
            forget_sample(self.round, self.stack, position)
            old = self.ballots.take_out(position)
            self._tell(JournalAct.REMOVE_BALLOT, f"第 {position} 张：{reason}")
        self._add(old, -1)

    def _tell(self, act: JournalAct, what: str) -> None:
        journal.record(act, paper.stack_name(self.poll, self.stack), what)


def reopen_verification(round_info: RoundInfo, stack: Stack) -> None:
    """Before the first entry of a stack changes: if it was verified, let the second entry stand
    again as it was, so that exactly what changes is verified anew."""
    if database.execute_sql(_AGREED, (stack.stack_id,)).fetchone():
        step = round_info.rules.verification.step
        database.execute_sql(_RESTORE_SECOND, (stack.stack_id, step))
        database.execute_sql(_REOPEN, (stack.stack_id,))


def forget_sample(round_info: RoundInfo, stack: Stack, position: int) -> None:
    """Where only some ballots are verified, by their position: forget those that move, which
    are all from `position` on."""
    if round_info.rules.verification.sampled:
        database.execute_sql(_FORGET_SAMPLE, (stack.stack_id, position))


def enter(stack_id: int) -> FirstEntry:
    """Open a stack for keying. Raises `RefusedError` if its round is not open, its poll is
    sealed, or nobody has said how much paper came back."""
    stack = stacks.find_stack(stack_id)
    poll = polls.find_by_id(stack.poll_id)
    round_info = life.find_by_id(poll.round_id)
    if round_info.state is not RoundState.OPEN:
        raise RefusedError(f"轮次“{round_info.title}”在{round_info.state.label}中，不能录票。")
    if poll.state is PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 已封存，不能再录。")
    if poll.state is PollState.REOPENED:
        raise RefusedError(
            f"{poll.unit_name} 封存过，录入顺序已不存在，不能再录。", Way.CORRECT_SEALED
        )
    if not stack.returned:
        raise RefusedError(f"{poll.short} {stack.group.name} 还没有登记收回票数，请先登记再录。")
    content = frozen_contents(round_info.id)[stack.level]
    sheet = sheet_layout(content, round_info, stack.sheet_id)
    return FirstEntry(KeyedStack(round_info, poll, stack, content.name, sheet))
