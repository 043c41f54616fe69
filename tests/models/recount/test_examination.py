"""复核计数: whatever count is changed behind the program's back, the verifier names it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.recount import examination


@pytest.fixture
def counted(keyed_office: Path, tmp_path: Path) -> Path:
    """The sample office, keyed to the end."""
    return Path(shutil.copy(keyed_office, tmp_path / "counted.db"))


def tamper(path: Path, *statements: str) -> int:
    """Change the file as another program could; how many rows the last statement changed."""
    with closing(sqlite3.connect(path)) as file, file:
        for statement in statements:
            changed = file.execute(statement).rowcount
    return changed


def test_the_sample_office_is_in_order(counted: Path) -> None:
    assert examination.differences(counted) == []


def test_every_single_count_is_checked(counted: Path) -> None:
    with closing(sqlite3.connect(counted)) as file:
        cells = file.execute("SELECT sheet_id, group_id, place, mark FROM count").fetchall()
    assert len(cells) > 1000
    tamper(counted, "UPDATE count SET n = n + 1")
    found = [text for text in examination.differences(counted) if "逐票重数" in text]
    assert len(found) == len(cells)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE count SET n = n - 1 WHERE rowid_of(1)", "逐票重数"),
        ("DELETE FROM count WHERE rowid_of(1)", "登记 0 票"),
        ("INSERT INTO count SELECT sheet_id, group_id, 99, '1', 1 FROM count LIMIT 1", "第 100 项"),
        ("UPDATE entered SET n = n + 1 WHERE void_reason = 0", "有效票：登记"),
        ("UPDATE entered SET n = n - 1 WHERE void_reason = 1", "作废原因 1：登记"),
        ("DELETE FROM ballot WHERE batch_id = 5 AND position = 3", "不连续"),
        ("UPDATE ballot SET marks = '11' WHERE batch_id = 5 AND position = 3", "登记"),
        ("UPDATE ballot SET void_reason = 3 WHERE batch_id = 5 AND position = 3", "作废原因 3"),
        ("UPDATE batch SET returned = 2 WHERE id = 5", "多于收回 2 张"),
    ],
)
def test_a_change_is_named(counted: Path, statement: str, says: str) -> None:
    first = (
        "(sheet_id, group_id, place, mark) = (SELECT sheet_id, group_id, place, mark FROM count)"
    )
    assert tamper(counted, statement.replace("rowid_of(1)", first))
    found = examination.differences(counted)
    assert any(says in text for text in found), found


def test_two_marks_exchanged_between_ballots_change_no_count(counted: Path) -> None:
    """What a recount cannot see is why there is a second entry; nor must it cry wolf."""
    with closing(sqlite3.connect(counted)) as file:
        (one,), (two,) = file.execute(
            "SELECT marks FROM ballot WHERE batch_id = 5 AND void_reason = 0 LIMIT 2"
        ).fetchall()
        file.execute(
            "UPDATE ballot SET marks = CASE marks WHEN ? THEN ? ELSE ? END "
            "WHERE batch_id = 5 AND marks IN (?, ?)",
            (one, two, one, one, two),
        )
    assert examination.differences(counted) == []


def test_a_dangling_reference_is_named(counted: Path) -> None:
    tamper(counted, "UPDATE entered SET batch_id = 9999 WHERE batch_id = 5")
    assert any("数据库引用有误：entered" in text for text in examination.differences(counted))


def test_a_damaged_file_is_named(counted: Path) -> None:
    body = bytearray(counted.read_bytes())
    body[4096:12288] = b"\xff" * 8192
    counted.write_bytes(body)
    assert examination.differences(counted)
    counted.write_bytes(b"no database at all " * 100)
    (only,) = examination.differences(counted)
    assert "数据库打不开或已损坏" in only
