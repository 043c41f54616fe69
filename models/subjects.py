"""被测评对象: who is evaluated at which level, proposed from the roster in team order."""

from __future__ import annotations

from typing import Any

from models.regulation import Level
from models.sheet import SubjectName
from models.tables import Cadre, Post, Subject

# Role numbers of `models.roster.Role`; the roster module reads more than is needed here.
_CHIEF, _MEMBER = 1, 2


def propose(unit_id: int, unit_name: str) -> dict[Level, list[SubjectName]]:
    """The subjects of a unit by the regulation's five contents (clause 二): the team and the
    discipline body under the unit's name, the chief, the members, and for integrity all of the
    team. Levels without subjects are left out."""
    rows: Any = (
        Post.select(Post.role, Post.title, Cadre.id, Cadre.name)
        .join(Cadre)
        .where(
            (Post.unit == unit_id)
            & (Post.until == "")
            & Post.role.in_([_CHIEF, _MEMBER])
            & (Cadre.retired == False)  # noqa: E712 - peewee builds SQL from the comparison
        )
        .order_by(Post.role, Post.rank, Post.id)
        .tuples()
    )
    team = [(role, SubjectName(0, name, title, cadre_id)) for role, title, cadre_id, name in rows]
    chiefs = [subject for role, subject in team if role == _CHIEF]
    members = [subject for role, subject in team if role == _MEMBER]
    if not team:
        return {}
    found = {
        Level.TEAM: [SubjectName(0, unit_name, "领导班子")],
        Level.CHIEF: chiefs,
        Level.MEMBER: members,
        Level.DISCIPLINE: [SubjectName(0, unit_name, "纪检监察机关")],
        Level.INTEGRITY: chiefs + members,
    }
    return {level: subjects for level, subjects in found.items() if subjects}


def subjects(poll_id: int) -> dict[Level, tuple[SubjectName, ...]]:
    """The subjects of a poll by level, in printed order."""
    found: dict[Level, list[SubjectName]] = {}
    query = Subject.select().where(Subject.poll == poll_id)
    for row in query.order_by(Subject.level, Subject.position):
        found.setdefault(Level(row.level), []).append(
            SubjectName(row.id, row.name, row.post, row.cadre_id)
        )
    return {level: tuple(names) for level, names in found.items()}


def subjects_of_sheet(sheet_id: int) -> tuple[SubjectName, ...]:
    """The subjects printed on one sheet, in order."""
    query = Subject.select().where(Subject.sheet == sheet_id).order_by(Subject.position)
    return tuple(SubjectName(row.id, row.name, row.post, row.cadre_id) for row in query)
