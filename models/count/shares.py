"""Shares of the vote (得票率): exact arithmetic and rounding. No database.

Shares are fractions of integers. They are rounded only for printing, half up, to one or two
decimals. If nobody voted there is no share, rather than 0.00%.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from models.regulation.rules import Comparator, Denominator, TrustRule

NO_SHARE = "—"


def share(count: int, base: int) -> Fraction | None:
    """The share of `count` in `base`; None if the base is zero."""
    return Fraction(count, base) if base else None


def weighted_share(parts: Iterable[tuple[int, int, int]]) -> Fraction | None:
    """The weighted mean of the groups' shares, from (weight, count, base) of each group.

    Groups without a base are left out, and the weights of the others are scaled up. Returns None
    if no group is left.
    """
    present = [(weight, Fraction(count, base)) for weight, count, base in parts if base and weight]
    total = sum(weight for weight, _ in present)
    if not total:
        return None
    return sum((weight * part for weight, part in present), Fraction(0)) / total


def percent(value: Fraction | None, decimals: int) -> str:
    """Format a share as `85.71`, rounded half up; `—` for None."""
    if value is None:
        return NO_SHARE
    # Integer arithmetic is exact for any fraction; shares are never negative.
    scale = 10**decimals
    halves = 200 * scale * value.numerator + value.denominator
    whole, rest = divmod(halves // (2 * value.denominator), scale)
    return f"{whole}.{rest:0{decimals}d}"


def percent_sign(value: Fraction | None, decimals: int) -> str:
    """Format a share as `85.71%`; `—` for None."""
    return NO_SHARE if value is None else percent(value, decimals) + "%"


def rounds_to_whole(values: Iterable[Fraction | None], decimals: int) -> bool:
    """Whether shares that sum to exactly 1 still add up to 100 when printed.

    Also true if they do not sum to 1, because then no reader expects it.
    """
    known = [value for value in values if value is not None]
    # What is printed is asked first: sums of fractions are slow.
    if sum(Decimal(percent(value, decimals)) for value in known) == 100:
        return True
    return sum(known) != 1


def base_of(
    denominator: Denominator, *, marks: int, valid: int, returned: int, present: int
) -> int:
    """The base of a share under the round's setting (design: counting). Of the people present only
    if a ballot came back: where nobody voted there is no share."""
    return {
        Denominator.MARKS: marks,
        Denominator.VALID: valid,
        Denominator.RETURNED: returned,
        Denominator.PRESENT: present if returned else 0,
    }[denominator]


def meets(rule: TrustRule, counted: int, base: int) -> bool | None:
    """Whether `counted` of `base` meets a trust rule; None if the base is zero.

    Cross-multiplies integers, so the comparison is exact.
    """
    if not base:
        return None
    left, right = counted * rule.denominator, rule.numerator * base
    return left >= right if rule.comparator is Comparator.AT_LEAST else left > right
