"""kill -9 at random moments of keying: no acknowledged ballot is ever lost.

A ledger outside the program notes each ballot whose storing the screen has told. `CEPING_KILLS`
says how often to kill (a few dozen by default), `CEPING_SEED` which moments.
"""

import os
import random
import re
import time
from pathlib import Path

import pytest

from models.recount import examination
from tests.terminal.driver import ClosedError, Terminal, enter
from tests.terminal.stored import GROUP, LEVEL, SIZE, UNIT, draft_in, let_in, lines_in

KILLS = int(os.environ.get("CEPING_KILLS", "40"))
_STORED = re.compile(r"第 (\d+) 票已存")


def paper(chosen: random.Random) -> str:
    """One ballot as it is typed."""
    if chosen.random() < 0.1:
        return f"/{chosen.randint(1, 4)}"
    return "".join(chosen.choices("01234*", k=SIZE))


class Typist:
    """Types ballots (`todo`, after `done` that are stored already) until a moment (`last`), and
    notes how many the screen has said are stored."""

    def __init__(self, terminal: Terminal, todo: list[str], done: int, last: float) -> None:
        self.terminal = terminal
        self.acknowledged = done
        self.sent = done
        self._todo = todo
        self._last = last

    def type_by_hand(self) -> None:
        """Waits for each ballot's echo before the next one, until time is up."""
        for paper in self._todo:
            if not self._left():
                return
            line = paper + "\r"
            self.sent += 1
            for at in range(0, len(line), 5):
                self.terminal.write(line[at : at + 5])
                self._read(0)
            while self.acknowledged < self.sent and self._left():
                self._read(self._left())

    def type_in_a_burst(self) -> None:
        """Writes everything at once and reads until time is up."""
        self.terminal.write("".join(f"{line}\r" for line in self._todo[:60]))
        while self._left():
            self._read(self._left())

    def _left(self) -> float:
        return max(self._last - time.monotonic(), 0)

    def _read(self, timeout: float) -> None:
        self.terminal.read(timeout)
        for number in _STORED.findall(self.terminal.text):
            self.acknowledged = max(self.acknowledged, int(number))


@pytest.mark.timeout(120 + 3 * KILLS)
def test_no_acknowledged_ballot_is_lost(office: Path) -> None:
    seed = int(os.environ.get("CEPING_SEED", "0")) or random.SystemRandom().randrange(10**6)
    chosen = random.Random(seed)  # noqa: S311 - test data
    papers = [paper(chosen) for _ in range(60 * KILLS)]
    let_in(office, len(papers))
    done = 0
    for kill in range(KILLS):
        where = f"seed {seed}, kill {kill}"
        burst = kill % 2 == 1
        with enter(office, UNIT, LEVEL, GROUP) as terminal:
            terminal.wait_for("Enter 存票")
            half = draft_in(office)
            if half:
                terminal.wait_for("上次录到一半的票已找回")
            todo = [papers[done].removeprefix(half), *papers[done + 1 :]]
            typist = Typist(terminal, todo, done, time.monotonic() + chosen.uniform(0.0, 0.35))
            try:
                typist.type_in_a_burst() if burst else typist.type_by_hand()
            except ClosedError:
                pytest.fail(f"the program ended by itself: {where}")
            terminal.kill()
        stored = lines_in(office)
        assert stored == papers[: len(stored)], where
        assert len(stored) >= typist.acknowledged, where
        if not burst:
            assert len(stored) <= typist.sent, where
            assert len(stored) <= typist.acknowledged + 1, where
        half = draft_in(office)
        assert half == papers[len(stored)][: len(half)], where
        assert examination.differences(office) == [], where
        done = len(stored)
    assert done > KILLS, "hardly anything was keyed: the test tested nothing"
