"""筹备: the units of a draft round, what each lacks, and the start."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from textual.app import ComposeResult

from models.regulation.levels import Level
from models.rounds import life, neighbours, polls, subjects
from models.rounds.contents import draft_contents
from models.rounds.looks import Look
from models.rounds.plan import RoundPlan
from models.rounds.polls import PollInfo
from models.rounds.subjects import SubjectCount
from tui.screens.rounds import round_form, round_words
from tui.widgets.frame import Line, ResultFrame, confirmed
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing
from tui.words import looks
from tui.words.columns import shortened

_HELP = """筹备轮次：定范围和对象，然后启动。

“缺什么”只是提醒；一个对象也没有的单位不能启动。
提示里的请看一看：年度、起止、类别、重复的轮次；不影响启动，启动前再列一遍。"""
_NOTHING = SubjectCount({})
_MOST_LOOKS = 4


class DraftScreen(ResultFrame[int]):
    """One draft; its result is its id, once it is started."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "对象", "看、改光标所在单位的被测评对象", weight=ALWAYS),
        Key("f3", "加单位", "加单位：对象按名册的班子排序自动列出", "add"),
        Key("f2", "改轮次", "改名称、起止、规则、类别、当年廉洁自律内容", "change"),
        Key("f9", "启动", "先列出将固定的内容，确认后才能登记票数和录票", "start"),
        Key("delete", "移出", "把单位移出本轮次", "remove", SELDOM),
    )

    def __init__(self, round_id: int) -> None:
        super().__init__()
        self._round_id = round_id
        self._polls: dict[str, PollInfo] = {}
        self._counts: dict[int, SubjectCount] = {}
        self._asking: list[tuple[str, Look]] = []

    def body(self) -> ComposeResult:
        """The rules on one line, the units, and their sum."""
        yield Line(id="round")
        yield Listing(
            [("单位", 20), ("正职", 4), ("班子成员", 8), ("纪检", 4), ("缺什么", 26)],
            title="参加测评的单位",
            right=(1, 2, 3),
            falls=(3, 2, 1),
        )
        yield Line(id="detail")

    def on_mount(self) -> None:
        """Show the draft."""
        self._read()
        self.set_focus(self.query_one(Listing))

    def on_screen_resume(self) -> None:
        """Subjects may have been changed."""
        self._read()

    def _read(self) -> None:
        info = life.find_by_id(self._round_id)
        self._info = info
        self.set_title(f"筹备  {info.title}  {round_words.period_text(info.plan)}".rstrip())
        found = polls.polls(self._round_id)
        self._asking = neighbours.looks(self._round_id)
        self.query_one("#round", Line).show(
            "\n".join((round_words.rules_text(info.plan), *self._looks()))
        )
        self._counts = subjects.counts(self._round_id)
        self._polls = {str(poll.id): poll for poll in found}
        self.query_one(Listing).fill([(str(poll.id), self._cells(poll)) for poll in found])
        everyone = self._sum()
        told = (
            f"{len(found)} 个单位，正职 {everyone[Level.CHIEF]} 人，"
            f"班子成员 {everyone[Level.MEMBER]} 人。齐了按 F9 启动。"
        )
        self.query_one("#detail", Line).show(told if found else "还没有单位：按 F3 加单位。")

    def _looks(self) -> list[str]:
        """What asks for a look, a line each, as far as there is room; the question before the start
        has all of it."""
        shown = looks.brief(self._asking)
        if len(shown) > _MOST_LOOKS:
            rest = len(shown) - _MOST_LOOKS + 1
            shown = [*shown[: _MOST_LOOKS - 1], f"请看一看：还有 {rest} 条，启动前列出"]
        return [shortened(line, self.app.size.width - 2) for line in shown]

    def _cells(self, poll: PollInfo) -> tuple[str, ...]:
        count = self._counts.get(poll.id, _NOTHING)
        numbers = (count.at(level) for level in (Level.CHIEF, Level.MEMBER, Level.DISCIPLINE))
        return (poll.unit_name, *map(str, numbers), count.missing)

    def _sum(self) -> Counter[Level]:
        everyone: Counter[Level] = Counter()
        for count in self._counts.values():
            everyone.update(count.by_level)
        return everyone

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter: the subjects of a unit."""
        poll = self._polls.get(event.key)
        if poll is not None:
            from tui.screens.rounds.subjects import SubjectsScreen

            self.app.push_screen(SubjectsScreen(poll.id))

    def action_change(self) -> None:
        """改轮次."""
        if not self.writable():
            return

        def change(plan: RoundPlan) -> None:
            life.change(self._round_id, plan)
            self._read()
            self.say("已改。")

        base, settings = self._info.plan, self.session.settings
        self.app.push_screen(round_form.form("改轮次", base, settings, change))

    def action_add(self) -> None:
        """加单位, picked from the tree."""
        if not self.writable():
            return
        from tui.screens.roster.unit_picker import UnitPicker

        taken = frozenset(poll.unit_id for poll in self._polls.values())
        self.app.push_screen(UnitPicker(f"加单位  {self._info.title}", taken), self._picked)

    def _picked(self, unit_ids: list[int] | None) -> None:
        if not unit_ids:
            return
        with self.refusals():
            polls.add_polls(self._round_id, unit_ids)
            self._read()
            self.say(f"已加入 {len(unit_ids)} 个单位，对象按名册列出")

    def action_remove(self) -> None:
        """移出单位, after asking: subjects corrected by hand would be lost."""
        poll = self._polls.get(self.query_one(Listing).chosen or "")
        if poll is None or not self.writable():
            return

        def remove() -> None:
            polls.remove_poll(poll.id)
            self._read()
            self.say(f"已移出 {poll.unit_name}")

        confirmed(self, f"把 {poll.unit_name} 移出本轮次？", remove)

    def action_start(self) -> None:
        """启动, after showing what it freezes."""
        if not self.writable():
            return
        settings = self.session.settings
        if not self._polls:
            self.say("还没有单位，不能启动：按 F3 加单位。", refused=True)
            return
        contents = draft_contents(self._info, settings)
        question = round_words.freezing_text(
            self._info, contents, len(self._polls), self._sum(), looks.lines(self._asking)
        )

        def start() -> None:
            life.open_round(self._round_id, settings)
            self.dismiss(self._round_id)

        confirmed(self, question, start)
