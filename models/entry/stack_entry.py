"""One stack while somebody keys it: what the first and the second entry have in common."""

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
    """Which stack is keyed, and on what form."""

    round: RoundInfo
    poll: PollInfo
    stack: Stack
    level_name: str
    sheet: SheetLayout


class StackEntry:
    """One pass over a stack. The counts in memory follow every ballot of the pass."""

    def __init__(self, keyed: KeyedStack, of: Pass, ballots: BallotSequence) -> None:
        self.round = keyed.round
        self.poll = keyed.poll
        self.stack = keyed.stack
        self.level_name = keyed.level_name
        self.sheet = keyed.sheet
        self.returned = keyed.stack.returned
        self.ballots = ballots
        self._pass = of
        # Unknown until a draft was saved or dropped, so the first commit drops one.
        self._drafted = True
        self._signed = ""
        self.counts: list[Counter[str]] = []
        """For each place how often each mark stands on the valid ballots."""
        self.valid = 0
        self.void = 0

    @property
    def entered(self) -> int:
        """How many ballots are in."""
        return self.valid + self.void

    @property
    def size(self) -> int:
        """How many places the sheet has."""
        return len(self.sheet.places)

    def draft(self, void_reasons: tuple[str, ...]) -> BallotInHand:
        """The half-keyed ballot if there is one, else a fresh one."""
        return self.ballots.draft(self.sheet, void_reasons)

    def save_draft(self, ballot: BallotInHand) -> None:
        """Keep the half-keyed ballot. Raises `RefusedError` if it could not be written."""
        self.ballots.save_draft(ballot)
        self._drafted = not ballot.empty

    def _store_next(self, position: int, ballot: Ballot) -> str:
        """Within a transaction: write the next ballot, end its draft, say who keyed it; that
        name, to be kept once the transaction is through."""
        who = clerk.current()
        self.ballots.insert(position, ballot)
        if self._drafted:
            self.ballots.drop_draft()
        if who != self._signed:
            sign(self.stack, self._pass.number, who)
        return who

    def _stored(self, ballot: Ballot, who: str) -> None:
        """After that transaction: count the ballot here too."""
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
    """Record that somebody keyed pass `number` of a stack."""
    database.execute_sql(_ADD_KEYER, (stack.stack_id, number, who))
