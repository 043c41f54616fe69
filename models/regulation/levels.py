"""The regulation's terms as values: levels, scales of grades and items.

The values come from ceping.toml (`models.settings.office`) or, once a round is open, from the
round's own copy (`models.rounds.life`). The structure, five contents of evaluation, is clause 二
of the regulation; three of the scales are clause 四.
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
        """The name of this level's table in ceping.toml."""
        return self.name.lower()

    @property
    def personal(self) -> bool:
        """Whether the subjects are persons (not a team or a discipline body)."""
        return self in (Level.CHIEF, Level.MEMBER, Level.INTEGRITY)


@dataclass(frozen=True)
class GradeScale:
    """Grades from the best to the worst, with a short name of each for narrow columns.

    `unstated` says that the regulation names no scale for this level (制度未明示) and the office
    set this one.
    """

    grades: tuple[str, ...]
    short: tuple[str, ...]
    unstated: bool = False


@dataclass(frozen=True)
class Item:
    """One numbered content of a level.

    `title` is for narrow columns (empty for the year's own integrity items), `statement` for the
    ballot, `clause` names its source in the regulation.
    """

    number: int
    title: str
    statement: str
    clause: str


@dataclass(frozen=True)
class LevelContent:
    """A level with its names, scale and items."""

    level: Level
    name: str
    sheet_title: str
    scale: GradeScale
    items: tuple[Item, ...]
    clause: str
