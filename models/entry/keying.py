"""录票: what each act does to the ballot in hand. Pure: no database, no screen.

`BallotInHand` takes one act at a time and answers with a `Reply`. Nothing is ever carried over
into the next ballot. Hands are faster than eyes, and a slow line delivers several ballots at
once; one mark lost or doubled would shift all that follow. So whatever cannot belong to a ballot
keyed without a slip (a mark on a full ballot, a fill or a void after a finish that was refused)
puts the ballot in doubt, and in doubt only two finishes in a row store it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from models.entry.notices import Notice, Said, say
from models.rounds.layout import OVERVOTE, UNKEYED, SheetLayout


class Act(Enum):
    """What a hand does besides marking. A mark, and the number of a reason that is asked for, is
    its own character."""

    FINISH = auto()
    """The ballot is done."""
    BACK = auto()
    FILL = auto()
    """The rest of the ballot as the last mark."""
    VOID = auto()
    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    LOOK_BACK = auto()
    LOOK_ON = auto()
    REMOVE = auto()
    """Take back the ballot that is looked at; of a second entry, the one that is too many."""
    CHECK = auto()
    """On to the differences of a second entry, or yes to a question."""
    LEAVE = auto()
    """Out of a question, or back from a ballot that is looked at."""
    DOUBT = auto()
    """Something came that was no act: a hand may have meant one that is missing now."""


class Effect(Enum):
    """What came of an act."""

    MARKED = auto()
    MOVED = auto()
    REFUSED = auto()
    ASKED = auto()
    STORED = auto()


@dataclass(frozen=True)
class Reply:
    """The answer to an act."""

    effect: Effect
    said: Said | None = None
    """What to tell the user where something was refused, asked or done."""


def refused(notice: Notice, *values: object) -> Reply:
    """The answer to an act that changes nothing."""
    return Reply(Effect.REFUSED, say(notice, *values))


_ARROWS = (Act.LEFT, Act.RIGHT, Act.UP, Act.DOWN)


class BallotInHand:
    """One ballot while it is keyed.

    `marks` is one character a place (a space where nothing is keyed yet), `cursor` the place
    that the next mark goes to (past the last when full), `void_reason` counts from 1 (0: valid).
    """

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
        self.void_reason = void_reason
        self.asking_void = False
        self._last = next(
            (mark for mark in reversed(self._marks[: self.cursor]) if mark != UNKEYED), ""
        )
        self._surplus = 0
        # It was finished with places missing, and nothing was moved since.
        self._missed = False
        self._in_doubt = False
        self._finish_before = False

    @property
    def marks(self) -> str:
        """The marks so far; a space stands for a place not keyed yet."""
        return "".join(self._marks)

    @property
    def size(self) -> int:
        """How many places the sheet has."""
        return len(self._marks)

    @property
    def unkeyed(self) -> int:
        """How many places are not keyed yet."""
        return self._marks.count(UNKEYED)

    @property
    def empty(self) -> bool:
        """Whether nothing at all has been keyed."""
        return self.unkeyed == self.size and not self.void_reason

    def press(self, act: Act | str) -> Reply:
        """Take one act, or a character: a mark or the number of a reason."""
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
            # One step past the last place is where a full ballot rests.
            target = self.size if target == self.size and self._marks[-1] != UNKEYED else -1
        if target < 0:
            return refused(Notice.AT_THE_END)
        self.cursor = target
        self._looked_at()
        return Reply(Effect.MOVED)

    def _looked_at(self) -> None:
        """Somebody moved within the ballot, so somebody looks at it."""
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
    """The number of a reason, from 1 to `most`; 0 if the act is none."""
    number = int(act) if isinstance(act, str) and act.isdecimal() else 0
    return number if number <= most else 0
