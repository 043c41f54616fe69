"""Grades fixed by a meeting (研究确定的等次; regulation, clause 五、1).

The program never decides a grade. It stores what was decided, when, at which meeting, by which
body and on what basis. It also stores the version of the seal whose counts the meeting used:
after a correction the grade has to be confirmed again.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from models.database import journal, proof
from models.database.journal import JournalAct
from models.database.outcome_tables import DeterminationRow as Row
from models.database.store import writing
from models.database.tables import Poll, Subject
from models.names import visible
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.contents import frozen_contents
from models.rounds.plan import RoundState
from models.rounds.polls import PollState


@dataclass(frozen=True)
class Determination:
    """The grade fixed for one subject."""

    subject_id: int
    """Id of the subject."""
    grade: str
    """The grade, one of the level's scale."""
    on: str
    """Date of the decision, as ISO text."""
    meeting: str
    """The meeting that decided it."""
    by: str
    """The body that decided it (研究确定的机关)."""
    basis: str
    """The basis of the decision; may be empty."""
    in_force: bool
    """Whether it rests on the counts of the seal now in force."""


def determinations(poll_id: int) -> dict[int, Determination]:
    """Return the grades fixed in a poll, by subject id."""
    version = _version(poll_id)
    rows: Any = Row.select().join(Subject).where(Subject.poll == poll_id)
    return {row.subject_id: _value(row, version) for row in rows}


def latest(round_id: int) -> Determination | None:
    """Return the grade entered last in a round, or None.

    The next form takes its date, meeting, body and basis as defaults, because one meeting fixes
    many grades.
    """
    rows: Any = Row.select().join(Subject).join(Poll).where(Poll.round == round_id)
    row = rows.order_by(Row.id.desc()).first()
    if row is None:
        return None
    return _value(row, _version(row.subject.poll_id))


def determine(
    subject_id: int, grade: str, *, on: str, meeting: str, by: str, basis: str = ""
) -> None:
    """Enter the grade that a meeting fixed for a subject, replacing an earlier one.

    `on` is an ISO date. Raises `RefusedError` with every fault found, or if the poll is not sealed
    or the round is closed.
    """
    with writing():
        subject, poll = _of_sealed(subject_id)
        info = life.find_by_id(poll.round_id)
        known = frozen_contents(info.id)[Level(subject.level)].scale.grades
        meeting, by, basis = visible(meeting), visible(by), visible(basis)
        faults = [
            f"{name}：不能为空"
            for name, text in (("会议", meeting), ("研究确定的机关", by))
            if not text
        ]
        if grade not in known:
            faults.append(f"等次：应为 {'、'.join(known)} 之一，现为 {grade or '空'}")
        faults += date_faults("日期", on, not_before=poll.date)
        if faults:
            raise RefusedError("\n".join(faults))
        Row.delete().where(Row.subject == subject_id).execute()
        version = _version(poll.id)
        Row.create(
            subject=subject_id,
            grade=grade,
            on=on,
            meeting=meeting,
            by=by,
            basis=basis,
            seal_version=version,
        )
        about = f"{poll.unit_name} {subject.name}"
        mark = proof.mark("等次", str(subject_id), grade, on, meeting, by, basis, version)
        journal.record(JournalAct.DETERMINE, about, f"{grade}，{on} {meeting}{mark}")


def require_sealed(subject_id: int) -> None:
    """Raise `RefusedError` if no grade can be entered for a subject.

    That is the case if its poll is not sealed or its round is closed.
    """
    _of_sealed(subject_id)


def withdraw(subject_id: int) -> None:
    """Delete the grade entered for a subject; does nothing if there is none.

    Raises `RefusedError` if the poll is not sealed or the round is closed.
    """
    with writing():
        subject, poll = _of_sealed(subject_id)
        row = Row.get_or_none(Row.subject == subject_id)
        if row is not None:
            row.delete_instance()
            about = f"{poll.unit_name} {subject.name}"
            mark = proof.gone("等次", str(subject_id))
            journal.record(JournalAct.TAKE_BACK_GRADE, about, f"{row.grade}{mark}")


def date_faults(name: str, on: str, *, not_before: str = "", limit: str = "测评日期") -> list[str]:
    """Return what is wrong with a typed ISO date, as messages; empty if it is valid.

    `name` is the field's label. A date is wrong if it cannot be parsed, lies in the future, or is
    earlier than `not_before` (ISO text, empty for no limit), which is the day of `limit`.
    """
    try:
        date = datetime.date.fromisoformat(on)
    except ValueError:
        return [f"{name}：应为 2026-11-05 这样的日期，现为 {on or '空'}"]
    if date > datetime.date.today():
        return [f"{name}：{on} 还没有到"]
    if not_before and on < not_before:
        return [f"{name}：{on} 早于{limit} {not_before}"]
    return []


def _version(poll_id: int) -> int:
    """Return the version of the seal in force, or 0."""
    # Imported here because sealing loads half of the program, and home only checks a date.
    from models.seal import sealing

    sealed = sealing.in_force(poll_id)
    return sealed.version if sealed else 0


def _value(row: Any, version: int) -> Determination:
    return Determination(
        row.subject_id,
        row.grade,
        row.on,
        row.meeting,
        row.by,
        row.basis,
        row.seal_version == version,
    )


def _of_sealed(subject_id: int) -> tuple[Any, polls.PollInfo]:
    subject = Subject.get_or_none(Subject.id == subject_id)
    if subject is None:
        raise RefusedError("这个被测评对象已不在轮次中，请返回后重新选择。")
    poll = polls.find_by_id(subject.poll_id)
    if poll.state is not PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 还没有封存。封存以后才登记研究确定的等次。")
    if life.find_by_id(poll.round_id).state is RoundState.CLOSED:
        raise RefusedError("轮次已办结，不能再改。")
    return subject, poll
