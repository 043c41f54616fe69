"""Small offices that are keyed and sealed, for the tests of seals, backups and what they hide."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from models.database.store import Store
from models.entry import first_entry
from models.entry.ballot import Ballot
from models.regulation.levels import Level
from models.regulation.rules import Comparator, RoundRules, TrustRule, VerificationRule
from models.rounds.plan import RoundInfo
from models.rounds.stacks import Stack, stacks
from models.seal import correction, sealing
from models.seal.sealing import SealInfo, Teller
from models.settings.office import Settings
from tests.offices import only_poll, small_round, stack_of

TELLERS = (Teller("监票人", "赵甲"), Teller("计票人", "钱乙"))
UNVERIFIED = RoundRules(verification=VerificationRule(every=0))
TWO = ("赵甲", "钱乙")


def papers(size: int, number: int = 10) -> list[str]:
    """So many lines as they are typed: a void one, some alike, the rest different."""
    lines = ["".join(str((n * (at + 1) + at) % 3 + 1) for at in range(size)) for n in range(7)]
    lines += ["/2", "1" * size, "1" * size]
    return (lines * number)[:number]


def size_of(stack: Stack) -> int:
    """How many marks a sheet of the stack bears."""
    return len(first_entry.enter(stack.stack_id).sheet.places)


def key(stack: Stack, lines: Sequence[str]) -> None:
    """Key lines into a stack; `/n` is a void ballot."""
    entry = first_entry.enter(stack.stack_id)
    for line in lines:
        if line.startswith("/"):
            entry.commit("", int(line[1:]))
        else:
            entry.commit(line)


def keyed_round(settings: Settings, *, backwards: bool = False) -> RoundInfo:
    """An open round of one unit without second entry, all ten sheets of every stack keyed."""
    info = small_round(settings, ("中层干部", "一般干部职工"), UNVERIFIED)
    for stack in stacks(only_poll(info).id):
        lines = papers(size_of(stack))
        key(stack, lines[::-1] if backwards else lines)
    return info


def sealed_round(settings: Settings, store: Store) -> tuple[RoundInfo, SealInfo]:
    """The same, sealed."""
    info = keyed_round(settings)
    return info, sealing.seal(only_poll(info).id, TELLERS, store)


def correct_one(info: RoundInfo, store: Store) -> None:
    """Correct the first mark of one ballot, which is of the first member, and seal again."""
    poll_id = only_poll(info).id
    stack = stack_of(info, Level.MEMBER, "中层干部")
    old = next(each.ballot for each in sealing.sealed_ballots(stack.stack_id) if each.ballot.marks)
    new = Ballot(("2" if old.marks[0] == "1" else "1") + old.marks[1:], 0)
    sealing.reopen(poll_id, "录错一项", TWO)
    correction.correct(stack.stack_id, old, new, new, "录错")
    sealing.seal(poll_id, TELLERS, store)


def short_of_half(settings: Settings, store: Store) -> RoundInfo:
    """A sealed round of one unit in which both members are one 优秀 short of what its trust rule
    asks: half of twenty."""
    half = TrustRule(("优秀",), Comparator.AT_LEAST, 1, 2)
    rules = replace(UNVERIFIED, trust={Level.MEMBER: half})
    info = small_round(settings, ("中层干部", "一般干部职工"), rules)
    for stack in stacks(only_poll(info).id):
        size, best = size_of(stack), 5 if stack.group.name == "中层干部" else 4
        key(stack, ["1" * size] * best + ["2" * size] * (10 - best))
    sealing.seal(only_poll(info).id, TELLERS, store)
    return info


def one_more(info: RoundInfo, store: Store) -> None:
    """Correct the marks of the first member on one sheet of such a round, who then has the half;
    and seal again."""
    poll_id = only_poll(info).id
    stack = stack_of(info, Level.MEMBER, "中层干部")
    found = [each.ballot for each in sealing.sealed_ballots(stack.stack_id)]
    old = next(each for each in found if set(each.marks) == {"2"})
    size = len(old.marks)
    sealing.reopen(poll_id, "录错", TWO)
    new = Ballot("1" * (size // 2) + "2" * (size - size // 2), 0)
    correction.correct(stack.stack_id, old, new, new, "录错")
    sealing.seal(poll_id, TELLERS, store)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What a query finds, read past the program."""
    with closing(sqlite3.connect(path)) as file:
        return file.execute(sql).fetchall()
