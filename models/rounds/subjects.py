"""Subjects (被测评对象): who is evaluated at which level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from models.database.tables import Cadre, Poll, Post, Subject, database
from models.regulation.levels import Level
from models.roster.roles import Role
from models.rounds.layout import SubjectName


def propose(unit_id: int, unit_name: str) -> dict[Level, list[SubjectName]]:
    """Propose the subjects of a unit from the roster, by level and in team order.

    The levels are the five contents of regulation clause 二: the team and the discipline body,
    both under the unit's name, the chief, the members, and the whole team for integrity. Levels
    without subjects are left out.
    """
    rows: Any = (
        Post.select(Post.role, Post.title, Cadre.id, Cadre.name)
        .join(Cadre)
        .where(
            (Post.unit == unit_id)
            & (Post.until == "")
            & Post.role.in_([Role.CHIEF, Role.MEMBER])
            & (Cadre.retired == False)  # noqa: E712 - peewee builds SQL from the comparison
        )
        .order_by(Post.role, Post.rank, Post.id)
        .tuples()
    )
    team = [(role, SubjectName(0, name, title, cadre_id)) for role, title, cadre_id, name in rows]
    chiefs = [subject for role, subject in team if role == Role.CHIEF]
    members = [subject for role, subject in team if role == Role.MEMBER]
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
    return _by_poll(Subject.poll == poll_id).get(poll_id, {})


def subjects_of_round(round_id: int) -> dict[int, dict[Level, tuple[SubjectName, ...]]]:
    """The subjects of every poll of a round, by poll id and level, in one query."""
    return _by_poll(Subject.poll.in_(Poll.select(Poll.id).where(Poll.round == round_id)))


def _by_poll(condition: Any) -> dict[int, dict[Level, tuple[SubjectName, ...]]]:
    query: Any = Subject.select(
        Subject.poll, Subject.level, Subject.id, Subject.name, Subject.post, Subject.cadre
    ).where(condition)
    found: dict[int, dict[Level, list[SubjectName]]] = {}
    # Tuples, because model instances take five times as long and a province has 1500 rows.
    rows = query.order_by(Subject.level, Subject.position).tuples()
    for poll_id, level, *subject in rows:
        found.setdefault(poll_id, {}).setdefault(Level(level), []).append(SubjectName(*subject))
    return {
        poll_id: {level: tuple(names) for level, names in levels.items()}
        for poll_id, levels in found.items()
    }


def subjects_of_sheet(sheet_id: int) -> tuple[SubjectName, ...]:
    """The subjects printed on one sheet, in order."""
    rows = database.execute_sql(
        "SELECT id, name, post, cadre_id FROM subject WHERE sheet_id = ? ORDER BY position",
        (sheet_id,),
    )
    return tuple(SubjectName(*row) for row in rows)


def subjects_by_sheet(poll_id: int) -> dict[int, tuple[SubjectName, ...]]:
    """The subjects of every sheet of a poll, by sheet id, in one query."""
    rows = database.execute_sql(
        "SELECT sheet_id, id, name, post, cadre_id FROM subject "
        "WHERE poll_id = ? AND sheet_id IS NOT NULL ORDER BY sheet_id, position",
        (poll_id,),
    )
    found: dict[int, list[SubjectName]] = {}
    for sheet_id, *subject in rows:
        found.setdefault(sheet_id, []).append(SubjectName(*subject))
    return {sheet_id: tuple(names) for sheet_id, names in found.items()}


@dataclass(frozen=True)
class SubjectCount:
    """The number of subjects of a poll."""

    by_level: Mapping[Level, int]
    """The number at each level; levels without subjects are left out."""

    def at(self, level: Level) -> int:
        """The number at one level."""
        return self.by_level.get(level, 0)

    @property
    def total(self) -> int:
        """The total over all levels; a person counts once per level."""
        return sum(self.by_level.values())

    @property
    def missing(self) -> str:
        """The levels without subjects, as Chinese text; empty if there are none.

        Only a poll without any subjects prevents its round from opening.
        """
        if not self.total:
            return "没有被测评对象"
        lacking = [name for level, name in _LEVEL_NAMES.items() if not self.at(level)]
        return f"无{'、'.join(lacking)}" if lacking else ""


_LEVEL_NAMES = {
    Level.TEAM: "领导班子",
    Level.CHIEF: "正职",
    Level.MEMBER: "班子成员",
    Level.DISCIPLINE: "纪检监察机关",
    Level.INTEGRITY: "廉洁自律",
}


def counts(round_id: int) -> dict[int, SubjectCount]:
    """The number of subjects by poll id, in one query. Polls without subjects are left out."""
    rows: Any = (
        Subject.select(Subject.poll, Subject.level, fn.COUNT(Subject.id))
        .join(Poll)
        .where(Poll.round == round_id)
        .group_by(Subject.poll, Subject.level)
        .tuples()
    )
    found: dict[int, dict[Level, int]] = {}
    for poll_id, level, n in rows:
        found.setdefault(poll_id, {})[Level(level)] = n
    return {poll_id: SubjectCount(levels) for poll_id, levels in found.items()}


# The levels that evaluate a person's duty (clause 二, （二） and （三）).
DUTY = (Level.CHIEF, Level.MEMBER)


@dataclass(frozen=True)
class EvaluatedPerson:
    """A person evaluated in a poll."""

    levels: tuple[tuple[Level, SubjectName], ...]
    """The person's levels with the subject at each, duty before integrity."""

    @property
    def subject(self) -> SubjectName:
        """The subject that represents the person: the one at the first level."""
        return self.levels[0][1]


def persons(subjects: Mapping[Level, Sequence[SubjectName]]) -> tuple[EvaluatedPerson, ...]:
    """All persons evaluated, in team order.

    A person at two levels is matched by cadre id or, if not in the roster, by name and post.
    People with the same name and post are matched by their order.
    """
    found: dict[object, list[tuple[Level, SubjectName]]] = {}
    for level in (*DUTY, Level.INTEGRITY):
        namesakes = Counter[tuple[str, str]]()
        for subject in subjects.get(level, ()):
            own = (subject.name, subject.post)
            key: object = subject.cadre_id or (*own, namesakes[own])
            namesakes[own] += 1
            found.setdefault(key, []).append((level, subject))
    return tuple(EvaluatedPerson(tuple(levels)) for levels in found.values())
