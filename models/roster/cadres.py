"""Read cadres and their posts from the roster (花名册).

Units are in `models.roster.units`, changes in `models.roster.edit`. Callers get frozen values,
never database rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from models.database.tables import Cadre, Post, Unit
from models.names import half_width, nearness, person_name
from models.refusal import RefusedError
from models.roster.roles import Role

# The number of ids in one query; every build of SQLite accepts this many parameters.
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Person:
    """Personal data of a cadre. Unknown values are empty."""

    name: str
    """Name (姓名)."""
    gender: str = ""
    """Gender: 男 or 女."""
    ethnicity: str = ""
    """Ethnicity (民族)."""
    born: str = ""
    """Month of birth, as `1965.09`."""
    native_place: str = ""
    """Native place (籍贯)."""
    party: str = ""
    """Political status (政治面貌)."""
    joined_party: str = ""
    """Month of joining the party, as `1965.09`."""
    started_work: str = ""
    """Month of starting work (参加工作时间), as `1965.09`."""
    education: str = ""
    """Education (学历)."""
    archive_no: str = ""
    """Number of the integrity archive (廉政档案号)."""


@dataclass(frozen=True, kw_only=True)
class PostDetails:
    """A post in a unit. Unknown texts are empty."""

    unit_id: int
    """The unit."""
    title: str = ""
    """Title (职务)."""
    role: Role = Role.OTHER
    """Role in the leadership team."""
    rank: int = 99
    """Rank in the team, from 1."""
    tier: str = ""
    """Tier (职级)."""
    since: str = ""
    """The month it began, as `1965.09`."""


@dataclass(frozen=True, kw_only=True)
class CadreRow(Person):
    """A cadre with the current post, if any; a retired cadre has none."""

    id: int
    """Id of the cadre."""
    readings: str
    """How the characters of the name are read (`models.names.person_readings`)."""
    retired: bool
    """Whether the cadre is retired."""
    post_id: int | None
    """The current post, or None."""
    unit_id: int | None
    """The unit of the post, or None."""
    unit_name: str
    """Full name of the unit; empty without a post."""
    unit_short_name: str
    """Short name of the unit; empty without a post."""
    title: str
    """Title (职务); empty without a post."""
    role: Role
    """Role in the leadership team; `OTHER` without a post."""
    rank: int
    """Rank in the team, from 1; 99 without a post."""
    tier: str
    """Tier (职级); empty without a post."""
    since: str
    """The month the post began, as `1965.09`; empty without a post."""


@dataclass(frozen=True, kw_only=True)
class PostRow(PostDetails):
    """A current or former post."""

    id: int
    """Id of the post."""
    unit_name: str
    """Full name of the unit."""
    until: str
    """The month it ended, as `1965.09`; empty for the current post."""


@dataclass(frozen=True)
class CadreHistory:
    """A cadre and all posts held over the years."""

    row: CadreRow
    """The cadre."""
    posts: tuple[PostRow, ...]
    """The posts: the current one first, then from newest to oldest."""


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
    """The leadership team of a unit: the chief and the members, in rank order."""
    in_team = Post.role.in_([int(Role.CHIEF), int(Role.MEMBER)])
    order = (Post.role, Post.rank, Post.id)
    return _rows(Post.unit == unit_id, in_team, ~Cadre.retired, order=order)


def cadres_of(unit_id: int) -> tuple[CadreRow, ...]:
    """Everyone with a post in a unit: chief, members, then others, each in rank order."""
    return _rows(Post.unit == unit_id, order=(Post.role, Post.rank, Post.id))


def all_cadres() -> tuple[CadreRow, ...]:
    """All cadres, including retired ones, in the order they were first recorded."""
    return _rows(order=(Cadre.id,))


def search(text: str, limit: int = 50) -> tuple[CadreRow, ...]:
    """Find cadres by name, by how it is read (`models.names.nearness`), or by a part of the archive
    number.

    The best matches come first and retired cadres last, at most `limit` of them. An empty text
    finds nothing.
    """
    wanted = person_name(half_width(text))
    if not wanted:
        return ()
    number = wanted.lower().replace(" ", "")
    query: Any = Cadre.select(
        Cadre.id, Cadre.name, Cadre.readings, Cadre.archive_no, Cadre.retired
    ).tuples()
    found = []
    for cadre_id, name, readings, archive_no, retired in query:
        near = nearness(name, wanted, readings)
        if archive_no and number in archive_no.lower():
            near = 0 if number == archive_no.lower() else min(near or 6, 6)
        if near is not None:
            found.append((bool(retired), near, readings, name, cadre_id))
    ids = [each[-1] for each in sorted(found)[:limit]]
    rows: dict[int, CadreRow] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = _rows(Cadre.id.in_(ids[start : start + _AT_ONCE]), order=(Cadre.id,))
        rows |= {row.id: row for row in some}
    return tuple(rows[each] for each in ids)


def cadre(cadre_id: int) -> CadreHistory:
    """A cadre with all posts. Raises `RefusedError` if there is no such cadre."""
    return cadres([cadre_id])[cadre_id]


def cadres(cadre_ids: Iterable[int]) -> dict[int, CadreHistory]:
    """Cadres with all their posts, by id. Raises `RefusedError` if any of them does not exist.

    Uses few queries, because a round has about a thousand cadres.
    """
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
