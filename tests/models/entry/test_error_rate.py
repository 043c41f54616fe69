"""差错率: the exact interval against closed forms, published numbers and its own definition."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.entry.error_rate import interval, per_thousand, words


@given(compared=st.integers(1, 1_000_000))
def test_no_error_found(compared: int) -> None:
    low, high = interval(0, compared)
    assert low == 0
    assert high == pytest.approx(-math.expm1(math.log(0.025) / compared), rel=1e-6)


@given(compared=st.integers(1, 1_000_000))
def test_everything_wrong(compared: int) -> None:
    low, high = interval(compared, compared)
    assert low == pytest.approx(0.025 ** (1 / compared), rel=1e-6)
    assert high == 1


# Clopper-Pearson at 95 % as tables and statistics programs give it.
@pytest.mark.parametrize(
    ("errors", "compared", "low", "high"),
    [(1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129), (10, 100, 0.0490, 0.1762)],
)
def test_published_intervals(errors: int, compared: int, low: float, high: float) -> None:
    found = interval(errors, compared)
    assert found == pytest.approx((low, high), abs=5e-5)


@given(data=st.data(), compared=st.integers(1, 60))
def test_each_end_leaves_a_fortieth_outside(data: st.DataObject, compared: int) -> None:
    errors = data.draw(st.integers(0, compared))
    low, high = interval(errors, compared)

    def chance(which: range, rate: float) -> float:
        return sum(math.comb(compared, k) * rate**k * (1 - rate) ** (compared - k) for k in which)

    if errors:
        assert chance(range(errors, compared + 1), low) == pytest.approx(0.025, rel=1e-6)
    if errors < compared:
        assert chance(range(errors + 1), high) == pytest.approx(0.025, rel=1e-6)


@given(data=st.data(), compared=st.integers(1, 1_000_000))
def test_the_rate_lies_within_and_the_other_side_mirrors(
    data: st.DataObject, compared: int
) -> None:
    errors = data.draw(st.integers(0, compared))
    low, high = interval(errors, compared)
    assert 0 <= low <= errors / compared <= high <= 1
    mirror = interval(compared - errors, compared)
    assert mirror == pytest.approx((1 - high, 1 - low), abs=1e-7)


def test_rates_are_exact() -> None:
    assert per_thousand(1, 3) == Fraction(1000, 3)
    assert per_thousand(0, 0) == 0


def test_the_words_of_the_report() -> None:
    assert words(37, 12_345) == (
        "比对 12,345 项，错标 37 处，每千项 3.00 处（95% 置信区间 2.11—4.13）"
    )
    assert words(0, 0) == "没有比对"


def test_the_ends_of_the_interval_are_told_per_thousand() -> None:
    assert words(5, 10).endswith("每千项 500.00 处（95% 置信区间 187.09—812.91）")


def test_a_half_of_the_last_decimal_is_rounded_up() -> None:
    assert "每千项 0.13 处" in words(1, 8_000)


def test_nothing_compared_says_nothing_and_all_wrong_has_no_room_above() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(5, 5)[1] == 1.0
    assert interval(0, 5)[0] == 0.0
