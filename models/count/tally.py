"""Tally a poll (得票情况): counts per subject, item and grade, and their shares.

Reads the running counts, which are a few hundred rows however many ballots there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from models.count import shares
from models.count.counts import Counts, by_level, by_sheet, counts_of_poll, marks_of_grades
from models.count.published import breakdown_of
from models.regulation.levels import Level, LevelContent
from models.regulation.rules import Denominator, RoundRules, TrustRule
from models.rounds import shown_counts
from models.rounds.balance import Balance
from models.rounds.contents import frozen_contents
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout, SubjectName
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo, PollState
from models.rounds.sheets import sheet_layout
from models.rounds.shown_counts import NOTHING_SHOWN, ShownCounts
from models.rounds.stacks import Stack, stacks


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
    """The weighted share of each grade; empty if shares are not weighted."""

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
    weighted: bool = False
    """Whether its shares are weighted by voter group."""
    withheld: bool = False
    """Whether the round is weighted, but some group that voted has no line of its own, so that
    weighted shares would tell its counts. Its shares are unweighted then, and documents say so."""
    sampled: bool = False
    """Whether it is of the ballots that others may see while paper is keyed
    (`models.rounds.shown_counts`), which may be fewer than are keyed."""

    no_present: bool = False
    """Whether there are no shares because they are of the people present, whose number is not
    registered; that of a voter group never is."""

    @property
    def paper(self) -> Balance:
        """The paper of the level: of all its sheets, everywhere."""
        return sum(self.papers, Balance())

    def unweighted(self) -> LevelTally:
        """The same with plain shares, to stand beside polls whose weighted ones are withheld."""
        plain = tuple(
            replace(each, places=tuple(replace(place, weighted=()) for place in each.places))
            for each in self.subjects
        )
        return replace(
            self, subjects=plain, weighted=False, withheld=self.weighted or self.withheld
        )


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
    """Tally a poll, or only `level`, for all voter groups together, as anybody may see it: exactly
    once it is sealed, and before that a copy that follows in steps."""
    if poll.state is PollState.SEALED:
        return exact_tally(poll, round_info, level)
    return _Counting(poll, round_info, copies=shown_counts.read(poll.id)).levels(level)


def exact_tally(
    poll: PollInfo, round_info: RoundInfo, level: Level | None = None
) -> dict[Level, LevelTally]:
    """Tally a poll ballot by ballot, for whoever keys it: nobody else sees it before the seal."""
    return _Counting(poll, round_info).levels(level)


def tally_of_groups(
    poll: PollInfo, round_info: RoundInfo, groups: Collection[int], level: Level | None = None
) -> dict[Level, LevelTally]:
    """Tally the votes of these voter groups together (their ids). They must be one line of the
    poll's breakdown (`models.count.published`), and others may see it only once it is sealed."""
    return _Counting(poll, round_info, only=frozenset(groups)).levels(level)


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


@dataclass(frozen=True)
class _Counting:
    """What of a poll is tallied."""

    poll: PollInfo
    """The poll."""
    round: RoundInfo
    """Its round."""
    only: frozenset[int] | None = None
    """The ids of the voter groups to count; None for all."""
    copies: Mapping[int, ShownCounts] | None = None
    """What others may see of each sheet; None to count every ballot."""

    def levels(self, one: Level | None) -> dict[Level, LevelTally]:
        """The tally of each level, or only of `one`."""
        paper = stacks(self.poll.id)
        counts = counts_of_poll(self.poll.id, one) if self.copies is None else {}
        weighted = self.round.rules.weighted and self.only is None
        withheld = weighted and (
            self.copies is not None or not breakdown_of(paper, self.round).complete
        )
        contents = frozen_contents(self.round.id)
        found = {}
        for level, of_level in by_level(paper, one).items():
            content = contents[level]
            sheets = [
                self._sheet(content, sheet_id, of_sheet, counts, weighted and not withheld)
                for sheet_id, of_sheet in by_sheet(of_level).items()
            ]
            papers = tuple(sheet.paper for sheet in sheets)
            found[level] = LevelTally(
                level,
                content,
                papers,
                tuple(subject for sheet in sheets for subject in sheet.subjects()),
                weighted=weighted and not withheld,
                withheld=withheld,
                sampled=self.copies is not None,
                no_present=self._no_present(papers),
            )
        return found

    @property
    def _present(self) -> int:
        """The number of people present, which is known only for the whole poll."""
        return 0 if self.only is not None else self.poll.present

    def _no_present(self, papers: Sequence[Balance]) -> bool:
        of_present = self.round.rules.denominator is Denominator.PRESENT
        return of_present and not self._present and any(paper.returned for paper in papers)

    def _sheet(
        self,
        content: LevelContent,
        sheet_id: int,
        of_sheet: Sequence[Stack],
        counts: Counts,
        weighted: bool,
    ) -> _Sheet:
        form = sheet_layout(content, self.round, sheet_id)
        rules, present = self.round.rules, self._present
        if self.copies is not None:
            paper = sum((stack.balance for stack in of_sheet), Balance())
            copy = self.copies.get(sheet_id, NOTHING_SHOWN)
            paper = replace(paper, valid=copy.valid, void=copy.void)
            return _Sheet(form, {0: _Part(0, paper, copy.marks)}, rules, present, False)
        parts: dict[int, _Part] = {}
        for stack in of_sheet:
            group = stack.group
            if self.only is None or group.id in self.only:
                before = parts[group.id].paper if group.id in parts else Balance()
                cells = counts.get((sheet_id, group.id), {})
                parts[group.id] = _Part(group.weight, before + stack.balance, cells)
        return _Sheet(form, parts, rules, present, weighted)


@dataclass(frozen=True)
class _Part:
    """One voter group's share in a sheet, or that of all together."""

    weight: int
    """The group's weight."""
    paper: Balance
    """Its paper."""
    cells: Mapping[int, Mapping[str, int]]
    """The number of ballots by place and mark."""


@dataclass(frozen=True)
class _Sheet:
    """One sheet, with the paper and counts of the voter groups being tallied."""

    form: SheetLayout
    """The form."""
    parts: Mapping[int, _Part]
    """What is counted, by group id."""
    rules: RoundRules
    """The round's rules."""
    present: int
    """The number of people present; 0 for some of the voter groups only."""
    weighted: bool
    """Whether shares are weighted."""

    @cached_property
    def paper(self) -> Balance:
        """The balance of all that is counted."""
        return sum((part.paper for part in self.parts.values()), Balance())

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
        for part in self.parts.values():
            pooled.update(part.cells.get(place, {}))
        return PlaceTally(
            line,
            tuple(pooled[mark] for mark in self.grades),
            pooled[BLANK],
            pooled[OVERVOTE],
            self._base(pooled, self.paper),
            self._weighted(place) if self.weighted else (),
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
        """The weighted share of each grade."""
        found = []
        for part in self.parts.values():
            cell = part.cells.get(place, {})
            found.append((part.weight, cell, self._base(cell, part.paper)))
        return tuple(
            shares.weighted_share((weight, cell.get(mark, 0), base) for weight, cell, base in found)
            for mark in self.grades
        )
