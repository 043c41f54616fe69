"""票种: the printed form of one level in one poll, and its order of marks.

A ballot's marks stand subject by subject in team order; within a subject the items in their
order, then the overall line. Pure values; `models.rounds.polls` reads them from the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from models.regulation.levels import GradeScale, Item, Level, LevelContent
from models.regulation.rules import SheetLines

BLANK = "0"
OVERVOTE = "*"
UNKEYED = " "
OVERALL = 0


@dataclass(frozen=True)
class SubjectName:
    """被测评对象 as printed: snapshots of name and post (both of the unit for a team)."""

    id: int
    name: str
    post: str
    cadre_id: int | None = None


@dataclass(frozen=True)
class Place:
    """One mark's place: the subject's index on the sheet, and the item's number or `OVERALL`."""

    subject: int
    item: int


@dataclass(frozen=True)
class SheetLayout:
    """One printed sheet. `items` are those printed, empty if only the overall line is."""

    level: Level
    title: str
    scale: GradeScale
    items: tuple[Item, ...]
    overall: bool
    subjects: tuple[SubjectName, ...]

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The lines of each subject: item numbers in order, then `OVERALL` if printed."""
        numbers = tuple(item.number for item in self.items)
        return (*numbers, OVERALL) if self.overall else numbers

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All places in printed order."""
        return tuple(
            Place(subject, line) for subject in range(len(self.subjects)) for line in self.lines
        )

    @cached_property
    def marks(self) -> str:
        """Every character that a mark of this sheet may be."""
        return BLANK + OVERVOTE + "".join(map(str, range(1, len(self.scale.grades) + 1)))

    def place_of(self, subject: int, line: int) -> int:
        """The index of a subject's line in the ballot's marks."""
        return subject * len(self.lines) + self.lines.index(line)

    def fits(self, marks: str) -> bool:
        """Whether `marks` is a complete ballot of this sheet."""
        return len(marks) == len(self.places) and not set(marks) - set(self.marks)


def layout(
    content: LevelContent, lines: SheetLines, subjects: tuple[SubjectName, ...]
) -> SheetLayout:
    """The sheet of a level's content under a round's setting. A level without items has the
    overall line whatever the setting, for a sheet must ask something."""
    items = () if lines is SheetLines.OVERALL else content.items
    overall = lines is not SheetLines.ITEMS or not items
    return SheetLayout(content.level, content.sheet_title, content.scale, items, overall, subjects)
