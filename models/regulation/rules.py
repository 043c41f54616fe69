"""The rules under which a round is counted, as plain values.

The regulation leaves all of these open (`denominator`, `minimum_group`, the trust rule …), so
each is a setting of the round, frozen when it opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from models.regulation.levels import Level


class Denominator(StrEnum):
    """What a share is a share of."""

    MARKS = "marks"
    VALID = "valid"
    RETURNED = "returned"
    PRESENT = "present"


class SheetLines(StrEnum):
    """Which lines a subject has on a sheet."""

    ITEMS = "items"
    OVERALL = "overall"
    BOTH = "both"


class MemberSheet(StrEnum):
    """Whether a member sheet holds the whole team or one person (一票多人, 一人一票)."""

    TEAM = "team"
    PERSON = "person"


class Comparator(StrEnum):
    """How a trust rule compares the share of counted grades with its fraction."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class Quorum(StrEnum):
    """How many of the people expected must be present: nothing is asked, a half, two thirds."""

    OFF = "off"
    HALF = "1/2"
    TWO_THIRDS = "2/3"


@dataclass(frozen=True)
class VerificationRule:
    """复核: how many of the returned ballots are keyed a second time. Written `full`, `none` or,
    for a sample, `1/n`."""

    every: int = 1
    """Every how many ballots one is keyed again, beginning with the first: 1 is all, 0 none."""

    @classmethod
    def parse(cls, text: str) -> VerificationRule:
        """The rule that is written so. Raises `ValueError` if `text` is none; n is 2 to 99."""
        match = re.fullmatch(r"full|none|1/([2-9]|[1-9][0-9])", text)
        if match is None:
            raise ValueError(f"no verification rule: {text!r}")
        return cls(int(match[1]) if match[1] else int(text == "full"))

    def __str__(self) -> str:
        return {0: "none", 1: "full"}.get(self.every, f"1/{self.every}")

    @property
    def sampled(self) -> bool:
        """Whether some ballots are keyed again and others are not."""
        return self.every > 1

    @property
    def step(self) -> int:
        """How far apart the ballots of a second entry stand in the first; 1 where none is asked
        for, so that a round whose rule was lifted keeps what it had."""
        return max(self.every, 1)


@dataclass(frozen=True)
class TrustRule:
    """信任票标准 of one level: which grades count, and against which exact fraction.

    The regulation (clause 五、3) only points to another document for the number, so there is no
    default. The denominator is the round's unless the rule names its own.
    """

    grades: tuple[str, ...]
    comparator: Comparator
    numerator: int
    denominator: int
    base: Denominator | None = None


@dataclass(frozen=True)
class RoundRules:
    """All rules of one round."""

    sheet: SheetLines = SheetLines.BOTH
    member_sheet: MemberSheet = MemberSheet.TEAM
    denominator: Denominator = Denominator.MARKS
    decimals: int = 2
    minimum_group: int = 5
    verification: VerificationRule = VerificationRule()
    quorum: Quorum = Quorum.OFF
    weighted: bool = False
    trust: dict[Level, TrustRule] = field(default_factory=dict)
