"""Units picked from the tree, one by one, by branch, or all."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from models.roster.units import UnitNode, unit_tree
from tui.widgets.frame import ResultFrame
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing

_HELP = """选单位：已在本轮次的和已撤销的单位不能选。"""
_NO_UNITS = "还没有单位：先在首页按 F3 导入名册。"


class UnitPicker(ResultFrame[list[int]]):
    """The tree with a mark on each unit that is picked; its result is their ids in the tree's
    order. Closed units and those in `taken`, which are ids, cannot be picked."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("space,ideographic_space", "选", "选、不选光标所在单位（Enter 同）", "pick", ALWAYS),
        Key("plus,fullwidth_plus_sign", "连同下级", "连同全部下级单位选、不选", "pick_branch"),
        Key("asterisk,fullwidth_asterisk", "全部", "全部选、全部不选", "pick_all"),
        Key("f2", "确定", "确定", "take", ALWAYS),
        Key("escape", "取消", "不加，返回", "leave", ALWAYS),
    )

    def __init__(self, title: str, taken: frozenset[int]) -> None:
        super().__init__()
        self._title_text = title
        self._taken = taken
        self._units: tuple[UnitNode, ...] = ()
        self._picked: set[int] = set()

    def body(self) -> ComposeResult:
        """The tree."""
        columns = [("选", 4), ("单位", 24), ("类别", 10), ("人", 3)]
        yield Listing(columns, title="单位", right=(3,), falls=(2,))

    def on_mount(self) -> None:
        """Show all units, none picked."""
        self.set_title(self._title_text)
        self._units = unit_tree()
        self._draw()
        self.set_focus(self.query_one(Listing))
        if not self._units:
            self.say(_NO_UNITS)

    def _draw(self) -> None:
        self.query_one(Listing).fill(
            [
                (
                    str(unit.id),
                    (
                        self._mark(unit),
                        "  " * unit.depth + unit.name,
                        unit.kind,
                        str(unit.cadres or ""),
                    ),
                )
                for unit in self._units
            ]
        )
        self.say(f"已选 {len(self._picked)} 个单位" if self._picked else "还没有选")

    def _mark(self, unit: UnitNode) -> str:
        if unit.id in self._taken:
            return "已在"
        if unit.closed:
            return "撤销"
        return "[x]" if unit.id in self._picked else "[ ]"

    def _may_pick(self, unit: UnitNode) -> bool:
        return unit.id not in self._taken and not unit.closed

    def _toggle(self, units: list[UnitNode], empty: str) -> None:
        """Pick all of `units`, or none if all are picked."""
        ids = {unit.id for unit in units if self._may_pick(unit)}
        if not ids:
            self.say(empty if self._units else _NO_UNITS, refused=True)
            return
        self._picked = self._picked - ids if ids <= self._picked else self._picked | ids
        self._draw()

    def _branch(self, key: str | None) -> list[UnitNode]:
        """A unit and all below it: they follow it in the tree, deeper than it."""
        found: list[UnitNode] = []
        for unit in self._units:
            if found and unit.depth <= found[0].depth:
                break
            if found or str(unit.id) == key:
                found.append(unit)
        return found

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter picks one."""
        self._toggle(self._branch(event.key)[:1], "这个单位已在本轮次，或已撤销。")

    def action_pick(self) -> None:
        """Pick the unit under the cursor."""
        chosen = self.query_one(Listing).chosen
        self._toggle(self._branch(chosen)[:1], "这个单位已在本轮次，或已撤销。")

    def action_pick_branch(self) -> None:
        """Pick the unit under the cursor with all below it."""
        chosen = self.query_one(Listing).chosen
        self._toggle(self._branch(chosen), "它和下级单位都已在本轮次，或已撤销。")

    def action_pick_all(self) -> None:
        """Pick all units."""
        self._toggle(list(self._units), "没有可选的单位。")

    def action_take(self) -> None:
        """Leave with the units that are picked."""
        if not self._picked:
            self.say("还没有选：空格选一个，+ 连同下级，* 全部。", refused=True)
            return
        self.dismiss([unit.id for unit in self._units if unit.id in self._picked])
