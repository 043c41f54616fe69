"""The table that a voter ticks, with rows in the order of the sheet's places.

A sheet with one subject has a row per item and one for the overall evaluation. A sheet with several
has a block of such rows for each subject, or one row each if it has only the overall evaluation.
The text is the largest that fits. Nothing here renders a page, so heights are estimated from the
widths; they are minimum heights, so that a wrong estimate costs a line but never cuts off text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from exports.page.markup import Markup, ems
from exports.page.styles import BALLOT_CELLS, ITEMS, Face
from exports.page.table import (
    BORDER,
    CELL_MARGIN,
    HEAVY_BORDER,
    TEXT_INDENT,
    Cell,
    Row,
    cell,
    label,
    table,
)
from exports.parts.result_table import broken, pieces
from exports.parts.wording import OVERALL_NAME, item_name, spaced_name
from models.rounds.layout import SheetLayout, SubjectName

_SIZES = tuple(BALLOT_CELLS)
# Half-points. Over several pages, small text gains nothing.
_LONG_SIZE = 24
# Twips: the height of a row to tick (9 mm), the space around its text, the width of a tick.
_TICK_HEIGHT, _AIR, _TICK_WIDTH = 510, 60, 740
# Line lengths in characters to try for grade names that are not kept whole.
_NAME_LENGTHS = (3.0, 2.0)
_OPINIONS = "意见和建议（可以不填）："
_SEALED_HERE = "（盖章处）"
_SEAL = 2000  # twips; the least width of the place for the office's seal
# Twips: the least space for writing an opinion, and the most anyone needs.
_OPINIONS_LEAST, _OPINIONS_MOST = 1210, 3610
# Twips; the most that rows are heightened if the page has space.
_MOST_AIR = 200
# Twips, a quarter of a page. A higher item list is not repeated on every page.
_LIST_HEIGHT = 3200
# The most lines for a statement in a row; one more if the item has no short name instead.
_STATED_LINES, _UNNAMED_LINES = 2, 3


@dataclass(frozen=True)
class BallotTable:
    """A finished table."""

    pages: tuple[str, ...]
    """Its WordprocessingML, page by page."""
    size: int
    """Its text size in half-points."""

    @property
    def fits(self) -> bool:
        """Whether it fits the height that was available on one page."""
        return len(self.pages) == 1


@dataclass(frozen=True)
class _Ruled:
    """A table's columns and rows."""

    widths: tuple[int, ...]
    """Column widths in twips."""
    rows: tuple[Row, ...]
    """The rows."""
    before: tuple[str, ...] = ()
    """Paragraphs above the table."""

    @property
    def list_height(self) -> int:
        return len(self.before) * 2 * ITEMS.line

    @property
    def height(self) -> int:
        return sum(row.height for row in self.rows) + self.list_height


def ballot_table(
    markup: Markup, sheet: SheetLayout, width: int, room: int, page: int
) -> BallotTable:
    """Return the table of one sheet; all lengths are in twips.

    If possible it is at most `room` high, in the largest text and with grade names broken as little
    as possible. Otherwise it runs over several pages of height `page`, where `room` is what remains
    of the first, each under the header. The last row is for opinions and the office's seal; as a
    row of the table it cannot end up alone on a page.
    """
    for size in _SIZES:
        for ruling in _rulings(sheet, width, size):
            ruled = ruling.ruled()
            if ruled.height + _OPINIONS_LEAST <= room:
                ruled = _airy(ruled, room - _OPINIONS_LEAST)
                box = min(room - ruled.height, _OPINIONS_MOST)
                return BallotTable((_table(markup, ruled, size, box),), size)
    long = [ruling.ruled() for ruling in _rulings(sheet, width, _LONG_SIZE)]
    least = min(long, key=lambda ruled: ruled.height)
    header = tuple(row for row in least.rows if row.header)
    *before, last = _pages(least, room, page)
    used = sum(row.height for row in (*header, *last)) + (0 if before else least.list_height)
    box = min(max((page if before else room) - used, _OPINIONS_LEAST), _OPINIONS_MOST)
    made = [
        table(markup, least.widths, [*header, *rows], _LONG_SIZE, BALLOT_CELLS) for rows in before
    ]
    made.append(_table(markup, replace(least, rows=(*header, *last), before=()), _LONG_SIZE, box))
    made[0] = markup.paragraphs(ITEMS, least.before) + made[0]
    return BallotTable(tuple(made), _LONG_SIZE)


def _table(markup: Markup, ruled: _Ruled, size: int, box: int) -> str:
    held = replace(ruled.rows[-1], keep_next=True)
    # Blank lines below the words keep them at the top of the row.
    blank = ("",) * ((box - _AIR) // BALLOT_CELLS[size].line - 1)
    columns = len(ruled.widths)
    seal = next(n for n in range(1, columns) if sum(ruled.widths[-n:]) >= _SEAL or n == columns - 1)
    last = (
        Cell((_OPINIONS, *blank), span=columns - seal, align="left"),
        Cell((_SEALED_HERE,), span=seal),
    )
    rows = (*ruled.rows[:-1], held, Row(last, height=box))
    before = markup.paragraphs(ITEMS, ruled.before)
    return before + table(markup, ruled.widths, rows, size, BALLOT_CELLS)


def _pages(ruled: _Ruled, room: int, page: int) -> list[tuple[Row, ...]]:
    """Return the rows of each page without the header, as evenly as they fit.

    What is kept together is not divided, and the last of several is not alone if another can join
    it.
    """
    header = sum(row.height for row in ruled.rows if row.header)
    blocks: list[list[Row]] = [[]]
    for row in ruled.rows:
        if not row.header:
            blocks[-1].append(row)
            if not row.keep_next:
                blocks.append([])
    heights = [sum(row.height for row in block) for block in blocks if block]
    rooms = (room - header - ruled.list_height, page - header)
    counts = evenly_filled(heights, *rooms, _OPINIONS_LEAST)
    found, at = [], 0
    for count in counts:
        found.append(tuple(row for block in blocks[at : at + count] for row in block))
        at += count
    return found


def evenly_filled(heights: Sequence[int], first: int, other: int, end: int) -> list[int]:
    """Return how many blocks of these heights go on each page, as evenly as the fewest pages allow.

    `first` is the room of the first page and `other` that of each other one; the last holds `end`
    more. A page holds one block at least. The last block joins the one before it if it would be
    alone.
    """
    fewest = len(_filled(heights, first, other, end, len(heights)))
    counts = next(
        counts
        for most in range(1, len(heights) + 1)
        if len(counts := _filled(heights, first, other, end, most)) == fewest
    )
    alone = len(counts) > 1 and counts[-1] == 1 and counts[-2] > 1
    if alone and sum(heights[-2:]) + end <= other:
        counts[-2:] = [counts[-2] - 1, 2]
    return counts


def _filled(heights: Sequence[int], first: int, other: int, end: int, most: int) -> list[int]:
    """Fill page by page, at most so many blocks on each."""
    counts, room = [0], first
    for number, height in enumerate(heights, 1):
        needed = height + (end if number == len(heights) else 0)
        if counts[-1] and (needed > room or counts[-1] == most):
            counts.append(0)
            room = other
        counts[-1] += 1
        room -= height
    return counts


def _airy(ruled: _Ruled, room: int) -> _Ruled:
    """Make the rows higher, using half of the remaining height."""
    more = min((room - ruled.height) // 2 // len(ruled.rows), _MOST_AIR)
    rows = (replace(row, height=row.height + more) for row in ruled.rows)
    return replace(ruled, rows=tuple(rows))


def _rulings(sheet: SheetLayout, width: int, size: int) -> list[_Ruling]:
    """Return the possible layouts in one text size.

    Grade names are kept whole first, then broken into shorter and shorter lines.
    """
    names = sheet.scale.grades
    whole = max(ems(name) for name in names)
    # A name of three characters is never broken.
    least = 3.0 if any(ems(name) == 3 for name in names) else 0.0
    lengths = [whole, *(length for length in _NAME_LENGTHS if least <= length < whole)]
    return [_Ruling(sheet, width, size, length) for length in lengths]


@dataclass(frozen=True)
class _Ruling:
    """A layout of a sheet's table."""

    sheet: SheetLayout
    """The sheet."""
    width: int
    """The table width in twips."""
    size: int
    """The text size in half-points."""
    name_length: float
    """The longest line of a grade's name, in characters."""

    def ruled(self) -> _Ruled:
        if len(self.sheet.subjects) == 1:
            return self._alone()
        return self._blocks() if self.sheet.items else self._lines()

    # ── the three forms ──

    def _alone(self) -> _Ruled:
        """One subject: 序号, 测评内容, and a column per grade."""
        grades = self._grades(self.width * 42 // 100)
        number = self._characters(2)
        widths = (number, self.width - number - sum(grades), *grades)
        rows = [self._header(("序号", "测评内容"), widths)]
        rows += [
            self._row((cell(str(item.number)), cell(item.statement, align="both")), widths)
            for item in self.sheet.items
        ]
        if self.sheet.overall:
            rows.append(self._row((label(OVERALL_NAME, span=2),), widths))
        return _Ruled(widths, (*rows[:-2], *_held(rows[-2:])))

    def _lines(self) -> _Ruled:
        """One row per subject: 序号, 姓名, 职务, and a column per grade."""
        subjects = self.sheet.subjects
        number = self._characters(2)
        longest = max(ems(spaced_name(subject.name)) for subject in subjects)
        name = self._characters(min(max(longest, 3.0), 7.0))
        posts = any(subject.post for subject in subjects) and self.sheet.level.personal
        post = self._characters(5) if posts else 0
        grades = self._grades(self.width - number - name - post)
        spare = self.width - number - name - post - sum(grades)
        if posts:
            widths = (number, name + spare // 5, post + spare - spare // 5, *grades)
        else:
            widths = (number, name + spare, *grades)
        titles = ("序号", "姓名", "职务") if posts else ("序号", "被测评对象")
        rows = [self._header(titles, widths)]
        for at, subject in enumerate(subjects, 1):
            who = [cell(str(at)), self._name(subject, widths[1])]
            if posts:
                who.append(Cell(pieces(subject.post, self._room(widths[2]))))
            rows.append(self._row(tuple(who), widths))
        return _Ruled(widths, (*rows[:-2], *_held(rows[-2:])))

    def _blocks(self) -> _Ruled:
        """A block of rows per subject: 姓名、职务, 测评内容, and a column per grade."""
        person = self._characters(7)
        narrow = self._characters(5)
        grades = self._grades(self.width - person - narrow)
        widths = (person, self.width - person - sum(grades), *grades)
        names, asked = self._item_names(widths[1])
        title = "姓名、职务" if self.sheet.level.personal else "被测评对象"
        rows = [self._header((title, "测评内容"), widths)]
        before: tuple[str, ...] = ()
        if asked:
            whole = Cell(asked, span=len(widths), align="both")
            listed = replace(self._row((whole,), widths), header=True)
            if listed.height <= _LIST_HEIGHT:
                rows.insert(0, listed)
            else:
                before = asked
        labels = [cell(name, align="left") for name in names]
        if self.sheet.overall:
            labels.append(Cell((OVERALL_NAME,), align="left", face=Face.HEI))

        # Measured once and not for each person: they are alike.
        @cache
        def further(least: int) -> tuple[Row, ...]:
            who = Cell(("",), merge="on")
            made = [self._row((who, each), widths, least=least, skipped=0) for each in labels[1:]]
            return _held(made) if made else ()

        for subject in self.sheet.subjects:
            rows += self._block(subject, labels, widths, further)
        return _Ruled(widths, tuple(rows), before)

    def _block(
        self,
        subject: SubjectName,
        labels: Sequence[Cell],
        widths: Sequence[int],
        further: Callable[[int], tuple[Row, ...]],
    ) -> tuple[Row, ...]:
        """The rows of a person; `further` gives those after the first, of at least a height."""
        room = self._room(widths[0])
        lines = [*self._name(subject, widths[0]).lines]
        if self.sheet.level.personal and subject.post:
            lines += pieces(subject.post, room)
        least = max(_TICK_HEIGHT, self._height(len(lines)) // len(self.sheet.lines) + 1)
        others = further(least)
        who = Cell(tuple(lines), merge="start" if others else "", face=Face.HEI)
        first = self._row((who, labels[0]), widths, least=least, skipped=0)
        # A heavier line between persons.
        height = first.height + HEAVY_BORDER - BORDER
        return (replace(first, height=height, heavy=True, keep_next=bool(others)), *others)

    def _item_names(self, width: int) -> tuple[list[str], tuple[str, ...]]:
        """Return the items as the rows name them, and the list of their statements.

        The list is empty if the rows give the statements in full.
        """
        items = self.sheet.items
        stated = [f"{item.number}.{item.statement}" for item in items]
        longest = max(self._wrapped(text, width, TEXT_INDENT) for text in stated)
        named = all(item.title for item in items)
        if longest <= (_STATED_LINES if named else _UNNAMED_LINES):
            return stated, ()
        return [item_name(item) for item in items], (f"测评内容：{stated[0]}", *stated[1:])

    # ── cells and rows ──

    def _name(self, subject: SubjectName, width: int) -> Cell:
        return Cell(pieces(spaced_name(subject.name), self._room(width)), face=Face.HEI)

    def _header(self, titles: Sequence[str], widths: Sequence[int]) -> Row:
        names = (*titles, *self.sheet.scale.grades)
        cells = tuple(
            Cell(_name_lines(name, self._room(width)), face=Face.HEI)
            for name, width in zip(names, widths, strict=True)
        )
        return replace(self._row(cells, widths), header=True)

    def _row(
        self,
        cells: tuple[Cell, ...],
        widths: Sequence[int],
        *,
        least: int = _TICK_HEIGHT,
        skipped: int | None = None,
    ) -> Row:
        """Return a row as high as its cells need, padded with blank cells for the ticks.

        The cell at index `skipped` is merged and does not count towards the height.
        """
        height, at = least, 0
        for column, each in enumerate(cells):
            width = sum(widths[at : at + each.span])
            at += each.span
            indent = TEXT_INDENT if each.align else 0
            lines = sum(self._wrapped(text, width, indent) for text in each.lines)
            if column != skipped:
                height = max(height, self._height(lines))
        blank = (cell(""),) * (len(widths) - at)
        return Row((*cells, *blank), height=height)

    # ── measures ──

    def _height(self, lines: int) -> int:
        return lines * BALLOT_CELLS[self.size].line + _AIR

    def _room(self, width: int, indent: int = 0) -> float:
        """Return how many characters fit on a line of a cell."""
        return (width - 2 * CELL_MARGIN - 2 * indent) / (self.size * 10)

    def _wrapped(self, text: str, width: int, indent: int) -> int:
        """Return how many lines `text` takes in a cell."""
        return max(1, math.ceil(ems(text) / max(1, math.floor(self._room(width, indent)))))

    def _characters(self, count: float) -> int:
        """Return the width in twips of a column of `count` characters."""
        return round((count + 0.2) * self.size * 10) + 2 * CELL_MARGIN

    def _grades(self, room: int) -> tuple[int, ...]:
        """Return the widths of the grade columns, all equal, within `room` twips.

        Each is wide enough for a tick if `room` allows.
        """
        count = len(self.sheet.scale.grades)
        needed = max(self._characters(self.name_length), _TICK_WIDTH)
        return (min(needed, room // count),) * count


def _held(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Keep each row on the same page as the next."""
    return (*(replace(row, keep_next=True) for row in rows[:-1]), rows[-1])


def _name_lines(name: str, room: float) -> tuple[str, ...]:
    """Break a column's title into lines of `room` characters, at spaces if possible."""
    lines: list[str] = []
    for word in name.split():
        if lines and ems(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines += broken(word, room)
    return tuple(lines) or ("",)
