"""Value types for the terms of the regulation: levels, grade scales and items.

The values come from ceping.toml (`models.settings.office`) or, once a round is open, from the
round's own copy (`models.rounds.life`). The five contents of evaluation are defined in clause 二
of the regulation, three of the scales in clause 四.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """The five contents of evaluation (clause 二), in the order of the regulation."""

    TEAM = 1
    CHIEF = 2
    MEMBER = 3
    DISCIPLINE = 4
    INTEGRITY = 5

    @property
    def key(self) -> str:
        """The name of the level's table in ceping.toml."""
        return self.name.lower()

    @property
    def personal(self) -> bool:
        """Whether the subjects are people, not a team or a discipline body."""
        return self in (Level.CHIEF, Level.MEMBER, Level.INTEGRITY)


@dataclass(frozen=True)
class GradeScale:
    """The grades of a level."""

    grades: tuple[str, ...]
    """The grades, from best to worst."""
    short: tuple[str, ...]
    """A short name for each grade, for narrow columns."""
    unstated: bool = False
    """True if the regulation names no scale for the level (制度未明示) and the office chose one."""


@dataclass(frozen=True)
class Item:
    """One numbered item of a level."""

    number: int
    """Its number in the level, from 1."""
    title: str
    """A short name for narrow columns; empty for integrity items that are set for one year."""
    statement: str
    """The wording on the ballot."""
    clause: str
    """The clause of the regulation that it comes from."""


@dataclass(frozen=True)
class LevelContent:
    """A level with its names, scale and items."""

    level: Level
    """The level."""
    name: str
    """Its Chinese name."""
    sheet_title: str
    """The title of its sheets (民主测评票)."""
    scale: GradeScale
    """Its grades."""
    items: tuple[Item, ...]
    """Its items, in order of number."""
    clause: str
    """The clause of the regulation that it comes from."""
