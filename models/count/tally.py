"""得票情况: counts per subject, item and grade, and the shares from them.

Read from the counts that are kept with each ballot: some hundred rows, whatever the number of
ballots.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from models.count import shares
from models.count.counts import by_level, by_sheet, counts_of_poll, marks_of_grades
from models.count.published import withheld
from models.regulation.levels import Level, LevelContent
from models.regulation.rules import RoundRules, TrustRule
from models.rounds.balance import Balance
from models.rounds.contents import frozen_contents
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout, SubjectName
from models.rounds.plan import Group, RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.sheets import sheet_layout
from models.rounds.stacks import Stack


@dataclass(frozen=True)
class PlaceTally:
    """One line of one subject: ballots per grade, blank and overvote. `line` is an item's
    number or `OVERALL`. `base` is what its shares are shares of (0: no share)."""

    line: int
    grades: tuple[int, ...]
    blank: int
    overvote: int
    base: int
    weighted: tuple[Fraction | None, ...] = ()

    @property
    def valid(self) -> int:
        """Valid ballots that were counted at this place: grades, blank and overvote."""
        return sum(self.grades) + self.blank + self.overvote

    @cached_property
    def shares(self) -> tuple[Fraction | None, ...]:
        """The exact share of each grade."""
        return self.weighted or tuple(shares.share(n, self.base) for n in self.grades)

    def share_of_first(self, grades: int) -> Fraction | None:
        """The share of the first `grades` grades together (优秀称职合计 takes two)."""
        parts = [part for part in self.shares[:grades] if part is not None]
        return sum(parts, Fraction(0)) if parts else None


@dataclass(frozen=True)
class SubjectTally:
    """One subject's result on its sheet: ballots and places in printed order."""

    subject: SubjectName
    returned: int
    valid: int
    void: int
    places: tuple[PlaceTally, ...]

    @property
    def result(self) -> PlaceTally | None:
        """The overall line, which is a subject's result; None where the sheet has none."""
        return next((place for place in self.places if place.line == OVERALL), None)

    @property
    def headline(self) -> PlaceTally:
        """The line to show first: the overall line, or the first item where there is none."""
        return self.result or self.places[0]


@dataclass(frozen=True)
class LevelTally:
    """One level of one poll (or of one voter group in it). `withheld` says that its weighted
    shares are not given, because with them a hidden group's votes might be worked out; every
    place has None for its shares then, never another kind of share."""

    level: Level
    content: LevelContent
    issued: int
    returned: int
    valid: int
    void: int
    subjects: tuple[SubjectTally, ...]
    withheld: bool = False

    @property
    def entered(self) -> int:
        """Ballots keyed so far."""
        return self.valid + self.void


@dataclass(frozen=True)
class TrustFinding:
    """A subject held against the trust rule: counted ballots of how many, met or not (None:
    nobody voted). A prompt for people, never a verdict."""

    rule: TrustRule
    counted: int
    base: int
    met: bool | None


def tally(
    poll: PollInfo, round_info: RoundInfo, level: Level | None = None
) -> dict[Level, LevelTally]:
    """The levels of a poll (or only the one asked for), all voter groups together."""
    return _tally(poll, round_info, None, level)


def tally_of_group(
    poll: PollInfo, round_info: RoundInfo, group: Group, level: Level | None = None
) -> dict[Level, LevelTally]:
    """The same as one voter group voted. Ask `disclosed` before showing it."""
    return _tally(poll, round_info, group, level)


def trust_finding(
    tally: LevelTally, subject: SubjectTally, rules: RoundRules, *, present: int
) -> TrustFinding | None:
    """The subject's overall line against the round's rule for its level; None without a rule
    or an overall line."""
    rule, result = rules.trust.get(tally.level), subject.result
    if rule is None or result is None:
        return None
    counted = sum(
        n
        for grade, n in zip(tally.content.scale.grades, result.grades, strict=True)
        if grade in rule.grades
    )
    base = shares.base_of(
        rule.base or rules.denominator,
        marks=sum(result.grades),
        valid=subject.valid,
        returned=subject.returned,
        present=present,
    )
    return TrustFinding(rule, counted, base, shares.meets(rule, counted, base))


def _tally(
    poll: PollInfo, round_info: RoundInfo, only: Group | None, one: Level | None
) -> dict[Level, LevelTally]:
    counts = counts_of_poll(poll.id, one)
    contents = frozen_contents(round_info.id)
    # Only a whole poll is held against the number of people who were there.
    present = 0 if only else poll.present
    found = {}
    for level, paper in by_level(poll.id, one).items():
        content = contents[level]
        hides = (
            round_info.rules.weighted
            and only is None
            and withheld(paper, counts, round_info, marks_of_grades(content), present)
        )
        sheets = []
        for sheet_id, stacks in by_sheet(paper).items():
            form = sheet_layout(content, round_info, sheet_id)
            mine = [stack for stack in stacks if only is None or stack.group.id == only.id]
            cells = {stack.group.id: counts.get((sheet_id, stack.group.id), {}) for stack in mine}
            sheets.append(_Sheet(form, mine, cells, round_info.rules, present, hides))
        # A level's ballots are those of its fullest sheet: each voter has one of every sheet.
        lead = max(sheets, key=lambda sheet: sheet.paper.entered).paper
        subjects = tuple(subject for sheet in sheets for subject in sheet.subjects())
        found[level] = LevelTally(
            level, content, lead.issued, lead.returned, lead.valid, lead.void, subjects, hides
        )
    return found


@dataclass(frozen=True)
class _Sheet:
    """One sheet with the paper and the counts of the voter groups that are tallied."""

    form: SheetLayout
    stacks: Sequence[Stack]
    cells: Mapping[int, Mapping[int, Mapping[str, int]]]
    """By group and place, how many ballots bear each mark."""
    rules: RoundRules
    present: int
    withheld: bool

    @cached_property
    def paper(self) -> Balance:
        """All its paper in sum."""
        return sum((stack.balance for stack in self.stacks), Balance())

    @cached_property
    def of_groups(self) -> dict[int, Balance]:
        """The paper of each group."""
        found: dict[int, Balance] = defaultdict(Balance)
        for stack in self.stacks:
            found[stack.group.id] += stack.balance
        return found

    @cached_property
    def grades(self) -> list[str]:
        """The marks that are grades, in the order of the scale."""
        return marks_of_grades(self.form)

    def subjects(self) -> Iterator[SubjectTally]:
        """The results of its subjects in printed order."""
        paper = self.paper
        for n, subject in enumerate(self.form.subjects):
            lines = self.form.lines
            places = tuple(self._place(self.form.place_of(n, line), line) for line in lines)
            yield SubjectTally(subject, paper.returned, paper.valid, paper.void, places)

    def _place(self, place: int, line: int) -> PlaceTally:
        pooled: Counter[str] = Counter()
        for cells in self.cells.values():
            pooled.update(cells.get(place, {}))
        return PlaceTally(
            line,
            tuple(pooled[mark] for mark in self.grades),
            pooled[BLANK],
            pooled[OVERVOTE],
            self._base(pooled, self.paper),
            self._weighted(place),
        )

    def _base(self, cell: Mapping[str, int], paper: Balance) -> int:
        """What the shares of one place are shares of."""
        return shares.base_of(
            self.rules.denominator,
            marks=sum(cell.get(mark, 0) for mark in self.grades),
            valid=paper.valid,
            returned=paper.returned,
            present=self.present,
        )

    def _weighted(self, place: int) -> tuple[Fraction | None, ...]:
        """The weighted share of each grade; empty where the round has no weights."""
        if self.withheld:
            return (None,) * len(self.grades)
        if not self.rules.weighted:
            return ()
        weights = {stack.group.id: stack.group.weight for stack in self.stacks}
        parts = []
        for group, cells in self.cells.items():
            cell = cells.get(place, {})
            parts.append((weights[group], cell, self._base(cell, self.of_groups[group])))
        return tuple(
            shares.weighted_share((weight, cell.get(mark, 0), base) for weight, cell, base in parts)
            for mark in self.grades
        )
