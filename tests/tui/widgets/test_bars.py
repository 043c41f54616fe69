"""Bars of text are as wide as their room, whatever the base."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal import FINE, PLAIN, Glyphs
from tui.widgets.bars import SharesBar, bar


@pytest.mark.parametrize("glyphs", [FINE, PLAIN])
@given(shares=st.lists(st.fractions(0, 3), max_size=9), width=st.integers(1, 60))
def test_shares_fill_their_room_and_no_more(
    glyphs: Glyphs, shares: list[Fraction], width: int
) -> None:
    drawn = SharesBar(tuple(shares), width)
    assert len(drawn.text(glyphs)) == width
    assert "".join(segment.text for segment in drawn.segments(glyphs)) == drawn.text(glyphs)


@pytest.mark.parametrize("glyphs", [FINE, PLAIN])
@given(count=st.integers(0, 500), most=st.integers(0, 500), width=st.integers(1, 60))
def test_a_bar_stays_in_its_room(glyphs: Glyphs, count: int, most: int, width: int) -> None:
    drawn = bar(count, most, width, glyphs)
    assert len(drawn) <= width
    assert bool(drawn) == bool(count and most)
