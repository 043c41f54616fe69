"""本批得票: the stack's live tally beside the pad, for the subject that is being keyed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.rounds.layout import BLANK, OVERVOTE, SheetLayout
from tui.terminal import Glyphs
from tui.widgets.bars import bar
from tui.widgets.pad import ShownBallot
from tui.words.columns import fit


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


class StackPanel(Widget):
    """Counts of all marks of one subject on this stack, and the stack's ballots."""

    def __init__(self, keying: CountedKeying, glyphs: Glyphs, title: str = "本批得票") -> None:
        super().__init__()
        self._title = title
        self._keying = keying
        self._glyphs = glyphs
        self._subject = -1
        self._lines: list[str] = []

    def update(self, *, changed: bool) -> None:
        """Draw anew if the counts `changed` or another subject is being keyed."""
        shown = self._keying.shown
        subject = self._keying.entry.sheet.places[min(shown.cursor, shown.size - 1)].subject
        if changed or subject != self._subject:
            self._subject = subject
            before, self._lines = self._lines, self._text()
            for y in range(max(len(before), len(self._lines))):
                if before[y : y + 1] != self._lines[y : y + 1]:
                    self.refresh(Region(0, y, self.size.width, 1))

    def _text(self) -> list[str]:
        entry = self._keying.entry
        sheet = entry.sheet
        total: Counter[str] = Counter()
        for place, counts in zip(sheet.places, entry.counts, strict=True):
            if place.subject == self._subject:
                total.update(counts)
        most = max((total[str(n + 1)] for n in range(len(sheet.scale.grades))), default=0)
        width = max(self.size.width - 12, 3)
        whose = sheet.subjects[self._subject].name if sheet.level.personal else ""
        lines = [f"{self._title} {whose}"]
        for number, name in enumerate(sheet.scale.short, 1):
            count = total[str(number)]
            lines.append(
                f"{fit(name, 5)}{fit(bar(count, most, width, self._glyphs), width)}{count:>6}"
            )
        lines += [
            "",
            f"弃权 {total[BLANK]}  多选 {total[OVERVOTE]}",
            f"有效 {entry.valid} 票  无效 {entry.void} 票",
        ]
        return lines

    def on_resize(self) -> None:
        """Bars follow the width."""
        self._lines = []
        self.update(changed=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the tally."""
        width = self.size.width
        text = fit(" " + self._lines[y] if y < len(self._lines) else "", width)
        return Strip([Segment(text, Style(underline=True) if y == 0 else None)], width)
