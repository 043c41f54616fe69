"""A stack being keyed: the code shared by the first and the second entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from models.database import clerk
from models.database.tables import database
from models.entry.ballot import Ballot
from models.entry.keying import BallotInHand
from models.entry.sequence import BallotSequence, Pass
from models.rounds.layout import SheetLayout
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack

_ADD_KEYER = "INSERT OR IGNORE INTO keyer (batch_id, number, who) VALUES (?, ?, ?)"


@dataclass(frozen=True)
class KeyedStack:
    """The stack being keyed and its form."""

    round: RoundInfo
    """Its round."""
    poll: PollInfo
    """Its poll."""
    stack: Stack
    """The stack."""
    level_name: str
    """The Chinese name of its level."""
    sheet: SheetLayout
    """The form of its ballots."""


class StackEntry:
    """One pass over a stack. Keeps the counts of the pass in memory."""

    def __init__(self, keyed: KeyedStack, of: Pass, ballots: BallotSequence) -> None:
        self.round = keyed.round
        self.poll = keyed.poll
        self.stack = keyed.stack
        self.level_name = keyed.level_name
        self.sheet = keyed.sheet
        self.returned = keyed.stack.returned
        self.ballots = ballots
        self._pass = of
        # Unknown until a draft is saved or dropped, so the first commit always drops it.
        self._drafted = True
        self._signed = ""
        self.counts: list[Counter[str]] = []
        """For each place, how often each mark occurs on the valid ballots."""
        self.valid = 0
        """Valid ballots keyed."""
        self.void = 0
        """Void ballots keyed."""

    @property
    def entered(self) -> int:
        """The number of ballots keyed."""
        return self.valid + self.void

    @property
    def size(self) -> int:
        """The number of places on the sheet."""
        return len(self.sheet.places)

    def draft(self, void_reasons: tuple[str, ...]) -> BallotInHand:
        """The half-keyed ballot if there is one, otherwise an empty one."""
        return self.ballots.draft(self.sheet, void_reasons)

    def save_draft(self, ballot: BallotInHand) -> None:
        """Save the half-keyed ballot. Raises `RefusedError` if it cannot be written."""
        self.ballots.save_draft(ballot)
        self._drafted = not ballot.empty

    def _store_next(self, position: int, ballot: Ballot) -> str:
        """Write the next ballot, drop its draft and record the clerk, in the caller's transaction.

        Returns the clerk's name, to be passed to `_stored` after the commit.
        """
        who = clerk.current()
        self.ballots.insert(position, ballot)
        if self._drafted:
            self.ballots.drop_draft()
        if who != self._signed:
            sign(self.stack, self._pass.number, who)
        return who

    def _stored(self, ballot: Ballot, who: str) -> None:
        """Update the counts in memory after the transaction has committed."""
        self._drafted = False
        self._signed = who
        self._add(ballot, 1)

    def _count_up(self, ballots: list[Ballot]) -> None:
        self.counts = [Counter() for _ in self.sheet.places]
        self.valid = self.void = 0
        for ballot in ballots:
            self._add(ballot, 1)

    def _add(self, ballot: Ballot, n: int) -> None:
        if ballot.void_reason:
            self.void += n
            return
        self.valid += n
        for place, mark in enumerate(ballot.marks):
            self.counts[place][mark] += n


def sign(stack: Stack, number: int, who: str) -> None:
    """Record that `who` keyed pass `number` of a stack."""
    database.execute_sql(_ADD_KEYER, (stack.stack_id, number, who))
