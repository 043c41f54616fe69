"""Which stack `ceping enter --verify` opens: the one named, else the first not verified yet."""

import pytest

from models.database import clerk
from models.database.store import Store
from models.entry import ballots, second_entry
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import RoundRules
from models.rounds import paper
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.models.second_clerk import key_first, key_lines, keying_of
from tests.offices import only_poll, small_round, stack_of

GROUP = "中层干部"
PAPER = ["1212121212", "1111122222", "2121212121"]


def test_the_first_stack_that_is_not_verified_is_taken(store: Store, settings: Settings) -> None:
    clerk.sign_in("甲")
    info = small_round(settings, (GROUP, "班子成员"), RoundRules(), returned=3)
    poll = only_poll(info)
    first = stack_of(info, Level.MEMBER, GROUP).stack_id
    key_first(ballots.enter(first), PAPER)
    second = paper.add_stack(first)
    counts = {stack.stack_id: (stack.issued + 3, stack.returned) for stack in stacks(poll.id)}
    counts[second] = (counts[second][0], 3)
    paper.record_counts(poll.id, counts)
    key_first(ballots.enter(second), PAPER)

    def chosen(number: int | None = None) -> int:
        return second_entry.choose_stack(poll, "班子成员", GROUP, None, number).stack_id

    assert chosen() == first
    key_lines(keying_of(first), PAPER)
    assert chosen() == second
    assert (chosen(1), chosen(2)) == (first, second)
    key_lines(keying_of(second), PAPER)
    assert chosen() == first
    with pytest.raises(RefusedError, match="没有第 3 批"):
        chosen(3)
    with pytest.raises(RefusedError, match="没有这一类"):
        second_entry.choose_stack(poll, "班子成员", "群众", None, None)
    clerk.sign_in("")
