"""本批得票: the stack's live tally beside the pad, for the subject that is being keyed."""

from __future__ import annotations

from collections import Counter

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.sheet import BLANK, OVERVOTE
from models.stack_keying import StackKeying
from tui.bars import bar
from tui.columns import fit
from tui.terminal import Glyphs


class StackPanel(Widget):
    """Counts of all marks of one subject on this stack, and the stack's ballots."""

    def __init__(self, keying: StackKeying, glyphs: Glyphs) -> None:
        super().__init__()
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
        lines = [f"本批得票 {whose}"]
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
