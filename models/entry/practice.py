"""Practice (练习): a stack keyed in memory alone, from made-up paper that says what it should give.

Nothing is written: neither a ballot nor a draft, nor who keyed.
"""

from __future__ import annotations

import random
from dataclasses import replace

from models.entry.ballot import Ballot, checked
from models.entry.first_entry import FirstEntry
from models.entry.keying import BallotInHand
from models.entry.sequence import FIRST, BallotSequence
from models.entry.stack_entry import KeyedStack, StackEntry
from models.refusal import RefusedError
from models.rounds import life
from models.rounds.contents import round_contents
from models.rounds.layout import BLANK, OVERVOTE, SheetLayout
from models.rounds.polls import find_by_id
from models.rounds.sheets import sheet_layout
from models.rounds.stacks import Stack, find_stack
from models.settings.office import Settings

BALLOTS = 10
"""How many ballots a practice has."""
_UNIFORM, _ODD = 0.4, 0.04


class InMemory(BallotSequence):
    """Ballots by position, and the half-keyed one, that are gone with the program."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack, FIRST)
        self._ballots: list[Ballot] = []

    def read(self) -> dict[int, Ballot]:
        """All ballots by position."""
        return dict(enumerate(self._ballots, 1))

    def find(self, position: int) -> Ballot:
        """The ballot at a position. Raises `RefusedError` if there is none."""
        if not 1 <= position <= len(self._ballots):
            raise RefusedError(f"没有第 {position} 张。")
        return self._ballots[position - 1]

    def insert(self, position: int, ballot: Ballot) -> None:
        """Put a ballot at a position; later ones move down."""
        self._ballots.insert(position - 1, ballot)

    def replace(self, position: int, ballot: Ballot) -> Ballot:
        """Replace a ballot. Returns the old one."""
        old = self.find(position)
        self._ballots[position - 1] = ballot
        return old

    def take_out(self, position: int) -> Ballot:
        """Remove a ballot and return it."""
        self.find(position)
        return self._ballots.pop(position - 1)

    def draft(self, sheet: SheetLayout, void_reasons: tuple[str, ...]) -> BallotInHand:
        """An empty ballot."""
        return BallotInHand(sheet, void_reasons)

    def save_draft(self, ballot: BallotInHand) -> None:
        """Half a ballot is not kept."""

    def drop_draft(self) -> None:
        """There is none."""


class PracticeEntry(FirstEntry):
    """A stack of the practice: as the first entry, but in memory."""

    def __init__(self, keyed: KeyedStack) -> None:
        StackEntry.__init__(self, keyed, FIRST, InMemory(keyed.stack))
        self._count_up([])

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Take the next ballot. Raises `RefusedError` if the marks do not fit the sheet."""
        ballot = checked(self.sheet, marks, void_reason)
        self.ballots.insert(self.entered + 1, ballot)
        self._add(ballot, 1)

    def correct(self, position: int, marks: str, void_reason: int, reason: str) -> None:
        """Replace a ballot; the reason is not kept."""
        ballot = checked(self.sheet, marks, void_reason)
        self._add(self.ballots.replace(position, ballot), -1)
        self._add(ballot, 1)

    def remove(self, position: int, reason: str) -> None:
        """Remove a ballot; the reason is not kept."""
        self._add(self.ballots.take_out(position), -1)


def practice(stack_id: int, settings: Settings) -> PracticeEntry:
    """A practice on the form of a stack, of a draft round too."""
    stack = find_stack(stack_id)
    poll = find_by_id(stack.poll_id)
    info = life.find_by_id(poll.round_id)
    content = round_contents(info, settings)[stack.level]
    sheet = sheet_layout(content, info, stack.sheet_id)
    made = replace(stack, returned=BALLOTS, valid=0, void=0, drafted=False, registered=True)
    return PracticeEntry(KeyedStack(info, poll, made, content.name, sheet))


def made_up(sheet: SheetLayout, void_reasons: int, seed: int) -> tuple[Ballot, ...]:
    """Paper to key, as it tends to come back: many ballots alike throughout, some mixed, a blank or
    an overvote here and there, one void. The same `seed` gives the same paper."""
    chance = random.Random(seed)  # noqa: S311 - made-up paper, no secret
    void = chance.randrange(BALLOTS)
    return tuple(
        Ballot("", chance.randint(1, void_reasons)) if at == void else _one(sheet, chance)
        for at in range(BALLOTS)
    )


def _one(sheet: SheetLayout, chance: random.Random) -> Ballot:
    grades = [str(number) for number in range(1, len(sheet.scale.grades) + 1)]
    likely = [2.0**-at for at in range(len(grades))]
    size = len(sheet.places)
    if chance.random() < _UNIFORM:
        return Ballot(chance.choices(grades, likely)[0] * size)
    marks = chance.choices(grades, likely, k=size)
    odd = (chance.choice((BLANK, OVERVOTE)) if chance.random() < _ODD else "" for _ in marks)
    return Ballot("".join(other or mark for other, mark in zip(odd, marks, strict=True)))


def differing(paper: Ballot, keyed: Ballot) -> list[int] | None:
    """The places, from 0, that were keyed otherwise than they stand on the paper; None if one of
    the two is void, or void for another reason, and the other is not."""
    if paper.void_reason != keyed.void_reason:
        return None
    pairs = zip(paper.marks, keyed.marks, strict=True)
    return [at for at, (stands, typed) in enumerate(pairs) if stands != typed]
