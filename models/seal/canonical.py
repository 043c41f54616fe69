"""The canonical text of a sealed poll (封存): everything its result depends on, in a fixed form.

One JSON array per line, UTF-8, no spaces, lines ending in LF. People sign its SHA-256, the digest.
Ballots are a sorted multiset: each distinct ballot and its count, without the order of entry. The
verifier (`models.recount.sealed_texts`) builds the same text from the file with its own code.
No I/O.
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
    """One stack as it goes into the canonical text."""

    stack: Stack
    """The stack."""
    ballots: tuple[AlikeBallots, ...]
    """Its ballots, sorted by void reason and marks."""
    passes: tuple[tuple[int, str], ...]
    """Pass number and the name of a person who keyed in it, sorted."""
    verified: tuple[int, ...]
    """Result of the second entry: agreed (0 or 1), marks compared, errors in the first and in the
    second entry, then ballots changed, missing and extra."""


def text(
    round_info: RoundInfo,
    contents: Mapping[Level, LevelContent],
    poll: PollInfo,
    version: int,
    tellers: Iterable[tuple[str, str]],
    subjects: Iterable[tuple[int, int, str, str]],
    stacks: Iterable[SealedStack],
) -> str:
    """Return the canonical text.

    `tellers` are (role, name). `subjects` are (sheet id, level, name, post) in printed order.
    `stacks` are in the order in which the screens show them.
    """
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
