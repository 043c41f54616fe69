"""Two entries side by side: the least cost, proven against a plain search; kinds told apart."""

from hypothesis import given
from hypothesis import strategies as st

from models.alignment import Difference, Kind, Marks, align, gap_cost, pair_cost

SIZE = 4
SHEETS = st.one_of(
    st.text("12", min_size=SIZE, max_size=SIZE).map(lambda marks: Marks(marks, 0)),
    st.integers(1, 2).map(lambda reason: Marks("", reason)),
)
ENTRIES = st.lists(SHEETS, max_size=9)


def valid(marks: str) -> Marks:
    return Marks(marks, 0)


def least_cost(first: list[Marks], second: list[Marks]) -> int:
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


def cost_of(found: list[Difference], first: list[Marks], second: list[Marks]) -> int:
    return sum(
        pair_cost(first[each.first - 1], second[each.second - 1], SIZE)
        if each.kind is Kind.CHANGED
        else gap_cost(SIZE)
        for each in found
    )


def mended(found: list[Difference], first: list[Marks], second: list[Marks]) -> list[Marks]:
    """The second entry made into the first by what was found, from the end."""
    made = list(second)
    for each in reversed(found):
        at = each.second - 1
        if each.kind is Kind.EXTRA:
            del made[at]
        elif each.kind is Kind.MISSING:
            made.insert(at, first[each.first - 1])
        else:
            made[at] = first[each.first - 1]
    return made


@given(first=ENTRIES, second=ENTRIES)
def test_the_least_cost_and_a_way_that_leads_there(first: list[Marks], second: list[Marks]) -> None:
    found = align(first, second, SIZE)
    assert cost_of(found, first, second) == least_cost(first, second)
    assert mended(found, first, second) == first


@given(entry=ENTRIES)
def test_equal_entries_do_not_differ(entry: list[Marks]) -> None:
    assert align(entry, list(entry), SIZE) == []


PAPER = [valid(marks) for marks in ("1111", "1212", "2222", "1122", "2211", "2121")]


def test_a_sheet_left_out_is_one_missing_sheet() -> None:
    assert align(PAPER, PAPER[:2] + PAPER[3:], SIZE) == [Difference(Kind.MISSING, 3, 3)]


def test_a_sheet_keyed_twice_is_one_extra_sheet() -> None:
    twice = [*PAPER[:3], PAPER[2], *PAPER[3:]]
    (found,) = align(PAPER, twice, SIZE)
    assert found.kind is Kind.EXTRA
    assert found.second in (3, 4)


def test_a_mark_keyed_wrong_is_one_changed_sheet() -> None:
    changed = [*PAPER[:3], valid("1121"), *PAPER[4:]]
    assert align(PAPER, changed, SIZE) == [Difference(Kind.CHANGED, 4, 4)]


def test_all_three_at_once_are_told_apart() -> None:
    second = [PAPER[0], valid("1211"), PAPER[3], PAPER[4], valid("2222"), PAPER[5]]
    assert [each.kind for each in align(PAPER, second, SIZE)] == [
        Kind.CHANGED,
        Kind.MISSING,
        Kind.EXTRA,
    ]


def test_a_void_sheet_pairs_with_the_valid_one_at_its_place() -> None:
    second = [*PAPER[:2], Marks("", 1), *PAPER[3:]]
    assert align(PAPER, second, SIZE) == [Difference(Kind.CHANGED, 3, 3)]


def test_void_for_another_reason_is_a_changed_sheet() -> None:
    assert align([Marks("", 1)], [Marks("", 2)], SIZE) == [Difference(Kind.CHANGED, 1, 1)]


def test_ten_thousand_sheets_with_a_few_errors() -> None:
    first = [valid(f"{n % 3 + 1}{n % 4 + 1}{n % 5}{n % 2}") for n in range(10_000)]
    second = list(first)
    second[17] = valid("3242")
    del second[9_000]
    found = align(first, second, SIZE)
    assert found == [Difference(Kind.CHANGED, 18, 18), Difference(Kind.MISSING, 9_001, 9_001)]
