"""The first entry of a stack (录票), which is the one that is tallied.

Storing a ballot, updating the counts and deleting its draft are one durable transaction. A draft
is written on every key without waiting for the disk, so it survives a crash but not a power cut.
"""

from __future__ import annotations

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import database
from models.entry import sample
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
# A second entry that agreed was deleted, so it is restored from the first entry.
_RESTORE_SECOND = """
INSERT INTO second_ballot (batch_id, position, marks, void_reason)
SELECT batch_id, position, marks, void_reason FROM ballot WHERE batch_id = ? AND position = ?
"""
_REOPEN = "UPDATE verification SET agreed = 0 WHERE batch_id = ?"


class FirstEntry(StackEntry):
    """A stack in its first entry, with lookup and correction of earlier ballots."""

    def __init__(self, keyed: KeyedStack) -> None:
        super().__init__(keyed, FIRST, CountedSequence(keyed.stack))
        self._drafted = keyed.stack.drafted
        self._count_up(list(self.ballots.read().values()))

    @property
    def full(self) -> bool:
        """Whether all returned ballots are keyed."""
        return self.entered >= self.returned

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Store the next ballot.

        Raises `RefusedError` if the stack is full, the marks do not fit the sheet, or the
        database refuses. Then nothing is stored.
        """
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
        """Replace a stored ballot. The journal records its position and `reason`, not the marks."""
        ballot = checked(self.sheet, marks, void_reason)
        with writing():
            reopen_verification(self.round, self.stack)
            old = self.ballots.replace(position, ballot)
            self._tell(JournalAct.CORRECT_BALLOT, f"第 {position} 张：{reason}")
        self._add(old, -1)
        self._add(ballot, 1)

    def remove(self, position: int, reason: str) -> None:
        """Remove a ballot keyed by mistake; later ballots move up by one."""
        with writing():
            reopen_verification(self.round, self.stack)
            sample.forget(self.round.rules.verification, self.poll, self.stack)
            old = self.ballots.take_out(position)
            self._tell(JournalAct.REMOVE_BALLOT, f"第 {position} 张：{reason}")
        self._add(old, -1)

    def _tell(self, act: JournalAct, what: str) -> None:
        journal.record(act, paper.stack_name(self.poll, self.stack), what)


def reopen_verification(round_info: RoundInfo, stack: Stack) -> None:
    """Reopen the verification of a stack before its first entry changes.

    If the stack was verified, its second entry is restored, so that only the changed ballots have
    to be verified again.
    """
    if database.execute_sql(_AGREED, (stack.stack_id,)).fetchone():
        again = sample.papers(
            round_info.rules.verification, sample.seed_of(stack.stack_id), stack.returned
        )
        database.connection().executemany(
            _RESTORE_SECOND, [(stack.stack_id, position) for position in again]
        )
        database.execute_sql(_REOPEN, (stack.stack_id,))


def enter(stack_id: int) -> FirstEntry:
    """Open a stack for keying.

    Raises `RefusedError` if its round is not open, its poll is sealed or was sealed before, or
    the number of returned ballots is not recorded.
    """
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
        why = "登记的是无票，没有可录的" if stack.none else "还没有登记收回票数，请先登记再录"
        raise RefusedError(f"{poll.short} {stack.group.name} {why}。")
    content = frozen_contents(round_info.id)[stack.level]
    sheet = sheet_layout(content, round_info, stack.sheet_id)
    return FirstEntry(KeyedStack(round_info, poll, stack, content.name, sheet))
