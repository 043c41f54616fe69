"""Keying the second entry of a stack (复核), then settling the differences one by one.

First the stack is keyed again, blind and without questions, because a burst of keys must never
answer a question by accident. Only `Act.CHECK` starts the second part. There each ballot that
differs is keyed from the paper a third time. If both entries have a valid ballot, only the places
that differ are keyed. Earlier marks are never shown, except those that agree.
"""

from __future__ import annotations

import dataclasses
from enum import Enum, auto
from typing import TypeGuard

from models.database import clerk
from models.entry.alignment import Difference, DifferenceKind, differing
from models.entry.ballot import Ballot
from models.entry.keying import Act, BallotInHand, Effect, Reply, refused
from models.entry.notices import Notice, Said, say
from models.entry.second_entry import SecondEntry
from models.entry.sequence import FIRST
from models.refusal import RefusedError
from models.rounds.layout import UNKEYED, SheetLayout


class _Asking(Enum):
    CHECK = auto()
    DROP = auto()


class DifferingPlaces:
    """A ballot on which only some places are keyed again.

    The other places hold the marks that both entries agree on. The pad uses it like a
    `BallotInHand`.
    """

    void_reason = 0
    asking_void = False

    def __init__(self, sheet: SheetLayout, agreed: str, places: tuple[int, ...]) -> None:
        self._sheet = sheet
        self._places = places
        self._marks = list(agreed)
        self._surplus = False
        self.clear(places)

    @property
    def marks(self) -> str:
        """One character per place; a space marks a place not keyed yet."""
        return "".join(self._marks)

    @property
    def size(self) -> int:
        """The number of places on the sheet."""
        return len(self._marks)

    @property
    def empty(self) -> bool:
        """Whether nothing has been keyed."""
        return all(self._marks[place] == UNKEYED for place in self._places)

    def clear(self, places: tuple[int, ...]) -> None:
        """Clear these places so that they are keyed again."""
        for place in places:
            self._marks[place] = UNKEYED
        self.cursor = places[0]

    def press(self, act: Act | str) -> Reply:
        """Handle one action, like `BallotInHand.press`."""
        if act is Act.DOUBT:
            self._surplus = True
            return refused(Notice.BROKEN_OFF)
        if act is Act.FINISH:
            return self._finish()
        if act in (Act.LEFT, Act.UP, Act.RIGHT, Act.DOWN):
            return self._step(-1 if act in (Act.LEFT, Act.UP) else 1)
        if act is Act.BACK:
            reply = self._step(-1)
            if reply.effect is Effect.MOVED:
                self._marks[self.cursor] = UNKEYED
                return Reply(Effect.MARKED, say(Notice.ONE_BACK))
            return reply
        if not isinstance(act, str) or act not in self._sheet.marks:
            return refused(Notice.GRADES_ONLY)
        if self.cursor >= self.size:
            self._surplus = True
            return refused(Notice.ALL_KEYED)
        self._marks[self.cursor] = act
        later = [place for place in self._places if place > self.cursor]
        self.cursor = later[0] if later else self.size
        return Reply(Effect.MARKED)

    def _finish(self) -> Reply:
        left = [place for place in self._places if self._marks[place] == UNKEYED]
        if left:
            self.cursor = left[0]
            return refused(Notice.PLACES_LEFT, len(left))
        if self._surplus:
            self._surplus = False
            return refused(Notice.PRESSED_TOO_OFTEN)
        return Reply(Effect.STORED)

    def _step(self, step: int) -> Reply:
        stops = [*self._places]
        if all(self._marks[place] != UNKEYED for place in stops):
            stops.append(self.size)
        beyond = [n for n in stops if (n - self.cursor) * step > 0]
        if not beyond:
            return refused(Notice.DIFFERING_ONLY)
        self.cursor = min(beyond) if step > 0 else max(beyond)
        self._surplus = False
        return Reply(Effect.MOVED)


class SecondKeying:
    """An interactive session for the second entry of a stack."""

    looking = 0
    """No earlier ballot is ever on view."""

    def __init__(self, entry: SecondEntry, void_reasons: tuple[str, ...]) -> None:
        self.entry = entry
        self._void_reasons = void_reasons
        self.ballot: BallotInHand | DifferingPlaces = entry.draft(void_reasons)
        """The ballot being keyed."""
        self.difference: Difference | None = None
        """The difference being settled; None before that part begins."""
        self._asking: _Asking | None = None
        self._sure = False
        self._unsaved: BallotInHand | None = None

    @property
    def shown(self) -> BallotInHand | DifferingPlaces:
        """The ballot on the screen, which is always the one being keyed."""
        return self.ballot

    @property
    def position(self) -> int:
        """The number of the current ballot in the stack, from 1."""
        if self.difference is not None:
            return self.difference.paper
        if self.entry.agreed and not self.entry.sampled:
            return max(self.entry.entered, 1)
        return self.entry.next_paper

    @property
    def finished(self) -> bool:
        """Whether the stack is verified."""
        return self.entry.agreed

    @property
    def asking(self) -> bool:
        """Whether a question waits to be confirmed."""
        return self._asking is not None

    def greeting(self) -> Said:
        """The first message. Warns if the same person also keyed the first entry."""
        if self.finished:
            return self.statement()
        now = self.statement() if self.ballot.empty else say(Notice.DRAFT_FOUND)
        me = clerk.current()
        if me in self.entry.keyers(FIRST.number):
            return say(Notice.SAME_PERSON, me, then=now)
        return now

    def statement(self) -> Said:
        """The message that says what to do now."""
        if self.difference is not None:
            return _difference_said(self.entry, self.ballot, self.difference)
        entry = self.entry
        if entry.agreed:
            return say(Notice.VERIFIED, entry.needed)
        if entry.reached:
            return self._found()
        if entry.sampled:
            return say(Notice.NEXT_SAMPLE, entry.next_paper, entry.entered + 1, entry.needed)
        if entry.entered:
            return say(Notice.NEXT_PAPER, entry.next_paper)
        return say(Notice.FROM_THE_FIRST)

    def press(self, act: Act | str) -> Reply:
        """Handle one action or character."""
        try:
            if act is Act.DOUBT:
                return self.ballot.press(act)
            if self._asking:
                return self._answer(act)
            if act is Act.CHECK:
                return self._check()
            if act in (Act.LOOK_BACK, Act.LOOK_ON):
                return refused(Notice.NO_LOOKING)
            if self.difference is not None:
                return self._settle(act, self.difference)
            return self._key(act)
        except RefusedError as error:
            return refused(Notice.REFUSED, error)

    def go_to(self, place: int) -> Reply:
        """Move to a place, from 0, of the ballot being keyed."""
        ballot = self.ballot
        if self.difference is not None or not isinstance(ballot, BallotInHand):
            return refused(Notice.DIFFERING_ONLY)
        if self.entry.reached and ballot.empty:
            return Reply(Effect.REFUSED, self.statement())
        reply = ballot.go_to(place)
        if reply.effect is Effect.MOVED:
            self._unsaved = ballot
        return reply

    def keep(self) -> Reply | None:
        """Save the half-keyed ballot if it changed, like `FirstKeying.keep`."""
        ballot, self._unsaved = self._unsaved, None
        if ballot is not None:
            try:
                self.entry.save_draft(ballot)
            except RefusedError as error:
                return refused(Notice.REFUSED, error)
        return None

    def _key(self, act: Act | str) -> Reply:
        entry, ballot = self.entry, self.ballot
        if entry.sampled and entry.reached and ballot.empty:
            return Reply(Effect.REFUSED, self.statement())
        if act is Act.REMOVE:
            return refused(Notice.SURPLUS_LATER)
        reply = ballot.press(act)
        if reply.effect is Effect.STORED:
            position = entry.next_paper
            entry.commit(ballot.marks, ballot.void_reason)
            self.ballot, self._unsaved = BallotInHand(entry.sheet, self._void_reasons), None
            then = self.statement() if entry.reached or entry.sampled else None
            return Reply(Effect.STORED, say(Notice.STORED, position, then=then))
        if reply.effect in (Effect.MARKED, Effect.MOVED) and isinstance(ballot, BallotInHand):
            self._unsaved = ballot
        return reply

    def _check(self) -> Reply:
        """Go on to the differences, asking first if ballots are missing."""
        entry = self.entry
        if self.difference is not None or entry.agreed:
            return Reply(Effect.REFUSED, self.statement())
        if not self.ballot.empty:
            return refused(Notice.HALF_KEYED)
        if not entry.entered:
            return refused(Notice.NOTHING_KEYED)
        if entry.reached:
            return self._next(None)
        if entry.sampled:
            return refused(Notice.SAMPLE_SHORT, entry.needed, entry.needed - entry.entered)
        self._asking = _Asking.CHECK
        return Reply(Effect.ASKED, say(Notice.ASK_CHECK, entry.entered, entry.first_entered()))

    def _answer(self, act: Act | str) -> Reply:
        if act in (Act.BACK, Act.LEAVE):
            self._asking = None
            return Reply(Effect.MOVED, self.statement())
        if act is not Act.CHECK:
            return refused(Notice.CONFIRM)
        asking, self._asking = self._asking, None
        difference = self.difference
        if asking is _Asking.CHECK or difference is None:
            return self._next(None)
        if difference.kind is DifferenceKind.MISSING:
            self.entry.drop_first(difference)
            return self._next(say(Notice.FIRST_DROPPED, difference.first))
        self.entry.drop_second(difference)
        return self._next(say(Notice.SECOND_DROPPED, difference.second))

    def _settle(self, act: Act | str, difference: Difference) -> Reply:
        if act is Act.REMOVE:
            return self._ask_drop(difference)
        reply = self.ballot.press(act)
        if act is not Act.FINISH:
            self._sure = False
        if reply.effect is not Effect.STORED:
            return reply
        void = self.ballot.void_reason
        keyed = Ballot("" if void else self.ballot.marks, void)
        doubt = self._doubt(difference, keyed)
        if doubt:
            # A question, not a refusal, because the ballot on the screen has changed.
            return Reply(Effect.ASKED, doubt)
        if difference.kind is DifferenceKind.CHANGED:
            self.entry.change(difference, keyed)
        elif difference.kind is DifferenceKind.MISSING:
            self.entry.add_second(difference, keyed)
        else:
            self.entry.add_first(difference, keyed)
        return self._next(say(Notice.NOTED, difference.paper))

    def _ask_drop(self, difference: Difference) -> Reply:
        if difference.kind is DifferenceKind.CHANGED:
            return refused(Notice.KEYED_BY_BOTH)
        self._asking = _Asking.DROP
        if difference.kind is DifferenceKind.MISSING:
            return Reply(Effect.ASKED, say(Notice.ASK_DROP_FIRST, difference.first))
        return Reply(Effect.ASKED, say(Notice.ASK_DROP_SECOND, difference.second))

    def _doubt(self, difference: Difference, keyed: Ballot) -> Said | None:
        """Why a ballot keyed a third time is not accepted yet; None if it is accepted."""
        first, second = self.entry.pair(difference)
        if difference.kind is DifferenceKind.CHANGED:
            return self._neither(keyed, first, second)
        if difference.kind is DifferenceKind.EXTRA and keyed != second:
            self._begin(difference)
            return say(Notice.KEYED_BEFORE if keyed == first else Notice.NOT_THE_SECOND)
        neighbours = (
            second,
            self.entry.pair(dataclasses.replace(difference, second=difference.second - 1))[1],
        )
        missing = difference.kind is DifferenceKind.MISSING
        if missing and keyed in neighbours and not self._sure:
            self._sure = True
            return say(Notice.SAME_NEARBY)
        return None

    def _neither(self, keyed: Ballot, first: Ballot | None, second: Ballot | None) -> Said | None:
        """Why a third keying that matches neither entry is not accepted; None if it is accepted."""
        if first is None or second is None:
            return say(Notice.NO_LONGER_DIFFERENT)
        if isinstance(self.ballot, DifferingPlaces):
            wrong = tuple(
                place
                for place in differing(first, second)
                if keyed.marks[place] not in (first.marks[place], second.marks[place])
            )
            if wrong:
                self.ballot.clear(wrong)
                return say(Notice.NEITHER_PLACES, self.entry.sheet, wrong)
        elif keyed not in (first, second):
            self.ballot = BallotInHand(self.entry.sheet, self._void_reasons)
            return say(Notice.NEITHER)
        return None

    def _next(self, done: Said | None) -> Reply:
        """Go to the next difference, or verify the stack if there is none."""
        entry = self.entry
        difference = None if entry.agreed else entry.next_difference()
        if difference is None:
            self.difference = None
            self.ballot = BallotInHand(entry.sheet, self._void_reasons)
            if not entry.agreed and not entry.settle():
                found = self._found()
                done = dataclasses.replace(done, then=found) if done else found
        else:
            self._begin(difference)
            if done is None:
                done = say(Notice.ONE_BY_ONE, len(entry.differences()))
        return Reply(Effect.STORED, done or self._found())

    def _begin(self, difference: Difference) -> None:
        self.difference = difference
        self._sure = False
        first, second = self.entry.pair(difference)
        if difference.kind is DifferenceKind.CHANGED and _valid(first) and _valid(second):
            places = differing(first, second)
            self.ballot = DifferingPlaces(self.entry.sheet, first.marks, places)
        else:
            self.ballot = BallotInHand(self.entry.sheet, self._void_reasons)

    def _found(self) -> Said:
        entry = self.entry
        if entry.agreed:
            return say(Notice.AGREED)
        found = len(entry.differences())
        if found:
            return say(Notice.DIFFERENT, found)
        return say(Notice.TOO_FEW, entry.first_entered(), entry.returned)


def _difference_said(
    entry: SecondEntry, ballot: BallotInHand | DifferingPlaces, difference: Difference
) -> Said:
    """What to key again, of which paper."""
    if difference.kind is DifferenceKind.MISSING:
        same = difference.first == difference.second
        return say(Notice.MISSING, difference.first, 0 if same else difference.second - 1)
    if difference.kind is DifferenceKind.EXTRA:
        return say(Notice.EXTRA, difference.second)
    if not isinstance(ballot, DifferingPlaces):
        return say(Notice.VOID_DIFFERS, difference.first)
    first, second = entry.pair(difference)
    places = differing(first, second) if first and second else ()
    return say(Notice.PLACES_DIFFER, difference.first, entry.sheet, places)


def _valid(ballot: Ballot | None) -> TypeGuard[Ballot]:
    return ballot is not None and not ballot.void_reason
