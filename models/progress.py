"""What each poll of a round needs next, for the home screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from models.accounting import Balance
from models.polls import PollInfo, PollState, polls
from models.regulation import Level
from models.stacks import Stack, stacks, stacks_of_round
from models.tables import Poll


@dataclass(frozen=True)
class PollProgress:
    """A poll, its paper in sum, and the first stack that still has ballots to key."""

    poll: PollInfo
    stacks: tuple[Stack, ...]
    balance: Balance
    next_stack: Stack | None

    @property
    def sets(self) -> tuple[int, int]:
        """Ballot sets handed out and returned: the most of any sheet, for as a rule each voter
        has one of every sheet."""
        issued: dict[int, int] = {}
        returned: dict[int, int] = {}
        for stack in self.stacks:
            issued[stack.sheet_id] = issued.get(stack.sheet_id, 0) + stack.balance.issued
            returned[stack.sheet_id] = returned.get(stack.sheet_id, 0) + stack.returned
        return max(issued.values(), default=0), max(returned.values(), default=0)

    @property
    def papers_counted(self) -> bool:
        """Whether any returned paper is recorded."""
        return self.balance.returned > 0

    @property
    def keyed(self) -> bool:
        """Whether all paper that was recorded is keyed."""
        return self.balance.complete


def progress(round_id: int) -> list[PollProgress]:
    """All polls of a round in unit order: two queries, however many polls."""
    by_poll = stacks_of_round(round_id)
    found = []
    for poll in polls(round_id):
        paper = by_poll.get(poll.id, [])
        total = sum((stack.balance for stack in paper), Balance())
        todo = [stack for stack in paper if stack.balance.missing > 0]
        # A half-keyed ballot comes first: its paper lies on top.
        following = next((stack for stack in todo if stack.drafted), todo[0] if todo else None)
        found.append(PollProgress(poll, tuple(paper), total, following))
    return found


def next_stack(poll_id: int) -> Stack | None:
    """The next stack of a poll that still has ballots to key, in the order of the stacks."""
    return next((stack for stack in stacks(poll_id) if stack.balance.missing > 0), None)


def next_step(each: PollProgress, level_names: dict[Level, str]) -> str:
    """What to do next for a poll, in words."""
    if each.poll.state is PollState.SEALED:
        return "已封存"
    if not each.papers_counted:
        return "登记票数"
    if each.next_stack is None:
        return "录完，看得票"
    name = level_names.get(each.next_stack.level, "")
    half = "（半张）" if each.next_stack.drafted else ""
    return f"录票：{name} {each.next_stack.group.name}{half}"


def units_by_round() -> dict[int, int]:
    """How many units each round has; a round without any is left out."""
    rows: Any = Poll.select(Poll.round, fn.COUNT(Poll.id)).group_by(Poll.round).tuples()
    return dict(rows)
