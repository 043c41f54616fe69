"""Polls (单位测评): the evaluation of one unit in a round."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import Poll, Subject, Unit, database
from models.names import visible
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.roster.units import unit_tree
from models.rounds import life
from models.rounds.plan import RoundState
from models.rounds.stacks import stacks


class PollState(IntEnum):
    """The state of a poll in an open round.

    How far it is keyed and verified is a matter of its stacks.
    """

    ENTRY = 1
    SEALED = 3
    REOPENED = 4
    """Reopened after sealing; the ballots no longer have an order of entry."""

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return {1: "录入", 3: "封存", 4: "重新开封"}[self]


@dataclass(frozen=True)
class PollInfo:
    """A poll in the database."""

    id: int
    """Its id."""
    round_id: int
    """Its round."""
    unit_id: int
    """The unit."""
    unit_name: str
    """The unit's name, copied when the poll was created."""
    unit_short_name: str
    """The unit's short name, copied likewise; may be empty."""
    date: str
    """The date of voting in ISO format; may be empty."""
    place: str
    """Where the unit voted."""
    expected: int
    """How many people were expected."""
    present: int
    """How many people were present."""
    state: PollState
    """Its state."""

    @property
    def short(self) -> str:
        """The unit's short name, or its full name if it has none."""
        return self.unit_short_name or self.unit_name


def add_polls(round_id: int, unit_ids: list[int]) -> list[int]:
    """Add units to a round, with subjects proposed from the roster.

    Returns the ids of the new polls in the same order. Raises `RefusedError` if the round is
    closed or a unit is already in it.
    """
    from models.rounds.sheets import arrange
    from models.rounds.subjects import propose

    with writing():
        info = life.find_by_id(round_id)
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
        journal.record(JournalAct.ADD_POLLS, info.title, f"{len(made)} 个单位")
    return made


def remove_poll(poll_id: int) -> None:
    """Remove a poll from its round. Raises `RefusedError` if any of its ballots is keyed."""
    from models.rounds.sheets import remove_sheet

    with writing():
        poll = find_by_id(poll_id)
        _require_no_ballots(poll)
        for sheet_id in {stack.sheet_id for stack in stacks(poll_id)}:
            remove_sheet(sheet_id)
        Poll.delete().where(Poll.id == poll_id).execute()
        journal.record(JournalAct.REMOVE_POLL, poll.unit_name)


def polls(round_id: int) -> list[PollInfo]:
    """The polls of a round, in the order of the unit tree."""
    found = [_info(row) for row in Poll.select().where(Poll.round == round_id)]
    order = {unit.id: number for number, unit in enumerate(unit_tree())}
    return sorted(found, key=lambda poll: order.get(poll.unit_id, len(order)))


def find_by_id(poll_id: int) -> PollInfo:
    """The poll with this id. Raises `RefusedError` if it does not exist."""
    row = Poll.get_or_none(Poll.id == poll_id)
    if row is None:
        raise RefusedError("这个单位已不在轮次中。")
    return _info(row)


def find(round_id: int, unit: str) -> PollInfo:
    """The poll of the unit with this full or short name.

    Raises `RefusedError` with the names of the units if none or several match.
    """
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
    """Record when and where the unit voted, and how many people were expected and present.

    Raises `RefusedError` if more are present than expected or the poll cannot be changed.
    """
    if present > expected:
        raise RefusedError(f"实到 {present} 人多于应到 {expected} 人，请核对。")
    with writing():
        poll = find_by_id(poll_id)
        require_unsealed(poll)
        Poll.update(date=date, place=visible(place), expected=expected, present=present).where(
            Poll.id == poll_id
        ).execute()
        journal.record(
            JournalAct.CHANGE_POLL, poll.unit_name, f"应到 {expected} 人，实到 {present} 人"
        )


def change_subjects(
    poll_id: int, level: Level, subjects: list[tuple[int | None, str, str]]
) -> None:
    """Replace the subjects (cadre id or None, name, post) of one level, in printed order.

    Raises `RefusedError` if any ballot of the poll is keyed, because the order would no longer
    match the paper.
    """
    from models.rounds.sheets import arrange

    with writing():
        poll = find_by_id(poll_id)
        _require_no_ballots(poll)
        _write_subjects(poll_id, level, subjects)
        arrange(poll_id, life.find_by_id(poll.round_id).rules.member_sheet)
        journal.record(JournalAct.CHANGE_SUBJECTS, poll.unit_name, f"{len(subjects)} 个")


def _write_subjects(
    poll_id: int, level: Level, subjects: list[tuple[int | None, str, str]]
) -> None:
    Subject.delete().where((Subject.poll == poll_id) & (Subject.level == level)).execute()
    database.connection().executemany(
        "INSERT INTO subject (poll_id, level, position, cadre_id, name, post) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (poll_id, level, position, cadre_id, name, post)
            for position, (cadre_id, name, post) in enumerate(subjects, 1)
        ],
    )


def require_unsealed(poll: PollInfo) -> None:
    """Raise `RefusedError` if the poll is sealed or its round is closed."""
    if poll.state is PollState.SEALED:
        raise RefusedError(f"{poll.unit_name} 已封存，不能再改。")
    if life.find_by_id(poll.round_id).state is RoundState.CLOSED:
        raise RefusedError("轮次已办结，不能再改。")


def _require_no_ballots(poll: PollInfo) -> None:
    require_unsealed(poll)
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
