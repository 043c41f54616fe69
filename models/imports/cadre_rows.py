"""Compare the rows of people with the existing cadres: new, moved, changed or refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.imports.roster_check import (
    CheckedFile,
    CheckedRow,
    FindingKind,
    Findings,
    RosterFinding,
    RowKey,
)
from models.imports.steps import Addition, CadreStep, FieldChange, KnownUnits
from models.imports.unit_rows import UnitPlan
from models.names import cut_before
from models.refusal import RefusedError
from models.roster.cadres import CadreRow, Person
from models.roster.columns import CADRE_LABELS, SheetKind
from models.roster.roles import Role, role_named

_KIND = SheetKind.CADRES
_PERSONAL = tuple(name for name in Person.__dataclass_fields__ if name != "name")
_NO_RANK = 99


@dataclass(frozen=True)
class CadrePlan:
    """The part of an import plan that concerns cadres."""

    steps: tuple[CadreStep, ...]
    """The steps to apply."""
    added: tuple[Addition, ...]
    """New cadres, in file order."""
    changed: tuple[FieldChange, ...]
    """Changed fields of existing cadres, in file order."""
    unchanged: int
    """Number of cadres in the file without any change."""
    findings: tuple[RosterFinding, ...] = ()
    """The findings of this stage."""
    refused: frozenset[RowKey] = frozenset()
    """The rows refused so far, by this stage or an earlier one."""


@dataclass(frozen=True)
class _PlacedRow:
    """An accepted row with its unit and cadre."""

    row: CheckedRow
    """The row."""
    unit: str
    """Full name of the unit."""
    role: Role
    """Role in the leadership team."""
    old: CadreRow | None
    """The existing cadre; None for a new one."""

    @property
    def name(self) -> str:
        return self.row.values["name"]

    @property
    def shown(self) -> str:
        """Name and row number, for a message."""
        return f"{self.name}（第 {self.row.number} 行）"

    @property
    def begins(self) -> bool:
        """Whether the row starts a new post.

        That is a first post, a post in another unit, or a different post in the same unit from a
        later month on.
        """
        old, values = self.old, self.row.values
        if old is None or old.unit_id is None or old.unit_name != self.unit:
            return True
        another = values.get("title", old.title) != old.title or self.role is not old.role
        return another and bool(old.since) and values.get("since", "") > old.since


def plan_cadres(checked: CheckedFile, cadres: Sequence[CadreRow], units: UnitPlan) -> CadrePlan:
    """Compare the rows of people with the cadres in the database.

    `units` is the plan for the units, which may be new. Fields that are empty in the file keep
    their values, and cadres that are not in the file are kept.
    """
    findings, known = Findings(units.refused), units.known
    rows = checked.rows[_KIND]
    if rows and not known.closed:
        for sheet, header_row in {row.sheet.name: row.sheet.header_row for row in rows}.items():
            reason = "还没有单位，请先导入单位名单（单位名称、简称、上级单位、单位类别）"
            findings.of_sheet(FindingKind.REFUSED, sheet, header_row, "", reason)
    refuse_repeated(rows, findings)
    entries = _entries(rows, cadres, known, findings)
    _one_chief_each(entries, cadres, findings)
    entries = [entry for entry in entries if findings.standing(entry.row)]
    _tell_equal_ranks(entries, cadres, findings)
    return replace(
        _steps(entries, cadres),
        findings=tuple(findings.found),
        refused=frozenset(findings.refused),
    )


def _entries(
    rows: Sequence[CheckedRow],
    cadres: Sequence[CadreRow],
    known: KnownUnits,
    findings: Findings,
) -> list[_PlacedRow]:
    identities = Identities(cadres)
    entries: list[_PlacedRow] = []
    for row in rows:
        unit = _unit_of(row, known, findings)
        role = role_named(row.values.get("role", ""))
        if not findings.standing(row) or role is None:
            continue
        old = identities.of(row, unit, findings)
        if old is not None and old.retired:
            reason = "已登记退休；如仍在任，请先在单位人员中为其登记新职务"
            findings.refuse(row, "name", reason)
        entry = _PlacedRow(row, unit, role, old)
        if findings.standing(row):
            _check_since(entry, findings)
        if findings.standing(row):
            entries.append(entry)
    return entries


def _unit_of(row: CheckedRow, known: KnownUnits, findings: Findings) -> str:
    """Return the full name of the row's unit, or refuse the row and return an empty text."""
    text = row.values.get("unit", "")
    if not known.closed:
        findings.refused.add(row.key)
    elif text:
        try:
            return known.resolve(text)
        except RefusedError as refusal:
            findings.refuse(row, "unit", str(refusal))
    return ""


def _check_since(entry: _PlacedRow, findings: Findings) -> None:
    old, since = entry.old, entry.row.values.get("since", "")
    if old is None or old.unit_id is None or not entry.begins or not since or not old.since:
        return
    before = f"原职务（{old.unit_name}）开始的 {old.since}"
    if since < old.since:
        findings.refuse(entry.row, "since", f"早于{before}，请核对")
    elif since == old.since:
        findings.adjust(entry.row, "since", f"与{before}相同，原职务按本月结束，请核对")


def _one_chief_each(
    entries: Sequence[_PlacedRow], cadres: Sequence[CadreRow], findings: Findings
) -> None:
    """Refuse rows that would give a unit a second chief.

    A refused row leaves its cadre in the old post, so this repeats until no more rows are refused.
    """
    fallen = True
    while fallen:
        fallen = False
        standing = [entry for entry in entries if findings.standing(entry.row)]
        chiefs: dict[str, str] = {
            cadre.unit_name: f"{cadre.name}（现任）"
            for cadre in _not_named(standing, cadres)
            if cadre.role is Role.CHIEF
        }
        for entry in standing:
            if entry.role is not Role.CHIEF:
                continue
            if other := chiefs.get(entry.unit):
                reason = f"{entry.unit} 已有正职{other}，一个单位只有一名正职"
                findings.refuse(entry.row, "role", reason)
                fallen = True
            else:
                chiefs[entry.unit] = entry.shown


def _not_named(entries: Sequence[_PlacedRow], cadres: Sequence[CadreRow]) -> list[CadreRow]:
    """Return the cadres with a current post that no entry is about."""
    named = {entry.old.id for entry in entries if entry.old}
    return [cadre for cadre in cadres if cadre.unit_id is not None and cadre.id not in named]


def _tell_equal_ranks(
    entries: Sequence[_PlacedRow], cadres: Sequence[CadreRow], findings: Findings
) -> None:
    holders = {
        (cadre.unit_name, cadre.rank): f"{cadre.name}（现任）"
        for cadre in _not_named(entries, cadres)
        if cadre.role is not Role.OTHER
    }
    for entry in entries:
        rank = entry.row.values.get("rank")
        if rank is None or entry.role is Role.OTHER:
            continue
        place = entry.unit, int(rank)
        if other := holders.get(place):
            reason = f"与{other}同为第 {rank} 位，请核对班子排序"
            findings.adjust(entry.row, "rank", reason)
        else:
            holders[place] = entry.shown


def _steps(entries: Sequence[_PlacedRow], cadres: Sequence[CadreRow]) -> CadrePlan:
    last: dict[str, int] = {}
    for unit, rank in [
        *((cadre.unit_name, cadre.rank) for cadre in cadres if cadre.rank != _NO_RANK),
        *((entry.unit, int(entry.row.values.get("rank", "0"))) for entry in entries),
    ]:
        last[unit] = max(last.get(unit, 0), rank)
    steps: list[CadreStep] = []
    added: list[Addition] = []
    changed: list[FieldChange] = []
    unchanged = 0
    for entry in entries:
        row, old = entry.row, entry.old
        person = {field: row.values[field] for field in _PERSONAL if field in row.values}
        if old is not None and old.name != entry.name:
            person["name"] = entry.name
        post = _post_given(entry)
        if "rank" not in post and (old is None or old.unit_name != entry.unit):
            post["rank"] = last[entry.unit] = last[entry.unit] + 1
        if old is None:
            steps.append(CadreStep(None, entry.name, person, post, unit=entry.unit))
            added.append(Addition(_KIND, row.sheet.name, row.number, entry.name, entry.unit))
            continue
        differences = _differences(entry, old, person, post)
        if not differences:
            unchanged += 1
            continue
        steps.append(_step(entry, old, person, post))
        changed += [
            FieldChange(
                _KIND, row.sheet.name, row.number, entry.name, CADRE_LABELS[field], was, new
            )
            for field, was, new in differences
        ]
    return CadrePlan(tuple(steps), tuple(added), tuple(changed), unchanged)


def _post_given(entry: _PlacedRow) -> dict[str, str | int]:
    """Return the columns of the post that the row sets.

    In another unit, the title and the starting month of the old post are not carried over.
    """
    values = entry.row.values
    post: dict[str, str | int] = {"role": int(entry.role)}
    if entry.old is not None and entry.old.unit_name != entry.unit:
        post |= {"title": "", "since": ""}
    post |= {name: values[name] for name in ("title", "tier", "since") if name in values}
    if "rank" in values:
        post["rank"] = int(values["rank"])
    return post


def _differences(
    entry: _PlacedRow, old: CadreRow, person: dict[str, str], post: dict[str, str | int]
) -> list[tuple[str, str, str]]:
    found = [("unit", old.unit_name, entry.unit)] if old.unit_name != entry.unit else []
    for field, value in {**person, **post}.items():
        was = getattr(old, field)
        if was != value:
            if field == "role":
                was, value = old.role.label, entry.role.label
            found.append((field, str(was), str(value)))
    return found


def _step(
    entry: _PlacedRow, old: CadreRow, person: dict[str, str], post: dict[str, str | int]
) -> CadreStep:
    person = {field: value for field, value in person.items() if value != getattr(old, field)}
    if not entry.begins:
        post = {field: value for field, value in post.items() if value != getattr(old, field)}
        return CadreStep(old.id, entry.name, person, post, post_id=old.post_id)
    post.setdefault("tier", old.tier)
    if old.unit_name == entry.unit:
        post.setdefault("title", old.title)
        post.setdefault("rank", old.rank)
    since = str(post.get("since", ""))
    until = since if since > old.since else ""
    return CadreStep(old.id, entry.name, person, post, unit=entry.unit, until=until)


def refuse_repeated(rows: Sequence[CheckedRow], findings: Findings) -> None:
    """Refuse rows whose person or archive number already occurred in the file."""
    numbers: dict[str, CheckedRow] = {}
    namesakes: dict[str, list[CheckedRow]] = {}
    for row in rows:
        name, number = row.values.get("name", ""), row.values.get("archive_no", "")
        first = numbers.setdefault(number, row) if number else row
        if first is not row:
            other = first.values.get("name", "")
            if name and name == other:
                findings.refuse(row, "name", _same(first, row))
            else:
                reason = f"与{_row(first, row)}{other}的档案号相同，请核对"
                findings.refuse(row, "archive_no", reason)
            continue
        if not name:
            continue
        before = namesakes.setdefault(name, [])
        if twin := next((other for other in before if _twins(other, row)), None):
            reason = f"与{_row(twin, row)}只差看不见的字符，请核对是不是同一人，改成一样的写法"
            findings.refuse(row, "name", reason)
        elif same := next((other for other in before if _same_person(other, row)), None):
            reason = f"与{_row(same, row)}重复；若不是同一人，请填廉政档案号{_choice(same, row)}"
            findings.refuse(row, "name", reason)
        else:
            before.append(row)


def _row(other: CheckedRow, row: CheckedRow) -> str:
    sheet = f"“{other.sheet.name}”" if other.sheet.name != row.sheet.name else ""
    return f"{sheet}第 {other.number} 行"


def _same(first: CheckedRow, row: CheckedRow) -> str:
    """Say that a row is about the person of another."""
    return f"与{_row(first, row)}重复，是同一人{_choice(first, row)}"


def _choice(one: CheckedRow, two: CheckedRow) -> str:
    return "；两张工作表若是两份名册，请只选一张" if one.sheet.name != two.sheet.name else ""


def _twins(one: CheckedRow, two: CheckedRow) -> bool:
    """Whether the names of two rows of one unit look alike and are not typed alike."""
    names = [row.typed.get("name", "") for row in (one, two)]
    hidden = [any(unicodedata.category(char) in ("Cc", "Cf") for char in name) for name in names]
    return one.values.get("unit") == two.values.get("unit") and hidden[0] != hidden[1]


def _same_person(one: CheckedRow, two: CheckedRow) -> bool:
    """Whether two rows with the same name must be treated as the same person."""
    if one.values.get("archive_no") and two.values.get("archive_no"):
        return False
    born = one.values.get("born"), two.values.get("born")
    if all(born):
        return born[0] == born[1]
    return one.values.get("unit") == two.values.get("unit")


class Identities:
    """Matches the rows of a file to the cadres in the database, each cadre at most once."""

    def __init__(self, cadres: Sequence[CadreRow]) -> None:
        self._by_number = {cadre.archive_no: cadre for cadre in cadres if cadre.archive_no}
        self._by_name: dict[str, list[CadreRow]] = {}
        for cadre in cadres:
            self._by_name.setdefault(cadre.name, []).append(cadre)
        self._named: dict[int, CheckedRow] = {}

    def of(self, row: CheckedRow, unit: str, findings: Findings) -> CadreRow | None:
        """Return the cadre that a row in `unit` is about, or None for a new one.

        An ambiguous or contradictory row is refused.
        """
        number = row.values.get("archive_no", "")
        if cadre := self._by_number.get(number):
            if cadre.name == cut_before(row.typed["name"]):
                reason = f"档案号相同；早先存成“{cadre.name}”，漏了字，改正为“{row.values['name']}”"
                findings.adjust(row, "name", reason)
            elif cadre.name != row.values["name"]:
                where = f"（{cadre.unit_name}）" if cadre.unit_name else ""
                reason = f"已属于 {cadre.name}{where}；若是本人改名，请先在单位人员中改正姓名"
                findings.refuse(row, "archive_no", reason)
                return None
        else:
            try:
                cadre = self._without_number(row, unit)
            except RefusedError as refusal:
                findings.refuse(row, "name", str(refusal))
                return None
        if cadre is None:
            self._tell_namesakes(row, findings)
        elif (first := self._named.setdefault(cadre.id, row)) is not row:
            findings.refuse(row, "name", _same(first, row))
        return cadre

    def _without_number(self, row: CheckedRow, unit: str) -> CadreRow | None:
        """Match by name and either month of birth or unit.

        Cadres with a different archive number are not considered. Raises `RefusedError` with just
        the reason if several cadres match, or if the month of birth contradicts.
        """
        born = row.values.get("born", "")
        numbered = "archive_no" in row.values
        same = [
            cadre
            for cadre in self._by_name.get(row.values["name"], [])
            if not (numbered and cadre.archive_no)
        ]
        here = [cadre for cadre in same if cadre.unit_name == unit]
        for found in (
            [cadre for cadre in same if born and cadre.born == born],
            [cadre for cadre in here if not born or not cadre.born],
        ):
            if len(found) > 1:
                raise RefusedError(f"花名册里有 {len(found)} 人与此行相符，请填廉政档案号区分")
            if found:
                return found[0]
        if here:
            raise RefusedError(
                f"本单位已有 {here[0].name}，出生年月 {here[0].born}：若是同一人，请改正出生年月；"
                "若是两人，请给两人都填廉政档案号"
            )
        return None

    def _tell_namesakes(self, row: CheckedRow, findings: Findings) -> None:
        others = [
            f"{cadre.unit_name or '已退休'} {cadre.archive_no}".strip()
            for cadre in self._by_name.get(row.values["name"], [])
        ]
        if others:
            findings.adjust(row, "name", f"另有同名干部（{'；'.join(others)}），按另一人新增")
