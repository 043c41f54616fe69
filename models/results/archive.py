"""A cadre's evaluations over the years, for the integrity archive (廉政档案; clause 五、2).

Which of two evaluations is the earlier one is a matter of the day of the vote, not of a round's
year or number: a round of May may be made after that of November. Votes of one day, and polls of
one round, are neither earlier nor later than one another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from models.count.tally import LevelTally, SubjectTally, tally
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollInfo
from models.rounds.subjects import subjects_of_round


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of a cadre in one poll."""

    round: RoundInfo
    """The round of the poll."""
    poll: PollInfo
    """The poll."""
    post: str
    """The cadre's post at the time."""
    results: tuple[tuple[LevelTally, SubjectTally], ...]
    """The results, one for each level at which the cadre was a subject."""

    @property
    def day(self) -> str:
        """The day of the vote, in ISO format; see `day_of_vote`."""
        return day_of_vote(self.round, self.poll)

    def before(self, other: Evaluation) -> bool:
        """Whether this is a result of an earlier round than `other`, by the day of the vote."""
        return self.round.id != other.round.id and self.day < other.day

    def result(self, *levels: Level) -> tuple[LevelTally, SubjectTally] | None:
        """Return the first result at one of `levels`, or None."""
        return next((pair for pair in self.results if pair[0].level in levels), None)


def day_of_vote(info: RoundInfo, poll: PollInfo) -> str:
    """The day on which a poll was voted, in ISO format: its date, else the first day of its round,
    else the last day of the year evaluated."""
    return poll.date or info.plan.starts or f"{info.plan.year}-12-31"


def evaluations(cadre_id: int) -> tuple[Evaluation, ...]:
    """Return all evaluations of a cadre, latest first. Draft rounds are left out."""
    return _evaluations({cadre_id}, life.rounds())[cadre_id]


def earlier_evaluations(
    held: Mapping[PollInfo, Collection[int]], now: RoundInfo
) -> dict[tuple[PollInfo, int], tuple[Evaluation, ...]]:
    """Return what each cadre had before a poll of the round `now`, latest first, by poll and cadre.

    `held` has the cadres of each of these polls. Only other rounds count, and of them only polls
    of an earlier day, so that the documents of an old round do not change.
    """
    everyone = {cadre_id for cadre_ids in held.values() for cadre_id in cadre_ids}
    others = [each for each in life.rounds() if each.id != now.id]
    latest = max((day_of_vote(now, poll) for poll in held), default="")
    known = _evaluations(everyone, others, until=latest)
    return {
        (poll, cadre_id): tuple(
            each for each in known[cadre_id] if each.day < day_of_vote(now, poll)
        )
        for poll, cadre_ids in held.items()
        for cadre_id in cadre_ids
    }


def _evaluations(
    wanted: set[int], among: Iterable[RoundInfo], *, until: str = ""
) -> dict[int, tuple[Evaluation, ...]]:
    """Return the evaluations of the `wanted` cadres by id, latest first; with `until`, those of
    before that day alone.

    Each poll is counted at most once, and only if one of the cadres is a subject in it, because
    callers ask for all cadres of a province at once.
    """
    found: dict[int, list[Evaluation]] = {cadre_id: [] for cadre_id in wanted}
    for round_info in among:
        if round_info.state is RoundState.DRAFT:
            continue
        named = subjects_of_round(round_info.id)
        for poll in polls.polls(round_info.id):
            if until and day_of_vote(round_info, poll) >= until:
                continue
            here = named.get(poll.id, {}).values()
            present = sorted({w.cadre_id for each in here for w in each if w.cadre_id} & wanted)
            if not present:
                continue
            levels = tally(poll, round_info).values()
            for cadre_id in present:
                results = tuple(
                    (level, subject)
                    for level in levels
                    for subject in level.subjects
                    if subject.subject.cadre_id == cadre_id
                )
                post = results[0][1].subject.post if results else ""
                found[cadre_id].append(Evaluation(round_info, poll, post, results))
    return {
        cadre_id: tuple(sorted(past, key=_place, reverse=True)) for cadre_id, past in found.items()
    }


def _place(each: Evaluation) -> tuple[str, int, int]:
    """Where an evaluation stands among others. Those of one day stand in the order in which their
    rounds were made, which says nothing of which was first."""
    return each.day, each.round.id, each.poll.id
