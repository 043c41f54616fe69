"""录票 key by key: whatever is pressed, the ballot in hand stays right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.entry.keying import Act, BallotInHand, Effect
from models.rounds.layout import UNKEYED
from tests.models.layouts import VOID_REASONS, fresh, sheet
from tui.keypad import act_of, plain_key
from tui.words.keying import words

MOVES = ("left", "right", "up", "down")
KEYS = (*"0123456789*+-/.", "enter", "backspace", "escape", *MOVES)
SHEETS = st.builds(
    sheet,
    subjects=st.integers(1, 3),
    items=st.integers(0, 4),
    grades=st.integers(2, 9),
    overall=st.booleans(),
)


def type_keys(ballot: BallotInHand, keys: str) -> list[Act]:
    """Type characters, `\\r` for Enter; the act of each."""
    return [ballot.press(act_of("enter" if key == "\r" else key)).effect for key in keys]


@given(SHEETS, st.lists(st.sampled_from(KEYS), max_size=80))
def test_any_keys_leave_a_legal_ballot(layout, keys):
    ballot = fresh(layout)
    for key in keys:
        reply = ballot.press(act_of(key))
        assert len(ballot.marks) == len(layout.places)
        assert set(ballot.marks) <= {*layout.marks, UNKEYED}
        assert 0 <= ballot.cursor <= ballot.size
        assert 0 <= ballot.void_reason <= len(VOID_REASONS)
        if reply.effect is Effect.STORED:
            assert key == "enter"
            assert ballot.void_reason or layout.fits(ballot.marks)
        if reply.effect is Effect.REFUSED:
            assert words(reply.said)


@given(SHEETS, st.lists(st.sampled_from(KEYS), max_size=40), st.data())
def test_a_refused_key_changes_no_mark(layout, keys, data):
    ballot = fresh(layout)
    for key in keys:
        before = ballot.marks, ballot.void_reason
        if ballot.press(act_of(key)).effect is Effect.REFUSED:
            assert (ballot.marks, ballot.void_reason) == before


@given(SHEETS, st.data())
def test_a_line_and_enter_give_that_line(layout, data):
    line = data.draw(
        st.text(layout.marks, min_size=len(layout.places), max_size=len(layout.places))
    )
    ballot = fresh(layout)
    acts = type_keys(ballot, line + "\r")
    assert acts == [Effect.MARKED] * len(line) + [Effect.STORED]
    assert ballot.marks == line


@given(SHEETS, st.data())
def test_keys_after_a_full_ballot_never_change_it_and_stop_the_next_enter_once(layout, data):
    line = data.draw(
        st.text(layout.marks, min_size=len(layout.places), max_size=len(layout.places))
    )
    surplus = data.draw(st.text(layout.marks, min_size=1, max_size=30))
    ballot = fresh(layout)
    type_keys(ballot, line)
    assert set(type_keys(ballot, surplus)) == {Effect.REFUSED}
    assert ballot.marks == line
    reply = ballot.press(act_of("enter"))
    assert reply.effect is Effect.REFUSED
    assert f"多按了 {len(surplus)} 键" in words(reply.said)
    assert ballot.press(act_of("enter")).effect is Effect.STORED
    assert ballot.marks == line


@given(SHEETS, st.data())
def test_one_mark_and_plus_is_a_uniform_ballot(layout, data):
    mark = data.draw(st.sampled_from(layout.marks))
    ballot = fresh(layout)
    ballot.press(act_of(mark))
    if ballot.size > 1:
        assert ballot.press(act_of("+")).effect is Effect.MARKED
    assert ballot.press(act_of("enter")).effect is Effect.STORED
    assert ballot.marks == mark * ballot.size


def test_plus_fills_only_what_is_not_keyed_and_after_the_cursor():
    ballot = fresh(sheet(1, 5, 4, overall=False))
    type_keys(ballot, "1234")
    for _ in range(3):
        ballot.press(act_of("left"))
    type_keys(ballot, "3+")
    assert ballot.marks == "13343"
    assert words(fresh(sheet()).press(act_of("+")).said) == "先录一项，再用 + 让其余各项同上"


def test_minus_and_backspace_take_the_last_mark_back():
    for back in ("-", "backspace"):
        ballot = fresh(sheet(1, 4, overall=False))
        type_keys(ballot, "12")
        assert ballot.press(act_of(back)).effect is Effect.MARKED
        assert ballot.marks == "1   "
        type_keys(ballot, "341\r")
        assert ballot.marks == "1341"
    assert fresh(sheet()).press(act_of("-")).effect is Effect.REFUSED


def test_taking_back_after_surplus_keys_needs_no_second_enter():
    ballot = fresh(sheet(1, 3, overall=False))
    type_keys(ballot, "1234-")
    assert ballot.marks == "12 "
    assert type_keys(ballot, "4\r") == [Effect.MARKED, Effect.STORED]
    assert ballot.marks == "124"


def test_enter_with_unkeyed_places_says_how_many_and_goes_to_the_first():
    ballot = fresh(sheet(2, 3))
    type_keys(ballot, "12")
    ballot.press(act_of("right"))
    ballot.press(act_of("right"))
    ballot.press(act_of("3"))
    reply = ballot.press(act_of("enter"))
    assert (reply.effect, words(reply.said)) == (Effect.REFUSED, "还有 5 项未录，已到第一处")
    assert ballot.cursor == 2
    assert "还没有录" in words(fresh(sheet()).press(act_of("enter")).said)


@pytest.mark.parametrize("grades", range(2, 10))
def test_a_grade_the_scale_lacks_is_refused_and_nothing_moves(grades):
    layout = sheet(1, 9, grades, overall=False)
    ballot = fresh(layout)
    good = "".join(str(n) for n in range(1, grades + 1))
    type_keys(ballot, good)
    for n in range(grades + 1, 10):
        reply = ballot.press(act_of(str(n)))
        assert reply.effect is Effect.REFUSED
        assert f"没有第 {n} 个等次" in words(reply.said)
    assert ballot.marks.rstrip() == good
    assert ballot.cursor == grades


@pytest.mark.parametrize("reason", range(1, len(VOID_REASONS) + 1))
def test_slash_and_a_digit_make_the_ballot_void(reason):
    ballot = fresh(sheet())
    asked = ballot.press(act_of("/"))
    assert asked.effect is Effect.ASKED
    assert all(text in words(asked.said) for text in VOID_REASONS)
    assert type_keys(ballot, f"{reason}\r") == [Effect.MARKED, Effect.STORED]
    assert ballot.void_reason == reason


def test_a_void_can_be_taken_back_and_keeps_the_marks():
    ballot = fresh(sheet(1, 3, overall=False))
    type_keys(ballot, "12/2-")
    assert (ballot.void_reason, ballot.marks) == (0, "12 ")
    type_keys(ballot, "/-3\r")
    assert ballot.marks == "123"
    type_keys(ballot, "/")
    assert ballot.press(act_of("9")).effect is Effect.REFUSED
    assert ballot.press(act_of("enter")).effect is Effect.REFUSED
    assert ballot.asking_void


def test_arrows_move_and_a_mark_over_another_replaces_it():
    ballot = fresh(sheet(2, 2))
    type_keys(ballot, "111222")
    ballot.press(act_of("up"))
    assert ballot.cursor == 3
    ballot.press(act_of("left"))
    ballot.press(act_of("4"))
    assert ballot.marks == "114222"
    ballot.press(act_of("down"))
    assert ballot.press(act_of("down")).effect is Effect.REFUSED
    assert ballot.press(act_of("enter")).effect is Effect.STORED


def test_a_half_keyed_ballot_begins_again_where_it_was():
    layout = sheet(1, 4, overall=False)
    ballot = fresh(layout)
    type_keys(ballot, "13")
    again = BallotInHand(layout, VOID_REASONS, ballot.marks, ballot.cursor, ballot.void_reason)
    type_keys(again, "+\r")
    assert again.marks == "1333"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("１", "1"), ("９", "9"), ("＊", "*"), ("×", "*"), ("、", "/"), ("＋", "+")],
)
def test_full_width_characters_count_as_the_key_that_was_meant(typed, meant):
    assert plain_key(typed) == meant
