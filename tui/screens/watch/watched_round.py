"""A whole round on the second screen: how far the count of each unit is."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult

from exports.parts import wording
from models.rounds import life, polls, shown_counts
from models.rounds.polls import PollInfo, PollState
from tui.screens.watch.large_digits import large
from tui.screens.watch.picture import Lines, Picture
from tui.screens.watch.watched_unit import WatchedUnit
from tui.widgets.frame import Frame
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Cell, Listing
from tui.widgets.look import TITLE, Gauge, State, Tone

_HELP = """大屏（轮次）：给投影或旁边的人看的各单位计票进度，只读。

上面是全轮次计入多少张、收回多少张。封存以前的单位隔若干张才更新一次。"""
_HEIGHT = 3
_GAUGE = 30


class WatchedRound(Frame):
    """The units of a round. It is looked for by its title, so that it is found again in a file
    that took the place of this one."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (Key("enter", "看单位", "看光标所在的单位", weight=ALWAYS),)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._units: list[str] = []

    def body(self) -> ComposeResult:
        """The sums, then the units."""
        yield Picture(id="sums")
        yield Listing(
            (("单位", 10), ("状态", 10), ("计入", 6), ("收回", 6), ("", _GAUGE)),
            title="单位",
            right=(2, 3),
            falls=(4,),
        )

    def on_mount(self) -> None:
        """Draw it, and anew after each step."""
        with self.refusals():
            self._draw()
        self.query_one(Listing).focus()
        self.follow_database(self._draw)

    def on_screen_resume(self) -> None:
        """Steps may have come while a unit was shown."""
        if self._units:
            with self.refusals():
                self._draw()

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter: that unit."""
        self.app.push_screen(WatchedUnit(self._title, event.key, self._neighbour))

    def _neighbour(self, unit: str, step: int) -> str:
        """The unit so many places on."""
        at = self._units.index(unit) if unit in self._units else 0
        return self._units[(at + step) % len(self._units)]

    def _draw(self) -> None:
        info = life.find(self._title)
        found, progress = polls.polls(info.id), shown_counts.progress(info.id)
        self._units = [poll.unit_name for poll in found]
        official = all(wording.is_official(poll) for poll in found)
        self.set_title(info.title if official else f"{info.title}    {wording.UNOFFICIAL}")
        self.query_one(Listing).fill(
            [(poll.unit_name, self._row(poll, *progress.get(poll.id, (0, 0)))) for poll in found]
        )
        shown, returned = (sum(pair[n] for pair in progress.values()) for n in (0, 1))
        self.query_one(Picture).show(lambda width, height: self._sums(shown, returned, width))
        self.say(
            ""
            if official
            else f"封存以前的单位，每满 {info.rules.minimum_group} 张有效票更新一次。"
        )

    def _row(self, poll: PollInfo, shown: int, returned: int) -> tuple[Cell, ...]:
        if poll.state is PollState.SEALED:
            state = State(Tone.DONE, "已封存")
        elif poll.state is PollState.REOPENED:
            state = State(Tone.WAITING, "重新开封")
        elif not shown:
            state = State(Tone.IDLE, "还没有数" if returned else "未登记")
        else:
            state = State(Tone.PART, "计票中" if shown < returned else "待封存")
        bar = Gauge(shown, returned, _GAUGE) if returned else ""
        return (poll.short, state, str(shown), str(returned), bar)

    def _sums(self, shown: int, returned: int, width: int) -> Lines:
        """Both sums, large, and a bar as thick."""
        glyphs = self.session.glyphs
        size = _HEIGHT if glyphs.eighths else 1
        counted, back = (large(number, size, glyphs) for number in (shown, returned))
        drawn: Lines = []
        for line in range(size):
            words = (
                ("计入 ", "  收回 ", " 张  ")
                if line == size // 2
                else ("     ", "       ", "     ")
            )
            drawn.append(
                [
                    Segment(" " + words[0]),
                    Segment(counted[line], TITLE),
                    Segment(words[1]),
                    Segment(back[line], TITLE),
                    Segment(words[2]),
                ]
            )
            room = min(width - sum(part.cell_length for part in drawn[-1]) - 1, _GAUGE)
            if line == size // 2 and room > 0:
                drawn[-1] += Gauge(shown, returned, room).segments(glyphs)
        return drawn
