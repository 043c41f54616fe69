"""按类别公布: which voter groups a breakdown may show, and whether weighted shares may stand. Pure.

Totals are published, so what is hidden can be had by subtraction unless enough is hidden. A
group is hidden if it has fewer valid ballots than the minimum, or if it is small (under twice
the minimum) and of one mind at some place: then every one of its votes is known. Others are
added, the smallest first, until what is hidden is at least two groups with votes, together not
under the minimum and not of one mind anywhere; if that cannot be had, nothing is shown.

That is enough for counts: where two groups are hidden that are not of one mind together, each
count of theirs whose total is not 0 can be one more or one less by an exchange of two ballots,
and nothing published changes. A weighted share is a second equation for each grade, and two
hidden groups with two equations are known. So the weighted shares of a sheet stand only if for
every such count of every hidden group another one is found with which all prints the same.

What no rule here can hide: the totals of a sheet on which one group alone voted are that group's
counts, and where everybody gave the same mark, every group gave it. Who is in a group and knows
its other votes knows more than a reader; so does who reasons from what was hidden to why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import lcm

# The counts of one group: for each place, how many ballots bear each mark.
PlaceCounts = Sequence[Mapping[str, int]]
# More ballots than this are not exchanged in search of other counts; the search stays short.
_MOST_EXCHANGED = 50


@dataclass(frozen=True)
class WeightedSheet:
    """One sheet of a weighted round, as the weighted shares see it.

    `bases` maps a group to what its shares are shares of, at each place; `by_marks` says that
    they follow the marks (blank and overvoted ones are not in the base). `grades` are the marks
    that are grades, in the order of the scale; shares print with `decimals` places.
    """

    groups: Mapping[int, PlaceCounts]
    sizes: Mapping[int, int]
    weights: Mapping[int, int]
    bases: Mapping[int, Sequence[int]]
    grades: Sequence[str]
    decimals: int
    by_marks: bool


def hidden_groups(
    groups: Mapping[int, PlaceCounts],
    sizes: Mapping[int, int],
    minimum: int,
    already: frozenset[int] = frozenset(),
) -> frozenset[int]:
    """The groups of one sheet that must not be shown; those `already` hidden stay so.

    `groups` maps a group to its counts at each place of the sheet, `sizes` to its number of
    valid ballots. A group without ballots is neither hidden nor of any help in hiding.
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
    """Whether the weighted shares of a sheet must be withheld, because with them a count of a
    `hidden` group might be known that the totals and the shown groups alone do not give.

    The search is for other counts that print the same; it does not try all there are, so it may
    withhold what could stand, but never lets stand what tells.
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
        # Of one mind: the totals tell already, and only where nothing is shown.
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
    """The weighted shares of one place as integers over one denominator, `whole`: what a ballot
    of each group adds to its grade's share, and the sum of each grade."""

    steps: Mapping[int, int]
    sums: Mapping[str, int]
    whole: int

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
        """How far a sum may fall and rise and still print the same, rounded half up."""
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
    """The counts that change, that of `group` and the mark among them, when two or three hidden
    groups exchange this mark for another of all and every printed number stays as it is; empty
    if no such exchange is found."""
    more, marks = mark_of
    parties = list(combinations(others, 2)) or [(others[0], others[0])]
    for less in marks:
        graded = (more in sheet.grades, less in sheet.grades)
        # Where bases follow the marks, a blank for a grade would change them: not searched.
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
    """What may be added to the sum of `more` and taken from that of `less` unseen."""
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
    """Which parties change if the first gets some ballots of a mark from the others, all within
    their `room`, and the sum of all effects is within the `leeway`. The second and the third are
    the same where there are just two."""
    first, second, third = parties
    low, high = leeway
    lone = second == third
    per_second = effect[second] - effect[third]
    for size in range(1, _MOST_EXCHANGED + 1):
        for taken in (size, -size):
            if not room[first][0] <= taken <= room[first][1]:
                continue
            # What the second takes, so that the third has what remains; both within their room.
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
    """Whether at some place all ballots of all parts bear the same mark."""
    for counts in zip(*parts, strict=True):
        marks = {mark for place in counts for mark, n in place.items() if n}
        if len(marks) == 1:
            return True
    return False
