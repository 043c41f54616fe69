"""廉政档案: a cadre's evaluations over the years (regulation, clause 五、2)."""

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
    """A cadre as a subject of one poll: post then, and the result at each level."""

    round: RoundInfo
    poll: PollInfo
    post: str
    results: tuple[tuple[LevelTally, SubjectTally], ...]

    def result(self, *levels: Level) -> tuple[LevelTally, SubjectTally] | None:
        """The first result at one of `levels`."""
        return next((pair for pair in self.results if pair[0].level in levels), None)


def evaluations(cadre_id: int) -> tuple[Evaluation, ...]:
    """All evaluations of a cadre, the latest first; a draft round has none yet."""
    return _evaluations({cadre_id}, life.rounds())[cadre_id]


def earlier_evaluations(
    cadre_ids: Iterable[int], before: RoundInfo
) -> dict[int, tuple[Evaluation, ...]]:
    """For each cadre the evaluations in rounds before this one, the latest first. Later rounds
    are left out, so that a document of an old round stays what it was."""
    order = (before.plan.year, before.id)
    earlier = [each for each in life.rounds() if (each.plan.year, each.id) < order]
    return _evaluations(set(cadre_ids), earlier)


def _evaluations(wanted: set[int], among: Iterable[RoundInfo]) -> dict[int, tuple[Evaluation, ...]]:
    """Each poll is counted once at most, and only if one of the cadres was evaluated in it: this
    is asked for the cadres of a whole province at once."""
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
