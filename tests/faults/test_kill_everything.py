"""kill -9 at any moment of any act: keying, second entry, seal, correction, backup, documents.

A ledger outside the database knows what was acknowledged; after each kill the database must hold
exactly that, or that and the one act that was under way, whole. `CEPING_KILLS` says how often to
kill (a few dozen by default).
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from exports.documents.kinds import KINDS
from models.database import backup, erasure
from models.database.store import Store, open_store
from models.recount import examination
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import polls
from models.seal import sealing
from models.settings.office import Settings
from tests.faults.office_work import DOCUMENTS, Ledger, OfficeWork
from tests.offices import small_round
from tests.sealing import TELLERS, keyed_round

KILLS = int(os.environ.get("CEPING_KILLS", "40"))
RETURNED = 3
LONGEST = 0.4  # seconds from the child's first word to its death

Sheet = tuple[str, int]


@dataclass
class Holdings:
    """What a database must hold; sheets as (marks, void reason)."""

    first: dict[int, list[Sheet]] = field(default_factory=dict)
    drafts: dict[int, Sheet] = field(default_factory=dict)
    second: dict[int, list[Sheet]] = field(default_factory=dict)
    second_drafts: dict[int, Sheet] = field(default_factory=dict)
    verified: set[int] = field(default_factory=set)
    sealed: dict[int, Counter[Sheet]] = field(default_factory=dict)
    seals: list[bool] = field(default_factory=list)  # for each version whether it is in force
    registered: set[str] = field(default_factory=set)

    def after(self, line: dict[str, Any]) -> Holdings:
        """These and one act more."""
        then = deepcopy(self)
        act, batch = line["act"], line.get("batch", 0)
        sheet = (line.get("marks", ""), line.get("void", 0))
        if act == "ballot":
            then.first.setdefault(batch, []).append(sheet)
            then.drafts.pop(batch, None)
        elif act == "draft":
            then.drafts[batch] = sheet
        elif act == "second":
            then.second.setdefault(batch, []).append(sheet)
            then.second_drafts.pop(batch, None)
            then.agree(batch)
        elif act == "second draft":
            then.second_drafts[batch] = sheet
        elif act == "settle":
            then.first[batch][line["position"] - 1] = sheet
            then.second[batch][line["position"] - 1] = sheet
            then.agree(batch)
        elif act == "seal":
            if not then.seals:
                then.sealed = {each: Counter(sheets) for each, sheets in then.first.items()}
                then.first, then.drafts, then.second, then.second_drafts = {}, {}, {}, {}
            then.seals.append(True)
        elif act == "reopen":
            then.seals[-1] = False
        elif act == "correct":
            then.sealed[batch] = (
                then.sealed[batch] - Counter({(line["old"], 0): 1}) + Counter({(line["new"], 0): 1})
            )
        elif act == "register":
            then.registered.add(line["path"])
        return then

    def agree(self, batch: int) -> None:
        """The second entry goes once it is whole and the same as the first."""
        if self.first[batch] == self.second[batch] and len(self.first[batch]) == RETURNED:
            self.verified.add(batch)
            del self.second[batch]
            self.second_drafts.pop(batch, None)


def held_by(path: Path) -> Holdings:
    """What a database holds, read past the program."""
    held = Holdings()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        for table, into in (("ballot", held.first), ("second_ballot", held.second)):
            for batch, marks, void in file.execute(
                f"SELECT batch_id, marks, void_reason FROM {table} "  # noqa: S608 - a constant
                "ORDER BY batch_id, position"
            ):
                into.setdefault(batch, []).append((marks, void))
        for table, drafts in (("draft", held.drafts), ("second_draft", held.second_drafts)):
            for batch, marks, void in file.execute(
                f"SELECT batch_id, rtrim(marks), void_reason FROM {table}"  # noqa: S608 - a constant
            ):
                drafts[batch] = (marks, void)
        held.verified = {
            batch for (batch,) in file.execute("SELECT batch_id FROM verification WHERE agreed")
        }
        for batch, marks, void, n in file.execute(
            "SELECT batch_id, marks, void_reason, n FROM sealed_ballot"
        ):
            held.sealed.setdefault(batch, Counter())[marks, void] = n
        held.seals = [
            not reopened
            for (reopened,) in file.execute("SELECT reopened_at FROM seal ORDER BY version")
        ]
        held.registered = {path for (path,) in file.execute("SELECT path FROM written")}
        assert not file.execute("SELECT 1 FROM erasure").fetchall(), "an erasure is left"
    return held


class Office:
    """One office under the killer's eyes."""

    def __init__(self, folder: Path, blank: Path, number: int, settings: Settings) -> None:
        folder.mkdir()
        self.path = Path(shutil.copy(blank, folder / "ceping.db"))
        self.number = number
        self.settings = settings
        self.ledger = Ledger(folder / "ledger")
        self._failure = folder / "failure"
        self.done = False
        self.must = Holdings()
        self._read = 0

    def run_until(self, moment: float) -> bool:
        """Work in a process of its own, killed `moment` seconds after it began; whether it was
        killed rather than done."""
        begun, tell = os.pipe()
        child = os.fork()
        if not child:
            self._work(tell)
        os.close(tell)
        try:
            assert os.read(begun, 1) == b"b", "the worker could not begin"
            limit = time.monotonic() + moment
            while time.monotonic() < limit:
                if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    break
                time.sleep(min(0.002, moment))
            os.kill(child, signal.SIGKILL)
        finally:
            os.close(begun)
            _, status = os.waitpid(child, 0)
        self.done = os.WIFEXITED(status) and not os.WEXITSTATUS(status)
        assert self.done or os.WIFSIGNALED(status), self._failure.read_text(encoding="utf-8")
        return not self.done

    def _work(self, tell: int) -> None:
        """In the child; never returns."""
        try:
            os.setsid()
            store = open_store(self.path)
            assert not store.read_only, f"locked by {store.holder}"
            work = OfficeWork(store, self.settings, self.ledger, self.number)
            os.write(tell, b"b")
            work.go_on()
            os._exit(0)
        except BaseException:
            self._failure.write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(1)

    def check(self, where: str) -> str:
        """Hold everything against the ledger; the act that the kill cut off, if one was."""
        store = open_store(self.path)
        try:
            assert not store.read_only, where
            if store.erasure_pending():
                erasure.finish(store)
            state = polls.find_by_id(1).state.name
        finally:
            store.close()
        lines = self.ledger.lines()
        for line in lines[self._read :]:
            if line["state"] == "done":
                self.must = self.must.after(line)
        pending = lines[-1] if lines and lines[-1]["state"] == "try" else None
        held = held_by(self.path)
        if pending and held != self.must:
            # It was under way: then it is in whole, which equality tells.
            self.must = self.must.after(pending)
            self.ledger.write("done", **{k: v for k, v in pending.items() if k != "state"})
        self._read = len(self.ledger.lines())
        assert held == self.must, f"{where}, cut off: {pending}"
        expected = "ENTRY" if not held.seals else "SEALED" if held.seals[-1] else "REOPENED"
        assert state == expected, where
        assert examination.differences(self.path) == [], where
        self._check_backups(where, state)
        self._check_documents(where, lines, pending)
        return str(pending["act"]) if pending else ""

    def _check_backups(self, where: str, state: str) -> None:
        listed = backup.listing(self.path)
        for each in listed:
            assert examination.differences(each.path) == [], f"{where}: {each.path.name}"
            with closing(sqlite3.connect(f"file:{each.path}?mode=ro", uri=True)) as file:
                left = file.execute("SELECT count(*) FROM ballot").fetchone()[0]
            assert state == "ENTRY" or not left, f"{where}: the order is still in {each.path.name}"
        if state == "SEALED":
            # Half a backup from before the seal would hold the order, too.
            left = {path.name for path in backup.folder_of(self.path).iterdir()}
            assert left == {each.path.name for each in listed}, where

    def _check_documents(
        self, where: str, lines: list[dict[str, Any]], pending: dict[str, Any] | None
    ) -> None:
        written = {
            line["path"]: line["sha256"]
            for line in lines
            if line["act"] == "export" and line["state"] == "done" and "sha256" in line
        }
        again = pending["path"] if pending and pending["act"] == "export" else ""
        for path, sha256 in written.items():
            content = Path(path).read_bytes()
            assert path == again or hashlib.sha256(content).hexdigest() == sha256, where
        for document in (self.path.parent / DOCUMENTS).rglob("*.docx"):
            with zipfile.ZipFile(document) as parts:
                assert parts.testzip() is None, f"{where}: {document.name}"


@pytest.fixture
def blank(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A small office, nothing keyed."""
    store = open_store(tmp_path / "blank" / "ceping.db")
    small_round(
        settings,
        ("班子成员", "中层干部"),
        RoundRules(verification=VerificationRule(every=1)),
        returned=RETURNED,
    )
    store.close()
    return store.path


def test_half_a_copy_from_before_the_seal_goes_with_it(store: Store, settings: Settings) -> None:
    """What a kill leaves of a backup or of restoring one holds the order of entry."""
    info = keyed_round(settings)
    left = [
        backup.folder_of(store.path) / "ceping-20260101-080000-手动.db",
        backup.folder_of(store.path) / ".ceping-20260101-070000-手动.db.erasing",
        backup.folder_of(store.path) / ".ceping-20260101-080000-手动.db.77.tmp",
        backup.folder_of(store.path) / ".ceping-20260101-080000-手动.db.77.tmp-journal",
        store.path.with_name(f".{store.path.name}.restoring"),
    ]
    left[0].parent.mkdir(exist_ok=True)
    for path in left:
        # Its first page is gone: it no longer says which database it is of.
        path.write_bytes(bytes(4096) + store.path.read_bytes()[4096:9000])
    sealing.seal(polls.polls(info.id)[0].id, TELLERS, store)
    assert [path for path in left if path.exists()] == []


@pytest.mark.timeout(120 + 3 * KILLS)
def test_what_was_acknowledged_outlives_every_kill(
    tmp_path: Path, blank: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("CEPING_SEED", "0")) or random.SystemRandom().randrange(10**6)
    chosen = random.Random(seed)  # noqa: S311 - test data
    # What the worker needs is loaded before the first fork.
    assert KINDS
    offices = kills = 0
    cut: Counter[str] = Counter()
    acts: Counter[str] = Counter()
    office = Office(tmp_path / "0", blank, seed, settings)
    while kills < KILLS:
        killed = office.run_until(chosen.uniform(0.0, LONGEST))
        kills += killed
        where = f"seed {seed}, office {offices}, kill {kills} in {office.path.parent}"
        act = office.check(where)
        if killed:
            cut[act or "between acts"] += 1
        if office.done or kills == KILLS:
            acts.update(line["act"] for line in office.ledger.lines() if line["state"] == "done")
        if office.done:
            shutil.rmtree(office.path.parent)
            offices += 1
            office = Office(tmp_path / str(offices), blank, seed + offices, settings)
    with capsys.disabled():
        print(f"\nseed {seed}: {kills} kills, {offices} offices done")
        print("  cut off:", ", ".join(f"{act} {n}" for act, n in cut.most_common()))
        print("  acknowledged:", ", ".join(f"{act} {n}" for act, n in acts.most_common()))
    assert acts["ballot"], "nothing was keyed: the test tested nothing"
