"""票数平衡: the identities of paper and ballots, and what to do where they fail. Pure.

issued = returned + unreturned; returned = valid + void once all is keyed; at each place, valid
ballots = the grades + blank + overvote.
"""

from __future__ import annotations

from dataclasses import dataclass


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
