"""The rules for counting a round, as plain values.

The regulation does not settle any of them (`denominator`, `minimum_group`, the trust rule, …).
Each is therefore a setting of the round, frozen when the round opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from models.regulation.levels import Level

# A smaller minimum of a line by voter group asks for a look: so few voters know each other.
LEAST_MINIMUM = 5
# How many voters the smallest voter group, the leadership team, usually has.
USUAL_TEAM = (5, 9)


class Denominator(StrEnum):
    """The denominator of a share (得票率)."""

    MARKS = "marks"
    """The ballots with a grade at the place, without blanks and overvotes."""
    VALID = "valid"
    """The valid ballots."""
    RETURNED = "returned"
    """The returned ballots."""
    PRESENT = "present"
    """The people present."""


class SheetLines(StrEnum):
    """Which lines a sheet has for each subject."""

    ITEMS = "items"
    """One line for each item."""
    OVERALL = "overall"
    """Only the overall evaluation (总体评价)."""
    BOTH = "both"
    """The items, then the overall evaluation."""


class MemberSheet(StrEnum):
    """Whether a member sheet lists the whole team or one person."""

    TEAM = "team"
    """The whole team on one sheet (一票多人)."""
    PERSON = "person"
    """A sheet for each person (一人一票)."""


class Comparator(StrEnum):
    """How a trust rule compares the share of its grades with its fraction."""

    AT_LEAST = "at_least"
    """The share must reach the fraction (达到)."""
    MORE_THAN = "more_than"
    """The share must exceed the fraction (超过)."""


class Quorum(StrEnum):
    """How many of the expected voters must be present."""

    OFF = "off"
    """No quorum."""
    HALF = "1/2"
    """At least half."""
    TWO_THIRDS = "2/3"
    """At least two thirds."""


@dataclass(frozen=True)
class VerificationRule:
    """复核: which of the returned ballots are keyed a second time.

    Written as `full`, `none` or, for a sample, `1/n`.
    """

    every: int = 1
    """Key one in n ballots again, drawn by a seed (`models.entry.sample`); 1 means all, 0 none."""

    @classmethod
    def parse(cls, text: str) -> VerificationRule:
        """Parse `full`, `none` or `1/n`, n from 2 to 99. Raises `ValueError` for other text."""
        match = re.fullmatch(r"full|none|1/([2-9]|[1-9][0-9])", text)
        if match is None:
            raise ValueError(f"no verification rule: {text!r}")
        return cls(int(match[1]) if match[1] else int(text == "full"))

    def __str__(self) -> str:
        return {0: "none", 1: "full"}.get(self.every, f"1/{self.every}")

    @property
    def sampled(self) -> bool:
        """Whether only some of the ballots are keyed again."""
        return self.every > 1

    @property
    def step(self) -> int:
        """The distance between ballots of a sample that a program of before began.

        It is 1 if no second entry is required, so that a round whose rule was lifted keeps the
        ballots that were already keyed twice.
        """
        return max(self.every, 1)


@dataclass(frozen=True)
class TrustRule:
    """The trust rule (信任票标准) of one level.

    The regulation (clause 五、3) refers to another document for the number, so there is no
    default.
    """

    grades: tuple[str, ...]
    """The grades that count as trust."""
    comparator: Comparator
    """How their share is compared with the fraction."""
    numerator: int
    """The numerator of the fraction, which is exact."""
    denominator: int
    """The denominator of the fraction."""
    base: Denominator | None = None
    """What the share is a share of; None for the round's own denominator."""


@dataclass(frozen=True)
class RoundRules:
    """All rules of one round."""

    sheet: SheetLines = SheetLines.BOTH
    """The lines of each subject on a sheet."""
    member_sheet: MemberSheet = MemberSheet.TEAM
    """Whether a member sheet lists the team or one person."""
    denominator: Denominator = Denominator.MARKS
    """The denominator of shares."""
    decimals: int = 2
    """Decimal places of a printed share: 1 or 2."""
    minimum_group: int = 10
    """The fewest valid ballots of a line by voter group (`models.count.disclosure`), and between
    two looks at the counts while paper is keyed."""
    verification: VerificationRule = VerificationRule()
    """Which ballots are keyed a second time."""
    quorum: Quorum = Quorum.OFF
    """How many voters must be present."""
    weighted: bool = False
    """Whether the shares of voter groups are combined by weight."""
    trust: dict[Level, TrustRule] = field(default_factory=dict)
    """The trust rules, by level; empty if the office has set none."""

    def trust_base(self, level: Level) -> Denominator | None:
        """What the trust rule of a level takes its share of; None without a rule."""
        rule = self.trust.get(level)
        return (rule.base or self.denominator) if rule else None
