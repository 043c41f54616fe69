"""按类别公布: how far a weighted sum may move and print the same, against trying each next one."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from models.count.disclosure import WeightedSheet, _leeway, _PlaceShares

DECIMALS = st.integers(0, 2)


def printed(value: int, whole: int, decimals: int) -> int:
    """A share in units of its last decimal, a half rounded up."""
    return floor(Fraction(value * 100 * 10**decimals, whole) + Fraction(1, 2))


def reach(same: Callable[[int], bool], step: int, most: int) -> int:
    """The last of `step`, 2 * `step` … up to `most` steps before which all are the same."""
    at = 0
    while abs(at) < most and same(at + step):
        at += step
    return at


@given(value=st.integers(0, 30_000), whole=st.integers(1, 30_000), decimals=DECIMALS)
def test_one_sum(value: int, whole: int, decimals: int) -> None:
    def same(change: int) -> bool:
        return printed(value + change, whole, decimals) == printed(value, whole, decimals)

    found = _PlaceShares({}, {}, whole).slack(value, decimals)
    assert found == (reach(same, -1, whole), reach(same, 1, whole))


@given(data=st.data(), grades=st.sampled_from(("12", "123", "1234")), decimals=DECIMALS)
def test_one_mark_for_another(data: st.DataObject, grades: str, decimals: int) -> None:
    """Each grade's share stays, and where there are more than two the sum of the upper two."""
    more, less = data.draw(st.permutations([*grades, "0"]))[:2]
    sums = {grade: data.draw(st.integers(0, 5_000)) for grade in grades}
    whole = data.draw(st.integers(sum(sums.values()) or 1, 20_000))

    def shown(change: int) -> list[int]:
        moved = {**sums}
        for mark, sign in ((more, 1), (less, -1)):
            if mark in moved:
                moved[mark] += sign * change
        values = [*moved.values()]
        if len(grades) > 2:
            values.append(moved["1"] + moved["2"])
        return [printed(value, whole, decimals) for value in values]

    def same(change: int) -> bool:
        return shown(change) == shown(0)

    sheet = WeightedSheet({}, {}, {}, {}, tuple(grades), decimals, by_marks=False)
    found = _leeway(sheet, _PlaceShares({}, sums, whole), more, less)
    assert found == (reach(same, -1, whole), reach(same, 1, whole))
