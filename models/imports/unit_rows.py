"""Compare the rows of a unit list with the existing units: new, changed, unchanged or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.imports.roster_check import CheckedFile, CheckedRow, Findings, RosterFinding, RowKey
from models.imports.steps import Addition, FieldChange, KnownUnits, UnitStep
from models.refusal import RefusedError
from models.roster.columns import UNIT_LABELS, SheetKind
from models.roster.units import UnitNode

_KIND = SheetKind.UNITS


@dataclass(frozen=True)
class UnitPlan:
    """The part of an import plan that concerns units."""

    steps: tuple[UnitStep, ...]
    """The steps to apply."""
    added: tuple[Addition, ...]
    """New units, in file order."""
    changed: tuple[FieldChange, ...]
    """Changed fields of existing units, in file order."""
    unchanged: int
    """Number of units in the file without any change."""
    known: KnownUnits
    """All units that will exist after the import."""
    findings: tuple[RosterFinding, ...] = ()
    """The findings of this stage."""
    refused: frozenset[RowKey] = frozenset()
    """The rows refused so far, by this stage or an earlier one."""


def plan_units(checked: CheckedFile, units: Sequence[UnitNode]) -> UnitPlan:
    """Compare the rows of units with the database.

    Fields that are empty in the file keep their values.
    """
    findings = Findings(checked.refused)
    rows = checked.rows[_KIND]
    old = {unit.name: unit for unit in units}
    drafts, blocked = _drafts(rows, old, findings)
    known, parents = _tree(drafts, blocked, units, findings)
    for name, row in drafts.items():
        same = [other for other in known.short.get(_short(row, old.get(name)), []) if other != name]
        if same:
            reason = f"与 {'、'.join(same)} 的简称相同，按简称查找时须写全称"
            findings.adjust(row, "short_name", reason)
    planned = _steps(drafts, old, parents, known)
    return replace(planned, findings=tuple(findings.found), refused=frozenset(findings.refused))


def _short(row: CheckedRow, unit: UnitNode | None) -> str:
    return row.values.get("short_name") or (unit.short_name if unit else "")


def _drafts(
    rows: Sequence[CheckedRow], old: dict[str, UnitNode], findings: Findings
) -> tuple[dict[str, CheckedRow], dict[str, int]]:
    """Return the accepted rows and the row numbers of refused new units, both by unit name."""
    drafts: dict[str, CheckedRow] = {}
    blocked: dict[str, int] = {}
    for row in rows:
        name = row.values.get("name", "")
        if name in drafts:
            findings.refuse(row, "name", f"与第 {drafts[name].number} 行的单位重复")
        elif name in old and old[name].closed:
            findings.refuse(row, "name", "这个单位已撤销，不能再导入")
        elif findings.standing(row):
            drafts[name] = row
        elif name not in old:
            blocked.setdefault(name, row.number)
    return drafts, blocked


def _tree(
    drafts: dict[str, CheckedRow],
    blocked: dict[str, int],
    units: Sequence[UnitNode],
    findings: Findings,
) -> tuple[KnownUnits, dict[str, str | None]]:
    """Return all units that will exist, and the name of each unit's parent.

    Refusing a row can leave other rows without a parent, so this repeats until no more rows are
    refused.
    """
    by_id = {unit.id: unit.name for unit in units}
    before = {unit.name: by_id.get(unit.parent_id or 0) for unit in units}
    while True:
        known = KnownUnits(blocked=blocked)
        for unit in units:
            row = drafts.get(unit.name)
            known.add(unit.name, _short(row, unit) if row else unit.short_name, unit.closed)
        for name, row in drafts.items():
            if name not in before:
                known.add(name, _short(row, None), False)
        parents = dict(before)
        fallen: list[tuple[str, str]] = []
        for name, row in drafts.items():
            parents.setdefault(name, None)
            if text := row.values.get("parent"):
                try:
                    parents[name] = known.resolve(text)
                except RefusedError as refusal:
                    fallen.append((name, str(refusal)))
        if not fallen:
            circle = "上级单位就是本单位或其下级"
            fallen = [(name, circle) for name in drafts if _circular(name, parents)]
        if not fallen:
            return known, parents
        for name, reason in fallen:
            row = drafts.pop(name)
            findings.refuse(row, "parent", reason)
            if name not in before:
                blocked.setdefault(name, row.number)


def _circular(name: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents[name]
    while above is not None and above not in seen:
        seen.add(above)
        above = parents[above]
    return name in seen


def _steps(
    drafts: dict[str, CheckedRow],
    old: dict[str, UnitNode],
    parents: dict[str, str | None],
    known: KnownUnits,
) -> UnitPlan:
    by_id = {unit.id: unit.name for unit in old.values()}
    last: dict[str | None, int] = {}
    for there in old.values():
        above = by_id.get(there.parent_id or 0)
        last[above] = max(last.get(above, 0), there.position)
    steps: list[UnitStep] = []
    added: list[Addition] = []
    changed: list[FieldChange] = []
    unchanged = 0
    for name, row in drafts.items():
        parent = parents[name]
        given: dict[str, str | int] = {
            field: row.values[field] for field in ("short_name", "kind") if field in row.values
        }
        if "position" in row.values:
            given["position"] = int(row.values["position"])
        unit = old.get(name)
        if unit is None:
            last[parent] = int(given.setdefault("position", last.get(parent, 0) + 1))
            steps.append(UnitStep(None, name, given, parent))
            added.append(Addition(_KIND, row.sheet.name, row.number, name, parent or ""))
            continue
        above = by_id.get(unit.parent_id or 0)
        if parent != above:
            last[parent] = int(given.setdefault("position", last.get(parent, 0) + 1))
        given = {field: value for field, value in given.items() if value != getattr(unit, field)}
        differences = [(field, getattr(unit, field), value) for field, value in given.items()]
        if parent != above:
            differences.append(("parent", above or "", parent or ""))
        if not differences:
            unchanged += 1
            continue
        steps.append(UnitStep(unit.id, name, given, parent if parent != above else None))
        changed += [
            FieldChange(
                _KIND, row.sheet.name, row.number, name, UNIT_LABELS[field], str(was), str(new)
            )
            for field, was, new in differences
        ]
    return UnitPlan(tuple(steps), tuple(added), tuple(changed), unchanged, known)
