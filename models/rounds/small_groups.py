"""Voter groups that are known to be too small for weighted shares before a ballot is keyed. Pure.

Weighted shares stand only where each group is shown by itself (`models.count.disclosure`), and one
with fewer valid ballots than the minimum is not. It cannot have more than were handed out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.rounds.plan import RoundInfo
from models.rounds.stacks import Stack


@dataclass(frozen=True)
class SmallGroup:
    """A voter group with less paper than the minimum."""

    name: str
    """The group."""
    issued: int
    """The fewest ballots that were handed out to it for a sheet."""


def too_small_for_weights(round_info: RoundInfo, paper: Iterable[Stack]) -> tuple[SmallGroup, ...]:
    """The groups of a weighted round with too little paper for weighted shares, in its order; none
    in an unweighted round. `paper` are the stacks of a poll."""
    if not round_info.rules.weighted:
        return ()
    least: dict[int, int] = {}
    for stack in paper:
        if stack.issued:
            group = stack.group.id
            least[group] = min(stack.issued, least.get(group, stack.issued))
    return tuple(
        SmallGroup(group.name, least[group.id])
        for group in round_info.groups
        if least.get(group.id, round_info.rules.minimum_group) < round_info.rules.minimum_group
    )
