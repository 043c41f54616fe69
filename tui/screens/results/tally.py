"""得票情况: one tab a level, subject by subject, item by item, group by group; live."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from exports.parts import wording
from models.count import shares
from models.count.published import disclosed
from models.count.tally import LevelTally, PlaceTally, SubjectTally, tally, tally_of_group
from models.regulation.levels import Level, LevelContent
from models.rounds import life, polls
from models.rounds.contents import frozen_contents
from models.rounds.layout import OVERALL
from models.rounds.polls import PollState
from tui.widgets.bars import shares_bar
from tui.widgets.frame import Frame, Line
from tui.words.columns import fit, visible_line

_HELP = """得票情况：录入的同时更新，只在本机显示。

左右键  换测评层级
上下键  换被测评对象
Enter   逐项看（再按返回各对象）
F6      按测评人员类别看（人数过少的类别不公布）
F5      文书

得票率的分母按轮次的设置，写在表下的注里。"""


class TallyScreen(Frame):
    """The counts of one poll; looks twice a second whether another program keyed something."""

    HINTS: ClassVar[str] = "左右层级  上下对象  Enter逐项  F6按类别  F5文书  Esc返回  F1帮助"
    HELP: ClassVar[str] = _HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "level(-1)", show=False, priority=True),
        Binding("right", "level(1)", show=False, priority=True),
        Binding("up", "subject(-1)", show=False, priority=True),
        Binding("down", "subject(1)", show=False, priority=True),
        Binding("enter,ctrl+j", "items", show=False, priority=True),
        Binding("f6", "groups", show=False, priority=True),
        Binding("f5", "documents", show=False, priority=True),
    ]

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._at = 0
        self._subject = 0
        self._by_item = False
        self._by_group = False

    def body(self) -> ComposeResult:
        """Tabs, then the numbers."""
        yield Line(id="tabs")
        with VerticalScroll(id="numbers", can_focus=False):
            yield Line(id="lines")

    def on_mount(self) -> None:
        """Draw, and keep an eye on the file."""
        self._poll = polls.find_by_id(self._poll_id)
        self._round = life.find_by_id(self._poll.round_id)
        self._levels = sorted(tally(self._poll, self._round))
        self._draw()
        self.follow_database(self._draw)

    def on_screen_resume(self) -> None:
        """Counts may have changed meanwhile."""
        if self.is_mounted and hasattr(self, "_levels"):
            self._draw()

    def on_resize(self) -> None:
        """Bars follow the width."""
        if hasattr(self, "_levels"):
            self._draw()

    @property
    def _level(self) -> Level:
        return self._levels[self._at]

    def action_level(self, step: int) -> None:
        """Another tab."""
        self._at = (self._at + step) % len(self._levels)
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
        self._poll = polls.find_by_id(self._poll_id)
        found = tally(self._poll, self._round, self._level)[self._level]
        self._subject = min(self._subject, len(found.subjects) - 1)
        official = "" if self._poll.state is PollState.SEALED else "    计票中，非正式结果"
        self.set_title(f"得票情况 > {self._poll.unit_name}{official}")
        names = {level: content.name for level, content in self._contents().items()}
        self.query_one("#tabs", Line).show(
            "  ".join(
                f"[{names[level]}]" if level is self._level else f" {names[level]} "
                for level in self._levels
            )
        )
        self.query_one("#lines", Line).show("\n".join(self._text(found)))
        rows = [place.shares for subject in found.subjects for place in subject.places]
        # ÷ is two columns wide on some terminals.
        said = wording.notes(self._round, rows, withheld=found.withheld)
        self.say("注：" + "".join(said).replace("÷", "/"))
        chosen = 2 * self._subject if not (self._by_item or self._by_group) else 0
        self.query_one("#numbers", VerticalScroll).scroll_to(y=max(chosen - 6, 0), animate=False)

    def _contents(self) -> dict[Level, LevelContent]:
        return frozen_contents(self._round.id)

    def _text(self, found: LevelTally) -> list[str]:
        head = (
            f"发出 {found.issued}  收回 {found.returned}  已录 {found.entered}"
            f"  有效 {found.valid}  无效 {found.void}"
        )
        if self._by_group:
            return [head, "", *self._group_lines(found)]
        if self._by_item:
            return [head, "", *self._item_lines(found)]
        lines = [head, "", self._heading(found, "姓名" if self._level.personal else "名称")]
        for number, subject in enumerate(found.subjects):
            chosen = number == self._subject and len(found.subjects) > 1
            lines += self._rows(found, self._shown_name(subject), subject.headline, chosen=chosen)
        return lines

    def _shown_name(self, subject: SubjectTally) -> str:
        return subject.subject.name if self._level.personal else self._poll.short

    def _item_lines(self, found: LevelTally) -> list[str]:
        subject = found.subjects[self._subject]
        titles = {
            item.number: f"{item.number} {item.title or item.statement}"
            for item in found.content.items
        }
        lines = [visible_line(f"{self._shown_name(subject)}  {subject.subject.post}")]
        lines.append(self._heading(found, "项目"))
        for place in subject.places:
            title = "总体评价" if place.line == OVERALL else titles[place.line]
            lines += self._rows(found, title, place, chosen=False)
        return lines

    def _group_lines(self, found: LevelTally) -> list[str]:
        subject = found.subjects[self._subject]
        shown = disclosed(self._poll, self._round, self._level)[self._level]
        lines = [f"{visible_line(self._shown_name(subject))}  总体（按测评人员类别）"]
        lines.append(self._heading(found, "类别"))
        for group in self._round.groups:
            if group in shown:
                of = tally_of_group(self._poll, self._round, group, self._level)[self._level]
                mine: SubjectTally = of.subjects[self._subject]
                lines += self._rows(found, group.name, mine.headline, chosen=False)
            else:
                lines += [fit(f" {group.name}", self._names) + "  不公布（人数过少或可由合计推出）"]
        return lines

    def _heading(self, found: LevelTally, first: str) -> str:
        cell = self._cell(found)
        columns = "".join(fit(grade, cell, "right") for grade in found.content.scale.grades)
        return self._line(first, "有效", columns, "弃权", "多选")

    def _line(self, name: str, valid: str, cells: str, blank: str, overvote: str) -> str:
        ends = fit(blank, 5, "right") + fit(overvote, 5, "right")
        return fit(name, self._names) + fit(valid, 6, "right") + cells + ends

    @property
    def _names(self) -> int:
        return 13 if self.app.size.width < 100 else 24

    def _cell(self, found: LevelTally) -> int:
        """The width of a grade's column: for count and share side by side where there is room,
        else for the share, which then stands under its count. Numbers are never cut."""
        grades = len(found.content.scale.grades)
        both = len(str(found.returned)) + len(" 100.00% ")
        room = (self.app.size.width - 2 - self._names - 16) // grades
        return min(room, 16) if room >= both else max(len("100.00%"), room)

    def _rows(self, found: LevelTally, name: str, place: PlaceTally, *, chosen: bool) -> list[str]:
        """A line of counts and shares, and under it the bar with the sum of the upper grades."""
        decimals = self._round.rules.decimals
        cell = self._cell(found)
        counts = [str(count) for count in place.grades]
        parts = [shares.percent_sign(share, decimals) for share in place.shares]
        pairs = [f"{count} {part}" for count, part in zip(counts, parts, strict=True)]
        beside = all(len(pair) < cell for pair in pairs)
        cells = "".join(fit(text, cell, "right") for text in (pairs if beside else counts))
        mark = ">" if chosen else " "
        lines = [
            self._line(
                f"{mark}{name}", str(place.valid), cells, str(place.blank), str(place.overvote)
            )
        ]
        if not beside:
            under = "".join(fit(part, cell, "right") for part in parts)
            lines.append(" " * (self._names + 6) + under)
        upper = wording.grades_together(found.content.scale)
        together = shares.percent_sign(place.share_of_first(upper), decimals)
        # A scale of two grades has no sum worth a name.
        tail = f"  {wording.together_name(found.content.scale)} {fit(together, 7, 'right')}"
        tail = tail if upper else ""
        width = max(self.app.size.width - 4 - cell_len(tail), 10)
        lines.append(" " + shares_bar(place.shares, width, self.session.glyphs) + tail)
        return lines
