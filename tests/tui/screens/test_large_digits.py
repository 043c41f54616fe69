"""Large numbers are of even lines, and none looks like another."""

import pytest

from tui.screens.watch.large_digits import heights, large
from tui.terminal import FINE, PLAIN, Glyphs


@pytest.mark.parametrize("glyphs", [FINE, PLAIN])
def test_numbers_are_blocks_that_differ(glyphs: Glyphs) -> None:
    for height in heights(glyphs):
        drawn = [large(number, height, glyphs) for number in (*range(10), 1234567890)]
        for lines in drawn:
            assert len(lines) == height
            assert len({len(line) for line in lines}) == 1
        assert len({tuple(lines) for lines in drawn}) == len(drawn)


def test_a_plain_terminal_gets_no_ambiguous_glyph() -> None:
    assert set("".join(large(1234567890, 5, PLAIN))) == {"#", " "}
