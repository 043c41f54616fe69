"""研究确定的等次: the grade that people fixed after a meeting (regulation, clause 五、1).

The program never decides a grade. It keeps what was decided, when, at which meeting, by whom and
on what basis, beside the seal whose counts the meeting had before it: after a correction the
grade has to be confirmed.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from models.database import journal
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
    """A grade as it was fixed for one subject. `on` is an ISO date; `in_force` says that it
    rests on the counts of the seal that holds now."""

    subject_id: int
    grade: str
    on: str
    meeting: str
    by: str
    basis: str
    in_force: bool


def determinations(poll_id: int) -> dict[int, Determination]:
    """The grades fixed for a poll's subjects, by subject."""
    version = _version(poll_id)
    rows: Any = Row.select().join(Subject).where(Subject.poll == poll_id)
    return {row.subject_id: _value(row, version) for row in rows}


def latest(round_id: int) -> Determination | None:
    """The grade entered last in a round: its date, meeting, body and basis are what the next
    form proposes, for one meeting fixes the grades of many."""
    rows: Any = Row.select().join(Subject).join(Poll).where(Poll.round == round_id)
    row = rows.order_by(Row.id.desc()).first()
    if row is None:
        return None
    return _value(row, _version(row.subject.poll_id))


def determine(
    subject_id: int, grade: str, *, on: str, meeting: str, by: str, basis: str = ""
) -> None:
    """Enter the grade that a meeting fixed for a subject; one entered before is replaced. `on` is
    an ISO date. Raises `RefusedError` with everything that is wrong."""
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
        Row.create(
            subject=subject_id,
            grade=grade,
            on=on,
            meeting=meeting,
            by=by,
            basis=basis,
            seal_version=_version(poll.id),
        )
        about = f"{poll.unit_name} {subject.name}"
        journal.record(JournalAct.DETERMINE, about, f"{grade}，{on} {meeting}")


def require_sealed(subject_id: int) -> None:
    """Raise `RefusedError` if no grade can be entered for a subject now: its poll is not sealed,
    or the round is closed."""
    _of_sealed(subject_id)


def withdraw(subject_id: int) -> None:
    """Take back the grade entered for a subject; nothing happens if there is none."""
    with writing():
        subject, poll = _of_sealed(subject_id)
        row = Row.get_or_none(Row.subject == subject_id)
        if row is not None:
            row.delete_instance()
            about = f"{poll.unit_name} {subject.name}"
            journal.record(JournalAct.TAKE_BACK_GRADE, about, str(row.grade))


def date_faults(name: str, on: str, *, not_before: str = "") -> list[str]:
    """What is wrong with an ISO date that people typed, in words: no date, to come, or earlier
    than the vote (`not_before`, ISO text or empty)."""
    try:
        date = datetime.date.fromisoformat(on)
    except ValueError:
        return [f"{name}：应为 2026-11-05 这样的日期，现为 {on or '空'}"]
    if date > datetime.date.today():
        return [f"{name}：{on} 还没有到"]
    if not_before and on < not_before:
        return [f"{name}：{on} 早于测评日期 {not_before}"]
    return []


def _version(poll_id: int) -> int:
    """The version of the seal in force; 0 without one."""
    # Sealing is half of the program, and home needs but a date checked.
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
