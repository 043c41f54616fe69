"""The units of a round as a board: totals, how far each is, and where work goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Offset
from textual.message import Message

from models.entry.progress import Need, PollProgress, need_of, where_work_stopped
from models.names import visible
from models.regulation.levels import Level
from models.roster.units import UnitNode, matches, unit_tree
from models.rounds.plan import RoundInfo
from tui.screens import home_words
from tui.screens.home_words import COLUMNS, FALLS, RIGHT
from tui.terminal import Glyphs
from tui.widgets.frame import Line
from tui.widgets.keys import OFTEN, SELDOM, Key, bindings
from tui.widgets.listing import Listing, SearchedListing
from tui.widgets.piece_lines import PieceLines
from tui.widgets.second_pane import Beside, Detail


class _Units(SearchedListing):
    """The list, which tells the board at once where its cursor is."""

    def __init__(self, tell_next: Callable[[], None]) -> None:
        super().__init__(COLUMNS, title="单位", right=RIGHT, falls=FALLS)
        self._tell_next = tell_next

    def moved(self) -> None:
        """What comes next is drawn with the row."""
        self._tell_next()
        super().moved()


class UnitBoard(Vertical):
    """The list of units, with a filter, a search and the line that says what Enter opens."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("slash", "查找", "键入单位名或拼音（如 xh、xiahe），随键随找；Esc 取消", "find", OFTEN),
        Key("tab", "状态", "只看一种状态的单位，再按看下一种", "filter", SELDOM),
        Key("full_stop", "排序", "按录入的进度排，再按按单位排", "sort", SELDOM, named="."),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    class Chosen(Message):
        """Enter was pressed on a unit."""

        def __init__(self, progress: PollProgress) -> None:
            super().__init__()
            self.progress = progress

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._found: dict[str, PollProgress] = {}
        self._names: dict[Level, str] = {}
        self._info: RoundInfo | None = None
        self._units: dict[int, UnitNode] = {}
        self._only: Need | None = None
        self._by_progress = False
        # What is typed to find a unit; None while nothing is looked for.
        self._wanted: str | None = None

    def compose(self) -> ComposeResult:
        """Totals, progress, the list, what comes next."""
        yield PieceLines(self._glyphs, id="totals")
        yield PieceLines(self._glyphs, id="progress-of-round")
        yield Beside(_Units(self._tell_next), self._glyphs, self._detail)
        yield Line(id="next")

    def show(self, info: RoundInfo, found: Sequence[PollProgress], names: dict[Level, str]) -> None:
        """Show these units; `names` are those of the levels. The first time the cursor goes to
        where work stopped."""
        first = self._info is None or self._info.id != info.id
        self._info, self._names = info, names
        self._found = {str(each.poll.id): each for each in found}
        self._units = {unit.id: unit for unit in unit_tree()}
        self._draw()
        if first and (stopped := where_work_stopped(found)):
            self.query_one(Listing).choose(str(stopped.poll.id))

    @property
    def chosen(self) -> PollProgress | None:
        """The unit under the cursor; None if there is none."""
        return self._found.get(self.query_one(Listing).chosen or "")

    def _shown(self) -> list[PollProgress]:
        shown = [
            each
            for each in self._found.values()
            if (self._only is None or need_of(each) is self._only)
            and (not self._wanted or self._is_wanted(each, self._wanted))
        ]
        if self._by_progress:
            shown.sort(key=_part_keyed)
        return shown

    def _is_wanted(self, each: PollProgress, wanted: str) -> bool:
        unit = self._units.get(each.poll.unit_id)
        return unit is not None and matches(unit, wanted)

    def _draw(self) -> None:
        if self._info is None:
            return
        every, shown = list(self._found.values()), self._shown()
        self.query_one("#totals", PieceLines).show(tuple(home_words.totals(every)))
        named = f"[{self._only.value if self._only else '全部'}]"
        if self._by_progress:
            named += " 按进度"
        if self._wanted is not None:
            named += f"  查找：{self._wanted}_"
        line = self.query_one("#progress-of-round", PieceLines)
        line.show((*home_words.gauge_line(every), f"   {named}"))
        if self._wanted is not None:
            # Where an input method opens its window: on the sign that stands for the caret.
            self.app.cursor_position = line.content_region.offset + Offset(
                cell_len(line.render()) - 1, 0
            )
        depths = self._depths(shown)
        self.query_one(Listing).fill(
            [
                (
                    str(each.poll.id),
                    home_words.cells(each, self._info, self._names, depth=depth),
                )
                for each, depth in zip(shown, depths, strict=True)
            ]
        )
        self._tell_next()

    def _depths(self, shown: Sequence[PollProgress]) -> list[int]:
        """How far each unit is moved in: by how many units above it are there, while all are shown
        in their order."""
        if len(shown) < len(self._found) or self._by_progress:
            return [0] * len(shown)
        there = {each.poll.unit_id for each in shown}
        depths = []
        for each in shown:
            above, depth = self._units.get(each.poll.unit_id), 0
            while above is not None and above.parent_id is not None:
                depth += above.parent_id in there
                above = self._units.get(above.parent_id)
            depths.append(depth)
        return depths

    def _tell_next(self) -> None:
        chosen = self.chosen
        if chosen is not None and self._info is not None:
            said = home_words.going_on(chosen, self._info, self._names)
        else:
            said = (
                "没有这样的单位：Esc 取消查找，Tab 换看别的状态"
                if self._found
                else "还没有单位：按 F2 继续筹备，加上参加测评的单位"
            )
        self.query_one("#next", Line).show(said)

    def _detail(self, key: str) -> Detail | None:
        found = self._found.get(key)
        return None if found is None else home_words.unit_detail(found, self._names)

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Hand the unit on."""
        event.stop()
        if (chosen := self._found.get(event.key)) is not None:
            self.post_message(self.Chosen(chosen))

    def action_filter(self) -> None:
        """Show only the units that need one thing: the next of those that some unit needs."""
        needed = [
            each for each in Need if any(need_of(one) is each for one in self._found.values())
        ]
        following = [None, *needed]
        at = following.index(self._only) if self._only in following else 0
        self._only = following[(at + 1) % len(following)]
        self._draw()

    def action_sort(self) -> None:
        """By progress, the least first; or in the order of the units."""
        self._by_progress = not self._by_progress
        self._draw()

    def action_find(self) -> None:
        """Take what is typed from here on as what is looked for."""
        if self._wanted is None:
            self._wanted = ""
            self._draw()

    def on_key(self, event: events.Key) -> None:
        """What is looked for, as it is typed."""
        if self._wanted is None:
            return
        if event.key == "backspace":
            self._look_for(self._wanted[:-1])
        elif event.character and event.is_printable:
            self._look_for(self._wanted + event.character)
        else:
            return
        event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is looked for too."""
        if self._wanted is not None:
            event.stop()
            self._look_for(self._wanted + visible(event.text))

    def _look_for(self, wanted: str | None) -> None:
        self._wanted = wanted
        self._draw()

    def step_back(self) -> bool:
        """Esc: take back the search, then the filter; False where there is neither."""
        if self._wanted is not None:
            self._look_for(None)
        elif self._only is not None:
            self._only = None
            self._draw()
        else:
            return False
        return True


def _part_keyed(each: PollProgress) -> float:
    whole = each.balance.returned
    return each.balance.entered / whole if whole else 0.0
