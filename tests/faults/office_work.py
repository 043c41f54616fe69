"""The work of a small office from the first ballot to the last document, each act written down.

Runs in a process that is killed at any moment and goes on where the last one was cut off. The
ledger lies outside the database: a line `try` before each act and `done` once the program has
acknowledged it, so that a check knows exactly what must be there and the one act that may be.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exports.writing import preparation
from models.database import backup
from models.database.store import Store
from models.entry import first_entry, second_entry
from models.entry.alignment import DifferenceKind
from models.entry.ballot import Ballot
from models.entry.keying import Effect
from models.entry.second_keying import SecondKeying
from models.results import register
from models.rounds import life, polls
from models.rounds.polls import PollState
from models.rounds.stacks import Stack, stacks
from models.seal import correction, sealing
from models.seal.sealing import Teller
from models.settings.office import Settings
from tests.models.layouts import VOID_REASONS
from tui.keypad import act_of
from tui.words.keying import words

DOCUMENTS = "文书"
_TELLERS = (Teller("监票人", "监甲"), Teller("计票人", "计甲"))
_BACKUPS = 0.04  # how often a backup follows a ballot


class Ledger:
    """Acts as lines of JSON: what was begun, and what was acknowledged."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[dict[str, Any]]:
        """Every whole line; a line that a kill cut off was never begun."""
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8")
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def write(self, state: str, act: str, **what: Any) -> None:
        """Add a line and, of what the program makes durable, have it on the disk."""
        line = json.dumps({"state": state, "act": act, **what}, ensure_ascii=False)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
            if state == "done" and act not in ("draft", "second draft"):
                os.fsync(handle)
        finally:
            os.close(handle)

    def acknowledged(self, act: str) -> bool:
        """Whether an act of this kind was ever done."""
        return any(line["act"] == act and line["state"] == "done" for line in self.lines())


def truth(office: int, batch: int, position: int, size: int) -> str:
    """What a sheet of paper says, as it is typed."""
    chosen = random.Random(f"{office}/{batch}/{position}")  # noqa: S311 - test data
    if chosen.random() < 0.1:
        return "/1"
    return "".join(chosen.choices("123", k=size))


def slipped(office: int, batch: int, position: int, size: int) -> str:
    """What the first entry makes of it: now and then one mark is wrong."""
    line = truth(office, batch, position, size)
    chosen = random.Random(f"slip {office}/{batch}/{position}")  # noqa: S311 - test data
    if line.startswith("/") or chosen.random() < 0.8:
        return line
    place = chosen.randrange(size)
    return line[:place] + ("2" if line[place] != "2" else "3") + line[place + 1 :]


class OfficeWork:
    """One process's share of the work on the office `office` in an open store."""

    def __init__(self, store: Store, settings: Settings, ledger: Ledger, office: int) -> None:
        self.store = store
        self.settings = settings
        self.ledger = ledger
        self.office = office
        self.round = life.find_by_id(1)
        self.poll_id = polls.polls(1)[0].id
        self._chance = random.SystemRandom()

    def go_on(self) -> None:
        """All that is left to do."""
        versions = len(sealing.seals(self.poll_id))
        if not versions:
            for stack in stacks(self.poll_id):
                self._key(stack)
            for stack in stacks(self.poll_id):
                self._verify(stack)
            self._seal()
        if versions <= 1:
            if polls.find_by_id(self.poll_id).state is PollState.SEALED:
                self._told("reopen", lambda: sealing.reopen(self.poll_id, "核对", ("甲", "乙")))
            if not self.ledger.acknowledged("correct"):
                self._correct()
            self._seal()
        self._export()

    def _told(self, name: str, act: Callable[[], object], **what: Any) -> None:
        self.ledger.write("try", name, **what)
        act()
        self.ledger.write("done", name, **what)

    def _key(self, stack: Stack) -> None:
        entry = first_entry.enter(stack.stack_id)
        batch, size = stack.stack_id, len(entry.sheet.places)
        hand = entry.draft(VOID_REASONS)
        while not entry.full:
            position = entry.entered + 1
            line = slipped(self.office, batch, position, size)
            for key in _left(line, hand.marks, hand.void_reason):
                hand.press(act_of(key))
                if key == "/":
                    continue
                what = {"batch": batch, "marks": hand.marks.rstrip(), "void": hand.void_reason}
                self._told("draft", lambda: entry.save_draft(hand), **what)  # noqa: B023
            assert hand.press(act_of("enter")).effect is Effect.STORED
            marks, void = ("", hand.void_reason) if hand.void_reason else (hand.marks, 0)
            self._told(
                "ballot",
                lambda: entry.commit(marks, void),  # noqa: B023
                batch=batch,
                position=position,
                marks=marks,
                void=void,
            )
            hand = entry.draft(VOID_REASONS)
            if self._chance.random() < _BACKUPS:
                self._backup()

    def _verify(self, stack: Stack) -> None:
        batch = stack.stack_id
        if second_entry.of_poll(self.poll_id)[batch].agreed:
            return
        keying = SecondKeying(second_entry.verify(batch), VOID_REASONS)
        entry = keying.entry
        while not entry.reached:
            position = entry.entered + 1
            line = truth(self.office, batch, position, entry.size)
            for key in _left(line, keying.ballot.marks, keying.ballot.void_reason):
                if key == "/":
                    keying.press(act_of(key))
                    continue
                void = int(key) if line.startswith("/") else 0
                marks = "" if void else keying.ballot.marks.rstrip() + key
                what = {"batch": batch, "marks": marks, "void": void}
                self._told("second draft", lambda: _kept(keying, key), **what)  # noqa: B023
            void = keying.ballot.void_reason
            marks = "" if void else keying.ballot.marks
            what = {"batch": batch, "position": position, "marks": marks, "void": void}
            self._told("second", lambda: _stored(keying, "enter"), **what)
        if not keying.finished:
            keying.press(act_of("f2"))
        while keying.difference is not None:
            found = keying.difference
            assert found.kind is DifferenceKind.CHANGED, found
            line = truth(self.office, batch, found.first, entry.size)
            while keying.ballot.cursor < keying.ballot.size:
                keying.press(act_of(line[keying.ballot.cursor]))
            what = {"batch": batch, "position": found.first, "marks": line, "void": 0}
            self._told("settle", lambda: _stored(keying, "enter"), **what)
        assert keying.finished, words(keying.statement())

    def _seal(self) -> None:
        self._told("seal", lambda: sealing.seal(self.poll_id, _TELLERS, self.store))

    def _correct(self) -> None:
        stack, old = next(
            (stack, ballot)
            for stack in stacks(self.poll_id)
            for ballot, _ in sealing.sealed_ballots(stack.stack_id)
            if ballot.marks
        )
        new = ("2" if old.marks[0] != "2" else "3") + old.marks[1:]
        self._told(
            "correct",
            lambda: correction.correct(
                stack.stack_id, Ballot(old.marks), Ballot(new), Ballot(new), "核对"
            ),
            batch=stack.stack_id,
            old=old.marks,
            new=new,
        )

    def _backup(self) -> None:
        self.ledger.write("try", "backup")
        path = backup.make(self.store.path, "手动")
        self.ledger.write("done", "backup", name=path.name)

    def _export(self) -> None:
        folder = self.store.path.parent / DOCUMENTS
        known = {document.path for document in register.documents(1)}
        for job in preparation.prepare(self.settings, self.round):
            path = str(folder / job.relative_path)
            if path in known:
                continue
            self.ledger.write("try", "export", path=path)
            written = job.write(folder)
            self.ledger.write("done", "export", path=path, sha256=written.sha256)
            self._told("register", lambda: register.record([written]), path=path)  # noqa: B023
        self.ledger.write("done", "office")


def _left(line: str, marks: str, void: int) -> str:
    """What of a line is still to be typed on a ballot found half-keyed."""
    return "" if void else line[len(marks.rstrip()) :]


def _kept(keying: SecondKeying, key: str) -> None:
    """Press a key and save before anything is shown of it, as the pad does."""
    keying.press(act_of(key))
    assert keying.keep() is None


def _stored(keying: SecondKeying, key: str) -> None:
    reply = keying.press(act_of(key))
    assert reply.effect is Effect.STORED, reply
