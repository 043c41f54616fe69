"""The delivery register (送达登记): who received which result, when, how, and what is still due.

The regulation (clause 五、2) requires three things after every sealed poll: feedback to each
person evaluated, feedback to the first responsible person (第一责任人), and filing each person's
result in the integrity archive. What was handed over before a correction that changed the result
stays in the register (更正前), and is due again.
"""

from __future__ import annotations

from collections import Counter
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
from models.results.corrected import SealVersions, SubjectKey, seal_versions
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
    """The entry in the register; None if the result of now has not been delivered."""
    before: Delivery | None = None
    """The last entry of before a correction that changed the result; None if there is none."""
    version: int = 0
    """The version of the seal that the entry rests on, or would rest on."""
    not_before: str = ""
    """The day, as ISO text, on which the result of now was first sealed; empty without a seal."""
    since: int = 0
    """The version of the seal with which the result of now began."""

    @property
    def owed(self) -> bool:
        """Whether it is outstanding: not delivered, or a letter without a signed receipt."""
        if self.delivery is None:
            return True
        return self.kind is not Handover.ARCHIVE and not self.delivery.signed_on

    @property
    def again(self) -> bool:
        """Whether it is due again, because a correction changed what was delivered."""
        return self.delivery is None and self.before is not None


def dues(poll: PollInfo) -> list[Due]:
    """Return everything due after a poll, delivered or not; empty until the poll is sealed.

    First the letters to each person in team order, then the letter to the first responsible
    person, then the archive entries.
    """
    versions = seal_versions([poll.id]).get(poll.id, SealVersions())
    return _dues(poll, subjects(poll.id), _rows(Row.poll == poll.id), versions)


def dues_of_round(round_id: int) -> list[Due]:
    """Return everything due for all polls of a round, in unit order; see `dues`."""
    everyone = subjects_of_round(round_id)
    of_round = Row.poll.in_(Poll.select(Poll.id).where(Poll.round == round_id))
    known, here = _rows(of_round), polls.polls(round_id)
    sealed = seal_versions([poll.id for poll in here])
    return [
        due
        for poll in here
        for due in _dues(
            poll, everyone.get(poll.id, {}), known, sealed.get(poll.id, SealVersions())
        )
    ]


def owed(found: Sequence[Due]) -> dict[Handover, int]:
    """Count the outstanding deliveries of each kind."""
    return {kind: sum(due.owed for due in found if due.kind is kind) for kind in Handover}


def owed_again(found: Sequence[Due]) -> int:
    """Count what a correction made due again."""
    return sum(due.again for due in found)


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
    """Enter a delivery in the register, replacing an earlier entry of the same result.

    `on` and `signed_on` are ISO dates. Raises `RefusedError` with every fault found, if the poll
    is not sealed, or if nothing of this kind is due to the subject.
    """
    with writing():
        poll = polls.find_by_id(poll_id)
        due = _due(poll, kind, subject_id)
        signed_by, way = visible(signed_by), visible(way)
        faults = _faults(due, on, way)
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
            seal_version=due.version,
        )
        signed = f"，{signed_on} 签收" if signed_on else ""
        about = f"{poll.unit_name} {due.addressee}"
        mark = proof.mark("送达", _key(due), on, way, signed_by, signed_on)
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
            known = {(due.kind, due.subject): due for due in dues(poll)}
            if any((kind, due.subject) not in known for due in wanted):
                raise RefusedError(_GONE)
            wanted = [known[kind, due.subject] for due in wanted]
            if faults := [fault for due in wanted for fault in _faults(due, on, way)]:
                raise RefusedError("\n".join(dict.fromkeys(faults)))
            for due in wanted:
                _delete(due)
            Row.insert_many(
                {
                    "poll": poll_id,
                    "kind": kind,
                    "subject": due.subject.id if due.subject else None,
                    "on": on,
                    "way": visible(way),
                    "seal_version": due.version,
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
    subject_id = due.subject.id if due.subject else None
    return proof.delivery_key(due.poll.id, due.kind, subject_id, due.version)


_Key = tuple[int, str, int | None]


def _rows(condition: Any) -> dict[_Key, dict[int, Delivery]]:
    """The entries of each addressee by the version of the seal, oldest first."""
    found: dict[_Key, dict[int, Delivery]] = {}
    for row in Row.select().where(condition).order_by(Row.seal_version):
        entry = Delivery(row.on, row.way, row.signed_by, row.signed_on)
        found.setdefault((row.poll_id, row.kind, row.subject_id), {})[row.seal_version] = entry
    return found


def _dues(
    poll: PollInfo,
    names: Mapping[Level, Sequence[SubjectName]],
    known: Mapping[_Key, Mapping[int, Delivery]],
    versions: SealVersions,
) -> list[Due]:
    if poll.state is not PollState.SEALED:
        return []
    keys = _subject_keys(names)
    chiefs = names.get(Level.CHIEF, ())
    first = chiefs[0].name if chiefs else f"{poll.short}党组"
    letters: list[Due] = []
    entries: list[Due] = []
    for person in persons(names):
        who = person.subject
        since = versions.since([keys[each.id] for _, each in person.levels])
        for kind, found in ((Handover.FEEDBACK, letters), (Handover.ARCHIVE, entries)):
            entered = known.get((poll.id, kind, who.id), {})
            found.append(_due_of(poll, kind, who, who.name, entered, versions, since))
    entered = known.get((poll.id, Handover.CHIEF, None), {})
    whole = versions.since(None)
    chief = _due_of(poll, Handover.CHIEF, None, first, entered, versions, whole)
    return [*letters, chief, *entries]


def _due_of(
    poll: PollInfo,
    kind: Handover,
    subject: SubjectName | None,
    addressee: str,
    entered: Mapping[int, Delivery],
    versions: SealVersions,
    since: int,
) -> Due:
    """One delivery; entries of a version before `since` were of another result."""
    mine = [version for version in entered if version >= since]
    former = [version for version in entered if version < since]
    return Due(
        poll,
        kind,
        subject,
        addressee,
        entered[mine[-1]] if mine else None,
        entered[former[-1]] if former else None,
        mine[-1] if mine else versions.current,
        versions.day(since),
        since,
    )


def _subject_keys(names: Mapping[Level, Sequence[SubjectName]]) -> dict[int, SubjectKey]:
    """How a sealed text names each subject, by subject id."""
    seen: Counter[tuple[int, str]] = Counter()
    found: dict[int, SubjectKey] = {}
    for level, subjects_here in names.items():
        for each in subjects_here:
            who = (int(level), f"{each.name} {each.post}".strip())
            seen[who] += 1
            found[each.id] = (*who, seen[who])
    return found


_GONE = "这个送达对象已不在轮次中，请返回后重新选择。"


def _require_sealed(poll: PollInfo) -> None:
    if poll.state is not PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 还没有封存。封存以后才登记送达。")


def _faults(due: Due, on: str, way: str) -> list[str]:
    """Return what is wrong with the date and way of a delivery."""
    found = date_faults("送达日期", on, not_before=due.not_before, limit="封存日期")
    return found if way else [*found, "送达方式：不能为空"]


def _due(poll: PollInfo, kind: Handover, subject_id: int | None) -> Due:
    _require_sealed(poll)
    for due in dues(poll):
        if due.kind is kind and (due.subject.id if due.subject else None) == subject_id:
            return due
    raise RefusedError(_GONE)


def _delete(due: Due) -> None:
    of_subject = Row.subject.is_null() if due.subject is None else Row.subject == due.subject.id
    of_result = (Row.kind == due.kind) & (Row.seal_version == due.version)
    Row.delete().where((Row.poll == due.poll.id) & of_result & of_subject).execute()
