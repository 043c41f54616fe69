"""Disclosure control for breakdowns by voter group (按类别公布) and for weighted shares.

Totals are published, so a single hidden group could be recovered by subtraction. A group is
hidden if it has fewer valid ballots than the minimum. It is also hidden if it has fewer than twice
the minimum and is unanimous at some place, because then all its votes there are known. More
groups are hidden, smallest first, until at least two groups with votes are hidden that together
reach the minimum and are not unanimous anywhere. If that is impossible, nothing is shown.

This protects the counts. If two hidden groups are not unanimous together, any of their counts with
a nonzero total can be one higher or lower: exchanging two ballots between them changes nothing
that is published. Weighted shares add a second equation for each grade, and two equations
determine two hidden groups. So the weighted shares of a sheet are shown only if, for every such
count of every hidden group, another value is found for which everything prints the same.

Some things cannot be hidden. If only one group voted on a sheet, the totals are its counts. If
everyone gave the same mark, so did every group. Members of a group who know its other votes, and
readers who reason about why something was hidden, can infer more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import lcm

# The counts of one group: for each place, the number of ballots by mark.
PlaceCounts = Sequence[Mapping[str, int]]
# The most ballots to exchange when searching for other counts; keeps the search short.
_MOST_EXCHANGED = 50


@dataclass(frozen=True)
class WeightedSheet:
    """The numbers behind the weighted shares of one sheet."""

    groups: Mapping[int, PlaceCounts]
    """The counts of each group, at each place."""
    sizes: Mapping[int, int]
    """The number of valid ballots of each group."""
    weights: Mapping[int, int]
    """The weight of each group."""
    bases: Mapping[int, Sequence[int]]
    """The denominator of each group's shares, at each place."""
    grades: Sequence[str]
    """The marks that are grades, in the order of the scale."""
    decimals: int
    """The number of decimals that shares print with."""
    by_marks: bool
    """Whether the bases depend on the marks, that is, exclude blank and overvoted ones."""


def hidden_groups(
    groups: Mapping[int, PlaceCounts],
    sizes: Mapping[int, int],
    minimum: int,
    already: frozenset[int] = frozenset(),
) -> frozenset[int]:
    """The groups of one sheet that must not be shown, including those `already` hidden.

    `groups` maps a group id to its counts at each place of the sheet, `sizes` to its number of
    valid ballots. Groups without ballots are not hidden and do not help to hide others.
    """
    voting = {group: size for group, size in sizes.items() if size}
    hidden = {
        group
        for group, size in voting.items()
        if group in already
        or size < minimum
        or (size < 2 * minimum and _of_one_mind([groups[group]]))
    }
    if not hidden:
        return already
    rest = sorted(set(voting) - hidden, key=lambda group: (voting[group], group))
    while not _covers(hidden, groups, voting, minimum):
        if not rest:
            return already | frozenset(voting)
        hidden.add(rest.pop(0))
    return already | frozenset(hidden)


def weighted_shares_tell(sheet: WeightedSheet, hidden: frozenset[int]) -> bool:
    """Whether the weighted shares of a sheet might reveal a count of a `hidden` group.

    Only counts that do not already follow from the totals and the shown groups matter. The
    function searches for other counts that print the same. The search is not exhaustive, so it
    may withhold harmless shares but never shows revealing ones.
    """
    voting = sorted(group for group in hidden if sheet.sizes.get(group))
    if len(voting) < 2:
        return False
    width = len(sheet.groups[voting[0]])
    return any(_place_tells(sheet, place, voting) for place in range(width))


def _place_tells(sheet: WeightedSheet, place: int, hidden: Sequence[int]) -> bool:
    cells = {group: sheet.groups[group][place] for group in hidden}
    marks = sorted({mark for cell in cells.values() for mark, n in cell.items() if n})
    if len(marks) < 2:
        # Unanimous: the totals reveal this anyway, and it only happens where nothing is shown.
        return False
    shares = _PlaceShares.of(sheet, place)
    unsure: set[tuple[int, str]] = set()
    for group in hidden:
        others = [each for each in hidden if each != group]
        for mark in marks:
            if (group, mark) in unsure:
                continue
            found = _exchange(sheet, shares, cells, (mark, marks), group, others)
            if not found:
                return True
            unsure |= found
    return False


@dataclass(frozen=True)
class _PlaceShares:
    """The weighted shares of one place, as integers over a common denominator."""

    steps: Mapping[int, int]
    """What one ballot of each group adds to the share of its grade."""
    sums: Mapping[str, int]
    """The share of each grade."""
    whole: int
    """The common denominator."""

    @classmethod
    def of(cls, sheet: WeightedSheet, place: int) -> _PlaceShares:
        bases = {group: of[place] for group, of in sheet.bases.items() if of[place]}
        common = lcm(*bases.values())
        steps = {group: sheet.weights[group] * common // base for group, base in bases.items()}
        sums = {
            grade: sum(
                step * sheet.groups[group][place].get(grade, 0) for group, step in steps.items()
            )
            for grade in sheet.grades
        }
        return cls(steps, sums, sum(sheet.weights[group] for group in bases) * common)

    def slack(self, value: int, decimals: int) -> tuple[int, int]:
        """How far a sum may fall and rise and still print the same when rounded half up."""
        unit = 2 * 100 * 10**decimals
        printed = (unit * value + self.whole) // (2 * self.whole)
        least = -((1 - 2 * printed) * self.whole // unit)
        most = -((-1 - 2 * printed) * self.whole // unit) - 1
        return least - value, most - value


def _exchange(
    sheet: WeightedSheet,
    shares: _PlaceShares,
    cells: Mapping[int, Mapping[str, int]],
    mark_of: tuple[str, Sequence[str]],
    group: int,
    others: Sequence[int],
) -> set[tuple[int, str]]:
    """Find an exchange of marks between two or three hidden groups that changes no printed number.

    `mark_of` is the mark that `group` gives or takes, and all marks it may be exchanged for.
    Returns the counts that change, as pairs of group and mark, including that of `group` and the
    mark; empty if no exchange is found.
    """
    more, marks = mark_of
    parties = list(combinations(others, 2)) or [(others[0], others[0])]
    for less in marks:
        graded = (more in sheet.grades, less in sheet.grades)
        # If bases depend on the marks, exchanging a blank for a grade would change them.
        if less == more or (sheet.by_marks and graded[0] != graded[1]):
            continue
        leeway = _leeway(sheet, shares, more, less)
        effect = {each: shares.steps.get(each, 0) if any(graded) else 0 for each in cells}
        room = {each: (-of.get(more, 0), of.get(less, 0)) for each, of in cells.items()}
        for second, third in parties:
            found = _balanced((group, second, third), effect, room, leeway)
            if found:
                return {(each, mark) for each in found for mark in (more, less)}
    return set()


def _leeway(sheet: WeightedSheet, shares: _PlaceShares, more: str, less: str) -> tuple[int, int]:
    """How much can move from the sum of `less` to that of `more` and still print the same."""
    low, high = -shares.whole, shares.whole
    upper = sheet.grades[:2] if len(sheet.grades) > 2 else ()
    together = sum(shares.sums[grade] for grade in upper)
    for value, sign in (
        (shares.sums.get(more), 1),
        (shares.sums.get(less), -1),
        (together, (more in upper) - (less in upper)),
    ):
        if value is None or sign == 0:
            continue
        fall, rise = shares.slack(value, sheet.decimals)
        low, high = max(low, fall if sign > 0 else -rise), min(high, rise if sign > 0 else -fall)
    return low, high


def _balanced(
    parties: tuple[int, int, int],
    effect: Mapping[int, int],
    room: Mapping[int, tuple[int, int]],
    leeway: tuple[int, int],
) -> set[int]:
    """Find how the first party can take ballots of a mark from the others, or give them some.

    Every change must stay within the party's `room`, and the sum of all effects within the
    `leeway`. The second and third party are the same if there are only two. Returns the parties
    that change; empty if there is no way.
    """
    first, second, third = parties
    low, high = leeway
    lone = second == third
    per_second = effect[second] - effect[third]
    for size in range(1, _MOST_EXCHANGED + 1):
        for taken in (size, -size):
            if not room[first][0] <= taken <= room[first][1]:
                continue
            # The second party takes this much and the third the rest, both within their room.
            least = max(room[second][0] if not lone else 0, -taken - room[third][1])
            most = min(room[second][1] if not lone else 0, -taken - room[third][0])
            fixed = taken * (effect[first] - effect[third])
            if per_second == 0:
                if not low <= fixed <= high:
                    continue
            else:
                ends = (
                    (low - fixed, high - fixed) if per_second > 0 else (high - fixed, low - fixed)
                )
                least = max(least, -(-ends[0] // per_second))
                most = min(most, ends[1] // per_second)
            if least <= most:
                changes = {first: taken, second: least, third: -taken - least}
                return {party for party, change in changes.items() if change}
    return set()


def _covers(
    hidden: set[int], groups: Mapping[int, PlaceCounts], sizes: Mapping[int, int], minimum: int
) -> bool:
    together = sum(sizes[group] for group in hidden)
    return (
        len(hidden) >= 2
        and together >= minimum
        and not _of_one_mind([groups[group] for group in hidden])
    )


def _of_one_mind(parts: Sequence[PlaceCounts]) -> bool:
    """Whether all ballots of all parts have the same mark at some place."""
    for counts in zip(*parts, strict=True):
        marks = {mark for place in counts for mark, n in place.items() if n}
        if len(marks) == 1:
            return True
    return False
