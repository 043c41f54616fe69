"""Summaries of voters' written opinions (意见归纳), one per subject.

The office types them in its own words. They are not linked to ballots, because a voter's wording
or handwriting would reveal who wrote it.
"""

from __future__ import annotations

from typing import Any

from models.database import journal, proof
from models.database.journal import JournalAct
from models.database.outcome_tables import Opinion
from models.database.store import writing
from models.database.tables import Subject
from models.names import visible
from models.refusal import RefusedError
from models.rounds import life, polls
from models.rounds.plan import RoundState
from models.rounds.polls import PollInfo

LONGEST = 1000  # characters; anything longer is not a summary


def opinions(poll_id: int) -> dict[int, str]:
    """Return the summaries of a poll, by subject id. Subjects without one are left out."""
    rows: Any = Opinion.select().join(Subject).where(Subject.poll == poll_id)
    return {row.subject_id: row.text for row in rows}


def require_open(subject_id: int) -> None:
    """Raise `RefusedError` if the subject's round is not open, so its summary cannot change."""
    _of_open(subject_id)


def summarise(subject_id: int, text: str) -> None:
    """Save the summary of a subject; an empty text deletes it.

    Raises `RefusedError` if the text is too long or the round is not open.
    """
    with writing():
        subject, poll = _of_open(subject_id)
        text = visible(text)
        if len(text) > LONGEST:
            raise RefusedError(f"意见归纳：最多 {LONGEST} 字，现有 {len(text)} 字，请再归纳。")
        Opinion.delete().where(Opinion.subject == subject_id).execute()
        if text:
            Opinion.create(subject=subject_id, text=text)
        key = str(subject_id)
        mark = proof.mark("意见", key, text) if text else proof.gone("意见", key)
        about = f"{poll.unit_name} {subject.name}"
        journal.record(JournalAct.SUM_UP_OPINIONS, about, f"{len(text)} 字{mark}")


def _of_open(subject_id: int) -> tuple[Any, PollInfo]:
    subject = Subject.get_or_none(Subject.id == subject_id)
    if subject is None:
        raise RefusedError("这个被测评对象已不在轮次中，请返回后重新选择。")
    poll = polls.find_by_id(subject.poll_id)
    if life.find_by_id(poll.round_id).state is not RoundState.OPEN:
        raise RefusedError("轮次不在进行中，不能改意见归纳。")
    return subject, poll
