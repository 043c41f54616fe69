"""按类别公布: an exchange of ballots that leaves what is printed is found wherever there is one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from models.count.disclosure import _balanced

ROOM = st.tuples(st.integers(-4, 0), st.integers(0, 4))


SMALL_ROOMS = ((-1, 0), (0, 1), (-1, 1), (-2, 2))


def found_and_possible(
    effects: Sequence[int],
    rooms: Sequence[tuple[int, int]],
    leeway: tuple[int, int],
    *,
    lone: bool,
) -> tuple[set[int], list[set[int]]]:
    """What the rule finds, and all there is to find, by trying everything."""
    parties = (1, 3, 3) if lone else (1, 2, 3)
    (a_low, a_high), (b_low, b_high), (c_low, c_high) = rooms
    low, high = leeway
    possible = [
        {party for party, change in enumerate((a, b, -a - b), 1) if change}
        for a in range(a_low, a_high + 1)
        for b in ([0] if lone else range(b_low, b_high + 1))
        if a
        and c_low <= -a - b <= c_high
        and low <= a * effects[0] + b * effects[1] - (a + b) * effects[2] <= high
    ]
    effect, room = dict(enumerate(effects, 1)), dict(enumerate(rooms, 1))
    return _balanced(parties, effect, room, leeway), possible


@given(
    effects=st.lists(st.integers(0, 5), min_size=3, max_size=3),
    rooms=st.lists(ROOM, min_size=3, max_size=3),
    low=st.integers(-12, 6),
    wide=st.integers(0, 6),
    lone=st.booleans(),
)
def test_against_trying_all(
    effects: list[int], rooms: list[tuple[int, int]], low: int, wide: int, lone: bool
) -> None:
    found, possible = found_and_possible(effects, rooms, (low, low + wide), lone=lone)
    assert bool(found) == bool(possible)
    assert not found or found in possible


def test_every_small_case() -> None:
    """Not by chance: where exactly one exchange fits, luck seldom looks."""
    for effects in product((0, 1, 3), repeat=3):
        for rooms in product(SMALL_ROOMS, repeat=3):
            for low, wide, lone in product(range(-4, 5), (0, 1), (True, False)):
                found, possible = found_and_possible(effects, rooms, (low, low + wide), lone=lone)
                assert bool(found) == bool(possible), (effects, rooms, low, wide, lone)
                assert not found or found in possible


def test_fifty_ballots_are_exchanged_and_no_more() -> None:
    room = {1: (-60, 60), 2: (-60, 60)}
    for ballots in (1, 49, 50, 51):
        for wanted in (ballots, -ballots):
            found = _balanced((1, 2, 2), {1: 1, 2: 0}, room, (wanted, wanted))
            assert found == ({1, 2} if ballots <= 50 else set())
