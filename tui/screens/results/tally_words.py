"""得票情况 as lines of text: subject by subject, item by item, group by group.

Pure: made of what was counted, for a window of some columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from exports.parts import wording
from models.count import shares
from models.count.by_group import GroupLine
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.rounds.layout import OVERALL
from models.rounds.plan import RoundInfo
from tui.widgets.bars import SharesBar
from tui.widgets.look import Told
from tui.widgets.second_pane import Detail
from tui.words.columns import fit, visible_line

_VALID, _ASIDE = 6, 5
_WIDEST_GRADE = 16
_BESIDE_NAME = 11


@dataclass(frozen=True)
class TallyTable:
    """The counts of one level of a poll. A row is a line of counts and shares, and under it a bar
    with the sum of the upper grades."""

    counts: LevelTally
    """The level's tally."""
    round: RoundInfo
    """Its round."""
    unit: str
    """The unit's short name, which its team and its discipline body go by."""
    width: int
    """Columns of the window."""

    def by_subject(self, chosen: int) -> list[Told]:
        """The headline of each subject, with a mark at the one that is `chosen`."""
        several = len(self.counts.subjects) > 1
        lines: list[Told] = [
            self._paper(),
            "",
            self._heading("姓名" if self.counts.level.personal else "名称"),
        ]
        for number, subject in enumerate(self.counts.subjects):
            mark = ">" if several and number == chosen else " "
            lines += self._row(f"{mark}{self._name(subject)}", subject.headline)
        return lines

    def by_item(self, chosen: int) -> list[Told]:
        """Every item of the subject `chosen`, and the overall line."""
        subject = self.counts.subjects[chosen]
        titles = {
            item.number: f"{item.number} {item.title or item.statement}"
            for item in self.counts.content.items
        }
        lines: list[Told] = [
            self._paper(),
            "",
            visible_line(f"{self._name(subject)}  {subject.subject.post}"),
            self._heading("项目"),
        ]
        for place in subject.places:
            title = "总体评价" if place.line == OVERALL else titles[place.line]
            lines += self._row(f" {title}", place)
        return lines

    def by_group(self, chosen: int, lines: Sequence[GroupLine], said: str) -> list[Told]:
        """The headline of the subject `chosen` in each line by voter group, then why some groups
        have none."""
        drawn: list[Told] = [
            self._paper(),
            "",
            f"{visible_line(self._name(self.counts.subjects[chosen]))}  总体（按测评人员类别）",
            *([self._heading("类别")] if lines else []),
        ]
        for line in lines:
            of_line = line.levels[self.counts.level]
            title = wording.THE_OTHERS if line.together else line.groups[0].name
            drawn += self._row(f" {title}", of_line.subjects[chosen].headline)
        if any(line.levels[self.counts.level].no_present for line in lines):
            drawn += ["", f" {wording.PRESENT_NOT_BY_GROUP}"]
        return [*drawn, said] if said else drawn

    def _paper(self) -> str:
        """The paper of the level, of all its sheets."""
        paper = self.counts.paper
        if paper.none or (paper.unregistered and not paper.returned):
            return wording.level_paper_words(self.counts)
        unknown = f"  未登记 {paper.unregistered} 批" if paper.unregistered else ""
        entered = "计入" if self.counts.sampled else "已录"
        several = len(self.counts.papers)
        return (
            f"{f'一人一票 {several} 种合计  ' if several > 1 else ''}"
            f"发出 {paper.issued}  收回 {paper.returned}  {entered} {paper.entered}"
            f"  有效 {paper.valid}  无效 {paper.void}{unknown}"
        )

    def _name(self, subject: SubjectTally) -> str:
        return subject.subject.name if self.counts.level.personal else self.unit

    def _heading(self, first: str) -> str:
        scale = self.counts.content.scale
        # A name that would touch the one before is the short one of the pad.
        names = [
            grade if cell_len(grade) < self._grade else short
            for grade, short in zip(scale.grades, scale.short, strict=True)
        ]
        return self._line(
            first, "有效", "".join(fit(name, self._grade, "right") for name in names)
        ) + self._aside("弃权", "多选")

    def _row(self, name: str, place: PlaceTally) -> list[Told]:
        decimals, cell = self.round.rules.decimals, self._grade
        counts = [str(count) for count in place.grades]
        parts = [shares.percent_sign(share, decimals) for share in place.shares]
        pairs = [f"{count} {part}" for count, part in zip(counts, parts, strict=True)]
        beside = all(len(pair) < cell for pair in pairs)
        cells = "".join(fit(text, cell, "right") for text in (pairs if beside else counts))
        lines: list[Told] = [
            self._line(name, str(place.valid), cells)
            + self._aside(str(place.blank), str(place.overvote))
        ]
        if not beside:
            under = "".join(fit(part, cell, "right") for part in parts)
            lines.append(" " * (self._names + _VALID) + under)
        return [*lines, self._bar(place)]

    def _bar(self, place: PlaceTally) -> Told:
        scale, tail = self.counts.content.scale, ""
        # A scale of two grades has no sum worth a name.
        if upper := wording.grades_together(scale):
            together = shares.percent_sign(place.share_of_first(upper), self.round.rules.decimals)
            tail = f"  {wording.together_name(scale)} {fit(together, 7, 'right')}"
        width = max(self.width - 4 - cell_len(tail), 10)
        return " ", SharesBar(tuple(place.shares), width), tail

    def _line(self, name: str, valid: str, cells: str) -> str:
        return fit(name, self._names) + fit(valid, _VALID, "right") + cells

    @staticmethod
    def _aside(blank: str, overvote: str) -> str:
        return fit(blank, _ASIDE, "right") + fit(overvote, _ASIDE, "right")

    @property
    def _names(self) -> int:
        return 13 if self.width < 100 else 24

    @property
    def _grade(self) -> int:
        """The width of a grade's column: for count and share side by side where there is room,
        else for the share, which then stands under its count. Numbers are never cut."""
        grades = len(self.counts.content.scale.grades)
        both = len(str(self.counts.paper.returned)) + len(" 100.00% ")
        room = (self.width - 2 - self._names - _VALID - 2 * _ASIDE) // grades
        return min(room, _WIDEST_GRADE) if room >= both else max(len("100.00%"), room)

    def beside(self, level_name: str, *, official: bool) -> Detail:
        """The headline of each subject, for a second pane of `width` columns."""
        scale, decimals = self.counts.content.scale, self.round.rules.decimals
        upper = wording.grades_together(scale)
        lines: list[Told] = [self._paper()]
        for subject in self.counts.subjects:
            place = subject.headline
            together = (
                f" {shares.percent_sign(place.share_of_first(upper), decimals)}" if upper else ""
            )
            pairs = zip(scale.grades, place.grades, strict=True)
            counts = "  ".join(f"{grade}{count}" for grade, count in pairs)
            bar = SharesBar(tuple(place.shares), self.width - _BESIDE_NAME - len(" 100.00% "))
            lines += ["", (fit(self._name(subject), _BESIDE_NAME), bar, together), counts]
        if upper and self.counts.subjects:
            lines += ["", f"百分数：{wording.together_name(scale)}"]
        return Detail(f"{level_name}{'' if official else ' 计票中，非正式结果'}", lines)
