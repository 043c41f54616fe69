"""送达登记: to whom a result was handed over, when and how, who signed, and what is still owed.

The regulation asks for three things of every sealed poll (clause 五、2): each person is told, the
first responsible person is told, and each person's result goes into the integrity archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.database import journal
from models.database.journal import JournalAct
from models.database.outcome_tables import DeliveryRow as Row
from models.database.store import writing
from models.database.tables import Poll
from models.names import visible
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.results.determination import date_faults
from models.rounds import polls
from models.rounds.layout import SubjectName
from models.rounds.polls import PollInfo, PollState
from models.rounds.subjects import persons, subjects, subjects_of_round

WAYS = ("当面反馈", "书面送达", "机要交换", "邮寄", "归档")


class Handover(StrEnum):
    """What a sealed poll owes; the values are the keys of the kinds of documents handed over."""

    FEEDBACK = "feedback"
    CHIEF = "chief"
    ARCHIVE = "archive"

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways it may be handed over, the likeliest first: only an entry of the archive is
        filed, and a letter never is."""
        filed = WAYS[-1:]
        return filed + WAYS[:-1] if self is Handover.ARCHIVE else WAYS[:-1]


_HANDED_OVER = {
    Handover.FEEDBACK: JournalAct.HAND_FEEDBACK,
    Handover.CHIEF: JournalAct.HAND_CHIEF,
    Handover.ARCHIVE: JournalAct.HAND_ARCHIVE,
}
_TAKEN_BACK = {
    Handover.FEEDBACK: JournalAct.TAKE_BACK_FEEDBACK,
    Handover.CHIEF: JournalAct.TAKE_BACK_CHIEF,
    Handover.ARCHIVE: JournalAct.TAKE_BACK_ARCHIVE,
}


@dataclass(frozen=True)
class Delivery:
    """One result handed over. Dates are ISO text; `signed_*` are empty until signed."""

    on: str
    way: str
    signed_by: str
    signed_on: str


@dataclass(frozen=True)
class Due:
    """What a sealed poll owes to one addressee, and how it was handed over (None: not yet).
    `subject` stands for the person, and is None where it goes to the unit, `addressee` being the
    first responsible person or the unit."""

    poll: PollInfo
    kind: Handover
    subject: SubjectName | None
    addressee: str
    delivery: Delivery | None

    @property
    def owed(self) -> bool:
        """Whether it is still owed: not handed over, or a letter whose receipt is not back."""
        if self.delivery is None:
            return True
        return self.kind is not Handover.ARCHIVE and not self.delivery.signed_on


def dues(poll: PollInfo) -> list[Due]:
    """All that a poll owes, handed over or not: the letters in team order, the one to the first
    responsible person, the entries of the archive. Nothing before the poll is sealed."""
    return _dues(poll, subjects(poll.id), _rows(Row.poll == poll.id))


def dues_of_round(round_id: int) -> list[Due]:
    """The same of all polls of a round, in unit order."""
    everyone = subjects_of_round(round_id)
    of_round = Row.poll.in_(Poll.select(Poll.id).where(Poll.round == round_id))
    known = _rows(of_round)
    return [
        due
        for poll in polls.polls(round_id)
        for due in _dues(poll, everyone.get(poll.id, {}), known)
    ]


def owed(found: Sequence[Due]) -> dict[Handover, int]:
    """How many of each are still owed."""
    return {kind: sum(due.owed for due in found if due.kind is kind) for kind in Handover}


def latest(round_id: int, kind: Handover) -> Delivery | None:
    """What was entered last of this kind in a round: many are handed over on one day alike."""
    rows = Row.select().join(Poll).where((Poll.round == round_id) & (Row.kind == kind))
    row: Any = rows.order_by(Row.id.desc()).first()
    return Delivery(row.on, row.way, row.signed_by, row.signed_on) if row else None


def hand_over(
    poll_id: int,
    kind: Handover,
    subject_id: int | None,
    *,
    on: str,
    way: str,
    signed_by: str = "",
    signed_on: str = "",
) -> None:
    """Enter a result into the register; an entry made before is replaced. Raises `RefusedError`
    with everything that is wrong."""
    with writing():
        poll = polls.find_by_id(poll_id)
        due = _due(poll, kind, subject_id)
        signed_by, way = visible(signed_by), visible(way)
        faults = _faults(poll_id, on, way)
        if signed_on:
            faults += date_faults("签收日期", signed_on)
            if signed_on < on:
                faults.append(f"签收日期：{signed_on} 早于送达日期 {on}")
        if bool(signed_by) != bool(signed_on):
            faults.append("签收人和签收日期：要填就都填")
        if faults:
            raise RefusedError("\n".join(faults))
        _delete(due)
        Row.create(
            poll=poll_id,
            kind=kind,
            subject=subject_id,
            on=on,
            way=way,
            signed_by=signed_by,
            signed_on=signed_on,
        )
        signed = f"，{signed_on} 签收" if signed_on else ""
        about = f"{poll.unit_name} {due.addressee}"
        journal.record(_HANDED_OVER[kind], about, f"{on} {way}{signed}")


def hand_over_alike(found: Sequence[Due], *, on: str, way: str) -> None:
    """Enter all of `found` as handed over on one day in one way, not signed yet; all of them or,
    where one is refused (`RefusedError`), none. The journal has one entry for each unit and kind:
    a province files some hundred results on one day."""
    together: dict[tuple[int, Handover], list[Due]] = {}
    for due in found:
        together.setdefault((due.poll.id, due.kind), []).append(due)
    with writing():
        for (poll_id, kind), wanted in together.items():
            poll = polls.find_by_id(poll_id)
            _require_sealed(poll)
            if faults := _faults(poll_id, on, way):
                raise RefusedError("\n".join(faults))
            known = {(due.kind, due.subject): due for due in dues(poll)}
            for due in wanted:
                if (kind, due.subject) not in known:
                    raise RefusedError(_GONE)
                if known[kind, due.subject].delivery is not None:
                    _delete(due)
            Row.insert_many(
                {
                    "poll": poll_id,
                    "kind": kind,
                    "subject": due.subject.id if due.subject else None,
                    "on": on,
                    "way": visible(way),
                }
                for due in wanted
            ).execute()
            journal.record(
                _HANDED_OVER[kind], poll.unit_name, f"{len(wanted)} 件，{on} {visible(way)}"
            )


def take_back(poll_id: int, kind: Handover, subject_id: int | None) -> None:
    """Strike an entry out of the register; nothing happens if there is none."""
    with writing():
        poll = polls.find_by_id(poll_id)
        due = _due(poll, kind, subject_id)
        if due.delivery is not None:
            _delete(due)
            about = f"{poll.unit_name} {due.addressee}"
            journal.record(_TAKEN_BACK[kind], about, due.delivery.on)


_Key = tuple[int, str, int | None]


def _rows(condition: Any) -> dict[_Key, Delivery]:
    return {
        (row.poll_id, row.kind, row.subject_id): Delivery(
            row.on, row.way, row.signed_by, row.signed_on
        )
        for row in Row.select().where(condition)
    }


def _dues(
    poll: PollInfo,
    names: Mapping[Level, Sequence[SubjectName]],
    known: Mapping[_Key, Delivery],
) -> list[Due]:
    if poll.state is not PollState.SEALED:
        return []
    everyone = [person.subject for person in persons(names)]
    chiefs = names.get(Level.CHIEF, ())
    first = chiefs[0].name if chiefs else f"{poll.short}党组"
    wanted: list[tuple[Handover, SubjectName | None, str]] = [
        *((Handover.FEEDBACK, each, each.name) for each in everyone),
        (Handover.CHIEF, None, first),
        *((Handover.ARCHIVE, each, each.name) for each in everyone),
    ]
    return [
        Due(poll, kind, each, addressee, known.get((poll.id, kind, each.id if each else None)))
        for kind, each, addressee in wanted
    ]


_GONE = "这个送达对象已不在轮次中，请返回后重新选择。"


def _require_sealed(poll: PollInfo) -> None:
    if poll.state is not PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 还没有封存。封存以后才登记送达。")


def _faults(poll_id: int, on: str, way: str) -> list[str]:
    """What is wrong with a date and a way of delivery."""
    # Sealing is half of the program: home asks only what is owed.
    from models.seal import sealing

    sealed = sealing.in_force(poll_id)
    found = date_faults("送达日期", on, not_before=sealed.at[:10] if sealed else "")
    return found if way else [*found, "送达方式：不能为空"]


def _due(poll: PollInfo, kind: Handover, subject_id: int | None) -> Due:
    _require_sealed(poll)
    for due in dues(poll):
        if due.kind is kind and (due.subject.id if due.subject else None) == subject_id:
            return due
    raise RefusedError(_GONE)


def _delete(due: Due) -> None:
    of_subject = Row.subject.is_null() if due.subject is None else Row.subject == due.subject.id
    Row.delete().where((Row.poll == due.poll.id) & (Row.kind == due.kind) & of_subject).execute()
