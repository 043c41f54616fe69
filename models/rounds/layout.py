"""The form (票种) of one level in one poll, and the order of its marks.

The marks of a ballot are ordered by subject, in team order. Within a subject come the items in
order, then the overall line. Values only; `models.rounds.sheets` reads them from the database.
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
    """A subject (被测评对象) as printed. Name and post are snapshots."""

    id: int
    """The subject's id."""
    name: str
    """The person's name; for a team, the unit's name."""
    post: str
    """The person's post; for a team, what the body is called."""
    cadre_id: int | None = None
    """The cadre in the roster, if it is one."""


@dataclass(frozen=True)
class Place:
    """The place of one mark on a sheet."""

    subject: int
    """The index of the subject on the sheet, from 0."""
    item: int
    """The number of the item, or `OVERALL`."""


@dataclass(frozen=True)
class SheetLayout:
    """One printed form."""

    level: Level
    """Its level."""
    title: str
    """The printed title."""
    scale: GradeScale
    """The grades to choose from."""
    items: tuple[Item, ...]
    """The items printed; empty if only the overall line is."""
    overall: bool
    """Whether the overall line is printed."""
    subjects: tuple[SubjectName, ...]
    """The subjects in printed order."""

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The lines of each subject: item numbers in order, then `OVERALL` if it is printed."""
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
        """All characters that are valid marks on this sheet."""
        return BLANK + OVERVOTE + "".join(map(str, range(1, len(self.scale.grades) + 1)))

    def place_of(self, subject: int, line: int) -> int:
        """The index of a subject's line within a ballot's marks."""
        return subject * len(self.lines) + self.lines.index(line)

    def fits(self, marks: str) -> bool:
        """Whether `marks` fills in this sheet completely."""
        return len(marks) == len(self.places) and not set(marks) - set(self.marks)


def layout(
    content: LevelContent, lines: SheetLines, subjects: tuple[SubjectName, ...]
) -> SheetLayout:
    """The sheet for a level's content under a round's setting.

    A level without items always has the overall line, so that the sheet is never empty.
    """
    items = () if lines is SheetLines.OVERALL else content.items
    overall = lines is not SheetLines.ITEMS or not items
    return SheetLayout(content.level, content.sheet_title, content.scale, items, overall, subjects)
