"""Votes beside the grade that people fixed after study: the table in a report to a superior.

One line a subject: its overall evaluation, then 研究确定的等次, blank where nobody fixed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.page.markup import Markup, ems
from exports.page.master import Orientation
from exports.page.styles import Face
from exports.page.table import CELL_MARGIN, Cell, Row, table
from exports.parts.result_table import broken, pieces
from exports.parts.wording import grades_together, percent, spaced_name, together_name
from models.count.tally import PlaceTally
from models.regulation.levels import GradeScale

_WIDTH = Orientation.PORTRAIT.text_width
_SIZES = (24, 21, 18, 15)  # half-points; the first that fits
_SLACK = 0.3  # characters; digits are not half a character wide in every face
_FIXED = "研究确定的等次"


@dataclass(frozen=True)
class OutcomeRow:
    """One subject: what it is called and of which unit, its valid ballots, its overall line (None
    where the sheet has none), and the grade that people fixed, empty if they did not."""

    unit: str
    name: str
    post: str
    valid: int
    place: PlaceTally | None
    fixed: str


@dataclass(frozen=True)
class _Column:
    """A column: its title, its texts, the least width in characters, and whether it takes what
    is left over."""

    title: str
    texts: Sequence[tuple[str, ...]]
    least: float
    stretches: bool = False

    @property
    def needs(self) -> float:
        """The least width with what digits need to spare; text can be broken."""
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
    """The table of `outcomes`, votes over shares; with a column of units, and of names and posts
    under the title `named` unless it is empty."""
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
        # The last line holds the notes.
        rows.append(Row(tuple(cells), height=height, keep_next=at + 1 == len(outcomes)))
    return table(markup, widths, rows, size)


def _who(outcomes: Sequence[OutcomeRow], *, units: bool, named: str) -> list[_Column]:
    found = []
    if len(outcomes) > 1:
        numbers = [(str(n),) for n in range(1, len(outcomes) + 1)]
        found.append(_Column("序号", numbers, 2.0))
    if units:
        found.append(_Column("单位", [(each.unit,) for each in outcomes], 5.0, stretches=True))
    if named:
        names = [spaced_name(each.name) for each in outcomes]
        longest = min(max(map(ems, names)), 6.0)
        found.append(_Column(named, [(name,) for name in names], longest, stretches=True))
        posts = [(each.post,) for each in outcomes]
        found.append(_Column("职务", posts, 5.0, stretches=True))
    return found


def _grades(scale: GradeScale, outcomes: Sequence[OutcomeRow], decimals: int) -> list[_Column]:
    """A column a grade, and one of the upper grades together; none where no sheet has an
    overall line."""
    places = [each.place for each in outcomes]
    if not any(places):
        return []
    found = []

    def column(title: str, pairs: Sequence[tuple[str, ...]], name: float) -> None:
        widest = max(ems(text) for pair in pairs for text in pair)
        found.append(_Column(title, pairs, max(widest, name)))

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
    """The largest size that fits the page, and the widths; the least size squeezed if none."""
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
