"""A cadre's evaluations over the years, for the integrity archive (廉政档案; clause 五、2)."""

from __future__ import annotations

from collections.abc import Iterable
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

    def result(self, *levels: Level) -> tuple[LevelTally, SubjectTally] | None:
        """Return the first result at one of `levels`, or None."""
        return next((pair for pair in self.results if pair[0].level in levels), None)


def evaluations(cadre_id: int) -> tuple[Evaluation, ...]:
    """Return all evaluations of a cadre, latest first. Draft rounds are left out."""
    return _evaluations({cadre_id}, life.rounds())[cadre_id]


def earlier_evaluations(
    cadre_ids: Iterable[int], before: RoundInfo
) -> dict[int, tuple[Evaluation, ...]]:
    """Return the evaluations of each cadre in rounds earlier than `before`, latest first, by id.

    Later rounds are left out, so that the documents of an old round do not change.
    """
    order = (before.plan.year, before.id)
    earlier = [each for each in life.rounds() if (each.plan.year, each.id) < order]
    return _evaluations(set(cadre_ids), earlier)


def _evaluations(wanted: set[int], among: Iterable[RoundInfo]) -> dict[int, tuple[Evaluation, ...]]:
    """Return the evaluations of the `wanted` cadres, by id.

    Each poll is counted at most once, and only if one of the cadres is a subject in it, because
    callers ask for all cadres of a province at once.
    """
    found: dict[int, list[Evaluation]] = {cadre_id: [] for cadre_id in wanted}
    for round_info in among:
        if round_info.state is RoundState.DRAFT:
            continue
        named = subjects_of_round(round_info.id)
        for poll in polls.polls(round_info.id):
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
    return {cadre_id: tuple(past) for cadre_id, past in found.items()}
