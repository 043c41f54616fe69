"""首页: the current round, its units, and what to do next."""

from __future__ import annotations

import datetime
from typing import ClassVar

from textual.app import ComposeResult

from models.database import clerk
from models.entry import progress
from models.entry.progress import Need, need_of
from models.names import visible
from models.roster.units import unit_tree
from models.rounds import life
from models.rounds.contents import round_contents
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollState
from tui.screens import home_words
from tui.screens.unit_board import UnitBoard
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import ALWAYS, NEVER, SELDOM, Key
from tui.widgets.listing import Listing

_HELP = """首页：当前轮次各单位的进度，和每个单位的下一步。

人：收回几套票（一人一套）。光标一开始停在上次录到的单位；
Enter 只打开下一步（录票、复核、平衡和封存、结果），什么也不替您办。

一步一步：F3 导入名册，F2 新建轮次并启动，Enter 登记收回的票、录票，
F4 看得票，F5 出文书。另一终端占用数据库时，F9 接管。"""

# Columns from which the round's period stands beside its title.
_ROOM_FOR_PERIOD = 78

_FIRST_STEPS = """
一  F3 单位人员   导入名册（.xlsx 或 .csv），核对班子成员和排序
二  F2 轮次       新建轮次，加入参加测评的单位，启动
三  右方向键      进入单位，登记发出、收回的票数，照纸票录票
四  F4 得票       随录随看
五  F5 文书       汇总表、反馈书、廉政档案登记表"""


class HomeScreen(Frame):
    """The round's units with the next step of each; Enter leads to the one under the cursor."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "enter",
            "接着做",
            "光标所在单位的下一步：录票、复核、看平衡；只打开，不办",
            weight=ALWAYS,
        ),
        Key(
            "right", "单位", "光标所在单位：各批测评票，登记票数、封存", "unit", ALWAYS, named="右"
        ),
        Key("f2", "轮次", "轮次：新建、修改、启动、换看别的轮次", "rounds"),
        Key("f3", "人员", "单位和人员：导入名册、增改、查找", "roster"),
        Key("f4", "得票", "光标所在单位的得票情况", "tally"),
        Key("f5", "文书", "写出 Word 文书", "documents"),
        Key("f6", "档案", "按姓名、拼音查一名干部历年的结果", "see('archive')"),
        Key("f12", "结果", "封存以后：登记等次、意见归纳、送达", "results", SELDOM),
        Key("f7", "日志", "操作日志", "see('journal')", SELDOM),
        Key("f8", "备份", "备份：立即备份、另存、恢复", "see('backups')", SELDOM),
        Key("f9", "操作人", "换人录入、复核时写明姓名；接管数据库", "operator", SELDOM),
        Key(
            "0,０",
            "设置",
            "本机关的名称、落款、新轮次的规则等，写进设置文件",
            "see('settings')",
            SELDOM,
        ),
        Key(
            "asterisk", "练习", "用光标所在单位的票样练录票，什么也不存", "see('practice')", SELDOM
        ),
        Key("escape", "退出", "取消查找；退出程序（要确认）", "leave", NEVER),
        Key("f10", "退出", "退出程序（要确认）；已录的票都已存好", weight=ALWAYS),
    )

    def __init__(self) -> None:
        super().__init__()
        self._round: RoundInfo | None = None
        # What a screen that was opened here did, to be said once it is left.
        self._done: list[str] = []

    def body(self) -> ComposeResult:
        """The round's line, and the list of its units."""
        yield Line(id="round")
        yield Line(_FIRST_STEPS, id="first-steps")
        yield UnitBoard(self.session.glyphs)
        yield Line(id="owed")

    def on_mount(self) -> None:
        """Follow what other programs write; ask an office that begins what it must set. The round
        is shown on resume."""
        self.follow_database(self.show_round)
        self.query_one(Listing).focus()
        # A start of an office at work must not wait for the form to be imported.
        if self.session.store.read_only or life.any_round():
            return
        from tui.screens.settings import first_form, is_first_start

        if is_first_start(self.session.settings):
            with self.refusals():
                self.app.push_screen(first_form(self, self._done.append))

    def on_screen_resume(self) -> None:
        """Show the round, at first and again: counts may have changed on the screen left."""
        self.show_round()
        if self._done:
            self.say(self._done.pop())

    def show_round(self, round_id: int | None = None) -> None:
        """Show this round; with None the one shown before, as it is now, or else the newest."""
        if round_id is None and self._round is not None:
            round_id = self._round.id
        known = life.rounds()
        chosen = [info for info in known if info.id == round_id] or known[:1]
        self._round = chosen[0] if chosen else None
        self.query_one("#first-steps").display = self._round is None
        self.query_one(UnitBoard).display = self._round is not None
        office = self.session.settings.office.name
        left = home_words.days_left(self._round, datetime.date.today())
        self.set_title(f"测评  {office}", f"操作人 {visible(clerk.current())}{left and '  '}{left}")
        if self._round is None:
            self._show_first_steps()
        else:
            self._show_progress(self._round)

    def _show_first_steps(self) -> None:
        self.query_one("#round", Line).show("还没有轮次。")
        self.query_one("#owed").display = False
        if not unit_tree():
            self.say("现在：按 F3，导入名册或逐个新增单位和人员。")
        else:
            self.say("现在：名册已有，按 F2 新建轮次。")

    def _show_progress(self, info: RoundInfo) -> None:
        self._show_round_line(info)
        contents = round_contents(info, self.session.settings)
        names = {level: content.name for level, content in contents.items()}
        found = progress.progress(info.id)
        self.query_one(UnitBoard).show(info, found, names)
        owed = self.query_one("#owed", Line)
        # Read only once something is sealed: what is owed is found in the results.
        owed.display = any(each.poll.state is PollState.SEALED for each in found)
        owed.show(_owed(info) if owed.display else "")
        if self.session.store.read_only:
            self.say(f"只读：数据库由 {self.session.store.holder} 使用。F9 接管", refused=True)
        elif info.state is RoundState.DRAFT:
            self.say("轮次在筹备中：按 F2 继续筹备并启动，之后才能录票。")
        else:
            self.say("")

    def _show_round_line(self, info: RoundInfo) -> None:
        said = home_words.round_line(info, narrow=self.app.size.width < _ROOM_FOR_PERIOD)
        self.query_one("#round", Line).show(said)

    def on_resize(self) -> None:
        """The round's line follows the width."""
        if self._round is not None:
            self._show_round_line(self._round)

    def on_unit_board_chosen(self, event: UnitBoard.Chosen) -> None:
        """Open what the unit needs next, and do nothing more."""
        if self._round is None or self._round.state is RoundState.DRAFT:
            self.action_rounds()
            return
        each = event.progress
        now, stack = need_of(each), each.next_stack or each.next_second
        with self.refusals():
            if now is Need.NONE:
                self.action_results()
            elif now is Need.SEAL:
                from tui.screens.seal.balance import SealScreen

                self.app.push_screen(SealScreen(each.poll.id))
            elif stack is None or self.session.store.read_only:
                self.action_unit()
            else:
                from tui.screens.poll.keying_pad import key_stack, verify_stack

                opens = key_stack if now is Need.KEY else verify_stack
                opens(self.app, self.session, stack.stack_id, self.show_round)

    def action_leave(self) -> None:
        """Take back a search or a filter; else quit, asking first."""
        if not self.query_one(UnitBoard).step_back():
            self.app.call_later(self.app.run_action, "leave_program")

    def _poll(self) -> int | None:
        """The poll of the unit under the cursor in a round that was opened."""
        chosen = self.query_one(UnitBoard).chosen
        if chosen is None or self._round is None or self._round.state is RoundState.DRAFT:
            return None
        return chosen.poll.id

    def action_unit(self) -> None:
        """The unit under the cursor: its stacks."""
        poll = self._poll()
        if poll is None:
            self.say("先启动轮次：按 F2。", refused=True)
            return
        from tui.screens.poll.stacks import PollScreen

        self.app.push_screen(PollScreen(poll))

    def action_rounds(self) -> None:
        """轮次: the list of rounds."""
        from tui.screens.rounds.all_rounds import RoundsScreen

        self.app.push_screen(RoundsScreen(), self.show_round)

    def action_roster(self) -> None:
        """单位人员."""
        from tui.screens.roster.people import RosterScreen

        self.app.push_screen(RosterScreen())

    def action_tally(self) -> None:
        """得票情况 of the unit under the cursor."""
        poll = self._poll()
        if poll is None:
            self.say("还没有启动的轮次，无票可看。", refused=True)
            return
        from tui.screens.results.tally import TallyScreen

        self.app.push_screen(TallyScreen(poll))

    def action_documents(self) -> None:
        """文书 of the round."""
        if self._round is None or self._round.state is RoundState.DRAFT:
            self.say("轮次启动、录票以后才有文书。", refused=True)
            return
        from tui.screens.documents.writing import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self._round.id, self._poll()))

    def action_results(self) -> None:
        """结果 of the unit under the cursor, once sealed."""
        poll = self._poll()
        if poll is None:
            self.say("轮次启动、录票、封存以后才有结果。", refused=True)
            return
        from tui.screens.results.poll_results import open_results

        open_results(self, poll)

    def action_see(self, what: str) -> None:
        """档案: a cadre's evaluations over the years; 操作日志; 练习; 设置; 备份."""
        if what == "archive":
            from tui.screens.results.archive import ArchiveScreen

            self.app.push_screen(ArchiveScreen())
        elif what == "journal":
            from tui.screens.journal import JournalScreen

            self.app.push_screen(JournalScreen())
        elif what == "practice":
            from tui.screens.practice import PracticeScreen

            if (chosen := self.query_one(UnitBoard).chosen) is not None:
                self.app.push_screen(PracticeScreen(chosen.poll.id))
        elif what == "settings":
            from tui.screens.settings import settings_form

            if self.writable():
                with self.refusals():
                    self.app.push_screen(settings_form(self, self._done.append))
        else:
            from tui.screens.backups import BackupsScreen

            self.app.push_screen(BackupsScreen())

    def action_operator(self) -> None:
        """操作人: who is at the keyboard now; 接管 while another program writes."""
        from tui.screens import sign_in

        if self.session.store.read_only:
            sign_in.take_over(self, self.show_round)
        else:
            self.app.push_screen(sign_in.name_form())


def _owed(info: RoundInfo) -> str:
    """待办: what the sealed units of a round owe."""
    from models.results import delivery
    from tui.screens.results.delivery_words import owed_words

    dues = delivery.dues_of_round(info.id)
    counted = delivery.owed(dues)
    if any(counted.values()):
        told = owed_words(counted, delivery.owed_again(dues))
    else:
        told = "反馈和归档都已办完"
    return f"待办  {told}    F12 结果、送达"
