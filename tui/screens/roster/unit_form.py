"""The forms of a unit, 新增单位 and 修改单位, and the question before it is closed."""

from __future__ import annotations

from models.roster import edit
from models.roster.units import UnitNode, find_unit
from tui.screens.roster.changes import Changed, RosterChange
from tui.widgets.forms import Field, FieldKind, FormScreen
from tui.widgets.frame import Frame, confirmed


def new_unit(above: UnitNode | None, changed: Changed) -> FormScreen:
    """The form of a new unit, by default under `above`."""
    return _form("新增单位", None, above, changed)


def change_unit(unit: UnitNode, above: UnitNode | None, changed: Changed) -> FormScreen:
    """The form of a unit that stands under `above`."""
    return _form(f"修改单位  {unit.name}", unit, above, changed)


def close_unit(frame: Frame, unit: UnitNode, changed: Changed) -> None:
    """撤销 a unit, after asking over `frame`, which also shows a refusal."""

    def close() -> None:
        edit.close_unit(unit.id)
        changed(RosterChange(f"{unit.name} 已撤销", unit.id))

    confirmed(frame, f"撤销 {unit.name}？\n历次测评的记录保留，新轮次不再列入。", close)


def _form(
    title: str, unit: UnitNode | None, above: UnitNode | None, changed: Changed
) -> FormScreen:
    def save(values: dict[str, str]) -> None:
        saved = edit.save_unit(
            values["name"],
            short_name=values["short_name"],
            kind=values["kind"],
            parent_id=find_unit(values["parent"]).id if values["parent"] else None,
            position=int(values["position"]) if values["position"] else None,
            unit_id=unit.id if unit else None,
        )
        changed(RosterChange(f"已{'修改' if unit else '新增'}单位 {values['name']}", saved))

    return FormScreen(title, _fields(unit, above.name if above else ""), save)


def _fields(unit: UnitNode | None, parent: str) -> list[Field]:
    return [
        Field("name", "单位名称", value=unit.name if unit else "", required=True, hint="单位全称"),
        Field(
            "short_name",
            "简称",
            value=unit.short_name if unit else "",
            hint="屏幕和表格里用的简称，如 白银市局",
        ),
        Field("parent", "上级单位", value=parent, hint="全称或简称；留空为最上级"),
        Field(
            "kind",
            "单位类别",
            value=unit.kind if unit else "",
            hint="如 市州局、县区局、直属单位；可留空",
        ),
        Field(
            "position",
            "排序",
            FieldKind.INTEGER,
            str(unit.position) if unit else "",
            "在同级单位中的先后；留空排在最后",
        ),
    ]
