"""Version 5: which paper an older file had registered, told from what it had stored as zero."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.database.store import open_store
from models.database.tables import database
from models.entry import first_entry
from models.recount import examination
from models.regulation.levels import Level
from models.rounds import paper
from models.rounds.stacks import Stack, stacks
from models.seal import facts, sealing
from models.seal.findings import judge
from models.settings.office import Settings
from tests.offices import GROUPS, only_poll, small_round, stack_of
from tests.sealing import TELLERS, UNVERIFIED, key, papers, size_of

FIRST, SECOND, THIRD = GROUPS


def as_version_4(path: Path) -> None:
    """The file as the program of before left it: zero and nothing are the same."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("ALTER TABLE batch DROP COLUMN registered")
        file.execute("DROP TABLE shown_counts")
        for entry in ("first", "second"):
            for what in ("sheets", "skipped", "twice"):
                file.execute(f"ALTER TABLE verification DROP COLUMN {entry}_{what}")
        file.execute("ALTER TABLE verification DROP COLUMN seed")
        file.execute("PRAGMA user_version = 4")


def typed(level: Level) -> dict[tuple[str, int], tuple[int | None, int | None]]:
    (poll_id,) = [row[0] for row in database.execute_sql("SELECT id FROM poll").fetchall()]
    return {
        (stack.group.name, stack.number): stack.typed
        for stack in stacks(poll_id)
        if stack.level is level
    }


def test_what_was_registered_is_told_by_what_was_issued(tmp_path: Path, settings: Settings) -> None:
    store = open_store(tmp_path / "ceping.db")
    info = small_round(settings, rules=UNVERIFIED, returned=4)
    team = {group: stack_of(info, Level.TEAM, group) for group in GROUPS}
    further = paper.add_stack(team[FIRST].stack_id)
    chief = {stack_of(info, Level.CHIEF, group).stack_id: (None, None) for group in GROUPS}
    counts: dict[int, tuple[int | None, int | None]] = {
        team[FIRST].stack_id: (4, 4),
        team[SECOND].stack_id: (6, None),
        team[THIRD].stack_id: (None, None),
        further: (None, None),
        **chief,
    }
    paper.record_counts(only_poll(info).id, counts)
    key(team[FIRST], ["1" * size_of(team[FIRST])] * 2)
    store.close()
    as_version_4(store.path)
    store = open_store(store.path)
    try:
        assert typed(Level.TEAM) == {
            (FIRST, 1): (4, 4),
            (FIRST, 2): (4, None),
            (SECOND, 1): (6, None),
            (THIRD, 1): (0, 0),
        }
        assert set(typed(Level.CHIEF).values()) == {(0, 0)}, "nothing was handed out"
        found = [each for each in judge(facts.read(only_poll(info).id)) if each.code == "F104"]
        assert [each.where for each in found] == [
            f"领导班子 {FIRST} 第 2 批",
            f"领导班子 {SECOND}",
        ]
    finally:
        store.close()
    assert examination.differences(store.path) == []


def test_a_poll_that_nobody_touched_has_nothing_registered(
    tmp_path: Path, settings: Settings
) -> None:
    """Else it could be sealed empty."""
    store = open_store(tmp_path / "ceping.db")
    info = small_round(settings, rules=UNVERIFIED, returned=0)
    store.close()
    as_version_4(store.path)
    store = open_store(store.path)
    try:
        assert {stack.registered for stack in stacks(only_poll(info).id)} == {False}
        with pytest.raises(sealing.UnsealableError):
            sealing.seal(only_poll(info).id, TELLERS, store)
    finally:
        store.close()


def test_a_sealed_poll_stays_as_it_was_sealed(tmp_path: Path, settings: Settings) -> None:
    store = open_store(tmp_path / "ceping.db")
    info = small_round(settings, rules=UNVERIFIED)
    left = stack_of(info, Level.TEAM, SECOND)
    paper.record_counts(only_poll(info).id, {left.stack_id: (6, 0)})
    for stack in stacks(only_poll(info).id):
        if stack.returned:
            key(stack, papers(size_of(stack)))
    seal = sealing.seal(only_poll(info).id, TELLERS, store)
    store.close()
    as_version_4(store.path)
    store = open_store(store.path)
    try:
        found: list[Stack] = stacks(only_poll(info).id)
        assert {stack.registered for stack in found} == {True}
        assert sealing.seals(only_poll(info).id) == (seal,)
    finally:
        store.close()
    assert examination.differences(store.path) == []


def test_paper_that_nobody_registered_is_found(tmp_path: Path, settings: Settings) -> None:
    store = open_store(tmp_path / "ceping.db")
    info = small_round(settings, rules=UNVERIFIED)
    first_entry.enter(stack_of(info, Level.TEAM, FIRST).stack_id).commit("1" * 8)
    store.close()
    with closing(sqlite3.connect(store.path)) as file, file:
        file.execute("UPDATE batch SET registered = 0 WHERE id = 1")
    (fault,) = examination.differences(store.path)
    assert "收回没有登记" in fault
