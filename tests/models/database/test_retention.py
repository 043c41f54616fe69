"""Which backups are kept: dates by hand, and what must hold of any dates."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.database.retention import kept

NOW = datetime(2026, 11, 25, 9, 0)
STAMPS = st.lists(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=NOW).map(
        lambda at: at.replace(microsecond=0)
    ),
    max_size=60,
)


def test_all_of_two_days_stay() -> None:
    stamps = [NOW - timedelta(minutes=30) * number for number in range(97)]
    assert kept(stamps, NOW) == set(stamps)


def test_before_them_one_a_day_a_week_a_month() -> None:
    """Two a day for 400 days, worked out from the calendar by hand."""
    stamps = [
        datetime(2026, 11, 25, hour) - timedelta(days=day) for day in range(400) for hour in (8, 7)
    ]
    days = {datetime(2026, 11, day, 8) for day in range(14, 26)}
    two_days = {datetime(2026, 11, 24, 7), datetime(2026, 11, 25, 7)}
    # The Sundays before 23 November, the Monday of this week.
    weeks = {datetime(2026, 11, 22, 8) - timedelta(weeks=number) for number in range(9)}
    months = {
        datetime(2026, 10, 31, 8),
        datetime(2026, 9, 30, 8),
        datetime(2026, 8, 31, 8),
        datetime(2026, 7, 31, 8),
        datetime(2026, 6, 30, 8),
        datetime(2026, 5, 31, 8),
        datetime(2026, 4, 30, 8),
        datetime(2026, 3, 31, 8),
    }
    assert kept(stamps, NOW) == days | two_days | weeks | months


def test_a_lonely_old_one_stays() -> None:
    old = datetime(2019, 3, 1)
    assert kept([old], NOW) == {old}
    assert kept([], NOW) == set()


@given(STAMPS)
def test_the_newest_and_all_of_two_days_stay(stamps: list[datetime]) -> None:
    found = kept(stamps, NOW)
    assert found <= set(stamps)
    assert not stamps or max(stamps) in found
    assert {stamp for stamp in stamps if NOW - stamp <= timedelta(days=2)} <= found


@given(STAMPS)
def test_to_thin_twice_is_to_thin_once(stamps: list[datetime]) -> None:
    found = kept(stamps, NOW)
    assert kept(found, NOW) == found
    assert kept(reversed(stamps), NOW) == found


@given(STAMPS)
def test_beyond_two_days_few_stay(stamps: list[datetime]) -> None:
    old = [stamp for stamp in kept(stamps, NOW) if NOW - stamp > timedelta(days=2)]
    assert len(old) <= 12 + 10 + 9


@given(STAMPS, st.integers(0, 40))
def test_each_of_the_newest_months_has_one(stamps: list[datetime], later: int) -> None:
    """Also when it is thinned every day: what is asked of a month is not thinned out before."""
    left = frozenset(stamps)
    for day in range(later + 1):
        left = kept(left, NOW + timedelta(days=day))
    months = sorted({(stamp.year, stamp.month) for stamp in stamps}, reverse=True)[:9]
    assert months == sorted({(stamp.year, stamp.month) for stamp in left}, reverse=True)[:9]
