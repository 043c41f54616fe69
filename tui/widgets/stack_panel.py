"""Beside the pad: 本批得票, the stack's live tally for the subject that is being keyed; and in a
wide window the ballots keyed last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.entry.ballot import Ballot
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout
from tui.terminal import Glyphs
from tui.widgets.bars import bar
from tui.widgets.look import DIM, TITLE
from tui.widgets.pad import ShownBallot
from tui.words.columns import fit, shortened


class CountedEntry(Protocol):
    """An entry of a stack with its counts."""

    @property
    def sheet(self) -> SheetLayout:
        """The form that is keyed."""

    @property
    def counts(self) -> Sequence[Counter[str]]:
        """How often each mark stands at each place."""

    @property
    def valid(self) -> int:
        """Valid ballots."""

    @property
    def void(self) -> int:
        """Void ballots."""


class CountedKeying(Protocol):
    """An entry under the keys."""

    @property
    def shown(self) -> ShownBallot:
        """The ballot on the screen."""

    @property
    def entry(self) -> CountedEntry:
        """What has been keyed."""


class SidePanel(Widget):
    """Lines of text under a title, beside the sheet. Only those that changed are drawn."""

    def __init__(self, title: str, glyphs: Glyphs) -> None:
        super().__init__()
        self._title = title
        self._glyphs = glyphs
        self._lines: list[str] = []

    def show(self, lines: list[str]) -> None:
        """Show these lines, the first of which is marked off."""
        before, self._lines = self._lines, lines
        for y, (old, new) in enumerate(zip_longest(before, lines, fillvalue="")):
            if old != new:
                # What is the same at the right end is not sent again.
                self.refresh(Region(0, y + 1, 1 + _differing(old, new), 1))

    def render_line(self, y: int) -> Strip:
        """The title, then a line each."""
        width = self.size.width
        if y == 0:
            rule = self._glyphs.rule
            title = f"{rule} {self._title} "
            return Strip(
                [Segment(title, TITLE), Segment(rule * max(width - cell_len(title), 0), DIM)]
            ).adjust_cell_length(width)
        text = self._lines[y - 1] if y <= len(self._lines) else ""
        return Strip([Segment(fit(f" {shortened(text, width - 1)}", width))])


def _differing(old: str, new: str) -> int:
    """The columns up to the last in which two lines differ."""
    old, new = old.rstrip(), new.rstrip()
    size = max(cell_len(old), cell_len(new))
    if cell_len(old) == cell_len(new):
        while old and new and old[-1] == new[-1]:
            size -= cell_len(new[-1])
            old, new = old[:-1], new[:-1]
    return size


class StackPanel(SidePanel):
    """What one subject has on the overall line of this stack, in ballots; then the marks of all
    items together, whoever they are for; and the stack's ballots."""

    def __init__(self, keying: CountedKeying, glyphs: Glyphs, title: str) -> None:
        super().__init__(title, glyphs)
        self._keying = keying
        self._subject = -1
        self._items: Counter[str] = Counter()

    def update(self, *, changed: bool) -> None:
        """Draw anew if the counts `changed` or another subject is being keyed."""
        shown = self._keying.shown
        subject = self._keying.entry.sheet.places[min(shown.cursor, shown.size - 1)].subject
        if changed or subject != self._subject:
            self._subject = subject
            if changed:
                self._count_items()
            self.show(self._text())

    def _count_items(self) -> None:
        """The marks of all items, which only a stored ballot changes."""
        self._items = Counter()
        entry = self._keying.entry
        for place, counts in zip(entry.sheet.places, entry.counts, strict=True):
            if place.item != OVERALL:
                self._items.update(counts)

    def _text(self) -> list[str]:
        entry = self._keying.entry
        sheet = entry.sheet
        items = self._items
        overall: Counter[str] = Counter()
        if sheet.overall:
            overall = entry.counts[sheet.place_of(self._subject, OVERALL)]
        whose = sheet.subjects[self._subject].name if sheet.level.personal else ""
        lines = [*self._bars(f"{whose} 总体".strip(), "票", overall), ""] if sheet.overall else []
        if sheet.items and not sheet.overall:
            lines = [*self._bars("各项合计", "项", items), ""]
        elif sheet.items:
            lines += ["全票各项合计（项）", *self._two_a_line(items)]
            lines += [f"弃权{items[BLANK]} 多选{items[OVERVOTE]}", ""]
        return [*lines, f"有效 {entry.valid} 票  无效 {entry.void} 票"]

    def _two_a_line(self, counts: Counter[str]) -> list[str]:
        """How many marks of each grade, in full words where they fit."""
        scale, found = self._keying.entry.sheet.scale, list[str]()
        for names in (scale.grades, scale.short):
            grades = [f"{name}{counts[str(n)]}" for n, name in enumerate(names, 1)]
            found = [" ".join(grades[:2]), " ".join(grades[2:])]
            if max(map(cell_len, found)) < self.size.width:
                break
        return found

    def _bars(self, name: str, unit: str, counts: Counter[str]) -> list[str]:
        """A bar for each grade, in ballots or marks as `unit` says."""
        scale = self._keying.entry.sheet.scale
        most = max(counts[str(n + 1)] for n in range(len(scale.grades)))
        named = max(map(cell_len, scale.grades)) + 1
        width = max(self.size.width - named - 7, 3)
        lines = [fit(name, width + named) + fit(unit, 5, "right")]
        for number, grade in enumerate(scale.grades, 1):
            count = counts[str(number)]
            drawn = fit(bar(count, most, width, self._glyphs), width)
            lines.append(f"{fit(grade, named)}{drawn}{count:>5}")
        return [*lines, f"弃权 {counts[BLANK]}  多选 {counts[OVERVOTE]}"]

    def on_resize(self) -> None:
        """Bars follow the width."""
        self._lines = []
        self.update(changed=True)
        self.refresh()


class LastBallots(SidePanel):
    """The ballots keyed last, the newest on top: number and marks, a blank between two people."""

    def __init__(self, sheet: SheetLayout, glyphs: Glyphs) -> None:
        super().__init__("最近录的票", glyphs)
        self._line = len(sheet.lines)

    def update(self, last: int, find: Callable[[int], Ballot]) -> None:
        """Show the ballots up to number `last`, which `find` reads."""
        most = max(self.size.height - 1, 0)
        self.show([self._text(n, find(n)) for n in range(last, max(last - most, 0), -1)])

    def _text(self, number: int, ballot: Ballot) -> str:
        marks = ballot.marks
        by_subject = [marks[at : at + self._line] for at in range(0, len(marks), self._line)]
        return f"{number:>4}  {'作废' if ballot.void_reason else ' '.join(by_subject)}"
