"""What a unit's bodies got in earlier rounds, for a comparison of years.

As in the integrity archive, the day of the vote says which of two polls is the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.count.tally import LevelTally, tally
from models.regulation.levels import Level
from models.results.archive import day_of_vote
from models.rounds import life, polls
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo, PollState


@dataclass(frozen=True)
class PastPoll:
    """A sealed poll of an earlier round."""

    round: RoundInfo
    """Its round."""
    poll: PollInfo
    """The poll."""
    levels: Mapping[Level, LevelTally]
    """The tally of each evaluated level."""


def earlier_polls(
    now: RoundInfo, held: Iterable[PollInfo], most: int
) -> dict[int, tuple[PastPoll, ...]]:
    """Return the last sealed polls of each unit before these polls of the round `now`, at most
    `most` of them, latest first, by the id of the poll of now."""
    others = [
        (info, poll)
        for info in life.rounds()
        if info.id != now.id
        for poll in polls.polls(info.id)
        if poll.state is PollState.SEALED
    ]
    found = {}
    for each in held:
        day = day_of_vote(now, each)
        mine = [
            (info, poll)
            for info, poll in others
            if poll.unit_id == each.unit_id and day_of_vote(info, poll) < day
        ]
        mine.sort(key=lambda pair: (day_of_vote(*pair), pair[0].id), reverse=True)
        found[each.id] = tuple(
            PastPoll(info, poll, tally(poll, info)) for info, poll in mine[:most]
        )
    return found
