"""按类别公布: one place of a weighted sheet, with marks that a group does not have left out of its
counts as the database leaves them out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.count import shares
from models.count.disclosure import WeightedSheet, _PlaceShares, weighted_shares_tell

GRADES = ("1", "2", "3")
HIDDEN = (1, 2)
Cells = dict[int, Counter[str]]


def sheet(cells: Mapping[int, Mapping[str, int]], weights: Mapping[int, int]) -> WeightedSheet:
    """A sheet of one place, shares of the marks."""
    sizes = {group: sum(cell.values()) for group, cell in cells.items()}
    bases = {g: [sum(cell.get(grade, 0) for grade in GRADES)] for g, cell in cells.items()}
    places = {group: [cell] for group, cell in cells.items()}
    return WeightedSheet(places, sizes, weights, bases, GRADES, 1, by_marks=True)


def printed(cells: Cells, weights: Mapping[int, int]) -> tuple[str, ...]:
    """The weighted shares as they are printed, the sum of the upper two after them."""
    exact = [
        shares.weighted_share(
            (weights[group], cell[grade], sum(cell[each] for each in GRADES))
            for group, cell in cells.items()
        )
        for grade in GRADES
    ]
    upper = sum((share or Fraction(0) for share in exact[:2]), Fraction(0))
    return tuple(shares.percent(share, 1) for share in [*exact, upper])


def others(cells: Cells, hidden: Sequence[int]) -> Iterator[Cells]:
    """Every other way to share out the hidden groups' votes with the same totals and sizes."""

    def dealt(groups: Sequence[int], left: Counter[str]) -> Iterator[Cells]:
        if len(groups) == 1:
            yield {groups[0]: left}
            return
        for one in product(*(range(left[grade] + 1) for grade in GRADES)):
            if sum(one) == cells[groups[0]].total():
                mine = Counter(dict(zip(GRADES, one, strict=True)))
                for rest in dealt(groups[1:], left - mine):
                    yield {groups[0]: mine, **rest}

    together = sum((cells[group] for group in hidden), Counter[str]())
    for table in dealt(hidden, together):
        yield {**cells, **table}


def pinned(cells: Cells, weights: Mapping[int, int], hidden: Sequence[int]) -> bool:
    """Whether who sees what is printed knows a count of a hidden group that the totals alone do
    not give, by trying every table."""
    seen = printed(cells, weights)
    alike = [table for table in others(cells, hidden) if printed(table, weights) == seen]
    total = sum((cells[group] for group in hidden), Counter[str]())
    return any(
        len({table[group][grade] for table in alike}) == 1
        for group, grade in product(hidden, GRADES)
        if total[grade] and len(+total) > 1
    )


def drawn(draw: random.Random) -> tuple[Cells, dict[int, int]]:
    cells = {
        group: Counter(draw.choices(GRADES, [5, 3, 1], k=draw.randint(1, 5))) for group in (1, 2, 3)
    }
    weights = {group: draw.choice((10, 20, 25, 30, 50)) for group in cells}
    return cells, weights


def test_what_stands_leaves_every_count_open() -> None:
    """Shares that stand pin down no count of a hidden group whose total is not nought."""
    draw = random.Random(20)  # noqa: S311 - votes of a test, not secrets
    stood = 0
    for _ in range(1500):
        cells, weights = drawn(draw)
        if not weighted_shares_tell(sheet(cells, weights), frozenset(HIDDEN)):
            assert not pinned(cells, weights, HIDDEN), (cells, weights)
            stood += 1
    assert stood > 20


@pytest.mark.parametrize(
    ("votes", "weights"),
    [
        (("1", "12", "33", "111"), (2, 10, 7, 7)),
        (("12", "11", "223", "1"), (1, 3, 3, 7)),
        (("11", "111", "112", "12"), (1, 1, 2, 3)),
        (("111", "113", "123", "1"), (5, 3, 7, 2)),
    ],
)
def test_nobody_gives_away_a_mark_that_nobody_has(
    votes: tuple[str, ...], weights: tuple[int, ...]
) -> None:
    """Three hidden groups that could be anything, if one could have less than no such mark."""
    cells = dict(enumerate(map(Counter, votes), 1))
    weight = dict(enumerate(weights, 1))
    assert pinned(cells, weight, (1, 2, 3))
    assert weighted_shares_tell(sheet(cells, weight), frozenset((1, 2, 3)))


def test_a_mark_that_nobody_gave_counts_as_none() -> None:
    draw = random.Random(21)  # noqa: S311 - votes of a test, not secrets
    for _ in range(1500):
        cells, weights = drawn(draw)
        full = {group: {grade: cell[grade] for grade in GRADES} for group, cell in cells.items()}
        hidden = frozenset(HIDDEN)
        sparse = weighted_shares_tell(sheet(cells, weights), hidden)
        assert weighted_shares_tell(sheet(full, weights), hidden) == sparse


@given(st.randoms(use_true_random=False))
def test_sums_are_the_weighted_shares(draw: random.Random) -> None:
    cells, weights = drawn(draw)
    found = _PlaceShares.of(sheet(cells, weights), 0)
    for grade in GRADES:
        parts = [(weights[g], cell[grade], cell.total()) for g, cell in cells.items()]
        assert Fraction(found.sums[grade], found.whole) == shares.weighted_share(parts)
    assert all(isinstance(step, int) for step in found.steps.values())


def test_all_of_one_mind_and_shown_totals_alone() -> None:
    cells = {1: Counter("11"), 2: Counter("111"), 3: Counter("123")}
    assert not weighted_shares_tell(sheet(cells, {1: 20, 2: 30, 3: 50}), frozenset(HIDDEN))
