"""What importing a roster would do, as lines of plain text and as rows of a list."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rich.cells import cell_len

from models.imports.roster_import import ImportPlan
from tui.words.columns import fit, visible_line

_TITLES = ("", "工作表", "行", "列", "值", "原因")
_WIDEST = (6, 16, 6, 14, 30)


@dataclass(frozen=True)
class Remark:
    """One thing to know before an import."""

    kind: str
    """拒绝, a value that is refused; 请核对, one that is asked about; 提示, one that was adjusted;
    变更, a field of a known unit or cadre that would change; 新增, a new one."""
    sheet: str
    """The worksheet; empty for a .csv."""
    row: int
    """Its number on the worksheet; 0 stands for the whole sheet."""
    column: str
    """The header of the column."""
    value: str
    """The value in the file; for 变更 the unit's or the cadre's name."""
    reason: str
    """Why, or what it would become."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The remark as text in columns."""
        return (
            self.kind,
            self.sheet,
            str(self.row) if self.row else "",
            self.column,
            self.value,
            self.reason,
        )


def remarks(plan: ImportPlan) -> tuple[Remark, ...]:
    """All remarks on a plan: refusals first, then what was adjusted, then changes."""
    found = [
        Remark(item.kind, item.sheet, item.row, item.column, item.value, item.reason)
        for item in plan.refused + plan.adjusted
    ]
    found += [
        Remark(
            "变更",
            change.sheet,
            change.row,
            change.field,
            change.who,
            f"{change.old or '空'} 改为 {change.new or '空'}",
        )
        for change in plan.changed
    ]
    return tuple(found)


def everything(plan: ImportPlan) -> tuple[Remark, ...]:
    """All remarks on a plan, and after them each unit and cadre that is new."""
    return remarks(plan) + tuple(
        Remark("新增", new.sheet, new.row, new.kind, new.name, new.place or "最上级单位")
        for new in plan.added
    )


def as_json(plan: ImportPlan, *, imported: bool) -> str:
    """The plan as a JSON object for scripts, with every remark and whether it was carried out."""
    found = {
        "file": str(plan.file.source.path),
        "summary": str(plan.counts),
        "refused": len(plan.refused),
        "imported": imported,
        "remarks": [asdict(each) for each in remarks(plan)],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def lines(plan: ImportPlan) -> list[str]:
    """The plan for the command line: its figures, then every remark in columns."""
    found = [visible_line(f"{plan.file.source.path.name}  {plan.counts}")]
    rows = [tuple(map(visible_line, remark.cells)) for remark in remarks(plan)]
    if not rows:
        return found
    found.append(f"须改正 {len(plan.refused)} 处，提示 {len(plan.adjusted)} 处")
    # A .csv has no sheets: its column would be empty.
    shown = [number for number in range(5) if any(row[number] for row in rows)]
    widths = {
        number: min(max(cell_len(row[number]) for row in (_TITLES, *rows)), _WIDEST[number])
        for number in shown
    }
    for row in (_TITLES, *rows):
        cells = [fit(row[number], widths[number]) for number in shown]
        found.append("  ".join((*cells, row[5])).rstrip())
    return found
