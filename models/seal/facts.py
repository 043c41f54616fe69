"""The facts of a poll: the source of its findings, its ballot balance and its canonical text.

They are read once and passed on, so that all three agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.database.tables import database
from models.entry import second_entry
from models.entry.ballot import AlikeBallots, Ballot
from models.entry.second_entry import StackVerification
from models.regulation.levels import Level, LevelContent
from models.rounds import life, polls
from models.rounds.balance import Balance, BalanceRow, BalanceTable
from models.rounds.contents import frozen_contents
from models.rounds.layout import SheetLayout
from models.rounds.looks import Neighbour
from models.rounds.neighbours import neighbours
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo, PollState
from models.rounds.sheets import sheet_layouts
from models.rounds.stacks import Stack, stacks


@dataclass(frozen=True)
class StackFacts:
    """A stack with its ballots and the state of its verification."""

    stack: Stack
    """The stack."""
    name: str
    """Name within the poll: sheet, voter group, and the number if there are several stacks."""
    verification: StackVerification
    """The state of its second entry."""
    ballots: tuple[AlikeBallots, ...]
    """Its ballots, sorted by void reason and marks."""
    second_drafted: bool = False
    """Whether the second entry has a half-keyed ballot."""


@dataclass(frozen=True)
class SheetFacts:
    """A sheet and its stacks."""

    name: str
    """Name of the level, followed by the subject for a sheet that has its own subject."""
    layout: SheetLayout
    """The printed form."""
    stacks: tuple[StackFacts, ...]
    """The stacks, at least one."""
    counts: Mapping[int, tuple[Mapping[str, int], ...]]
    """The stored counts, by id of the voter group: for each place, the number of ballots with each
    mark."""

    @property
    def sheet_id(self) -> int:
        """Id of the sheet in the database."""
        return self.stacks[0].stack.sheet_id

    @property
    def balance(self) -> Balance:
        """The ballot balance summed over all stacks."""
        return sum((each.stack.balance for each in self.stacks), Balance())


@dataclass(frozen=True)
class PollFacts:
    """A snapshot of a poll and its round."""

    poll: PollInfo
    """The poll."""
    round: RoundInfo
    """Its round."""
    contents: Mapping[Level, LevelContent]
    """The levels as frozen in the round."""
    sheets: tuple[SheetFacts, ...]
    """The sheets by level, then in team order."""
    neighbours: tuple[Neighbour, ...] = ()
    """The other rounds."""

    @property
    def stacks(self) -> tuple[StackFacts, ...]:
        """All stacks, in the order in which the screens show them."""
        return tuple(each for sheet in self.sheets for each in sheet.stacks)


def by_group(facts: PollFacts) -> dict[tuple[str, str], list[StackFacts]]:
    """Group the stacks by (sheet name, voter group name), in order."""
    found: dict[tuple[str, str], list[StackFacts]] = {}
    for sheet in facts.sheets:
        for each in sheet.stacks:
            found.setdefault((sheet.name, each.stack.group.name), []).append(each)
    return found


def balance_table(facts: PollFacts) -> BalanceTable:
    """Return the poll's ballot balance (票数平衡), one row per sheet and voter group, in order."""
    rows = []
    for (sheet, group), own in by_group(facts).items():
        void: dict[int, int] = {}
        for ballot, n in (alike for each in own for alike in each.ballots):
            if ballot.void_reason:
                void[ballot.void_reason] = void.get(ballot.void_reason, 0) + n
        paper = tuple(each.stack.balance for each in own)
        rows.append(BalanceRow(sheet, group, paper, tuple(sorted(void.items()))))
    return BalanceTable(tuple(rows))


def read(poll_id: int) -> PollFacts:
    """Read the facts of a poll. Raises `RefusedError` if it no longer exists."""
    poll = polls.find_by_id(poll_id)
    info = life.find_by_id(poll.round_id)
    contents = frozen_contents(info.id)
    paper = stacks(poll_id)
    layouts = sheet_layouts(poll_id, info, contents)
    seen = second_entry.verifications(poll_id, info.rules.verification, paper)
    ballots = _ballots(poll, paper)
    counts = _counts(poll_id)
    waiting = _half_keyed_again(poll_id)
    by_sheet: dict[int, list[Stack]] = {}
    for stack in paper:
        by_sheet.setdefault(stack.sheet_id, []).append(stack)
    sheets = []
    for sheet_id, own in by_sheet.items():
        form = layouts[sheet_id]
        name = contents[form.level].name + (f" {own[0].subject}" if own[0].subject else "")
        found = tuple(
            StackFacts(
                stack,
                f"{name} {stack.group.name}{_number(stack)}",
                seen[stack.stack_id],
                tuple(ballots[stack.stack_id]),
                stack.stack_id in waiting,
            )
            for stack in own
        )
        kept = {
            stack.group.id: tuple(
                counts[sheet_id, stack.group.id].get(at, {}) for at in range(len(form.places))
            )
            for stack in own
        }
        sheets.append(SheetFacts(name, form, found, kept))
    return PollFacts(poll, info, contents, tuple(sheets), neighbours(info.id))


def _number(stack: Stack) -> str:
    return f" 第 {stack.number} 批" if stack.number > 1 or not stack.last else ""


def _half_keyed_again(poll_id: int) -> set[int]:
    sql = """
    SELECT d.batch_id FROM second_draft d JOIN batch b ON b.id = d.batch_id
    JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?
    """
    return {stack_id for (stack_id,) in database.execute_sql(sql, (poll_id,)).fetchall()}


_KEYED = "SELECT void_reason, marks FROM ballot WHERE batch_id = ?"
_SEALED = """
SELECT v.batch_id, v.void_reason, v.marks, v.n FROM sealed_ballot v
JOIN batch b ON b.id = v.batch_id JOIN sheet s ON s.id = b.sheet_id
WHERE s.poll_id = ? ORDER BY v.batch_id, v.void_reason, v.marks
"""


def _ballots(poll: PollInfo, paper: Sequence[Stack]) -> dict[int, list[AlikeBallots]]:
    found: dict[int, list[AlikeBallots]] = defaultdict(list)
    if poll.state is PollState.ENTRY:
        for stack in paper:
            # Counted here, in a third of the time that SQLite takes to sort a million rows.
            alike = Counter(database.execute_sql(_KEYED, (stack.stack_id,)))
            for (reason, marks), n in sorted(alike.items()):
                found[stack.stack_id].append(AlikeBallots(Ballot(marks, reason), n))
        return found
    for stack_id, reason, marks, n in database.execute_sql(_SEALED, (poll.id,)).fetchall():
        found[stack_id].append(AlikeBallots(Ballot(marks, reason), n))
    return found


def _counts(poll_id: int) -> dict[tuple[int, int], dict[int, dict[str, int]]]:
    sql = """
    SELECT c.sheet_id, c.group_id, c.place, c.mark, c.n FROM count c
    JOIN sheet s ON s.id = c.sheet_id WHERE s.poll_id = ?
    """
    found: dict[tuple[int, int], dict[int, dict[str, int]]] = defaultdict(dict)
    for sheet, group, place, mark, n in database.execute_sql(sql, (poll_id,)).fetchall():
        found[sheet, group].setdefault(place, {})[mark] = n
    return found
