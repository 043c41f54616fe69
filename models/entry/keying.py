"""录票: what each key does to the ballot in hand. Pure: no database, no screen.

`BallotInHand` takes one key at a time and answers with a `Reply`. It never carries a key over
into the next ballot wrongly. Hands are faster than eyes, and a slow line delivers several ballots
at once; one key lost or doubled would shift all that follow. So whatever cannot belong to a
ballot keyed without a slip (a mark on a full ballot, `+` or `/` after an Enter that was refused)
puts the ballot in doubt, and in doubt only two Enters in a row store it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from models.rounds.layout import OVERVOTE, UNKEYED, SheetLayout

# What an input method makes of the keypad's signs.
_FROM_IME = {"、": "/", "÷": "/", "×": "*", "－": "-", "—": "-", "–": "-"}


def plain_key(character: str) -> str:
    """A typed character as the key that was meant: full-width forms become half-width."""
    return _FROM_IME.get(character) or unicodedata.normalize("NFKC", character)


class Act(Enum):
    """What came of a key."""

    MARKED = auto()
    MOVED = auto()
    REFUSED = auto()
    ASKED = auto()
    COMMIT = auto()


@dataclass(frozen=True)
class Reply:
    """The answer to a key: the act, and words for the user where something was refused or
    asked."""

    act: Act
    message: str = ""


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
        # Enter was refused because places were missing, and nothing was moved since.
        self._missed = False
        self._in_doubt = False
        self._enter_before = False

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

    def press(self, key: str) -> Reply:
        """Take one key: a character of the keypad, or `enter`, `backspace`, `left`, `right`,
        `up`, `down`."""
        twice, self._enter_before = self._enter_before and key == "enter", False
        if self.asking_void:
            return self._answer_void(key)
        if key in ("left", "right", "up", "down"):
            return self._move(key)
        if key == "enter":
            return self._enter(twice=twice)
        if self.void_reason:
            return self._while_void(key)
        if key == "/":
            self._in_doubt |= self._missed or not self.unkeyed
            self.asking_void = True
            choices = " ".join(f"{n}{r}" for n, r in enumerate(self._void_reasons, 1))
            return Reply(Act.ASKED, f"整票作废，原因：{choices}")
        if key in ("-", "backspace"):
            return self._back()
        if key == "+":
            return self._fill()
        if len(key) == 1 and (key.isdecimal() or key == OVERVOTE):
            return self._mark(key)
        return Reply(Act.REFUSED, "这个键在录票时没有用处")

    def _mark(self, mark: str) -> Reply:
        if mark not in self._layout.marks:
            grades = len(self._layout.scale.grades)
            return Reply(Act.REFUSED, f"没有第 {mark} 个等次：本票只有 1 至 {grades}，0弃权，*多选")
        if self.cursor >= self.size:
            self._surplus += 1
            self._in_doubt = True
            return Reply(
                Act.REFUSED,
                f"本票 {self.size} 项已满，多按了 {self._surplus} 键：请对照纸票核对有无错位",
            )
        self._marks[self.cursor] = mark
        self._last = mark
        self.cursor += 1
        return Reply(Act.MARKED)

    def _fill(self) -> Reply:
        if not self._last:
            self._in_doubt = True
            return Reply(Act.REFUSED, "先录一项，再用 + 让其余各项同上")
        rest = [n for n in range(self.cursor, self.size) if self._marks[n] == UNKEYED]
        self._in_doubt |= self._missed or not rest
        if not rest:
            return Reply(Act.REFUSED, "后面没有未录的项")
        for place in rest:
            self._marks[place] = self._last
        self.cursor = self.size
        return Reply(Act.MARKED)

    def _back(self) -> Reply:
        if not self.cursor:
            return Reply(Act.REFUSED, "已在本票第一项")
        self.cursor -= 1
        self._marks[self.cursor] = UNKEYED
        self._looked_at()
        return Reply(Act.MARKED)

    def _move(self, key: str) -> Reply:
        if self.void_reason:
            return self._while_void(key)
        lines = len(self._layout.lines)
        step = {"left": -1, "right": 1, "up": -lines, "down": lines}[key]
        if len(self._layout.subjects) == 1 and key in ("up", "down"):
            step = 1 if key == "down" else -1
        target = self.cursor + step
        if not 0 <= target < self.size:
            # One step past the last place is where a full ballot rests.
            target = self.size if target == self.size and self._marks[-1] != UNKEYED else -1
        if target < 0:
            return Reply(Act.REFUSED, "到头了")
        self.cursor = target
        self._looked_at()
        return Reply(Act.MOVED)

    def _looked_at(self) -> None:
        """Somebody moved within the ballot, so somebody looks at it."""
        self._surplus = 0
        self._missed = self._in_doubt = False

    def _enter(self, *, twice: bool) -> Reply:
        if self.empty:
            return Reply(Act.REFUSED, f"本票还没有录：共 {self.size} 项；空白票录 0+")
        if self.unkeyed and not self.void_reason:
            self.cursor = self._marks.index(UNKEYED)
            self._missed = True
            return Reply(Act.REFUSED, f"还有 {self.unkeyed} 项未录，已到第一处")
        if self._in_doubt and not twice:
            self._enter_before = True
            surplus, self._surplus = self._surplus, 0
            why = f"刚才多按了 {surplus} 键" if surplus else "按键可能有错位"
            return Reply(Act.REFUSED, f"没有存：{why}。对照纸票核对后再按一次 Enter")
        return Reply(Act.COMMIT)

    def _answer_void(self, key: str) -> Reply:
        if key.isdecimal() and 1 <= int(key) <= len(self._void_reasons):
            self.asking_void = False
            self.void_reason = int(key)
            reason = self._void_reasons[self.void_reason - 1]
            return Reply(Act.MARKED, f"整票作废：{reason}。Enter存票，-撤销")
        if key in ("-", "backspace", "/", "escape"):
            self.asking_void = False
            return Reply(Act.MARKED, "不作废，继续录")
        self._in_doubt = True
        return Reply(Act.REFUSED, f"作废原因按 1 至 {len(self._void_reasons)}，不作废按 - 退出")

    def _while_void(self, key: str) -> Reply:
        if key in ("-", "backspace"):
            self.void_reason = 0
            self._looked_at()
            return Reply(Act.MARKED, "已撤销作废，继续录")
        self._in_doubt |= key.isdecimal() or key in (OVERVOTE, "+", "/")
        return Reply(Act.REFUSED, "本票已作废：Enter存票，-撤销作废")
