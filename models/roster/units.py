"""Read the tree of units (单位) and find units by name. Changes are in `models.roster.edit`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from models.database.tables import Post, Unit
from models.names import names_it, unit_name
from models.refusal import RefusedError, Way


@dataclass(frozen=True)
class UnitNode:
    """A unit in the tree."""

    id: int
    """Its id."""
    name: str
    """Full name."""
    short_name: str
    """Short name (简称), or empty."""
    kind: str
    """The office's category for it (单位类别), or empty."""
    parent_id: int | None
    """The unit above it, or None for a root."""
    position: int
    """Its order among siblings."""
    readings: str
    """How the characters of the name are read (`models.names.unit_readings`)."""
    closed: bool
    """Whether it is closed (撤销)."""
    depth: int
    """Its depth in the tree; 0 for a root."""
    cadres: int
    """How many cadres hold a post in it."""


def unit_tree() -> tuple[UnitNode, ...]:
    """All units in depth-first order, siblings in the office's order."""
    posts: Any = Post.select(Post.unit, fn.COUNT(Post.id)).where(Post.until == "")
    cadres: dict[int, int] = dict(posts.group_by(Post.unit).tuples())
    children: dict[int | None, list[Any]] = {}
    query: Any = Unit.select().order_by(Unit.position, Unit.id).namedtuples()
    for row in query:
        children.setdefault(row.parent, []).append(row)
    found: list[UnitNode] = []
    waiting = [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        found.append(
            UnitNode(
                id=row.id,
                name=row.name,
                short_name=row.short_name,
                kind=row.kind,
                parent_id=row.parent,
                position=row.position,
                readings=row.readings,
                closed=bool(row.closed),
                depth=depth,
                cadres=cadres.get(row.id, 0),
            )
        )
        waiting += [(child, depth + 1) for child in reversed(children.get(row.id, []))]
    return tuple(found)


def matches(unit: UnitNode, text: str) -> bool:
    """Whether a unit is looked for by a part of its name or short name, or by their readings
    (`models.names.names_it`). An empty text matches every unit."""
    wanted = unit_name(text)
    return names_it(unit.name, wanted, unit.readings) or (
        bool(unit.short_name) and names_it(unit.short_name, wanted)
    )


def find_unit(text: str) -> UnitNode:
    """Find a unit by its full name, or by its short name if only one unit has it.

    Among units with the same short name, open ones are preferred to closed ones. Raises
    `RefusedError` if there is no such unit, suggesting similar names, or if the short name is
    ambiguous.
    """
    wanted = unit_name(text)
    units = unit_tree()
    full = [unit for unit in units if unit.name == wanted]
    short = [unit for unit in units if wanted and unit.short_name == wanted]
    found = full or [unit for unit in short if not unit.closed] or short
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(unit.name for unit in found)
        raise RefusedError(f"简称“{wanted}”有 {len(found)} 个单位：{names}。请写全称。")
    if not units:
        raise RefusedError("还没有单位。请先导入单位名单。", Way.IMPORT_ROSTER)
    near = near_names(wanted, [(unit.name, unit.short_name) for unit in units])
    hint = f"相近的有：{'、'.join(near)}。" if near else "请检查全称或简称。"
    raise RefusedError(f"没有单位“{wanted}”。{hint}")


def near_names(wanted: str, units: list[tuple[str, str]]) -> list[str]:
    """Up to five full names similar to `wanted`; `units` are pairs of full and short name."""
    if not wanted:
        return []
    part = [full for full, short in units if wanted in full or wanted in short]
    # Names end alike (…工商行政管理局), so a match must also begin similarly.
    by_name = {
        name: full
        for full, short in reversed(units)
        for name in (full, short)
        if set(name[:2]) & set(wanted[:2])
    }
    # Takes 2 ms to import and is needed only for unknown names.
    import difflib

    close = difflib.get_close_matches(wanted, by_name, n=5, cutoff=0.6)
    return list(dict.fromkeys(part + [by_name[name] for name in close]))[:5]
