"""A person among the subjects of a poll: the same cadre is evaluated at several levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.regulation import Level
from models.sheet import SubjectName

# The levels at which a person's duty is evaluated (clause 二, （二） and （三）).
DUTY = (Level.CHIEF, Level.MEMBER)


@dataclass(frozen=True)
class Person:
    """One person of a poll: every level evaluated at, duty before integrity, with the subject
    there. The first of them stands for the person."""

    levels: tuple[tuple[Level, SubjectName], ...]

    @property
    def subject(self) -> SubjectName:
        """The subject that stands for the person."""
        return self.levels[0][1]


def persons(subjects: Mapping[Level, Sequence[SubjectName]]) -> tuple[Person, ...]:
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
    return tuple(Person(tuple(levels)) for levels in found.values())
