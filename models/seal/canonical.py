"""封存 text: everything that a sealed poll rests on, in one form and no order of entry. Pure.

One JSON array a line, UTF-8, no spaces, lines ended by LF; its SHA-256 is the digest that people
sign. Ballots stand as a sorted multiset: a kind of ballot and how many there are of it. The
verifier (`models.recount.sealed_texts`) writes the same text again from the file by its own code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.entry.ballot import AlikeBallots
from models.regulation.levels import Level, LevelContent
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack

FORM = 1


@dataclass(frozen=True)
class SealedStack:
    """One stack as it is sealed."""

    stack: Stack
    ballots: tuple[AlikeBallots, ...]
    """Sorted by void reason and marks."""
    passes: tuple[tuple[int, str], ...]
    """The number of a pass and who keyed it, sorted."""
    verified: tuple[int, ...]
    """What the second entry found: agreed, marks compared, errors of the first and of the second,
    ballots changed, missing and extra."""


def text(
    round_info: RoundInfo,
    contents: Mapping[Level, LevelContent],
    poll: PollInfo,
    version: int,
    tellers: Iterable[tuple[str, str]],
    subjects: Iterable[tuple[int, int, str, str]],
    stacks: Iterable[SealedStack],
) -> str:
    """The canonical text. `subjects` are (sheet id, level, name, post) in printed order; stacks
    stand in the order of the screens."""
    plan, rules = round_info.plan, round_info.rules
    lines: list[list[object]] = [
        ["ceping", FORM],
        ["round", plan.title, plan.year, plan.kind, plan.conducted, plan.gathering],
        ["when", plan.combined_with, plan.starts, plan.ends],
        ["rules", rules.sheet, rules.member_sheet, rules.denominator, rules.decimals],
        ["rules", rules.minimum_group, str(rules.verification), rules.quorum, int(rules.weighted)],
    ]
    for level, rule in sorted(rules.trust.items()):
        fraction = [rule.comparator, rule.numerator, rule.denominator, rule.base or ""]
        lines.append(["trust", int(level), list(rule.grades), *fraction])
    for level, content in sorted(contents.items()):
        lines.append(["level", int(level), content.name, list(content.scale.grades)])
        lines += [["item", int(level), item.number, item.statement] for item in content.items]
    lines += [["group", group.name, group.weight] for group in round_info.groups]
    lines.append(["poll", poll.unit_name, poll.date, poll.place, poll.expected, poll.present])
    lines.append(["seal", version, [list(teller) for teller in tellers]])
    sheets: dict[int, int] = {}
    for sheet, level_number, name, post in subjects:
        number = sheets.setdefault(sheet, len(sheets) + 1)
        lines.append(["subject", number, level_number, name, post])
    for each in stacks:
        stack = each.stack
        number = sheets[stack.sheet_id]
        paper = [stack.group.name, stack.number, stack.issued, stack.returned]
        lines.append(["stack", number, *paper])
        lines += [["keyed", *passed] for passed in each.passes]
        lines.append(["verified", *each.verified])
        lines += [["ballots", ballot.void_reason, ballot.marks, n] for ballot, n in each.ballots]
    return "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )
