"""The delivery register (送达登记): who received which result, when, how, and what is still due.

The regulation (clause 五、2) requires three things after every sealed poll: feedback to each
person evaluated, feedback to the first responsible person (第一责任人), and filing each person's
result in the integrity archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.database import journal, proof
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
    """The kinds of delivery due after a sealed poll; the values are keys of document kinds."""

    FEEDBACK = "feedback"
    CHIEF = "chief"
    ARCHIVE = "archive"

    @property
    def ways(self) -> tuple[str, ...]:
        """The possible ways of delivery, most likely first. Only archive entries can be filed."""
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
    """One entry in the register."""

    on: str
    """Date of delivery, as ISO text."""
    way: str
    """Way of delivery, usually one of `WAYS`."""
    signed_by: str
    """Who signed the receipt; empty until it is signed."""
    signed_on: str
    """Date of the receipt, as ISO text; empty until it is signed."""


@dataclass(frozen=True)
class Due:
    """A delivery due to one addressee after a sealed poll, whether or not it has been made."""

    poll: PollInfo
    """The poll."""
    kind: Handover
    """What is due."""
    subject: SubjectName | None
    """The person it concerns; None if it goes to the unit."""
    addressee: str
    """Name of the person; for a unit, its first responsible person or else its party group."""
    delivery: Delivery | None
    """The entry in the register; None if it has not been delivered."""

    @property
    def owed(self) -> bool:
        """Whether it is outstanding: not delivered, or a letter without a signed receipt."""
        if self.delivery is None:
            return True
        return self.kind is not Handover.ARCHIVE and not self.delivery.signed_on


def dues(poll: PollInfo) -> list[Due]:
    """Return everything due after a poll, delivered or not; empty until the poll is sealed.

    First the letters to each person in team order, then the letter to the first responsible
    person, then the archive entries.
    """
    return _dues(poll, subjects(poll.id), _rows(Row.poll == poll.id))


def dues_of_round(round_id: int) -> list[Due]:
    """Return everything due for all polls of a round, in unit order; see `dues`."""
    everyone = subjects_of_round(round_id)
    of_round = Row.poll.in_(Poll.select(Poll.id).where(Poll.round == round_id))
    known = _rows(of_round)
    return [
        due
        for poll in polls.polls(round_id)
        for due in _dues(poll, everyone.get(poll.id, {}), known)
    ]


def owed(found: Sequence[Due]) -> dict[Handover, int]:
    """Count the outstanding deliveries of each kind."""
    return {kind: sum(due.owed for due in found if due.kind is kind) for kind in Handover}


def latest(round_id: int, kind: Handover) -> Delivery | None:
    """Return the last delivery of a kind entered in a round, or None.

    It serves as a default, because many deliveries are made on one day in the same way.
    """
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
    """Enter a delivery in the register, replacing an earlier entry.

    `on` and `signed_on` are ISO dates. Raises `RefusedError` with every fault found, if the poll
    is not sealed, or if nothing of this kind is due to the subject.
    """
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
        key = proof.delivery_key(poll_id, kind, subject_id)
        mark = proof.mark("送达", key, on, way, signed_by, signed_on)
        journal.record(_HANDED_OVER[kind], about, f"{on} {way}{signed}{mark}")


def hand_over_alike(found: Sequence[Due], *, on: str, way: str) -> None:
    """Enter all of `found` as delivered on one day in one way, without receipts.

    Enters all or none. Raises `RefusedError` if any of them is refused. The journal gets one
    entry per unit and kind, because a province may file several hundred results on one day.
    """
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
            marks = "".join(
                proof.mark("送达", _key(due), on, visible(way), "", "") for due in wanted
            )
            journal.record(
                _HANDED_OVER[kind], poll.unit_name, f"{len(wanted)} 件，{on} {visible(way)}{marks}"
            )


def take_back(poll_id: int, kind: Handover, subject_id: int | None) -> None:
    """Remove an entry from the register; does nothing if there is none.

    Raises `RefusedError` if the poll is not sealed or the subject is no longer in it.
    """
    with writing():
        poll = polls.find_by_id(poll_id)
        due = _due(poll, kind, subject_id)
        if due.delivery is not None:
            _delete(due)
            about = f"{poll.unit_name} {due.addressee}"
            mark = proof.gone("送达", _key(due))
            journal.record(_TAKEN_BACK[kind], about, f"{due.delivery.on}{mark}")


def _key(due: Due) -> str:
    return proof.delivery_key(due.poll.id, due.kind, due.subject.id if due.subject else None)


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
    """Return what is wrong with the date and way of a delivery."""
    # Imported here because sealing loads half of the program, and the home screen only lists dues.
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
