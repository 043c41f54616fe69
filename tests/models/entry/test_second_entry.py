"""复核: errors seeded into either entry are found, mended from the paper and counted."""

import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models.count.tally import tally
from models.database import clerk, journal
from models.database.store import Store, open_store
from models.database.tables import Poll, SecondBallot, SecondDraft
from models.entry import error_rate, first_entry, second_entry
from models.entry.alignment import DifferenceKind
from models.entry.keying import Effect
from models.entry.second_entry import StackVerification
from models.entry.second_keying import DifferingPlaces
from models.recount import examination
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import life, paper, polls
from models.rounds.polls import PollState
from models.settings.office import Settings
from tests.models.count.test_tally import EXPECTED, as_expected
from tests.models.second_clerk import (
    key_first,
    key_lines,
    keying_of,
    press,
    settle,
    stored_lines,
)
from tests.offices import sample_stacks, small_round, stack_of
from tui.words.keying import words

GROUP = "中层干部"
PAPER = ["1212121212", "1111122222", "/2", "2121212121", "3333311111", "1234123412"]


@pytest.fixture(autouse=True)
def somebody() -> Iterator[None]:
    clerk.sign_in("甲")
    yield
    clerk.sign_in("")


def open_stack(settings: Settings, lines: list[str], rule: str = "full") -> int:
    """A small round's stack with `lines` as its first entry, keyed by 甲; then 乙 sits down."""
    info = small_round(
        settings,
        (GROUP,),
        RoundRules(verification=VerificationRule.parse(rule)),
        returned=len(lines),
    )
    batch = stack_of(info, Level.MEMBER, GROUP).stack_id
    key_first(first_entry.enter(batch), lines)
    clerk.sign_in("乙")
    return batch


def state_of(batch: int) -> StackVerification:
    poll_id = polls.find_by_id(1).id
    return second_entry.of_poll(poll_id)[batch]


def test_equal_entries_agree_at_the_last_ballot(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, PAPER[:-1])
    assert not state_of(batch).agreed
    reply = press(keying, *PAPER[-1], "enter")
    assert "本批 6 票复核一致" in words(reply.said)
    state = state_of(batch)
    assert (state.agreed, state.satisfied, state.needed, state.keyed) == (True, True, 6, 6)
    assert (state.compared, state.differences) == (51, 0)
    assert (state.first_keyers, state.second_keyers, state.third_keyers) == (("甲",), ("乙",), ())
    assert not state.same_person
    assert SecondBallot.select().count() == SecondDraft.select().count() == 0
    entry = journal.entries()[0]
    assert (entry.act, entry.detail) == ("复核一致", "6 张，比对 51 项，差错 0 处")


def test_a_stack_keyed_to_the_end_says_so_in_the_journal(store: Store, settings: Settings) -> None:
    open_stack(settings, PAPER)
    entry = journal.entries()[0]
    assert (entry.act, entry.detail) == ("录票", "录完 6 张（有效 5、无效 1）")


def test_only_the_differing_places_are_keyed_again_and_both_values_stay_hidden(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    wrong = [*PAPER[:3], "2131212141", *PAPER[4:]]
    key_lines(keying, wrong)
    assert "两次录入有 1 张不同" in words(keying.statement())
    press(keying, "f2")
    assert isinstance(keying.ballot, DifferingPlaces)
    assert keying.shown.marks == "21 12121 1"
    assert "第 4 张纸票" in words(keying.statement())
    press(keying, "2")
    assert press(keying, "4").effect is Effect.MARKED
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished
    assert stored_lines(batch) == [*PAPER[:3], "2121212141", *PAPER[4:]]
    state = state_of(batch)
    assert (state.first_wrong, state.second_wrong, state.changed) == (1, 1, 1)
    assert examination.differences(store.path) == []


def test_a_third_value_must_be_one_of_the_two(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, ["2212121212", *PAPER[1:]])
    press(keying, "f2", "4")
    assert "与两次录入都不同" in words(press(keying, "enter").said)
    assert keying.shown.marks[0] == " "
    press(keying, "1")
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished
    assert stored_lines(batch) == PAPER


def test_where_both_were_wrong_the_first_entry_is_corrected(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, ["2212121212", *PAPER[1:]])
    key_lines(keying_of(batch), ["3212121212", *PAPER[1:]])
    first_entry.enter(batch).correct(1, PAPER[0], 0, "录入时看错")
    keying = keying_of(batch)
    assert settle(keying, PAPER) == 1
    assert stored_lines(batch) == PAPER


def test_void_against_valid_is_keyed_whole(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, [*PAPER[:2], "/1", "/1", *PAPER[4:]])
    press(keying, "f2", "/", "3")
    assert "与两次录入都不同" in words(press(keying, "enter").said)
    press(keying, "/", "2")
    assert press(keying, "enter").effect is Effect.STORED
    press(keying, *PAPER[3])
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished
    assert stored_lines(batch) == PAPER
    assert state_of(batch).second_wrong == 2


def test_a_sheet_left_out_is_keyed_alone(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, PAPER[:3] + PAPER[4:])
    reply = press(keying, "f2")
    assert reply.effect is Effect.ASKED
    assert "只录了 5 票，第一次 6 票" in words(reply.said)
    press(keying, "f2")
    assert words(keying.statement()).startswith("第一次录入的第 4 票，第二遍没有录到")
    press(keying, *PAPER[3])
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished
    assert (state_of(batch).missing, state_of(batch).differences) == (1, 0)


def test_a_sheet_left_out_and_then_keyed_wrong_is_a_changed_one(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, PAPER[:3] + PAPER[4:])
    press(keying, "f2", "f2", *"2121212122", "enter")
    assert isinstance(keying.ballot, DifferingPlaces)
    press(keying, "1", "enter")
    assert keying.finished
    assert stored_lines(batch) == PAPER


def test_a_sheet_keyed_twice_is_dropped(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, [*PAPER[:2], PAPER[1], *PAPER[2:]])
    press(keying, "f2")
    assert keying.difference is not None
    assert keying.difference.kind is DifferenceKind.EXTRA
    assert press(keying, "delete").effect is Effect.ASKED
    press(keying, "-")
    assert state_of(batch).keyed == 7
    press(keying, "delete", "f2")
    assert keying.finished
    assert state_of(batch).extra == 1
    assert stored_lines(batch) == PAPER


def test_one_more_ballot_of_a_verified_stack_opens_it_again(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, [*PAPER, "4444444444"])
    assert not state_of(batch).agreed
    press(keying, "f2", "delete", "f2")
    assert state_of(batch).agreed


def test_a_sheet_that_the_first_entry_left_out_takes_the_place_of_one_it_has_twice(
    store: Store, settings: Settings
) -> None:
    first = [PAPER[0], *PAPER[2:], PAPER[5]]
    batch = open_stack(settings, first)
    keying = keying_of(batch)
    key_lines(keying, PAPER)
    press(keying, "f2")
    # There is no room for the one until the other is gone.
    assert keying.difference is not None
    assert keying.difference.kind is DifferenceKind.MISSING
    press(keying, "delete", "f2")
    assert keying.difference.kind is DifferenceKind.EXTRA
    press(keying, *"1111122221")
    assert "与第二遍录的不同" in words(press(keying, "enter").said)
    press(keying, *PAPER[1])
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished
    assert stored_lines(batch) == PAPER
    assert examination.differences(store.path) == []


def test_more_paper_than_came_back_is_refused_with_the_way_out(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER[:5])
    keying = keying_of(batch)
    key_lines(keying, PAPER)
    press(keying, "f2", *PAPER[5])
    assert "收回 5 张" in words(press(keying, "enter").said)
    poll = polls.find_by_id(1)
    paper.record_counts(poll.id, {batch: (6, 6)})
    keying = keying_of(batch)
    press(keying, "f2", *PAPER[5], "enter")
    assert keying.finished
    assert stored_lines(batch) == PAPER


def test_a_sheet_too_many_in_the_first_entry_leaves_the_number_returned_to_be_mended(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, [*PAPER, PAPER[5]])
    keying = keying_of(batch)
    key_lines(keying, PAPER)
    press(keying, "f2", "f2", "delete")
    reply = press(keying, "f2")
    assert "两次录入一致，但只有 6 张，收回 7 张" in words(reply.said)
    assert not keying.finished
    assert not state_of(batch).agreed
    paper.record_counts(1, {batch: (6, 6)})
    assert keying_of(batch).finished
    assert state_of(batch).agreed
    assert stored_lines(batch) == PAPER


def test_a_sheet_like_its_neighbour_is_asked_about(store: Store, settings: Settings) -> None:
    lines = ["1111111111"] * 3
    batch = open_stack(settings, lines)
    keying = keying_of(batch)
    key_lines(keying, lines[:2])
    press(keying, "f2", "f2", "1", "+")
    assert "确是另一张纸票就再按 Enter" in words(press(keying, "enter").said)
    assert state_of(batch).keyed == 2
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished


def test_a_key_too_many_on_the_differing_places_is_looked_at(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, ["2212121212", *PAPER[1:]])
    press(keying, "f2", "1")
    assert press(keying, "2").effect is Effect.REFUSED
    assert "多按了键" in words(press(keying, "enter").said)
    assert not keying.finished
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished


def test_on_the_differing_places_the_cursor_visits_no_other(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, ["2212121211", *PAPER[1:]])
    press(keying, "f2")
    assert keying.shown.cursor == 0
    assert press(keying, "left").effect is Effect.REFUSED
    assert press(keying, "right").effect is Effect.MOVED
    assert keying.shown.cursor == 9
    assert "还有 2 处未录" in words(press(keying, "enter").said)
    assert keying.shown.cursor == 0
    press(keying, "1", "1", "-", "2")
    assert press(keying, "enter").effect is Effect.STORED
    assert keying.finished
    assert stored_lines(batch) == PAPER


def test_a_reopened_poll_has_no_order_to_verify_by(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    Poll.update(state=PollState.REOPENED.value).execute()
    with pytest.raises(RefusedError, match="录入顺序已不存在"):
        second_entry.verify(batch)


def test_the_first_entry_must_be_done(store: Store, settings: Settings) -> None:
    info = small_round(settings, (GROUP,), returned=3)
    batch = stack_of(info, Level.MEMBER, GROUP).stack_id
    key_first(first_entry.enter(batch), PAPER[:2])
    with pytest.raises(RefusedError, match="录了 2 张，收回 3 张：录完再复核"):
        second_entry.verify(batch)


def test_a_round_without_verification_refuses_and_is_satisfied(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER, "none")
    with pytest.raises(RefusedError, match="本轮次不复核"):
        second_entry.verify(batch)
    assert (state_of(batch).needed, state_of(batch).satisfied) == (0, True)


def test_a_verified_stack_is_not_opened_again(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    key_lines(keying_of(batch), PAPER)
    with pytest.raises(RefusedError, match="已复核一致"):
        second_entry.verify(batch)


@pytest.mark.parametrize("act", ["correct", "remove"])
def test_a_change_after_agreement_is_the_one_difference(
    store: Store, settings: Settings, act: str
) -> None:
    batch = open_stack(settings, PAPER)
    key_lines(keying_of(batch), PAPER)
    entry = first_entry.enter(batch)
    if act == "correct":
        entry.correct(2, "1111122221", 0, "录入时看错")
    else:
        entry.remove(2, "重复录入或多录")
        entry.commit(PAPER[1])
    assert not state_of(batch).agreed
    keying = keying_of(batch)
    kinds = [each.kind for each in keying.entry.differences()]
    assert kinds == (
        [DifferenceKind.CHANGED]
        if act == "correct"
        else [DifferenceKind.EXTRA, DifferenceKind.MISSING]
    )


def test_half_a_ballot_is_offered_again(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    press(keying_of(batch), *PAPER[0], "enter", "1", "1")
    keying = keying_of(batch)
    assert keying.shown.marks.rstrip() == "11"
    assert "录到一半的票已找回" in words(keying.greeting())
    assert press(keying, "f2").effect is Effect.REFUSED
    press(keying, *PAPER[1][2:], "enter")
    assert (keying.position, keying.shown.empty) == (3, True)


def test_the_same_person_is_told_and_recorded(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    clerk.sign_in("甲")
    keying = keying_of(batch)
    assert words(keying.greeting()).startswith("第一次也是 甲 录的：同一人复核")
    key_lines(keying, PAPER)
    assert state_of(batch).same_person


def test_the_journal_tells_the_sheet_and_no_mark(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER)
    keying = keying_of(batch)
    key_lines(keying, ["2212121212", *PAPER[1:]])
    settle(keying, PAPER)
    agreed, settled = journal.entries()[:2]
    assert (settled.act, settled.detail) == ("复核更正", "第 1 张：第一次错 0 处，第二遍错 1 处")
    assert agreed.detail == "6 张，比对 51 项，差错 1 处"


def with_errors(rng: random.Random, lines: list[str], marks: str) -> tuple[list[str], int]:
    """Lines with about three wrong marks in a thousand; how many."""
    made, wrong = [], 0
    for line in lines:
        text = line
        for place in range(len(line)):
            if not line.startswith("/") and rng.random() < 0.003:
                other = rng.choice([mark for mark in marks if mark != line[place]])
                text = text[:place] + other + text[place + 1 :]
                wrong += 1
        made.append(text)
    return made, wrong


@pytest.mark.parametrize("entry_at_fault", [1, 2])
def test_errors_seeded_into_all_the_sample_paper_are_found_and_mended(
    sample_office: Path, tmp_path: Path, settings: Settings, entry_at_fault: int
) -> None:
    rng = random.Random(20261125)  # noqa: S311 - a test that repeats
    store = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    info = life.rounds()[0]
    errors = marks = 0
    for stack in sample_stacks(info.id):
        lines = list(stack.lines)
        first = first_entry.enter(stack.stack_id)
        faulty, wrong = with_errors(rng, lines, first.sheet.marks)
        errors += wrong
        marks += sum(1 if line.startswith("/") else len(line) for line in lines)
        key_first(first, faulty if entry_at_fault == 1 else lines)
        keying = keying_of(stack.stack_id, settings.void_reasons)
        key_lines(keying, faulty if entry_at_fault == 2 else lines)
        if wrong:
            assert settle(keying, lines) == sum(a != b for a, b in zip(faulty, lines, strict=True))
        assert keying.finished
        assert stored_lines(stack.stack_id) == lines
    states = [
        state for poll in polls.polls(info.id) for state in second_entry.of_poll(poll.id).values()
    ]
    assert all(state.agreed for state in states)
    found = sum(state.differences for state in states)
    compared = sum(state.compared for state in states)
    assert (found, compared) == (errors, marks)
    assert sum(state.first_wrong for state in states) == (errors if entry_at_fault == 1 else 0)
    low, high = error_rate.interval(found, compared)
    assert low < 0.003 < high
    assert f"比对 {marks:,} 项，错标 {errors} 处" in error_rate.words(found, compared)
    names = paper.level_names(info.id)
    tallied = {
        poll.unit_name: {names[level]: as_expected(one) for level, one in tally(poll, info).items()}
        for poll in polls.polls(info.id)
    }
    assert tallied == json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert examination.differences(store.path) == []
    store.close()


SIZE = 10
LINES = st.one_of(st.text("01234*", min_size=SIZE, max_size=SIZE), st.sampled_from(["/1", "/2"]))


@pytest.fixture(scope="module")
def small_office(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A small open round, nothing keyed. Copy it."""
    opened = open_store(tmp_path_factory.mktemp("small") / "ceping.db")
    small_round(settings, (GROUP,), returned=1)
    opened.close()
    return opened.path


@hypothesis_settings(max_examples=60)
@given(data=st.data(), lines=st.lists(LINES, min_size=1, max_size=8))
def test_what_the_paper_says_is_what_remains(
    small_office: Path, data: st.DataObject, lines: list[str]
) -> None:
    """Whatever the second entry left out, keyed twice, swapped or mistook."""
    second = [line for line in lines for _ in range(data.draw(st.integers(0, 2)))]
    if len(second) > 1 and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(second) - 2))
        second[at : at + 2] = second[at + 1], second[at]
    if second and data.draw(st.booleans()):
        second[data.draw(st.integers(0, len(second) - 1))] = data.draw(LINES)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(shutil.copy(small_office, folder)))
        try:
            mended_from_the_paper(store, lines, second)
        finally:
            store.close()


def mended_from_the_paper(store: Store, lines: list[str], second: list[str]) -> None:
    batch = stack_of(life.rounds()[0], Level.MEMBER, GROUP).stack_id
    paper.record_counts(1, {batch: (len(lines), len(lines))})
    key_first(first_entry.enter(batch), lines)
    keying = keying_of(batch)
    key_lines(keying, second)
    if not second:
        assert press(keying, "f2").effect is Effect.REFUSED
        return
    if not keying.finished:
        settle(keying, lines, most=60)
    assert keying.finished
    assert stored_lines(batch) == lines
    assert examination.differences(store.path) == []
    assert state_of(batch).first_wrong == 0


@hypothesis_settings(max_examples=40)
@given(
    data=st.data(),
    lines=st.lists(st.text("01234*", min_size=SIZE, max_size=SIZE), min_size=1, max_size=6),
)
def test_errors_of_both_entries_are_each_laid_at_the_right_door(
    small_office: Path, data: st.DataObject, lines: list[str]
) -> None:
    """At most two wrong marks a sheet, so that it stays the same sheet, and never the same
    place in both entries."""
    entries = ([*lines], [*lines])
    wrong = [0, 0]
    for n, line in enumerate(lines):
        for place in data.draw(st.sets(st.integers(0, SIZE - 1), max_size=2)):
            which = data.draw(st.integers(0, 1))
            mark = data.draw(st.sampled_from("01234*".replace(line[place], "")))
            text = entries[which][n]
            entries[which][n] = text[:place] + mark + text[place + 1 :]
            wrong[which] += 1
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(shutil.copy(small_office, folder)))
        try:
            batch = stack_of(life.rounds()[0], Level.MEMBER, GROUP).stack_id
            paper.record_counts(1, {batch: (len(lines), len(lines))})
            key_first(first_entry.enter(batch), entries[0])
            keying = keying_of(batch)
            key_lines(keying, entries[1])
            if any(each.kind is not DifferenceKind.CHANGED for each in keying.entry.differences()):
                assume(keying.finished)
            elif not keying.finished:
                settle(keying, lines)
            assert keying.finished
            assert stored_lines(batch) == lines
            state = state_of(batch)
            assert [state.first_wrong, state.second_wrong] == wrong
            assert examination.differences(store.path) == []
        finally:
            store.close()
