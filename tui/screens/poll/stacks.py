"""一个单位的测评: its stacks, how far each is keyed, and the counts of its paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult

from models.entry import second_entry
from models.refusal import RefusedError
from models.rounds import life, paper, polls
from models.rounds.balance import Balance
from models.rounds.looks import of_poll
from models.rounds.neighbours import neighbours
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo, PollState
from models.rounds.small_groups import too_small_for_weights
from models.rounds.stacks import Stack, stacks
from tui.widgets.forms import Field, FieldKind, FormScreen
from tui.widgets.frame import Confirm, Frame, Line, confirmed
from tui.widgets.keys import ALWAYS, NEVER, SELDOM, Key
from tui.widgets.listing import Cell, Listing
from tui.widgets.look import State, Tone
from tui.widgets.paper_grid import PaperGrid, PaperRow
from tui.widgets.second_pane import Beside, Detail
from tui.words import looks
from tui.words.columns import visible_line
from tui.words.findings import weights_withheld

_HELP = """一个单位的各批测评票：先登记票数，再录票、复核、封存，封存以后登记结果。

票数平衡：发出 = 收回 + 未收回；收回 = 有效 + 无效，录完才相等。
收回多于发出按规定测评无效，不能登记。"""


class PollScreen(Frame):
    """One unit within the round; Enter on a stack keys it."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "录票", "录光标所在的一批", weight=ALWAYS, when="unsealed"),
        Key("f2", "登记票数", "各批发出、收回多少张", "counts", when="unsealed"),
        Key("f8", "复核", "把光标所在的一批再录一遍，两次对照", "verify", when="unsealed"),
        Key("f6", "封存", "票数平衡、问题和提示、封存", "seal"),
        Key("f9", "结果", "封存以后：登记等次、意见归纳、送达", "results", when="sealed"),
        Key("f4", "得票", "得票情况", "tally"),
        Key("f5", "文书", "写出 Word 文书", "documents"),
        Key("f3", "测评", "登记日期、地点、应到、实到", "details", SELDOM),
        Key("f7", "增批", "增加一批：同类票分几次收回时", "add_stack", SELDOM, when="unsealed"),
        Key("delete", "删批", "删除空的后加批", "remove_stack", NEVER, first=False),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._stacks: dict[str, Stack] = {}
        self._state_known = PollState.ENTRY

    def now(self) -> set[str]:
        """What its keys depend on."""
        return {"sealed" if self._state_known is PollState.SEALED else "unsealed"}

    def body(self) -> ComposeResult:
        """When and where, then the stacks."""
        yield Line(id="round")
        batches = Listing(
            (
                ("票种", 14),
                ("类别", 16),
                ("发出", 5),
                ("收回", 5),
                ("已录", 5),
                ("有效", 5),
                ("无效", 5),
                ("状态", 14),
            ),
            title="各批测评票",
            right=(2, 3, 4, 5, 6),
            falls=(6, 5, 2),
        )
        yield Beside(batches, self.session.glyphs, self._detail)

    def on_mount(self) -> None:
        """Start on the first stack that is not done."""
        self._fill()
        listing = self.query_one(Listing)
        listing.focus()
        todo = next((key for key, s in self._stacks.items() if s.balance.missing > 0), None)
        if todo is not None:
            listing.choose(todo)

    def on_screen_resume(self) -> None:
        """Counts may have changed on the screen that was left."""
        if self._stacks:
            self._fill()

    def _fill(self) -> None:
        poll = polls.find_by_id(self._poll_id)
        self._state_known = poll.state
        self._round = life.find_by_id(poll.round_id)
        self._names = paper.level_names(poll.round_id)
        self._whole = self.session.shows_all(poll)
        self.set_title(f"{self._round.plan.year}年度 > {poll.unit_name}")
        found = of_poll(self._round.plan, poll.unit_id, poll.date, neighbours(poll.round_id))
        self.query_one("#round", Line).show(
            "\n".join(
                (
                    f"{poll.date or '日期未登记'}  {poll.place or '地点未登记'}  "
                    f"应到{_people(poll.expected)}  实到{_people(poll.present)}  "
                    f"状态：{poll.state.label}",
                    *(f"请看一看：{visible_line(looks.what(each))}" for each in found),
                )
            )
        )
        self._stacks = {str(stack.stack_id): stack for stack in stacks(self._poll_id)}
        self._verified = second_entry.of_poll(self._poll_id)
        total = sum((stack.balance for stack in self._stacks.values()), Balance())
        rows = [(key, self._row(stack)) for key, stack in self._stacks.items()]
        rows.append(
            (
                "total",
                (
                    "合计",
                    "",
                    str(total.issued),
                    "" if total.unregistered and not total.returned else str(total.returned),
                    str(total.entered),
                    *_kinds(total, whole=self._whole),
                    total.rest,
                ),
            )
        )
        self.query_one(Listing).fill(rows)
        self.show_keys()
        second = sum(each.needed > 0 and not each.agreed for each in self._verified.values())
        told = _told(poll, total, len(self._stacks), second)
        self.say("\n".join([told, *_too_small(self._round, self._stacks.values())]))

    def _row(self, stack: Stack) -> tuple[Cell, ...]:
        name = self._names[stack.level]
        if stack.subject:
            name = f"{name} {stack.subject}"
        group = stack.group.name
        if stack.number > 1 or not stack.last:
            group = f"{group} {stack.number}批"
        return (
            name,
            group,
            _number(stack.typed[0]) if stack.number == 1 else "",
            _number(stack.typed[1]),
            str(stack.balance.entered),
            *_kinds(stack.balance, whole=self._whole),
            self._state(stack),
        )

    def _state(self, stack: Stack) -> State:
        if stack.drafted:
            return State(Tone.PART, "有半张未录完")
        balance = stack.balance
        if balance.missing:
            return State(Tone.WAITING if balance.missing > 0 else Tone.WRONG, balance.difference)
        if not stack.returned:
            return State(Tone.DONE if balance.none else Tone.IDLE, balance.difference)
        verified = self._verified[stack.stack_id]
        if not verified.needed:
            return State(Tone.DONE, "录完")
        if verified.agreed:
            return State(Tone.DONE, "复核一致")
        if not verified.keyed:
            return State(Tone.WAITING, "待复核")
        if verified.keyed >= verified.needed:
            return State(Tone.WRONG, "复核有不同")
        return State(Tone.PART, f"复核 {verified.keyed}/{verified.needed}")

    def _detail(self, key: str) -> Detail | None:
        stack = self._stacks.get(key)
        if stack is None:
            return None
        from tui.screens.results.tally import tally_beside

        return tally_beside(self.session, self._poll_id, stack.level)

    def _chosen(self) -> Stack | None:
        return self._stacks.get(self.query_one(Listing).chosen or "")

    def on_listing_row_selected(self) -> None:
        """Key the stack under the cursor."""
        stack = self._chosen()
        if stack is None or not self.writable():
            return
        if not stack.returned:
            why = "登记的是无票，没有可录的" if stack.none else "还没有登记收回票数"
            self.say(f"这一批{why}：按 F2 登记。", refused=True)
            return
        from tui.screens.poll.keying_pad import key_stack

        with self.refusals():
            key_stack(self.app, self.session, stack.stack_id, lambda: None)

    def action_verify(self) -> None:
        """复核 of the stack under the cursor."""
        stack = self._chosen()
        if stack is None or not self.writable():
            return
        from tui.screens.poll.keying_pad import verify_stack

        with self.refusals():
            verify_stack(self.app, self.session, stack.stack_id, lambda: None)

    def action_counts(self) -> None:
        """登记票数."""
        if self.writable():
            self.app.push_screen(PaperScreen(self._poll_id))

    def action_details(self) -> None:
        """登记测评: date, place, people."""
        if not self.writable():
            return
        poll = polls.find_by_id(self._poll_id)

        def save(values: dict[str, str]) -> None:
            polls.change_poll(
                self._poll_id,
                date=values["date"],
                place=values["place"],
                expected=int(values["expected"] or 0),
                present=int(values["present"] or 0),
            )

        self.app.push_screen(
            FormScreen(
                f"登记测评 > {poll.unit_name}",
                (
                    Field("date", "测评日期", FieldKind.DATE, poll.date, "如 20261105"),
                    Field("place", "地点", value=poll.place),
                    Field(
                        "expected", "应到人数", FieldKind.INTEGER, _number(poll.expected or None)
                    ),
                    Field("present", "实到人数", FieldKind.INTEGER, _number(poll.present or None)),
                ),
                save,
            )
        )

    def action_tally(self) -> None:
        """得票情况."""
        from tui.screens.results.tally import TallyScreen

        self.app.push_screen(TallyScreen(self._poll_id))

    def action_documents(self) -> None:
        """文书."""
        from tui.screens.documents.writing import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self._round.id, self._poll_id))

    def action_seal(self) -> None:
        """平衡封存."""
        from tui.screens.seal.balance import SealScreen

        self.app.push_screen(SealScreen(self._poll_id))

    def action_results(self) -> None:
        """结果, once sealed."""
        from tui.screens.results.poll_results import open_results

        open_results(self, self._poll_id)

    def action_add_stack(self) -> None:
        """Another stack of the same sheet and group."""
        stack = self._chosen()
        if stack is not None and self.writable():
            with self.refusals():
                paper.add_stack(stack.stack_id)
                self._fill()
                self.say("已增加一批：按 F2 登记它收回的票数。")

    def action_remove_stack(self) -> None:
        """Remove an empty further stack."""
        stack = self._chosen()
        if stack is None or not self.writable():
            return
        if stack.number == 1 or stack.balance.entered:
            # What would be refused is not asked for.
            with self.refusals():
                paper.remove_stack(stack.stack_id)
            return

        def remove() -> None:
            paper.remove_stack(stack.stack_id)
            self._fill()

        confirmed(self, f"删除{stack.group.name}第 {stack.number} 批？", remove)


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _kinds(paper: Balance, *, whole: bool) -> tuple[str, str]:
    """Valid and void ballots, for who sees the `whole` count: while paper is keyed, a look apart
    they tell of one ballot."""
    return (str(paper.valid), str(paper.void)) if whole else ("", "")


def _told(poll: PollInfo, total: Balance, stacks_known: int, second: int) -> str:
    """What to do next; `second` stacks are still to be keyed a second time."""
    if poll.state is PollState.SEALED:
        return "已封存：按 F9 看结果，登记研究确定的等次、意见归纳和送达。"
    if total.missing:
        return f"还有 {total.missing} 张没有录入。"
    if total.unregistered == stacks_known:
        return "先按 F2 登记各批发出和收回的票数，再录票。"
    if total.unregistered:
        return f"还有 {total.unregistered} 批没有登记收回票数：按 F2；没有票的填 0。"
    if second:
        return f"收回的票已全部录入，还有 {second} 批要复核：按 F8，照纸票再录一遍。"
    return "收回的票已全部录入：按 F6 看票数平衡，封存。"


def _too_small(round_info: RoundInfo, paper: Iterable[Stack]) -> list[str]:
    """The voter groups that are known to leave the round's unit without weighted shares."""
    minimum = round_info.rules.minimum_group
    small = too_small_for_weights(round_info, paper)
    return [f"{weights_withheld(each.name, each.issued, minimum)}。" for each in small]


def _people(number: int) -> str:
    return f" {number} 人" if number else "未登记"


class PaperScreen(Frame):
    """登记票数: issued and returned paper of every stack."""

    HELP: ClassVar[str] = """登记票数：每批发出、收回的纸票张数。收回多于发出的不收。

空着就是没有登记，不登记不能封存；没有票的填 0，登记为无票。
发出填 0 的，收回不用再填。"""
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "保存", "保存；收回多于发出的不收", "save", ALWAYS),
        Key("escape", "取消", "不保存，返回", "leave", ALWAYS),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id

    def body(self) -> ComposeResult:
        """The grid."""
        poll = polls.find_by_id(self._poll_id)
        names = paper.level_names(poll.round_id)
        blocks: dict[int, int] = {}
        rows = []
        for stack in stacks(self._poll_id):
            block = blocks.setdefault(stack.sheet_id, len(blocks))
            number = f" 第{stack.number}批" if stack.number > 1 else ""
            subject = f" {stack.subject}" if stack.subject else ""
            rows.append(
                PaperRow(
                    stack.stack_id,
                    f"{names[stack.level]}{subject}  {stack.group.name}{number}",
                    block,
                    stack.group.name,
                    stack.number == 1,
                    *stack.typed,
                    stack.balance.entered,
                )
            )
        yield PaperGrid(rows)

    def on_mount(self) -> None:
        """Start in the first number."""
        self.set_title(f"登记票数 > {polls.find_by_id(self._poll_id).unit_name}")
        self.say("填好第一个票种后按 +，其余票种照样填入。没有票的填 0，空着是没有登记。")
        self.query_one(PaperGrid).focus()

    def on_paper_grid_spoken(self, event: PaperGrid.Spoken) -> None:
        """Tell what the grid did."""
        self.say(event.text, refused=event.wrong)

    def refuse(self, error: RefusedError) -> None:
        """Show a refusal; where it names numbers, go to the first and mark them."""
        if isinstance(error, paper.CountsRefusedError):
            self.query_one(PaperGrid).mark(error.faults)
        else:
            super().refuse(error)

    def action_save(self) -> None:
        """Record the counts; leave if they are taken."""
        with self.refusals():
            paper.record_counts(self._poll_id, self.query_one(PaperGrid).counts())
            self.dismiss()

    def action_leave(self) -> None:
        """Leave; ask first if numbers would be lost."""
        if not self.query_one(PaperGrid).dirty:
            self.dismiss()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss()

        self.app.push_screen(Confirm("改动的票数没有保存，放弃吗？", yes="放弃改动"), answered)
