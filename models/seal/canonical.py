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

FORM = 2
"""2 numbers the persons and has the void reasons; seals of before keep 1. Both are described in
docs/seal-format.md."""


@dataclass(frozen=True)
class SealedSubject:
    """One subject as it is sealed."""

    sheet_id: int
    """Its sheet."""
    level: int
    """Its level, from 1."""
    name: str
    """Its name as printed."""
    post: str
    """Its post as printed."""
    cadre_id: int | None
    """The cadre in the roster; None for a body, and for somebody who is not in it."""


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
    subjects: Iterable[SealedSubject],
    void_reasons: Iterable[str],
    stacks: Iterable[SealedStack],
) -> str:
    """The canonical text. `subjects` stand in printed order; stacks
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
    lines += [["void", number, reason] for number, reason in enumerate(void_reasons, 1)]
    sheets: dict[int, int] = {}
    persons: dict[object, int] = {}
    for subject in subjects:
        number = sheets.setdefault(subject.sheet_id, len(sheets) + 1)
        row = ["subject", number, subject.level, subject.name, subject.post]
        lines.append([*row, _person(subject, persons)])
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


def _person(subject: SealedSubject, persons: dict[object, int]) -> int:
    """The number of a person within the unit, the same at every level; 0 for a body. Two of one
    name have two, and it tells nobody's archive number."""
    if not Level(subject.level).personal:
        return 0
    who: object = subject.cadre_id
    return persons.setdefault(who or (subject.name, subject.post), len(persons) + 1)
