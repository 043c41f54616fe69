"""Decide which breakdowns by voter group of a poll may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.count import shares
from models.count.counts import Counts, by_level, by_sheet, counts_of_poll, place_counts
from models.count.disclosure import WeightedSheet, hidden_groups, weighted_shares_tell
from models.regulation.levels import Level
from models.regulation.rules import Denominator
from models.rounds.plan import Group, RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack


def disclosed(
    poll: PollInfo, round_info: RoundInfo, level: Level | None = None
) -> dict[Level, tuple[Group, ...]]:
    """The voter groups whose breakdown may be shown, by level."""
    counts = counts_of_poll(poll.id, level)
    found: dict[Level, tuple[Group, ...]] = {}
    for each, paper in by_level(poll.id, level).items():
        hidden = _hidden(paper, counts, round_info)
        found[each] = tuple(group for group in round_info.groups if group.id not in hidden)
    return found


def _hidden(paper: Sequence[Stack], counts: Counts, round_info: RoundInfo) -> frozenset[int]:
    """The ids of the groups of a level that must not be shown.

    A group hidden on one sheet is hidden on all sheets, and each sheet must hide enough groups.
    """
    hidden: frozenset[int] = frozenset()
    before = None
    papers = by_sheet(paper)
    places = {sheet: place_counts(sheet, counts, round_info) for sheet in papers}
    while hidden != before:
        before = hidden
        for sheet, of_sheet in papers.items():
            sizes: Counter[int] = Counter()
            for stack in of_sheet:
                sizes[stack.group.id] += stack.valid
            hidden = hidden_groups(places[sheet], sizes, round_info.rules.minimum_group, hidden)
    return hidden


def withheld(
    paper: Sequence[Stack],
    counts: Counts,
    round_info: RoundInfo,
    grades: Sequence[str],
    present: int,
) -> bool:
    """Whether to withhold the weighted shares of a level, because one sheet might reveal votes."""
    rules = round_info.rules
    hidden = _hidden(paper, counts, round_info)
    if not hidden:
        return False
    for sheet, of_sheet in by_sheet(paper).items():
        valid: Counter[int] = Counter()
        returned: Counter[int] = Counter()
        for stack in of_sheet:
            valid[stack.group.id] += stack.valid
            returned[stack.group.id] += stack.returned
        places = place_counts(sheet, counts, round_info)
        bases = {
            group: [
                shares.base_of(
                    rules.denominator,
                    marks=sum(cell.get(grade, 0) for grade in grades),
                    valid=valid[group],
                    returned=returned[group],
                    present=present,
                )
                for cell in cells
            ]
            for group, cells in places.items()
        }
        weighted = WeightedSheet(
            places,
            valid,
            {group.id: group.weight for group in round_info.groups},
            bases,
            grades,
            rules.decimals,
            rules.denominator is Denominator.MARKS,
        )
        if weighted_shares_tell(weighted, hidden):
            return True
    return False
