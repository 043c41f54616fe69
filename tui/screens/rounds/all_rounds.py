"""轮次: all rounds. A new one is made here, a draft is prepared, an open one shown on home."""

from __future__ import annotations

import datetime
from typing import ClassVar

from textual.app import ComposeResult

from models.entry import progress
from models.imports import round_description
from models.refusal import RefusedError
from models.rounds import life, neighbours, plan
from models.rounds.contents import round_contents
from models.rounds.plan import RoundInfo, RoundPlan, RoundState
from models.settings.toml_file import TomlFaultsError
from tui.screens.rounds import round_form, round_words
from tui.widgets.file_chooser import FileChooser
from tui.widgets.folder import path_of
from tui.widgets.frame import Help, ResultFrame, confirmed
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing
from tui.widgets.second_pane import Beside, Detail
from tui.words import looks

_HELP = """轮次：一次测评一个轮次，新的在前。

先筹备，再进行，后办结。启动以后，内容、范围和规则不能再改。"""


class RoundsScreen(ResultFrame[int]):
    """The list of rounds; its result is the id of the round that home is to show."""

    TITLE_TEXT: ClassVar[str] = "轮次"
    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "继续筹备", "筹备中的：加单位、定对象、启动", weight=ALWAYS, when="on_draft"),
        Key("enter", "显示", "进行中、办结的：在首页显示", weight=ALWAYS, when="on_opened"),
        Key("f2", "新建", "新建轮次，再加单位", "new"),
        Key("f3", "从文件建", "按说明文件建轮次", "from_file"),
        Key(
            "f9",
            "办结",
            "办结进行中的轮次：此后票数、录票都不能再改",
            "close_round",
            when="on_open",
        ),
        Key("delete", "删除", "删除筹备中的轮次", "remove", SELDOM, "on_draft"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._rounds: dict[str, RoundInfo] = {}
        self._units: dict[int, int] = {}
        self._path = ""

    def body(self) -> ComposeResult:
        """The list."""
        rounds = Listing(
            [("年度", 4), ("名称", 20), ("状态", 4), ("单位", 4), ("起止", 24)],
            title="轮次",
            right=(3,),
            falls=(4, 3),
        )
        yield Beside(rounds, self.session.glyphs, self._detail)

    def on_mount(self) -> None:
        """Show all rounds."""
        self._read()
        self.set_focus(self.query_one(Listing))

    def on_screen_resume(self) -> None:
        """A draft may have been changed."""
        self._read()

    def _read(self, round_id: int | None = None) -> None:
        known = life.rounds()
        units = self._units = progress.units_by_round()
        self._rounds = {str(info.id): info for info in known}
        listing = self.query_one(Listing)
        listing.fill(
            [
                (
                    str(info.id),
                    (
                        str(info.plan.year),
                        info.title,
                        info.state.label,
                        str(units.get(info.id, 0)),
                        round_words.period_text(info.plan),
                    ),
                )
                for info in known
            ]
        )
        if round_id is not None:
            listing.choose(str(round_id))
        if not known:
            self.say("还没有轮次。按 F2 新建，或按 F3 按说明文件新建。")

    @property
    def _chosen(self) -> RoundInfo | None:
        return self._rounds.get(self.query_one(Listing).chosen or "")

    def _detail(self, key: str) -> Detail | None:
        info = self._rounds.get(key)
        if info is None:
            return None
        contents = round_contents(info, self.session.settings)
        return round_words.round_detail(info, contents, self._units.get(info.id, 0))

    def on_listing_row_highlighted(self) -> None:
        """Other keys mean something there."""
        self.show_keys()

    def now(self) -> set[str]:
        """What its keys depend on."""
        state = self._chosen.state if self._chosen is not None else None
        names = {RoundState.DRAFT: {"on_draft"}, RoundState.OPEN: {"on_opened", "on_open"}}
        return names.get(state, {"on_opened"}) if state is not None else set()

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter: prepare a draft, show any other."""
        info = self._rounds.get(event.key)
        if info is None:
            return
        if info.state is RoundState.DRAFT:
            self._prepare(info.id)
        else:
            self.dismiss(info.id)

    def _prepare(self, round_id: int) -> None:
        from tui.screens.rounds.round_draft import DraftScreen

        self.app.push_screen(DraftScreen(round_id), self._prepared)

    def _prepared(self, round_id: int | None) -> None:
        if round_id is not None:
            self.dismiss(round_id)

    def action_new(self) -> None:
        """新建轮次, then its units."""
        if not self.writable():
            return
        settings = self.session.settings
        year = datetime.date.today().year
        proposal = plan.propose(settings, list(self._rounds.values()), year)

        def create(made: RoundPlan) -> None:
            round_id = life.create(made)
            self._read(round_id)
            self.say("已新建，在筹备中。")
            self.call_next(self._prepare, round_id)

        self.app.push_screen(round_form.form("新建轮次", proposal, settings, create))

    def action_from_file(self) -> None:
        """从文件建: from a description in TOML, all of whose faults are listed."""
        if self.writable():
            self.app.push_screen(
                FileChooser("从文件建轮次", self._path, (".toml",), self._from_file)
            )

    def _from_file(self, text: str) -> None:
        self._path = text
        settings = self.session.settings
        try:
            description = round_description.read(path_of(text), settings)
        except TomlFaultsError as error:
            faults = "\n".join(f"{fault}" for fault in error.faults)
            self.app.push_screen(
                Help(f"没有建轮次，文件里有 {len(error.faults)} 处不对：\n\n{faults}")
            )
            raise RefusedError(f"文件里有 {len(error.faults)} 处不对，没有建轮次。") from error
        round_id = round_description.make(description, settings)
        self._read(round_id)
        told = "并启动，按 Enter 在首页显示" if description.opened else "，按 Enter 继续筹备"
        self.say(f"已按文件新建{told}。")
        if asking := looks.lines(neighbours.looks(round_id)):
            # Once the form with the file's name is left.
            told = "已按文件新建。请看一看：\n\n" + "\n".join(asking)
            self.call_next(self.app.push_screen, Help(told))

    def action_remove(self) -> None:
        """Delete a draft, after asking."""
        info = self._chosen
        if info is None or not self.writable():
            return
        if info.state is not RoundState.DRAFT:
            self.say(f"“{info.title}”已经启动，不能删除。", refused=True)
            return

        def remove() -> None:
            life.delete_draft(info.id)
            self._read()
            self.say(f"已删除 {info.title}")

        confirmed(self, f"删除筹备中的轮次“{info.title}”？\n它的单位和对象名单一起删除。", remove)

    def action_close_round(self) -> None:
        """办结 an open round, after asking."""
        info = self._chosen
        if info is None or not self.writable():
            return
        if info.state is not RoundState.OPEN:
            self.say(
                f"“{info.title}”在{info.state.label}，只有进行中的轮次可以办结。", refused=True
            )
            return

        def close() -> None:
            life.close_round(info.id)
            self._read()
            self.say(f"已办结 {info.title}")

        confirmed(
            self, f"办结“{info.title}”？\n此后票数、录票都不能再改；得票、文书仍可看、可写。", close
        )
