"""结果 of a sealed poll: every subject with its votes, and what people decided on them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from exports.parts.results import PollResults, gather
from models.count.tally import LevelTally, SubjectTally
from models.refusal import RefusedError
from models.results import determination, opinions
from models.rounds import life, polls
from models.rounds.polls import PollState
from tui.screens.results import result_words
from tui.widgets.frame import Frame, Line, confirmed
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing

_HELP = """结果：一个已封存单位的每个被测评对象，和党组研究以后登记的事。

信任票一栏只是提示：是否达到轮次设定的标准，如何处理由人决定。
需重新确认：等次是按以前的封存所定，更正重新封存以后要再研究、再登记。"""


_ROOM_FOR_DETAIL = 16  # lines of the window


class ResultsScreen(Frame):
    """The subjects of one sealed poll; Enter on one enters the grade that people fixed."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "等次", "登记研究确定的等次（会议定了什么就登记什么）", weight=ALWAYS),
        Key("f2", "意见", "意见归纳：本机关自己的话，不照抄票上原话", "opinion"),
        Key("f3", "送达", "送达登记：反馈本人、第一责任人，归入廉政档案", "delivery"),
        Key("f4", "得票", "得票情况", "tally"),
        Key("f5", "文书", "写出 Word 文书", "documents"),
        Key("f6", "档案", "这名干部历年的档案", "archive"),
        Key(
            "left",
            "换单位",
            "换到上一个、下一个已封存的单位",
            "neighbour(-1)",
            SELDOM,
            named="左右",
            also=(("right", "neighbour(1)"),),
        ),
        Key("delete", "撤等次", "撤销登记的等次", "withdraw", SELDOM),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._rows: dict[str, tuple[LevelTally, SubjectTally]] = {}

    def body(self) -> ComposeResult:
        """How far the work is, the subjects, and the one under the cursor in full."""
        yield Line(id="round")
        yield Listing(
            (
                ("层级", 12),
                ("姓名", 8),
                ("职务", 10),
                ("合计得票率", 16),
                ("信任票", 8),
                ("等次", 10),
                ("意见", 5),
            ),
            title="被测评对象",
            right=(6,),
            falls=(2, 6, 0),
        )
        yield Line(id="detail")

    def on_mount(self) -> None:
        """Start on the first subject without a grade."""
        self.query_one(Listing).focus()
        self._show_poll()
        self.follow_database(self._fill)

    def on_screen_resume(self) -> None:
        """Something may have been entered on the screen that was left."""
        if self._rows:
            self._fill()

    def on_resize(self) -> None:
        """In a low window the list needs the lines."""
        self.query_one("#detail").display = self.app.size.height >= _ROOM_FOR_DETAIL

    def _show_poll(self) -> None:
        self._fill()
        todo = next((key for key in self._rows if not self._fixed(key)), None)
        self.query_one(Listing).choose(todo)
        self._describe()

    # ── what is shown ──

    def _fill(self) -> None:
        poll = polls.find_by_id(self._poll_id)
        self._results: PollResults = gather(
            self.session.settings, life.find_by_id(poll.round_id), poll
        )
        results = self._results
        self._rows = {
            str(subject.subject.id): (level, subject)
            for level in results.levels.values()
            for subject in level.subjects
        }
        official = "" if results.official else "    计票中，非正式结果"
        self.set_title(f"{results.round.plan.year}年度结果 > {poll.unit_name}{official}")
        known = results.determinations
        again = sum(not each.in_force for each in known.values())
        self.query_one("#round", Line).show(
            f"已登记等次 {len(known) - again}/{len(self._rows)}"
            + (f"  {result_words.CONFIRM_AGAIN} {again}" if again else "")
            + f"  意见归纳 {len(results.opinions)}"
            + f"  状态：{poll.state.label}"
        )
        self.query_one(Listing).fill(
            [(key, result_words.cells(results, *pair)) for key, pair in self._rows.items()]
        )
        self._describe()

    def _describe(self) -> None:
        """Say in full what is under the cursor."""
        pair, text = self._chosen, ""
        if pair is not None:
            text = "\n".join(result_words.in_full(self._results, *pair))
        self.query_one("#detail", Line).show(text)

    @property
    def _chosen(self) -> tuple[LevelTally, SubjectTally] | None:
        return self._rows.get(self.query_one(Listing).chosen or "")

    def _fixed(self, key: str) -> bool:
        known = self._results.determinations.get(int(key))
        return known is not None and known.in_force

    def on_listing_row_highlighted(self) -> None:
        """The cursor moved."""
        self._describe()

    # ── what people decided ──

    def on_listing_row_selected(self) -> None:
        """登记研究确定的等次 of the subject under the cursor."""
        pair = self._chosen
        if pair is None or not self.writable():
            return
        from tui.screens.results.determination import DeterminationForm

        level, subject = pair
        name = result_words.shown_name(self._results, level, subject)

        def save(values: dict[str, str]) -> None:
            determination.determine(
                subject.subject.id,
                values["grade"],
                on=values["on"],
                meeting=values["meeting"],
                by=values["by"],
                basis=values["basis"],
            )
            self._fill()
            listing = self.query_one(Listing)
            listing.choose(listing.next_key(lambda key: not self._fixed(key)))
            self._describe()
            self.say(f"已登记：{name} {level.content.name} {values['grade']}")

        with self.refusals():
            determination.require_sealed(subject.subject.id)
            self.app.push_screen(
                DeterminationForm(
                    f"{name} {level.content.name}",
                    result_words.together(self._results, level, subject),
                    level.content.scale,
                    self._results.determinations.get(subject.subject.id),
                    determination.latest(self._results.round.id),
                    save,
                )
            )

    def action_withdraw(self) -> None:
        """撤销登记的等次."""
        pair = self._chosen
        if pair is None or not self.writable():
            return
        level, subject = pair
        known = self._results.determinations.get(subject.subject.id)
        name = result_words.shown_name(self._results, level, subject)
        if known is None:
            self.say(f"{name} 没有登记等次，不用撤销。", refused=True)
            return

        def withdraw() -> None:
            determination.withdraw(subject.subject.id)
            self._fill()
            self.say(f"已撤销：{name} {level.content.name}，并记入日志。")

        confirmed(
            self,
            f"撤销登记的等次？\n\n{name} {level.content.name}  {known.grade}\n"
            f"{known.on}  {known.meeting}",
            withdraw,
        )

    def action_opinion(self) -> None:
        """意见归纳 of the subject under the cursor."""
        pair = self._chosen
        if pair is None or not self.writable():
            return
        from tui.screens.results.opinions import OpinionScreen

        level, subject = pair
        name = f"{result_words.shown_name(self._results, level, subject)} {level.content.name}"

        def save(text: str) -> None:
            had = subject.subject.id in self._results.opinions
            opinions.summarise(subject.subject.id, text)
            self._fill()
            none = "已删去意见归纳" if had else "没有写意见归纳"
            self.say(f"{'已存意见归纳' if text else none}：{name}")

        text = self._results.opinions.get(subject.subject.id, "")
        with self.refusals():
            opinions.require_open(subject.subject.id)
            self.app.push_screen(OpinionScreen(name, text, save))

    # ── elsewhere ──

    def action_neighbour(self, step: int) -> None:
        """The sealed poll before or after this one."""
        found = polls.polls(self._results.round.id)
        sealed = [each.id for each in found if each.state is PollState.SEALED]
        if self._poll_id not in sealed or len(sealed) == 1:
            self.say("没有别的已封存的单位。", refused=True)
            return
        self._poll_id = sealed[(sealed.index(self._poll_id) + step) % len(sealed)]
        self.say("")
        self._show_poll()

    def action_delivery(self) -> None:
        """送达登记 of this poll."""
        from tui.screens.results.delivery import DeliveryScreen

        self.app.push_screen(DeliveryScreen(self._results.round.id, self._poll_id))

    def action_archive(self) -> None:
        """档案 of the cadre under the cursor."""
        pair = self._chosen
        if pair is None:
            return
        cadre_id = pair[1].subject.cadre_id
        if cadre_id is None:
            self.say("领导班子、纪检监察机关和不在花名册里的人没有个人档案。", refused=True)
            return
        from tui.screens.results.cadre_record import CadreRecordScreen

        self.app.push_screen(CadreRecordScreen(cadre_id))

    def action_tally(self) -> None:
        """得票情况."""
        from tui.screens.results.tally import TallyScreen

        self.app.push_screen(TallyScreen(self._poll_id))

    def action_documents(self) -> None:
        """文书."""
        from tui.screens.documents.writing import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self._results.round.id, self._poll_id))


def open_results(frame: Frame, poll_id: int) -> None:
    """Show the results of a poll over `frame`; if it is not sealed, say there what to do."""
    with frame.refusals():
        poll = polls.find_by_id(poll_id)
        if poll.state is not PollState.SEALED:
            again = "重新" if poll.state is PollState.REOPENED else ""
            raise RefusedError(
                f"{poll.short} 还没有{again}封存，没有正式结果。先封存：进入单位按 F6，"
                "票数平衡后按 F2。"
            )
        frame.app.push_screen(ResultsScreen(poll_id))
