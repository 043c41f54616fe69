"""Keying the first entry of a stack (录票): marking, looking back, correcting and removing ballots.

Takes the pad's actions one by one and answers each with a `Reply`; the widget only draws. A
finished ballot is stored before the reply is returned.
"""

from __future__ import annotations

from enum import Enum, auto

from models.entry.first_entry import FirstEntry
from models.entry.keying import Act, BallotInHand, Effect, Reply, chosen, refused
from models.entry.notices import Notice, Said, say
from models.refusal import RefusedError


class _ReasonFor(Enum):
    CORRECT = auto()
    REMOVE = auto()


class FirstKeying:
    """An interactive session for the first entry of a stack."""

    def __init__(
        self,
        entry: FirstEntry,
        void_reasons: tuple[str, ...],
        correction_reasons: tuple[str, ...],
    ) -> None:
        self.entry = entry
        self._void_reasons = void_reasons
        self._correction_reasons = correction_reasons
        self.ballot = entry.draft(void_reasons)
        """The ballot being keyed."""
        self.looking = 0
        """The position, from 1, of the earlier ballot on view; 0 if there is none."""
        self._looked = self.ballot
        self._asking: _ReasonFor | None = None
        self._unsaved = False

    @property
    def shown(self) -> BallotInHand:
        """The ballot on the screen: an earlier one, or the one being keyed."""
        return self._looked if self.looking else self.ballot

    @property
    def position(self) -> int:
        """The position, from 1, of the ballot on the screen.

        On a fully keyed stack it is the position of the last ballot.
        """
        if self.looking:
            return self.looking
        return min(self.entry.entered + 1, self.entry.returned)

    @property
    def finished(self) -> bool:
        """Whether the whole stack is keyed."""
        return self.entry.full

    @property
    def asking(self) -> bool:
        """Whether the reason of a correction or a removal is being asked for."""
        return self._asking is not None

    def greeting(self) -> Said | None:
        """The first message: a half-keyed ballot was found, or nothing is left to key."""
        if not self.ballot.empty:
            return say(Notice.HALF_FOUND, self.ballot.size - self.ballot.unkeyed)
        return self.statement_when_full if self.finished else None

    @property
    def statement_when_full(self) -> Said:
        """The message for a fully keyed stack."""
        return say(Notice.STACK_FULL, self.entry.returned)

    def press(self, act: Act | str) -> Reply:
        """Handle one action or character."""
        try:
            if act is Act.DOUBT:
                self._looked.press(act)
                return self.ballot.press(act)
            if self._asking:
                return self._answer(act)
            if act in (Act.LOOK_BACK, Act.LOOK_ON):
                return self._look(-1 if act is Act.LOOK_BACK else 1)
            return self._while_looking(act) if self.looking else self._key(act)
        except RefusedError as error:
            return refused(Notice.REFUSED, error)

    def go_to(self, place: int) -> Reply:
        """Move to a place, from 0, of the ballot on the screen."""
        if self.entry.full and not self.looking and self.ballot.empty:
            return Reply(Effect.REFUSED, self.statement_when_full)
        reply = self.shown.go_to(place)
        if reply.effect is Effect.MOVED and not self.looking:
            self._unsaved = True
        return reply

    def keep(self) -> Reply | None:
        """Save the half-keyed ballot if it changed: when no key is waiting, before it is shown and
        before it is left. A refusal if it cannot be saved."""
        if not self._unsaved:
            return None
        self._unsaved = False
        try:
            self.entry.save_draft(self.ballot)
        except RefusedError as error:
            return refused(Notice.REFUSED, error)
        return None

    def _key(self, act: Act | str) -> Reply:
        if self.entry.full and self.ballot.empty:
            return Reply(Effect.REFUSED, self.statement_when_full)
        if act is Act.REMOVE:
            return refused(Notice.LOOK_FIRST)
        reply = self.ballot.press(act)
        if reply.effect is Effect.STORED:
            position = self.entry.entered + 1
            self.entry.commit(self.ballot.marks, self.ballot.void_reason)
            self.ballot = BallotInHand(self.entry.sheet, self._void_reasons)
            self._unsaved = False
            done = self.statement_when_full if self.entry.full else None
            return Reply(Effect.STORED, say(Notice.STORED, position, then=done))
        if reply.effect in (Effect.MARKED, Effect.MOVED):
            self._unsaved = True
        return reply

    def _look(self, step: int) -> Reply:
        here = self.looking or self.entry.entered + 1
        there = here + step
        if there < 1:
            return refused(Notice.NONE_EARLIER if self.looking else Notice.NONE_KEYED)
        if there > self.entry.entered:
            if not self.looking:
                return refused(Notice.NONE_LATER)
            return self._look_away()
        stored = self.entry.ballot(there)
        self.looking = there
        self._looked = BallotInHand(
            self.entry.sheet, self._void_reasons, stored.marks, 0, stored.void_reason
        )
        # A round of before may have more reasons than its copy was given.
        known = 0 < stored.void_reason <= len(self._void_reasons)
        void = self._void_reasons[stored.void_reason - 1] if known else ""
        if stored.void_reason and not known:
            void = str(stored.void_reason)
        return Reply(Effect.MOVED, say(Notice.LOOKING, void))

    def _look_away(self) -> Reply:
        self.looking = 0
        return Reply(Effect.MOVED, say(Notice.BACK_TO_HAND))

    def _while_looking(self, act: Act | str) -> Reply:
        if act is Act.LEAVE and not self._looked.asking_void:
            return self._look_away()
        if act is Act.REMOVE:
            return self._ask(_ReasonFor.REMOVE, Notice.ASK_REMOVE)
        reply = self._looked.press(act)
        if reply.effect is not Effect.STORED:
            return reply
        stored = self.entry.ballot(self.looking)
        same_void = self._looked.void_reason == stored.void_reason
        if same_void and (stored.void_reason or self._looked.marks == stored.marks):
            return refused(Notice.UNCHANGED)
        return self._ask(_ReasonFor.CORRECT, Notice.ASK_CORRECT)

    def _ask(self, asking: _ReasonFor, question: Notice) -> Reply:
        self._asking = asking
        return Reply(Effect.ASKED, say(question, self.looking, self._correction_reasons))

    def _answer(self, act: Act | str) -> Reply:
        asking, position = self._asking, self.looking
        if act in (Act.BACK, Act.LEAVE):
            self._asking = None
            return Reply(Effect.MOVED, say(Notice.STILL_LOOKING))
        number = chosen(act, len(self._correction_reasons))
        if not number:
            return refused(Notice.REASON_CHOICES, len(self._correction_reasons))
        reason = self._correction_reasons[number - 1]
        self._asking = None
        self.looking = 0
        if asking is _ReasonFor.REMOVE:
            self.entry.remove(position, reason)
            return Reply(Effect.STORED, say(Notice.REMOVED, position))
        self.entry.correct(position, self._looked.marks, self._looked.void_reason, reason)
        return Reply(Effect.STORED, say(Notice.CORRECTED, position))
