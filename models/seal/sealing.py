"""封存: a poll is locked, its digest fixed, its order of entry destroyed.

Sealing writes the canonical text and its SHA-256, replaces the ballots by their sorted multiset
and enters the journal, all in one transaction; `models.database.erasure` then takes the order
out of the file. A seal can be opened again for a reason under two names; the next one is a new
version, and the old digest stays.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.database import backup, erasure, journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import Erasure, Poll, Seal, Subject, database
from models.names import visible
from models.refusal import RefusedError
from models.rounds import life, polls
from models.rounds.contents import frozen_contents
from models.rounds.plan import RoundState
from models.rounds.polls import PollInfo, PollState
from models.rounds.stacks import stacks
from models.seal import canonical, findings
from models.seal.canonical import SealedSheet, SealedStack

ROLES = ("监票人", "计票人", "唱票人", "主持人")
# Without these two nobody watched and nobody counted.
REQUIRED_ROLES = ROLES[:2]
_GROUP = 4

_SEAL_BALLOTS = """
INSERT INTO sealed_ballot (batch_id, void_reason, marks, n)
SELECT batch_id, void_reason, marks, count(*) FROM ballot
WHERE batch_id IN (SELECT b.id FROM batch b JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?)
GROUP BY batch_id, void_reason, marks ORDER BY batch_id, void_reason, marks
"""
_ORDERED = ("ballot", "draft", "second_ballot", "second_draft")


@dataclass(frozen=True)
class Teller:
    """监票人, 计票人 …: who watched or counted, by role and name."""

    role: str
    name: str


@dataclass(frozen=True)
class SealInfo:
    """One version of a poll's seal. Times are ISO text; `digest` and `journal_head` are SHA-256
    in hex; `reopened_*` are empty while the seal is in force."""

    poll_id: int
    version: int
    at: str
    who: str
    tellers: tuple[Teller, ...]
    digest: str
    journal_head: str
    reopened_at: str
    reopened_reason: str
    reopened_by: tuple[str, ...]

    @property
    def in_force(self) -> bool:
        """Whether it was not opened again."""
        return not self.reopened_at


def groups_of(digest: str) -> tuple[str, ...]:
    """A digest as people compare it: 16 groups of 4."""
    return tuple(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))


def seals(poll_id: int) -> tuple[SealInfo, ...]:
    """All versions of a poll's seal, the oldest first."""
    return tuple(_info(row) for row in _rows(poll_id))


def in_force(poll_id: int) -> SealInfo | None:
    """The seal that holds now, if there is one."""
    return next((each for each in reversed(seals(poll_id)) if each.in_force), None)


def seal(poll_id: int, tellers: Sequence[Teller], database_file: Path) -> SealInfo:
    """Seal a poll and take its order of entry out of the file. Raises `RefusedError` with
    everything that is missing; nothing is changed then."""
    poll = polls.find_by_id(poll_id)
    tellers = [Teller(each.role, visible(each.name)) for each in tellers if visible(each.name)]
    faults = _missing(poll, tellers)
    if faults:
        raise RefusedError(f"{poll.unit_name} 还不能封存：\n" + "\n".join(faults))
    backup.make(database_file, "封存前")
    erasure.overwrite_deleted()
    with writing():
        if poll.state is PollState.ENTRY:
            database.execute_sql(_SEAL_BALLOTS, (poll_id,))
            for table in _ORDERED:
                database.execute_sql(
                    f"DELETE FROM {table} WHERE batch_id IN (SELECT b.id FROM batch b "  # noqa: S608 - a constant
                    "JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?)",
                    (poll_id,),
                )
        version = len(seals(poll_id)) + 1
        named = [(teller.role, teller.name) for teller in tellers]
        text = _text(poll, version, named)
        digest = _sha256(text.encode())
        names = "，".join(f"{role} {name}" for role, name in named)
        entry = journal.record(
            JournalAct.SEAL, poll.unit_name, f"第 {version} 版，摘要 {digest}，{names}"
        )
        row = Seal.create(
            poll=poll_id,
            version=version,
            at=entry.at,
            who=entry.who,
            tellers=_json(named),
            canonical=zlib.compress(text.encode(), 9),
            digest=digest,
            journal_head=entry.digest,
        )
        _prove(row.id)
        Poll.update(state=PollState.SEALED).where(Poll.id == poll_id).execute()
        Erasure.insert(poll=poll_id).on_conflict_ignore().execute()
    erasure.finish(database_file)
    return seals(poll_id)[-1]


def reopen(poll_id: int, reason: str, names: Sequence[str]) -> None:
    """Open a sealed poll for correction. Raises `RefusedError` unless there are a reason and two
    different names, and the round is still open."""
    reason, people = visible(reason), tuple(visible(name) for name in names)
    with writing():
        poll = polls.find_by_id(poll_id)
        held = in_force(poll_id)
        if held is None or poll.state is not PollState.SEALED:
            raise RefusedError(f"{poll.unit_name} 没有封存，不用重新开封。")
        if life.find_by_id(poll.round_id).state is not RoundState.OPEN:
            raise RefusedError("轮次已办结，不能再重新开封。")
        if not reason:
            raise RefusedError("重新开封要写明理由。")
        if len(people) != 2 or not all(people) or people[0] == people[1]:
            raise RefusedError("重新开封要有两个人的姓名，且不是同一人。")
        entry = journal.record(
            JournalAct.REOPEN,
            poll.unit_name,
            f"第 {held.version} 版，理由：{reason}，{'、'.join(people)}",
        )
        own = (Seal.poll == poll_id) & (Seal.version == held.version)
        Seal.update(reopened_at=entry.at, reopened_reason=reason, reopened_by=_json(people)).where(
            own
        ).execute()
        _prove(Seal.get(own).id)
        Poll.update(state=PollState.REOPENED).where(Poll.id == poll_id).execute()


def confirm_paper(poll_id: int, typed: Mapping[int, str]) -> None:
    """核对纸质报告单: hold groups of the digest, typed from the signed paper, against the seal in
    force. `typed` maps a group's number (from 0) to its four signs. Raises `RefusedError` where
    they differ."""
    held = in_force(poll_id)
    poll = polls.find_by_id(poll_id)
    if held is None:
        raise RefusedError(f"{poll.unit_name} 没有封存，没有摘要可核对。")
    groups = groups_of(held.digest)
    wrong = [number + 1 for number, text in typed.items() if text.strip().lower() != groups[number]]
    if wrong or not typed:
        places = "、".join(f"第 {number} 组" for number in wrong)
        raise RefusedError(
            f"纸质报告单上的摘要与本机不同：{places}。请再看一遍纸面；"
            "确实不同的，报告单不是这一版封存的，应查明。"
        )
    with writing():
        journal.record(
            JournalAct.CONFIRM_PAPER,
            poll.unit_name,
            f"第 {held.version} 版，摘要与签字的报告单一致",
        )


def paper_confirmed(poll_id: int) -> str:
    """When the signed report was last found to bear the digest in force (ISO); empty if never."""
    held = in_force(poll_id)
    if held is None:
        return ""
    poll = polls.find_by_id(poll_id)
    found = journal.last(JournalAct.CONFIRM_PAPER, poll.unit_name, f"第 {held.version} 版")
    return found.at if found else ""


def _missing(poll: PollInfo, tellers: Sequence[Teller]) -> list[str]:
    if poll.state is PollState.SEALED:
        return ["已经封存。要更正，先重新开封。"]
    info = life.find_by_id(poll.round_id)
    if info.state is not RoundState.OPEN:
        return [f"轮次“{info.title}”在{info.state.label}中。"]
    faults = [
        f"{found.code} {found.where}：{found.what}。{found.action}"
        for found in findings.findings(poll.id)
        if found.blocking
    ]
    strange = [each.role for each in tellers if each.role not in ROLES]
    if strange:
        faults.append(f"没有“{strange[0]}”这一分工，应为 {'、'.join(ROLES)} 之一。")
    faults += [
        f"没有{role}的姓名：至少一人。"
        for role in REQUIRED_ROLES
        if role not in {each.role for each in tellers}
    ]
    return faults


def _text(poll: PollInfo, version: int, tellers: Sequence[tuple[str, str]]) -> str:
    info = life.find_by_id(poll.round_id)
    named: Any = (
        Subject.select(Subject.sheet, Subject.level, Subject.name, Subject.post)
        .where(Subject.poll == poll.id)
        .order_by(Subject.level, Subject.sheet, Subject.position)
        .tuples()
    )
    sealed = [
        SealedStack(
            stack,
            tuple(contents(stack.batch_id)),
            tuple(_tuples("SELECT number, who FROM keyer WHERE batch_id = ? ORDER BY 1, 2", stack)),
            next(iter(_tuples(_VERIFIED, stack)), (0,) * 7),
        )
        for stack in stacks(poll.id)
    ]
    return canonical.text(info, frozen_contents(info.id), poll, version, tellers, named, sealed)


_VERIFIED = """
SELECT agreed, compared, first_wrong, second_wrong, changed, missing, extra
FROM verification WHERE batch_id = ?
"""


def contents(batch_id: int) -> list[SealedSheet]:
    """What a stack of a poll that was sealed holds, sorted."""
    rows = database.execute_sql(
        "SELECT marks, void_reason, n FROM sealed_ballot WHERE batch_id = ? "
        "ORDER BY void_reason, marks",
        (batch_id,),
    )
    return [SealedSheet(*row) for row in rows.fetchall()]


def _tuples(sql: str, stack: Any) -> list[tuple[Any, ...]]:
    return list(database.execute_sql(sql, (stack.batch_id,)).fetchall())


def _rows(poll_id: int) -> Any:
    return Seal.select().where(Seal.poll == poll_id).order_by(Seal.version)


def _prove(seal_id: int) -> None:
    """Bind all fields of a seal's row together, so that a change of any is found."""
    row: Any = Seal.get_by_id(seal_id)
    fields = (
        row.id,
        row.poll_id,
        row.version,
        row.at,
        row.who,
        row.tellers,
        _sha256(bytes(row.canonical)),
        row.digest,
        row.journal_head,
        row.reopened_at,
        row.reopened_reason,
        row.reopened_by,
    )
    Seal.update(proof=_sha256(_json(fields).encode())).where(Seal.id == seal_id).execute()


def _info(row: Any) -> SealInfo:
    return SealInfo(
        poll_id=row.poll_id,
        version=row.version,
        at=row.at,
        who=row.who,
        tellers=tuple(Teller(role, name) for role, name in json.loads(row.tellers)),
        digest=row.digest,
        journal_head=row.journal_head,
        reopened_at=row.reopened_at,
        reopened_reason=row.reopened_reason,
        reopened_by=tuple(json.loads(row.reopened_by or "[]")),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sha256(content: bytes) -> str:
    # Costs 2 ms to import; only a seal needs it.
    import hashlib

    return hashlib.sha256(content).hexdigest()
