"""单位测评: one unit within a round — its subjects, sheets, paper and stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from models import journal, rounds
from models.accounting import Balance, returned_refusal
from models.arrangement import arrange, remove_sheet
from models.names import visible
from models.refusal import RefusedError
from models.regulation import Level
from models.rounds import RoundState
from models.store import writing
from models.subjects import propose
from models.tables import (
    Ballot,
    Batch,
    Draft,
    Entered,
    Issue,
    Poll,
    Sheet,
    Subject,
    Unit,
    VoterGroup,
    database,
)


class PollState(IntEnum):
    """A poll's life within an open round."""

    ENTRY = 1
    VERIFIED = 2
    SEALED = 3

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return ("", "录入", "复核", "封存")[self]


@dataclass(frozen=True)
class PollInfo:
    """One unit's evaluation. `date` is ISO text or empty; `expected` and `present` are people."""

    id: int
    round_id: int
    unit_id: int
    unit_name: str
    unit_short_name: str
    date: str
    place: str
    expected: int
    present: int
    state: PollState

    @property
    def short(self) -> str:
        """The unit's short name, or its full one."""
        return self.unit_short_name or self.unit_name


@dataclass(frozen=True)
class Stack:
    """票批 and how far it is keyed. `subject` names the person of a one-person sheet; `drafted`
    says that a half-keyed ballot waits; `last` that no further stack of its kind follows."""

    batch_id: int
    sheet_id: int
    level: Level
    group: rounds.Group
    subject: str
    number: int
    issued: int
    returned: int
    valid: int
    void: int
    drafted: bool
    last: bool

    @property
    def balance(self) -> Balance:
        """The stack's paper; handed-out paper counts with the last stack of its kind."""
        return Balance(self.issued if self.last else 0, self.returned, self.valid, self.void)


def add_polls(round_id: int, unit_ids: list[int]) -> list[int]:
    """Take units into a round that is not closed, with subjects proposed from the roster. Gives
    the polls' ids in the same order; a unit that is in already is refused."""
    with writing():
        info = rounds.find_by_id(round_id)
        if info.state is RoundState.CLOSED:
            raise RefusedError(f"轮次“{info.title}”已办结，不能再加单位。")
        made = []
        for unit_id in unit_ids:
            unit = Unit.get_by_id(unit_id)
            taken = (Poll.round == round_id) & (Poll.unit == unit_id)
            if Poll.select().where(taken).exists():
                raise RefusedError(f"{unit.name} 已在轮次“{info.title}”中。")
            poll = Poll.create(
                round=round_id, unit=unit_id, unit_name=unit.name, unit_short_name=unit.short_name
            )
            for level, subjects in propose(unit_id, unit.name).items():
                _write_subjects(poll.id, level, [(s.cadre_id, s.name, s.post) for s in subjects])
            arrange(poll.id, info.rules.member_sheet)
            made.append(int(poll.id))
        journal.record("加入单位", info.title, f"{len(made)} 个单位")
    return made


def remove_poll(poll_id: int) -> None:
    """Take a unit out of its round; refused once a ballot of it is keyed."""
    with writing():
        poll = find_by_id(poll_id)
        _require_no_ballots(poll)
        for sheet_id in {stack.sheet_id for stack in stacks(poll_id)}:
            remove_sheet(sheet_id)
        Poll.delete().where(Poll.id == poll_id).execute()
        journal.record("移出单位", poll.unit_name)


def polls(round_id: int) -> list[PollInfo]:
    """The polls of a round, in the order of the unit tree."""
    query = (
        Poll.select(Poll).join(Unit).where(Poll.round == round_id).order_by(Unit.position, Poll.id)
    )
    return [_info(row) for row in query]


def find_by_id(poll_id: int) -> PollInfo:
    """One poll. Raises `RefusedError` if it is gone."""
    row = Poll.get_or_none(Poll.id == poll_id)
    if row is None:
        raise RefusedError("这个单位已不在轮次中。")
    return _info(row)


def find(round_id: int, unit: str) -> PollInfo:
    """The poll of the unit with this full or short name. Raises `RefusedError`, naming those
    there are."""
    wanted = visible(unit)
    all_polls = polls(round_id)
    found = [poll for poll in all_polls if poll.unit_name == wanted] or [
        poll for poll in all_polls if poll.unit_short_name == wanted
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(poll.unit_name for poll in found)
        raise RefusedError(f"“{wanted}”不止一个单位：{names}。请用全称。")
    names = "、".join(poll.short for poll in all_polls[:12]) or "还没有单位"
    more = " 等" if len(all_polls) > 12 else ""
    raise RefusedError(f"本轮次没有单位“{wanted}”。现有：{names}{more}。")


def change_poll(poll_id: int, *, date: str, place: str, expected: int, present: int) -> None:
    """Record when and where the unit voted and how many people were expected and present."""
    if present > expected:
        raise RefusedError(f"实到 {present} 人多于应到 {expected} 人，请核对。")
    with writing():
        poll = find_by_id(poll_id)
        _require_unsealed(poll)
        Poll.update(date=date, place=visible(place), expected=expected, present=present).where(
            Poll.id == poll_id
        ).execute()
        journal.record("登记测评", poll.unit_name, f"应到 {expected} 人，实到 {present} 人")


def change_subjects(
    poll_id: int, level: Level, subjects: list[tuple[int | None, str, str]]
) -> None:
    """Replace the subjects (cadre id or None, name, post) of one level, in printed order.

    Refused once a ballot of the poll is keyed: the printed order would no longer be the paper's.
    """
    with writing():
        poll = find_by_id(poll_id)
        _require_no_ballots(poll)
        _write_subjects(poll_id, level, subjects)
        arrange(poll_id, rounds.find_by_id(poll.round_id).rules.member_sheet)
        journal.record("修改被测评对象", poll.unit_name, f"{len(subjects)} 个")


def stacks(poll_id: int) -> list[Stack]:
    """All stacks of a poll: by level, sheet, voter group, number."""
    return [stack for _, stack in _stack_rows("s.poll_id = ?", poll_id)]


def stacks_of_round(round_id: int) -> dict[int, list[Stack]]:
    """All stacks of a round, by poll: one query for the whole home screen."""
    found: dict[int, list[Stack]] = {}
    for poll_id, stack in _stack_rows(
        "s.poll_id IN (SELECT id FROM poll WHERE round_id = ?)", round_id
    ):
        found.setdefault(poll_id, []).append(stack)
    return found


def find_stack(batch_id: int) -> Stack:
    """One stack. Raises `RefusedError` if it is gone."""
    for _, stack in _stack_rows("s.id = (SELECT sheet_id FROM batch WHERE id = ?)", batch_id):
        if stack.batch_id == batch_id:
            return stack
    raise RefusedError("这一批票已不存在。")


def set_issued(sheet_id: int, group_id: int, issued: int) -> None:
    """Record paper handed out. Refused if it is less than what came back."""
    with writing():
        poll = _poll_of_sheet(sheet_id)
        _require_unsealed(poll)
        back = sum(
            row.returned
            for row in Batch.select().where((Batch.sheet == sheet_id) & (Batch.group == group_id))
        )
        if fault := returned_refusal(issued, back, 0):
            raise RefusedError(fault)
        changed = (
            Issue.update(issued=issued)
            .where((Issue.sheet == sheet_id) & (Issue.group == group_id) & (Issue.issued != issued))
            .execute()
        )
        if changed:
            journal.record("登记发出票数", _paper_name(poll, sheet_id, group_id), f"{issued} 张")


def set_returned(batch_id: int, returned: int) -> None:
    """Record paper returned in one stack. Refused if the poll's returned paper would exceed what
    was handed out, or be less than what is keyed."""
    with writing():
        batch = Batch.get_by_id(batch_id)
        if batch.returned == returned:
            return
        poll = _poll_of_sheet(batch.sheet_id)
        _require_unsealed(poll)
        kind = (Batch.sheet == batch.sheet_id) & (Batch.group == batch.group_id)
        others = sum(row.returned for row in Batch.select().where(kind & (Batch.id != batch_id)))
        issue = Issue.get((Issue.sheet == batch.sheet_id) & (Issue.group == batch.group_id))
        entered = Ballot.select().where(Ballot.batch == batch_id).count()
        fault = returned_refusal(issue.issued - others, returned, entered)
        if fault:
            raise RefusedError(fault)
        Batch.update(returned=returned).where(Batch.id == batch_id).execute()
        journal.record(
            "登记收回票数", _paper_name(poll, batch.sheet_id, batch.group_id), f"{returned} 张"
        )


def add_stack(batch_id: int) -> int:
    """Begin another stack beside an existing one, for paper that comes in scattered; its id."""
    with writing():
        batch = Batch.get_by_id(batch_id)
        poll = _poll_of_sheet(batch.sheet_id)
        _require_unsealed(poll)
        kind = (Batch.sheet == batch.sheet_id) & (Batch.group == batch.group_id)
        number = max(row.number for row in Batch.select().where(kind)) + 1
        made = Batch.create(sheet=batch.sheet_id, group=batch.group_id, number=number)
        journal.record(
            "增加票批", _paper_name(poll, batch.sheet_id, batch.group_id), f"第 {number} 批"
        )
    return int(made.id)


def remove_stack(batch_id: int) -> None:
    """Remove an empty further stack; the first one of a kind stays."""
    with writing():
        batch = Batch.get_by_id(batch_id)
        poll = _poll_of_sheet(batch.sheet_id)
        if Ballot.select().where(Ballot.batch == batch_id).exists():
            raise RefusedError("这一批已有录入的票，不能删除。")
        if batch.number == 1:
            raise RefusedError("每类至少保留一批。")
        Draft.delete().where(Draft.batch == batch_id).execute()
        Entered.delete().where(Entered.batch == batch_id).execute()
        Batch.delete().where(Batch.id == batch_id).execute()
        journal.record(
            "删除票批", _paper_name(poll, batch.sheet_id, batch.group_id), f"第 {batch.number} 批"
        )


def record_paper(
    poll_id: int, issued: Mapping[tuple[Level, str], int], returned: Mapping[tuple[Level, str], int]
) -> None:
    """Record paper of a poll's first stacks, by level and group name (a round description)."""
    for stack in stacks(poll_id):
        key = (stack.level, stack.group.name)
        if stack.number == 1 and key in issued:
            set_issued(stack.sheet_id, stack.group.id, issued[key])
        if stack.number == 1 and key in returned:
            set_returned(stack.batch_id, returned[key])


def _write_subjects(
    poll_id: int, level: Level, subjects: list[tuple[int | None, str, str]]
) -> None:
    Subject.delete().where((Subject.poll == poll_id) & (Subject.level == level)).execute()
    for position, (cadre_id, name, post) in enumerate(subjects, 1):
        Subject.create(
            poll=poll_id, level=level, position=position, cadre=cadre_id, name=name, post=post
        )


def _stack_rows(where: str, value: int) -> list[tuple[int, Stack]]:
    rows = database.execute_sql(
        f"""
        SELECT s.poll_id, b.id, b.sheet_id, s.level, g.id, g.name, g.weight, s.position, b.number,
               i.issued, b.returned,
               coalesce((SELECT sum(n) FROM entered
                         WHERE batch_id = b.id AND void_reason = 0), 0),
               coalesce((SELECT sum(n) FROM entered
                         WHERE batch_id = b.id AND void_reason > 0), 0),
               EXISTS (SELECT 1 FROM draft WHERE batch_id = b.id),
               NOT EXISTS (SELECT 1 FROM batch later WHERE later.sheet_id = b.sheet_id
                           AND later.group_id = b.group_id AND later.number > b.number),
               (SELECT name FROM subject WHERE sheet_id = s.id LIMIT 1)
        FROM batch b
        JOIN sheet s ON s.id = b.sheet_id
        JOIN voter_group g ON g.id = b.group_id
        JOIN issue i ON i.sheet_id = b.sheet_id AND i.group_id = b.group_id
        WHERE {where}
        ORDER BY s.poll_id, s.level, s.position, g.position, b.number
        """,  # noqa: S608 - `where` is one of this module's own constants
        (value,),
    ).fetchall()
    return [
        (
            row[0],
            Stack(
                batch_id=row[1],
                sheet_id=row[2],
                level=Level(row[3]),
                group=rounds.Group(row[4], row[5], row[6]),
                subject=row[15] if row[7] else "",
                number=row[8],
                issued=row[9],
                returned=row[10],
                valid=row[11],
                void=row[12],
                drafted=bool(row[13]),
                last=bool(row[14]),
            ),
        )
        for row in rows
    ]


def _poll_of_sheet(sheet_id: int) -> PollInfo:
    return find_by_id(Sheet.get_by_id(sheet_id).poll_id)


def _paper_name(poll: PollInfo, sheet_id: int, group_id: int) -> str:
    level = rounds.frozen_contents(poll.round_id).get(Level(Sheet.get_by_id(sheet_id).level))
    group = VoterGroup.get_by_id(group_id).name
    return f"{poll.unit_name} {level.name if level else ''} {group}"


def _require_unsealed(poll: PollInfo) -> None:
    if poll.state is PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 已封存，不能再改。")
    if rounds.find_by_id(poll.round_id).state is RoundState.CLOSED:
        raise RefusedError("轮次已办结，不能再改。")


def _require_no_ballots(poll: PollInfo) -> None:
    _require_unsealed(poll)
    keyed = sum(stack.balance.entered for stack in stacks(poll.id))
    if keyed:
        raise RefusedError(f"{poll.unit_name} 已录入 {keyed} 张票，不能再改对象或移出。")


def _info(row: Any) -> PollInfo:
    return PollInfo(
        id=row.id,
        round_id=row.round_id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        unit_short_name=row.unit_short_name,
        date=row.date,
        place=row.place,
        expected=row.expected,
        present=row.present,
        state=PollState(row.state),
    )
