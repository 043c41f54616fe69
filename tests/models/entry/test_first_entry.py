"""测评票 in the database: counts kept with each ballot, refusals, what the journal may say."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models.database import journal
from models.database.store import Store
from models.database.tables import BallotRow, Count, Draft
from models.entry import first_entry
from models.entry.first_entry import FirstEntry
from models.entry.keying import BallotInHand
from models.recount import examination
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds import life, paper
from models.rounds.stacks import stacks
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import entry_of, only_poll, small_round, stack_of
from tests.sealing import TELLERS, keyed_round
from tui.keypad import act_of

GROUP = "中层干部"
SIZE = 10


@pytest.fixture
def entry(store: Store, settings: Settings) -> FirstEntry:
    return entry_of(small_round(settings), Level.MEMBER, GROUP)


def test_a_ballot_is_stored_as_it_was_keyed_and_counted_once(entry: FirstEntry) -> None:
    entry.commit("1234*01111")
    (row,) = BallotRow.select()
    assert (row.position, row.marks, row.void_reason) == (1, "1234*01111", 0)
    rows = sorted((row.place, row.mark, row.n) for row in Count.select())
    assert rows == [(place, mark, 1) for place, mark in enumerate("1234*01111")]


def test_a_void_ballot_stores_no_marks_and_counts_nowhere(entry: FirstEntry) -> None:
    entry.commit("1111111111", 2)
    (row,) = BallotRow.select()
    assert (row.marks, row.void_reason) == ("", 2)
    assert Count.select().count() == 0
    assert (entry.valid, entry.void) == (0, 1)


@pytest.mark.parametrize("marks", ["", "1", "1" * 9, "1" * 11, "5" * 10, " " * 10, "１" * 10])
def test_marks_that_do_not_fit_the_sheet_are_refused(entry: FirstEntry, marks: str) -> None:
    with pytest.raises(RefusedError, match="与票种不符"):
        entry.commit(marks)
    assert BallotRow.select().count() == 0
    assert entry.entered == 0


def test_no_more_ballots_than_came_back(entry: FirstEntry, store: Store) -> None:
    for _ in range(10):
        entry.commit("1" * SIZE)
    with pytest.raises(RefusedError, match="收回 10 张已全部录入"):
        entry.commit("1" * SIZE)
    assert BallotRow.select().count() == 10
    assert examination.differences(store.path) == []


def test_removing_moves_the_later_ballots_up(entry: FirstEntry) -> None:
    lines = [str(n) * SIZE for n in (1, 2, 3, 4)]
    for line in lines:
        entry.commit(line)
    entry.remove(2, "重复录入或多录")
    assert [entry.ballot(n).marks for n in (1, 2, 3)] == [lines[0], lines[2], lines[3]]
    entry.commit("0" * SIZE)
    assert entry.ballot(4).marks == "0" * SIZE


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("commit", "void", "correct", "remove", "draft")),
        st.text("01234*", min_size=SIZE, max_size=SIZE),
        st.integers(1, 4),
        st.integers(0, 9),
    ),
    max_size=30,
)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_counts_kept_equal_counts_taken_after_any_acts(
    entry: FirstEntry, store: Store, settings: Settings, acts: list[tuple[str, str, int, int]]
) -> None:
    for act, marks, void, at in acts:
        position = at % max(entry.entered, 1) + 1
        if act == "commit" and not entry.full:
            entry.commit(marks)
        elif act == "void" and not entry.full:
            entry.commit("", void)
        elif act == "correct" and entry.entered:
            entry.correct(position, marks, void if at % 3 == 0 else 0, "录入时看错")
        elif act == "remove" and entry.entered:
            entry.remove(position, "重复录入或多录")
        elif act == "draft":
            entry.save_draft(BallotInHand(entry.sheet, settings.void_reasons, marks[:at], at))
        assert entry.entered <= entry.returned
    assert examination.differences(store.path) == []
    again = first_entry.enter(entry.stack.stack_id)
    assert [+counts for counts in again.counts] == [+counts for counts in entry.counts]


def test_the_journal_names_the_place_and_the_reason_and_no_mark(entry: FirstEntry) -> None:
    before = len(journal.entries())
    entry.commit("1234*01234")
    assert len(journal.entries()) == before, "a ballot leaves no entry, which would tell its time"
    entry.correct(1, "4321*04321", 0, "录入时看错")
    entry.remove(1, "重复录入或多录")
    removed, corrected = journal.entries()[:2]
    assert (corrected.act, corrected.detail) == ("更正测评票", "第 1 张：录入时看错")
    assert (removed.act, removed.detail) == ("撤销测评票", "第 1 张：重复录入或多录")
    assert "甲县" in removed.subject
    assert GROUP in removed.subject
    said = "".join(f"{each.act}{each.subject}{each.detail}" for each in journal.entries())
    assert "1234" not in said
    assert "4321" not in said


def test_a_ballot_row_holds_no_voter_time_or_client() -> None:
    assert set(BallotRow._meta.columns) == {"batch_id", "position", "marks", "void_reason"}


def test_a_draft_survives_and_goes_with_its_ballot(entry: FirstEntry, settings: Settings) -> None:
    half = BallotInHand(entry.sheet, settings.void_reasons)
    for key in "123":
        half.press(act_of(key))
    entry.save_draft(half)
    again = first_entry.enter(entry.stack.stack_id)
    assert again.draft(settings.void_reasons).marks.rstrip() == "123"
    again.commit("1" * SIZE)
    assert Draft.select().count() == 0


def test_keying_needs_an_open_round_and_counted_paper(store: Store, settings: Settings) -> None:
    info = small_round(settings, returned=3)
    stack = stack_of(info, Level.TEAM, GROUP)
    for returned, why in ((None, "还没有登记收回票数"), (0, "登记的是无票")):
        paper.record_counts(only_poll(info).id, {stack.stack_id: (3, returned)})
        with pytest.raises(RefusedError, match=why):
            first_entry.enter(stack.stack_id)
    life.close_round(info.id)
    with pytest.raises(RefusedError, match="在办结中，不能录票"):
        first_entry.enter(stack_of(info, Level.MEMBER, GROUP).stack_id)


def test_a_stack_held_open_over_a_seal_is_refused_and_changes_nothing(
    store: Store, settings: Settings
) -> None:
    info = keyed_round(settings)
    held = first_entry.enter(stacks(only_poll(info).id)[0].stack_id)
    marks = held.ballot(1).marks
    sealing.seal(only_poll(info).id, TELLERS, store)
    for attempt in (
        lambda: held.correct(1, marks, 0, "录入时看错"),
        lambda: held.remove(1, "重复录入"),
        lambda: held.commit(marks),
    ):
        with pytest.raises(RefusedError):
            attempt()
    assert examination.differences(store.path) == []
