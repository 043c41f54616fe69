"""A reader who has what is printed, knows the rule and all its settings, and tries every table that
agrees with it: he learns no count of a hidden group that the sums alone do not tell.

`CEPING_ATTACKS` says on how many polls; a short run is in the suite. Run as a module, it prints
what he learnt: `python -m tests.exports.test_by_group_attack POLLS`.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from exports.documents.kinds import load_settings
from exports.text import tally_text
from models.count import tally
from models.database.store import Store, open_store
from models.database.tables import database
from models.regulation.levels import Level
from models.regulation.rules import Denominator, RoundRules, SheetLines
from models.rounds import life, polls
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.settings.office import Settings, shipped_file
from tests.offices import only_poll, small_round

ATTACKS = int(os.environ.get("CEPING_ATTACKS", "60"))
SEED = int(os.environ.get("CEPING_SEED", "1"))
NAMES = ("班子成员", "中层干部", "一般干部职工", "服务对象代表")
MOST_TABLES = 20_000
Row = tuple[int, ...]
Counts = dict[tuple[int, int], dict[int, Counter[str]]]


@dataclass
class Learnt:
    """What the reader learnt of some polls."""

    polls: int = 0
    """Polls with something hidden."""
    tables: int = 0
    """Tables that he tried."""
    counts: int = 0
    """Counts of hidden groups that were not certain from the sums."""
    narrowed: int = 0
    """Of these, how many he narrowed beyond what the sums tell."""
    pinned: int = 0
    """Of these, how many he knows."""


class Poll:
    """A poll of one round, filled with other numbers again and again."""

    def __init__(self, info: RoundInfo) -> None:
        self.info = info
        self.poll = only_poll(info)
        self.paper = stacks(self.poll.id)
        self.sheet = next(each.sheet_id for each in self.paper if each.level is Level.MEMBER)
        self.groups = [group.id for group in info.groups]
        database.execute_sql("UPDATE poll SET state = 3")

    def resize(self, sizes: Sequence[int], elsewhere: Sequence[int]) -> None:
        """Set how many valid ballots each group has, on the members' sheet and on the others."""
        database.execute_sql("DELETE FROM entered")
        for stack in self.paper:
            of = sizes if stack.sheet_id == self.sheet else elsewhere
            size = of[self.groups.index(stack.group.id)]
            database.execute_sql(
                "UPDATE batch SET returned = ? WHERE id = ?", (size, stack.stack_id)
            )
            database.execute_sql("INSERT INTO entered VALUES (?, 0, ?)", (stack.stack_id, size))
        self.poll = polls.find_by_id(self.poll.id)

    def printed(self, table: Sequence[Row]) -> str:
        """What the program prints if the groups have voted so."""
        counts: Counts = {
            (self.sheet, group): {0: Counter({str(n): votes for n, votes in enumerate(row)})}
            for group, row in zip(self.groups, table, strict=True)
        }
        with mock.patch.object(tally, "counts_of_poll", return_value=counts):
            return tally_text(self.info, [self.poll], Level.MEMBER, by_group=True, form="json")


def rows(total: int, caps: Sequence[int]) -> Iterator[Row]:
    """All rows with this sum, no number over its cap."""
    if len(caps) == 1:
        if total <= caps[0]:
            yield (total,)
        return
    for first in range(min(total, caps[0]) + 1):
        for rest in rows(total - first, caps[1:]):
            yield (first, *rest)


def tables(sizes: Sequence[int], totals: Row) -> Iterator[tuple[Row, ...]]:
    """All tables with these sums of rows and columns."""
    if len(sizes) == 1:
        if sum(totals) == sizes[0]:
            yield (totals,)
        return
    for row in rows(sizes[0], totals):
        left = tuple(total - n for total, n in zip(totals, row, strict=True))
        for rest in tables(sizes[1:], left):
            yield (row, *rest)


def hidden_in(said: str, names: Sequence[str]) -> list[int]:
    """The groups that have no line of their own in what is printed."""
    (subject,) = json.loads(said)["subjects"]
    shown = {each["group"] for each in subject["groups"] if "places" in each}
    return [n for n, name in enumerate(names) if name not in shown]


def line_of(said: str, table: Sequence[Row], hidden: Sequence[int], marks: int) -> Row:
    """The counts that a reader has of the hidden groups together: the total less what is shown."""
    (subject,) = json.loads(said)["subjects"]

    def of(printed: dict[str, Any]) -> Row:
        (place,) = printed["places"]
        return (place["blank"], *list(place["grades"].values())[: marks - 1])

    total = of(subject)
    assert total == tuple(map(sum, zip(*table, strict=True)))
    shown = [each for each in subject["groups"] if "places" in each and each["group"] in NAMES]
    left = tuple(n - sum(of(each)[at] for each in shown) for at, n in enumerate(total))
    together = [each for each in subject["groups"] if each["group"] not in NAMES]
    assert all(of(each) == left for each in together)
    return left


def attack(poll: Poll, draw: random.Random, learnt: Learnt) -> None:
    """One poll with votes drawn at random: all tables with the same print against it."""
    names = NAMES[: len(poll.groups)]
    sizes = [draw.choice([0, *range(1, 7)]) for _ in names]
    poll.resize(sizes, [draw.choice([size, size, max(size - 1, 0)]) for size in sizes])
    marks = draw.choice([2, 3])
    leaning = draw.choices(range(marks), k=2)
    votes = [Counter(draw.choices([*range(marks), *leaning * 2], k=size)) for size in sizes]
    table = [tuple(row[mark] for mark in range(marks)) for row in votes]
    said = poll.printed(table)
    hidden = [n for n in hidden_in(said, names) if sizes[n]]
    if len(hidden) < 2:
        return
    totals = line_of(said, table, hidden, marks)
    found: dict[tuple[int, int], set[int]] = {}
    for number, guess in enumerate(tables([sizes[n] for n in hidden], totals)):
        if number > MOST_TABLES:
            return
        other = list(table)
        for n, row in zip(hidden, guess, strict=True):
            other[n] = row
        learnt.tables += 1
        if poll.printed(other) == said:
            for n in hidden:
                for mark in range(marks):
                    found.setdefault((n, mark), set()).add(other[n][mark])
    learnt.polls += 1
    whole = sum(totals)
    for (n, mark), values in found.items():
        low, high = max(0, totals[mark] + sizes[n] - whole), min(totals[mark], sizes[n])
        if low < high:
            learnt.counts += 1
            learnt.narrowed += values != set(range(low, high + 1))
            learnt.pinned += len(values) == 1


@pytest.mark.timeout(0 if ATTACKS > 500 else 120)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("groups", [2, 3, 4])
def test_a_reader_learns_nothing_that_sums_do_not_tell(
    store: Store, settings: Settings, groups: int, weighted: bool
) -> None:
    learnt = run(settings, groups, weighted=weighted, many=ATTACKS)
    assert learnt.polls > ATTACKS // 4
    assert learnt.counts
    assert (learnt.narrowed, learnt.pinned) == (0, 0)


def run(settings: Settings, groups: int, *, weighted: bool, many: int) -> Learnt:
    """Attack polls of a round with so many groups in the open and empty store."""
    database.execute_sql("PRAGMA synchronous = OFF")
    draw = random.Random(SEED)  # noqa: S311 - votes of a test, not secrets
    weights = dict(zip(NAMES, (10, 25, 40, 25) if weighted else (0,) * 4, strict=True))
    rules = RoundRules(
        sheet=SheetLines.OVERALL,
        minimum_group=draw.choice([3, 5]),
        decimals=draw.choice([1, 2]),
        denominator=Denominator.VALID,
    )
    info = small_round(
        settings, {name: weights[name] for name in NAMES[:groups]}, rules, members=("李一",)
    )
    poll, learnt = Poll(life.find_by_id(info.id)), Learnt()
    for _ in range(many):
        attack(poll, draw, learnt)
    return learnt


def main() -> None:
    """Print what the reader learnt of so many polls."""
    for groups in (2, 3, 4):
        for weighted in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                store = open_store(Path(folder) / "ceping.db")
                try:
                    learnt = run(
                        load_settings(shipped_file()),
                        groups,
                        weighted=weighted,
                        many=int(sys.argv[1]),
                    )
                finally:
                    store.close()
            print(groups, "groups", "weighted" if weighted else "", learnt)


if __name__ == "__main__":
    main()
