"""One key lost or doubled in a burst of ballots: nothing wrong is ever stored after it.

The typist's hand is faster than the eye, and a slow line delivers many ballots at once. When one
key of them is lost, what is stored afterwards must still be the right ballots in their order: the
program stops and waits rather than shift marks into the next ballot.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.entry.keying import Effect
from models.rounds.layout import SheetLayout
from tests.models.layouts import fresh, sheet
from tui.keypad import act_of

Stored = tuple[str, int]


@st.composite
def papers(draw: st.DrawFn, layout: SheetLayout) -> tuple[str, Stored]:
    """What is typed for one paper, and what it must be stored as."""
    kind = draw(st.sampled_from(("marks", "uniform", "void")))
    size = len(layout.places)
    if kind == "void":
        reason = draw(st.integers(1, 4))
        return f"/{reason}\r", ("", reason)
    if kind == "uniform":
        mark = draw(st.sampled_from(layout.marks))
        return f"{mark}+\r", (mark * size, 0)
    line = draw(st.text(layout.marks, min_size=size, max_size=size))
    return f"{line}\r", (line, 0)


def stored(layout: SheetLayout, keys: str) -> list[Stored]:
    """What a burst stores."""
    found: list[Stored] = []
    ballot = fresh(layout)
    for key in keys:
        if ballot.press(act_of("enter" if key == "\r" else key)).effect is Effect.STORED:
            found.append(("" if ballot.void_reason else ballot.marks, ballot.void_reason))
            ballot = fresh(layout)
    return found


LAYOUT = sheet(2, 3)
# A sheet of a single place cannot tell a lost key from a ballot that was never keyed.
LAYOUTS = pytest.mark.parametrize("layout", [sheet(1, 1), sheet(1, 2), LAYOUT], ids=["2", "3", "8"])


@LAYOUTS
@given(data=st.data())
def test_without_a_slip_every_ballot_is_stored(layout: SheetLayout, data: st.DataObject) -> None:
    typed = data.draw(st.lists(papers(layout), min_size=1, max_size=6))
    assert stored(layout, "".join(keys for keys, _ in typed)) == [paper for _, paper in typed]


@LAYOUTS
@given(data=st.data())
def test_a_lost_key_never_stores_a_wrong_ballot(layout: SheetLayout, data: st.DataObject) -> None:
    typed = data.draw(st.lists(papers(layout), min_size=2, max_size=6))
    keys = "".join(keys for keys, _ in typed)
    lost = data.draw(st.integers(0, len(keys) - 1))
    check(typed, keys[:lost] + keys[lost + 1 :], layout)


@LAYOUTS
@given(data=st.data())
def test_a_doubled_key_never_stores_a_wrong_ballot(
    layout: SheetLayout, data: st.DataObject
) -> None:
    typed = data.draw(st.lists(papers(layout), min_size=2, max_size=6))
    keys = "".join(keys for keys, _ in typed)
    doubled = data.draw(st.integers(0, len(keys) - 1))
    check(typed, keys[: doubled + 1] + keys[doubled:], layout)


@example(typed="1\r2+\r3+\r", papers_typed="1+ 2+ 3+")
@example(typed="1112111\r1+\r", papers_typed="11121112 1+")
@example(typed="1\r/1\r", papers_typed="1+ /1")
@example(typed="/\r11121112\r1+\r", papers_typed="/1 11121112 1+")
@example(typed="/211121112\r1+\r", papers_typed="/2 11121112 1+")
@example(typed="11121112/1\r1+\r", papers_typed="11121112 /1 1+")
@given(typed=st.just("1+\r"), papers_typed=st.just("1+"))
def test_slips_that_once_stored_a_wrong_ballot(typed, papers_typed):
    check([(f"{line}\r", paper_of(line)) for line in papers_typed.split()], typed)


def paper_of(line: str) -> Stored:
    size = len(LAYOUT.places)
    if line.startswith("/"):
        return "", int(line[1:])
    return (line[0] * size if line.endswith("+") else line), 0


def check(typed: list[tuple[str, Stored]], keys: str, layout: SheetLayout = LAYOUT) -> None:
    right = [paper for _, paper in typed]
    found = stored(layout, keys)
    assert found == right[: len(found)]
