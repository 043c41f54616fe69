"""单位人员: the roster, read, searched and changed."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.screens.roster import cadre_form, unit_form
from tui.screens.roster.changes import RosterChange
from tui.screens.roster.panes import RosterPanes
from tui.widgets.folder import path_of, path_screen
from tui.widgets.frame import Frame, Line
from tui.widgets.search_line import MOST_FOUND, SearchLine

_HELP = """单位人员：左栏单位，右栏该单位的人员。

Tab 左右键  换栏
Enter   在单位上：到右栏；在人员上：修改
F2      新增人员（到光标所在单位）
F3      查找：键入姓名、拼音首字母（如 wjg）或廉政档案号；Enter 到本人
F4      新增单位
F5      导入名册（.xlsx 或 .csv）
F6      修改单位
F7      调动：到别的单位，或在本单位改任职务
Delete  在人员上：免职、退休；在单位上：撤销（人员和下级单位须先调出）
Esc     清除查找；返回

改动立即存好并记入日志。已启动的轮次不受影响。"""
_HINTS = (
    "Tab换栏  Enter修改  F2增人  F3查找  F4增单位  F5导入  F6改单位  F7调动"
    "  Delete免职/撤销  Esc返回  F1帮助"
)
_SEARCH_HINTS = "键入即查  上下选  Enter到本人  F7调动  Delete免职  Esc清除查找  F1帮助"


class RosterScreen(Frame):
    """Units and cadres; each key of a change opens a form or a question on what is under the
    cursor."""

    HINTS: ClassVar[str] = _HINTS
    HELP: ClassVar[str] = _HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "new_cadre", show=False, priority=True),
        Binding("f3", "search", show=False, priority=True),
        Binding("f4", "new_unit", show=False, priority=True),
        Binding("f5", "import_file", show=False, priority=True),
        Binding("f6", "change_unit", show=False, priority=True),
        Binding("f7", "move", show=False, priority=True),
        Binding("delete", "end", show=False, priority=True),
    ]

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

    def on_data_table_row_selected(self) -> None:
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
            self.set_hints(_SEARCH_HINTS)
        self._show_found()
        self._panes.go_to_cadres()

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
            self.say("键入姓名的一部分、拼音首字母或廉政档案号")
        elif found == MOST_FOUND:
            self.say(f"只列出前 {found} 人，请再键入一些")
        else:
            self.say(f"找到 {found} 人" if found else "没有找到", refused=not found)

    def _end_search(self) -> None:
        self._searching = False
        self._search.display = False
        self.set_hints(_HINTS)
        self.say("")
        self._panes.look_for(None)
        self._panes.go_to_units()

    def action_leave(self) -> None:
        """Esc clears a search first."""
        if self._searching:
            self._end_search()
        else:
            self.dismiss()

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

        def show_plan(text: str) -> None:
            from tui.screens.roster.import_plan import RosterImportScreen

            self._path = text
            plan = RosterImportScreen(path_of(text))
            # After the form that asked for the file is gone.
            self.call_next(self.app.push_screen, plan, self._imported)

        form = path_screen("导入名册", self._path, (".xlsx", ".csv"), show_plan)
        self.app.push_screen(form)

    def _imported(self, counts: str | None) -> None:
        if counts:
            self._changed(RosterChange(counts))
