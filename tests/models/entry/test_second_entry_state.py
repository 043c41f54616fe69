"""What a second entry knows of itself, while it is keyed and when it is opened again: each stack by
itself, drafts, counts, a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from models.database import clerk
from models.database.store import Store
from models.entry import first_entry, second_entry
from models.entry.keying import BallotInHand
from models.entry.sequence import SECOND
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, VerificationRule
from models.settings.office import Settings
from tests.models.second_clerk import key_first
from tests.offices import only_poll, small_round, stack_of

GROUPS = ("中层干部", "班子成员")
PAPER = ["1212121212", "/2", "2121212121", "3333311111"]
REASONS = ("有记号", "非本次用票")


@pytest.fixture(autouse=True)
def clerks() -> Iterator[None]:
    clerk.sign_in("甲")
    yield
    clerk.sign_in("")


def two_stacks(settings: Settings, rule: str = "full") -> tuple[int, tuple[int, int]]:
    """The poll, and two of its stacks with the same first entry."""
    info = small_round(
        settings, GROUPS, RoundRules(verification=VerificationRule.parse(rule)), returned=4
    )
    found = [stack_of(info, Level.MEMBER, group).stack_id for group in GROUPS]
    for batch in found:
        key_first(first_entry.enter(batch), PAPER)
    return only_poll(info).id, (found[0], found[1])


def test_a_draft_is_of_its_stack_alone(store: Store, settings: Settings) -> None:
    _, (one, other) = two_stacks(settings)
    entry = second_entry.verify(one)
    half = BallotInHand(entry.sheet, REASONS, "12" + " " * 8, 2, 0)
    entry.save_draft(half)
    again = second_entry.verify(one).draft(REASONS)
    assert (again.marks, again.cursor) == (half.marks, 2)
    assert second_entry.verify(other).draft(REASONS).empty
    entry.save_draft(BallotInHand(entry.sheet, REASONS))
    assert second_entry.verify(one).draft(REASONS).empty
    void = BallotInHand(entry.sheet, REASONS, " " * 10, 0, 2)
    entry.save_draft(void)
    assert second_entry.verify(one).draft(REASONS).void_reason == 2
    second_entry.verify(one).commit(PAPER[0])
    assert second_entry.verify(one).draft(REASONS).empty


def test_counts_are_the_same_when_it_is_opened_again(store: Store, settings: Settings) -> None:
    _, (one, other) = two_stacks(settings)
    entry = second_entry.verify(one)
    entry.commit(PAPER[0])
    entry.commit("", 2)
    entry.commit(PAPER[0])
    for found in (entry, second_entry.verify(one)):
        assert (found.valid, found.void, found.entered) == (2, 1, 3)
        assert found.counts[0] == Counter({"1": 2})
        assert found.level_name == "班子成员"
        assert not found.agreed
    assert second_entry.verify(other).entered == 0
    assert second_entry.verify(other).counts[0] == Counter()


def test_each_stack_of_a_poll_is_told_apart(store: Store, settings: Settings) -> None:
    poll_id, (one, other) = two_stacks(settings)
    clerk.sign_in("乙")
    entry = second_entry.verify(one)
    entry.commit(PAPER[0])
    clerk.sign_in("丙")
    entry.commit("", 2)
    states = second_entry.of_poll(poll_id)
    assert {batch: state.stack_id for batch, state in states.items()} == {b: b for b in states}
    assert (states[one].keyed, states[other].keyed) == (2, 0)
    assert states[one].second_keyers == ("丙", "乙"), "sorted"
    assert states[other].second_keyers == ()
    assert entry.keyers(SECOND.number) == states[one].second_keyers
