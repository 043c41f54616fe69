"""The outcome of a person's evaluation: fixed grades, opinions, feedback letter, archive entry."""

from __future__ import annotations

from dataclasses import dataclass

from models.regulation.levels import Level
from models.results.archive import Evaluation
from models.results.delivery import Delivery, Handover, dues
from models.results.determination import Determination, determinations
from models.results.opinions import opinions


@dataclass(frozen=True)
class Outcome:
    """What was decided and done about one evaluation of a person."""

    grades: tuple[tuple[Level, Determination], ...]
    """The grades fixed so far, by level."""
    opinions: tuple[str, ...]
    """The summaries of written opinions, one per level that has one."""
    feedback: Delivery | None
    """Delivery of the feedback letter; None if not delivered or if the poll is not sealed."""
    filed: Delivery | None
    """Filing in the integrity archive; None if not filed or if the poll is not sealed."""
    feedback_before: Delivery | None
    """The last delivery of a letter of before a correction that changed the result."""
    filed_before: Delivery | None
    """The last filing of before such a correction."""


def outcome(evaluation: Evaluation) -> Outcome:
    """Read the outcome of a person's evaluation."""
    own = [(level.level, subject.subject.id) for level, subject in evaluation.results]
    ids = {subject for _, subject in own}
    fixed = determinations(evaluation.poll.id)
    said = opinions(evaluation.poll.id)
    handed = {
        due.kind: due
        for due in dues(evaluation.poll)
        if due.subject is not None and due.subject.id in ids
    }
    letter, entry = handed.get(Handover.FEEDBACK), handed.get(Handover.ARCHIVE)
    return Outcome(
        tuple((level, fixed[subject]) for level, subject in own if subject in fixed),
        tuple(said[subject] for _, subject in own if subject in said),
        *(due.delivery if due else None for due in (letter, entry)),
        *(due.before if due else None for due in (letter, entry)),
    )
