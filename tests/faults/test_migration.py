"""kill -9 while a database of before is migrated: the next start goes on, and nothing is lost.

`CEPING_KILLS` says how often to kill (a few dozen by default).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from models.database import backup, schema
from models.database.store import open_store
from models.recount import examination
from models.settings.office import Settings
from tests.sealing import keyed_round

KILLS = int(os.environ.get("CEPING_KILLS", "40"))
LONGEST = 0.04  # seconds; an undisturbed migration of this office takes less


@pytest.fixture
def older(tmp_path: Path, settings: Settings) -> Path:
    """A keyed office as the program of before left it, in version 3."""
    store = open_store(tmp_path / "older" / "ceping.db")
    keyed_round(settings)
    store.close()
    with closing(sqlite3.connect(store.path)) as file, file:
        file.execute("DROP TABLE identity")
        file.execute("DROP TABLE shown_counts")
        file.execute("ALTER TABLE round DROP COLUMN void_reasons")
        file.execute("ALTER TABLE batch DROP COLUMN registered")
        file.execute("PRAGMA user_version = 3")
    with closing(sqlite3.connect(store.path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store.path


def _killed_after(path: Path, moment: float) -> bool:
    """Open the database in a process that is killed; whether it was before it had opened it."""
    begun, tell = os.pipe()
    child = os.fork()
    if not child:
        os.write(tell, b"b")
        try:
            open_store(path)
        finally:
            os._exit(0)
    os.close(tell)
    os.read(begun, 1)
    os.close(begun)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _facts(path: Path) -> tuple[object, ...]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        ballots = file.execute("SELECT batch_id, position, marks, void_reason FROM ballot")
        return (*sorted(ballots.fetchall()), *file.execute("SELECT * FROM entered").fetchall())


@pytest.mark.timeout(120 + KILLS)
def test_a_killed_migration_goes_on(
    tmp_path: Path, older: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("CEPING_SEED", "0")) or random.SystemRandom().randrange(10**6)
    chosen = random.Random(seed)  # noqa: S311 - test data
    facts, cut = _facts(older), 0
    for number in range(KILLS):
        folder = tmp_path / "office"
        shutil.copytree(older.parent, folder)
        path = folder / "ceping.db"
        where = f"seed {seed}, kill {number} in {folder}"
        for _ in range(2):
            cut += _killed_after(path, chosen.uniform(0.0, LONGEST))
        store = open_store(path)
        assert not store.read_only, where
        store.close()
        assert _facts(path) == facts, where
        assert examination.differences(path) == [], where
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("PRAGMA user_version").fetchone() == (schema.VERSION,), where
            assert file.execute("SELECT count(*) FROM identity").fetchone() == (1,), where
            entered = "SELECT count(*) FROM journal WHERE detail LIKE '早于本版%'"
            assert file.execute(entered).fetchone() == (1,), where
        assert backup.listing(path)[-1].reason == "升级前", where
        assert {_facts(each.path) for each in backup.listing(path)} == {facts}, where
        shutil.rmtree(folder)
    with capsys.disabled():
        print(f"\nseed {seed}: {2 * KILLS} starts of an older database, {cut} killed")
    assert cut, "every migration was done before the kill: the test tested nothing"
