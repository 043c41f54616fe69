"""得票情况: one tab a level, subject by subject, item by item, group by group; live."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from exports.parts import wording
from models.count.by_group import by_group
from models.count.tally import LevelTally, exact_tally, tally
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.contents import frozen_contents
from models.rounds.polls import PollState
from tui.screens.results.tally_words import TallyTable
from tui.session import Session
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import Key
from tui.widgets.look import Told
from tui.widgets.piece_lines import PieceLines
from tui.widgets.second_pane import LEAST, Detail

_HELP = """得票情况：录入的同时更新。封存以前，别的终端只看到隔若干张才更新一次的合计。

得票率的分母按轮次的设置，写在表下的注里。"""


class TallyScreen(Frame):
    """The counts of one poll, drawn anew when another program has keyed something."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "left,shift+tab",
            "层级",
            "换测评层级（Tab 同）",
            "level(-1)",
            named="左右",
            also=(("right,tab", "level(1)"),),
        ),
        Key(
            "up",
            "对象",
            "换被测评对象",
            "subject(-1)",
            named="上下",
            also=(("down", "subject(1)"),),
        ),
        Key("enter,ctrl+j", "逐项", "逐项看（再按返回各对象）", "items", when="by_subject"),
        Key("enter,ctrl+j", "各对象", "回到各对象", "items", when="by_item"),
        Key("f6", "按类别", "按测评人员类别看（人数过少的类别不公布）", "groups"),
        Key("f5", "文书", "写出 Word 文书", "documents"),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._names: dict[Level, str] = {}
        self._at = 0
        self._subject = 0
        self._by_item = False
        self._by_group = False

    def body(self) -> ComposeResult:
        """Tabs, then the numbers."""
        yield Line(id="tabs")
        with VerticalScroll(id="numbers", can_focus=False):
            yield PieceLines(self.session.glyphs, id="lines")

    def on_mount(self) -> None:
        """Read which levels the poll has, and draw the first."""
        self._poll = polls.find_by_id(self._poll_id)
        self._round = life.find_by_id(self._poll.round_id)
        contents = frozen_contents(self._round.id)
        self._names = {level: contents[level].name for level in sorted(self._tally())}
        self._draw()
        self.follow_database(self._draw)

    def on_screen_resume(self) -> None:
        """Counts may have changed meanwhile."""
        if self._names:
            self._draw()

    def on_resize(self) -> None:
        """Bars follow the width."""
        if self._names:
            self._draw()

    def _tally(self, level: Level | None = None) -> dict[Level, LevelTally]:
        """Whoever keys sees every ballot at once; others see a copy that follows in steps."""
        count = exact_tally if self.session.shows_all(self._poll) else tally
        return count(self._poll, self._round, level)

    @property
    def _level(self) -> Level:
        return list(self._names)[self._at]

    def now(self) -> set[str]:
        """What its keys depend on."""
        return {"by_item" if self._by_item else "by_subject"}

    def action_leave(self) -> None:
        """From the items or the groups back to all subjects; from there to the screen before."""
        if self._by_item or self._by_group:
            self._by_item = self._by_group = False
            self._draw()
        else:
            self.dismiss()

    def action_level(self, step: int) -> None:
        """Another tab."""
        self._at = (self._at + step) % len(self._names)
        self._subject = 0
        self._draw()

    def action_subject(self, step: int) -> None:
        """Another subject."""
        self._subject = max(self._subject + step, 0)
        self._draw()

    def action_items(self) -> None:
        """The chosen subject's items, or all subjects again."""
        self._by_item = not self._by_item
        self._draw()

    def action_groups(self) -> None:
        """By voter group, or all together again."""
        self._by_group = not self._by_group
        self._draw()

    def action_documents(self) -> None:
        """文书 of this poll."""
        from tui.screens.documents.writing import DocumentsScreen

        self.app.push_screen(DocumentsScreen(self._round.id, self._poll_id))

    def _draw(self) -> None:
        self.show_keys()
        self._poll = polls.find_by_id(self._poll_id)
        found = self._tally(self._level)[self._level]
        self._subject = min(self._subject, len(found.subjects) - 1)
        official = "" if self._poll.state is PollState.SEALED else "    计票中，非正式结果"
        self.set_title(f"得票情况 > {self._poll.unit_name}{official}")
        self.query_one("#tabs", Line).show(
            "  ".join(
                f"[{name}]" if level is self._level else f" {name} "
                for level, name in self._names.items()
            )
        )
        self.query_one("#lines", PieceLines).show(*self._lines(found))
        rows = [place.shares for subject in found.subjects for place in subject.places]
        # ÷ is two columns wide on some terminals.
        said = wording.notes(self._round, rows, found)
        self.say("注：" + "".join(said).replace("÷", "/"))
        chosen = 2 * self._subject if not (self._by_item or self._by_group) else 0
        self.query_one("#numbers", VerticalScroll).scroll_to(y=max(chosen - 6, 0), animate=False)

    def _lines(self, found: LevelTally) -> list[Told]:
        table = TallyTable(found, self._round, self._poll.short, self.app.size.width)
        if self._by_group:
            return self._group_lines(table)
        return table.by_item(self._subject) if self._by_item else table.by_subject(self._subject)

    def _group_lines(self, table: TallyTable) -> list[Told]:
        """The lines by voter group; before the seal only whoever keys may see them."""
        if self.session.store.read_only and self._poll.state is not PollState.SEALED:
            return table.by_group(self._subject, (), wording.NOT_YET_BY_GROUP)
        found = by_group(self._poll, self._round, self._level)
        said = wording.breakdown_note(self._round, found)
        return table.by_group(self._subject, found.lines, said)


def tally_beside(session: Session, poll_id: int, level: Level) -> Detail:
    """The headlines of one level of a poll, as whoever sits here may see them, for a second
    pane."""
    poll = polls.find_by_id(poll_id)
    info = life.find_by_id(poll.round_id)
    count = exact_tally if session.shows_all(poll) else tally
    found = count(poll, info, level)[level]
    name = frozen_contents(info.id)[level].name
    official = poll.state is PollState.SEALED
    return TallyTable(found, info, poll.short, LEAST).beside(f"{name}票", official=official)
