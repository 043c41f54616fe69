"""得票率: exact shares, how they are rounded and what is said of them. Pure.

Shares are fractions of integers; only their print is rounded, half up, to one or two places.
Nobody voting gives no share at all, never 0.00%.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from models.regulation.rules import Comparator, Denominator, TrustRule

NO_SHARE = "—"


def share(count: int, base: int) -> Fraction | None:
    """`count` of `base`; None where the base is zero."""
    return Fraction(count, base) if base else None


def weighted_share(parts: Iterable[tuple[int, int, int]]) -> Fraction | None:
    """The weighted mean of group shares from (weight, count, base) of each group.

    A group without a base drops out and the others' weights are scaled up to the whole.
    """
    present = [(weight, Fraction(count, base)) for weight, count, base in parts if base and weight]
    total = sum(weight for weight, _ in present)
    if not total:
        return None
    return sum((weight * part for weight, part in present), Fraction(0)) / total


def percent(value: Fraction | None, decimals: int) -> str:
    """A share as `85.71`, rounded half up; `—` for none."""
    if value is None:
        return NO_SHARE
    # In whole numbers: exact for any fraction, and no share is below zero.
    scale = 10**decimals
    halves = 200 * scale * value.numerator + value.denominator
    whole, rest = divmod(halves // (2 * value.denominator), scale)
    return f"{whole}.{rest:0{decimals}d}"


def percent_sign(value: Fraction | None, decimals: int) -> str:
    """A share as `85.71%`; `—` for none."""
    return NO_SHARE if value is None else percent(value, decimals) + "%"


def rounds_to_whole(values: Iterable[Fraction | None], decimals: int) -> bool:
    """Whether shares that are exactly a whole still print to 100; true if they are not a
    whole to begin with, for then no reader expects it."""
    known = [value for value in values if value is not None]
    if not known or sum(known) != 1:
        return True
    return sum(Decimal(percent(value, decimals)) for value in known) == 100


def base_of(
    denominator: Denominator, *, marks: int, valid: int, returned: int, present: int
) -> int:
    """What a share is a share of, under the round's setting (design: counting)."""
    return {
        Denominator.MARKS: marks,
        Denominator.VALID: valid,
        Denominator.RETURNED: returned,
        Denominator.PRESENT: present,
    }[denominator]


def meets(rule: TrustRule, counted: int, base: int) -> bool | None:
    """Whether `counted` of `base` meets a trust rule, by cross-multiplied integers; None where
    there is no base to compare with."""
    if not base:
        return None
    left, right = counted * rule.denominator, rule.numerator * base
    return left >= right if rule.comparator is Comparator.AT_LEAST else left > right
