"""得票情况: counts per subject, item and grade, and the shares from them.

Read from the counts that are kept with each ballot: some hundred rows, whatever the number of
ballots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from models.count import shares
from models.count.disclosure import PlaceCounts, WeightedSheet, hidden_groups, weighted_shares_tell
from models.database.tables import database
from models.regulation.levels import Level, LevelContent
from models.regulation.rules import Denominator, RoundRules, TrustRule
from models.rounds import subjects
from models.rounds.layout import BLANK, OVERALL, OVERVOTE, SheetLayout, SubjectName, layout
from models.rounds.life import frozen_contents
from models.rounds.plan import Group, RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack, stacks

# Counts by (sheet, group), then place, then mark.
_Counts = dict[tuple[int, int], dict[int, Counter[str]]]


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


def disclosed(
    poll: PollInfo, round_info: RoundInfo, level: Level | None = None
) -> dict[Level, tuple[Group, ...]]:
    """The voter groups of each level whose breakdown may be shown."""
    counts = _counts(poll.id, level)
    found: dict[Level, tuple[Group, ...]] = {}
    for each, paper in _by_level(poll.id, level).items():
        hidden = _hidden(paper, counts, round_info)
        found[each] = tuple(group for group in round_info.groups if group.id not in hidden)
    return found


def _hidden(paper: Sequence[Stack], counts: _Counts, round_info: RoundInfo) -> frozenset[int]:
    """The groups of a level that may not be shown: what is hidden on one sheet is hidden on all,
    and must be covered on each."""
    hidden: frozenset[int] = frozenset()
    before = None
    papers = _by_sheet(paper)
    places = {sheet: _place_counts(sheet, counts, round_info) for sheet in papers}
    while hidden != before:
        before = hidden
        for sheet, of_sheet in papers.items():
            sizes: Counter[int] = Counter()
            for stack in of_sheet:
                sizes[stack.group.id] += stack.valid
            hidden = hidden_groups(places[sheet], sizes, round_info.rules.minimum_group, hidden)
    return hidden


def _withheld(
    paper: Sequence[Stack],
    counts: _Counts,
    round_info: RoundInfo,
    grades: Sequence[str],
    present: int,
) -> bool:
    """Whether the weighted shares of a level are not given: one sheet of it would tell."""
    rules = round_info.rules
    hidden = _hidden(paper, counts, round_info)
    if not hidden:
        return False
    for sheet, of_sheet in _by_sheet(paper).items():
        valid: Counter[int] = Counter()
        returned: Counter[int] = Counter()
        for stack in of_sheet:
            valid[stack.group.id] += stack.valid
            returned[stack.group.id] += stack.returned
        places = _place_counts(sheet, counts, round_info)
        bases = {
            group: [
                shares.base_of(
                    rules.denominator,
                    marks=sum(cell.get(grade, 0) for grade in grades),
                    valid=valid[group],
                    returned=returned[group],
                    present=present,
                )
                for cell in cells
            ]
            for group, cells in places.items()
        }
        weighted = WeightedSheet(
            places,
            valid,
            {group.id: group.weight for group in round_info.groups},
            bases,
            grades,
            rules.decimals,
            rules.denominator is Denominator.MARKS,
        )
        if weighted_shares_tell(weighted, hidden):
            return True
    return False


def _by_sheet(paper: Sequence[Stack]) -> dict[int, list[Stack]]:
    found: dict[int, list[Stack]] = {}
    for stack in sorted(paper, key=lambda stack: stack.sheet_id):
        found.setdefault(stack.sheet_id, []).append(stack)
    return found


def _place_counts(sheet: int, counts: _Counts, round_info: RoundInfo) -> dict[int, PlaceCounts]:
    """The counts of every group of the round at each place of a sheet."""
    cells = {group.id: counts.get((sheet, group.id), {}) for group in round_info.groups}
    width = max((max(of, default=-1) + 1 for of in cells.values()), default=0)
    return {
        group: [of.get(place, Counter()) for place in range(width)] for group, of in cells.items()
    }


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
    counts = _counts(poll.id, one)
    contents = frozen_contents(round_info.id)
    found = {}
    for level, paper in _by_level(poll.id, one).items():
        mine = [stack for stack in paper if only is None or stack.group.id == only.id]
        sheets = sorted({stack.sheet_id for stack in paper})
        grades = _marks_of_grades(contents[level])
        withheld = (
            round_info.rules.weighted
            and only is None
            and _withheld(paper, counts, round_info, grades, poll.present)
        )
        parts = [
            _sheet_tally(
                layout(contents[level], round_info.rules.sheet, subjects.subjects_of_sheet(sheet)),
                [stack for stack in mine if stack.sheet_id == sheet],
                counts,
                round_info,
                0 if only else poll.present,
                withheld,
            )
            for sheet in sheets
        ]
        # A level's ballots are those of its fullest sheet: each voter has one of every sheet.
        lead = max(parts, key=lambda part: part[0].valid + part[0].void)
        found[level] = LevelTally(
            level,
            contents[level],
            lead[0].issued,
            lead[0].returned,
            lead[0].valid,
            lead[0].void,
            tuple(subject for _, tallied in parts for subject in tallied),
            withheld,
        )
    return found


@dataclass(frozen=True)
class _Paper:
    issued: int
    returned: int
    valid: int
    void: int


def _sheet_tally(
    sheet: SheetLayout,
    paper: Sequence[Stack],
    counts: _Counts,
    round_info: RoundInfo,
    present: int,
    withheld: bool,
) -> tuple[_Paper, list[SubjectTally]]:
    total = _Paper(
        sum(stack.balance.issued for stack in paper),
        sum(stack.returned for stack in paper),
        sum(stack.valid for stack in paper),
        sum(stack.void for stack in paper),
    )
    rules = round_info.rules
    groups = {stack.group.id: stack.group for stack in paper}
    of_group = {group: counts.get((paper[0].sheet_id, group), {}) for group in groups}
    valid_of = Counter[int]()
    returned_of = Counter[int]()
    for stack in paper:
        valid_of[stack.group.id] += stack.valid
        returned_of[stack.group.id] += stack.returned
    marks_of_grades = _marks_of_grades(sheet)

    def place_tally(place: int, line: int) -> PlaceTally:
        pooled: Counter[str] = Counter()
        for cells in of_group.values():
            pooled.update(cells.get(place, {}))
        grades = tuple(pooled[mark] for mark in marks_of_grades)

        def base(cell: Counter[str], valid: int, returned: int) -> int:
            return shares.base_of(
                rules.denominator,
                marks=sum(cell[mark] for mark in marks_of_grades),
                valid=valid,
                returned=returned,
                present=present,
            )

        weighted: tuple[Fraction | None, ...] = ()
        if withheld:
            weighted = (None,) * len(marks_of_grades)
        elif rules.weighted:
            weighted = tuple(
                shares.weighted_share(
                    (
                        groups[group].weight,
                        cells.get(place, Counter())[mark],
                        base(cells.get(place, Counter()), valid_of[group], returned_of[group]),
                    )
                    for group, cells in of_group.items()
                )
                for mark in marks_of_grades
            )
        return PlaceTally(
            line,
            grades,
            pooled[BLANK],
            pooled[OVERVOTE],
            base(pooled, total.valid, total.returned),
            weighted,
        )

    return total, [
        SubjectTally(
            subject,
            total.returned,
            total.valid,
            total.void,
            tuple(place_tally(sheet.place_of(n, line), line) for line in sheet.lines),
        )
        for n, subject in enumerate(sheet.subjects)
    ]


def _marks_of_grades(of: LevelContent | SheetLayout) -> list[str]:
    return [str(n + 1) for n in range(len(of.scale.grades))]


def _by_level(poll_id: int, level: Level | None) -> dict[Level, list[Stack]]:
    found: dict[Level, list[Stack]] = {}
    for stack in stacks(poll_id):
        if level in (None, stack.level):
            found.setdefault(stack.level, []).append(stack)
    return found


def _counts(poll_id: int, level: Level | None) -> _Counts:
    """Counts by (sheet, group), then place, then mark."""
    rows = database.execute_sql(
        "SELECT c.sheet_id, c.group_id, c.place, c.mark, c.n FROM count c "
        "JOIN sheet s ON s.id = c.sheet_id WHERE s.poll_id = ? AND ? IN (0, s.level)",
        (poll_id, int(level or 0)),
    ).fetchall()
    found: _Counts = {}
    for sheet, group, place, mark, n in rows:
        found.setdefault((sheet, group), {}).setdefault(place, Counter())[mark] = n
    return found
