"""花名册 read: units as a tree, cadres, their posts. Changes are `models.roster_edit`.

Callers get plain frozen values, never rows of the database.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from peewee import JOIN, fn

from models.names import half_width, person_name, unit_name
from models.refusal import RefusedError
from models.tables import Cadre, Post, Unit


class Role(IntEnum):
    """班子角色: a cadre's place in the leadership team."""

    CHIEF = 1
    MEMBER = 2
    OTHER = 3

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {Role.CHIEF: "正职", Role.MEMBER: "班子成员", Role.OTHER: "其他"}
_ROLE_SYNONYMS = {
    "班子正职": Role.CHIEF,
    "主要负责人": Role.CHIEF,
    "成员": Role.MEMBER,
    "领导班子成员": Role.MEMBER,
    "其它": Role.OTHER,
    "其他干部": Role.OTHER,
    "非班子成员": Role.OTHER,
}
ROLE_NAMES = "正职、成员（班子成员）、其他"


def role_named(text: str) -> Role | None:
    """The role that `text` names, if it names one."""
    for role, label in _ROLE_LABELS.items():
        if text == label:
            return role
    return _ROLE_SYNONYMS.get(text)


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


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of a cadre as a person. Months as `1965.09`; unknown is empty."""

    name: str
    gender: str = ""
    ethnicity: str = ""
    born: str = ""
    native_place: str = ""
    party: str = ""
    joined_party: str = ""
    started_work: str = ""
    education: str = ""
    archive_no: str = ""


@dataclass(frozen=True, kw_only=True)
class PostDetails:
    """A place in a unit: title 职务, role, rank order in the team from 1, tier 职级, and the
    month it began."""

    unit_id: int
    title: str = ""
    role: Role = Role.OTHER
    rank: int = 99
    tier: str = ""
    since: str = ""


@dataclass(frozen=True, kw_only=True)
class CadreRow(Person):
    """A cadre with the post held now. Without one (retired) `unit_id` and `post_id` are None and
    the fields of the post are empty."""

    id: int
    initials: str
    retired: bool
    post_id: int | None
    unit_id: int | None
    unit_name: str
    unit_short_name: str
    title: str
    role: Role
    rank: int
    tier: str
    since: str


@dataclass(frozen=True, kw_only=True)
class PostRow(PostDetails):
    """A post, held now (`until` is empty) or earlier."""

    id: int
    unit_name: str
    until: str


@dataclass(frozen=True)
class CadreHistory:
    """A cadre and all posts over the years, the present one first, then newest to oldest."""

    row: CadreRow
    posts: tuple[PostRow, ...]


# ── units ──


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
        raise RefusedError("还没有单位。请先导入单位名单：ceping import 文件。")
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
    close = difflib.get_close_matches(wanted, by_name, n=5, cutoff=0.6)
    return list(dict.fromkeys(part + [by_name[name] for name in close]))[:5]


# ── cadres ──


def _rows(*conditions: Any, order: tuple[Any, ...]) -> tuple[CadreRow, ...]:
    present = (Post.cadre == Cadre.id) & (Post.until == "")
    query: Any = (
        Cadre.select(
            Cadre,
            Post.id.alias("post_id"),
            Post.unit.alias("unit_id"),
            Unit.name.alias("unit_name"),
            Unit.short_name.alias("unit_short_name"),
            Post.title,
            Post.role,
            Post.rank,
            Post.tier,
            Post.since,
        )
        .join(Post, JOIN.LEFT_OUTER, on=present)
        .join(Unit, JOIN.LEFT_OUTER, on=(Post.unit == Unit.id))
        .order_by(*order)
    )
    if conditions:
        query = query.where(*conditions)
    return tuple(_row(values) for values in query.dicts())


def _row(values: dict[str, Any]) -> CadreRow:
    values["archive_no"] = values["archive_no"] or ""
    values["retired"] = bool(values["retired"])
    if values["post_id"] is None:
        values |= dict.fromkeys(("unit_name", "unit_short_name", "title", "tier", "since"), "")
        values["role"], values["rank"] = Role.OTHER, 99
    values["role"] = Role(values["role"])
    return CadreRow(**values)


def team(unit_id: int) -> tuple[CadreRow, ...]:
    """The leadership team of a unit, chief and members, in rank order."""
    in_team = Post.role.in_([int(Role.CHIEF), int(Role.MEMBER)])
    order = (Post.role, Post.rank, Post.id)
    return _rows(Post.unit == unit_id, in_team, ~Cadre.retired, order=order)


def cadres_of(unit_id: int) -> tuple[CadreRow, ...]:
    """All who hold a post in a unit: chief, members and others, each in rank order."""
    return _rows(Post.unit == unit_id, order=(Post.role, Post.rank, Post.id))


def all_cadres() -> tuple[CadreRow, ...]:
    """Every cadre, the retired too, in the order they were first recorded."""
    return _rows(order=(Cadre.id,))


def search(text: str, limit: int = 50) -> tuple[CadreRow, ...]:
    """Cadres by part of the name, first letters of its syllables, or part of the archive number;
    the best hits first, the retired last. Nothing is found for an empty text."""
    wanted = person_name(half_width(text))
    if not wanted:
        return ()
    letters = wanted.lower().replace(" ", "")
    hit = (
        Cadre.name.contains(wanted)
        | Cadre.initials.startswith(letters)
        | Cadre.archive_no.contains(wanted)
    )

    def distance(row: CadreRow) -> tuple[bool, int]:
        places = (
            row.name == wanted,
            row.archive_no.lower() == letters,
            row.initials == letters,
            row.name.startswith(wanted),
            row.initials.startswith(letters),
        )
        return row.retired, places.index(True) if True in places else len(places)

    found = _rows(hit, order=(Cadre.initials, Cadre.name, Cadre.id))
    return tuple(sorted(found, key=distance)[:limit])


def cadre(cadre_id: int) -> CadreHistory:
    """A cadre with all posts over the years. Raises `RefusedError` if there is none."""
    rows = _rows(Cadre.id == cadre_id, order=(Post.since.desc(), Post.id.desc()))
    if not rows:
        raise RefusedError("花名册里没有这名干部，可能已被另一程序改动。请返回后重新选择。")
    query: Any = (
        Post.select(Post, Unit.name.alias("unit_name"))
        .join(Unit)
        .where(Post.cadre == cadre_id)
        .order_by(Post.until != "", Post.since.desc(), Post.id.desc())
    )
    posts = tuple(
        PostRow(
            id=values["id"],
            unit_id=values["unit"],
            unit_name=values["unit_name"],
            title=values["title"],
            role=Role(values["role"]),
            rank=values["rank"],
            tier=values["tier"],
            since=values["since"],
            until=values["until"],
        )
        for values in query.dicts()
    )
    return CadreHistory(rows[0], posts)
