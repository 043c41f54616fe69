"""Paper ballots (纸票): numbers issued and returned, and the stacks they come back in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import Batch, Draft, Entered, Sheet, database
from models.refusal import RefusedError, Way
from models.regulation.levels import Level
from models.rounds import life, shown_counts
from models.rounds.balance import registered, returned_refusal
from models.rounds.contents import find_level, frozen_contents
from models.rounds.polls import PollInfo, find_by_id, require_unsealed
from models.rounds.stacks import Stack, find_stack, stacks


class CountsRefusedError(RefusedError):
    """Numbers of paper that cannot be: `faults` are the reasons by stack id and whether it is the
    number issued that is to be looked at first, in the order of the stacks."""

    def __init__(self, faults: Mapping[tuple[int, bool], str]) -> None:
        super().__init__("\n".join(faults.values()))
        self.faults = dict(faults)


def record_counts(poll_id: int, counts: Mapping[int, tuple[int | None, int | None]]) -> None:
    """Record the numbers of ballots (issued, returned) by stack id: zero is registered as zero
    (无票), None as not registered (未登记).

    All stacks of a sheet and voter group share one issued number, which is taken from stack
    number 1. The checks use the final numbers of all stacks. Raises `CountsRefusedError` with
    every stack at fault, in which case nothing is recorded.
    """
    with writing():
        poll = find_by_id(poll_id)
        require_unsealed(poll)
        paper = {stack.stack_id: stack for stack in stacks(poll_id)}
        wanted = _wanted(paper, counts)
        faults = _faults(paper, wanted, poll)
        if faults:
            raise CountsRefusedError(faults)
        names = level_names(poll.round_id)
        acts: list[tuple[JournalAct, str, str]] = []
        handed_out: list[tuple[int, int, int]] = []
        brought_back: list[tuple[int, bool, int]] = []
        for stack_id, stack in paper.items():
            issued, returned = wanted[stack_id]
            name = stack_name(poll, stack, names)
            if stack.number == 1 and issued != stack.typed[0]:
                handed_out.append((issued or 0, stack.sheet_id, stack.group.id))
                acts.append((JournalAct.COUNT_ISSUED, name, _number(issued)))
            if returned != stack.typed[1]:
                brought_back.append((returned or 0, returned is not None, stack_id))
                acts.append((JournalAct.COUNT_RETURNED, name, _number(returned)))
        # Prepared once for all rows: a province has thousands.
        connection = database.connection()
        connection.executemany(
            "UPDATE issue SET issued = ? WHERE sheet_id = ? AND group_id = ?", handed_out
        )
        connection.executemany(
            "UPDATE batch SET returned = ?, registered = ? WHERE id = ?", brought_back
        )
        shown_counts.follow_poll(poll_id)
        journal.record_all(acts)


def _wanted(
    paper: Mapping[int, Stack], counts: Mapping[int, tuple[int | None, int | None]]
) -> dict[int, tuple[int | None, int | None]]:
    """The numbers of every stack (issued to its group, returned) as they are to be."""
    typed = {stack_id: counts.get(stack_id, stack.typed) for stack_id, stack in paper.items()}
    issued = {
        (stack.sheet_id, stack.group.id): typed[stack_id][0]
        for stack_id, stack in paper.items()
        if stack.number == 1
    }
    return {
        stack_id: registered(issued[stack.sheet_id, stack.group.id], typed[stack_id][1])
        for stack_id, stack in paper.items()
    }


def _number(ballots: int | None) -> str:
    return "未登记" if ballots is None else f"{ballots} 张"


def record_paper(
    poll_id: int, issued: Mapping[tuple[Level, str], int], returned: Mapping[tuple[Level, str], int]
) -> None:
    """Record the paper of a poll's first stacks by level and group name, from a round description.
    What it does not name stays as it is.

    Raises `RefusedError` like `record_counts`.
    """
    counts = {}
    for stack in stacks(poll_id):
        key = (stack.level, stack.group.name)
        if stack.number == 1:
            counts[stack.stack_id] = (
                issued.get(key, stack.typed[0]),
                returned.get(key, stack.typed[1]),
            )
    record_counts(poll_id, counts)


def stack_name(poll: PollInfo, stack: Stack, names: Mapping[Level, str] | None = None) -> str:
    """The name of a stack in the journal, in Chinese. `names` are the round's `level_names`, read
    if they are not given."""
    level = (level_names(poll.round_id) if names is None else names).get(stack.level, "")
    number = f" 第 {stack.number} 批" if stack.number > 1 else ""
    subject = f" {stack.subject}" if stack.subject else ""
    return f"{poll.unit_name} {level}{subject} {stack.group.name}{number}"


def level_names(round_id: int) -> dict[Level, str]:
    """The Chinese names of an open round's levels."""
    return {level: content.name for level, content in frozen_contents(round_id).items()}


def choose_stack(
    poll: PollInfo, level: str, group: str, subject: str | None, number: int | None
) -> Stack:
    """Find a stack by level and voter group, and if need be by person and stack number.

    Without a number, it is the first stack with ballots left to key. Raises `RefusedError` with
    the available choices.
    """
    round_info = life.find_by_id(poll.round_id)
    wanted = find_level(round_info, level)
    groups = [each.name for each in round_info.groups]
    if group not in groups:
        raise RefusedError(f"没有这一类测评人员“{group}”。现有：{'、'.join(groups)}。")
    found = [s for s in stacks(poll.id) if s.level is wanted and s.group.name == group]
    if subject is not None:
        found = [stack for stack in found if stack.subject in ("", subject)]
    names = list(dict.fromkeys(stack.subject for stack in found))
    if not found:
        raise RefusedError(f"{poll.unit_name} 没有这一批票，请核对层级和被测评人。")
    if len(names) > 1:
        raise RefusedError(f"这一层级一人一票：{'、'.join(names)}。", Way.NAME_SUBJECT)
    if number is not None:
        found = [stack for stack in found if stack.number == number]
        if not found:
            raise RefusedError(f"没有第 {number} 批。")
    return next((stack for stack in found if stack.balance.missing > 0), found[0])


def add_stack(stack_id: int) -> int:
    """Add another stack of the same kind, for paper that comes in separately. Returns its id."""
    with writing():
        stack = find_stack(stack_id)
        poll = _poll_of(stack)
        require_unsealed(poll)
        kind = (Batch.sheet == stack.sheet_id) & (Batch.group == stack.group.id)
        number = max(row.number for row in Batch.select().where(kind)) + 1
        made = Batch.create(sheet=stack.sheet_id, group=stack.group.id, number=number)
        journal.record(JournalAct.ADD_STACK, stack_name(poll, stack), f"第 {number} 批")
    return int(made.id)


def remove_stack(stack_id: int) -> None:
    """Remove an additional stack.

    Raises `RefusedError` if it has ballots or is the first of its sheet and voter group.
    """
    with writing():
        stack = find_stack(stack_id)
        poll = _poll_of(stack)
        require_unsealed(poll)
        if stack.balance.entered:
            raise RefusedError("这一批已有录入的票，不能删除。")
        if stack.number == 1:
            raise RefusedError("每类至少保留一批。")
        Draft.delete().where(Draft.batch == stack_id).execute()
        Entered.delete().where(Entered.batch == stack_id).execute()
        Batch.delete().where(Batch.id == stack_id).execute()
        journal.record(JournalAct.REMOVE_STACK, stack_name(poll, stack), f"第 {stack.number} 批")


def _poll_of(stack: Stack) -> PollInfo:
    return find_by_id(Sheet.get_by_id(stack.sheet_id).poll_id)


def _faults(
    paper: Mapping[int, Stack],
    wanted: Mapping[int, tuple[int | None, int | None]],
    poll: PollInfo,
) -> dict[tuple[int, bool], str]:
    back: dict[tuple[int, int], list[int]] = defaultdict(list)
    for stack_id, stack in paper.items():
        returned = wanted[stack_id][1]
        if returned is not None:
            back[stack.sheet_id, stack.group.id].append(returned)
    faults = {}
    for stack_id, stack in paper.items():
        issued, returned = wanted[stack_id]
        fault = ""
        if stack.number == 1:
            of_group = back[stack.sheet_id, stack.group.id]
            fault = returned_refusal(issued, sum(of_group) if of_group else None, 0)
        fault = fault or returned_refusal(returned, returned, stack.balance.entered)
        if fault:
            unissued = stack.number == 1 and issued is None and returned is not None
            faults[stack_id, unissued] = f"{stack_name(poll, stack)}：{fault}"
    return faults
