"""Ballot balance (票数平衡): how issued, returned and keyed ballots must add up. No database.

issued = returned + unreturned; returned = valid + void once everything is keyed; and at each
place, valid = all grades + blank + overvote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.regulation.rules import VerificationRule


@dataclass(frozen=True)
class Balance:
    """Ballot numbers of one sheet and voter group, or a sum of several."""

    issued: int = 0
    """Ballots issued."""
    returned: int = 0
    """Ballots returned."""
    valid: int = 0
    """Valid ballots keyed."""
    void: int = 0
    """Void ballots keyed."""
    unregistered: int = 0
    """Stacks of which nobody registered how many ballots came back (未登记). That is not the same
    as none (无票), which is registered as zero."""

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.issued + other.issued,
            self.returned + other.returned,
            self.valid + other.valid,
            self.void + other.void,
            self.unregistered + other.unregistered,
        )

    @property
    def unreturned(self) -> int:
        """Ballots issued but not returned."""
        return self.issued - self.returned

    @property
    def entered(self) -> int:
        """Ballots keyed so far."""
        return self.valid + self.void

    @property
    def missing(self) -> int:
        """Ballots returned but not keyed yet; negative if too many are keyed."""
        return self.returned - self.entered

    @property
    def complete(self) -> bool:
        """Whether ballots were returned and all of them are keyed."""
        return self.returned > 0 and self.missing == 0

    @property
    def none(self) -> bool:
        """Whether it is registered that no ballot came back (无票)."""
        return not (self.unregistered or self.returned or self.entered)

    @property
    def difference(self) -> str:
        """The difference between returned and keyed ballots, as Chinese text; 未登记 if one of
        the stacks is not registered, 无票 if there is no paper."""
        if self.missing:
            return f"差 {self.missing} 张" if self.missing > 0 else f"多 {-self.missing} 张"
        if self.unregistered:
            return "未登记"
        return "无票" if self.none else "平"

    @property
    def rest(self) -> str:
        """How many ballots did not come back, or of how many stacks nobody registered what did, as
        Chinese text."""
        if self.unregistered:
            return f"未登记 {self.unregistered} 批"
        return f"未收回 {self.unreturned}"


@dataclass(frozen=True)
class BalanceRow:
    """The balance of one sheet and voter group."""

    sheet: str
    """The name of the sheet."""
    group: str
    """The name of the voter group."""
    stacks: tuple[Balance, ...]
    """The balance of each stack."""
    void: tuple[tuple[int, int], ...] = ()
    """Void ballots, as pairs of reason (from 1) and number."""

    @property
    def balance(self) -> Balance:
        """The sum of all stacks."""
        return sum(self.stacks, Balance())

    @property
    def balanced(self) -> bool:
        """Whether every stack is registered and has as many ballots keyed as returned.

        A surplus in one stack does not make up for a shortage in another.
        """
        return not any(stack.missing or stack.unregistered for stack in self.stacks)

    @property
    def difference(self) -> str:
        """`平` or `无票`, or by how many ballots each stack is short or over, and which is not
        registered."""
        if self.balanced or len(self.stacks) == 1:
            return self.balance.difference
        return "，".join(
            f"第 {number} 批{stack.difference}"
            for number, stack in enumerate(self.stacks, 1)
            if stack.missing or stack.unregistered
        )


@dataclass(frozen=True)
class BalanceTable:
    """The ballot balance (票数平衡) of a poll."""

    rows: tuple[BalanceRow, ...] = ()
    """One row for each sheet and voter group, in the order of the stacks."""

    @property
    def total(self) -> Balance:
        """The sum of all rows."""
        return sum((row.balance for row in self.rows), Balance())

    @property
    def void(self) -> dict[int, int]:
        """The number of void ballots by reason (from 1), in the order of the reasons."""
        found: dict[int, int] = {}
        for reason, n in sorted(pair for row in self.rows for pair in row.void):
            found[reason] = found.get(reason, 0) + n
        return found

    @property
    def balanced(self) -> bool:
        """Whether every stack balances."""
        return all(row.balanced for row in self.rows)

    @property
    def difference(self) -> str:
        """`平` or `无票`, what the only row differs by, how many stacks are not registered, or
        `不平`."""
        if self.balanced:
            return self.total.difference
        if len(self.rows) == 1:
            return self.rows[0].difference
        if any(stack.missing for row in self.rows for stack in row.stacks):
            return "不平"
        return f"{self.total.unregistered}批未登记"

    @property
    def sheets(self) -> dict[str, Balance]:
        """The sum of each sheet, by sheet name in the order of the rows."""
        found: dict[str, Balance] = {}
        for row in self.rows:
            found[row.sheet] = found.get(row.sheet, Balance()) + row.balance
        return found


def to_verify(rule: VerificationRule, returned: int) -> int:
    """How many returned ballots of a stack the round's rule requires to be keyed a second time."""
    return -(-returned // rule.every) if rule.every else 0


def unequal_places(places: Sequence[int], valid: int) -> list[int]:
    """The places, from 0, where grades, blanks and overvotes do not add up to `valid`.

    `places` holds these sums in printed order.
    """
    return [at for at, marked in enumerate(places) if marked != valid]


def registered(issued: int | None, returned: int | None) -> tuple[int | None, int | None]:
    """The numbers of a stack (issued to its group, returned) as they were typed; None for a field
    left empty. If nothing was issued, nothing can come back, so zero need not be typed twice."""
    return issued, 0 if issued == 0 and returned is None else returned


def returned_refusal(issued: int | None, returned: int | None, entered: int) -> str:
    """Why a number of returned ballots cannot be recorded; empty if it can. None is for a number
    that is not registered.

    More ballots returned than issued make an evaluation void, as in elections. So the number is
    refused until the cause is found.
    """
    if returned is None:
        return f"收回空着没有填，已录入 {entered} 张。请填收回数。" if entered else ""
    if issued is None:
        return f"填了收回 {returned} 张，没有填发出。没有发的填 0。"
    if returned > issued:
        return (
            f"收回 {returned} 张多于发出 {issued} 张，按规定测评无效、应重新测评。"
            "请核对发出数、收回数。"
        )
    if returned < entered:
        return f"收回 {returned} 张少于已录入的 {entered} 张。请先撤销多录的票。"
    return ""
