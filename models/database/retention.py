"""Decide which backups to keep: all of the last two days, then daily, weekly and monthly ones."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

_ALL_OF = datetime.timedelta(days=2)
_Period = Callable[[datetime.datetime], tuple[int, ...]]
# How many periods to keep a backup for, and the function that gives a stamp's period.
_PERIODS: tuple[tuple[int, _Period], ...] = (
    (12, lambda at: (at.year, at.month, at.day)),
    (10, lambda at: at.isocalendar()[:2]),
    (9, lambda at: (at.year, at.month)),
)


def kept(
    stamps: Iterable[datetime.datetime], now: datetime.datetime
) -> frozenset[datetime.datetime]:
    """Return the stamps of the backups to keep.

    These are all from the last two days, and the newest of each of the last 12 days, 10 weeks and
    9 months that have a backup. The newest of all is always kept.
    """
    newest_first = sorted(set(stamps), reverse=True)
    found = {stamp for stamp in newest_first if now - stamp <= _ALL_OF} | set(newest_first[:1])
    for most, period in _PERIODS:
        newest: dict[tuple[int, ...], datetime.datetime] = {}
        for stamp in newest_first:
            newest.setdefault(period(stamp), stamp)
        found |= set(list(newest.values())[:most])
    return frozenset(found)
