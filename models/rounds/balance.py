"""票数平衡: the identities of paper and ballots, and what to do where they fail. Pure.

issued = returned + unreturned; returned = valid + void once all is keyed; at each place, valid
ballots = the grades + blank + overvote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.regulation.rules import VerificationRule


@dataclass(frozen=True)
class Balance:
    """The paper of one sheet and voter group (or a sum of such)."""

    issued: int = 0
    returned: int = 0
    valid: int = 0
    void: int = 0

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.issued + other.issued,
            self.returned + other.returned,
            self.valid + other.valid,
            self.void + other.void,
        )

    @property
    def unreturned(self) -> int:
        """Paper handed out that did not come back."""
        return self.issued - self.returned

    @property
    def entered(self) -> int:
        """Ballots keyed so far."""
        return self.valid + self.void

    @property
    def missing(self) -> int:
        """Ballots returned that are not keyed yet."""
        return self.returned - self.entered

    @property
    def complete(self) -> bool:
        """Whether paper came back and all of it is keyed."""
        return self.returned > 0 and self.missing == 0

    @property
    def difference(self) -> str:
        """How far the keyed ballots are from the returned paper, in words."""
        if self.missing > 0:
            return f"差 {self.missing} 张"
        return f"多 {-self.missing} 张" if self.missing < 0 else "平"


@dataclass(frozen=True)
class BalanceRow:
    """The paper of one sheet and voter group, stack by stack, and its void ballots by reason
    (from 1)."""

    sheet: str
    group: str
    stacks: tuple[Balance, ...]
    void: tuple[tuple[int, int], ...] = ()

    @property
    def balance(self) -> Balance:
        """The stacks in sum."""
        return sum(self.stacks, Balance())

    @property
    def balanced(self) -> bool:
        """Whether each stack has as many ballots keyed as came back. What one stack lacks
        another does not make up."""
        return not any(stack.missing for stack in self.stacks)

    @property
    def difference(self) -> str:
        """`平`, or which stack is short or over by how many."""
        if self.balanced:
            return "平"
        if len(self.stacks) == 1:
            return self.balance.difference
        return "，".join(
            f"第 {number} 批{stack.difference}"
            for number, stack in enumerate(self.stacks, 1)
            if stack.missing
        )


@dataclass(frozen=True)
class BalanceTable:
    """票数平衡 of a poll: a row for each sheet and voter group, in the order of the stacks."""

    rows: tuple[BalanceRow, ...] = ()

    @property
    def total(self) -> Balance:
        """All rows in sum."""
        return sum((row.balance for row in self.rows), Balance())

    @property
    def void(self) -> dict[int, int]:
        """All void ballots by reason, in the order of the reasons."""
        found: dict[int, int] = {}
        for reason, n in sorted(pair for row in self.rows for pair in row.void):
            found[reason] = found.get(reason, 0) + n
        return found

    @property
    def balanced(self) -> bool:
        """Whether every stack balances."""
        return all(row.balanced for row in self.rows)

    @property
    def sheets(self) -> dict[str, Balance]:
        """The sum of each sheet, in order."""
        found: dict[str, Balance] = {}
        for row in self.rows:
            found[row.sheet] = found.get(row.sheet, Balance()) + row.balance
        return found


def to_verify(rule: VerificationRule, returned: int) -> int:
    """How many of a stack's returned ballots a round's rule asks to key a second time."""
    return -(-returned // rule.every) if rule.every else 0


def unequal_places(places: Sequence[int], valid: int) -> list[int]:
    """The places (from 0) where grades, blanks and overvotes together are not the valid
    ballots; `places` holds those sums in printed order."""
    return [at for at, marked in enumerate(places) if marked != valid]


def returned_refusal(issued: int, returned: int, entered: int) -> str:
    """Why a count of returned paper cannot be recorded; empty if it can.

    More paper back than was handed out makes an evaluation void (the rule that elections share),
    so it is refused and must be cleared up first.
    """
    if returned > issued:
        return (
            f"收回 {returned} 张多于发出 {issued} 张，按规定测评无效、应重新测评。"
            "请核对发出数、收回数。"
        )
    if returned < entered:
        return f"收回 {returned} 张少于已录入的 {entered} 张。请先撤销多录的票。"
    return ""
