"""单位人员: the unit tree, and the cadres of the unit under the cursor or of a search."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Offset
from textual.widgets import DataTable

from models.names import visible
from models.roster import cadres, edit, months
from models.roster.cadres import CadreRow
from models.roster.units import UnitNode, unit_tree
from tui.screens.roster import roster_form
from tui.widgets.folder import path_of, path_screen
from tui.widgets.forms import FormScreen
from tui.widgets.frame import Frame, Line, confirmed
from tui.widgets.listing import Listing

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
_MOST_FOUND = 50
_LONGEST_WANTED = 40
# Under this width the panes do not fit beside each other.
_NARROW = 64


class Pane(Listing):
    """One of the two lists; the arrows to the side go to the other."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,right,tab,shift+tab", "screen.other_pane", show=False, priority=True),
    ]


class RosterScreen(Frame):
    """The roster, read and changed."""

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
        self._units: dict[str, UnitNode] = {}
        self._cadres: dict[str, CadreRow] = {}
        self._shown: str | None = None
        self._searching = False
        self._wanted = ""
        self._path = ""

    def body(self) -> ComposeResult:
        """The search line, two lists, and what is under the cursor in full."""
        yield Line(id="search")
        with Horizontal(id="panes"):
            yield Pane([("单位", 14), ("人", 4)], right=(1,), stretch=0, id="units")
            yield Pane(
                [
                    ("姓名", 8),
                    ("职务", 12),
                    ("班子角色", 8),
                    ("排序", 4),
                    ("职级", 6),
                    ("任现职", 7),
                ],
                right=(3,),
                stretch=1,
                id="cadres",
            )
        yield Line(id="detail")

    def on_mount(self) -> None:
        """Show all units, and the cadres of the first."""
        self.query_one("#search").display = False
        self._lay_out()
        self._read()
        self.set_focus(self._unit_pane)

    def on_resize(self) -> None:
        """Share the width among the panes."""
        self._lay_out()

    @property
    def _unit_pane(self) -> Pane:
        return self.query_one("#units", Pane)

    @property
    def _cadre_pane(self) -> Pane:
        return self.query_one("#cadres", Pane)

    def _lay_out(self) -> None:
        width = self.app.size.width
        narrow = width < _NARROW
        self._unit_pane.styles.width = "1fr" if narrow else max(22, min(width * 3 // 10, 48))
        in_units = self.focused is not self._cadre_pane
        self._unit_pane.display = not narrow or in_units
        self._cadre_pane.display = not narrow or not in_units

    # ── what is shown ──

    def _read(self, unit_id: int | None = None, cadre_id: int | None = None) -> None:
        """Read the roster again; put the cursors on a unit and a cadre."""
        units = unit_tree()
        self._units = {str(unit.id): unit for unit in units}
        self._unit_pane.fill([(str(unit.id), self._unit_cells(unit)) for unit in units])
        open_units = sum(not unit.closed for unit in units)
        self.set_title(f"单位人员  单位 {open_units}，人员 {sum(unit.cadres for unit in units)}")
        if unit_id is not None:
            self._unit_pane.choose(str(unit_id))
        self._shown = None
        self._show_cadres()
        if cadre_id is not None:
            self._cadre_pane.choose(str(cadre_id))
        self._describe()
        if not units:
            self.say("还没有单位和人员。按 F5 导入名册（.xlsx 或 .csv），或按 F4 逐个新增单位。")

    def _unit_cells(self, unit: UnitNode) -> tuple[str, str]:
        name = "  " * unit.depth + (unit.short_name or unit.name)
        return name, "撤销" if unit.closed else str(unit.cadres or "")

    def _show_cadres(self) -> None:
        """Fill the right pane for the unit under the cursor, or for the search, if it shows
        something else."""
        chosen = self._unit_pane.chosen
        wanted = f"?{self._wanted}" if self._searching else chosen
        if wanted == self._shown and wanted is not None:
            return
        rows: tuple[CadreRow, ...] = ()
        if self._searching:
            rows = cadres.search(self._wanted, _MOST_FOUND)
        elif chosen is not None:
            rows = cadres.cadres_of(int(chosen))
        self._cadres = {str(row.id): row for row in rows}
        kept = self._cadre_pane.chosen in self._cadres
        self._cadre_pane.fill([(str(row.id), self._cadre_cells(row)) for row in rows])
        if rows and not kept:
            self._cadre_pane.move_cursor(row=0)
        self._shown = wanted

    def _cadre_cells(self, row: CadreRow) -> tuple[str, ...]:
        if row.post_id is None:
            return row.name, "已免职或退休", "", "", "", ""
        place = f"{row.unit_short_name or row.unit_name} " if self._searching else ""
        rank = str(row.rank) if row.rank < cadres.PostDetails.rank else ""
        return row.name, place + row.title, row.role.label, rank, row.tier, row.since

    def _describe(self) -> None:
        """Say in full what is under the cursor: the columns are narrow."""
        row, unit = self._cadre, self._unit
        text = ""
        if self.focused is not self._unit_pane and row is not None:
            told = (row.gender, f"{row.born}生" if row.born else "", row.education, row.archive_no)
            text = "  ".join(filter(None, (row.name, row.unit_name, row.title, *told)))
        elif unit is not None:
            text = "  ".join(filter(None, (unit.name, unit.kind, "已撤销" if unit.closed else "")))
        self.query_one("#detail", Line).show(text)

    @property
    def _unit(self) -> UnitNode | None:
        return self._units.get(self._unit_pane.chosen or "")

    @property
    def _cadre(self) -> CadreRow | None:
        return self._cadres.get(self._cadre_pane.chosen or "")

    # ── moving about ──

    def on_data_table_row_highlighted(self) -> None:
        """The cursor moved: the right pane follows the left."""
        self._show_cadres()
        self._describe()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter: from a unit to its cadres, from a found cadre to his unit, else correct him."""
        key = event.row_key.value or ""
        if event.data_table is self._unit_pane:
            self._go_to(self._cadre_pane)
            return
        row = self._cadres.get(key)
        if row is None:
            return
        if self._searching and row.unit_id is not None:
            self._end_search()
            self._read(row.unit_id, row.id)
            self._go_to(self._cadre_pane)
        else:
            self._change_cadre(row)

    def action_other_pane(self) -> None:
        """To the other list."""
        self._go_to(self._cadre_pane if self.focused is self._unit_pane else self._unit_pane)

    def _go_to(self, pane: Pane) -> None:
        # The cursor's move may not have been told yet: the list must be the right one now.
        self._show_cadres()
        pane.display = True
        self.set_focus(pane)
        self._lay_out()
        self._describe()

    def on_key(self, event: events.Key) -> None:
        """What is typed while a search is on."""
        if not self._searching:
            return
        if event.key == "backspace":
            self._wanted = self._wanted[:-1]
        elif event.character and event.is_printable and len(self._wanted) < _LONGEST_WANTED:
            self._wanted += event.character
        else:
            return
        event.stop()
        self._show_search()

    def on_paste(self, event: events.Paste) -> None:
        """A paste is typed text."""
        if self._searching:
            event.stop()
            self._wanted = (self._wanted + visible(event.text))[:_LONGEST_WANTED]
            self._show_search()

    def action_search(self) -> None:
        """查找: from here on what is typed tells who."""
        if not self._searching:
            self._searching = True
            self._wanted = ""
            self.query_one("#search").display = True
            self.set_hints(_SEARCH_HINTS)
        self._go_to(self._cadre_pane)
        self._show_search()

    def _show_search(self) -> None:
        """Show who is meant by what is typed so far."""
        label = f"查找：{self._wanted}"
        self.query_one("#search", Line).show(label + "_")
        # Where an input method opens its window.
        self.app.cursor_position = Offset(1 + cell_len(label), 1)
        self._show_cadres()
        self._describe()
        found = len(self._cadres)
        if not self._wanted.strip():
            self.say("键入姓名的一部分、拼音首字母或廉政档案号")
        elif found == _MOST_FOUND:
            self.say(f"只列出前 {found} 人，请再键入一些")
        else:
            self.say(f"找到 {found} 人" if found else "没有找到", refused=not found)

    def _end_search(self) -> None:
        self._searching = False
        self.query_one("#search").display = False
        self.set_hints(_HINTS)
        self.say("")
        self._shown = None
        self._go_to(self._unit_pane)

    def action_leave(self) -> None:
        """Esc clears a search first."""
        if self._searching:
            self._end_search()
        else:
            self.dismiss()

    # ── changes ──

    def action_new_cadre(self) -> None:
        """新增人员, into the unit under the cursor."""
        unit = self._unit
        if not self.writable():
            return
        if unit is None:
            self.say("先按 F4 新增单位，或按 F5 导入名册。", refused=True)
            return

        def save(values: dict[str, str]) -> None:
            post = roster_form.post(values, unit.id)
            made = edit.save_cadre(roster_form.person(values), post)
            self._changed(f"已新增 {values['name']}", unit.id, made)

        rank = roster_form.next_rank(cadres.team(unit.id))
        fields = roster_form.cadre_fields(None, rank)
        self.app.push_screen(FormScreen(f"新增人员  {unit.name}", fields, save))

    def _change_cadre(self, row: CadreRow) -> None:
        if not self.writable():
            return

        def save(values: dict[str, str]) -> None:
            post = roster_form.post(values, row.unit_id or 0)
            edit.save_cadre(roster_form.person(values), post, cadre_id=row.id)
            self._changed(f"已修改 {values['name']}", row.unit_id, row.id)

        fields = roster_form.cadre_fields(row, row.rank)
        self.app.push_screen(FormScreen(f"修改人员  {row.name}  {row.unit_name}", fields, save))

    def action_move(self) -> None:
        """调动: another unit, or another post in the same one."""
        row = self._cadre
        if not self.writable():
            return
        if row is None or self.focused is self._unit_pane:
            self.say("先按 Tab 到右栏，选中一名干部。", refused=True)
            return

        def save(values: dict[str, str]) -> None:
            unit_id = roster_form.chosen_unit(values)
            edit.move_cadre(row.id, roster_form.post(values, unit_id))
            self._changed(f"{row.name} 已调动，原职务记入履历", unit_id, row.id)

        fields = roster_form.move_fields(row)
        self.app.push_screen(FormScreen(f"调动  {row.name}  {row.unit_name}", fields, save))

    def action_new_unit(self) -> None:
        """新增单位, by default under the one under the cursor."""
        if not self.writable():
            return
        above = self._unit
        fields = roster_form.unit_fields(None, above.name if above else "")
        self.app.push_screen(FormScreen("新增单位", fields, lambda v: self._save_unit(v, None)))

    def action_change_unit(self) -> None:
        """修改单位 under the cursor."""
        unit = self._unit
        if not self.writable():
            return
        if unit is None:
            self.say("还没有单位可改：按 F4 新增。", refused=True)
            return
        above = self._units.get(str(unit.parent_id))
        fields = roster_form.unit_fields(unit, above.name if above else "")
        self.app.push_screen(
            FormScreen(f"修改单位  {unit.name}", fields, lambda v: self._save_unit(v, unit.id))
        )

    def _save_unit(self, values: dict[str, str], unit_id: int | None) -> None:
        saved = edit.save_unit(
            values["name"],
            short_name=values["short_name"],
            kind=values["kind"],
            parent_id=roster_form.parent_of(values),
            position=int(values["position"]) if values["position"] else None,
            unit_id=unit_id,
        )
        self._changed(f"已{'修改' if unit_id else '新增'}单位 {values['name']}", saved)

    def action_end(self) -> None:
        """免职、退休 of the cadre, or 撤销 of the unit, under the cursor."""
        unit, row = self._unit, self._cadre
        if not self.writable():
            return
        if self.focused is not self._unit_pane and row is not None:
            question = (
                f"{row.name}  {row.unit_name} {row.title}\n"
                f"免职或退休，自 {months.this_month()} 起不再任职？\n"
                "履历和廉政档案号保留；再任职时查找出来按 F7。"
            )

            def retire() -> None:
                edit.retire_cadre(row.id)
                self._changed(f"{row.name} 已免职", row.unit_id)

            confirmed(self, question, retire)
        elif self.focused is self._unit_pane and unit is not None:

            def close() -> None:
                edit.close_unit(unit.id)
                self._changed(f"{unit.name} 已撤销", unit.id)

            confirmed(self, f"撤销 {unit.name}？\n历次测评的记录保留，新轮次不再列入。", close)

    def action_import_file(self) -> None:
        """导入名册: a file is asked for, then shown as a plan."""
        if self.writable():
            self.app.push_screen(
                path_screen("导入名册", self._path, (".xlsx", ".csv"), self._import_path)
            )

    def _import_path(self, text: str) -> None:
        self._path = text
        self.call_next(self._show_plan, path_of(text))

    def _show_plan(self, path: Path) -> None:
        from tui.screens.roster.import_plan import RosterImportScreen

        def imported(counts: str | None) -> None:
            if counts:
                self._changed(counts)

        self.app.push_screen(RosterImportScreen(path), imported)

    def _changed(self, told: str, unit_id: int | None = None, cadre_id: int | None = None) -> None:
        self._read(unit_id, cadre_id)
        self.say(told)
