"""The error rate of keying (差错率): differences per thousand marks, with a confidence interval.

The interval is the exact one of Clopper and Pearson (Biometrika 26, 1934). Its ends are the rates
at which the observed number of errors would be improbably high or improbably low.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_CONFIDENCE = 0.95
_HALVINGS = 60


def per_thousand(errors: int, compared: int) -> Fraction:
    """Errors per thousand marks compared; 0 if nothing was compared."""
    return Fraction(1000 * errors, compared) if compared else Fraction(0)


def interval(errors: int, compared: int, confidence: float = _CONFIDENCE) -> tuple[float, float]:
    """The exact confidence interval of the error rate, as a pair of numbers from 0 to 1."""
    if not compared:
        return 0.0, 1.0
    alpha = (1 - confidence) / 2
    low, high = 0.0, 1.0
    if errors:
        low = _bisect(lambda rate: 1 - _at_most(errors - 1, compared, rate) < alpha)
    if errors < compared:
        high = _bisect(lambda rate: _at_most(errors, compared, rate) > alpha)
    return low, high


def words(errors: int, compared: int) -> str:
    """The rate and its interval as Chinese text for the report: of marks, not of sheets that were
    missing or surplus."""
    if not compared:
        return "没有比对"
    low, high = interval(errors, compared)
    rate = per_thousand(errors, compared)
    return (
        f"比对 {compared:,} 项，错标 {errors:,} 处，每千项 {_two(rate)} 处"
        f"（95% 置信区间 {_two(Fraction(1000 * low))}—{_two(Fraction(1000 * high))}）"
    )


def _two(number: Fraction) -> str:
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _bisect(too_low: Callable[[float], bool]) -> float:
    """The highest rate for which `too_low` holds."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if too_low(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_most(errors: int, trials: int, rate: float) -> float:
    """The probability of at most `errors` errors, summed over the shorter tail."""
    if not 0 < rate < 1:
        return float(rate == 0 or errors >= trials)
    odds = rate / (1 - rate)
    if errors < trials * rate:
        return _tail(
            _chance(errors, trials, rate),
            (k / ((trials - k + 1) * odds) for k in range(errors, 0, -1)),
        )
    above = errors + 1
    if above > trials:
        return 1.0
    return 1 - _tail(
        _chance(above, trials, rate),
        ((trials - k) * odds / (k + 1) for k in range(above, trials)),
    )


def _tail(first: float, ratios: Iterable[float]) -> float:
    """The sum of a falling series in which each term is the previous one times a ratio."""
    total = term = first
    for ratio in ratios:
        term *= ratio
        total += term
        if term < total * 1e-17:
            break
    return min(total, 1.0)


def _chance(errors: int, trials: int, rate: float) -> float:
    """The probability of exactly `errors` errors."""
    ways = math.lgamma(trials + 1) - math.lgamma(errors + 1) - math.lgamma(trials - errors + 1)
    return math.exp(ways + errors * math.log(rate) + (trials - errors) * math.log1p(-rate))
