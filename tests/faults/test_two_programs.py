"""Two real programs on one database and its copies, in any order of keying, killing, restoring,
moving, replacing, linking, taking over and backing up: nothing that was acknowledged is in no file.

`CEPING_STEPS` says how many steps to take; a short run is in the suite.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.recount import examination

STEPS = int(os.environ.get("CEPING_STEPS", "400"))
SEED = int(os.environ.get("CEPING_SEED", "20261127"))
_LOOK = 20  # steps between two looks at everything

_WORKER = """
import json, os, sys, time
from pathlib import Path
from models.database import backup, journal, restore
from models.database.journal import JournalAct
from models.database.store import open_store, writing
from models.refusal import RefusedError
path, store = Path(sys.argv[1]), None
def act(name, value):
    global store
    if name == "open" and store is None:
        store = open_store(path)
    elif name == "close" and store is not None:
        store.close(); store = None
    elif store is None:
        return "closed"
    elif name == "note":
        if store.read_only:
            return "reading"
        with writing():
            journal.record(JournalAct.MAKE_ROUND, value)
    elif name == "take over":
        store.take_over()
    elif name == "look":
        store.changed()
    elif name == "back up":
        backup.make(store.path, "手工")
    elif name == "clock":
        os.environ["TZ"] = value; time.tzset()
    elif name == "restore":
        if store.read_only:
            return "reading"
        newest = next(iter(backup.listing(store.path)), None)
        if newest is None:
            return "none"
        store.close(); store = None
        restore.restore(newest.path, path)
    return "done"
for line in sys.stdin:
    name, value = json.loads(line)
    try:
        said = act(name, value)
    except RefusedError as error:
        said = "refused: " + str(error)
    print(json.dumps([said, bool(store) and not store.read_only]), flush=True)
"""


class Program:
    """One program, told what to do line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.begin()

    def begin(self) -> None:
        """Start it, with the database not open."""
        self.writes = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(self._path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def told(self, name: str, value: str = "") -> str:
        """What came of an act."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        answer = ""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps([name, value]) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            assert self._process.wait(20) is not None  # the other one took the database over
            self.kill()
            self.begin()
            return "ended"
        said, self.writes = json.loads(answer)
        return str(said)

    def kill(self) -> None:
        """End it as a lost machine does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


class Office:
    """The two programs, the folder, and what was acknowledged."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.path = folder / "ceping.db"
        self.draw = random.Random(seed)  # noqa: S311 - test data
        self.programs = [Program(self.path), Program(self.path)]
        self.acknowledged: set[str] = set()
        self.number = 0
        self.done: list[tuple[str, str]] = []

    def step(self) -> None:
        """Do one thing of all that can be done."""
        names = ["open"] * 4 + ["note"] * 12 + ["look", "take over", "back up", "close", "kill"]
        names += ["restore", "clock", "move", "replace", "link", "unlock"]
        name = self.draw.choice(names)
        program = self.draw.choice(self.programs)
        if name == "note":
            self.number += 1
            text = f"第{self.number}条"
            said = program.told(name, text)
            if said == "done":
                self.acknowledged.add(text)
        elif name == "kill":
            said = "killed"
            program.kill()
            program.begin()
        elif name == "clock":
            said = program.told(
                name, self.draw.choice(["UTC", "Asia/Shanghai", "America/New_York"])
            )
        elif name in ("move", "replace"):
            said = self.taken_away(name)
        elif name == "link":
            said = self.linked()
        elif name == "unlock":
            self.path.with_name("ceping.db.lock").unlink(missing_ok=True)
            said = "done"
        else:
            said = program.told(name)
        self.done.append((name, said))

    def taken_away(self, how: str) -> str:
        """Move or replace the file under its writer, which must notice and save what it has; then
        put what it saved in the place."""
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
        said = writer.told("note", "never")
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
            assert "还有别的名字" in program.told("open")
        other.unlink()
        return "refused"

    def check(self) -> None:
        """Everything acknowledged is in some file, and the database agrees with itself."""
        kept: set[str] = set()
        folder, made = self.path.parent, False
        for file in [*folder.glob("*.db"), *folder.glob("ceping.db.*-*")]:
            if file.read_bytes()[:6] != b"SQLite":
                continue
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as found:
                if not found.execute("PRAGMA user_version").fetchone()[0]:
                    continue  # killed while it was made; the next start makes it
                made |= file == self.path
                rows: list[Any] = found.execute("SELECT subject FROM journal").fetchall()
                kept |= {row[0] for row in rows}
        assert self.acknowledged <= kept, (self.acknowledged - kept, self.done[-40:])
        if made:
            assert examination.damage(self.path) == [], self.done[-40:]


@pytest.mark.timeout(0 if STEPS > 1000 else 120)
def test_two_programs_in_any_order(tmp_path: Path) -> None:
    steps, round_ = 0, 0
    while steps < STEPS:
        folder = tmp_path / f"office-{round_}"
        folder.mkdir()
        office = Office(folder, SEED + round_)
        try:
            for _ in range(min(200, STEPS - steps)):
                office.step()
                steps += 1
                if steps % _LOOK == 0:
                    office.check()
            office.check()
        finally:
            for program in office.programs:
                program.kill()
        shutil.rmtree(folder)
        round_ += 1
