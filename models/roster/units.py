"""单位: the tree of units, and a unit found by its name. Changes are `models.roster.edit`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from models.database.tables import Post, Unit
from models.names import unit_name
from models.refusal import RefusedError, Way


@dataclass(frozen=True)
class UnitNode:
    """A unit in the tree. `depth` counts from 0 at a root, `position` among its siblings;
    `cadres` is how many hold a post in it."""

    id: int
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    position: int
    initials: str
    closed: bool
    depth: int
    cadres: int


def unit_tree() -> tuple[UnitNode, ...]:
    """All units, each followed by those under it, siblings in the office's order."""
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
                initials=row.initials,
                closed=bool(row.closed),
                depth=depth,
                cadres=cadres.get(row.id, 0),
            )
        )
        waiting += [(child, depth + 1) for child in reversed(children.get(row.id, []))]
    return tuple(found)


def find_unit(text: str) -> UnitNode:
    """The unit whose full or, if only one has it, short name is `text`. A unit that is not
    closed goes before a closed one. Raises `RefusedError` that names those that come near."""
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
    """Up to five full names of units (full, short) that come near to `wanted`."""
    if not wanted:
        return []
    part = [full for full, short in units if wanted in full or wanted in short]
    # All names end alike (…工商行政管理局), so they must also begin nearly alike.
    by_name = {
        name: full
        for full, short in reversed(units)
        for name in (full, short)
        if set(name[:2]) & set(wanted[:2])
    }
    # Costs 2 ms to import; only a name that is not known needs it.
    import difflib

    close = difflib.get_close_matches(wanted, by_name, n=5, cutoff=0.6)
    return list(dict.fromkeys(part + [by_name[name] for name in close]))[:5]
