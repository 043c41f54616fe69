"""花名册 read: cadres and their posts. Units are in `units`, changes in `edit`.

Callers get plain frozen values, never rows of the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from peewee import JOIN

from models.database.tables import Cadre, Post, Unit
from models.names import half_width, person_name
from models.refusal import RefusedError

# So many may be asked for in one query on any build of SQLite.
_AT_ONCE = 500


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
    return cadres([cadre_id])[cadre_id]


def cadres(cadre_ids: Iterable[int]) -> dict[int, CadreHistory]:
    """Cadres with all posts over the years, by id, in few queries: a round has a thousand.
    Raises `RefusedError` if one of them is not there."""
    wanted = list(dict.fromkeys(cadre_ids))
    rows: dict[int, CadreRow] = {}
    posts: dict[int, list[PostRow]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        for row in _rows(Cadre.id.in_(some), order=(Post.since.desc(), Post.id.desc())):
            rows.setdefault(row.id, row)
        query: Any = (
            Post.select(Post, Unit.name.alias("unit_name"))
            .join(Unit)
            .where(Post.cadre.in_(some))
            .order_by(Post.until != "", Post.since.desc(), Post.id.desc())
        )
        for values in query.dicts():
            posts.setdefault(values["cadre"], []).append(_post(values))
    if len(rows) < len(wanted):
        raise RefusedError("花名册里没有这名干部，可能已被另一程序改动。请返回后重新选择。")
    return {each: CadreHistory(rows[each], tuple(posts.get(each, ()))) for each in wanted}


def _post(values: dict[str, Any]) -> PostRow:
    return PostRow(
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
