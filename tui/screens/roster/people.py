"""单位人员: the roster, read, searched and changed."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from models.imports.source import SUFFIXES
from tui.screens.roster import cadre_form, unit_form
from tui.screens.roster.changes import RosterChange
from tui.screens.roster.panes import RosterPanes
from tui.widgets.file_chooser import FileChooser
from tui.widgets.folder import path_of
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.search_line import MOST_FOUND, SearchLine

_HELP = """单位人员：左栏单位，右栏该单位的人员。

改动立即存好并记入日志。已启动的轮次不受影响。
撤销单位以前，人员和下级单位须先调出。"""


class RosterScreen(Frame):
    """Units and cadres; each key of a change opens a form or a question on what is under the
    cursor."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "看人员", "在单位上：到右栏", weight=ALWAYS, when="on_units"),
        Key("enter", "到本人", "查找时：到这个人和他的单位", weight=ALWAYS, when="searching"),
        Key("enter", "修改", "在人员上：修改", weight=ALWAYS, when="on_cadres"),
        Key("f3", "查找", "键入姓名、拼音（wjg、wang、wangjg）或廉政档案号", "search"),
        Key("f2", "增人", "新增人员（到光标所在单位）", "new_cadre"),
        Key("f4", "增单位", "新增单位", "new_unit"),
        Key("f5", "导入", "导入名册（.xlsx 或 .csv）", "import_file"),
        Key("f6", "改单位", "修改单位", "change_unit", SELDOM),
        Key("f7", "调动", "到别的单位，或在本单位改任职务", "move", SELDOM, "in_cadres"),
        Key("delete", "免职", "在人员上：免职、退休", "end", SELDOM, "in_cadres"),
        Key("delete", "撤销", "在单位上：撤销", "end", SELDOM, "on_units"),
        Key("escape", "清除查找", "清除查找", "leave", ALWAYS, "searching"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._search = SearchLine()
        self._panes = RosterPanes()
        self._searching = False
        self._path = ""

    def body(self) -> ComposeResult:
        """The search line, the two lists, and what is under the cursor in full."""
        yield self._search
        yield self._panes
        yield Line(id="detail")

    def on_mount(self) -> None:
        """Show all units, and the cadres of the first."""
        self._search.display = False
        self._read()
        self._panes.go_to_units()

    def now(self) -> set[str]:
        """What its keys depend on."""
        if self._panes.in_units:
            return {"on_units"}
        return {"in_cadres", "searching" if self._searching else "on_cadres"}

    def _read(self, unit_id: int | None = None, cadre_id: int | None = None) -> None:
        """Read the roster again; put the cursors on a unit and a cadre."""
        units = self._panes.read(unit_id, cadre_id)
        open_units = sum(not unit.closed for unit in units)
        self.set_title(f"单位人员  单位 {open_units}，人员 {sum(unit.cadres for unit in units)}")
        if not units:
            self.say("还没有单位和人员。按 F5 导入名册（.xlsx 或 .csv），或按 F4 逐个新增单位。")

    def on_roster_panes_moved(self) -> None:
        """Say in full what is under the cursor."""
        self.query_one("#detail", Line).show(self._panes.in_full)

    def on_listing_row_selected(self) -> None:
        """Enter on a cadre: to the unit of one who was found, else correct the cadre."""
        row = self._panes.cadre
        if row is None:
            return
        if self._searching and row.unit_id is not None:
            self._end_search()
            self._read(row.unit_id, row.id)
            self._panes.go_to_cadres()
        elif self.writable():
            self.app.push_screen(cadre_form.change_cadre(row, self._changed))

    # ── search ──

    def action_search(self) -> None:
        """查找: from here on what is typed tells who."""
        if not self._searching:
            self._searching = True
            self._search.display = True
            self._search.look_for("")
        self._show_found()
        self._panes.go_to_cadres()
        self.show_keys()

    def on_key(self, event: events.Key) -> None:
        """What is typed while a search is on."""
        if self._searching and self._search.take(event):
            self._show_found()

    def on_paste(self, event: events.Paste) -> None:
        """A paste is typed text."""
        if self._searching:
            self._search.paste(event)
            self._show_found()

    def _show_found(self) -> None:
        """Show who is meant by what is typed so far."""
        found = self._panes.look_for(self._search.wanted)
        if not self._search.wanted.strip():
            self.say("键入姓名的一部分、拼音（wjg、wang、wangjg）或廉政档案号")
        elif found == MOST_FOUND:
            self.say(f"只列出前 {found} 人，请再键入一些")
        else:
            self.say(f"找到 {found} 人" if found else "没有找到", refused=not found)

    def _end_search(self) -> None:
        self._searching = False
        self._search.display = False
        self.say("")
        self._panes.look_for(None)
        self._panes.go_to_units()
        self.show_keys()

    def action_leave(self) -> None:
        """Esc clears a search first."""
        if self._searching:
            self._end_search()
        else:
            super().action_leave()

    # ── changes ──

    def action_new_cadre(self) -> None:
        """新增人员, into the unit under the cursor."""
        unit = self._panes.unit
        if not self.writable():
            return
        if unit is None:
            self.say("先按 F4 新增单位，或按 F5 导入名册。", refused=True)
            return
        self.app.push_screen(cadre_form.new_cadre(unit, self._changed))

    def action_move(self) -> None:
        """调动: another unit, or another post in the same one."""
        row = self._panes.cadre
        if not self.writable():
            return
        if row is None or self._panes.in_units:
            self.say("先按 Tab 到右栏，选中一名干部。", refused=True)
            return
        self.app.push_screen(cadre_form.move_cadre(row, self._changed))

    def action_new_unit(self) -> None:
        """新增单位, by default under the one under the cursor."""
        if self.writable():
            self.app.push_screen(unit_form.new_unit(self._panes.unit, self._changed))

    def action_change_unit(self) -> None:
        """修改单位 under the cursor."""
        unit = self._panes.unit
        if not self.writable():
            return
        if unit is None:
            self.say("还没有单位可改：按 F4 新增。", refused=True)
            return
        form = unit_form.change_unit(unit, self._panes.unit_above, self._changed)
        self.app.push_screen(form)

    def action_end(self) -> None:
        """免职、退休 of the cadre, or 撤销 of the unit, under the cursor."""
        unit, row = self._panes.unit, self._panes.cadre
        if not self.writable():
            return
        if self._panes.in_units and unit is not None:
            unit_form.close_unit(self, unit, self._changed)
        elif not self._panes.in_units and row is not None:
            cadre_form.retire_cadre(self, row, self._changed)

    def _changed(self, change: RosterChange) -> None:
        self._read(change.unit_id, change.cadre_id)
        self.say(change.told)

    def action_import_file(self) -> None:
        """导入名册: a file is asked for, then shown as a plan."""
        if not self.writable():
            return

        def imported(counts: str | None) -> None:
            if counts:
                self._changed(RosterChange(counts))

        def show_plan(text: str) -> None:
            from tui.screens.roster.import_plan import RosterImportScreen

            self._path = text
            plan = RosterImportScreen(path_of(text))
            # After the form that asked for the file is gone.
            self.call_next(self.app.push_screen, plan, imported)

        self.app.push_screen(FileChooser("导入名册", self._path, SUFFIXES, show_plan))
