"""The earlier evaluations of many cadres at once.

`models.archive.evaluations` reads one cadre's; for the cadres of a whole province that would
count every poll once for each of its cadres. Here every poll is counted once at most, and only
those in which one of the cadres was evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable

from models import polls, rounds
from models.archive import Evaluation
from models.rounds import RoundInfo, RoundState
from models.subjects import subjects
from models.tally import tally


def earlier_evaluations(
    cadre_ids: Iterable[int], before: RoundInfo
) -> dict[int, tuple[Evaluation, ...]]:
    """For each cadre the evaluations in rounds before this one, the latest first; the same
    values that `models.archive.evaluations` gives. Later rounds are left out, so that a
    document of an old round stays what it was."""
    wanted = set(cadre_ids)
    found: dict[int, list[Evaluation]] = {cadre_id: [] for cadre_id in wanted}
    for round_info in rounds.rounds():
        order = (round_info.plan.year, round_info.id)
        if round_info.state is RoundState.DRAFT or order >= (before.plan.year, before.id):
            continue
        for poll in polls.polls(round_info.id):
            named = {who.cadre_id for each in subjects(poll.id).values() for who in each}
            present = [cadre_id for cadre_id in named if cadre_id in wanted and cadre_id]
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
