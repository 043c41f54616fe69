"""Every poll of the sample office and of the office of extremes, counted again."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from models.regulation.rules import RoundRules, TrustRule
from tests.exports.extremes import WEIGHTS, Extremes
from tests.exports.recounting import OVERALL, LevelCount, Pile, Place, Rules, count, percent

SAMPLE = Path(__file__).parents[2] / "models" / "sample_office"


@dataclass(frozen=True)
class UnitCount:
    """One poll counted again: its levels, its rules, who was expected and present."""

    levels: dict[str, LevelCount]
    rules: Rules
    trust: Fraction | None
    expected: int
    present: int
    before: UnitCount | None = None
    withheld: bool = False

    @property
    def plain(self) -> UnitCount:
        """The same with unweighted shares."""
        own = replace(self.rules, weights=None)
        piles = [pile for level in self.levels.values() for pile in level.piles]
        return replace(self, levels=count(piles, own), rules=own)

    def places(self, subject: str = "") -> list[Place]:
        """Every line in printed order; of one person only, if asked."""
        return [
            place
            for level in self.levels.values()
            for place in level.places
            if subject in ("", place.subject)
        ]

    def base_of(self, level: str, place: Place) -> int:
        """What the shares of one line are shares of, unweighted."""
        _, returned, valid, _ = self.levels[level].paper(place.subject)
        marks = sum(place.grades.values())
        known = {"marks": marks, "valid": valid, "returned": returned, "present": self.present}
        return known[self.rules.base]

    def headlines(self, level: str) -> list[Place]:
        """Each subject's overall line, or its items where the ballot has none."""
        places = self.levels[level].places
        return [place for place in places if place.item == OVERALL] or list(places)

    def trust_words(self) -> Iterator[tuple[str, str]]:
        """Every person held against the trust rule: name and words."""
        for name in ("正职", "班子成员") if self.trust is not None else ():
            for place in self.levels[name].places if name in self.levels else ():
                base = self.base_of(name, place)
                if place.item != OVERALL or not base or self.trust is None:
                    continue
                counted = sum(list(place.grades.values())[:2])
                met = counted * self.trust.denominator >= self.trust.numerator * base
                share = percent(Fraction(counted, base), self.rules.decimals)
                words = f"信任票{counted}票，占{share}，{'' if met else '未'}达到标准"
                yield place.subject, words

    @cached_property
    def accounted(self) -> frozenset[str]:
        """Every number that a document of this poll may print in a table of its own, those of
        the year before as well."""
        found = {self.expected, self.present, *_all_sheets(self)}
        shares = {words.split("占")[1].split("，")[0] for _, words in self.trust_words()}
        sheets = [sum(pile.returned for pile in level.piles) for level in self.levels.values()]
        found |= {*sheets, sum(sheets)}
        for level in self.levels.values():
            for issued, returned, *rest in {level.paper(place.subject) for place in level.places}:
                found |= {issued, returned, issued - returned, *rest}
                if issued:
                    shares.add(percent(Fraction(returned, issued), self.rules.decimals))
            for pile in level.piles:
                found |= {pile.issued, pile.returned, pile.issued - pile.returned}
                found |= {len(pile.valid), pile.void.total(), *pile.void.values()}
            for place in level.places:
                votes = list(place.grades.values())
                found |= {*place.counts, sum(votes[:2]), sum(votes)}
                shares |= set(place.shares.values())
        before = self.before.accounted if self.before else frozenset()
        return before | shares | {str(number) for number in found}


Counted = dict[str, dict[str, UnitCount]]


def count_again(extremes: Extremes, expected: Mapping[str, Any]) -> Counted:
    """Every poll of both offices, by office and the unit's short name. Of the sample, `expected`
    tells names and lines only; votes come from the ballots."""
    found: Counted = {"样例": _sample(expected)}
    earlier = {
        unit: _extreme(piles, extremes.rounds["全部"].rules)
        for unit, piles in extremes.before.items()
    }
    for name, info in extremes.rounds.items():
        found[name] = {
            unit: replace(_extreme(piles, info.rules), before=earlier.get(unit))
            for unit, piles in extremes.piles[name].items()
        }
    return found


def _extreme(piles: list[Pile], rules: RoundRules) -> UnitCount:
    present = sum({pile.group: pile.returned + 1 for pile in piles}.values())
    withheld = rules.weighted and few(piles, rules.minimum_group)
    weights = dict(WEIGHTS) if rules.weighted and not withheld else None
    own = Rules(str(rules.denominator), rules.decimals, weights, present)
    trust = next(map(_fraction, rules.trust.values()), None)
    levels = count(piles, own)
    return UnitCount(levels, own, trust, present + 3, present, withheld=withheld)


def few(piles: Iterable[Pile], minimum: int) -> bool:
    """Whether a group that voted has fewer valid ballots than that on some sheet."""
    return any(0 < len(pile.valid) < minimum for pile in piles)


def together(units: Mapping[str, UnitCount]) -> dict[str, UnitCount]:
    """Units as they stand in one table: all unweighted where one of them has to be."""
    if not any(unit.withheld for unit in units.values()):
        return dict(units)
    return {name: unit.plain for name, unit in units.items()}


def _fraction(rule: TrustRule) -> Fraction:
    return Fraction(rule.numerator, rule.denominator)


def _sample(expected: Mapping[str, Any]) -> dict[str, UnitCount]:
    description = tomllib.loads((SAMPLE / "round.toml").read_text())
    found = {}
    for poll in description["polls"]:
        levels = expected[poll["unit"]]
        piles = [
            Pile(
                name,
                tuple(subject["name"] for subject in levels[name]["subjects"]),
                tuple(
                    OVERALL if place["item"] == "overall" else place["item"]
                    for place in levels[name]["subjects"][0]["places"]
                ),
                tuple(levels[name]["subjects"][0]["places"][0]["grades"]),
                group,
                poll["issued"][group],
                poll["returned"][group],
                tuple(
                    (SAMPLE / "ballots" / poll["unit"] / f"{name}-{group}.txt").read_text().split()
                ),
            )
            for name in levels
            for group in poll["issued"]
        ]
        short = poll["unit"].replace("工商行政管理局", "局")
        rules = Rules(description["denominator"], description["decimals"], None, poll["present"])
        found[short] = UnitCount(
            count(piles, rules), rules, Fraction(2, 3), poll["expected"], poll["present"]
        )
    return found


def _all_sheets(unit: UnitCount) -> set[int]:
    """The paper of all sheets of a poll in sum, void ballots by reason as well."""
    piles = [pile for level in unit.levels.values() for pile in level.piles]
    out, back = sum(pile.issued for pile in piles), sum(pile.returned for pile in piles)
    void = sum((pile.void for pile in piles), Counter[int]())
    valid = sum(len(pile.valid) for pile in piles)
    return {out, back, out - back, valid, void.total(), *void.values()}


def unit_of(office: str, folder: str, counted: Counted) -> UnitCount:
    """The poll whose documents stand in this folder."""
    return counted[office][folder.partition("_")[2]]
