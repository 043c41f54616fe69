"""One unit on the second screen: a level at a time, in large figures and bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult

from exports.parts import wording
from models.count.tally import LevelTally, tally
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo, PollState
from tui.screens.watch.picture import Lines, Picture
from tui.screens.watch.unit_figures import UnitFigures
from tui.terminal import Glyphs
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import SELDOM, Key
from tui.widgets.look import TITLE, Gauge, Tone
from tui.words.columns import wrap

_HELP = """大屏（单位）：给投影或旁边的人看的得票情况，只读。

封存以前，各类别合在一起，隔若干张才更新一次，更新后一秒内显示。
哪一个层级更新了，就换到哪一个；换过层级以后停在那里，按 Enter 又随计票。"""
_GAUGE = 20
_HEAD = 1  # the line of the state


class WatchedUnit(Frame):
    """What others may see of one poll. It is looked for by names, so that it is found again in a
    file that took the place of this one. `step` gives the unit so many places on, where there are
    several."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "left,shift+tab",
            "层级",
            "换测评层级，停在那里（Tab 同）",
            "level(-1)",
            named="左右",
            also=(("right,tab", "level(1)"),),
        ),
        Key(
            "up",
            "翻页",
            "一屏放不下时看其余的人",
            "page(-1)",
            when="paged",
            named="上下",
            also=(("down", "page(1)"),),
        ),
        Key("enter,ctrl+j", "随计票", "又随计票换层级", "follow", when="staying"),
        Key(
            "pageup",
            "单位",
            "上一个、下一个单位（PageUp、PageDown）",
            "unit(-1)",
            SELDOM,
            when="several",
            named="翻页键",
            also=(("pagedown", "unit(1)"),),
        ),
    )

    def __init__(
        self, round_title: str, unit: str, step: Callable[[str, int], str] | None = None
    ) -> None:
        super().__init__()
        self._title = round_title
        self._unit = unit
        self._step = step
        self._found: dict[Level, LevelTally] = {}
        self._at: Level | None = None
        self._page = 0
        self._following = True
        self._figures: UnitFigures | None = None

    def body(self) -> ComposeResult:
        """Tabs, then the figures."""
        yield Line(id="tabs")
        yield Picture(id="large")

    def on_mount(self) -> None:
        """Draw it, and anew after each step."""
        with self.refusals():
            self._draw()
        self.follow_database(self._draw)

    def now(self) -> set[str]:
        """What its keys depend on."""
        names: set[str] = set() if self._following else {"staying"}
        if self._pages() > 1:
            names.add("paged")
        return names | ({"several"} if self._step is not None else set())

    def action_level(self, step: int) -> None:
        """Another level, and stay there."""
        levels = list(self._found)
        if self._at is not None:
            self._at = levels[(levels.index(self._at) + step) % len(levels)]
            self._page, self._following = 0, False
            self._draw()

    def action_page(self, step: int) -> None:
        """More of its subjects."""
        self._page = min(max(self._page + step, 0), self._pages() - 1)
        self._draw()

    def action_follow(self) -> None:
        """Let each step bring its level up again."""
        self._following = True
        self._draw()

    def action_unit(self, step: int) -> None:
        """Another unit."""
        if self._step is not None:
            self._unit = self._step(self._unit, step)
            self._found, self._at, self._page, self._following = {}, None, 0, True
            self._draw()

    def on_resize(self) -> None:
        """Lines break elsewhere, and all may fit on one page now."""
        if self._found:
            with self.refusals():
                self._draw()
        self.call_after_refresh(self.show_keys)

    def _draw(self) -> None:
        info = life.find(self._title)
        poll = polls.find(info.id, self._unit)
        found = tally(poll, info)
        at = self._at = self._level_to_show(found)
        self._found = found
        self.set_title(f"{info.title} > {poll.unit_name}")
        names = [counts.content.name for counts in found.values()]
        self.query_one("#tabs", Line).show(_tabs(names, list(found).index(at), self.size.width))
        self.say("\n".join(wrap(_note(info, poll, found[at]), max(self.size.width - 2, 2))))
        self._figures = UnitFigures(found[at], poll.short, info.rules.decimals, self.session.glyphs)
        self.query_one(Picture).show(self._picture(poll, self._figures))
        self.show_keys()

    def _picture(self, poll: PollInfo, figures: UnitFigures) -> Callable[[int, int], Lines]:
        def lay_out(width: int, height: int) -> Lines:
            room = height - _HEAD
            self._page = min(self._page, figures.pages(width, room) - 1)
            state = _state(poll, figures.counts, width, self.session.glyphs)
            return [state, *figures.page(self._page, width, room)]

        return lay_out

    def _pages(self) -> int:
        if self._figures is None:
            return 1
        width, height = self.query_one(Picture).size
        return self._figures.pages(width, height - _HEAD)

    def _level_to_show(self, found: dict[Level, LevelTally]) -> Level:
        """The level that had a step, while it is followed; at first one that is being counted."""
        stepped = [
            level
            for level, counts in found.items()
            if level in self._found and counts.paper != self._found[level].paper
        ]
        if self._following and stepped:
            self._page = 0
            return stepped[0]
        if self._at in found:
            return self._at
        papers = {level: counts.paper for level, counts in found.items()}
        begun = [at for at, paper in papers.items() if 0 < paper.entered < paper.returned]
        return next(iter(begun or found))


def _tabs(names: Sequence[str], at: int, width: int) -> str:
    """The names of the levels, that of the one shown in brackets; alone where there is no room."""
    tabs = "  ".join(f"[{name}]" if n == at else f" {name} " for n, name in enumerate(names))
    return tabs if cell_len(tabs) <= width else f"[{names[at]}]  {at + 1}/{len(names)}"


def _note(info: RoundInfo, poll: PollInfo, counts: LevelTally) -> str:
    """In what steps it follows, before the seal, and how shares are counted."""
    rows = [subject.headline.shares for subject in counts.subjects]
    # The sign is two columns wide on some terminals.
    said = "注：" + "".join(wording.notes(info, rows, counts)).replace("÷", "/")
    if wording.is_official(poll):
        return said
    if poll.state is PollState.REOPENED:
        return f"重新开封，再次封存以前显示上一版。{said}"
    return f"各类别合计，每满 {info.rules.minimum_group} 张有效票更新一次。{said}"


def _state(poll: PollInfo, counts: LevelTally, width: int, glyphs: Glyphs) -> list[Segment]:
    """Whether it is official, and how much of the paper is in it."""
    official, paper = wording.is_official(poll), counts.paper
    tone = Tone.DONE if official else Tone.WAITING
    words = "已封存" if official else wording.UNOFFICIAL
    line = [
        Segment(f" {tone.sign(glyphs)} ", tone.style),
        Segment(words, TITLE),
        Segment("  "),
    ]
    if not paper.returned:
        return [*line, Segment(f"收回 {wording.returned_words(paper)}")]
    told = f" 计入 {paper.entered}/{paper.returned} 张"
    size = min(_GAUGE, width - sum(part.cell_length for part in line) - cell_len(told) - 1)
    if size > 0:
        line += Gauge(paper.entered, paper.returned, size).segments(glyphs)
    return [*line, Segment(told)]
