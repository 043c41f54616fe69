"""被测评对象: who is evaluated at which level, proposed from the roster in team order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from models.database.tables import Cadre, Poll, Post, Subject, database
from models.regulation.levels import Level
from models.roster.cadres import Role
from models.rounds.layout import SubjectName


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
    """The same of every poll of a round, read in one query."""
    return _by_poll(Subject.poll.in_(Poll.select(Poll.id).where(Poll.round == round_id)))


def _by_poll(condition: Any) -> dict[int, dict[Level, tuple[SubjectName, ...]]]:
    query: Any = Subject.select(
        Subject.poll, Subject.level, Subject.id, Subject.name, Subject.post, Subject.cadre
    ).where(condition)
    found: dict[int, dict[Level, list[SubjectName]]] = {}
    # Tuples: a model instance a row takes five times as long, and a province has 1500 rows.
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
    """The same of every sheet of a poll, read in one query."""
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
    """How many subjects a poll has at each level."""

    by_level: Mapping[Level, int]

    def at(self, level: Level) -> int:
        """The number at one level."""
        return self.by_level.get(level, 0)

    @property
    def total(self) -> int:
        """Subjects of all levels, a person once for each level."""
        return sum(self.by_level.values())

    @property
    def missing(self) -> str:
        """What the poll lacks, in words; empty if every level has someone. Only a poll without
        any subject keeps its round from opening."""
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
    """The subjects of a round's polls, counted in one query; a poll without any is left out."""
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


# The levels at which a person's duty is evaluated (clause 二, （二） and （三）).
DUTY = (Level.CHIEF, Level.MEMBER)


@dataclass(frozen=True)
class EvaluatedPerson:
    """One person of a poll: every level evaluated at, duty before integrity, with the subject
    there. The first of them stands for the person."""

    levels: tuple[tuple[Level, SubjectName], ...]

    @property
    def subject(self) -> SubjectName:
        """The subject that stands for the person."""
        return self.levels[0][1]


def persons(subjects: Mapping[Level, Sequence[SubjectName]]) -> tuple[EvaluatedPerson, ...]:
    """Every person evaluated, in team order.

    The same person at two levels is known by the roster's number or, for one who is not in the
    roster, by name and post; namesakes there by their order.
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
