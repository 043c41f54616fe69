"""What was sealed is changed behind the program's back: the verifier finds every change."""

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from models.database.store import open_store
from models.recount import examination
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, sealed_round

SEALED = ("sealed_ballot", "count", "entered", "seal", "journal")
FLIPS = int(os.environ.get("CEPING_FLIPS", "800"))  # 0 for one in every byte of the file


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """An office sealed, opened again and sealed once more; closed, no log beside it."""
    path = tmp_path_factory.mktemp("sealed") / "ceping.db"
    store = open_store(path)
    info, _ = sealed_round(settings, store)
    sealing.reopen(only_poll(info).id, "发现错录", TWO)
    sealing.seal(only_poll(info).id, TELLERS, store)
    assert examination.differences(path) == []
    store.close()
    assert not path.with_name("ceping.db-wal").exists()
    return path


def changed(value: object) -> object:
    """The same in one character, bit or number."""
    if isinstance(value, bytes):
        middle = len(value) // 2
        return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
    if isinstance(value, int):
        return value + 1
    text = str(value)
    middle = len(text) // 2
    return text[:middle] + ("x" if text[middle : middle + 1] != "x" else "y") + text[middle + 1 :]


def cells(file: sqlite3.Connection, table: str) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    """Every column of every row: the column, the condition that names the row, its values."""
    columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
    own = " AND ".join(f"{column} IS ?" for column in columns)
    for row in file.execute(f"SELECT * FROM {table}").fetchall():  # noqa: S608
        for column in columns:
            yield column, own, row


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.timeout(600)
def test_every_value_that_is_changed_is_found(sealed: Path, tmp_path: Path, table: str) -> None:
    path = Path(shutil.copy(sealed, tmp_path / "ceping.db"))
    missed, tried = [], 0
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        triggers = file.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
        for column, own, row in list(cells(file, table)):
            old = row[columns.index(column)]
            new = changed(old)
            change = f"UPDATE {table} SET {column} = ? WHERE {own}"  # noqa: S608
            file.execute("BEGIN")
            for name, _ in triggers:
                file.execute(f"DROP TRIGGER {name}")
            try:
                assert file.execute(change, (new, *row)).rowcount == 1
            except sqlite3.IntegrityError:
                # The place is taken; it would be another change.
                file.execute("ROLLBACK")
                continue
            for _, sql in triggers:
                file.execute(sql)
            file.execute("COMMIT")
            tried += 1
            if not examination.differences(path):
                missed.append((column, old, new))
            after = tuple(
                new if name == column else value for name, value in zip(columns, row, strict=True)
            )
            file.execute("BEGIN")
            for name, _ in triggers:
                file.execute(f"DROP TRIGGER {name}")
            assert file.execute(change, (old, *after)).rowcount == 1
            for _, sql in triggers:
                file.execute(sql)
            file.execute("COMMIT")
    assert missed == []
    assert tried >= 10
    assert examination.differences(path) == []


@pytest.mark.parametrize("table", SEALED)
def test_every_row_that_is_taken_out_is_found(sealed: Path, tmp_path: Path, table: str) -> None:
    path = tmp_path / "ceping.db"
    with closing(sqlite3.connect(sealed)) as file:
        own = {own: None for _, own, _ in cells(file, table)}
        found = list(dict.fromkeys(row for _, _, row in cells(file, table)))
    (condition,) = own
    for row in found:
        shutil.copy(sealed, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            triggers = file.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
                (table,),
            ).fetchall()
            for name, _ in triggers:
                file.execute(f"DROP TRIGGER {name}")
            assert file.execute(f"DELETE FROM {table} WHERE {condition}", row).rowcount == 1  # noqa: S608
            for _, sql in triggers:
                file.execute(sql)
        assert examination.differences(path), row


def content(path: Path) -> object:
    """All rows of the sealed tables and whether every text of all tables can be read; that they
    cannot is an answer too."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                file.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            return [
                file.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()  # noqa: S608
                for table in SEALED
            ]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)


@pytest.mark.timeout(0)
def test_a_bit_that_flips_on_the_disk_is_found(
    sealed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = sealed.read_bytes()
    before = content(sealed)
    chance = random.Random(2026)  # noqa: S311
    places = list(range(len(whole)))
    if FLIPS:
        # Most of the file is empty; most of the sample falls on bytes that bear something.
        written = [place for place in places if whole[place]]
        places = sorted({*chance.sample(places, FLIPS // 4), *chance.choices(written, k=FLIPS)})
    path = tmp_path / "ceping.db"
    hits, missed = 0, []
    for place in places:
        bit = chance.randrange(8)
        body = bytearray(whole)
        body[place] ^= 1 << bit
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        path.write_bytes(body)
        found = examination.differences(path)  # never a traceback, whatever it meets
        if content(path) == before:
            continue
        hits += 1
        if not found:
            missed.append((place, bit))
    with capsys.disabled():
        print(f"\n{len(places)} bits flipped, {hits} changed what was sealed or broke a text")
    assert missed == []
    assert hits >= len(places) // 4
