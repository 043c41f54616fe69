"""录票 of a whole stack: the ballot in hand, looking back, correcting, taking back.

Takes every key of the pad in order and answers with a `Reply`; the widget only draws. Each
finished ballot is stored before the answer is given.
"""

from __future__ import annotations

from enum import Enum, auto

from models.entry.ballots import StackEntry
from models.entry.keying import Act, BallotInHand, Reply
from models.refusal import RefusedError


class _Asking(Enum):
    CORRECT = auto()
    REMOVE = auto()


class StackKeying:
    """One stack under the keys. `ballot` is the one in hand; while an earlier one is looked at,
    `looking` is its position (from 1), else 0."""

    def __init__(
        self,
        entry: StackEntry,
        void_reasons: tuple[str, ...],
        correction_reasons: tuple[str, ...],
    ) -> None:
        self.entry = entry
        self._void_reasons = void_reasons
        self._correction_reasons = correction_reasons
        self.ballot = entry.draft(void_reasons)
        self.looking = 0
        self._looked = self.ballot
        self._asking: _Asking | None = None

    @property
    def shown(self) -> BallotInHand:
        """The ballot on the screen: the one looked at, or the one in hand."""
        return self._looked if self.looking else self.ballot

    @property
    def position(self) -> int:
        """The position, from 1, of the ballot on the screen; that of the last one on a stack
        that is keyed to the end."""
        if self.looking:
            return self.looking
        return min(self.entry.entered + 1, self.entry.returned)

    @property
    def finished(self) -> bool:
        """Whether the whole stack is in."""
        return self.entry.full

    @property
    def finished_words(self) -> str:
        """What to say on a stack that is keyed to the end."""
        return f"本批 {self.entry.returned} 票全部录完：F2录下一批  PageUp翻看  Esc返回"

    def press(self, key: str) -> Reply:
        """Take one key: those of `BallotInHand`, and `pageup`, `pagedown`, `delete`, `escape`."""
        try:
            if self._asking:
                return self._answer(key)
            if key in ("pageup", "pagedown"):
                return self._look(-1 if key == "pageup" else 1)
            return self._while_looking(key) if self.looking else self._key(key)
        except RefusedError as error:
            return Reply(Act.REFUSED, str(error))

    def _key(self, key: str) -> Reply:
        if self.entry.full and self.ballot.empty:
            return Reply(Act.REFUSED, self.finished_words)
        if key in ("delete", "."):
            return Reply(Act.REFUSED, "撤销已存的票：先用 PageUp 翻到那一票")
        reply = self.ballot.press(key)
        if reply.act is Act.COMMIT:
            position = self.entry.entered + 1
            self.entry.commit(self.ballot.marks, self.ballot.void_reason)
            self.ballot = BallotInHand(self.entry.sheet, self._void_reasons)
            done = f"。{self.finished_words}" if self.entry.full else ""
            return Reply(Act.COMMIT, f"第 {position} 票已存{done}")
        if reply.act in (Act.MARKED, Act.MOVED):
            self.entry.save_draft(self.ballot)
        return reply

    def _look(self, step: int) -> Reply:
        here = self.looking or self.entry.entered + 1
        there = here + step
        if there < 1:
            return Reply(Act.REFUSED, "已是本批第一票" if self.looking else "本批还没有录入的票")
        if there > self.entry.entered:
            if not self.looking:
                return Reply(Act.REFUSED, "后面没有已录的票")
            self.looking = 0
            return Reply(Act.MOVED, "回到正在录的票")
        stored = self.entry.ballot(there)
        self.looking = there
        self._looked = BallotInHand(
            self.entry.sheet, self._void_reasons, stored.marks, 0, stored.void_reason
        )
        void = ""
        if stored.void_reason:
            void = f"作废（{self._void_reasons[stored.void_reason - 1]}）  "
        return Reply(
            Act.MOVED, f"翻看  {void}改后按 Enter 更正  Delete撤销本票  PageDown往后  Esc返回录票"
        )

    def _while_looking(self, key: str) -> Reply:
        if key == "escape" and not self._looked.asking_void:
            self.looking = 0
            return Reply(Act.MOVED, "回到正在录的票")
        if key in ("delete", "."):
            return self._ask(_Asking.REMOVE, "撤销")
        reply = self._looked.press(key)
        if reply.act is not Act.COMMIT:
            return reply
        stored = self.entry.ballot(self.looking)
        same_void = self._looked.void_reason == stored.void_reason
        if same_void and (stored.void_reason or self._looked.marks == stored.marks):
            return Reply(Act.REFUSED, "没有改动")
        return self._ask(_Asking.CORRECT, "更正")

    def _ask(self, asking: _Asking, what: str) -> Reply:
        self._asking = asking
        choices = " ".join(f"{n}{r}" for n, r in enumerate(self._correction_reasons, 1))
        return Reply(Act.ASKED, f"{what}第 {self.looking} 票，原因：{choices} -不{what}")

    def _answer(self, key: str) -> Reply:
        asking, position = self._asking, self.looking
        if key in ("-", "backspace", "escape"):
            self._asking = None
            return Reply(Act.MOVED, "没有改，仍在翻看")
        if not (key.isdecimal() and 1 <= int(key) <= len(self._correction_reasons)):
            return Reply(Act.REFUSED, f"原因按 1 至 {len(self._correction_reasons)}，- 放弃")
        reason = self._correction_reasons[int(key) - 1]
        self._asking = None
        self.looking = 0
        if asking is _Asking.REMOVE:
            self.entry.remove(position, reason)
            return Reply(Act.COMMIT, f"第 {position} 票已撤销，后面的票前移一位")
        self.entry.correct(position, self._looked.marks, self._looked.void_reason, reason)
        return Reply(Act.COMMIT, f"第 {position} 票已更正，原因已记入日志")
