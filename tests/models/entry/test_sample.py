"""抽查: a sample that nobody knows while keying, and that anybody can draw again."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import clerk, journal
from models.database.store import Store
from models.database.tables import Verification
from models.entry import first_entry, sample, second_entry
from models.entry.alignment import Difference, DifferenceKind
from models.entry.error_words import lines as error_lines
from models.entry.keying import Effect
from models.entry.second_entry import Errors
from models.refusal import RefusedError
from models.rounds import paper
from models.settings.office import Settings
from tests.models.entry.test_second_entry import PAPER, open_stack, press, state_of
from tests.models.second_clerk import key_lines, keying_of, settle, stored_lines
from tui.words.keying import words


@pytest.fixture(autouse=True)
def _somebody() -> None:
    clerk.sign_in("甲")


def test_the_manuals_example() -> None:
    assert sample.drawn("0123456789abcdef-20", 20, 4) == (8, 11, 16, 18)


@given(st.text("0123456789abcdef", min_size=1), st.integers(1, 60), st.data())
def test_the_papers_with_the_smallest_digests_are_drawn(
    seed: str, returned: int, data: st.DataObject
) -> None:
    wanted = data.draw(st.integers(0, returned))
    found = sample.drawn(seed, returned, wanted)
    assert len(found) == len(set(found)) == wanted
    assert list(found) == sorted(found)

    def key(paper: int) -> str:
        return hashlib.sha256(f"{seed} {paper}".encode()).hexdigest()

    left = set(range(1, returned + 1)) - set(found)
    assert all(key(one) < key(other) for one in found for other in left)


def off(line: str) -> str:
    """The line with one mark wrong."""
    return "/1" if line.startswith("/") else ("3" if line[0] != "3" else "1") + line[1:]


def test_it_is_drawn_once_the_first_entry_is_whole(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER, "1/2")
    assert state_of(batch).seed == ""
    keying = keying_of(batch)
    seed = state_of(batch).seed
    assert seed.endswith("-6")
    first, second, third = sample.drawn(seed, 6, 3)
    assert any(seed in each.detail for each in journal.search(act="抽样"))
    assert words(keying.statement()) == f"请找出第 {first} 张纸票（抽查 3 张中的第 1 张）"
    key_lines(keying, [PAPER[first - 1]])
    assert keying.position == second
    assert press(keying, "f2").effect is Effect.REFUSED
    key_lines(keying, [PAPER[second - 1], off(PAPER[third - 1])])
    assert press(keying, "1").effect is Effect.REFUSED
    assert settle(keying, PAPER) == 1
    state = state_of(batch)
    assert (state.agreed, state.seed) == (True, seed)
    assert state.errors == Errors(second_wrong=1, second_sheets=1)
    assert stored_lines(batch) == PAPER


def test_it_misses_just_what_belongs_to_it(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER, "1/3")
    entry = second_entry.verify(batch)
    wanted = sample.drawn(state_of(batch).seed, 6, 2)
    missing = [Difference(DifferenceKind.MISSING, at, at) for at in wanted]
    assert entry.differences() == missing
    key_lines(keying_of(batch), [PAPER[wanted[0] - 1]])
    entry = second_entry.verify(batch)
    assert entry.differences() == missing[1:]
    key_lines(keying_of(batch), [PAPER[wanted[1] - 1]])
    with pytest.raises(RefusedError, match="已复核一致"):
        second_entry.verify(batch)


def test_another_number_of_papers_is_drawn_anew(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER, "1/2")
    key_lines(keying_of(batch), [PAPER[sample.drawn(state_of(batch).seed, 6, 3)[0] - 1]])
    before = state_of(batch).seed
    entry = first_entry.enter(batch)
    entry.remove(2, "重复录入或多录")
    assert (state_of(batch).seed, state_of(batch).keyed) == ("", 0)
    entry.commit(PAPER[1])
    assert keying_of(batch).entry.entered == 0
    assert state_of(batch).seed not in ("", before)
    assert len(journal.search(act="抽样")) == 3


def test_more_paper_is_drawn_anew(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER, "1/2")
    before = keying_of(batch).entry
    assert state_of(batch).seed.endswith("-6")
    paper.record_counts(before.poll.id, {batch: (8, 7)})
    first_entry.enter(batch).commit(PAPER[0])
    second_entry.verify(batch)
    assert state_of(batch).seed.endswith("-7")


def test_a_sample_begun_by_a_program_of_before_goes_on(store: Store, settings: Settings) -> None:
    batch = open_stack(settings, PAPER, "1/2")
    entry = second_entry.verify(batch)
    Verification.update(seed="").where(Verification.batch == batch).execute()
    entry._papers = (1, 3, 5)
    marks = PAPER[0]
    entry.commit(marks)
    keying = keying_of(batch)
    assert (state_of(batch).seed, keying.position) == ("", 3)
    key_lines(keying, [PAPER[2], PAPER[4]])
    assert keying.finished


def test_sheets_and_marks_are_told_by_entry(store: Store, settings: Settings) -> None:
    """One sheet skipped the second time, one with two wrong marks the first time."""
    typed = [PAPER[0], "22" + PAPER[1][2:], *PAPER[2:]]
    batch = open_stack(settings, typed)
    keying = keying_of(batch)
    key_lines(keying, [PAPER[0], PAPER[1], *PAPER[3:]])
    assert settle(keying, PAPER) == 2
    state = state_of(batch)
    assert state.errors == Errors(first_wrong=2, first_sheets=1, second_skipped=1)
    assert error_lines([state]) == [
        "第一次：错标 2 项（1 张）",
        "第二次：漏录 1 张",
        "错标的对照纸票第三次录入核定；漏录的对照纸票补录，重录的去掉",
    ]


def test_what_a_program_of_before_did_not_keep_is_not_made_up(
    store: Store, settings: Settings
) -> None:
    batch = open_stack(settings, PAPER)
    key_lines(keying_of(batch), PAPER)
    assert error_lines([state_of(batch)]) == ["两次录入完全一致"]
    Verification.update(changed=1, missing=2, first_wrong=3).where(
        Verification.batch == batch
    ).execute()
    state = state_of(batch)
    assert state.unattributed == 3
    assert "另有 3 张不同、漏录或重录的，未记明是哪一次的" in error_lines([state])
