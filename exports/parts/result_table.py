"""The table of votes and shares, for any scale of two to nine grades at any width.

Each grade has a column of votes and one of shares if they fit; otherwise one column, with votes
above shares. The layout and text size are the largest that fit the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exports.page.markup import Markup, ems, widest
from exports.page.meaning import by_meaning
from exports.page.styles import Face
from exports.page.table import CELL_MARGIN, Cell, Row, cell, table
from exports.parts.wording import (
    OVERALL_NAME,
    grades_together,
    item_name,
    notes,
    percent,
    spaced_name,
    together_name,
)
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.regulation.levels import GradeScale
from models.rounds.layout import OVERALL
from models.rounds.plan import RoundInfo

STACKED_NOTE = "表中每格上行为票数，下行为得票率。"
_COUNT, _SHARE, _WEIGHTED = "票数", "得票率", "加权"
_BLANK, _OVERVOTE = "弃权", "多选"
_TOGETHER = "合计"
_PIECE = re.compile("[^、·]+[、·]?|[、·]")
# Spare characters in each column.
_SLACK = 0.15
# Layouts in the order tried: (votes above shares, size in half-points).
_FORMS = (
    (False, 24),
    (False, 21),
    (True, 24),
    (True, 21),
    (True, 20),
    (False, 18),
    (True, 18),
    (True, 15),
)


@dataclass(frozen=True)
class Lead:
    """A column before the grades."""

    title: str
    """The header."""
    least: float
    """The minimum width in characters."""
    stretch: int = 0
    """Its proportion of the spare width; 0 for none."""
    most: float = 99.0
    """The width in characters up to which it stretches."""
    align: str = ""
    """The alignment of its cells; empty to centre them and wrap names and posts."""


@dataclass(frozen=True)
class ResultLine:
    """One row of results."""

    leads: tuple[str | None, ...]
    """The text of each leading column; None continues the cell above."""
    place: PlaceTally
    """The tally that the row shows."""
    strong: bool = False
    """Whether to set the row apart, as for the overall evaluation."""


@dataclass(frozen=True)
class Band:
    """A row of text across all columns, heading the rows below it."""

    text: str
    """The text."""


@dataclass(frozen=True)
class ResultTable:
    """A finished table."""

    xml: str
    """Its WordprocessingML."""
    stacked: bool
    """Whether votes are above shares, in which case it needs `STACKED_NOTE`."""


def result_table(
    markup: Markup,
    scale: GradeScale,
    leads: Sequence[Lead],
    lines: Sequence[ResultLine | Band],
    *,
    width: int,
    decimals: int,
    weighted: bool = False,
    compact: bool = False,
) -> ResultTable:
    """Return a table of `lines`, `width` twips wide.

    With `compact`, votes are put above shares even if both columns would fit, to leave more space
    for the leading columns.
    """
    together = together_name(scale)
    names = [*scale.grades, *([together] if together else [])]
    form = _Form.fitting(scale, names, leads, lines, width, decimals, compact)
    rows = [*form.header(leads, names, weighted)]
    banded = any(isinstance(line, Band) for line in lines)
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else None
        if isinstance(line, Band):
            text = cell(line.text, span=len(form.widths), align="left", face=Face.KAI)
            rows.append(Row((text,), height=form.height, keep_next=True))
            continue
        held = isinstance(after, ResultLine) and (banded or None in after.leads)
        cells = [
            *form.lead_cells(line, after, leads),
            *form.numbers(line.place, scale, decimals),
        ]
        # Keep the last two rows with the notes, and a subject's last item with its overall
        # evaluation.
        held = held or number + 2 >= len(lines) or (isinstance(after, ResultLine) and after.strong)
        rows.append(Row(tuple(cells), height=form.height, keep_next=held))
    return ResultTable(table(markup, form.widths, rows, form.size), form.stacked)


def notes_of(
    round_info: RoundInfo, made: ResultTable, lines: Sequence[ResultLine | Band], level: LevelTally
) -> list[str]:
    """Return the notes for a table of these lines of a level: how it was counted and how to read
    it."""
    said = notes(round_info, share_rows(lines), level)
    if made.stacked:
        said.insert(1, STACKED_NOTE)
    return said


def share_rows(lines: Sequence[ResultLine | Band]) -> list[tuple[Fraction | None, ...]]:
    """Return the shares of each line, for the note on rounding."""
    return [line.place.shares for line in lines if isinstance(line, ResultLine)]


@dataclass(frozen=True)
class _Form:
    """The layout of a table."""

    widths: tuple[int, ...]
    """The column widths in twips."""
    size: int
    """The text size in half-points."""
    stacked: bool
    """Whether votes are above shares rather than beside them."""

    @property
    def height(self) -> int:
        """The minimum height of a row in twips."""
        return self.size * 17

    @classmethod
    def fitting(
        cls,
        scale: GradeScale,
        names: Sequence[str],
        leads: Sequence[Lead],
        lines: Sequence[ResultLine | Band],
        width: int,
        decimals: int,
        compact: bool,
    ) -> _Form:
        """Return the first layout that fits, or the last one squeezed to the width."""
        places = [line.place for line in lines if isinstance(line, ResultLine)]
        most = max((place.valid for place in places), default=0)
        count = max(widest(str(most)), 1.5)
        shares = [percent(share, decimals) for place in places for share in place.shares]
        share = max(map(widest, shares), default=2.0)
        if any(place.share_of_first(2) == 1 for place in places):
            share = max(share, widest(percent(Fraction(1), decimals)))
        small = max(count, 2.0)

        def needs(stacked: bool) -> list[float]:
            first = [lead.least for lead in leads]
            if stacked:
                grades = [max(count, share, _in_two_lines(name)) for name in names]
            else:
                beside = max(share, ems(_SHARE))
                grades = [part for _ in names for part in (max(count, 2.0), beside)]
            return [*first, *grades, small, small]

        def twips(needed: Sequence[float], size: int) -> list[int]:
            return [round((need + _SLACK) * size * 10) + 2 * CELL_MARGIN for need in needed]

        forms = [form for form in _FORMS if form[0] and form[1] < 24] if compact else _FORMS
        for stacked, size in forms:
            found = twips(needs(stacked), size)
            if sum(found) <= width:
                return cls(_spread(found, leads, width, size), size, stacked)
        stacked, size = forms[-1]
        found = twips(needs(stacked), size)
        squeezed = [part * width // sum(found) for part in found]
        squeezed[-1] += width - sum(squeezed)
        return cls(tuple(squeezed), size, stacked)

    def header(self, leads: Sequence[Lead], names: Sequence[str], weighted: bool) -> list[Row]:
        """Return the header: two rows if each grade has two columns, otherwise one."""
        small = (_BLANK, _OVERVOTE)
        if self.stacked:
            titles = [*(lead.title for lead in leads), *names, *small]
            cells = tuple(
                Cell(self._broken(title, at), face=Face.HEI) for at, title in enumerate(titles)
            )
            return [Row(cells, header=True, height=self.height)]
        at = len(leads)
        upper = [
            Cell(self._broken(lead.title, n), merge="start", face=Face.HEI)
            for n, lead in enumerate(leads)
        ]
        for name in names:
            upper.append(Cell(self._broken(name, at, 2), span=2, face=Face.HEI))
            at += 2
        upper += [Cell((title,), merge="start", face=Face.HEI) for title in small]
        share = (_WEIGHTED, _SHARE) if weighted else (_SHARE,)
        lower = [
            *(Cell(merge="on") for _ in leads),
            *(Cell(title, face=Face.HEI) for _ in names for title in ((_COUNT,), share)),
            *(Cell(merge="on") for _ in small),
        ]
        return [
            Row(tuple(upper), header=True, height=self.height),
            Row(tuple(lower), header=True, height=self.height),
        ]

    def numbers(self, place: PlaceTally, scale: GradeScale, decimals: int) -> list[Cell]:
        """Return the cells of a line after the leading columns."""
        pairs = [
            (str(count), percent(share, decimals))
            for count, share in zip(place.grades, place.shares, strict=True)
        ]
        if first := grades_together(scale):
            share = place.share_of_first(first)
            pairs.append((str(sum(place.grades[:first])), percent(share, decimals)))
        cells = (
            [Cell(pair) for pair in pairs]
            if self.stacked
            else [cell(text) for pair in pairs for text in pair]
        )
        return [*cells, cell(str(place.blank)), cell(str(place.overvote))]

    def lead_cells(
        self, line: ResultLine, after: ResultLine | Band | None, leads: Sequence[Lead]
    ) -> list[Cell]:
        """Return the leading cells of a line, with names and posts broken sensibly."""
        cells = []
        for n, (lead, text) in enumerate(zip(leads, line.leads, strict=True)):
            continues = isinstance(after, ResultLine) and after.leads[n] is None
            merge = "on" if text is None else "start" if continues else ""
            face = Face.HEI if line.strong and merge == "" else None
            lines = (text or "",) if lead.align else pieces(text or "", self._room(n))
            cells.append(Cell(lines, merge=merge, align=lead.align, face=face))
        return cells

    def _room(self, column: int, span: int = 1) -> float:
        """Return how many characters fit on a line across these columns."""
        room = sum(self.widths[column : column + span]) - 2 * CELL_MARGIN
        return room / (self.size * 10)

    def _broken(self, text: str, column: int, span: int = 1) -> tuple[str, ...]:
        """Break a header evenly into as few lines as its column allows."""
        return broken(text, self._room(column, span))


def broken(text: str, capacity: float) -> tuple[str, ...]:
    """Break `text` evenly into as few lines of at most `capacity` characters as possible."""
    count = max(1, -int(-ems(text) // max(capacity, 1.0)))
    if count > 1 and len(text) > 4 and text.endswith(_TOGETHER):
        return (*broken(text.removesuffix(_TOGETHER), capacity), _TOGETHER)
    length = -(-len(text) // count)
    return tuple(text[at : at + length] for at in range(0, len(text), length)) or ("",)


def pieces(text: str, capacity: float) -> tuple[str, ...]:
    """Break a name or post into lines of at most `capacity` characters.

    Lines are broken after 、 or · where possible, and by meaning where not.
    """
    if widest(text) <= capacity:
        return (text,)
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(text):
        if line and ems(line) + ems(piece) > capacity:
            lines.append(line)
            line = ""
        line += piece
    lines.append(line)
    return tuple(part for line in lines for part in by_meaning(line, capacity))


def packed(parts: Sequence[str], capacity: float) -> list[str]:
    """Join `parts` with ， into lines of `capacity` characters without splitting any part.

    It holds in any face.
    """
    lines: list[str] = []
    for part in parts:
        if lines and widest(f"{lines[-1]}，{part}，") <= capacity:
            lines[-1] += f"，{part}"
        else:
            if lines:
                lines[-1] += "，"
            lines.append(part)
    return lines


def _in_two_lines(name: str) -> float:
    first = name.removesuffix(_TOGETHER)
    if first != name and len(first) <= 4:
        return ems(first)
    return float(-(-len(name) // 2)) if len(name) > 3 else ems(name)


def _spread(widths: Sequence[int], leads: Sequence[Lead], width: int, size: int) -> tuple[int, ...]:
    """Distribute the spare width and return the column widths in twips.

    Leading columns that stretch take it up to their maximum; the rest is shared by all columns.
    """
    found = list(widths)
    total = sum(lead.stretch for lead in leads)
    spare = width - sum(widths)
    for n, lead in enumerate(leads):
        if lead.stretch:
            most = max(round(lead.most * size * 10) - found[n], 0)
            found[n] += min(spare * lead.stretch // total, most)
    each, rest = divmod(width - sum(found), len(found))
    return tuple(part + each + (n < rest) for n, part in enumerate(found))


def statement_lines(level: LevelTally, subject: SubjectTally) -> list[ResultLine]:
    """Return a subject's items as stated on the ballot, then the overall evaluation."""
    statements = {item.number: f"{item.number}.{item.statement}" for item in level.content.items}
    return _lines(subject, statements)


def named_lines(level: LevelTally, subject: SubjectTally) -> list[ResultLine]:
    """Return a subject's items by their short names, then the overall evaluation."""
    return _lines(subject, {item.number: item_name(item) for item in level.content.items})


def banded_lines(level: LevelTally, subjects: Iterable[SubjectTally]) -> list[ResultLine | Band]:
    """Return several subjects in team order, each under a band with name and post."""
    found: list[ResultLine | Band] = []
    for subject in subjects:
        who = subject.subject
        found.append(Band(f"{spaced_name(who.name)}　{who.post}" if who.post else who.name))
        found += named_lines(level, subject)
    return found


def _lines(subject: SubjectTally, names: dict[int, str]) -> list[ResultLine]:
    return [
        ResultLine(
            (OVERALL_NAME if place.line == OVERALL else names[place.line],),
            place,
            strong=place.line == OVERALL,
        )
        for place in subject.places
    ]
