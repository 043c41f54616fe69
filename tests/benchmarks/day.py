"""A clerk's day, key by key: open, find a unit, key 25 ballots, key them again, seal.

Every key waits for what the one before it drew, as a hand does; how long the hand itself takes is
not in it.
"""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

from models.database.store import open_store
from models.entry import first_entry, second_entry
from models.regulation.levels import Level
from models.rounds import life, paper, polls
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.offices import small_plan, small_unit
from tests.terminal.driver import CEPING, Terminal

HEADS = ["", "keys", "s in all", "s to home", "s to find", "s to key", "s again", "s to seal"]

_BALLOTS, _OTHERS = 25, 104
_GROUP = "中层干部"
_F2 = "\x1bOQ"
_QUIET = 0.03  # seconds without a byte, after which a key has done all it does


def office(folder: Path, settings: Settings) -> tuple[Path, list[str]]:
    """A province of 105 units, one of which has a last batch to key; its database, and the batch's
    lines as they are typed."""
    store = open_store(folder / "day" / "ceping.db")
    round_id = life.create(small_plan((_GROUP,)))
    units = [small_unit(f"第{number}县工商行政管理局", ()) for number in range(_OTHERS)]
    polls.add_polls(round_id, [*units, small_unit("夏河县工商行政管理局")])
    poll = next(each for each in polls.polls(round_id) if each.unit_name.startswith("夏河"))
    counts = {(level, _GROUP): _BALLOTS for level in Level}
    paper.record_paper(poll.id, counts, counts)
    polls.change_poll(poll.id, date="2020-11-05", place="三楼", expected=30, present=_BALLOTS)
    life.open_round(round_id, settings)
    chosen = random.Random(1)  # noqa: S311 - test data
    lines: list[str] = []
    for stack in stacks(poll.id):
        first = first_entry.enter(stack.stack_id)
        size = len(first.sheet.places)
        made = ["".join(chosen.choices("123", k=size)) for _ in range(_BALLOTS)]
        if stack.level is Level.MEMBER:
            lines = made
            continue
        for line in made:
            first.commit(line)
        second = second_entry.verify(stack.stack_id)
        for line in made:
            second.commit(line)
    store.close()
    return store.path, lines


class _Hand:
    """Types, and looks at what comes of it."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.keys = 0
        self._idle = 0.0
        self._since = time.perf_counter()

    def look_for(self, text: str) -> None:
        """Wait until a text stands on the screen."""
        self._terminal.wait_for(text)

    def type(self, *keys: str) -> None:
        """Type key by key, each once the one before has drawn all it draws."""
        for key in keys:
            self._terminal.write(key)
            self._terminal.read()
            while self._terminal.read(_QUIET):
                pass
            self._idle += _QUIET
            self.keys += 1

    def lap(self) -> float:
        """Seconds since the last lap, without what was only waited to see that no more comes."""
        before, self._since = self._since, time.perf_counter()
        idle, self._idle = self._idle, 0.0
        return self._since - before - idle


def row(program: str, database: Path, lines: list[str]) -> list[str]:
    """The day with one program on a copy of the office: keys, then seconds in all and by part."""
    copy = database.with_name("copy.db")
    shutil.copy(database, copy)
    with Terminal([program, "--database", str(copy)], folder=copy.parent) as terminal:
        hand = _Hand(terminal)
        hand.look_for("F10 退出")
        laps = [hand.lap()]
        hand.type("/", "x", "h", "\r")
        hand.look_for("存票")
        laps.append(hand.lap())
        for _ in range(2):
            for line in lines:
                hand.type(*line, "\r")
            laps.append(hand.lap())
            hand.type("\x1b")
            hand.look_for("查找")
            hand.type("\r")
        hand.look_for("可以封存")
        hand.type(_F2, *"甲乙", "\x1b[B", *"丙丁", "\x1b[B", *"戊己", _F2, _F2)
        hand.look_for("已封存 第 1 版")
        laps.append(hand.lap())
    return [program, str(hand.keys), f"{sum(laps):.2f}", *(f"{lap:.2f}" for lap in laps)]


def table(folder: Path, settings: Settings, beside: str | None) -> list[list[str]]:
    """The day with this program, and with another one `beside` it in the same run, which must know
    the database's schema."""
    database, lines = office(folder, settings)
    programs = [*([beside] if beside else []), CEPING]
    return [row(program, database, lines) for _ in range(3) for program in programs]
