"""Which voter groups of a poll may be shown by themselves (按类别公布). No database.

Totals are always published, and so is how many valid ballots each group has. What is shown by
group depends on these numbers alone, never on a mark: a reader who knows the rule learns nothing
from what it withholds, because the decision is the same for every table that agrees with what is
printed (Kenthapadi, Mishra and Nissim, Simulatable Auditing, PODS 2005).

Groups with fewer than the minimum go into one line, together with as many others as it takes. What
is left is what sums tell anyway: a count of a hidden group lies between the most of 0 and what the
other groups of its line cannot hold, and the least of the line's count and the group's size. It is
certain only where the whole line is of one mind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Breakdown:
    """How the voter groups of a poll are shown, the same on all its sheets and in all places."""

    alone: tuple[int, ...] = ()
    """The ids of the groups that have a line of their own; empty if there is no breakdown."""
    together: tuple[int, ...] = ()
    """The ids of the groups that share one line. Without a breakdown, all that voted."""

    @property
    def given(self) -> bool:
        """Whether there is a breakdown."""
        return bool(self.alone)

    @property
    def complete(self) -> bool:
        """Whether every group that voted has a line of its own, so that weighted shares, which
        are a second equation for each grade, tell nothing more."""
        return not self.together


def breakdown(sheets: Sequence[Mapping[int, int]], minimum: int) -> Breakdown:
    """Decide the breakdown of a poll.

    `sheets` holds, for each sheet of the poll, the number of valid ballots by group id; `minimum`
    is the fewest of a line. A group's size is the smallest number on any sheet on which it voted.
    Groups that voted nowhere are in neither part.
    """
    sizes: dict[int, int] = {}
    for sheet in sheets:
        for group, valid in sheet.items():
            if valid:
                sizes[group] = min(valid, sizes.get(group, valid))
    together = {group for group, size in sizes.items() if size < minimum}
    rest = sorted(sizes.keys() - together, key=lambda group: (sizes[group], group))
    while together and rest and not _covers(together, sizes, sheets, minimum):
        together.add(rest.pop(0))
    if together and not rest:
        return Breakdown((), tuple(sorted(together)))
    return Breakdown(tuple(sorted(rest)), tuple(sorted(together)))


def _covers(
    line: set[int], sizes: Mapping[int, int], sheets: Sequence[Mapping[int, int]], minimum: int
) -> bool:
    """Whether the groups of a line hide each other, in all and on each sheet where others voted."""
    own = [sizes[group] for group in line]
    return _enough(own, minimum) and all(
        _enough(of_line, minimum) for of_line in _lines_beside_others(line, sheets)
    )


def _enough(sizes: Sequence[int], minimum: int) -> bool:
    return len(sizes) > 1 and sum(sizes) >= minimum


def _lines_beside_others(
    line: set[int], sheets: Sequence[Mapping[int, int]]
) -> Iterator[list[int]]:
    """The line's groups with ballots on each sheet; not of sheets on which it is everybody."""
    for sheet in sheets:
        own = [valid for group, valid in sheet.items() if valid and group in line]
        if own and any(valid for group, valid in sheet.items() if group not in line):
            yield own
