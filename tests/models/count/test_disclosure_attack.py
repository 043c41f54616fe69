"""按类别公布 attacked: who has every published number of a level cannot pin down a hidden group.

The attacker knows how many valid ballots each group gave on each sheet, the totals of every
place, the counts of the groups shown and, in a weighted round, every weighted share as printed.
He tries all tables of counts for the hidden groups and keeps those that agree with all of it. A
count is pinned if it is the same in all tables that are left; that nobody gave a mark which no
hidden ballot bears is no secret, and not counted as one. So no count at all can be pinned down,
far less all of a group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from models.count.disclosure import WeightedSheet, hidden_groups, weighted_shares_tell
from models.count.published import disclosed
from models.count.shares import percent
from models.count.tally import tally, tally_of_group
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Denominator, MemberSheet, RoundRules, SheetLines
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.offices import entry_of, only_poll, small_round

# A group's counts at one place: one number for each mark, in the order of the marks.
Row = tuple[int, ...]
# All counts of the first two groups for two marks.
EVERY = set(product((0, 1), (0, 1)))


@dataclass(frozen=True)
class Sheet:
    """What was voted on one sheet: for each group a row at each place. The first `grades` of
    the marks are grades, the others blank and overvoted."""

    rows: tuple[tuple[Row, ...], ...]
    sizes: tuple[int, ...]
    weights: tuple[int, ...]
    returned: tuple[int, ...]
    grades: int
    decimals: int
    denominator: Denominator

    @property
    def marks(self) -> str:
        others = len(self.rows[0][0]) - self.grades
        return "1234"[: self.grades] + "0*"[:others]

    def counts(self, group: int) -> list[Counter[str]]:
        return [Counter(dict(zip(self.marks, row, strict=True))) for row in self.rows[group]]

    def base(self, group: int, row: Row) -> int:
        return {
            Denominator.MARKS: sum(row[: self.grades]),
            Denominator.VALID: self.sizes[group],
            Denominator.RETURNED: self.returned[group],
        }[self.denominator]

    def as_weighted(self) -> WeightedSheet:
        groups = range(len(self.sizes))
        return WeightedSheet(
            groups={group: self.counts(group) for group in groups},
            sizes=dict(enumerate(self.sizes)),
            weights=dict(enumerate(self.weights)),
            bases={g: [self.base(g, row) for row in self.rows[g]] for g in groups},
            grades=self.marks[: self.grades],
            decimals=self.decimals,
            by_marks=self.denominator is Denominator.MARKS,
        )


def printed(sheet: Sheet, table: Sequence[Row]) -> tuple[int | None, ...]:
    """The weighted shares of one place as printed, in units of the last decimal: each grade's,
    then the sum of the two upper ones where the scale has more than two."""
    based = [(g, row, base) for g, row in enumerate(table) if (base := sheet.base(g, row))]
    weight = sum(sheet.weights[group] for group, _, _ in based)
    if not weight:
        return (None,) * sheet.grades
    exact = [
        sum((Fraction(sheet.weights[g] * row[n], base) for g, row, base in based), Fraction(0))
        / weight
        for n in range(sheet.grades)
    ]
    if sheet.grades > 2:
        exact.append(exact[0] + exact[1])
    unit = 100 * 10**sheet.decimals
    return tuple(
        (2 * unit * value.numerator + value.denominator) // (2 * value.denominator)
        for value in exact
    )


def compositions(total: int, caps: Sequence[int]) -> Iterator[Row]:
    """All rows with this sum, no number over its cap."""
    if len(caps) == 1:
        if total <= caps[0]:
            yield (total,)
        return
    for first in range(min(total, caps[0]) + 1):
        for rest in compositions(total - first, caps[1:]):
            yield (first, *rest)


def tables(sizes: Sequence[int], totals: Row) -> Iterator[tuple[Row, ...]]:
    """All tables with these row sums and column sums."""
    if len(sizes) == 1:
        if sum(totals) == sizes[0]:
            yield (totals,)
        return
    for row in compositions(sizes[0], totals):
        left = tuple(total - n for total, n in zip(totals, row, strict=True))
        for rest in tables(sizes[1:], left):
            yield (row, *rest)


def pinned(
    sheet: Sheet, hidden: frozenset[int], place: int, *, weighted: bool
) -> set[tuple[int, int]]:
    """The counts that the attacker knows at a place: hidden group and mark."""
    voting = sorted(group for group in hidden if sheet.sizes[group])
    if not voting:
        return set()
    truth = [rows[place] for rows in sheet.rows]
    totals = tuple(map(sum, zip(*(truth[group] for group in voting), strict=True)))
    seen = printed(sheet, truth)
    sure = {(group, mark) for group in voting for mark, total in enumerate(totals) if total}
    for table in tables([sheet.sizes[group] for group in voting], totals):
        guess = list(truth)
        for group, row in zip(voting, table, strict=True):
            guess[group] = row
        changed = {(g, mark) for g, mark in sure if guess[g][mark] != truth[g][mark]}
        if not changed or (weighted and printed(sheet, guess) != seen):
            continue
        sure -= changed
        if not sure:
            break
    return sure


def hidden_on_all(sheets: Sequence[Sheet], minimum: int) -> frozenset[int]:
    """What a level hides: on every sheet the same."""
    hidden: frozenset[int] = frozenset()
    while True:
        before = hidden
        for sheet in sheets:
            groups = {group: sheet.counts(group) for group in range(len(sheet.sizes))}
            hidden = hidden_groups(groups, dict(enumerate(sheet.sizes)), minimum, hidden)
        if hidden == before:
            return hidden


@st.composite
def rows_of(draw: st.DrawFn, size: int, marks: int) -> Row:
    """One group's counts at one place; few votes, often all alike."""
    votes = Counter(draw(st.lists(st.integers(0, marks - 1), min_size=size, max_size=size)))
    return tuple(votes[mark] for mark in range(marks))


@st.composite
def levels(draw: st.DrawFn) -> list[Sheet]:
    """The sheets of one level: one for the team, or one a person on which not everybody voted."""
    groups = draw(st.integers(1, 5))
    grades, others = draw(st.sampled_from(((2, 0), (3, 0), (2, 1), (1, 2), (3, 2), (2, 2))))
    # All tables of the hidden groups are tried, so many groups must be small ones.
    largest = {1: 12, 2: 12, 3: 12, 4: 6, 5: 4}[groups]
    if grades + others > 3 and groups > 2:
        largest = min(largest, 13 - 2 * groups) if groups < 5 else 2
    weights = tuple(draw(st.sampled_from((10, 20, 25, 30, 40))) for _ in range(groups))
    decimals = draw(st.integers(1, 2))
    denominator = draw(
        st.sampled_from((Denominator.MARKS, Denominator.VALID, Denominator.RETURNED))
    )
    found = []
    for _ in range(draw(st.integers(1, 3))):
        sizes = tuple(draw(st.integers(0, largest)) for _ in range(groups))
        returned = tuple(size + draw(st.integers(0, 2)) for size in sizes)
        places = draw(st.integers(1, 2))
        rows = tuple(
            tuple(draw(rows_of(size, grades + others)) for _ in range(places)) for size in sizes
        )
        found.append(Sheet(rows, sizes, weights, returned, grades, decimals, denominator))
    return found


@effort(max_examples=250)
@given(levels(), st.integers(1, 8))
def test_totals_and_shown_groups_pin_nobody(level: list[Sheet], minimum: int) -> None:
    hidden = hidden_on_all(level, minimum)
    for sheet in level:
        voting = {group for group, size in enumerate(sheet.sizes) if size}
        for place in range(len(sheet.rows[0])):
            known = pinned(sheet, hidden, place, weighted=False)
            if known:
                # Only what the totals alone say: one group, or everybody of one mind.
                assert voting <= hidden, "nothing is shown"
                marks = [
                    n for n in map(sum, zip(*(r[place] for r in sheet.rows), strict=True)) if n
                ]
                assert len(voting) == 1 or len(marks) == 1


@effort(max_examples=250)
@given(levels(), st.integers(1, 8))
def test_weighted_shares_that_stand_pin_nobody_else(level: list[Sheet], minimum: int) -> None:
    hidden = hidden_on_all(level, minimum)
    if any(weighted_shares_tell(sheet.as_weighted(), hidden) for sheet in level):
        return
    for sheet in level:
        for place in range(len(sheet.rows[0])):
            assert pinned(sheet, hidden, place, weighted=True) == pinned(
                sheet, hidden, place, weighted=False
            )


def one_place(
    rows: Sequence[Row],
    weights: Sequence[int],
    grades: int = 2,
    denominator: Denominator = Denominator.VALID,
    decimals: int = 2,
) -> Sheet:
    sizes = tuple(map(sum, rows))
    return Sheet(
        tuple((tuple(row),) for row in rows),
        sizes,
        tuple(weights),
        sizes,
        grades,
        decimals,
        denominator,
    )


def test_two_hidden_groups_and_a_second_equation() -> None:
    """3 leaders and 7 of the middle are hidden. 优秀 6 of 10 in all, and 47.14% weighted 30:30:
    only one of the leaders said 优秀 and five of the others."""
    sheet = one_place([(1, 2), (5, 2), (20, 20)], (30, 30, 40))
    hidden = hidden_on_all([sheet], 5)
    assert hidden == {0, 1}
    assert pinned(sheet, hidden, 0, weighted=False) == set()
    assert pinned(sheet, hidden, 0, weighted=True) == EVERY
    assert weighted_shares_tell(sheet.as_weighted(), hidden)


def test_weights_alone_pin_when_no_group_is_shown() -> None:
    sheet = one_place([(1, 2), (2, 2)], (50, 50))
    hidden = hidden_on_all([sheet], 5)
    assert hidden == {0, 1}
    assert pinned(sheet, hidden, 0, weighted=True) == EVERY
    assert weighted_shares_tell(sheet.as_weighted(), hidden)


def test_one_decimal_pins_as_well() -> None:
    sheet = one_place([(1, 2), (5, 2), (20, 20)], (30, 30, 40), decimals=1)
    assert pinned(sheet, frozenset({0, 1}), 0, weighted=True) == EVERY
    assert weighted_shares_tell(sheet.as_weighted(), frozenset({0, 1}))


def test_weights_in_proportion_to_the_ballots_tell_nothing() -> None:
    """A vote of either group weighs the same, so the second equation is the first again."""
    sheet = one_place([(1, 2), (3, 3), (20, 20)], (10, 20, 70))
    assert pinned(sheet, frozenset({0, 1}), 0, weighted=True) == set()
    assert not weighted_shares_tell(sheet.as_weighted(), frozenset({0, 1}))


def test_three_hidden_groups_can_balance_where_two_cannot() -> None:
    """Steps of 10, 5 and 4: one more of the first, six fewer of the second, five more of the
    third leave both the totals and the weighted share."""
    sheet = one_place([(1, 2), (6, 4), (0, 10), (30, 30)], (30, 50, 40, 30))
    hidden = frozenset({0, 1, 2})
    assert pinned(sheet, hidden, 0, weighted=True) == set()
    assert not weighted_shares_tell(sheet.as_weighted(), hidden)


def test_one_leaking_place_is_enough() -> None:
    """Weights in proportion to the ballots hide every count, until a blank changes what the
    shares of one group are shares of."""
    marks = Denominator.MARKS
    safe = one_place([(1, 2, 0), (3, 3, 0)], (10, 20), 2, marks)
    leaking = one_place([(1, 1, 1), (3, 3, 0)], (10, 20), 2, marks)
    both = replace(safe, rows=tuple(a + b for a, b in zip(safe.rows, leaking.rows, strict=True)))
    hidden = frozenset({0, 1})
    assert pinned(both, hidden, 0, weighted=True) == set()
    assert pinned(both, hidden, 1, weighted=True)
    assert not weighted_shares_tell(safe.as_weighted(), hidden)
    assert weighted_shares_tell(both.as_weighted(), hidden)


def test_grades_are_pinned_though_blank_and_overvoted_are_not() -> None:
    """Blank and overvoted ballots can always be exchanged; the grades beside them are known."""
    sheet = one_place([(1, 1, 1, 0), (3, 2, 0, 2), (20, 20, 0, 0)], (30, 30, 40))
    hidden = frozenset({0, 1})
    assert pinned(sheet, hidden, 0, weighted=True) == EVERY
    assert weighted_shares_tell(sheet.as_weighted(), hidden)


def test_the_sum_of_the_upper_grades_is_one_more_equation() -> None:
    """Each grade alone would print the same with another table, 优秀称职合计 would not."""
    sheet = one_place([(6, 0, 3, 0), (3, 0, 6, 0), (5, 6, 10, 9)], (148, 146, 100), 4, decimals=1)
    hidden = frozenset({0, 1})
    assert pinned(sheet, hidden, 0, weighted=True) == set(product((0, 1), (0, 2)))
    assert weighted_shares_tell(sheet.as_weighted(), hidden)


def test_a_blank_changes_what_shares_are_shares_of() -> None:
    """Grades can be exchanged here, but whose the one blank is shows in the base."""
    sheet = one_place([(1, 1, 1), (2, 2, 0)], (10, 20), 2, Denominator.MARKS)
    hidden = frozenset({0, 1})
    assert pinned(sheet, hidden, 0, weighted=True) == {(0, 2), (1, 2)}
    assert weighted_shares_tell(sheet.as_weighted(), hidden)


def test_one_group_alone_is_its_totals_whatever_is_withheld() -> None:
    sheet = one_place([(1, 2), (0, 0)], (50, 50))
    hidden = hidden_on_all([sheet], 5)
    assert pinned(sheet, hidden, 0, weighted=False) == {(0, 0), (0, 1)}
    assert not weighted_shares_tell(sheet.as_weighted(), hidden)


@pytest.mark.parametrize("denominator", [Denominator.MARKS, Denominator.VALID])
def test_groups_of_hundreds_are_decided_at_once(denominator: Denominator) -> None:
    """Too large to try all tables, and a printed share of two decimals is too coarse to tell a
    ballot of one group of thousands from one of another."""
    large = [(4000, 3000, 2000, 1000, 9, 3), (3999, 3001, 2001, 999, 5, 5)]
    sheet = one_place(large, (50, 50), 4, denominator)
    assert not weighted_shares_tell(sheet.as_weighted(), frozenset({0, 1}))
    hundreds = [(80, 70, 60, 50, 1, 0), (150, 70, 60, 30, 1, 2)]
    sheet = one_place(hundreds, (30, 70), 4, denominator)
    assert weighted_shares_tell(sheet.as_weighted(), frozenset({0, 1}))


def test_the_attacker_finds_all_tables() -> None:
    """The attacker against every guess there is."""
    found = set(tables([2, 3, 1], (3, 2, 1)))
    every = product(*(list(compositions(n, (3, 3, 3))) for n in (2, 3, 1)))
    assert found == {
        table for table in every if tuple(map(sum, zip(*table, strict=True))) == (3, 2, 1)
    }


WEIGHTS = {"班子成员": 10, "中层干部": 20, "一般干部职工": 70}
# Ballots of each group on the sheets of the two members.
ONE = {"班子成员": "123", "中层干部": "112233", "一般干部职工": "1234" * 5}
FEWER = {"班子成员": "13", "中层干部": "112233", "一般干部职工": "1234" * 5}
NOBODY = {"班子成员": "", "中层干部": "112233", "一般干部职工": "1234" * 5}


def sheets_of(info: RoundInfo) -> list[Sheet]:
    """The two one-person sheets of the members, as they were really voted."""
    poll, level = only_poll(info), Level.MEMBER
    groups = [tally_of_group(poll, info, group, level)[level] for group in info.groups]
    found = []
    for number in range(2):
        subjects = [group.subjects[number] for group in groups]
        rows = tuple(
            tuple((*place.grades, place.blank, place.overvote) for place in subject.places)
            for subject in subjects
        )
        found.append(
            Sheet(
                rows,
                tuple(subject.valid for subject in subjects),
                tuple(group.weight for group in info.groups),
                tuple(subject.paper.returned for subject in subjects),
                4,
                info.rules.decimals,
                info.rules.denominator,
            )
        )
    return found


@pytest.mark.parametrize(
    ("first", "second", "withheld", "shown"),
    [
        # Of 3 and 6 ballots weighing 10 and 20, none can be told from another.
        (ONE, ONE, False, ["一般干部职工"]),
        # On the second sheet one leader less voted: 2 and 6 can be told apart.
        (ONE, FEWER, True, ["一般干部职工"]),
        # On the second sheet the middle group has no small one beside it, so the large one must
        # hide it: nothing is shown, and two groups have two equations.
        (ONE, NOBODY, True, []),
    ],
)
def test_a_level_of_one_person_sheets_against_who_has_all_of_them(
    store: Store,
    settings: Settings,
    first: dict[str, str],
    second: dict[str, str],
    withheld: bool,
    shown: list[str],
) -> None:
    rules = RoundRules(
        sheet=SheetLines.OVERALL, member_sheet=MemberSheet.PERSON, denominator=Denominator.VALID
    )
    info = small_round(settings, WEIGHTS, rules, returned=20)
    for person, voted in (("李一", first), ("李二", second)):
        for group, marks in voted.items():
            entry = entry_of(info, Level.MEMBER, group, person)
            for mark in marks:
                entry.commit(mark)
    poll = only_poll(info)
    level = tally(poll, info)[Level.MEMBER]
    sheets = sheets_of(info)
    hidden = hidden_on_all(sheets, rules.minimum_group)
    open_to_all = disclosed(poll, info)[Level.MEMBER]
    assert [group.name for group in open_to_all] == shown
    assert [info.groups.index(group) for group in open_to_all] == sorted({0, 1, 2} - hidden)
    assert level.withheld is withheld
    places = [subject.places[0] for subject in level.subjects]
    known = [pinned(sheet, hidden, 0, weighted=True) for sheet in sheets]
    assert any(known) is withheld, "on one sheet is enough for the whole level"
    for sheet, place in zip(sheets, places, strict=True):
        assert pinned(sheet, hidden, 0, weighted=False) == set()
        said = printed(sheet, [rows[0] for rows in sheet.rows])[:4]
        if withheld:
            assert place.shares == (None,) * 4
            assert place.share_of_first(2) is None
        else:
            assert [percent(share, 2) for share in place.shares] == [
                f"{(n or 0) / 100:.2f}" for n in said
            ], "the attacker reads what is printed"
        assert sum(place.grades) == sum(sheet.sizes), "counts stand"
