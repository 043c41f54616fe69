"""Import a roster (花名册) in two stages: a plan of all changes, then its application.

`plan` reads and compares, and changes nothing. `apply` makes exactly the planned changes, or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee import fn

from models.database import backup, journal, proof
from models.database.journal import JournalAct
from models.database.store import Store, writing
from models.database.tables import Cadre, Post, Table, Unit, database
from models.imports.cadre_rows import plan_cadres
from models.imports.choices import Choices
from models.imports.roster_check import FindingKind, RosterFinding, check
from models.imports.roster_file import RosterFile
from models.imports.source import Source, load
from models.imports.steps import Addition, CadreStep, FieldChange, UnitStep
from models.imports.table_layout import laid_out, lay_out
from models.imports.unit_rows import plan_units
from models.imports.worksheet_view import WorksheetView, worksheet_views
from models.names import person_readings, unit_readings
from models.refusal import RefusedError
from models.roster import months
from models.roster.cadres import CadreRow, Person, PostDetails, all_cadres
from models.roster.units import UnitNode, unit_tree

_NAMED_REFUSALS = 3


@dataclass(frozen=True)
class ImportPlan:
    """Everything that importing a file would do."""

    file: RosterFile
    """The file as read."""
    roster: tuple[tuple[UnitNode, ...], tuple[CadreRow, ...]]
    """The units and cadres that it was compared with."""
    findings: tuple[RosterFinding, ...]
    """All findings, by worksheet and row."""
    added: tuple[Addition, ...]
    """New units, then new cadres."""
    changed: tuple[FieldChange, ...]
    """Changed fields of units, then of cadres."""
    unchanged_units: int
    """Number of units in the file without any change."""
    unchanged_cadres: int
    """Number of cadres in the file without any change."""
    refused_rows: int
    """Number of refused rows. They have findings, but neither additions nor changes."""
    unit_steps: tuple[UnitStep, ...]
    """The steps to apply to units."""
    cadre_steps: tuple[CadreStep, ...]
    """The steps to apply to cadres, after the units."""

    @property
    def refused(self) -> tuple[RosterFinding, ...]:
        """The findings that must be corrected or confirmed, or their rows left out, before the
        import."""
        return tuple(item for item in self.findings if item.kind is not FindingKind.ADJUSTED)

    @property
    def asked(self) -> bool:
        """Whether names are asked about."""
        return any(item.kind is FindingKind.ASKED for item in self.findings)

    @property
    def adjusted(self) -> tuple[RosterFinding, ...]:
        """The findings that are only notes for the user."""
        return tuple(item for item in self.findings if item.kind is FindingKind.ADJUSTED)

    @property
    def counts(self) -> ImportCounts:
        """The plan in numbers."""
        units, cadres = self.unit_steps, self.cadre_steps
        return ImportCounts(
            units_added=sum(step.unit_id is None for step in units),
            units_changed=sum(step.unit_id is not None for step in units),
            units_unchanged=self.unchanged_units,
            cadres_added=sum(step.cadre_id is None for step in cadres),
            cadres_changed=sum(step.cadre_id is not None for step in cadres),
            cadres_moved=sum(step.moved for step in cadres),
            cadres_unchanged=self.unchanged_cadres,
            rows_refused=self.refused_rows,
        )


@dataclass(frozen=True)
class ImportCounts:
    """An import in numbers. `str` gives the Chinese summary."""

    units_added: int
    """Number of new units."""
    units_changed: int
    """Number of changed units."""
    units_unchanged: int
    """Number of units in the file without any change."""
    cadres_added: int
    """Number of new cadres."""
    cadres_changed: int
    """Number of changed cadres."""
    cadres_moved: int
    """Number of changed cadres who start a new post."""
    cadres_unchanged: int
    """Number of cadres in the file without any change."""
    rows_refused: int
    """Number of rows that are not imported."""

    @property
    def nothing(self) -> bool:
        """Whether the import changes nothing in the database."""
        return not (
            self.units_added or self.units_changed or self.cadres_added or self.cadres_changed
        )

    def __str__(self) -> str:
        moved = f"（其中新任职 {self.cadres_moved}）" if self.cadres_moved else ""
        refused = f"；未导入 {self.rows_refused} 行" if self.rows_refused else ""
        return (
            f"单位：新增 {self.units_added}，变更 {self.units_changed}，"
            f"不变 {self.units_unchanged}；人员：新增 {self.cadres_added}，"
            f"变更 {self.cadres_changed}{moved}，不变 {self.cadres_unchanged}{refused}"
        )


def plan(path: Path, choices: Choices | None = None) -> ImportPlan:
    """Plan the import of the file at `path`. Changes nothing.

    Raises `RefusedError` if the file cannot be read as a roster (`models.imports.source`,
    `models.imports.table_layout`).
    """
    return plan_source(load(path), choices or Choices())


def plan_source(source: Source, choices: Choices) -> ImportPlan:
    """Plan the import of a file that was opened before, with other choices."""
    units, people = unit_tree(), all_cadres()
    file = lay_out(source, choices, _names(units))
    checked = check(file)
    unit_plan = plan_units(checked, units)
    cadre_plan = plan_cadres(checked, people, unit_plan)
    order = {sheet.name: place for place, sheet in enumerate(file.sheets)}
    found = sorted(
        (*checked.findings, *unit_plan.findings, *cadre_plan.findings),
        key=lambda item: (order.get(item.sheet, -1), item.row),
    )
    return ImportPlan(
        file,
        (units, people),
        tuple(found),
        unit_plan.added + cadre_plan.added,
        unit_plan.changed + cadre_plan.changed,
        unit_plan.unchanged,
        cadre_plan.unchanged,
        len(cadre_plan.refused),
        unit_plan.steps,
        cadre_plan.steps,
    )


def view(plan: ImportPlan | None, source: Source, choices: Choices) -> tuple[WorksheetView, ...]:
    """How `source` would be read, worksheet by worksheet; `plan` is one that was made of it, if
    there is one, and spares reading the units again."""
    units = plan.roster[0] if plan else unit_tree()
    return worksheet_views(laid_out(source, choices, _names(units)))


def _names(units: Sequence[UnitNode]) -> set[str]:
    return {name for unit in units for name in (unit.name, unit.short_name)}


def apply(plan: ImportPlan, store: Store, *, clean_part: bool = False) -> ImportCounts:
    """Apply a plan to the open `store`, with a journal entry, in one transaction.

    Backs up the database first, unless it has no units yet. If the plan changes nothing, neither a
    backup nor a journal entry is made. `clean_part` imports the accepted rows of a plan with
    refusals. Raises `RefusedError`, with nothing imported, if the plan has refusals and
    `clean_part` is not set, if no row is accepted, or if the roster changed since the plan was
    made.
    """
    counts = plan.counts
    if plan.refused and not clean_part:
        raise RefusedError(_refusal(plan))
    if counts.nothing and plan.refused and not (plan.unchanged_units or plan.unchanged_cadres):
        raise RefusedError(f"{_refusal(plan)}没有一行可以导入。")
    if not counts.nothing and Unit.select().exists():
        backup.make(store.path, "导入前")
    with writing():
        if (unit_tree(), all_cadres()) != plan.roster:
            raise RefusedError("核对之后花名册又有改动，没有导入。请重新核对这个文件。")
        if not counts.nothing:
            ids = _apply_units(plan.unit_steps)
            _apply_cadres(plan.cadre_steps, ids)
            detail = f"{counts}{proof.roster_mark()}"
            journal.record(JournalAct.IMPORT_ROSTER, plan.file.source.path.name, detail)
    return counts


def _refusal(plan: ImportPlan) -> str:
    refusals = plan.refused
    named = []
    for item in refusals[:_NAMED_REFUSALS]:
        place = "".join(
            (
                f"“{item.sheet}”" if item.sheet else "",
                f"第 {item.row} 行" if item.row else "",
                f"“{item.column}”" if item.column else "",
            )
        )
        named.append(f"{place} {item.reason}".strip())
    more = "……" if len(refusals) > _NAMED_REFUSALS else ""
    name = plan.file.source.path.name
    return f"{name} 有 {len(refusals)} 处须改正，没有导入：{'；'.join(named)}{more}。"


# ── database writes ──


def _next_id(table: type[Table]) -> int:
    return int(table.select(fn.MAX(table.id)).scalar() or 0) + 1


def _insert(table: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same fields. Peewee would build the statement of each row
    anew, which takes a third of the time of a large import."""
    if not rows:
        return
    columns = ", ".join(f'"{table._meta.fields[name].column_name}"' for name in rows[0])
    places = ", ".join("?" * len(rows[0]))
    database.connection().executemany(
        f'INSERT INTO "{table._meta.table_name}" ({columns}) VALUES ({places})',  # noqa: S608
        [tuple(row.values()) for row in rows],
    )


def _apply_units(steps: Sequence[UnitStep]) -> dict[str, int]:
    """Create and change units; return the ids of all units by name."""
    query: Any = Unit.select(Unit.name, Unit.id).tuples()
    ids: dict[str, int] = dict(query)
    new = [step for step in steps if step.unit_id is None]
    for number, step in enumerate(_parents_first(new), _next_id(Unit)):
        ids[step.name] = number
    rows = [
        {
            "short_name": "",
            "kind": "",
            "position": 0,
            "closed": False,
            **step.values,
            "id": ids[step.name],
            "name": step.name,
            "parent": ids[step.parent] if step.parent else None,
            "readings": unit_readings(step.name),
        }
        for step in new
    ]
    _insert(Unit, sorted(rows, key=lambda row: int(row["id"])))
    for step in steps:
        if step.unit_id is not None:
            values: dict[str, Any] = dict(step.values)
            if step.parent:
                values["parent"] = ids[step.parent]
            Unit.update(**values).where(Unit.id == step.unit_id).execute()
    return ids


def _parents_first(steps: Sequence[UnitStep]) -> list[UnitStep]:
    """Order new units so that each comes after its parent."""
    waiting = {step.name: step for step in steps}
    ordered: list[UnitStep] = []
    while waiting:
        ready = [step for step in waiting.values() if step.parent not in waiting]
        ordered += ready
        for step in ready:
            del waiting[step.name]
    return ordered


def _apply_cadres(steps: Sequence[CadreStep], units: Mapping[str, int]) -> None:
    people: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    number = _next_id(Cadre)
    for step in steps:
        if step.cadre_id is None:
            person = {**_BLANK_PERSON, **step.person, "id": number, "name": step.name}
            person |= {
                "archive_no": step.person.get("archive_no"),
                "readings": person_readings(step.name),
            }
            people.append(person)
            posts.append(_post(step, number, units))
            number += 1
            continue
        if step.person:
            changes = dict(step.person)
            if name := changes.get("name"):
                changes["readings"] = person_readings(name)
            Cadre.update(**changes).where(Cadre.id == step.cadre_id).execute()
        if step.unit is not None:
            held = (Post.cadre == step.cadre_id) & (Post.until == "")
            Post.update(until=step.until or months.this_month()).where(held).execute()
            posts.append(_post(step, step.cadre_id, units))
        elif step.post:
            Post.update(**step.post).where(Post.id == step.post_id).execute()
    _insert(Cadre, people)
    _insert(Post, posts)


_BLANK_PERSON = {**dict.fromkeys(Person.__dataclass_fields__, ""), "retired": False}
_BLANK_POST = {"title": "", "rank": PostDetails.rank, "tier": "", "since": "", "until": ""}


def _post(step: CadreStep, cadre_id: int, units: Mapping[str, int]) -> dict[str, Any]:
    return {**_BLANK_POST, **step.post, "cadre": cadre_id, "unit": units[step.unit or ""]}
