"""平衡封存: does the paper of a poll balance, what stands before its seal, and the seal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from models.results.revealed import holders
from models.rounds.balance import BalanceTable
from models.rounds.contents import void_reasons
from models.rounds.polls import PollInfo, PollState
from models.seal import facts, sealing
from models.seal.facts import PollFacts
from models.seal.findings import Finding, judge
from models.seal.sealing import SealInfo, Teller, UnsealableError
from tui.screens.seal import balance_words
from tui.screens.seal.paper_check import PaperCheck
from tui.screens.seal.tellers import teller_fields, tellers_named
from tui.widgets.forms import Field, FormScreen
from tui.widgets.frame import Frame, Help, Line, confirmed
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing
from tui.words import findings as words
from tui.words.ways import SCREEN

_HELP = """平衡封存：票数平了、问题都解决了，才能封存。

上面是各批票的平衡，下面是问题（不解决不能封存）
和提示（请看一看，不影响封存）。

封存以后不能再录、再改，录入的先后顺序也随即销毁。"""


_ONLY_THE_KEYER = "封存以前，有效、无效票和问题、提示只在录票的终端上看。"


class SealScreen(Frame):
    """The balance, the findings and the seal of one poll."""

    HELP: ClassVar[str] = _HELP
    CSS: ClassVar[str] = """
    SealScreen #balance { height: 1fr; }
    SealScreen #findings { height: auto; max-height: 45%; }
    SealScreen #seals { height: auto; max-height: 50%; scrollbar-size: 0 0; }
    SealScreen #seal { padding: 0 1; }
    """
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "看办法", "看一条的含义和办法，或一批票数的各项", weight=ALWAYS),
        Key("f2", "封存", "填监票人等，确认后生成摘要", "seal", when="unsealed"),
        Key(
            "f3", "核对纸质报告单", "封存后：核对纸质报告单上的摘要", "confirm_paper", when="sealed"
        ),
        Key("f4", "更正", "重新开封后：更正一张票", "correct", when="reopened"),
        Key("f5", "文书", "写出 Word 文书", "documents"),
        Key("f9", "重新开封", "封存后：重新开封，要写理由和两人姓名", "reopen", when="sealed"),
        Key("tab,shift+tab,left,right", "换表", "换上下两张表（左右键同）", "other_list", SELDOM),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._facts: PollFacts | None = None
        self._table = BalanceTable()
        self._findings: dict[str, Finding] = {}
        self._seals: tuple[SealInfo, ...] = ()
        self._tellers: tuple[Teller, ...] = ()

    @property
    def _poll(self) -> PollInfo:
        """The poll as it was shown last."""
        return self._shown.poll

    @property
    def _shown(self) -> PollFacts:
        if self._facts is None:
            raise RuntimeError("asked before the screen was filled")
        return self._facts

    def now(self) -> set[str]:
        """What its keys depend on."""
        state = self._facts.poll.state if self._facts is not None else PollState.ENTRY
        if state is PollState.SEALED:
            return {"sealed"}
        return {"unsealed", "reopened"} if state is PollState.REOPENED else {"unsealed"}

    def body(self) -> ComposeResult:
        """The balance, the findings, the seals."""
        yield Line(id="round")
        yield Listing(
            (
                ("票种", 14),
                ("类别", 12),
                ("发出", 5),
                ("收回", 5),
                ("未收回", 6),
                ("有效", 5),
                ("无效", 5),
                ("复核", 8),
                ("平衡", 9),
            ),
            title="票数平衡",
            right=(2, 3, 4, 5, 6),
            falls=(4, 2, 6),
            id="balance",
        )
        columns = (("编号", 9), ("在哪里", 16), ("是什么", 30))
        yield Listing(columns, title="问题和提示", falls=(1,), id="findings")
        with VerticalScroll(id="seals", can_focus=False):
            yield Line(id="seal")

    def on_mount(self) -> None:
        """Show it; look twice a second whether another program wrote."""
        self._fill()
        self.set_focus(self.query_one("#findings" if self._findings else "#balance", Listing))
        self.follow_database(self._fill)

    def on_screen_resume(self) -> None:
        """A correction, or a document, may have come in between."""
        if self._facts is not None:
            self._fill()

    def _fill(self) -> None:
        self._facts = facts.read(self._poll_id)
        self._table = facts.balance_table(self._facts)
        self._seals = sealing.seals(self._poll_id)
        poll = self._facts.poll
        whole = self.session.shows_all(poll)
        found = judge(self._facts) if whole and poll.state is not PollState.SEALED else []
        self._findings = {str(number): each for number, each in enumerate(found)}
        version = f" 第 {self._seals[-1].version} 版" if self._seals else ""
        state = {PollState.SEALED: "已封存", PollState.REOPENED: "重新开封"}.get(
            poll.state, "未封存"
        )
        self.set_title(f"平衡封存 > {poll.unit_name}    状态：{state}{version}")
        self.query_one("#round", Line).show(
            balance_words.summary(self._facts, self._table, found, whole=whole)
        )
        rows = balance_words.rows(self._facts, self._table, whole=whole)
        self.query_one("#balance", Listing).fill(rows)
        listing = self.query_one("#findings", Listing)
        listing.display = bool(found)
        listing.fill(
            [
                (key, (balance_words.code_cell(each), each.where, words.what(each)))
                for key, each in self._findings.items()
            ]
        )
        if not found and listing.has_focus:
            self.set_focus(self.query_one("#balance", Listing))
        self.query_one("#seals").display = bool(self._seals)
        self.query_one("#seal", Line).show("\n".join(balance_words.seal_lines(self._seals)))
        self.show_keys()
        self._advise(poll, found)

    def _advise(self, poll: PollInfo, found: Sequence[Finding]) -> None:
        blocking = [each for each in found if each.blocking]
        if not self.session.shows_all(poll):
            self.say(_ONLY_THE_KEYER)
        elif poll.state is PollState.SEALED:
            self.say("已封存。按 F5 出计票结果报告单，签字后按 F3 核对。")
        elif blocking:
            first = words.action(blocking[0], SCREEN)
            self.say(f"还有 {len(blocking)} 个问题，解决了才能封存。先办：{first}")
        elif poll.state is PollState.REOPENED:
            self.say("已重新开封：F4 更正，改完按 F2 重新封存。")
        else:
            looks = f"（有 {len(found)} 条提示，请先看一看）" if found else ""
            self.say(f"票数平衡，可以封存：按 F2。{looks}")

    def action_other_list(self) -> None:
        """From the balance to the findings, and back."""
        balance, listing = self.query_one("#balance", Listing), self.query_one("#findings", Listing)
        # Not `focus()`, which waits: the key after this one must find the other list.
        self.set_focus(listing if balance.has_focus and listing.display else balance)

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """What a finding means and what to do; or the identities of a row of the balance."""
        key = event.key
        if not self.session.shows_all(self._poll):
            self.say(_ONLY_THE_KEYER, refused=True)
            return
        if event.listing.id == "findings" and key in self._findings:
            each = self._findings[key]
            self.app.push_screen(
                Help(
                    f"{words.code_of(each)}  {each.where}\n{words.what(each)}\n\n"
                    f"含义：{words.meaning(each)}\n办法：{words.action(each, SCREEN)}"
                )
            )
        elif key:
            stacks = facts.by_group(self._shown)
            name, table = "合计", self._table
            own = [each for of in stacks.values() for each in of]
            if key != "total":
                row = self._table.rows[int(key)]
                name, table = f"{row.sheet} {row.group}", BalanceTable((row,))
                own = stacks[row.sheet, row.group]
            reasons = void_reasons(self._shown.round, self.session.settings)
            lines = balance_words.identities(table, reasons)
            rule = self._shown.round.rules.verification
            self.app.push_screen(
                Help("\n".join((name, "", *lines, "", *balance_words.verification(own, rule))))
            )

    def action_seal(self) -> None:
        """封存: the tellers, the last question, the seal."""
        if not self.writable():
            return
        self._fill()
        poll = self._poll
        if poll.state is PollState.SEALED:
            self.say("已经封存。要改先按 F9 重新开封。", refused=True)
            return
        blocking = [each for each in self._findings.values() if each.blocking]
        if blocking:
            first = blocking[0]
            self.say(
                f"不能封存：还有 {len(blocking)} 个问题。"
                f"先办 {words.code_of(first)} {first.where}："
                f"{words.what(first)}。{words.action(first, SCREEN)}",
                refused=True,
            )
            return
        self._tellers = ()

        def take(values: dict[str, str]) -> None:
            self._tellers = tellers_named(values)

        fields = teller_fields(self._seals[-1].tellers if self._seals else ())
        self.app.push_screen(FormScreen(f"封存 > {poll.short}", fields, take), self._ask_to_seal)

    def _ask_to_seal(self, _: object) -> None:
        if not self._tellers:
            return
        total = self._table.total
        warned = balance_words.warned(self._findings.values())
        confirmed(
            self,
            f"封存 {self._poll.unit_name}？\n\n"
            f"发出 {total.issued} 张，收回 {total.returned} 张，有效 {total.valid} 张，"
            f"无效 {total.void} 张。\n{balance_words.without_paper(self._table)}{warned}\n"
            "封存以后不能再录、再改；录入的先后顺序随即销毁，\n"
            "从备份里也找不回来，以后不能再逐张翻看。",
            self._seal_soon,
        )

    def _seal_soon(self) -> None:
        """Seal once the screen says so: it may take seconds. Keys wait meanwhile."""
        self.ready.clear()
        self.say("正在封存，请稍候……")
        self.call_after_refresh(self._seal_now)

    def _seal_now(self) -> None:
        try:
            with self.refusals():
                try:
                    made = sealing.seal(self._poll_id, self._tellers, self.session.store)
                except UnsealableError as error:
                    raise words.refusal(error, SCREEN) from error
                self._fill()
                self.set_focus(self.query_one("#balance", Listing))
                self.say(f"已封存（第 {made.version} 版）。摘要在上面：抄或印在报告单上再核对。")
                self._tell_lapsed()
        finally:
            self.ready.set()

    def action_confirm_paper(self) -> None:
        """核对纸质报告单: two groups of the digest, typed from the paper."""
        sealed = sealing.in_force(self._poll_id)
        if sealed is None:
            self.say("封存以后才有摘要可核对。", refused=True)
            return
        if not self.writable():
            return
        import secrets

        groups = sealing.groups_of(sealed.digest)
        asked = sorted(secrets.SystemRandom().sample(range(len(groups)), 2))

        def save(values: dict[str, str]) -> None:
            sealing.confirm_paper(self._poll_id, {at: values[str(at)] for at in asked})
            self.app.call_later(self.say, "纸质报告单与封存数据一致，已记入日志。")

        self.app.push_screen(PaperCheck(groups, asked, save))

    def action_reopen(self) -> None:
        """重新开封: a reason and two names."""
        if sealing.in_force(self._poll_id) is None:
            self.say("没有封存，不用重新开封。", refused=True)
            return
        if not self.writable():
            return
        given: dict[str, str] = {}
        fields = (
            Field("reason", "理由", required=True, hint="写进日志，今后随时可查"),
            Field("first", "批准人 1", required=True, hint="两个人的姓名"),
            Field("second", "批准人 2", required=True, hint="另一个人的姓名"),
        )

        def reopen() -> None:
            sealing.reopen(self._poll_id, given["reason"], (given["first"], given["second"]))
            self._fill()
            self._tell_lapsed()

        def ask(_: object) -> None:
            if given:
                confirmed(
                    self,
                    f"重新开封 {self._poll.unit_name}？\n\n理由：{given['reason']}\n"
                    f"批准：{given['first']}、{given['second']}\n\n"
                    "原来的摘要作废，但一直留在这里和日志里；\n"
                    "已发出的文书要重新出。更正后必须再次封存。\n\n"
                    f"{balance_words.revealed(holders(self._poll))}",
                    reopen,
                )

        self.app.push_screen(
            FormScreen(f"重新开封 > {self._poll.short}", fields, given.update), ask
        )

    def _tell_lapsed(self) -> None:
        """Name the files that a reopening or a new seal made invalid."""
        from tui.screens.documents.lapsed import tell_lapsed

        tell_lapsed(self, self._poll.round_id, self._poll_id)

    def action_correct(self) -> None:
        """更正 a ballot of a poll that was reopened."""
        state = self._poll.state
        if state is PollState.SEALED:
            self.say("已封存。要更正先按 F9 重新开封。", refused=True)
        elif state is PollState.ENTRY:
            self.say("还没有封存：打开这一批，按 PageUp 翻到那张票更正。", refused=True)
        elif self.writable():
            from tui.screens.seal.correction import SealedCorrectionScreen

            self.app.push_screen(SealedCorrectionScreen(self._poll_id))

    def action_documents(self) -> None:
        """文书 of this poll."""
        from tui.screens.documents.writing import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self._poll.round_id, self._poll_id))
