"""操作日志: what was done, by whom and when; newest first, a page at a time."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from models.database import journal
from models.database.journal import Entry, JournalAct
from tui.widgets.forms import Field, FormScreen
from tui.widgets.frame import Frame, Help, Line
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.widgets.second_pane import Beside, Detail

# Entries that are shown at once.
PAGE = 500

_HELP = """操作日志：每一件改变结果的事都记一条，只增不改。

每条的摘要盖住它和它以前的所有各条：改动任何一条，后面的都对不上。
日志不记任何一张票的内容和录入时间。"""


class JournalScreen(Frame):
    """The journal, and a filter on it."""

    TITLE_TEXT: ClassVar[str] = "操作日志"
    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "全文", "看一条的全文和摘要", weight=ALWAYS),
        Key("f3", "筛选", "按事项、对象、谁筛选", "filter"),
        Key("f4", "更早", "再往前的一页", "earlier"),
        Key("f6", "最近", "回到最近一页", "latest"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._filter = {"act": "", "subject": "", "who": ""}
        self._before: int | None = None
        self._more = False
        self._entries: dict[str, Entry] = {}

    def body(self) -> ComposeResult:
        """Which entries are shown, and the list of them."""
        yield Line(id="round")
        entries = Listing(
            (("月日时分", 11), ("谁", 6), ("事项", 8), ("对象", 14), ("内容", 20)),
            title="日志",
            falls=(1, 3),
        )
        yield Beside(entries, self.session.glyphs, self._detail)

    def on_mount(self) -> None:
        """Show the newest page."""
        self.query_one(Listing).focus()
        self._fill()
        self.follow_database(self._follow)

    def _follow(self) -> None:
        if self._before is None:
            self._fill()

    def _fill(self) -> None:
        found = journal.search(**self._filter, before=self._before, limit=PAGE + 1)
        self._more = len(found) > PAGE
        self._entries = {str(entry.number): entry for entry in found[:PAGE]}
        head = journal.head()
        self.set_title(f"操作日志    最新摘要 {head[:4]} {head[4:8]} {head[8:12]} {head[12:16]}")
        self.query_one("#round", Line).show(self._shown())
        self.query_one(Listing).fill(
            [
                (
                    key,
                    (
                        entry.at.replace("T", " ")[5:16],
                        entry.who,
                        entry.act,
                        entry.subject,
                        entry.detail,
                    ),
                )
                for key, entry in self._entries.items()
            ]
        )
        if self._entries:
            self.say("还有更早的：F4" if self._more else "")
        elif any(self._filter.values()):
            self.say("没有符合的日志：按 F3 改筛选，全部清空就看全部。")
        else:
            self.say("还没有日志：新建轮次、登记票数、更正等以后，每件事记一条。")

    def _shown(self) -> str:
        names = {"act": "事项", "subject": "对象", "who": "谁"}
        wanted = "  ".join(f"{names[key]}含“{text}”" for key, text in self._filter.items() if text)
        shown = list(self._entries.values())
        span = "没有"
        if shown:
            span = f"第 {shown[-1].number} 至 {shown[0].number} 条"
            span += f"  {shown[-1].at[:10]} 至 {shown[0].at[:10]}"
        return f"{span}    筛选：{wanted}" if wanted else span

    def _detail(self, key: str) -> Detail | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        digest = [
            " ".join(entry.digest[at : at + 4] for at in range(start, start + 16, 4))
            for start in range(0, 64, 16)
        ]
        return Detail(
            f"第 {entry.number} 条",
            (
                f"时间  {entry.at.replace('T', ' ')}",
                f"谁    {entry.who}",
                f"事项  {entry.act}",
                f"对象  {entry.subject}",
                f"内容  {entry.detail or '（无）'}",
                "",
                "摘要（SHA-256）",
                *digest,
            ),
        )

    def on_listing_row_selected(self) -> None:
        """Show the whole entry under the cursor."""
        detail = self._detail(self.query_one(Listing).chosen or "")
        if detail is not None:
            self.app.push_screen(Help("\n".join((detail.title, *map(str, detail.lines)))))

    def action_filter(self) -> None:
        """筛选: show only entries that contain what is typed."""

        def save(values: dict[str, str]) -> None:
            self._filter = values
            self._before = None
            self._fill()

        self.app.push_screen(
            FormScreen(
                "筛选日志",
                (
                    Field(
                        "act",
                        "事项",
                        value=self._filter["act"],
                        hint=f"如 {JournalAct.SEAL}；空着不限",
                    ),
                    Field("subject", "对象", value=self._filter["subject"], hint="如 单位名称"),
                    Field("who", "谁", value=self._filter["who"], hint="操作人"),
                ),
                save,
                asks=False,
            )
        )

    def action_earlier(self) -> None:
        """Show the page of entries before this one."""
        if not self._more:
            self.say("没有更早的了。", refused=True)
            return
        self._before = int(list(self._entries)[-1])
        self._fill()
        self.query_one(Listing).move_cursor(row=0)

    def action_latest(self) -> None:
        """Show the newest page."""
        self._before = None
        self._fill()
        self.query_one(Listing).move_cursor(row=0)
