"""What each action does to the ballot being keyed (录票). No database and no screen.

`BallotInHand` takes one action at a time and answers with a `Reply`. No input carries over to the
next ballot. Clerks type faster than they read, and a slow connection can deliver several ballots
at once, so one lost or doubled mark would shift all marks after it. Any input that a correctly
keyed ballot would not produce (a mark on a full ballot, a fill or a void after a refused finish)
therefore puts the ballot in doubt. A ballot in doubt is stored only after two finishes in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from models.entry.notices import Notice, Said, say
from models.rounds.layout import OVERVOTE, UNKEYED, SheetLayout


class Act(Enum):
    """An action other than marking.

    Marks and the numbers of reasons are passed as plain characters.
    """

    FINISH = auto()
    """Finish the ballot."""
    BACK = auto()
    """Erase the previous mark, undo a void, or cancel a question."""
    FILL = auto()
    """Repeat the last mark on all remaining places."""
    VOID = auto()
    """Void the ballot; asks for the reason."""
    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    LOOK_BACK = auto()
    """Go to the previous ballot."""
    LOOK_ON = auto()
    """Go to the next ballot."""
    REMOVE = auto()
    """Remove the ballot on view; in a second entry, the surplus one."""
    CHECK = auto()
    """Go on to the differences of a second entry, or confirm a question."""
    LEAVE = auto()
    """Leave a question, or go back from an earlier ballot."""
    DOUBT = auto()
    """Something arrived that was no key press; one that was meant may be missing."""


class Effect(Enum):
    """The result of an action."""

    MARKED = auto()
    MOVED = auto()
    REFUSED = auto()
    ASKED = auto()
    STORED = auto()


@dataclass(frozen=True)
class Reply:
    """The answer to an action."""

    effect: Effect
    """The result."""
    said: Said | None = None
    """The message for the user, if something was refused, asked or done."""


def refused(notice: Notice, *values: object) -> Reply:
    """The reply to an action that changed nothing."""
    return Reply(Effect.REFUSED, say(notice, *values))


_ARROWS = (Act.LEFT, Act.RIGHT, Act.UP, Act.DOWN)


class BallotInHand:
    """One ballot while it is being keyed."""

    def __init__(
        self,
        layout: SheetLayout,
        void_reasons: tuple[str, ...],
        marks: str = "",
        cursor: int = 0,
        void_reason: int = 0,
    ) -> None:
        size = len(layout.places)
        self._layout = layout
        self._void_reasons = void_reasons
        self._marks = list((marks + UNKEYED * size)[:size])
        self.cursor = min(max(cursor, 0), size)
        """The place of the next mark, from 0; the number of places if the ballot is full."""
        self.void_reason = void_reason
        """The number of the void reason, from 1; 0 if the ballot is valid."""
        self.asking_void = False
        """Whether the void reason is being asked for."""
        self._last = next(
            (mark for mark in reversed(self._marks[: self.cursor]) if mark != UNKEYED), ""
        )
        self._surplus = 0
        # A finish was refused because places were missing, and the cursor has not moved since.
        self._missed = False
        self._in_doubt = False
        self._finish_before = False

    @property
    def marks(self) -> str:
        """One character per place; a space marks a place not keyed yet."""
        return "".join(self._marks)

    @property
    def size(self) -> int:
        """The number of places on the sheet."""
        return len(self._marks)

    @property
    def unkeyed(self) -> int:
        """The number of places not keyed yet."""
        return self._marks.count(UNKEYED)

    @property
    def empty(self) -> bool:
        """Whether nothing has been keyed, not even a void reason."""
        return self.unkeyed == self.size and not self.void_reason

    def press(self, act: Act | str) -> Reply:
        """Handle one action, or one character: a mark or the number of a reason."""
        twice, self._finish_before = self._finish_before and act is Act.FINISH, False
        if act is Act.DOUBT:
            self._in_doubt = True
            return refused(Notice.BROKEN_OFF)
        if self.asking_void:
            return self._answer_void(act)
        if act in _ARROWS:
            return self._move(act)
        if act is Act.FINISH:
            return self._finish(twice=twice)
        if self.void_reason:
            return self._while_void(act)
        if act is Act.VOID:
            self._in_doubt |= self._missed or not self.unkeyed
            self.asking_void = True
            return Reply(Effect.ASKED, say(Notice.ASK_VOID, self._void_reasons))
        if act is Act.BACK:
            return self._back()
        if act is Act.FILL:
            return self._fill()
        if isinstance(act, str) and (act.isdecimal() or act == OVERVOTE):
            return self._mark(act)
        return refused(Notice.NO_USE)

    def _mark(self, mark: str) -> Reply:
        if mark not in self._layout.marks:
            return refused(Notice.NO_SUCH_GRADE, mark, len(self._layout.scale.grades))
        if self.cursor >= self.size:
            self._surplus += 1
            self._in_doubt = True
            return refused(Notice.SURPLUS, self.size, self._surplus)
        self._marks[self.cursor] = mark
        self._last = mark
        self.cursor += 1
        return Reply(Effect.MARKED)

    def _fill(self) -> Reply:
        if not self._last:
            self._in_doubt = True
            return refused(Notice.NOTHING_TO_REPEAT)
        rest = [n for n in range(self.cursor, self.size) if self._marks[n] == UNKEYED]
        self._in_doubt |= self._missed or not rest
        if not rest:
            return refused(Notice.NOTHING_LEFT)
        for place in rest:
            self._marks[place] = self._last
        self.cursor = self.size
        return Reply(Effect.MARKED)

    def _back(self) -> Reply:
        if not self.cursor:
            return refused(Notice.AT_FIRST_PLACE)
        self.cursor -= 1
        self._marks[self.cursor] = UNKEYED
        self._looked_at()
        return Reply(Effect.MARKED)

    def _move(self, act: Act | str) -> Reply:
        if self.void_reason:
            return self._while_void(act)
        line = 1 if len(self._layout.subjects) == 1 else len(self._layout.lines)
        step = {Act.LEFT: -1, Act.RIGHT: 1, Act.UP: -line, Act.DOWN: line}[Act(act)]
        target = self.cursor + step
        if not 0 <= target < self.size:
            # On a full ballot the cursor rests one step past the last place.
            target = self.size if target == self.size and self._marks[-1] != UNKEYED else -1
        if target < 0:
            return refused(Notice.AT_THE_END)
        self.cursor = target
        self._looked_at()
        return Reply(Effect.MOVED)

    def go_to(self, place: int) -> Reply:
        """Move the cursor to a place, from 0, without marking anything. A doubt stays."""
        if self.void_reason:
            return refused(Notice.IS_VOID)
        self.cursor = min(max(place, 0), self.size - 1)
        return Reply(Effect.MOVED)

    def _looked_at(self) -> None:
        """Clear the doubt: moving the cursor shows that the clerk is looking at the ballot."""
        self._surplus = 0
        self._missed = self._in_doubt = False

    def _finish(self, *, twice: bool) -> Reply:
        if self.empty:
            return refused(Notice.EMPTY, self.size)
        if self.unkeyed and not self.void_reason:
            self.cursor = self._marks.index(UNKEYED)
            self._missed = True
            return refused(Notice.UNKEYED, self.unkeyed)
        if self._in_doubt and not twice:
            self._finish_before = True
            surplus, self._surplus = self._surplus, 0
            return refused(Notice.DOUBTFUL, surplus)
        return Reply(Effect.STORED)

    def _answer_void(self, act: Act | str) -> Reply:
        if number := chosen(act, len(self._void_reasons)):
            self.asking_void = False
            self.void_reason = number
            return Reply(Effect.MARKED, say(Notice.VOIDED, self._void_reasons[number - 1]))
        if act in (Act.BACK, Act.VOID, Act.LEAVE):
            self.asking_void = False
            return Reply(Effect.MARKED, say(Notice.NOT_VOIDED))
        self._in_doubt = True
        return refused(Notice.VOID_CHOICES, len(self._void_reasons))

    def _while_void(self, act: Act | str) -> Reply:
        if act is Act.BACK:
            self.void_reason = 0
            self._looked_at()
            return Reply(Effect.MARKED, say(Notice.VOID_TAKEN_BACK))
        self._in_doubt |= act in (OVERVOTE, Act.FILL, Act.VOID) or (
            isinstance(act, str) and act.isdecimal()
        )
        return refused(Notice.IS_VOID)


def chosen(act: Act | str, most: int) -> int:
    """The number of the chosen reason, from 1 to `most`; 0 if the action chooses none."""
    number = int(act) if isinstance(act, str) and act.isdecimal() else 0
    return number if number <= most else 0
