"""What an import would do, as plain values: the listing for people and the steps for the
database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.names import unit_name
from models.refusal import RefusedError
from models.roster.columns import SheetKind
from models.roster.units import near_names


@dataclass(frozen=True)
class Addition:
    """A unit or a cadre the database does not have yet. `place` is the parent's or the unit's
    name."""

    kind: SheetKind
    sheet: str
    row: int
    name: str
    place: str


@dataclass(frozen=True)
class FieldChange:
    """One field of a known unit or cadre that the file gives otherwise. `field` is Chinese."""

    kind: SheetKind
    sheet: str
    row: int
    who: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class UnitStep:
    """A unit to make (`unit_id` None) or change: columns to set, and the parent's name, None if
    it stays (or there is none)."""

    unit_id: int | None
    name: str
    values: Mapping[str, str | int]
    parent: str | None


@dataclass(frozen=True)
class CadreStep:
    """A cadre to record (`cadre_id` None) or change. With `unit` a new post begins there and
    those held end (in the month `until`, this month if empty); else `post` changes the post
    `post_id`."""

    cadre_id: int | None
    name: str
    person: Mapping[str, str]
    post: Mapping[str, str | int]
    post_id: int | None = None
    unit: str | None = None
    until: str = ""

    @property
    def moved(self) -> bool:
        """Whether a known cadre begins a new post."""
        return self.cadre_id is not None and self.unit is not None


@dataclass
class KnownUnits:
    """The units of the database and the file together, found by full or short name; `blocked`
    are names whose row (number) was refused."""

    closed: dict[str, bool] = field(default_factory=dict)
    short: dict[str, list[str]] = field(default_factory=dict)
    blocked: dict[str, int] = field(default_factory=dict)
    _hints: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, short_name: str, closed: bool) -> None:
        """Make a unit known."""
        self.closed[name] = closed
        if short_name:
            self.short.setdefault(short_name, []).append(name)

    def resolve(self, text: str) -> str:
        """The full name of the open unit that `text` names. Raises `RefusedError` with the
        reason alone."""
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
        # One wrong name often stands in many rows, and looking for near ones is slow.
        if wanted not in self._hints:
            self._hints[wanted] = self._hint(wanted)
        raise RefusedError(f"没有这个单位，{self._hints[wanted]}")

    def _hint(self, wanted: str) -> str:
        short_of = {name: short for short, names in self.short.items() for name in names}
        near = near_names(wanted, [(name, short_of.get(name, "")) for name in self.closed])
        if near:
            return f"相近的有 {'、'.join(near)}"
        return "请核对名称，或先导入这个单位"
