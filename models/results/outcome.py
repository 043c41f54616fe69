"""What people decided on one person's result, and what they did with it: the grades fixed at
each level, the summary of opinions, the letter handed over, the entry filed."""

from __future__ import annotations

from dataclasses import dataclass

from models.regulation.levels import Level
from models.results.archive import Evaluation
from models.results.delivery import Delivery, Handover, dues
from models.results.determination import Determination, determinations
from models.results.opinions import opinions


@dataclass(frozen=True)
class Outcome:
    """Of one evaluation of a person. `feedback` and `filed` are None while they are owed, and
    before the poll is sealed, when nothing is owed yet."""

    grades: tuple[tuple[Level, Determination], ...]
    opinions: tuple[str, ...]
    feedback: Delivery | None
    filed: Delivery | None


def outcome(evaluation: Evaluation) -> Outcome:
    """What is entered for a person's evaluation."""
    own = [(level.level, subject.subject.id) for level, subject in evaluation.results]
    ids = {subject for _, subject in own}
    fixed = determinations(evaluation.poll.id)
    said = opinions(evaluation.poll.id)
    handed = {
        due.kind: due.delivery
        for due in dues(evaluation.poll)
        if due.subject is not None and due.subject.id in ids
    }
    return Outcome(
        tuple((level, fixed[subject]) for level, subject in own if subject in fixed),
        tuple(said[subject] for _, subject in own if subject in said),
        handed.get(Handover.FEEDBACK),
        handed.get(Handover.ARCHIVE),
    )
