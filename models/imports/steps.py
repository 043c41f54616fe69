"""The parts of an import plan: a listing for the user and steps to apply to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.names import unit_name
from models.refusal import RefusedError
from models.roster.columns import SheetKind
from models.roster.units import near_names


@dataclass(frozen=True)
class Addition:
    """A unit or cadre that is not in the database yet."""

    kind: SheetKind
    """Whether it is a unit or a cadre."""
    sheet: str
    """Name of the worksheet; empty for a .csv."""
    row: int
    """Row number, as the spreadsheet shows it."""
    name: str
    """Name of the unit or cadre."""
    place: str
    """For a unit, the name of its parent; for a cadre, the name of the unit. Empty if none."""


@dataclass(frozen=True)
class FieldChange:
    """A field of an existing unit or cadre whose value differs in the file."""

    kind: SheetKind
    """Whether it belongs to a unit or a cadre."""
    sheet: str
    """Name of the worksheet; empty for a .csv."""
    row: int
    """Row number, as the spreadsheet shows it."""
    who: str
    """Name of the unit or cadre."""
    field: str
    """Chinese label of the field."""
    old: str
    """The value in the database."""
    new: str
    """The value in the file."""


@dataclass(frozen=True)
class UnitStep:
    """A unit to create or change."""

    unit_id: int | None
    """Id of the unit to change; None to create one."""
    name: str
    """Full name of the unit."""
    values: Mapping[str, str | int]
    """The columns to set."""
    parent: str | None
    """Name of the parent to set; None to leave it as it is, or for a new unit without one."""


@dataclass(frozen=True)
class CadreStep:
    """A cadre to create or change."""

    cadre_id: int | None
    """Id of the cadre to change; None to create one."""
    name: str
    """Name of the cadre."""
    person: Mapping[str, str]
    """The personal columns to set."""
    post: Mapping[str, str | int]
    """The columns of the post to set."""
    post_id: int | None = None
    """Id of the post to change, if no new one begins."""
    unit: str | None = None
    """Name of the unit in which a new post begins; None if no new post begins. Current posts end
    then."""
    until: str = ""
    """The month in which current posts end, as `1965.09`; empty for this month."""

    @property
    def moved(self) -> bool:
        """Whether an existing cadre starts a new post."""
        return self.cadre_id is not None and self.unit is not None


@dataclass
class KnownUnits:
    """The units of the database and of the file, which can be found by full or short name."""

    closed: dict[str, bool] = field(default_factory=dict)
    """Whether a unit is closed, by full name."""
    short: dict[str, list[str]] = field(default_factory=dict)
    """Full names by short name."""
    blocked: dict[str, int] = field(default_factory=dict)
    """New units whose row was refused: row number by full name."""
    _hints: dict[str, str] = field(default_factory=dict)
    """Cached hints, by the name that was not found."""

    def add(self, name: str, short_name: str, closed: bool) -> None:
        """Add a unit."""
        self.closed[name] = closed
        if short_name:
            self.short.setdefault(short_name, []).append(name)

    def resolve(self, text: str) -> str:
        """Return the full name of the open unit with the full or short name `text`.

        Raises `RefusedError` with just the reason if there is no such unit or more than one.
        """
        wanted = unit_name(text)
        if wanted in self.closed:
            found = [wanted]
        else:
            named = self.short.get(wanted, [])
            found = [name for name in named if not self.closed[name]] or named
        if len(found) > 1:
            raise RefusedError(f"简称有 {len(found)} 个单位：{'、'.join(found)}，请写全称")
        if found and not self.closed[found[0]]:
            return found[0]
        if found:
            raise RefusedError(f"{found[0]} 已撤销")
        if wanted in self.blocked:
            raise RefusedError(f"这个单位在第 {self.blocked[wanted]} 行被拒绝，请先改正那一行")
        # Cached, because a wrong name often occurs in many rows and the search is slow.
        if wanted not in self._hints:
            self._hints[wanted] = self._hint(wanted)
        raise RefusedError(f"没有这个单位，{self._hints[wanted]}")

    def _hint(self, wanted: str) -> str:
        short_of = {name: short for short, names in self.short.items() for name in names}
        near = near_names(wanted, [(name, short_of.get(name, "")) for name in self.closed])
        if near:
            return f"相近的有 {'、'.join(near)}"
        return "请核对名称，或先导入这个单位"
