"""按类别公布: which voter groups a breakdown may show. Pure.

Totals are published, so what is hidden can be had by subtraction unless enough is hidden. A
group is hidden if it has fewer valid ballots than the minimum, or if it is small (under twice
the minimum) and of one mind at some place: then every one of its votes is known. Others are
added, the smallest first, until what is hidden is at least two groups with votes, together not
under the minimum and not of one mind anywhere; if that cannot be had, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# The counts of one group: for each place, how many ballots bear each mark.
PlaceCounts = Sequence[Mapping[str, int]]


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
