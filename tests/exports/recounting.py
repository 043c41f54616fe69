"""Counts ballots again from the lines as they were typed, without the program's help.

What a document must say is worked out here: counts, paper, and shares by whole-number arithmetic
of its own, so that a test of a document's numbers rests on nothing that made the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

OVERALL = 0
DASH = "—"


@dataclass(frozen=True)
class Pile:
    """One voter group's paper of one sheet: what it asks, how many went out and came back, and
    the lines typed from it (`/n` is a void ballot with reason n)."""

    level: str
    subjects: tuple[str, ...]
    items: tuple[int, ...]
    grades: tuple[str, ...]
    group: str
    issued: int
    returned: int
    lines: tuple[str, ...]

    @property
    def void(self) -> Counter[int]:
        """Void ballots by reason."""
        return Counter(int(line[1:]) for line in self.lines if line.startswith("/"))

    @property
    def valid(self) -> list[str]:
        """The lines that count."""
        return [line for line in self.lines if not line.startswith("/")]


@dataclass(frozen=True)
class Rules:
    """How shares are taken: `base` is `marks`, `valid`, `returned` or `present`; `weights` by
    voter group, empty where the round is not weighted."""

    base: str = "valid"
    decimals: int = 2
    weights: Mapping[str, int] | None = None
    present: int = 0


@dataclass(frozen=True)
class Place:
    """One line of one subject: counts, and shares as they are printed."""

    subject: str
    item: int
    grades: dict[str, int]
    blank: int
    overvote: int
    shares: dict[str, str]

    @property
    def counts(self) -> tuple[int, ...]:
        """Grades, blank and overvote in a row."""
        return (*self.grades.values(), self.blank, self.overvote)


@dataclass(frozen=True)
class LevelCount:
    """One level of one poll: its piles and every line in printed order."""

    name: str
    grades: tuple[str, ...]
    piles: tuple[Pile, ...]
    places: tuple[Place, ...]

    def paper(self, subject: str = "") -> tuple[int, int, int, int]:
        """Issued, returned, valid, void: of the sheet that `subject` stands on, or of all."""
        mine = [pile for pile in self.piles if subject in ("", *pile.subjects)]
        return (
            sum(pile.issued for pile in mine),
            sum(pile.returned for pile in mine),
            sum(len(pile.valid) for pile in mine),
            sum(pile.void.total() for pile in mine),
        )

    @property
    def sheets(self) -> int:
        """How many sheets there are, one for each person or one for all."""
        return len({pile.subjects for pile in self.piles})

    def of(self, subject: str) -> list[Place]:
        """The lines of one subject."""
        return [place for place in self.places if place.subject == subject]


def percent(share: Fraction | None, decimals: int) -> str:
    """A share as printed: half up in whole numbers, a dash for none."""
    if share is None:
        return DASH
    scale = 10**decimals
    # floor(100·scale·n/d + 1/2) without a fraction in between.
    whole = (200 * scale * share.numerator + share.denominator) // (2 * share.denominator)
    return f"{whole // scale}.{whole % scale:0{decimals}d}%"


def count(piles: Sequence[Pile], rules: Rules) -> dict[str, LevelCount]:
    """The levels of one poll in the order of its piles."""
    return {
        name: _level(name, [pile for pile in piles if pile.level == name], rules)
        for name in dict.fromkeys(pile.level for pile in piles)
    }


def _level(name: str, piles: Sequence[Pile], rules: Rules) -> LevelCount:
    sheets = list(dict.fromkeys(pile.subjects for pile in piles))
    places = [
        place
        for sheet in sheets
        for place in _sheet([pile for pile in piles if pile.subjects == sheet], rules)
    ]
    return LevelCount(name, piles[0].grades, tuple(piles), tuple(places))


def _sheet(piles: Sequence[Pile], rules: Rules) -> Iterable[Place]:
    first = piles[0]
    for number, subject in enumerate(first.subjects):
        for line, item in enumerate(first.items):
            at = number * len(first.items) + line
            marks = {pile.group: Counter(each[at] for each in pile.valid) for pile in piles}
            total = sum(marks.values(), Counter[str]())
            grades = {grade: total[str(n)] for n, grade in enumerate(first.grades, 1)}
            exact = [_share(str(n), piles, marks, rules) for n, _ in enumerate(first.grades, 1)]
            shares = {
                grade: percent(share, rules.decimals)
                for grade, share in zip(first.grades, exact, strict=True)
            }
            if len(first.grades) > 2:
                upper = [share for share in exact[:2] if share is not None]
                both = sum(upper, Fraction(0)) if upper else None
                shares["合计"] = percent(both, rules.decimals)
            yield Place(subject, item, grades, total["0"], total["*"], shares)


def _share(
    mark: str, piles: Sequence[Pile], marks: Mapping[str, Counter[str]], rules: Rules
) -> Fraction | None:
    if not rules.weights:
        base = sum(_base(pile, marks[pile.group], rules) for pile in piles)
        if rules.base == "present":
            base = rules.present
        votes = sum(found[mark] for found in marks.values())
        return Fraction(votes, base) if base else None
    parts = [
        (rules.weights[pile.group], marks[pile.group][mark], base)
        for pile in piles
        if (base := _base(pile, marks[pile.group], rules))
    ]
    if not parts:
        return None
    whole = sum(weight for weight, _, _ in parts)
    return (
        sum((Fraction(weight * votes, base) for weight, votes, base in parts), Fraction(0)) / whole
    )


def _base(pile: Pile, marks: Counter[str], rules: Rules) -> int:
    if rules.base == "marks":
        return sum(n for mark, n in marks.items() if mark not in "0*")
    return {"valid": len(pile.valid), "returned": pile.returned, "present": 0}[rules.base]
