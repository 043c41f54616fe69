"""A text that is edited: keys move its caret and delete, and it never grows too long."""

from __future__ import annotations

from tui.widgets.edit_text import EditText


def edited(text: str, *keys: str, longest: int = 10) -> tuple[str, str]:
    """The text before and after the caret, once `keys` are pressed; `+字` inserts."""
    edit = EditText(text, longest)
    for key in keys:
        assert edit.insert(key[1:]) if key[0] == "+" else edit.press(key)
    return edit.before_caret, edit.text[edit.caret :]


def test_the_caret_starts_at_the_end_and_stays_in_the_text() -> None:
    assert edited("王建国", "right") == ("王建国", "")
    assert edited("王建国", "left", "left", "left", "left") == ("", "王建国")
    assert edited("王建国", "home", "right", "+小") == ("王小", "建国")
    assert edited("王建国", "home", "end") == ("王建国", "")


def test_characters_are_deleted_on_either_side_of_the_caret() -> None:
    assert edited("王建国", "left", "backspace") == ("王", "国")
    assert edited("王建国", "home", "delete") == ("", "建国")
    assert edited("王建国", "home", "backspace") == ("", "王建国")
    assert edited("王建国", "delete") == ("王建国", "")


def test_a_text_takes_what_there_is_room_for() -> None:
    edit = EditText("王建国", 4)
    assert not edit.insert("小华")
    assert (edit.text, edit.caret) == ("王建国小", 4)
    assert not edit.press("f2")
