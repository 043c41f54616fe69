"""The table in a report to a superior: votes, and the grade decided at a meeting.

Each subject has one row: its overall evaluation, then 研究确定的等次, blank if none was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.page.markup import Markup, ems, widest
from exports.page.master import Orientation
from exports.page.styles import Face
from exports.page.table import CELL_MARGIN, Cell, Row, table
from exports.parts.result_table import broken, pieces
from exports.parts.wording import grades_together, percent, spaced_name, together_name
from models.count.tally import PlaceTally
from models.regulation.levels import GradeScale

_WIDTH = Orientation.PORTRAIT.text_width
_SIZES = (24, 21, 20, 18, 15)  # half-points; the first that fits is used
_SLACK = 0.15  # spare characters
_FIXED = "研究确定的等次"


@dataclass(frozen=True)
class OutcomeRow:
    """One subject's row."""

    unit: str
    """The name of its unit."""
    name: str
    """The subject's name."""
    post: str
    """The subject's post; may be empty."""
    valid: int
    """The number of valid ballots."""
    place: PlaceTally | None
    """The overall evaluation; None if the sheet does not have one."""
    fixed: str
    """The grade decided at a meeting; empty if none was."""


@dataclass(frozen=True)
class _Column:
    """One column of the table."""

    title: str
    """The header."""
    texts: Sequence[tuple[str, ...]]
    """The cells, each as lines of text."""
    least: float
    """The minimum width in characters."""
    stretches: bool = False
    """Whether the column takes a share of the spare width. Its text may wrap."""

    @property
    def needs(self) -> float:
        """The minimum width in characters, with slack for columns of digits."""
        return self.least if self.stretches else self.least + _SLACK


def outcome_table(
    markup: Markup,
    scale: GradeScale,
    outcomes: Sequence[OutcomeRow],
    decimals: int,
    *,
    units: bool,
    named: str,
) -> str:
    """Return the table of `outcomes`, with votes above shares in each cell.

    `units` adds a column of units. `named`, unless empty, is the header of a column of names, which
    is followed by one of posts.
    """
    columns = [
        *_who(outcomes, units=units, named=named),
        _Column("有效", [(str(each.valid),) for each in outcomes], 2.0),
        *_grades(scale, outcomes, decimals),
        _Column(_FIXED, [(each.fixed,) for each in outcomes], 4.0),
    ]
    size, widths = _fitting(columns)
    rooms = [(width - 2 * CELL_MARGIN) / (size * 10) for width in widths]
    header = tuple(
        Cell(broken(column.title, room), face=Face.HEI)
        for column, room in zip(columns, rooms, strict=True)
    )
    height = size * 17
    rows = [Row(header, header=True, height=height)]
    for at in range(len(outcomes)):
        cells = (
            Cell(pieces(column.texts[at][0], room)) if column.stretches else Cell(column.texts[at])
            for column, room in zip(columns, rooms, strict=True)
        )
        # Keep the last two rows with the notes.
        rows.append(Row(tuple(cells), height=height, keep_next=at + 2 >= len(outcomes)))
    return table(markup, widths, rows, size)


def _who(outcomes: Sequence[OutcomeRow], *, units: bool, named: str) -> list[_Column]:
    found = []
    if len(outcomes) > 1:
        numbers = [(str(n),) for n in range(1, len(outcomes) + 1)]
        found.append(_Column("序号", numbers, 2.0))
    if units:
        found.append(_Column("单位", [(each.unit,) for each in outcomes], 4.5, stretches=True))
    if named:
        names = [spaced_name(each.name) for each in outcomes]
        longest = min(max(map(ems, names)), 6.0)
        found.append(_Column(named, [(name,) for name in names], longest, stretches=True))
        posts = [(each.post,) for each in outcomes]
        found.append(_Column("职务", posts, 4.5, stretches=True))
    return found


def _grades(scale: GradeScale, outcomes: Sequence[OutcomeRow], decimals: int) -> list[_Column]:
    """Return one column per grade and one for the upper grades combined.

    Empty if no sheet has an overall evaluation.
    """
    places = [each.place for each in outcomes]
    if not any(places):
        return []
    found = []

    def column(title: str, pairs: Sequence[tuple[str, ...]], name: float) -> None:
        broadest = max(widest(text) for pair in pairs for text in pair)
        found.append(_Column(title, pairs, max(broadest, name)))

    for at, grade in enumerate(scale.grades):
        pairs = [
            (str(place.grades[at]), percent(place.shares[at], decimals)) if place else ("", "")
            for place in places
        ]
        column(grade, pairs, len(grade) if len(grade) < 4 else -(-len(grade) // 2))
    if first := grades_together(scale):
        pairs = [
            (str(sum(place.grades[:first])), percent(place.share_of_first(first), decimals))
            if place
            else ("", "")
            for place in places
        ]
        column(together_name(scale), pairs, -(-len(together_name(scale)) // 3))
    return found


def _fitting(columns: Sequence[_Column]) -> tuple[int, list[int]]:
    """Return the largest text size that fits the page, and the column widths in twips.

    If none fits, the columns are squeezed at the smallest size.
    """
    found: list[int] = []
    for size in _SIZES:
        found = [round(each.needs * size * 10) + 2 * CELL_MARGIN for each in columns]
        if sum(found) <= _WIDTH:
            break
    else:
        found = [width * _WIDTH // sum(found) for width in found]
    spare = _WIDTH - sum(found)
    taking = [at for at, each in enumerate(columns) if each.stretches] or range(len(columns))
    each, rest = divmod(spare, len(taking))
    for number, at in enumerate(taking):
        found[at] += each + (number < rest)
    return size, found
