"""得票率: rounding half up, no share of nothing, thresholds by whole numbers."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.count.shares import meets, percent, percent_sign, rounds_to_whole, share, weighted_share
from models.regulation.rules import Comparator, TrustRule


@pytest.mark.parametrize(
    ("count", "base", "one", "two"),
    [
        (2, 3, "66.7", "66.67"),
        (1, 3, "33.3", "33.33"),
        (1, 8, "12.5", "12.50"),
        (1, 16, "6.3", "6.25"),
        (1, 32, "3.1", "3.13"),
        (3, 32, "9.4", "9.38"),
        (6, 7, "85.7", "85.71"),
        (1, 800, "0.1", "0.13"),
        (1, 2000, "0.1", "0.05"),
        (9999, 10000, "100.0", "99.99"),
        (0, 7, "0.0", "0.00"),
        (7, 7, "100.0", "100.00"),
        (200001, 4000000, "5.0", "5.00"),
        (1, 10**12, "0.0", "0.00"),
    ],
)
def test_percentages_are_rounded_half_up(count: int, base: int, one: str, two: str) -> None:
    assert percent(share(count, base), 1) == one
    assert percent(share(count, base), 2) == two
    assert percent_sign(share(count, base), 2) == f"{two}%"


@given(st.integers(1, 10**7), st.data(), st.sampled_from((1, 2)))
def test_rounding_is_exact(base: int, data: st.DataObject, decimals: int) -> None:
    count = data.draw(st.integers(0, base))
    scaled = Fraction(count * 100 * 10**decimals, base)
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    expected = (
        Decimal(whole).scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    )
    assert Decimal(percent(share(count, base), decimals)) == expected


def test_nobody_voting_is_no_share() -> None:
    assert share(0, 0) is None
    assert percent(None, 2) == percent_sign(None, 2) == "—"
    assert weighted_share([(50, 0, 0), (50, 0, 0)]) is None
    assert weighted_share([]) is None


def test_a_group_without_votes_drops_out_of_the_weighted_mean() -> None:
    assert weighted_share([(30, 1, 2), (70, 0, 0)]) == Fraction(1, 2)
    assert weighted_share([(30, 1, 2), (70, 1, 1)]) == Fraction(30, 100) / 2 + Fraction(70, 100)


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 50)), min_size=1, max_size=6))
def test_equal_weights_by_ballots_are_the_plain_share(groups: list[tuple[int, int]]) -> None:
    parts = [(base, min(count, base), base) for base, count in groups]
    total = sum(base for base, _, _ in parts)
    assert weighted_share(parts) == Fraction(sum(count for _, count, _ in parts), total)


@pytest.mark.parametrize(
    ("shares", "whole"),
    [
        ([Fraction(1, 3)] * 3, False),
        ([Fraction(1, 2)] * 2, True),
        ([Fraction(1, 6)] * 6, False),
        ([Fraction(1, 3), Fraction(1, 3)], True),
        ([None, None], True),
        ([Fraction(2, 3), Fraction(1, 3), None], True),
    ],
)
def test_a_note_is_due_where_rounding_misses_the_whole(
    shares: list[Fraction | None], whole: bool
) -> None:
    assert rounds_to_whole(shares, 2) is whole


def rule(comparator: Comparator, numerator: int = 2, denominator: int = 3) -> TrustRule:
    return TrustRule(("优秀",), comparator, numerator, denominator)


@given(st.integers(1, 10**6), st.integers(1, 99), st.integers(1, 99))
def test_a_threshold_is_exact_at_its_boundary(scale: int, numerator: int, more: int) -> None:
    denominator = numerator + more
    counted, base = numerator * scale, denominator * scale
    at_least = rule(Comparator.AT_LEAST, numerator, denominator)
    more_than = rule(Comparator.MORE_THAN, numerator, denominator)
    assert meets(at_least, counted, base) is True
    assert meets(more_than, counted, base) is False
    assert meets(at_least, counted - 1, base) is False
    assert meets(more_than, counted + 1, base) is True


def test_two_thirds_is_two_thirds_and_not_66_67_percent() -> None:
    assert meets(rule(Comparator.AT_LEAST), 40, 60) is True
    # 66.67 % of 30,003 is 20,003.0001, but two thirds of it are 20,002.
    assert meets(rule(Comparator.AT_LEAST), 20_002, 30_003) is True
    assert percent(share(199_999, 300_000), 2) == "66.67"
    assert meets(rule(Comparator.AT_LEAST), 199_999, 300_000) is False


def test_nobody_voting_neither_meets_nor_fails() -> None:
    assert meets(rule(Comparator.AT_LEAST), 0, 0) is None
