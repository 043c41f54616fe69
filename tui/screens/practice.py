"""练习: the pad on a round's forms with made-up paper; nothing is stored."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from models.entry.ballot import Ballot
from models.entry.first_keying import FirstKeying
from models.entry.keying import Effect, Reply
from models.entry.practice import PracticeEntry, differing, made_up, practice
from models.regulation.levels import GradeScale
from models.rounds import life, polls
from models.rounds.contents import round_contents, void_reasons
from models.rounds.layout import BLANK, OVERVOTE, SheetLayout
from models.rounds.stacks import stacks
from tui.screens.poll.keying_pad import FirstPad
from tui.widgets.frame import Frame, Help, Line
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.widgets.sheet_view import SheetView

_BANNER = "练习 不存"
_HELP = """练习：用本单位的票样练录票，键和正式录票完全一样，什么也不存。

Enter 照屏幕上方编出来的纸票录，录完一张就说与纸票有没有不同；
F2 用自己手边的纸练，不比对。录完按 Esc，列出用时、每张多久、哪些录错了。"""


def paper_text(sheet: SheetLayout, ballot: Ballot, reasons: Sequence[str]) -> str:
    """A made-up ballot as it is read: each subject with the first characters of its grades."""
    if ballot.void_reason:
        return f"整票作废：{reasons[ballot.void_reason - 1]}"
    signs = _signs(sheet.scale)
    size = len(sheet.lines)
    return "  ".join(
        f"{subject.name} {''.join(signs[mark] for mark in ballot.marks[at * size :][:size])}"
        for at, subject in enumerate(sheet.subjects)
    )


def _signs(scale: GradeScale) -> dict[str, str]:
    """The shortest beginnings of the grades that tell them apart, by mark."""
    longest = max(map(len, scale.grades))
    size = next(
        n for n in range(1, longest + 1) if len({g[:n] for g in scale.grades}) == len(scale.grades)
    )
    grades = {str(number): grade[:size] for number, grade in enumerate(scale.grades, 1)}
    return grades | {BLANK: "空", OVERVOTE: "多"}


def ballot_words(
    view: SheetView, paper: Ballot, keyed: Ballot, reasons: Sequence[str]
) -> list[str]:
    """In what a keyed ballot is not what stands on its paper, a line each."""
    different = differing(paper, keyed)
    if different is None:
        names = ["整票有效", *reasons]
        return [f"纸上{names[paper.void_reason]}，录成{names[keyed.void_reason]}"]
    marks = [f"{number}" for number in range(1, len(view.sheet.scale.grades) + 1)]
    labels = dict(zip(marks, view.sheet.scale.grades, strict=True)) | {
        BLANK: "弃权",
        OVERVOTE: "多选",
    }
    return [
        f"{view.place_text(at)}，纸上{labels[paper.marks[at]]}，录成{labels[keyed.marks[at]]}"
        for at in different
    ]


class PracticePad(FirstPad):
    """The pad in practice. `paper` is what is keyed; empty where the clerk has paper at hand."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "结果", "录完后：结束练习，看用时和录错的", "go_on", ALWAYS, "finished"),
        Key("escape", "结束", "结束练习，看用时和录错的；什么也不存", "leave", ALWAYS, "marking"),
    )
    CSS: ClassVar[str] = """
    PracticePad #paper { height: auto; max-height: 4; padding: 0 1; text-style: bold; }
    """
    LINES_AROUND: ClassVar[int] = 12

    def __init__(
        self, entry: PracticeEntry, paper: Sequence[Ballot], reasons: tuple[str, ...]
    ) -> None:
        # The office's reasons for a correction are no matter here: one is enough.
        super().__init__(FirstKeying(entry, reasons, ("练习",)))
        self._entry = entry
        self._paper = tuple(paper)
        self._reasons = reasons

    def body(self) -> ComposeResult:
        """The made-up paper above the pad."""
        yield Line(id="paper")
        yield from super().body()

    def heading(self) -> str:
        """That it is practice, wherever one looks."""
        return f"{_BANNER} > {super().heading()}"

    def place(self) -> str:
        """That it is practice, also beside the number of the ballot."""
        return f"【{_BANNER}】{super().place()}"

    def settled(self) -> None:
        """Show the paper of the ballot that is on the screen."""
        super().settled()
        at = self._keying.position - 1
        if self._paper and at < len(self._paper):
            text = paper_text(self._view.sheet, self._paper[at], self._reasons)
            self.query_one("#paper", Line).show(f"纸票 {at + 1}：{text}")

    def answered(self, reply: Reply) -> None:
        """Tell of a ballot that was just taken whether it is what stands on its paper."""
        super().answered(reply)
        at = self._entry.entered
        if reply.effect is not Effect.STORED or not self._paper or not at:
            return
        wrong = ballot_words(self._view, self._paper[at - 1], self._entry.ballot(at), self._reasons)
        told = f"有 {len(wrong)} 处不同：{wrong[0]}" if wrong else "与纸票一致"
        super().say(f"第 {at} 票{told}")

    def result(self) -> str:
        """How fast it went, and in what it was not what stands on the paper."""
        entry = self._entry
        lines = [self._sitting.words(entry.entered, len(self._view.sheet.places))]
        if self._paper:
            wrong = [
                f"第 {at} 票 {each}"
                for at, ballot in entry.ballots.read().items()
                for each in ballot_words(self._view, self._paper[at - 1], ballot, self._reasons)
            ]
            lines += (
                ["", f"与纸票不同 {len(wrong)} 处", *wrong] if wrong else ["", "与纸票全部一致"]
            )
        return "\n".join([*lines, "", "这是练习，什么也没有存。"])

    def action_go_on(self) -> None:
        """Leave: there is no next stack."""
        self.dismiss()


class PracticeScreen(Frame):
    """The forms of one unit, to practise on."""

    HELP: ClassVar[str] = """选票样练习：用本单位的票样练录票，什么也不存；筹备中的轮次也能练。"""
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "练习", "照编出来的纸票练光标所在的一种票", weight=ALWAYS),
        Key("f2", "用自己的纸", "用手边的纸练，不比对", "own_paper"),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll = polls.find_by_id(poll_id)

    def body(self) -> ComposeResult:
        """The forms."""
        yield Listing((("票种", 20), ("对象", 30)), title="练习用的票样")

    def on_mount(self) -> None:
        """One stack of each form."""
        self.set_title(f"{_BANNER} > {self._poll.unit_name}")
        info = life.find_by_id(self._poll.round_id)
        names = {
            level: content.name
            for level, content in round_contents(info, self.session.settings).items()
        }
        forms = {stack.sheet_id: stack for stack in reversed(stacks(self._poll.id))}
        self.query_one(Listing).fill(
            [
                (str(stack.stack_id), (f"{names[stack.level]}票", stack.subject))
                for stack in reversed(forms.values())
            ]
        )
        self.query_one(Listing).focus()
        self.say("Enter 照屏幕上的纸票练；什么也不存。" if forms else "本单位还没有对象。")

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Practise with made-up paper."""
        self._practise(event.key, own=False)

    def action_own_paper(self) -> None:
        """Practise with paper that is at hand."""
        if (key := self.query_one(Listing).chosen) is not None:
            self._practise(key, own=True)

    def _practise(self, stack: str, *, own: bool) -> None:
        settings = self.session.settings
        with self.refusals():
            entry = practice(int(stack), settings)
            reasons = void_reasons(entry.round, settings)
            seed = secrets.randbits(32)
            paper = () if own else made_up(entry.sheet, len(reasons), seed)
            pad = PracticePad(entry, paper, reasons)

            def left(_: int | None) -> None:
                if entry.entered:
                    self.app.push_screen(Help(pad.result()))

            self.app.push_screen(pad, left)
