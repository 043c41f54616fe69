"""Seal a poll (封存): lock it, fix its digest, and destroy the order of entry.

Sealing stores the canonical text and its SHA-256, replaces the ballots with a sorted multiset,
and adds a journal entry, all in one transaction. `models.database.erasure` then removes the order
of entry from the file. A seal can be reopened by two people who give a reason. The next seal is a
new version, and the old digest is kept.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.database import backup, erasure, journal
from models.database.journal import JournalAct
from models.database.store import Store, writing
from models.database.tables import Erasure, Poll, Seal, database
from models.entry.ballot import AlikeBallots, Ballot
from models.names import visible
from models.refusal import RefusedError, Way, fault_words
from models.rounds import life, polls, shown_counts
from models.rounds.contents import frozen_reasons
from models.rounds.plan import RoundState
from models.rounds.polls import PollState
from models.seal import canonical, facts
from models.seal.canonical import SealedStack, SealedSubject
from models.seal.facts import PollFacts, StackFacts
from models.seal.findings import Finding, judge

ROLES = ("监票人", "计票人", "唱票人", "主持人")
# A seal needs at least one person who watched the count (监票人) and one who counted (计票人).
REQUIRED_ROLES = ROLES[:2]
_GROUP = 4

_SEAL_BALLOTS = "INSERT INTO sealed_ballot (batch_id, void_reason, marks, n) VALUES (?, ?, ?, ?)"
_ORDERED = ("ballot", "draft", "second_ballot", "second_draft")


@dataclass(frozen=True)
class Teller:
    """A person who took part in the count, such as the scrutineer (监票人)."""

    role: str
    """One of `ROLES`."""
    name: str
    """The person's name."""


@dataclass(frozen=True)
class SealInfo:
    """One version of a poll's seal."""

    poll_id: int
    """Id of the poll."""
    version: int
    """Version of the seal, from 1."""
    at: str
    """When the poll was sealed, as ISO text."""
    who: str
    """Who sealed it, as named in the journal."""
    tellers: tuple[Teller, ...]
    """The people who took part in the count."""
    digest: str
    """SHA-256 of the canonical text, in hex."""
    journal_head: str
    """Digest of the seal's journal entry: SHA-256 in hex."""
    reopened_at: str
    """When the seal was reopened, as ISO text; empty while it is in force."""
    reopened_reason: str
    """Why it was reopened; empty while it is in force."""
    reopened_by: tuple[str, ...]
    """The names of the two people who reopened it; empty while it is in force."""

    @property
    def in_force(self) -> bool:
        """Whether the seal has not been reopened."""
        return not self.reopened_at


class UnsealableError(RefusedError):
    """Raised when a poll cannot be sealed; lists every reason."""

    def __init__(
        self, unit_name: str, findings: Sequence[Finding] = (), faults: Sequence[str] = ()
    ) -> None:
        self.heading = f"{unit_name} 还不能封存："
        self.findings = tuple(findings)
        """The blocking findings, in order. The caller puts them into words."""
        self.faults = tuple(faults)
        """Other reasons, as whole sentences."""
        named = [f"{each.code} {each.where}" for each in findings]
        super().__init__("\n".join((self.heading, *named, *faults)))


def groups_of(digest: str) -> tuple[str, ...]:
    """Split a digest into 16 groups of 4 characters, as people compare it."""
    return tuple(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))


def seals(poll_id: int) -> tuple[SealInfo, ...]:
    """Return all versions of a poll's seal, oldest first."""
    return tuple(_info(row) for row in _rows(poll_id))


def in_force(poll_id: int) -> SealInfo | None:
    """Return the poll's seal that is in force, or None."""
    return next((each for each in reversed(seals(poll_id)) if each.in_force), None)


def sealed_text(poll_id: int) -> bytes:
    """The canonical text of the seal in force, whose SHA-256 is its digest; empty without one, or
    where it cannot be read."""
    row = Seal.get_or_none((Seal.poll == poll_id) & (Seal.reopened_at == ""))
    try:
        return zlib.decompress(bytes(row.canonical)) if row else b""
    except zlib.error:
        return b""


def write_text(poll_id: int, target: Path) -> None:
    """Write the sealed text of a poll to a new file (0600), and say so in the journal: it holds
    every ballot by group. Raises `RefusedError`."""
    poll, held = polls.find_by_id(poll_id), in_force(poll_id)
    if held is None:
        raise RefusedError(f"{poll.unit_name} 还没有封存，没有封存文本。")
    text = sealed_text(poll_id)
    if not text:
        raise RefusedError(f"{poll.unit_name} 的封存文本读不出来，没有写。", Way.RECOUNT)
    try:
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            target.unlink(missing_ok=True)  # half a text would be taken for a whole one
            raise
    except FileExistsError as error:
        raise RefusedError(f"{target} 已经存在，没有覆盖。请换个文件名。") from error
    except OSError as error:
        raise RefusedError(f"没有写成 {target}（{fault_words(error)}）。") from error
    with writing():
        detail = f"第 {held.version} 版，{target}"
        journal.record(JournalAct.WRITE_SEALED_TEXT, poll.unit_name, detail)


def seal(poll_id: int, tellers: Sequence[Teller], store: Store) -> SealInfo:
    """Seal a poll and erase its order of entry from the file of the open `store`.

    Raises `UnsealableError` with every reason if the poll cannot be sealed, and `RefusedError` in
    a rehearsal; nothing is changed then.
    """
    if store.rehearsal:
        raise RefusedError("这是演练，不能封存：演练到票数平衡为止，退出时全部抹掉。")
    found = facts.read(poll_id)
    poll = found.poll
    tellers = [Teller(each.role, visible(each.name)) for each in tellers if visible(each.name)]
    _require_sealable(found, tellers)
    backup.make(store.path, "封存前")
    erasure.overwrite_deleted()
    with writing():
        if poll.state is PollState.ENTRY:
            _drop_order(found)
        version = _rows(poll_id).count() + 1
        named = [(teller.role, teller.name) for teller in tellers]
        text = _text(found, version, named)
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
            canonical=zlib.compress(text.encode()),
            digest=digest,
            journal_head=entry.digest,
        )
        _prove(row.id)
        Poll.update(state=PollState.SEALED).where(Poll.id == poll_id).execute()
        shown_counts.drop(poll_id)
        Erasure.insert(poll=poll_id).on_conflict_ignore().execute()
    erasure.finish(store)
    return _info(row)


def reopen(poll_id: int, reason: str, names: Sequence[str]) -> None:
    """Reopen a sealed poll for correction.

    Raises `RefusedError` if the poll is not sealed, if the round is no longer open, or if the
    reason or two different names are missing.
    """
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
        shown_counts.keep_sealed(poll_id)


def confirm_paper(poll_id: int, typed: Mapping[int, str]) -> None:
    """Check the digest on the signed paper report (核对纸质报告单) against the seal in force.

    `typed` maps the number of a digest group (from 0) to the four characters typed from the
    paper. A match is recorded in the journal. Raises `RefusedError` if any group differs, if none
    was typed, or if the poll has no seal in force.
    """
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
    """Return when the signed report was last checked against the digest in force.

    ISO text; empty if it was never checked.
    """
    held = in_force(poll_id)
    if held is None:
        return ""
    poll = polls.find_by_id(poll_id)
    found = journal.last(JournalAct.CONFIRM_PAPER, poll.unit_name, f"第 {held.version} 版")
    return found.at if found else ""


def _require_sealable(found: PollFacts, tellers: Sequence[Teller]) -> None:
    name, info = found.poll.unit_name, found.round
    if found.poll.state is PollState.SEALED:
        raise UnsealableError(name, faults=["已经封存。要更正，先重新开封。"])
    if info.state is not RoundState.OPEN:
        raise UnsealableError(name, faults=[f"轮次“{info.title}”在{info.state.label}中。"])
    blocking = [each for each in judge(found) if each.blocking]
    faults = []
    strange = [each.role for each in tellers if each.role not in ROLES]
    if strange:
        faults.append(f"没有“{strange[0]}”这一分工，应为 {'、'.join(ROLES)} 之一。")
    faults += [
        f"没有{role}的姓名：至少一人。"
        for role in REQUIRED_ROLES
        if role not in {each.role for each in tellers}
    ]
    if blocking or faults:
        raise UnsealableError(name, blocking, faults)


def _text(found: PollFacts, version: int, tellers: Sequence[tuple[str, str]]) -> str:
    # By level and id, not in team order, which `recount.sealed_texts` then need not know.
    sheets = sorted(found.sheets, key=lambda each: (each.layout.level, each.sheet_id))
    subjects = [
        SealedSubject(sheet.sheet_id, int(sheet.layout.level), each.name, each.post, each.cadre_id)
        for sheet in sheets
        for each in sheet.layout.subjects
    ]
    return canonical.text(
        found.round,
        found.contents,
        found.poll,
        version,
        tellers,
        subjects,
        frozen_reasons(found.round.id),
        [_sealed(each) for each in found.stacks],
    )


def _drop_order(found: PollFacts) -> None:
    """Put the ballots of a poll as a sorted multiset in the place of those in order."""
    rows = _sorted_ballots(found)
    database.connection().executemany(_SEAL_BALLOTS, rows)
    for table in _ORDERED:
        gone = database.execute_sql(
            f"DELETE FROM {table} WHERE batch_id IN (SELECT b.id FROM batch b "  # noqa: S608 - a constant
            "JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?)",
            (found.poll.id,),
        ).rowcount
        if table == "ballot" and gone != sum(row[-1] for row in rows):
            raise RefusedError(f"{found.poll.unit_name} 的票刚才变了，没有封存。请再封存一次。")


def _sorted_ballots(found: PollFacts) -> list[tuple[int, int, str, int]]:
    """The rows of `sealed_ballot`. They go in sorted, so that nothing is left of the order."""
    return [
        (each.stack.stack_id, ballot.void_reason, ballot.marks, n)
        for each in sorted(found.stacks, key=lambda of: of.stack.stack_id)
        for ballot, n in each.ballots
    ]


def _sealed(each: StackFacts) -> SealedStack:
    seen = each.verification
    keyers = (seen.first_keyers, seen.second_keyers, seen.third_keyers)
    return SealedStack(
        each.stack,
        each.ballots,
        tuple((number, who) for number, names in enumerate(keyers, 1) for who in names),
        (
            int(seen.agreed),
            seen.compared,
            seen.first_wrong,
            seen.second_wrong,
            seen.changed,
            seen.missing,
            seen.extra,
        ),
    )


def sealed_ballots(stack_id: int) -> list[AlikeBallots]:
    """Return the ballots of a stack in a sealed poll, sorted by void reason and marks."""
    rows = database.execute_sql(
        "SELECT marks, void_reason, n FROM sealed_ballot WHERE batch_id = ? "
        "ORDER BY void_reason, marks",
        (stack_id,),
    )
    return [AlikeBallots(Ballot(marks, reason), n) for marks, reason, n in rows.fetchall()]


def _rows(poll_id: int) -> Any:
    return Seal.select().where(Seal.poll == poll_id).order_by(Seal.version)


def _prove(seal_id: int) -> None:
    """Store a SHA-256 over all fields of a seal's row, so that any later change is detected."""
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
    # Imported here because it takes 2 ms and only sealing needs it.
    import hashlib

    return hashlib.sha256(content).hexdigest()
