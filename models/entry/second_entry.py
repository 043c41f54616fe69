"""复核: the second, blind entry of a stack in the database, and what comes of it.

The second entry is a sequence of ballots of its own beside the first. Where both agree the stack
is verified and the second entry is thrown away, for it says nothing that the first does not.
Where they differ, what is keyed a third time from the paper decides, sheet by sheet, each in one
durable transaction with the counts it changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from models.database import clerk, journal
from models.database.journal import JournalAct
from models.database.store import quick, writing
from models.database.tables import SecondDraft, Verification, database
from models.entry import ballots
from models.entry.alignment import Difference, Kind, Marks, align, differing
from models.entry.ballots import KeyedBallot, StackEntry
from models.entry.keying import BallotInHand
from models.refusal import RefusedError
from models.regulation.rules import VerificationRule
from models.rounds import life, paper
from models.rounds.balance import to_verify
from models.rounds.polls import PollInfo, PollState, find_by_id
from models.rounds.stacks import Stack, stacks

_INSERT = "INSERT INTO second_ballot (batch_id, position, marks, void_reason) VALUES (?, ?, ?, ?)"
_REPLACE = "UPDATE second_ballot SET marks = ?, void_reason = ? WHERE batch_id = ? AND position = ?"
_DROP_BALLOT = "DELETE FROM second_ballot WHERE batch_id = ? AND position = ?"
_DROP_ALL = "DELETE FROM second_ballot WHERE batch_id = ?"
_DROP_DRAFT = "DELETE FROM second_draft WHERE batch_id = ?"
_SAVE_DRAFT = """
INSERT INTO second_draft (batch_id, marks, cursor, void_reason) VALUES (?, ?, ?, ?)
ON CONFLICT (batch_id) DO UPDATE
SET marks = excluded.marks, cursor = excluded.cursor, void_reason = excluded.void_reason
"""
_KEYERS = "SELECT number, who FROM keyer WHERE batch_id = ? ORDER BY number, who"
_OF_POLL = (
    "batch_id IN (SELECT b.id FROM batch b JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?)"
)


@dataclass(frozen=True)
class StackVerification:
    """How far a stack is verified. `needed` ballots are to be keyed a second time (0 where the
    round asks for none), `keyed` are. `compared`, `first_wrong` and `second_wrong` count marks
    (one for a void ballot); `changed`, `missing` and `extra` sheets of the second entry. The
    keyers are names, sorted."""

    stack_id: int
    needed: int
    keyed: int
    agreed: bool
    compared: int
    first_wrong: int
    second_wrong: int
    changed: int
    missing: int
    extra: int
    first_keyers: tuple[str, ...]
    second_keyers: tuple[str, ...]
    third_keyers: tuple[str, ...]

    @property
    def differences(self) -> int:
        """How many marks were found wrong, in either entry."""
        return self.first_wrong + self.second_wrong

    @property
    def same_person(self) -> bool:
        """Whether somebody keyed in both entries."""
        return bool(set(self.first_keyers) & set(self.second_keyers))

    @property
    def satisfied(self) -> bool:
        """Whether the round's rule is met."""
        return self.agreed or not self.needed


def of_poll(poll_id: int) -> dict[int, StackVerification]:
    """How far each stack of a poll is verified, by stack."""
    rule = life.find_by_id(find_by_id(poll_id).round_id).rules.verification
    return verifications(poll_id, rule, stacks(poll_id))


def verifications(
    poll_id: int, rule: VerificationRule, paper: Iterable[Stack]
) -> dict[int, StackVerification]:
    """The same of a poll whose rule and stacks are read already."""
    keyers: dict[tuple[int, int], list[str]] = defaultdict(list)
    for stack_id, number, who in _rows("batch_id, number, who FROM keyer", poll_id, "ORDER BY who"):
        keyers[stack_id, number].append(who)
    keyed = dict(_rows("batch_id, count(*) FROM second_ballot", poll_id, "GROUP BY batch_id"))
    columns = "agreed, compared, first_wrong, second_wrong, changed, missing, extra"
    found = {row[0]: row[1:] for row in _rows(f"batch_id, {columns} FROM verification", poll_id)}
    states = {}
    for stack in paper:
        stack_id, asked = stack.stack_id, to_verify(rule, stack.returned)
        agreed, *numbers = found.get(stack_id, (0,) * 7)
        passes = [
            tuple(keyers[stack_id, number])
            for number in (ballots.FIRST_ENTRY, ballots.SECOND_ENTRY, ballots.THIRD_ENTRY)
        ]
        count = asked if agreed else keyed.get(stack_id, 0)
        states[stack_id] = StackVerification(stack_id, asked, count, bool(agreed), *numbers, *passes)
    return states


class SecondEntry:
    """One stack while it is keyed a second time. `counts`, `valid` and `void` tell of the second
    entry alone; `step` is every how many ballots one is keyed (1: all)."""

    def __init__(self, first: StackEntry) -> None:
        self.round = first.round
        self.poll = first.poll
        self.stack = first.stack
        self.level_name = first.level_name
        self.sheet = first.sheet
        self.returned = first.returned
        rule = first.round.rules.verification
        self.step = rule.step
        self.needed = to_verify(rule, first.returned)
        self.agreed = False
        self.counts: list[Counter[str]] = []
        self.valid = self.void = 0
        self._drafted = True
        self._signed = ""
        self._count_up()

    @property
    def size(self) -> int:
        """How many places the sheet has."""
        return len(self.sheet.places)

    @property
    def entered(self) -> int:
        """How many ballots of the second entry are in."""
        return self.valid + self.void

    @property
    def reached(self) -> bool:
        """Whether as many ballots are in as are to be verified."""
        return self.entered >= self.needed

    @property
    def first_entered(self) -> int:
        """How many ballots of the first entry are in."""
        return len(self._first())

    @property
    def next_paper(self) -> int:
        """Which paper of the stack, from 1, is keyed next."""
        return self.entered * self.step + 1

    def keyers(self, number: int) -> tuple[str, ...]:
        """Who keyed pass `number` of this stack."""
        rows = database.execute_sql(_KEYERS, (self.stack.stack_id,)).fetchall()
        return tuple(who for each, who in rows if each == number)

    def draft(self, void_reasons: tuple[str, ...]) -> BallotInHand:
        """The half-keyed ballot if there is one, else a fresh one."""
        row = SecondDraft.get_or_none(SecondDraft.batch == self.stack.stack_id)
        if row is None:
            return BallotInHand(self.sheet, void_reasons)
        return BallotInHand(self.sheet, void_reasons, row.marks, row.cursor, row.void_reason)

    def save_draft(self, ballot: BallotInHand) -> None:
        """Keep the half-keyed ballot. Raises `RefusedError` if it could not be written."""
        stack_id = self.stack.stack_id
        with quick():
            if ballot.empty:
                database.execute_sql(_DROP_DRAFT, (stack_id,))
            else:
                database.execute_sql(
                    _SAVE_DRAFT, (stack_id, ballot.marks, ballot.cursor, ballot.void_reason)
                )
        self._drafted = not ballot.empty

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Store the next ballot of the second entry; if it is the last and all agree, the stack
        is verified (`agreed`). One more of a stack that is verified opens it again. Raises
        `RefusedError`; nothing is stored then."""
        if self.step > 1 and self.reached:
            raise RefusedError(f"抽查的 {self.needed} 张都已录完，不再多录。")
        marks = ballots.checked(self.sheet, marks, void_reason)
        who, batch = clerk.current(), self.stack.stack_id
        with writing():
            if self.agreed:
                ballots.reopen_verification(self.round, self.stack)
            database.execute_sql(_INSERT, (stack_id, self.next_paper, marks, void_reason))
            if self._drafted:
                database.execute_sql(_DROP_DRAFT, (stack_id,))
            if who != self._signed:
                ballots.sign(self.stack, ballots.SECOND_ENTRY, who)
            agreed = self.entered + 1 >= self.needed and self._agree()
        self._drafted = False
        self._signed = who
        self.agreed = agreed
        self._add(Marks(marks, void_reason), 1)

    def settle(self) -> bool:
        """Verify the stack if nothing is left to do; whether it is verified."""
        with writing():
            agreed = self.reached and self._agree()
        self.agreed = agreed
        return agreed

    def differences(self) -> list[Difference]:
        """Where the entries differ, in the stack's order. Ballots not keyed yet are missing."""
        first, second = self._first(), self._second()
        if self.step == 1:
            return align(list(first.values()), list(second.values()), self.size)
        sample = range(1, len(first) + 1, self.step)
        found = []
        for position in sample:
            if position not in second:
                found.append(Difference(Kind.MISSING, position, position))
            elif first[position] != second[position]:
                found.append(Difference(Kind.CHANGED, position, position))
        return found

    def next_difference(self) -> Difference | None:
        """The one to settle next: the first. But a sheet that the first entry has not got waits
        until there is room for it, where the first entry has one too many elsewhere."""
        found = self.differences()
        if found and found[0].kind is Kind.EXTRA and len(self._first()) >= self.returned:
            found.sort(key=lambda each: each.kind is not Kind.MISSING)
        return found[0] if found else None

    def pair(self, difference: Difference) -> tuple[Marks | None, Marks | None]:
        """What the entries hold at the two positions; None past an entry's end. Not for the
        clerk's eyes before the paper is keyed again."""
        return self._first().get(difference.first), self._second().get(difference.second)

    def change(self, difference: Difference, third: Marks) -> None:
        """Settle a changed sheet: `third`, keyed from the paper, is what both shall hold."""
        first, second = self.pair(difference)
        if first is None or second is None:
            raise RefusedError("这一处已不再不同，没有改。")
        wrong = (_errors(first, third), _errors(second, third))
        with self._settling(difference, f"第一次错 {wrong[0]} 处，第二遍错 {wrong[1]} 处", wrong):
            if wrong[0]:
                ballots.replace(self.stack, KeyedBallot(difference.first, *third))
            self._replace_second(difference.second, third)

    def add_second(self, difference: Difference, keyed: Marks) -> None:
        """Settle a missing sheet: the second entry skipped it, and here it is. If it differs from
        the first entry's, it is a changed sheet from now on."""
        with self._settling(difference, "第二遍漏录，已补录"):
            ballots.move("second_ballot", self.stack, difference.second, 1)
            database.execute_sql(_INSERT, (self.stack.stack_id, difference.second, *keyed))

    def drop_first(self, difference: Difference) -> None:
        """Settle a missing sheet: there is no such paper, the first entry has one twice."""
        with self._settling(difference, "第一次重复录入，已去掉"):
            ballots.take_out(self.stack, difference.first)

    def add_first(self, difference: Difference, third: Marks) -> None:
        """Settle an extra sheet: the first entry skipped it. Raises `RefusedError` if more would
        be in than came back."""
        if len(self._first()) >= self.returned:
            raise RefusedError(
                f"收回 {self.returned} 张，第一次已录满，补不进。请点清纸票："
                "实有更多就按 Esc 先改收回数；第二遍重复录了就按 Delete。"
            )
        with self._settling(difference, "第一次漏录，已补录"):
            ballots.put_in(self.stack, KeyedBallot(difference.first, *third))

    def drop_second(self, difference: Difference) -> None:
        """Settle an extra sheet: the second entry has one twice."""
        with self._settling(difference, "第二遍重复录入，已去掉"):
            database.execute_sql(_DROP_BALLOT, (self.stack.stack_id, difference.second))
            ballots.move("second_ballot", self.stack, difference.second + 1, -1)

    @contextmanager
    def _settling(
        self, difference: Difference, what: str, wrong: tuple[int, int] = (0, 0)
    ) -> Iterator[None]:
        """A transaction in which one sheet is settled: written down, and the stack verified if
        it was the last."""
        kind = difference.kind
        position = difference.second if kind is Kind.EXTRA else difference.first
        with writing():
            yield
            ballots.sign(self.stack, ballots.THIRD_ENTRY, clerk.current())
            self._tell(
                Verification.first_wrong + wrong[0],
                Verification.second_wrong + wrong[1],
                Verification.changed + (kind is Kind.CHANGED),
                Verification.missing + (kind is Kind.MISSING),
                Verification.extra + (kind is Kind.EXTRA),
            )
            journal.record(
                JournalAct.SETTLE_DIFFERENCE,
                paper.stack_name(self.poll, self.stack),
                f"第 {position} 张：{what}",
            )
            agreed = self._agree()
        self.agreed = agreed
        self._count_up()

    def _tell(self, *numbers: Any) -> None:
        stack_id = self.stack.stack_id
        Verification.insert(batch=stack_id).on_conflict_ignore().execute()
        names = ("first_wrong", "second_wrong", "changed", "missing", "extra")
        values = dict(zip(names, numbers, strict=True))
        Verification.update(**values).where(Verification.batch == stack_id).execute()

    def _agree(self) -> bool:
        """Within a transaction: verify the stack if the entries agree to the end."""
        first = self._first()
        if len(first) != self.returned or self.differences():
            return False
        stack_id = self.stack.stack_id
        compared = sum(
            1 if first[position].void_reason else self.size
            for position in range(1, len(first) + 1, self.step)
        )
        Verification.insert(batch=stack_id).on_conflict_ignore().execute()
        Verification.update(agreed=True, compared=compared).where(
            Verification.batch == stack_id
        ).execute()
        database.execute_sql(_DROP_ALL, (stack_id,))
        database.execute_sql(_DROP_DRAFT, (stack_id,))
        row = Verification.get(Verification.batch == stack_id)
        wrong = row.first_wrong + row.second_wrong
        journal.record(
            JournalAct.VERIFY_STACK,
            paper.stack_name(self.poll, self.stack),
            f"{self.needed} 张，比对 {compared} 项，差错 {wrong} 处",
        )
        return True

    def _replace_second(self, position: int, keyed: Marks) -> None:
        database.execute_sql(_REPLACE, (*keyed, self.stack.stack_id, position))

    def _first(self) -> dict[int, Marks]:
        return self._sequence("ballot")

    def _second(self) -> dict[int, Marks]:
        return self._sequence("second_ballot")

    def _sequence(self, table: str) -> dict[int, Marks]:
        """An entry's sheets by position, in order."""
        sql = f"SELECT position, marks, void_reason FROM {table}"  # noqa: S608 - table names
        where = " WHERE batch_id = ? ORDER BY position"
        rows = database.execute_sql(sql + where, (self.stack.stack_id,))
        return {position: Marks(marks, void) for position, marks, void in rows}

    def _count_up(self) -> None:
        self.counts = [Counter() for _ in self.sheet.places]
        self.valid = self.void = 0
        # Of a verified stack the second entry is the first one's like.
        found = self._first() if self.agreed else self._second()
        for position, keyed in found.items():
            if (position - 1) % self.step == 0:
                self._add(keyed, 1)

    def _add(self, keyed: Marks, n: int) -> None:
        if keyed.void_reason:
            self.void += n
            return
        self.valid += n
        for place, mark in enumerate(keyed.marks):
            self.counts[place][mark] += n


def verify(stack_id: int) -> SecondEntry:
    """Open a stack for its second entry. Raises `RefusedError` if it cannot be keyed, its round
    asks for no second entry, its first is not done, or it is verified already."""
    first = ballots.enter(stack_id)
    name = f"{first.poll.short} {first.level_name} {first.stack.group.name}"
    if not first.round.rules.verification.every:
        raise RefusedError(f"轮次“{first.round.title}”定的是不复核，本轮次不复核。")
    if first.poll.state is PollState.REOPENED:
        raise RefusedError(f"{first.poll.unit_name} 封存过，已没有票的先后次序，不能逐票复核。")
    row = Verification.get_or_none(Verification.batch == stack_id)
    if row is not None and row.agreed:
        raise RefusedError(f"{name} 已复核一致。要改就在录票里更正，改过的票再来复核。")
    second = SecondEntry(first)
    if not first.full and not second.entered:
        raise RefusedError(
            f"{name} 第一次录了 {first.entered} 张，收回 {first.returned} 张：录完再复核。"
        )
    if second.reached and not SecondDraft.select().where(SecondDraft.batch == stack_id).exists():
        # Nothing may be left to key, as where only the number of returned sheets was mended.
        second.settle()
    return second


def choose_stack(
    poll: PollInfo, level: str, group: str, subject: str | None, number: int | None
) -> Stack:
    """The stack named as in `paper.choose_stack`; without a number, the first that is not
    verified yet. Raises `RefusedError`, naming what there is."""
    chosen = paper.choose_stack(poll, level, group, subject, number)
    if number is not None:
        return chosen
    states = of_poll(poll.id)
    kind = (chosen.sheet_id, chosen.group.id)
    found = [stack for stack in stacks(poll.id) if (stack.sheet_id, stack.group.id) == kind]
    return next((stack for stack in found if not states[stack.stack_id].satisfied), chosen)


def _errors(keyed: Marks, truth: Marks) -> int:
    """How many marks of a sheet are wrong; a void one taken for valid, or the like, is one."""
    if keyed.void_reason or truth.void_reason:
        return int(keyed != truth)
    return len(differing(keyed, truth))


def _rows(what: str, poll_id: int, rest: str = "") -> list[tuple[Any, ...]]:
    sql = f"SELECT {what} WHERE {_OF_POLL} {rest}"
    rows: list[tuple[Any, ...]] = database.execute_sql(sql, (poll_id,)).fetchall()
    return rows
