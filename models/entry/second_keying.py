"""复核 under the keys: the second entry of a whole stack, then the differences one by one.

First the stack is keyed again like any other, blind and without a question, for a burst of keys
must never meet one. Only F2 begins the second part, in which each sheet that differs is keyed from
the paper a third time: only its differing places where both entries have a valid ballot. What was
keyed before is never shown, save the marks that agree.
"""

from __future__ import annotations

import dataclasses
from enum import Enum, auto
from typing import TypeGuard

from models.database import clerk
from models.entry.alignment import Difference, Kind, Marks, differing
from models.entry.ballots import FIRST_ENTRY
from models.entry.keying import Act, BallotInHand, Reply
from models.entry.second_entry import SecondEntry
from models.refusal import RefusedError
from models.rounds.layout import OVERALL, UNKEYED, SheetLayout

_NAMED_PLACES = 4


class _Asking(Enum):
    CHECK = auto()
    DROP = auto()


class DifferingPlaces:
    """A ballot of which only some `places` are keyed; the others hold what both entries agree
    on. To the pad it is like a `BallotInHand`."""

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
        """The marks so far; a space stands for a place not keyed yet."""
        return "".join(self._marks)

    @property
    def size(self) -> int:
        """How many places the sheet has."""
        return len(self._marks)

    @property
    def empty(self) -> bool:
        """Whether nothing has been keyed."""
        return all(self._marks[place] == UNKEYED for place in self._places)

    def clear(self, places: tuple[int, ...]) -> None:
        """Ask for these places again."""
        for place in places:
            self._marks[place] = UNKEYED
        self.cursor = places[0]

    def press(self, key: str) -> Reply:
        """Take one key, as `BallotInHand.press` does."""
        if key == "enter":
            return self._enter()
        if key in ("left", "up", "right", "down"):
            return self._step(-1 if key in ("left", "up") else 1)
        if key in ("-", "backspace"):
            reply = self._step(-1)
            if reply.act is Act.MOVED:
                self._marks[self.cursor] = UNKEYED
                return Reply(Act.MARKED, "退回一处")
            return reply
        if len(key) != 1 or key not in self._sheet.marks:
            return Reply(Act.REFUSED, "这里只逐处录等次：1 至 9、0弃权、*多选")
        if self.cursor >= self.size:
            self._surplus = True
            return Reply(Act.REFUSED, "不同的各处都已录：对照纸票核对后按 Enter")
        self._marks[self.cursor] = key
        later = [place for place in self._places if place > self.cursor]
        self.cursor = later[0] if later else self.size
        return Reply(Act.MARKED)

    def _enter(self) -> Reply:
        left = [place for place in self._places if self._marks[place] == UNKEYED]
        if left:
            self.cursor = left[0]
            return Reply(Act.REFUSED, f"还有 {len(left)} 处未录，已到第一处")
        if self._surplus:
            self._surplus = False
            return Reply(Act.REFUSED, "没有存：刚才多按了键。对照纸票核对后再按一次 Enter")
        return Reply(Act.COMMIT)

    def _step(self, step: int) -> Reply:
        stops = [*self._places]
        if all(self._marks[place] != UNKEYED for place in stops):
            stops.append(self.size)
        beyond = [n for n in stops if (n - self.cursor) * step > 0]
        if not beyond:
            return Reply(Act.REFUSED, "只到不同的各处")
        self.cursor = min(beyond) if step > 0 else max(beyond)
        self._surplus = False
        return Reply(Act.MOVED)


class SecondKeying:
    """The second entry of one stack under the keys. `ballot` is the one in hand, `difference`
    the one being settled, if that has begun."""

    def __init__(self, entry: SecondEntry, void_reasons: tuple[str, ...]) -> None:
        self.entry = entry
        self._void_reasons = void_reasons
        self.ballot: BallotInHand | DifferingPlaces = entry.draft(void_reasons)
        self.difference: Difference | None = None
        self._asking: _Asking | None = None
        self._sure = False

    @property
    def shown(self) -> BallotInHand | DifferingPlaces:
        """The ballot on the screen, which is the one in hand."""
        return self.ballot

    @property
    def looking(self) -> int:
        """Not 0 while a question is open, from which Esc goes back."""
        return self.position if self._asking else 0

    @property
    def position(self) -> int:
        """Which paper of the stack, from 1, is in hand."""
        if self.difference is not None:
            return _position(self.difference)
        if self.entry.agreed or (self.entry.step > 1 and self.entry.reached):
            return max(self.entry.next_paper - self.entry.step, 1)
        return self.entry.next_paper

    @property
    def finished(self) -> bool:
        """Whether the stack is verified."""
        return self.entry.agreed

    @property
    def greeting(self) -> str:
        """What to say first: what was found, and who keyed the first entry if it is the same."""
        if self.finished:
            return self.statement
        me = clerk.current()
        same = me in self.entry.keyers(FIRST_ENTRY)
        whose = f"第一次也是 {me} 录的：同一人复核。" if same else ""
        if not self.ballot.empty:
            return f"{whose}录到一半的票已找回，请对照纸票接着录"
        return whose + self.statement

    @property
    def statement(self) -> str:
        """What is to be done now."""
        if self.difference is not None:
            return self._difference_words(self.difference)
        entry = self.entry
        if entry.agreed:
            return f"本批 {entry.needed} 票复核一致：F2复核下一批  Esc返回"
        if entry.reached:
            return self._found_words()
        if entry.step > 1:
            return f"请找出第 {entry.next_paper} 张纸票（每 {entry.step} 张抽 1 张）"
        return f"请照纸票录第 {entry.next_paper} 张" if entry.entered else "请从第一张纸票录起"

    def press(self, key: str) -> Reply:
        """Take one key: those of `BallotInHand`, and `f2`, `delete`, `escape`."""
        try:
            if self._asking:
                return self._answer(key)
            if key == "f2":
                return self._check()
            if key in ("pageup", "pagedown"):
                return Reply(Act.REFUSED, "复核时不翻看已录的票")
            if self.difference is not None:
                return self._settle(key, self.difference)
            return self._key(key)
        except RefusedError as error:
            return Reply(Act.REFUSED, str(error))

    def _key(self, key: str) -> Reply:
        entry, ballot = self.entry, self.ballot
        if entry.step > 1 and entry.reached and ballot.empty:
            return Reply(Act.REFUSED, self.statement)
        if key in ("delete", "."):
            return Reply(Act.REFUSED, "多录的票核对时再去掉：录完按 F2")
        reply = ballot.press(key)
        if reply.act is Act.COMMIT:
            position = entry.next_paper
            entry.commit(ballot.marks, ballot.void_reason)
            self.ballot = BallotInHand(entry.sheet, self._void_reasons)
            then = f"。{self.statement}" if entry.reached or entry.step > 1 else ""
            return Reply(Act.COMMIT, f"第 {position} 票已存{then}")
        if reply.act in (Act.MARKED, Act.MOVED) and isinstance(ballot, BallotInHand):
            entry.save_draft(ballot)
        return reply

    def _check(self) -> Reply:
        """F2: on to the differences."""
        entry = self.entry
        if self.difference is not None or entry.agreed:
            return Reply(Act.REFUSED, self.statement)
        if not self.ballot.empty:
            return Reply(Act.REFUSED, "手上这张票还没有录完：存了或退空，再按 F2 核对")
        if not entry.entered:
            return Reply(Act.REFUSED, "第二遍还没有录：先照纸票录完，再按 F2 核对")
        if entry.reached:
            return self._next("")
        if entry.step > 1:
            return Reply(Act.REFUSED, f"要抽查 {entry.needed} 张，还差 {self._short()} 张没有录")
        self._asking = _Asking.CHECK
        return Reply(
            Act.ASKED,
            f"第二遍只录了 {entry.entered} 票，第一次 {entry.first_entered} 票："
            "纸票都录完了吗？F2核对  -接着录",
        )

    def _answer(self, key: str) -> Reply:
        if key in ("-", "backspace", "escape"):
            self._asking = None
            return Reply(Act.MOVED, self.statement)
        if key != "f2":
            return Reply(Act.REFUSED, "F2确认  -退回")
        asking, self._asking = self._asking, None
        difference = self.difference
        if asking is _Asking.CHECK or difference is None:
            return self._next("")
        if difference.kind is Kind.MISSING:
            self.entry.drop_first(difference)
            return self._next(f"第一次录入的第 {difference.first} 票已去掉")
        self.entry.drop_second(difference)
        return self._next(f"第二遍的第 {difference.second} 票已去掉")

    def _settle(self, key: str, difference: Difference) -> Reply:
        if key in ("delete", "."):
            return self._ask_drop(difference)
        reply = self.ballot.press(key)
        if key != "enter":
            self._sure = False
        if reply.act is not Act.COMMIT:
            return reply
        keyed = Marks("" if self.ballot.void_reason else self.ballot.marks, self.ballot.void_reason)
        refused = self._doubt(difference, keyed)
        if refused:
            # A question, not a refusal: the ballot on the screen has changed.
            return Reply(Act.ASKED, refused)
        if difference.kind is Kind.CHANGED:
            self.entry.change(difference, keyed)
        elif difference.kind is Kind.MISSING:
            self.entry.add_second(difference, keyed)
        else:
            self.entry.add_first(difference, keyed)
        return self._next(f"第 {_position(difference)} 张已记下")

    def _ask_drop(self, difference: Difference) -> Reply:
        if difference.kind is Kind.CHANGED:
            return Reply(Act.REFUSED, "这张票两次都录了，只是不同：请照纸票再录")
        self._asking = _Asking.DROP
        if difference.kind is Kind.MISSING:
            what = f"没有这张纸票，去掉第一次录入的第 {difference.first} 票？"
        else:
            what = f"这张纸票重复录了，去掉第二遍的第 {difference.second} 票？"
        return Reply(Act.ASKED, f"{what}F2确认  -退回")

    def _doubt(self, difference: Difference, keyed: Marks) -> str:
        """Why a sheet keyed a third time is not taken, or not yet; empty if it is."""
        first, second = self.entry.pair(difference)
        if difference.kind is Kind.CHANGED:
            return self._neither(keyed, first, second)
        if difference.kind is Kind.EXTRA and keyed != second:
            self._begin(difference)
            if keyed == first:
                return "这张纸票第一次录过：核对是不是第二遍重复录了，重复就按 Delete"
            return "与第二遍录的不同：请再看是不是这张票；第二遍录错就按Delete去掉再补录"
        neighbours = (
            second,
            self.entry.pair(dataclasses.replace(difference, second=difference.second - 1))[1],
        )
        if difference.kind is Kind.MISSING and keyed in neighbours and not self._sure:
            self._sure = True
            return "第二遍前后已有同样的票：确是另一张纸票就再按 Enter，没有就按 Delete"
        return ""

    def _neither(self, keyed: Marks, first: Marks | None, second: Marks | None) -> str:
        """Refuse a third value that is neither the first nor the second, at any place."""
        way_out = "与两次录入都不同，请再看纸票。两次都录错了就按Esc，到录票里更正"
        if first is None or second is None:
            return "这一处已不再不同：Esc离开，再进来核对"
        if isinstance(self.ballot, DifferingPlaces):
            wrong = tuple(
                place
                for place in differing(first, second)
                if keyed.marks[place] not in (first.marks[place], second.marks[place])
            )
            if wrong:
                self.ballot.clear(wrong)
                return f"{self._places(wrong)} {way_out}"
        elif keyed not in (first, second):
            self.ballot = BallotInHand(self.entry.sheet, self._void_reasons)
            return f"本票{way_out}"
        return ""

    def _next(self, done: str) -> Reply:
        """On to the next difference; the stack is verified if there is none."""
        entry = self.entry
        difference = None if entry.agreed else entry.next_difference()
        if difference is None:
            self.difference = None
            self.ballot = BallotInHand(entry.sheet, self._void_reasons)
            if not entry.agreed and not entry.settle():
                done += f"{'。' if done else ''}{self._found_words()}"
        else:
            self._begin(difference)
        if not done and difference is not None:
            done = f"两次录入有 {len(entry.differences())} 张不同，一张一张照纸票再录"
        return Reply(Act.COMMIT, done or self._found_words())

    def _begin(self, difference: Difference) -> None:
        self.difference = difference
        self._sure = False
        first, second = self.entry.pair(difference)
        if difference.kind is Kind.CHANGED and _valid(first) and _valid(second):
            places = differing(first, second)
            self.ballot = DifferingPlaces(self.entry.sheet, first.marks, places)
        else:
            self.ballot = BallotInHand(self.entry.sheet, self._void_reasons)

    def _short(self) -> int:
        return self.entry.needed - self.entry.entered

    def _found_words(self) -> str:
        entry = self.entry
        if entry.agreed:
            return "本批复核一致"
        found = len(entry.differences())
        if found:
            return f"两次录入有 {found} 张不同：F2核对  Esc返回"
        return (
            f"两次录入一致，但只有 {entry.first_entered} 张，收回 {entry.returned} 张："
            "补录或改收回数后再复核"
        )

    def _difference_words(self, difference: Difference) -> str:
        if difference.kind is Kind.MISSING:
            after = ""
            if difference.first != difference.second:
                after = f"（在第二遍第 {difference.second - 1} 票后）"
            return (
                f"第一次录入的第 {difference.first} 票，第二遍没有录到{after}："
                "照纸票录；没有这张按Delete"
            )
        if difference.kind is Kind.EXTRA:
            return (
                f"第二遍的第 {difference.second} 票，第一次没有录到：照纸票再录；重复录了按Delete"
            )
        if not isinstance(self.ballot, DifferingPlaces):
            return f"第 {difference.first} 张纸票：作废情况两次不一，请照纸票整张再录"
        first, second = self.entry.pair(difference)
        places = differing(first, second) if first and second else ()
        return f"第 {difference.first} 张纸票：{self._places(places)} 两次不同，请照纸票再录"

    def _places(self, places: tuple[int, ...]) -> str:
        """Places by their printed names, the person before them where there are several."""
        sheet = self.entry.sheet
        titles = {item.number: item.title for item in sheet.items}
        words, subject = "", -1
        for n, index in enumerate(places[:_NAMED_PLACES]):
            place = sheet.places[index]
            words += "、" if n else ""
            if place.subject != subject and len(sheet.subjects) > 1:
                words += f"{sheet.subjects[place.subject].name} "
            subject = place.subject
            if place.item == OVERALL:
                words += "总体"
            else:
                title = titles[place.item]
                words += f"{place.item}{title[:2]}" if title else f"第{place.item}项"
        more = f" 等 {len(places)} 处" if len(places) > _NAMED_PLACES else ""
        return words + more


def _valid(sheet: Marks | None) -> TypeGuard[Marks]:
    return sheet is not None and not sheet.void_reason


def _position(difference: Difference) -> int:
    return difference.second if difference.kind is Kind.EXTRA else difference.first
