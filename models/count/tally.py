"""Tally a poll (得票情况): counts per subject, item and grade, and their shares.

Reads the running counts, which are a few hundred rows however many ballots there are.
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
from models.regulation.rules import Denominator, RoundRules, TrustRule
from models.rounds.balance import Balance
from models.rounds.contents import frozen_contents
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout, SubjectName
from models.rounds.plan import Group, RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.sheets import sheet_layout
from models.rounds.stacks import Stack


@dataclass(frozen=True)
class PlaceTally:
    """The counts of one line of one subject."""

    line: int
    """The number of the item, or `OVERALL`."""
    grades: tuple[int, ...]
    """Ballots for each grade."""
    blank: int
    """Blank marks."""
    overvote: int
    """Marks for more than one grade."""
    base: int
    """The base of the shares; 0 if there is no share."""
    weighted: tuple[Fraction | None, ...] = ()
    """The weighted share of each grade; empty if the round is unweighted."""

    @property
    def valid(self) -> int:
        """Valid ballots counted at this place: grades, blank and overvote."""
        return sum(self.grades) + self.blank + self.overvote

    @cached_property
    def shares(self) -> tuple[Fraction | None, ...]:
        """The exact share of each grade; None for no share."""
        return self.weighted or tuple(shares.share(n, self.base) for n in self.grades)

    def share_of_first(self, grades: int) -> Fraction | None:
        """The combined share of the first `grades` grades (2 for 优秀称职合计)."""
        parts = [part for part in self.shares[:grades] if part is not None]
        return sum(parts, Fraction(0)) if parts else None


@dataclass(frozen=True)
class SubjectTally:
    """The result of one subject on its sheet."""

    subject: SubjectName
    """The subject."""
    paper: Balance
    """The paper of its sheet."""
    places: tuple[PlaceTally, ...]
    """Its lines in printed order."""

    @property
    def valid(self) -> int:
        """Valid ballots of its sheet."""
        return self.paper.valid

    @property
    def result(self) -> PlaceTally | None:
        """The overall line, which is the subject's result; None if the sheet has none."""
        return next((place for place in self.places if place.line == OVERALL), None)

    @property
    def headline(self) -> PlaceTally:
        """The line to show first: the overall line, or the first item if there is none."""
        return self.result or self.places[0]


@dataclass(frozen=True)
class LevelTally:
    """The tally of one level of a poll, or of one voter group in it."""

    level: Level
    """The level."""
    content: LevelContent
    """Its content in this round."""
    papers: tuple[Balance, ...]
    """The paper of each sheet (票种); there are several where each person has a sheet."""
    subjects: tuple[SubjectTally, ...]
    """The tally of each subject."""
    withheld: bool = False
    """Whether its weighted shares are withheld, because they might reveal the votes of a hidden
    group. All shares are None then; unweighted shares never replace them."""
    no_present: bool = False
    """Whether there are no shares because they are of the people present, whose number is not
    registered; that of a voter group never is."""

    @property
    def paper(self) -> Balance:
        """The paper of the level: of all its sheets, everywhere."""
        return sum(self.papers, Balance())


@dataclass(frozen=True)
class TrustFinding:
    """A subject compared with the trust rule. A prompt for people, never a verdict."""

    rule: TrustRule
    """The rule."""
    counted: int
    """Ballots with a grade that the rule counts."""
    base: int
    """The base they are compared with."""
    met: bool | None
    """Whether the rule is met; None if there is no base."""
    lacking: Denominator | None = None
    """What there is none of, if there is no base: returned ballots, or those or the people that
    the rule takes its share of."""


def tally(
    poll: PollInfo, round_info: RoundInfo, level: Level | None = None
) -> dict[Level, LevelTally]:
    """Tally a poll, or only `level`, for all voter groups together."""
    return _tally(poll, round_info, None, level)


def tally_of_group(
    poll: PollInfo, round_info: RoundInfo, group: Group, level: Level | None = None
) -> dict[Level, LevelTally]:
    """Tally the votes of one voter group. Check `disclosed` before showing the result."""
    return _tally(poll, round_info, group, level)


def trust_finding(
    tally: LevelTally, subject: SubjectTally, rules: RoundRules, *, present: int
) -> TrustFinding | None:
    """Compare a subject's overall line with the round's trust rule for its level.

    `present` is the number of people present. Returns None if there is no rule or no overall line.
    """
    rule, of = rules.trust.get(tally.level), rules.trust_base(tally.level)
    result = subject.result
    if rule is None or of is None or result is None:
        return None
    counted = sum(
        n
        for grade, n in zip(tally.content.scale.grades, result.grades, strict=True)
        if grade in rule.grades
    )
    base = shares.base_of(
        of,
        marks=sum(result.grades),
        valid=subject.paper.valid,
        returned=subject.paper.returned,
        present=present,
    )
    lacking = None if base else of if subject.paper.returned else Denominator.RETURNED
    return TrustFinding(rule, counted, base, shares.meets(rule, counted, base), lacking)


def _tally(
    poll: PollInfo, round_info: RoundInfo, only: Group | None, one: Level | None
) -> dict[Level, LevelTally]:
    counts = counts_of_poll(poll.id, one)
    contents = frozen_contents(round_info.id)
    # The number of people present is known only for the whole poll.
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
        papers = tuple(sheet.paper for sheet in sheets)
        subjects = tuple(subject for sheet in sheets for subject in sheet.subjects())
        of_present = round_info.rules.denominator is Denominator.PRESENT
        no_present = of_present and not present and any(paper.returned for paper in papers)
        found[level] = LevelTally(level, content, papers, subjects, hides, no_present)
    return found


@dataclass(frozen=True)
class _Sheet:
    """One sheet, with the stacks and counts of the voter groups being tallied."""

    form: SheetLayout
    """The form."""
    stacks: Sequence[Stack]
    """The stacks being tallied."""
    cells: Mapping[int, Mapping[int, Mapping[str, int]]]
    """The number of ballots by group id, place and mark."""
    rules: RoundRules
    """The round's rules."""
    present: int
    """The number of people present; 0 for a single voter group."""
    withheld: bool
    """Whether the weighted shares are withheld."""

    @cached_property
    def paper(self) -> Balance:
        """The balance of all its stacks."""
        return sum((stack.balance for stack in self.stacks), Balance())

    @cached_property
    def of_groups(self) -> dict[int, Balance]:
        """The balance of each group, by group id."""
        found: dict[int, Balance] = defaultdict(Balance)
        for stack in self.stacks:
            found[stack.group.id] += stack.balance
        return found

    @cached_property
    def grades(self) -> list[str]:
        """The marks that are grades, in the order of the scale."""
        return marks_of_grades(self.form)

    def subjects(self) -> Iterator[SubjectTally]:
        """The tallies of its subjects in printed order."""
        paper = self.paper
        for n, subject in enumerate(self.form.subjects):
            lines = self.form.lines
            places = tuple(self._place(self.form.place_of(n, line), line) for line in lines)
            yield SubjectTally(subject, paper, places)

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
        """The base of the shares at one place."""
        return shares.base_of(
            self.rules.denominator,
            marks=sum(cell.get(mark, 0) for mark in self.grades),
            valid=paper.valid,
            returned=paper.returned,
            present=self.present,
        )

    def _weighted(self, place: int) -> tuple[Fraction | None, ...]:
        """The weighted share of each grade.

        All None if they are withheld; empty if the round is unweighted.
        """
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
