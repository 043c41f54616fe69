"""One level of a unit in large figures and bars, laid out for a window of some size.

Pure: made of what was counted. A level of one subject has a band for each grade; one of several
has a block for each subject, as many on a page as there is room for.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from models.count import shares
from models.count.tally import LevelTally, SubjectTally
from tui.screens.watch.large_digits import heights, large
from tui.screens.watch.picture import Lines
from tui.terminal import Glyphs
from tui.widgets.bars import SharesBar, bar, grade_colours
from tui.widgets.look import TITLE
from tui.words.columns import fit, shortened

_PERCENT = 8  # columns of `100.00%` and a blank
_LEAST_BAR = 10
_LINES = 2  # of a block besides its numbers: the name, the grades with their shares


@dataclass(frozen=True)
class UnitFigures:
    """A level's counts in a window."""

    counts: LevelTally
    """What others may see of the level."""
    unit: str
    """The unit's short name, which its team and its discipline body go by."""
    decimals: int
    """Places of a share."""
    glyphs: Glyphs
    """What bars are drawn with."""

    def pages(self, width: int, height: int) -> int:
        """How many pages of this size its subjects take."""
        return -(-len(self.counts.subjects) // _Page(self, width, height).subjects)

    def page(self, number: int, width: int, height: int) -> Lines:
        """One page, from 0, of at most `height` lines."""
        subjects, page = self.counts.subjects, _Page(self, width, height)
        if len(subjects) == 1:
            return page.bands(subjects[0])[:height]
        first = number * page.subjects
        drawn: Lines = []
        for subject in subjects[first : first + page.subjects]:
            drawn += page.block(subject)
        return drawn[:height]


@dataclass(frozen=True)
class _Page:
    """A page of some size."""

    of: UnitFigures
    """What is on it."""
    width: int
    """Columns there are."""
    height: int
    """Lines there are."""

    @property
    def counts(self) -> LevelTally:
        """What is counted."""
        return self.of.counts

    @property
    def glyphs(self) -> Glyphs:
        """What it is drawn with."""
        return self.of.glyphs

    # ── one subject: a band for each grade ──

    def bands(self, subject: SubjectTally) -> Lines:
        """Its name, then for each grade a bar as thick as its number is high."""
        place, grades = subject.headline, self.counts.content.scale.grades
        size, gap = self._size_of_bands(len(grades))
        room = self.width - self._labels - self._digits(size) - _PERCENT - 4
        most = max(sum(place.grades), 1)
        drawn = [self._heading(subject)]
        for n, grade in enumerate(grades):
            digits = large(place.grades[n], size, self.glyphs)
            filled = self._fill(n, bar(place.grades[n], most, room, self.glyphs))
            for line in range(size):
                middle = line == size // 2
                drawn.append(
                    [
                        Segment(fit(f" {grade}" if middle else "", self._labels + 1)),
                        Segment(fit(filled, room + 1), self._colours[n]),
                        Segment(fit(digits[line], self._digits(size), "right"), TITLE),
                        Segment(fit(self._share(place.shares[n]) if middle else "", 9, "right")),
                    ]
                )
            drawn += gap * [[]]
        return drawn

    def _size_of_bands(self, grades: int) -> tuple[int, int]:
        """How high the numbers are, and the blank lines between two: as high as they fit."""
        besides = self._labels + _PERCENT + _LEAST_BAR + 4
        for gap in (1, 0):
            for size in heights(self.glyphs)[:-1]:
                wide = self._digits(size) + besides <= self.width
                if wide and 1 + grades * (size + gap) <= self.height:
                    return size, gap
        return 1, 0

    def _fill(self, grade: int, blocks: str) -> str:
        """A bar in the grade's own fill; its last, broken column stays as it is."""
        whole = self.glyphs.bars[0]
        return blocks.replace(whole, self.glyphs.bars[grade % len(self.glyphs.bars)])

    @property
    def _labels(self) -> int:
        return max(cell_len(grade) for grade in self.counts.content.scale.grades) + 2

    def _digits(self, size: int) -> int:
        """The columns of a number of this height: as many digits as there can be ballots."""
        most = max(self.counts.paper.returned, self.counts.paper.entered)
        return cell_len(large(most, size, self.glyphs)[0])

    # ── several subjects: a block for each ──

    @cached_property
    def _of_blocks(self) -> tuple[int, bool]:
        """How high the numbers are, and whether a bar stands under them: as high as all subjects
        fit on one page, or else as low as they still are large."""
        column = self.width // len(self.counts.content.scale.grades)
        large = [
            size
            for size in heights(self.glyphs)
            if size > 1 and self._digits(size) + 2 <= column and size + _LINES <= self.height
        ]
        for barred in (True, False):
            for size in large:
                if len(self.counts.subjects) * (size + _LINES + barred) <= self.height:
                    return size, barred
        size = min(large, default=1)
        few = self.height // (size + _LINES)
        return size, few == self.height // (size + _LINES + 1)

    @property
    def subjects(self) -> int:
        """How many subjects fit on it."""
        size, barred = self._of_blocks
        return max(self.height // (size + _LINES + barred), 1)

    def block(self, subject: SubjectTally) -> Lines:
        """Its name, its numbers side by side, their grades and shares, one bar of all."""
        place, grades = subject.headline, self.counts.content.scale.grades
        size, barred = self._of_blocks
        column = (self.width - 1) // len(grades)
        numbers = [large(n, size, self.glyphs) for n in place.grades]
        drawn = [self._heading(subject)]
        for line in range(size):
            drawn.append([Segment(" ")])
            for digits in numbers:
                drawn[-1].append(Segment(fit(digits[line], column), TITLE))
        said: list[Segment] = [Segment(" ")]
        for n, grade in enumerate(grades):
            fill = self.glyphs.bars[n % len(self.glyphs.bars)]
            share = self._share(place.shares[n])
            words = f" {shortened(grade, column - cell_len(share) - 4)} {share}"
            said += [
                Segment(fill, self._colours[n]),
                Segment(fit(words, column - 1)),
            ]
        drawn.append(said)
        if barred:
            bar_of_all = SharesBar(place.shares, self.width - 2)
            drawn.append([Segment(" "), *bar_of_all.segments(self.glyphs)])
        return drawn

    # ── both ──

    @property
    def _colours(self) -> list[Style]:
        """A colour for each grade; beside it always stands the grade's own fill."""
        grades = len(self.counts.content.scale.grades)
        return [Style(color=name) for name in grade_colours(grades)]

    def _heading(self, subject: SubjectTally) -> list[Segment]:
        """Who it is; at the right what does not count as a grade."""
        place = subject.headline
        name = subject.subject.name if self.counts.level.personal else self.of.unit
        aside = f"有效 {place.valid}  弃权 {place.blank}  多选 {place.overvote}"
        room = self.width - cell_len(aside) - 3
        title = shortened(f"{name}  {subject.subject.post}".rstrip(), room)
        return [Segment(" "), Segment(fit(title, room + 1), TITLE), Segment(aside)]

    def _share(self, share: Fraction | None) -> str:
        return shares.percent_sign(share, self.of.decimals)
