"""Bars drawn as table cells: their lengths, their grid, and that nothing is drawn of nothing."""

from __future__ import annotations

import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exports.page.markup import Markup
from exports.parts.bars import bars, steps
from models.count.tally import PlaceTally
from models.regulation.levels import GradeScale

MARKUP = Markup("gb2312")
WIDTH = 8845
COUNTS = st.lists(st.integers(0, 400), min_size=2, max_size=9)


def place(*counts: int, more: int = 0) -> PlaceTally:
    return PlaceTally(0, counts, 0, 0, sum(counts) + more)


def scale(count: int) -> GradeScale:
    names = tuple(f"等{n}" for n in range(count))
    return GradeScale(names, names)


@given(COUNTS, st.integers(0, 50))
def test_a_bar_is_as_long_as_the_shares_and_shows_each(counts: list[int], more: int) -> None:
    base = sum(counts) + more
    if not base:
        return
    shares = [Fraction(count, base) for count in counts]
    lengths = steps(shares, 50)
    assert sum(lengths) == round(sum(shares) * 50)
    if sum(lengths) >= len(counts):
        assert all(
            bool(length) == bool(count) for length, count in zip(lengths, counts, strict=True)
        )
    for length, share in zip(lengths, shares, strict=True):
        assert abs(length - share * 50) <= len(counts)


def test_exact_shares_have_exact_lengths() -> None:
    assert steps([Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)], 50) == [25, 15, 10]
    assert steps([Fraction(1), Fraction(0)], 50) == [50, 0]
    assert steps([Fraction(999, 1000), Fraction(1, 1000)], 50) == [49, 1]


@given(st.lists(COUNTS, min_size=1, max_size=15))
def test_any_rows_fit_one_grid_that_word_can_hold(rows: list[list[int]]) -> None:
    most = max(len(row) for row in rows)
    filled = [row + [0] * (most - len(row)) for row in rows]
    named = [(f"人{n}", place(*row)) for n, row in enumerate(filled)]
    xml = bars(MARKUP, scale(most), named, WIDTH, decimals=2)
    if not any(sum(row) for row in rows):
        assert xml == ""
        return
    widths = [int(part.split('"')[0]) for part in xml.split('<w:gridCol w:w="')[1:]]
    assert sum(widths) == WIDTH
    assert min(widths) > 0
    assert len(widths) <= 63
    legend = xml.count("<w:tblHeader/>")
    assert xml.count("<w:tr>") == legend + sum(1 for row in rows if sum(row))


def test_nobody_voting_has_no_bar() -> None:
    assert bars(MARKUP, scale(3), [("甲", place(0, 0, 0))], WIDTH, decimals=2) == ""


def test_what_the_grades_leave_of_the_whole_stays_white() -> None:
    xml = bars(MARKUP, scale(2), [("甲", place(1, 1, more=2))], WIDTH, decimals=2)
    *_, legend, last = xml.split("<w:tr>")
    assert last.count("<w:shd ") == 2
    assert last.count("<w:tc>") == 4
    assert ">其余<" in legend


def test_every_part_is_in_the_legend_and_figures_stand_where_they_fit() -> None:
    named = scale(9).grades
    xml = bars(MARKUP, scale(9), [("甲", place(50, 30, 13, 2, 1, 1, 1, 1, 1))], WIDTH, decimals=2)
    *legend, last = xml.split("<w:tr>")[1:]
    assert [name in "".join(legend) for name in named] == [True] * 9
    assert re.findall(r">([\d.]+%)<", last) == ["50.00%", "30.00%", "13.00%"]
    # A full bar leaves nothing over, and the legend names nothing that is not there.
    assert "其余" not in xml


@given(COUNTS, st.integers(1, 400))
def test_a_base_smaller_than_the_ballots_never_raises(counts: list[int], base: int) -> None:
    """Fewer present than ballots: more than 100 %, which a finding says, not a crash."""
    made = PlaceTally(0, tuple(counts), 0, 0, base)
    drawn = bars(MARKUP, scale(len(counts)), [("甲", made)], WIDTH, decimals=2)
    assert drawn or not any(counts)
