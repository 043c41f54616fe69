"""What each poll of a round needs next, for the home screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from peewee import fn

from models.database.tables import Poll, Round, database
from models.regulation.levels import Level
from models.regulation.rules import VerificationRule
from models.rounds.balance import Balance, to_verify
from models.rounds.polls import PollInfo, PollState, polls
from models.rounds.stacks import Stack, stacks, stacks_of_round


@dataclass(frozen=True)
class PollProgress:
    """A poll and how far its paper is keyed and verified."""

    poll: PollInfo
    """The poll."""
    stacks: tuple[Stack, ...]
    """All its stacks."""
    balance: Balance
    """Its paper in total."""
    next_stack: Stack | None
    """The next stack with ballots left to key, one with a half-keyed ballot first."""
    next_second: Stack | None
    """The first fully keyed stack that still has to be verified."""
    differing: bool
    """Whether `next_second` only has differences left to settle."""
    verified: int
    """Ballots keyed a second time so far; a verified stack counts in full."""
    to_verify: int
    """Ballots that the round's rule asks to key a second time."""

    @property
    def sets(self) -> tuple[int | None, int | None]:
        """Ballot sets issued and returned: the highest count of any sheet. None if nothing of it
        is registered.

        Each voter normally gets one of every sheet.
        """
        issued: dict[int, int] = {}
        returned: dict[int, int] = {}
        for stack in self.stacks:
            issued[stack.sheet_id] = issued.get(stack.sheet_id, 0) + stack.balance.issued
            returned[stack.sheet_id] = returned.get(stack.sheet_id, 0) + stack.returned
        out, back = max(issued.values(), default=0), max(returned.values(), default=0)
        known = any(stack.registered for stack in self.stacks)
        return out if out or known else None, back if known else None


def progress(round_id: int) -> list[PollProgress]:
    """All polls of a round in unit order. Runs a few queries, however many polls there are."""
    by_poll = stacks_of_round(round_id)
    rule = VerificationRule.parse(Round.get_by_id(round_id).verification)
    again = _keyed_again(round_id)
    found = []
    for poll in polls(round_id):
        paper = by_poll.get(poll.id, [])
        total = sum((stack.balance for stack in paper), Balance())
        todo = [stack for stack in paper if stack.balance.missing > 0]
        # A half-keyed ballot goes first: its paper is still on top of the stack.
        following = next((stack for stack in todo if stack.drafted), todo[0] if todo else None)
        asked = {stack.stack_id: to_verify(rule, stack.returned) for stack in paper}
        done = {
            stack_id: n if agreed else min(keyed, n)
            for stack_id, n in asked.items()
            for agreed, keyed in (again.get(stack_id, (False, 0)),)
        }
        second = next(
            (
                stack
                for stack in paper
                if asked[stack.stack_id]
                and stack.balance.complete
                and not again.get(stack.stack_id, (False, 0))[0]
            ),
            None,
        )
        differing = second is not None and done[second.stack_id] == asked[second.stack_id]
        found.append(
            PollProgress(
                poll,
                tuple(paper),
                total,
                following,
                second,
                differing,
                sum(done.values()),
                sum(asked.values()),
            )
        )
    return found


def _keyed_again(round_id: int) -> dict[int, tuple[bool, int]]:
    """By stack id: whether the stack is verified, and the size of its second entry in ballots."""
    sql = """
    SELECT b.id, coalesce(v.agreed, 0),
           (SELECT count(*) FROM second_ballot WHERE batch_id = b.id)
    FROM batch b JOIN sheet s ON s.id = b.sheet_id JOIN poll p ON p.id = s.poll_id
    LEFT JOIN verification v ON v.batch_id = b.id WHERE p.round_id = ?
    """
    rows = database.execute_sql(sql, (round_id,)).fetchall()
    return {stack_id: (bool(agreed), keyed) for stack_id, agreed, keyed in rows}


def next_stack(poll_id: int) -> Stack | None:
    """The first stack of a poll with ballots left to key, in stack order."""
    return next((stack for stack in stacks(poll_id) if stack.balance.missing > 0), None)


class Need(Enum):
    """What a poll needs next. The value is what the polls that need it are called together."""

    REGISTER = "未登记"
    """How many ballots came back."""
    KEY = "录票"
    """The first entry of a stack."""
    VERIFY = "待复核"
    """The second entry of a stack, or to settle its differences."""
    SEAL = "待封存"
    """The seal, or the next one after a correction."""
    NONE = "已封存"
    """Nothing: it is sealed."""


def need_of(each: PollProgress) -> Need:
    """What a poll needs next."""
    if each.poll.state is PollState.SEALED:
        return Need.NONE
    if each.next_stack is not None:
        return Need.KEY
    if each.next_second is not None:
        return Need.VERIFY
    return Need.REGISTER if each.balance.unregistered else Need.SEAL


def where_work_stopped(found: Sequence[PollProgress]) -> PollProgress | None:
    """The poll with a half-keyed ballot, or else the first keyed in part; None if none is."""
    half = (each for each in found if each.next_stack and each.next_stack.drafted)
    part = (each for each in found if need_of(each) is Need.KEY and each.balance.entered)
    return next(half, None) or next(part, None)


def next_step(each: PollProgress, level_names: dict[Level, str]) -> str:
    """The next step for a poll, as Chinese text for the user."""
    now = need_of(each)
    if now is Need.KEY and each.next_stack is not None:
        half = "（半张）" if each.next_stack.drafted else ""
        return f"录票：{_name(each.next_stack, level_names)}{half}"
    if now is Need.VERIFY and each.next_second is not None:
        what = "核对" if each.differing else "复核"
        return f"{what}：{_name(each.next_second, level_names)}"
    if now is Need.REGISTER:
        return "登记票数"
    if now is Need.NONE:
        return "已封存"
    return "重新封存" if each.poll.state is PollState.REOPENED else "封存"


def _name(stack: Stack, level_names: dict[Level, str]) -> str:
    return f"{level_names.get(stack.level, '')} {stack.group.name}"


def units_by_round() -> dict[int, int]:
    """The number of units by round id. Rounds without units are left out."""
    rows: Any = Poll.select(Poll.round, fn.COUNT(Poll.id)).group_by(Poll.round).tuples()
    return dict(rows)
