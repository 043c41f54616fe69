"""The lines of a poll by voter group (按测评人员类别), of those that may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.count.disclosure import Breakdown
from models.count.published import breakdown_of
from models.count.tally import LevelTally, tally_of_groups
from models.regulation.levels import Level
from models.rounds.plan import Group, RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.stacks import stacks


@dataclass(frozen=True)
class GroupLine:
    """One line: a group by itself, or the others together."""

    groups: tuple[Group, ...]
    """The groups in it, in the round's order."""
    together: bool
    """Whether it is the line of the others together."""
    levels: Mapping[Level, LevelTally]
    """Its tally at each level, with plain shares."""


@dataclass(frozen=True)
class GroupLines:
    """The lines of a poll, the same at every level."""

    breakdown: Breakdown
    """Which groups are shown how."""
    lines: tuple[GroupLine, ...]
    """The lines; empty if there is no breakdown."""


def by_group(poll: PollInfo, round_info: RoundInfo, level: Level | None = None) -> GroupLines:
    """The lines of a poll by voter group, at one level or all. Others than whoever keys it may see
    them only once the poll is sealed."""
    shown = breakdown_of(stacks(poll.id), round_info)
    sets = [(group,) for group in shown.alone] + ([shown.together] if shown.together else [])
    named = {group.id: group for group in round_info.groups}
    lines = tuple(
        GroupLine(
            tuple(named[group] for group in groups),
            groups == shown.together,
            tally_of_groups(poll, round_info, groups, level),
        )
        for groups in (sets if shown.given else [])
    )
    return GroupLines(shown, lines)
