"""档案: find a cadre as one types, and open the record."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from models.roster import cadres
from models.roster.cadres import CadreRow
from models.roster.units import unit_tree
from tui.widgets.frame import Frame
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing, SearchedListing
from tui.widgets.search_line import MOST_FOUND, SearchLine

_HELP = """档案：查一名干部历年的民主测评结果。

键入姓名的一部分、拼音（wjg、wang、wangjg）或廉政档案号，随键随查；退格删一字。"""


class ArchiveScreen(Frame):
    """The search; Enter opens the record of the cadre under the cursor."""

    TITLE_TEXT: ClassVar[str] = "档案"
    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "看档案", "看光标所在的人历年的结果", weight=ALWAYS),
        Key("delete", "清空", "清空键入的字，重新查", "clear"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._search = SearchLine()
        self._found: dict[str, CadreRow] = {}

    def body(self) -> ComposeResult:
        """What is typed, and who is meant."""
        yield self._search
        yield SearchedListing(
            (("姓名", 8), ("单位", 12), ("职务", 12), ("出生年月", 8), ("廉政档案号", 12)),
            title="花名册",
            falls=(3, 4),
        )

    def on_mount(self) -> None:
        """Start with nothing typed."""
        self.query_one(Listing).focus()
        self.action_clear()

    def on_screen_resume(self) -> None:
        """The caret goes back to what is typed."""
        self._search.place_cursor()

    def on_key(self, event: events.Key) -> None:
        """What is typed tells who."""
        if self._search.take(event):
            self._show_found()

    def on_paste(self, event: events.Paste) -> None:
        """A paste is typed text."""
        self._search.paste(event)
        self._show_found()

    def action_clear(self) -> None:
        """Begin again."""
        self._search.look_for("")
        self._show_found()

    def _show_found(self) -> None:
        """Show who is meant by what is typed so far."""
        rows = cadres.search(self._search.wanted, MOST_FOUND)
        self._found = {str(row.id): row for row in rows}
        self.query_one(Listing).fill([(str(row.id), self._cells(row)) for row in rows])
        if rows:
            self.query_one(Listing).move_cursor(row=0)
        found = len(rows)
        if not self._search.wanted.strip():
            if unit_tree():
                self.say("键入姓名的一部分、拼音（wjg、wang、wangjg）或廉政档案号。")
            else:
                self.say("花名册还是空的：Esc 返回首页，按 F3 导入名册。")
        elif found == MOST_FOUND:
            self.say(f"只列出前 {found} 人，请再键入一些。")
        elif found:
            self.say(f"找到 {found} 人，Enter 看档案。")
        else:
            self.say("没有找到：花名册里没有这样的姓名、拼音或档案号。", refused=True)

    @staticmethod
    def _cells(row: CadreRow) -> tuple[str, ...]:
        unit = row.unit_short_name or row.unit_name
        title = row.title if row.post_id is not None else "已免职或退休"
        return row.name, unit, title, row.born, row.archive_no

    def on_listing_row_selected(self) -> None:
        """The record of the cadre under the cursor."""
        row = self._found.get(self.query_one(Listing).chosen or "")
        if row is None:
            return
        from tui.screens.results.cadre_record import CadreRecordScreen

        self.app.push_screen(CadreRecordScreen(row.id))
