"""Two real programs on one database and its copies, in any order of keying, sealing, killing,
restoring, moving, replacing, linking, taking over, backing up, turning the clock and filling the
disk: no ballot that was acknowledged is in no file, none is there twice, and no backup keeps the
order of entry of what was sealed.

`CEPING_STEPS` says how many steps to take; a short run is in the suite.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from models.database import backup
from models.database.store import open_store
from models.recount import examination
from models.regulation.levels import Level
from models.rounds import life, paper, polls
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.faults.test_disk import fill_up
from tests.offices import small_plan, small_unit
from tests.sealing import UNVERIFIED

STEPS = int(os.environ.get("CEPING_STEPS", "400"))
SEED = int(os.environ.get("CEPING_SEED", "20261127"))
_LOOK = 20  # steps between two looks at everything
_STEPS_AN_OFFICE = 250
_UNITS = 5
_RETURNED = 2
_ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
_BALLOTS = """
SELECT batch_id, marks, 1 FROM ballot UNION ALL SELECT batch_id, marks, n FROM sealed_ballot
"""
_OF_POLL = """
SELECT count(*) FROM ballot JOIN batch ON batch.id = batch_id JOIN sheet ON sheet.id = sheet_id
WHERE poll_id = ?
"""
_ACTS = Counter(
    {"open": 10, "key": 20, "seal": 3, "restore": 2, "back up": 2, "look": 1, "take over": 1}
    | dict.fromkeys(("close", "clock", "kill", "cut", "move", "replace", "link", "unlock"), 1)
)
_CUT = ("key", "seal", "restore", "back up", "open", "take over")

Ballot = tuple[int, str]


class Program:
    """One program, told what to do line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.begin()

    def begin(self) -> None:
        """Start it, with the database not open."""
        self.writes = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ballot_program", str(self._path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def told(self, name: str, value: str = "") -> str:
        """What came of an act."""
        assert self._process.stdout is not None
        self.tell(name, value)
        answer = self._process.stdout.readline()
        if not answer:
            # The other one took the database over; nothing else may end a program.
            status = self._process.wait(20)
            assert self._process.stderr is not None
            assert status == -signal.SIGTERM, self._process.stderr.read()
            self.kill()
            self.begin()
            return "ended"
        said, self.writes = json.loads(answer)
        return str(said)

    def tell(self, name: str, value: str = "") -> None:
        """Begin an act."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps([name, value]) + "\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """End it as a lost machine does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


class Office:
    """The two programs, the folder, and what was acknowledged."""

    def __init__(self, folder: Path, blank: Path, seed: int, *, small: bool) -> None:
        self.path = Path(shutil.copy(blank, folder / "ceping.db"))
        self.draw = random.Random(seed)  # noqa: S311 - test data
        self.programs = [Program(self.path), Program(self.path)]
        self.acknowledged: set[Ballot] = set()
        self.number = 0
        self.done: list[tuple[str, str]] = []
        self._acts = _ACTS + Counter({"fill": 2, "free": 4} if small else {})
        self._ballast: Path | None = None

    def step(self) -> None:
        """Do one thing of all that can be done."""
        (name,) = self.draw.choices(list(self._acts), list(self._acts.values()))
        program = self.draw.choice(self.programs)
        value = self._value(name)
        if name == "kill":
            program.kill()
            program.begin()
            said = "killed"
        elif name == "cut":
            program.told("open")
            said = self.draw.choice(_CUT)
            program.tell(said, self._value(said))
            time.sleep(self.draw.choice([0, 0.002, 0.01, 0.05]) * self.draw.random())
            program.kill()
            program.begin()
        elif name in ("move", "replace"):
            said = self.taken_away(name)
        elif name == "link":
            said = self.linked()
        elif name == "unlock":
            self.path.with_name("ceping.db.lock").unlink(missing_ok=True)
            said = "done"
        elif name == "fill":
            self._ballast = self._ballast or fill_up(self.path.parent)
            said = "full"
        elif name == "free":
            said = self.freed()
        else:
            said = program.told(name, value)
        self.done.append((name, said))
        if said.startswith("stored "):
            _, stack, marks = said.split()
            self.acknowledged.add((int(stack), marks))
        elif said.startswith("sealed "):
            self.no_order_kept(int(said.split()[1]))

    def _value(self, name: str) -> str:
        if name == "key":
            self.number += 1
            return str(self.number)
        return self.draw.choice(_ZONES) if name == "clock" else str(self.draw.randrange(9))

    def freed(self) -> str:
        """Make room on the disk again."""
        if self._ballast is not None:
            self._ballast.unlink()
            self._ballast = None
        return "room"

    def taken_away(self, how: str) -> str:
        """Move or replace the file under its writer, which must notice and save what it has; then
        put what it saved in the place."""
        self.freed()
        writer = next((each for each in self.programs if each.writes), None)
        if writer is None or not self.path.exists() or writer.told("look") != "done":
            return "nobody writes"
        if how == "move":
            self.path.rename(self.path.with_name(f"away-{self.number}.db"))
        else:
            fresh = self.path.with_name("fresh")
            with closing(sqlite3.connect(self.path)) as file:
                file.execute("VACUUM INTO ?", (str(fresh),))
            os.replace(fresh, self.path)
        said = writer.told("key", str(self.number + 1))
        self.number += 1
        if said == "nothing to key":
            said = writer.told("look")
        assert "没有存进现在的文件" in said, said
        (rescued,) = self.path.parent.glob("ceping.db.rescued-*")
        for each in self.programs:
            each.told("close")
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(f"ceping.db{ending}").unlink(missing_ok=True)
        rescued.rename(self.path)
        return "saved"

    def linked(self) -> str:
        """Give the file a second name: nobody may begin to write by either."""
        if not self.path.exists() or any(each.writes for each in self.programs):
            return "no"
        other = self.path.with_name("二.db")
        os.link(self.path, other)
        for program in self.programs:
            program.told("close")
            said = program.told("open")
            assert "还有别的名字" in said or "磁盘已满" in said
        other.unlink()
        return "refused"

    def no_order_kept(self, poll: int) -> None:
        """After a seal no backup holds a ballot of that unit one by one."""
        for file in backup.folder_of(self.path).iterdir():
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as found:
                left = found.execute(_OF_POLL, (poll,)).fetchone()[0]
            assert not left, (file, self.done[-40:])

    def check(self) -> None:
        """Everything acknowledged is in some file, nothing is in a file twice, and the database
        agrees with itself."""
        self.freed()
        kept: set[Ballot] = set()
        folder = self.path.parent
        for file in [*folder.glob("*.db"), *folder.glob("ceping.db.*-*")]:
            # What was moved away without its log need not be whole; what it held was saved.
            torn = (sqlite3.DatabaseError,) if file.name.startswith("away-") else ()
            with contextlib.suppress(*torn):
                if file.read_bytes()[:6] == b"SQLite":
                    kept |= self._ballots_in(file)
        assert self.acknowledged <= kept, (self.acknowledged - kept, self.done[-40:])
        assert examination.damage(self.path) == [], self.done[-40:]

    def _ballots_in(self, file: Path) -> set[Ballot]:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as found:
            ballots: Counter[Ballot] = Counter()
            for stack, marks, n in found.execute(_BALLOTS):
                ballots[stack, marks] += n
        assert set(ballots.values()) <= {1}, (file, ballots.most_common(3), self.done[-40:])
        return set(ballots)


@pytest.fixture
def blank(tmp_path: Path, settings: Settings) -> Path:
    """An open round of a few units, nothing keyed."""
    store = open_store(tmp_path / "blank" / "ceping.db")
    plan = small_plan(("中层干部",), UNVERIFIED)
    round_id = life.create(plan)
    units = [small_unit(f"第{number + 1}县工商行政管理局") for number in range(_UNITS)]
    counts = {(level, "中层干部"): _RETURNED for level in Level}
    for poll in polls.add_polls(round_id, units):
        paper.record_paper(poll, counts, counts)
        polls.change_poll(
            poll, date="2020-11-05", place="三楼", expected=_RETURNED, present=_RETURNED
        )
    life.open_round(round_id, settings)
    store.close()
    return store.path


def _work(folder: Path, blank: Path, *, small: bool) -> Counter[str]:
    """All the steps, an office at a time; how often each act was done."""
    acts: Counter[str] = Counter()
    steps = offices = 0
    while steps < STEPS:
        place = folder / f"office-{offices}"
        place.mkdir()
        office = Office(place, blank, SEED + offices, small=small)
        try:
            for _ in range(min(_STEPS_AN_OFFICE, STEPS - steps)):
                office.step()
                steps += 1
                if steps % _LOOK == 0:
                    office.check()
            office.check()
        finally:
            for program in office.programs:
                program.kill()
        acts.update(f"{name}: {said.split()[0]}" for name, said in office.done)
        shutil.rmtree(place)
        offices += 1
    return acts


@pytest.mark.timeout(0 if STEPS > 1000 else 120)
def test_two_programs_in_any_order(
    tmp_path: Path, blank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = _work(tmp_path, blank, small=False)
    if STEPS > 1000:
        with capsys.disabled():
            print(f"\n{STEPS} steps, seed {SEED}: {dict(acts.most_common())}")
    assert acts["key: stored"] > 20
    assert acts["seal: sealed"] >= 1


@pytest.mark.timeout(0 if STEPS > 1000 else 120)
def test_two_programs_on_a_disk_that_is_full_now_and_then(
    tmp_path: Path, blank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk_in(tmp_path, "12m") as folder:
        acts = _work(folder, blank, small=True)
    if STEPS > 1000:
        with capsys.disabled():
            print(f"\n{STEPS} steps, seed {SEED}, small disk: {dict(acts.most_common())}")
    assert acts["key: stored"] > 20
    assert acts["key: refused:"] > 0
