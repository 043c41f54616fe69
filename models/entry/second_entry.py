"""Verification (复核): the blind second entry of a stack, and settling its differences.

The second entry is stored separately from the first. If both agree, the stack is verified and the
second entry is deleted, because it is the same as the first. Where they differ, the ballot is
keyed a third time from the paper, and the third keying decides. Each ballot is settled in one
durable transaction together with the counts it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from models.database import clerk, journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import SecondDraft, Verification, database
from models.entry import sample
from models.entry.alignment import Difference, DifferenceKind, align, differing
from models.entry.ballot import Ballot, checked
from models.entry.first_entry import FirstEntry, enter, reopen_verification
from models.entry.sequence import PASS_NUMBERS, SECOND, THIRD_NUMBER, BallotSequence
from models.entry.stack_entry import KeyedStack, StackEntry, sign
from models.refusal import RefusedError, Way
from models.regulation.rules import VerificationRule
from models.rounds import life, paper
from models.rounds.balance import to_verify
from models.rounds.polls import PollInfo, PollState, find_by_id
from models.rounds.stacks import Stack, stacks

_KEYERS = "SELECT number, who FROM keyer WHERE batch_id = ? ORDER BY number, who"
_OF_POLL = (
    "batch_id IN (SELECT b.id FROM batch b JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?)"
)


@dataclass(frozen=True)
class Errors:
    """Errors of keying that a second entry found, by entry: of marks, and of whole sheets."""

    first_wrong: int = 0
    """Wrong marks in the first entry; a void ballot counts as one mark."""
    second_wrong: int = 0
    """Wrong marks in the second entry, counted likewise."""
    first_sheets: int = 0
    """Sheets with wrong marks in the first entry."""
    second_sheets: int = 0
    """Sheets with wrong marks in the second entry."""
    first_skipped: int = 0
    """Sheets that the first entry had skipped."""
    second_skipped: int = 0
    """Sheets that the second entry had skipped."""
    first_twice: int = 0
    """Sheets that the first entry had twice."""
    second_twice: int = 0
    """Sheets that the second entry had twice."""

    def __add__(self, other: Errors) -> Errors:
        theirs = vars(other)
        return Errors(**{name: n + theirs[name] for name, n in vars(self).items()})

    @property
    def sheets(self) -> int:
        """Sheets with wrong marks in either entry, once for each entry."""
        return self.first_sheets + self.second_sheets

    @property
    def whole_sheets(self) -> int:
        """Sheets that either entry had skipped or had twice."""
        return self.first_skipped + self.second_skipped + self.first_twice + self.second_twice


@dataclass(frozen=True)
class StackVerification:
    """How far a stack is verified."""

    stack_id: int
    """The stack."""
    needed: int
    """Ballots to key a second time; 0 if the round requires no verification."""
    keyed: int
    """Ballots keyed a second time; all of them if the stack is verified."""
    agreed: bool
    """Whether the entries agree, so that the stack is verified."""
    compared: int
    """Marks compared; a void ballot counts as one mark."""
    changed: int
    """Ballots that were keyed differently."""
    missing: int
    """Ballots that were missing from the second entry."""
    extra: int
    """Ballots that were only in the second entry."""
    errors: Errors
    """The errors by entry, of marks and of sheets."""
    seed: str
    """The seed of the sample that is keyed a second time; empty if none is drawn."""
    first_keyers: tuple[str, ...]
    """Names of those who keyed the first entry, sorted."""
    second_keyers: tuple[str, ...]
    """Names of those who keyed the second entry, sorted."""
    third_keyers: tuple[str, ...]
    """Names of those who settled differences, sorted."""

    @property
    def first_wrong(self) -> int:
        """Wrong marks in the first entry; a void ballot counts as one mark."""
        return self.errors.first_wrong

    @property
    def second_wrong(self) -> int:
        """Wrong marks in the second entry, counted likewise."""
        return self.errors.second_wrong

    @property
    def differences(self) -> int:
        """The number of wrong marks in both entries."""
        return self.first_wrong + self.second_wrong

    @property
    def unattributed(self) -> int:
        """Sheets that differed, were missing or surplus, of which it is not known in which entry:
        settled by a program that did not keep it."""
        known = self.errors
        skipped = known.second_skipped + known.first_twice
        surplus = known.first_skipped + known.second_twice
        lost = self.missing - skipped + self.extra - surplus
        return lost + (self.changed if self.changed and not known.sheets else 0)

    @property
    def same_person(self) -> bool:
        """Whether the same person worked on both entries."""
        return bool(set(self.first_keyers) & set(self.second_keyers))

    @property
    def satisfied(self) -> bool:
        """Whether the stack meets the round's rule."""
        return self.agreed or not self.needed


def of_poll(poll_id: int) -> dict[int, StackVerification]:
    """The verification of each stack of a poll, by stack id."""
    rule = life.find_by_id(find_by_id(poll_id).round_id).rules.verification
    return verifications(poll_id, rule, stacks(poll_id))


def verifications(
    poll_id: int, rule: VerificationRule, paper: Iterable[Stack]
) -> dict[int, StackVerification]:
    """Like `of_poll`, for callers that already have the rule and the stacks."""
    keyers: dict[tuple[int, int], list[str]] = defaultdict(list)
    for stack_id, number, who in _rows("batch_id, number, who FROM keyer", poll_id, "ORDER BY who"):
        keyers[stack_id, number].append(who)
    keyed = dict(_rows("batch_id, count(*) FROM second_ballot", poll_id, "GROUP BY batch_id"))
    columns = f"agreed, compared, changed, missing, extra, seed, {', '.join(vars(Errors()))}"
    found = {row[0]: row[1:] for row in _rows(f"batch_id, {columns} FROM verification", poll_id)}
    states = {}
    for stack in paper:
        stack_id, asked = stack.stack_id, to_verify(rule, stack.returned)
        agreed, compared, changed, missing, extra, seed, *wrong = found.get(stack_id, _NOTHING)
        passes = [tuple(keyers[stack_id, number]) for number in PASS_NUMBERS]
        count = asked if agreed else keyed.get(stack_id, 0)
        numbers = (compared, changed, missing, extra)
        states[stack_id] = StackVerification(
            stack_id, asked, count, bool(agreed), *numbers, Errors(*wrong), seed, *passes
        )
    return states


_NOTHING = (0, 0, 0, 0, 0, "")


class SecondEntry(StackEntry):
    """A stack being keyed a second time. Its counts cover only the second entry."""

    def __init__(self, first: FirstEntry) -> None:
        keyed = KeyedStack(first.round, first.poll, first.stack, first.level_name, first.sheet)
        super().__init__(keyed, SECOND, BallotSequence(first.stack, SECOND))
        self._first = first.ballots
        rule = first.round.rules.verification
        self.sampled = rule.sampled
        """Whether only some of the ballots are keyed."""
        self.needed = to_verify(rule, first.returned)
        """The number of ballots to key."""
        self._papers = sample.papers(rule, sample.seed_of(first.stack.stack_id), first.returned)
        self.agreed = False
        """Whether the stack is verified."""
        self._count_again()

    @property
    def reached(self) -> bool:
        """Whether all ballots that have to be verified are keyed."""
        return self.entered >= self.needed

    @property
    def next_paper(self) -> int:
        """The number of the next ballot to key in the stack, from 1; of a sample that is keyed,
        the last."""
        if self.sampled and self._papers:
            return self._papers[min(self.entered, len(self._papers) - 1)]
        return self.entered + 1

    def first_entered(self) -> int:
        """The number of ballots in the first entry."""
        return len(self._first.read())

    def keyers(self, number: int) -> tuple[str, ...]:
        """The names of those who keyed pass `number` of this stack."""
        rows = database.execute_sql(_KEYERS, (self.stack.stack_id,)).fetchall()
        return tuple(who for each, who in rows if each == number)

    def commit(self, marks: str, void_reason: int = 0) -> None:
        """Store the next ballot of the second entry.

        If it is the last one and the entries agree, the stack is verified (`agreed`). Another
        ballot for a verified stack reopens the verification. Raises `RefusedError`, in which case
        nothing is stored.
        """
        if self.sampled and self.reached:
            raise RefusedError(f"抽查的 {self.needed} 张都已录完，不再多录。")
        ballot = checked(self.sheet, marks, void_reason)
        with writing():
            if self.agreed:
                reopen_verification(self.round, self.stack)
            who = self._store_next(self.next_paper, ballot)
            agreed = self.entered + 1 >= self.needed and self._agree()
        self.agreed = agreed
        self._stored(ballot, who)

    def settle(self) -> bool:
        """Verify the stack if nothing is left to do. Returns whether it is verified."""
        with writing():
            agreed = self.reached and self._agree()
        self.agreed = agreed
        return agreed

    def differences(self) -> list[Difference]:
        """The differences between the entries in stack order.

        Ballots not keyed yet count as missing.
        """
        return self._differences(self._first.read())

    def next_difference(self) -> Difference | None:
        """The next difference to settle, normally the first one.

        A ballot that is not in the first entry cannot be added while the first entry is full. Then
        a ballot that is only in the first entry goes first, because dropping it makes room.
        """
        first = self._first.read()
        found = self._differences(first)
        if found and found[0].kind is DifferenceKind.EXTRA and len(first) >= self.returned:
            found.sort(key=lambda each: each.kind is not DifferenceKind.MISSING)
        return found[0] if found else None

    def pair(self, difference: Difference) -> tuple[Ballot | None, Ballot | None]:
        """The ballots of both entries at a difference; None past the end of an entry.

        Do not show them to the clerk before the paper is keyed again.
        """
        return (
            self._first.read().get(difference.first),
            self.ballots.read().get(difference.second),
        )

    def change(self, difference: Difference, third: Ballot) -> None:
        """Settle a ballot that was keyed differently.

        `third`, keyed again from the paper, replaces the ballot in both entries. Raises
        `RefusedError` if the ballots no longer differ.
        """
        first, second = self.pair(difference)
        if first is None or second is None:
            raise RefusedError("这一处已不再不同，没有改。")
        wrong = (_errors(first, third), _errors(second, third))
        found = Errors(*wrong, int(wrong[0] > 0), int(wrong[1] > 0))
        with self._settling(difference, f"第一次错 {wrong[0]} 处，第二遍错 {wrong[1]} 处", found):
            if wrong[0]:
                self._first.replace(difference.first, third)
            self.ballots.replace(difference.second, third)

    def add_second(self, difference: Difference, keyed: Ballot) -> None:
        """Settle a missing ballot by adding it to the second entry, which skipped it.

        If it differs from the ballot in the first entry, it becomes a `CHANGED` difference.
        """
        with self._settling(difference, "第二遍漏录，已补录", Errors(second_skipped=1)):
            self.ballots.put_in(difference.second, keyed)

    def drop_first(self, difference: Difference) -> None:
        """Settle a missing ballot by removing it from the first entry, which has it twice."""
        with self._settling(difference, "第一次重复录入，已去掉", Errors(first_twice=1)):
            self._first.take_out(difference.first)

    def add_first(self, difference: Difference, third: Ballot) -> None:
        """Settle an extra ballot by adding it to the first entry, which skipped it.

        Raises `RefusedError` if the first entry would exceed the number of returned ballots.
        """
        if self.first_entered() >= self.returned:
            raise RefusedError(
                f"收回 {self.returned} 张，第一次已录满，补不进。请点清纸票。", Way.COUNT_PAPER
            )
        with self._settling(difference, "第一次漏录，已补录", Errors(first_skipped=1)):
            self._first.put_in(difference.first, third)

    def drop_second(self, difference: Difference) -> None:
        """Settle an extra ballot by removing it from the second entry, which has it twice."""
        with self._settling(difference, "第二遍重复录入，已去掉", Errors(second_twice=1)):
            self.ballots.take_out(difference.second)

    @contextmanager
    def _settling(self, difference: Difference, what: str, found: Errors) -> Iterator[None]:
        """A transaction that settles one ballot.

        It also records who keyed it and the errors found, and verifies the stack if this was the
        last difference.
        """
        with writing():
            yield
            sign(self.stack, THIRD_NUMBER, clerk.current())
            _record_errors(self.stack.stack_id, difference.kind, found)
            self._tell(JournalAct.SETTLE_DIFFERENCE, f"第 {difference.paper} 张：{what}")
            agreed = self._agree()
        self.agreed = agreed
        self._count_again()

    def _agree(self) -> bool:
        """Verify the stack if both entries are complete and agree, in the caller's transaction."""
        first = self._first.read()
        if len(first) != self.returned or self._differences(first):
            return False
        compared = sum(1 if first[position].void_reason else self.size for position in self._papers)
        stack_id = self.stack.stack_id
        Verification.insert(batch=stack_id).on_conflict_ignore().execute()
        Verification.update(agreed=True, compared=compared).where(
            Verification.batch == stack_id
        ).execute()
        self.ballots.clear()
        row = Verification.get(Verification.batch == stack_id)
        wrong = row.first_wrong + row.second_wrong
        self._tell(
            JournalAct.VERIFY_STACK, f"{self.needed} 张，比对 {compared} 项，差错 {wrong} 处"
        )
        return True

    def _differences(self, first: dict[int, Ballot]) -> list[Difference]:
        second = self.ballots.read()
        if not self.sampled:
            return align(list(first.values()), list(second.values()), self.size)
        found = []
        for position in self._papers:
            if position not in first:
                continue
            if position not in second:
                found.append(Difference(DifferenceKind.MISSING, position, position))
            elif first[position] != second[position]:
                found.append(Difference(DifferenceKind.CHANGED, position, position))
        return found

    def _count_again(self) -> None:
        # The second entry of a verified stack is deleted, because it is the same as the first.
        found = self._first.read() if self.agreed else self.ballots.read()
        again = set(self._papers)
        self._count_up([b for at, b in found.items() if not self.sampled or at in again])

    def _tell(self, act: JournalAct, what: str) -> None:
        journal.record(act, paper.stack_name(self.poll, self.stack), what)


def _record_errors(stack_id: int, kind: DifferenceKind, found: Errors) -> None:
    """Add the errors found at one ballot to the stack's verification."""
    Verification.insert(batch=stack_id).on_conflict_ignore().execute()
    Verification.update(
        **{name: getattr(Verification, name) + n for name, n in vars(found).items()},
        changed=Verification.changed + (kind is DifferenceKind.CHANGED),
        missing=Verification.missing + (kind is DifferenceKind.MISSING),
        extra=Verification.extra + (kind is DifferenceKind.EXTRA),
    ).where(Verification.batch == stack_id).execute()


def verify(stack_id: int) -> SecondEntry:
    """Open a stack for its second entry.

    Raises `RefusedError` if the stack cannot be keyed, its round requires no second entry, its
    first entry is not finished, or it is verified already.
    """
    first = enter(stack_id)
    rule = first.round.rules.verification
    name = f"{first.poll.short} {first.level_name} {first.stack.group.name}"
    if not rule.every:
        raise RefusedError(f"轮次“{first.round.title}”定的是不复核，本轮次不复核。")
    if first.poll.state is PollState.REOPENED:
        raise RefusedError(f"{first.poll.unit_name} 封存过，已没有票的先后次序，不能逐票复核。")
    row = Verification.get_or_none(Verification.batch == stack_id)
    if row is not None and row.agreed:
        raise RefusedError(f"{name} 已复核一致。要改就在录票里更正，改过的票再来复核。")
    if first.full and rule.sampled:
        with writing():
            sample.draw(rule, first.poll, first.stack)
    second = SecondEntry(first)
    if not first.full and not second.entered:
        raise RefusedError(
            f"{name} 第一次录了 {first.entered} 张，收回 {first.returned} 张：录完再复核。"
        )
    if second.reached and not SecondDraft.select().where(SecondDraft.batch == stack_id).exists():
        # Nothing may be left to key, as when only the number of returned ballots was corrected.
        second.settle()
    return second


def next_to_verify(poll_id: int) -> Stack | None:
    """The first stack of a poll that is keyed but not verified yet."""
    states = of_poll(poll_id)
    for stack in stacks(poll_id):
        keyed = stack.returned > 0 and stack.balance.missing <= 0
        if keyed and not states[stack.stack_id].satisfied:
            return stack
    return None


def choose_stack(
    poll: PollInfo, level: str, group: str, subject: str | None, number: int | None
) -> Stack:
    """Like `paper.choose_stack`, but without a number the first stack not verified yet.

    Raises `RefusedError` with the available choices.
    """
    chosen = paper.choose_stack(poll, level, group, subject, number)
    if number is not None:
        return chosen
    states = of_poll(poll.id)
    kind = (chosen.sheet_id, chosen.group.id)
    found = [stack for stack in stacks(poll.id) if (stack.sheet_id, stack.group.id) == kind]
    return next((stack for stack in found if not states[stack.stack_id].satisfied), chosen)


def _errors(keyed: Ballot, truth: Ballot) -> int:
    """The number of wrong marks on a ballot; a mistake about a void ballot counts as one."""
    if keyed.void_reason or truth.void_reason:
        return int(keyed != truth)
    return len(differing(keyed, truth))


def _rows(what: str, poll_id: int, rest: str = "") -> list[tuple[Any, ...]]:
    sql = f"SELECT {what} WHERE {_OF_POLL} {rest}"
    rows: list[tuple[Any, ...]] = database.execute_sql(sql, (poll_id,)).fetchall()
    return rows
