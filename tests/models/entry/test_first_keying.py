"""录票 of a whole stack against a plain list: commit, look back, correct, take back, drafts."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.database.store import Store, open_store
from models.database.tables import BallotRow, Draft
from models.entry import first_entry
from models.entry.first_keying import FirstKeying
from models.entry.keying import Effect, Reply
from models.recount import examination
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, SheetLines
from models.settings.office import Settings
from tests.models.layouts import CORRECTION_REASONS, VOID_REASONS
from tests.offices import entry_of, small_round, stack_of
from tui.keypad import act_of
from tui.words.keying import words

RETURNED = 12
LINES = st.text("01234*", min_size=2, max_size=2)
REASONS = st.integers(1, len(CORRECTION_REASONS))


def press(keying: FirstKeying, *keys: str) -> Reply:
    """Press keys in order, then wait; the last answer."""
    for key in keys:
        reply = keying.press(act_of(key))
    return keying.keep() or reply


def enter(keying: FirstKeying) -> Reply:
    """Enter; once more where the program asks to look at the paper first."""
    reply = keying.press(act_of("enter"))
    return keying.press(act_of("enter")) if "再按一次" in words(reply.said) else reply


class Stack(RuleBasedStateMachine):
    """The stack under the keys beside `kept` (marks, void reason) and `draft`."""

    template: Path
    stack_id: int

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "ceping.db"
        shutil.copy(self.template, self.file)
        self.kept: list[tuple[str, int]] = []
        self.draft = ""
        self.open()

    def open(self) -> None:
        self.store: Store = open_store(self.file)
        entry = first_entry.enter(self.stack_id)
        self.keying = FirstKeying(entry, VOID_REASONS, CORRECTION_REASONS)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def has_room(self) -> bool:
        return len(self.kept) < RETURNED

    @precondition(has_room)
    @rule(line=LINES)
    def key_a_ballot(self, line: str) -> None:
        press(self.keying, *line[len(self.draft) :])
        assert enter(self.keying).effect is Effect.STORED
        self.kept.append((self.draft + line[len(self.draft) :], 0))
        self.draft = ""

    @precondition(has_room)
    @rule(reason=st.integers(1, len(VOID_REASONS)))
    def key_a_void(self, reason: int) -> None:
        press(self.keying, "/", str(reason))
        assert enter(self.keying).effect is Effect.STORED
        self.kept.append(("", reason))
        self.draft = ""

    @precondition(lambda self: self.has_room() and not self.draft)
    @rule(mark=st.sampled_from("01234*"))
    def key_half(self, mark: str) -> None:
        assert press(self.keying, mark).effect is Effect.MARKED
        self.draft = mark

    @precondition(lambda self: self.draft)
    @rule()
    def take_half_back(self) -> None:
        assert press(self.keying, "-").effect is Effect.MARKED
        self.draft = ""

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        self.look(data.draw(st.integers(1, len(self.kept))))
        assert words(press(self.keying, "escape").said) == "回到正在录的票"

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), line=LINES, reason=REASONS)
    def correct(self, data: st.DataObject, line: str, reason: int) -> None:
        position = data.draw(st.integers(1, len(self.kept)))
        self.look(position)
        old = self.kept[position - 1]
        if old[1]:
            press(self.keying, "-")
        press(self.keying, *line)
        reply = enter(self.keying)
        if old == (line, 0):
            assert words(reply.said) == "没有改动"
            press(self.keying, "escape")
            return
        assert reply.effect is Effect.ASKED
        assert press(self.keying, str(reason)).effect is Effect.STORED
        self.kept[position - 1] = (line, 0)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), void=st.integers(1, len(VOID_REASONS)), reason=REASONS)
    def correct_to_void(self, data: st.DataObject, void: int, reason: int) -> None:
        position = data.draw(st.integers(1, len(self.kept)))
        if self.kept[position - 1][1]:
            return
        self.look(position)
        press(self.keying, "/", str(void))
        assert enter(self.keying).effect is Effect.ASKED
        assert press(self.keying, str(reason)).effect is Effect.STORED
        self.kept[position - 1] = ("", void)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), reason=REASONS, sure=st.booleans())
    def remove(self, data: st.DataObject, reason: int, sure: bool) -> None:
        position = data.draw(st.integers(1, len(self.kept)))
        self.look(position)
        assert press(self.keying, "delete").effect is Effect.ASKED
        if sure:
            assert press(self.keying, str(reason)).effect is Effect.STORED
            del self.kept[position - 1]
        else:
            press(self.keying, "-", "escape")

    @rule()
    def end_and_start_again(self) -> None:
        self.store.close()
        self.open()

    def look(self, position: int) -> None:
        press(self.keying, *["pageup"] * (len(self.kept) + 1 - position))
        assert self.keying.looking == position
        marks, void = self.kept[position - 1]
        assert self.keying.shown.void_reason == void
        assert self.keying.shown.marks.strip() == marks

    @invariant()
    def the_file_holds_what_was_keyed(self) -> None:
        rows = BallotRow.select().order_by(BallotRow.position)
        assert [(row.marks, row.void_reason) for row in rows] == self.kept
        assert [row.position for row in rows] == list(range(1, len(self.kept) + 1))
        drafts = [row.marks.rstrip() for row in Draft.select()]
        assert drafts == ([self.draft] if self.draft else [])
        assert examination.differences(self.file) == []

    @invariant()
    def the_counts_at_hand_are_right(self) -> None:
        entry = self.keying.entry
        valid = [marks for marks, void in self.kept if not void]
        assert (entry.valid, entry.void) == (len(valid), len(self.kept) - len(valid))
        for place, counts in enumerate(entry.counts):
            assert +counts == Counter(marks[place] for marks in valid)
        assert self.keying.ballot.marks.rstrip() == self.draft
        assert self.keying.finished == (len(self.kept) == RETURNED)


def test_a_stack_is_what_a_list_would_be(tmp_path: Path, settings: Settings) -> None:
    store = open_store(tmp_path / "ceping.db")
    info = small_round(
        settings, ("中层干部",), RoundRules(sheet=SheetLines.OVERALL), returned=RETURNED
    )
    batch = stack_of(info, Level.MEMBER, "中层干部").stack_id
    store.close()
    machine = type("Stack", (Stack,), {"template": store.path, "stack_id": batch})
    run_state_machine_as_test(machine, settings=hypothesis_settings(max_examples=40, deadline=None))


@pytest.fixture
def keying(store: Store, settings: Settings) -> FirstKeying:
    info = small_round(settings, ("中层干部",), RoundRules(sheet=SheetLines.OVERALL), returned=2)
    entry = entry_of(info, Level.MEMBER, "中层干部")
    return FirstKeying(entry, VOID_REASONS, CORRECTION_REASONS)


def test_a_full_stack_takes_no_more_and_says_so(keying: FirstKeying) -> None:
    press(keying, "1", "+", "enter", "2", "+")
    assert words(press(keying, "enter").said).startswith("第 2 票已存")
    assert keying.finished
    for key in ("1", "enter", "/"):
        assert press(keying, key).effect is Effect.REFUSED
    assert keying.position == 2


def test_looking_back_needs_a_ballot_and_delete_needs_looking(keying: FirstKeying) -> None:
    assert words(press(keying, "pageup").said) == "本批还没有录入的票"
    assert press(keying, "pagedown").effect is Effect.REFUSED
    assert "先用 PageUp" in words(press(keying, "delete").said)


def test_looking_back_keeps_the_half_keyed_ballot(keying: FirstKeying) -> None:
    press(keying, "1", "+", "enter", "3")
    press(keying, "pageup")
    assert keying.shown.marks == "11"
    press(keying, "pagedown")
    assert keying.shown.marks == "3 "
    press(keying, "4", "enter")
    assert keying.entry.ballot(2).marks == "34"


def test_a_correction_reason_out_of_range_is_asked_again(keying: FirstKeying) -> None:
    press(keying, "1", "+", "enter", "pageup", "delete")
    assert press(keying, "9").effect is Effect.REFUSED
    assert press(keying, "enter").effect is Effect.REFUSED
    assert press(keying, "3").effect is Effect.STORED
    assert keying.entry.entered == 0
