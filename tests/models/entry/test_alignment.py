"""Two entries side by side: the least cost, proven against a plain search; kinds told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.entry.alignment import Difference, DifferenceKind, align, differing, gap_cost, pair_cost
from models.entry.ballot import Ballot

SIZE = 4
SHEETS = st.one_of(
    st.text("12", min_size=SIZE, max_size=SIZE).map(lambda marks: Ballot(marks, 0)),
    st.integers(1, 2).map(lambda reason: Ballot("", reason)),
)
ENTRIES = st.lists(SHEETS, max_size=9)
# So few kinds that sheets are equal by chance in other places too.
FEW = st.sampled_from([Ballot("1111", 0), Ballot("1112", 0), Ballot("2222", 0), Ballot("", 1)])
REPEATING = st.lists(FEW, max_size=9)


def valid(marks: str) -> Ballot:
    return Ballot(marks, 0)


def least_cost(first: list[Ballot], second: list[Ballot]) -> int:
    """The plain table of an edit distance."""
    gap = gap_cost(SIZE)
    table = [[(i + j) * gap for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i, one in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            table[i][j] = min(
                table[i - 1][j - 1] + pair_cost(one, other, SIZE),
                table[i - 1][j] + gap,
                table[i][j - 1] + gap,
            )
    return table[-1][-1]


def cost_of(found: list[Difference], first: list[Ballot], second: list[Ballot]) -> int:
    return sum(
        pair_cost(first[each.first - 1], second[each.second - 1], SIZE)
        if each.kind is DifferenceKind.CHANGED
        else gap_cost(SIZE)
        for each in found
    )


def mended(found: list[Difference], first: list[Ballot], second: list[Ballot]) -> list[Ballot]:
    """The second entry made into the first by what was found, from the end."""
    made = list(second)
    for each in reversed(found):
        at = each.second - 1
        if each.kind is DifferenceKind.EXTRA:
            del made[at]
        elif each.kind is DifferenceKind.MISSING:
            made.insert(at, first[each.first - 1])
        else:
            made[at] = first[each.first - 1]
    return made


@given(first=ENTRIES, second=ENTRIES)
def test_the_least_cost_and_a_way_that_leads_there(
    first: list[Ballot], second: list[Ballot]
) -> None:
    found = align(first, second, SIZE)
    assert cost_of(found, first, second) == least_cost(first, second)
    assert mended(found, first, second) == first


@given(first=REPEATING, second=REPEATING)
def test_the_least_cost_where_many_sheets_are_alike(
    first: list[Ballot], second: list[Ballot]
) -> None:
    found = align(first, second, SIZE)
    assert cost_of(found, first, second) == least_cost(first, second)
    assert mended(found, first, second) == first


def test_what_each_difference_costs() -> None:
    """Against a missing or extra sheet (5 of four places), two of which are less than a pair
    whose places all differ, but not than a void sheet for a valid one."""
    assert gap_cost(SIZE) == 5
    assert pair_cost(valid("1212"), valid("1212"), SIZE) == 0
    assert pair_cost(valid("1212"), valid("1112"), SIZE) == 3
    assert pair_cost(valid("1212"), valid("2121"), SIZE) == 12
    assert pair_cost(Ballot("", 1), Ballot("", 2), SIZE) == 1
    assert pair_cost(Ballot("", 1), Ballot("", 1), SIZE) == 0
    assert pair_cost(Ballot("", 1), valid("1212"), SIZE) == 8
    assert pair_cost(valid("1212"), Ballot("", 1), SIZE) == 8


def test_the_places_that_differ() -> None:
    assert differing(valid("1212"), valid("1111")) == (1, 3)
    assert differing(valid("1212"), valid("1212")) == ()
    with pytest.raises(ValueError, match="shorter"):
        differing(valid("1212"), valid("121"))


def test_sheets_that_fit_only_two_places_on_are_found_there() -> None:
    """Sheet by sheet the entries differ a little everywhere; two left out and two put in cost
    less, though that way leads further off the straight one."""
    turn = [valid("111" + mark) for mark in "1234"]
    first = [turn[n % 4] for n in range(9)]
    second = [turn[(n + 2) % 4] for n in range(9)]
    found = align(first, second, SIZE)
    assert cost_of(found, first, second) == 4 * gap_cost(SIZE) == least_cost(first, second)
    kinds = [each.kind for each in found]
    assert (
        sorted(kinds, key=list(DifferenceKind).index)
        == [DifferenceKind.MISSING] * 2 + [DifferenceKind.EXTRA] * 2
    )


SLIDING = [valid("111" + mark) for mark in "123456789"]


def test_a_long_run_one_place_off_is_found_on_either_side() -> None:
    """The band begins no wider than one sheet to each side, and the way needs all of it."""
    first, second = SLIDING[:6], SLIDING[1:7]
    assert align(first, second, SIZE) == [
        Difference(DifferenceKind.MISSING, 1, 1),
        Difference(DifferenceKind.EXTRA, 7, 6),
    ]
    assert align(second, first, SIZE) == [
        Difference(DifferenceKind.EXTRA, 1, 1),
        Difference(DifferenceKind.MISSING, 6, 7),
    ]


def test_a_sheet_left_out_is_found_though_the_entry_is_longer() -> None:
    assert [each.kind for each in align(SLIDING[:6], SLIDING[1:8], SIZE)] == [
        DifferenceKind.MISSING,
        DifferenceKind.EXTRA,
        DifferenceKind.EXTRA,
    ]
    assert [each.kind for each in align(SLIDING[1:8], SLIDING[:6], SIZE)] == [
        DifferenceKind.EXTRA,
        DifferenceKind.MISSING,
        DifferenceKind.MISSING,
    ]


def test_at_the_same_cost_a_sheet_is_changed() -> None:
    """Both of two places: as much as a missing and an extra sheet; one change is less to say."""
    assert pair_cost(valid("12"), valid("21"), 2) == 2 * gap_cost(2)
    assert align([valid("12")], [valid("21")], 2) == [Difference(DifferenceKind.CHANGED, 1, 1)]


def test_an_end_is_the_same_only_sheet_by_sheet() -> None:
    """`2222` stands first in one entry and second to last in the other; that is no common end."""
    first = [valid("2222"), valid("1111"), valid("1212")]
    second = [valid("1122"), valid("2222"), valid("1212")]
    for one, other in ((first, second), (second, first)):
        found = align(one, other, SIZE)
        assert cost_of(found, one, other) == least_cost(one, other)
        assert mended(found, one, other) == one


@given(entry=ENTRIES)
def test_equal_entries_do_not_differ(entry: list[Ballot]) -> None:
    assert align(entry, list(entry), SIZE) == []


PAPER = [valid(marks) for marks in ("1111", "1212", "2222", "1122", "2211", "2121")]


def test_a_sheet_left_out_is_one_missing_sheet() -> None:
    assert align(PAPER, PAPER[:2] + PAPER[3:], SIZE) == [Difference(DifferenceKind.MISSING, 3, 3)]


def test_a_sheet_keyed_twice_is_one_extra_sheet() -> None:
    twice = [*PAPER[:3], PAPER[2], *PAPER[3:]]
    (found,) = align(PAPER, twice, SIZE)
    assert found.kind is DifferenceKind.EXTRA
    assert found.second in (3, 4)


def test_a_mark_keyed_wrong_is_one_changed_sheet() -> None:
    changed = [*PAPER[:3], valid("1121"), *PAPER[4:]]
    assert align(PAPER, changed, SIZE) == [Difference(DifferenceKind.CHANGED, 4, 4)]


def test_all_three_at_once_are_told_apart() -> None:
    second = [PAPER[0], valid("1211"), PAPER[3], PAPER[4], valid("2222"), PAPER[5]]
    assert [each.kind for each in align(PAPER, second, SIZE)] == [
        DifferenceKind.CHANGED,
        DifferenceKind.MISSING,
        DifferenceKind.EXTRA,
    ]


def test_a_void_sheet_pairs_with_the_valid_one_at_its_place() -> None:
    second = [*PAPER[:2], Ballot("", 1), *PAPER[3:]]
    assert align(PAPER, second, SIZE) == [Difference(DifferenceKind.CHANGED, 3, 3)]


def test_void_for_another_reason_is_a_changed_sheet() -> None:
    assert align([Ballot("", 1)], [Ballot("", 2)], SIZE) == [
        Difference(DifferenceKind.CHANGED, 1, 1)
    ]


def test_ten_thousand_sheets_with_a_few_errors() -> None:
    first = [valid(f"{n % 3 + 1}{n % 4 + 1}{n % 5}{n % 2}") for n in range(10_000)]
    second = list(first)
    second[17] = valid("3242")
    del second[9_000]
    found = align(first, second, SIZE)
    assert found == [
        Difference(DifferenceKind.CHANGED, 18, 18),
        Difference(DifferenceKind.MISSING, 9_001, 9_001),
    ]
