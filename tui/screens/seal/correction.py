"""更正: one ballot of a poll that was sealed and reopened.

The order of entry is gone, so a ballot is found by what is on it: the old marks are typed as they
were counted, then the new ones as they stand on the paper.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from models.entry.ballot import Ballot
from models.refusal import RefusedError
from models.rounds import contents, life, paper, polls
from models.rounds.layout import SheetLayout
from models.rounds.sheets import stack_layout
from models.rounds.stacks import Stack, stacks
from models.seal import correction
from tui.keypad import plain_key
from tui.widgets.forms import Field, FieldKind, FormScreen
from tui.widgets.frame import Frame, Line, confirmed
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing

_HELP = """更正：封存过的票已没有先后顺序，按票面的选项来找。

更正单：原票  封存时记的选项，按票面顺序，1 2 3 0 * ；作废票写 /原因号
        新票  照纸票应是的选项，写法相同
        原票空着：封存时漏了这张；新票空着：多了这张
        理由  按数字选
填好按 F2，再对照纸票录一遍，两遍一样才改。

改完在平衡封存里按 F2 重新封存，摘要会变。"""


class SealedCorrectionScreen(Frame):
    """The stacks of a reopened poll; Enter on one asks for the old ballot and the new one."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "更正这一批的票", "选中光标所在的一批，填更正单", weight=ALWAYS),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._stacks: dict[str, Stack] = {}

    def body(self) -> ComposeResult:
        """The stacks."""
        yield Line(id="round")
        yield Listing(
            (("票种", 14), ("类别", 12), ("收回", 5), ("有效", 5), ("无效", 5)),
            title="各批测评票",
            right=(2, 3, 4),
        )

    def on_mount(self) -> None:
        """List them."""
        self._poll = polls.find_by_id(self._poll_id)
        self._round = life.find_by_id(self._poll.round_id)
        self._names = paper.level_names(self._round.id)
        self.set_title(f"更正 > {self._poll.unit_name}")
        self.query_one("#round", Line).show("选一批票，按 Enter 填更正单。")
        self._fill()
        self.query_one(Listing).focus()

    def _fill(self) -> None:
        self._stacks = {str(stack.stack_id): stack for stack in stacks(self._poll_id)}
        self.query_one(Listing).fill(
            [
                (
                    key,
                    (
                        f"{self._names[stack.level]} {stack.subject}".strip(),
                        stack.group.name + (f" {stack.number}批" if stack.number > 1 else ""),
                        str(stack.returned),
                        str(stack.valid),
                        str(stack.void),
                    ),
                )
                for key, stack in self._stacks.items()
            ]
        )

    def on_listing_row_selected(self) -> None:
        """Ask for the ballot, old and new."""
        stack = self._stacks.get(self.query_one(Listing).chosen or "")
        if stack is None or not self.writable():
            return
        form = stack_layout(self._round, stack)
        reasons = self.session.settings.correction_reasons
        void_reasons = len(contents.void_reasons(self._round, self.session.settings))
        found: list[tuple[Ballot | None, Ballot | None, str]] = []

        def save(values: dict[str, str]) -> None:
            old = ballot_typed(values["old"], form, void_reasons, "原票")
            new = ballot_typed(values["new"], form, void_reasons, "新票")
            if old == new:
                raise RefusedError(
                    "原票、新票都空着，没有可改的。"
                    if old is None
                    else "原票和新票一样，没有可改的。"
                )
            found[:] = [(old, new, reasons[int(values["reason"]) - 1])]

        def ask(_: object) -> None:
            if found:
                self._key_again(stack, form, void_reasons, *found[0])

        hint = (
            f"共 {len(form.places)} 项，{len(form.lines)} 项一人，按票面顺序；"
            f"1 至 {len(form.scale.grades)}，0弃权，*多选；作废写 /原因号（1 至 {void_reasons}）；"
        )
        self.app.push_screen(
            FormScreen(
                f"更正 > {self._names[stack.level]} {stack.group.name}",
                (
                    Field("old", "原票", hint=hint + "空着：封存时漏了这张"),
                    Field("new", "新票", hint=hint + "空着：多了这张"),
                    Field(
                        "reason",
                        "理由",
                        FieldKind.CHOICE,
                        "1",
                        choices=tuple((str(n), reason) for n, reason in enumerate(reasons, 1)),
                    ),
                ),
                save,
            ),
            ask,
        )

    def _key_again(
        self,
        stack: Stack,
        form: SheetLayout,
        void_reasons: int,
        old: Ballot | None,
        new: Ballot | None,
        reason: str,
    ) -> None:
        """The ballot that counts from now on is keyed twice, as all paper is."""
        once, label = (old, "多了的票") if new is None else (new, "新票")
        found: list[Ballot] = []

        def save(values: dict[str, str]) -> None:
            again = ballot_typed(values["again"], form, void_reasons, label)
            if once is None or again is None:
                raise RefusedError(f"请对照纸票把{label}再录一遍。")
            correction.require_same(once, again)
            found[:] = [again]

        def ask(_: object) -> None:
            if found:
                self._ask(stack, old, new, found[0], reason)

        hint = f"对照纸票再录一遍{label}，写法相同；两遍一样才算数"
        self.app.push_screen(
            FormScreen("更正 > 再录一遍", (Field("again", label, hint=hint),), save), ask
        )

    def _ask(
        self, stack: Stack, old: Ballot | None, new: Ballot | None, again: Ballot, reason: str
    ) -> None:
        name = f"{self._names[stack.level]} {stack.subject} {stack.group.name}"
        if old is None:
            what = f"补上一张漏了的票：{_words(new)}"
        elif new is None:
            what = f"去掉一张多了的票：{_words(old)}"
        else:
            what = f"原票 {_words(old)}\n改为 {_words(new)}"

        def correct() -> None:
            correction.correct(stack.stack_id, old, new, again, reason)
            self._fill()
            self.say("已更正，并记入日志。改完回到平衡封存，按 F2 重新封存。")

        confirmed(self, f"更正 {name}？\n\n{what}\n理由：{reason}", correct)


def ballot_typed(text: str, form: SheetLayout, void_reasons: int, label: str) -> Ballot | None:
    """A ballot typed on one line as on the pad (spaces do not count); None if nothing is typed.
    Raises `RefusedError`, calling it by `label`, if it is no ballot of this sheet."""
    keys = "".join(plain_key(character) for character in text if not character.isspace())
    if not keys:
        return None
    if keys.startswith("/"):
        number = keys[1:]
        if not number.isdecimal() or not 1 <= int(number) <= void_reasons:
            raise RefusedError(f"{label}：作废写 / 和原因号，如 /1；原因 1 至 {void_reasons}。")
        return Ballot("", int(number))
    if wrong := sorted(set(keys) - set(form.marks)):
        raise RefusedError(
            f"{label}：不认得“{''.join(wrong)}”；只有 1 至 {len(form.scale.grades)}，0弃权，*多选。"
        )
    if len(keys) != len(form.places):
        raise RefusedError(f"{label}：应有 {len(form.places)} 项，填了 {len(keys)} 项。")
    return Ballot(keys, 0)


def _words(ballot: Ballot | None) -> str:
    if ballot is None:
        return ""
    return f"作废（原因 {ballot.void_reason}）" if ballot.void_reason else ballot.marks
