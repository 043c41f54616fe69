"""Decide which breakdown by voter group of a poll may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from models.count.disclosure import Breakdown, breakdown
from models.rounds.plan import RoundInfo
from models.rounds.stacks import Stack


def breakdown_of(paper: Iterable[Stack], round_info: RoundInfo) -> Breakdown:
    """The breakdown of a poll, from all its stacks and the minimum of its round."""
    sheets: dict[int, Counter[int]] = {}
    for stack in paper:
        sheets.setdefault(stack.sheet_id, Counter())[stack.group.id] += stack.valid
    return breakdown(list(sheets.values()), round_info.rules.minimum_group)
