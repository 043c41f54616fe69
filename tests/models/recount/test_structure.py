"""复核结构: what somebody put into the file beside the program's own tables."""

import sqlite3
from contextlib import closing

import pytest

from models.database.store import Store
from models.recount import examination
from models.settings.office import Settings
from tests.sealing import keyed_round, sealed_round


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (
            "CREATE TABLE diary (at TEXT, marks TEXT); "
            "CREATE TRIGGER remember AFTER INSERT ON ballot "
            "BEGIN INSERT INTO diary VALUES (datetime(), NEW.marks); END",
            "不属于本程序的触发器：remember",
        ),
        ("CREATE TABLE diary (marks TEXT)", "不属于本程序的表：diary"),
        ("CREATE VIEW seen AS SELECT * FROM ballot", "不属于本程序的视图：seen"),
        ("CREATE INDEX diary ON ballot (marks)", "不属于本程序的索引：diary"),
        ("ALTER TABLE ballot ADD COLUMN at TEXT", "表 ballot 里有不属于本程序的列：at"),
        (
            "ALTER TABLE sealed_ballot RENAME TO old; "
            "CREATE TABLE sealed_ballot AS SELECT * FROM old; DROP TABLE old",
            "表 sealed_ballot 的存放方式被改过",
        ),
        ("DROP TABLE opinion", "数据库缺少表：opinion"),
        ("UPDATE written SET path = CAST(x'ff41' AS TEXT)", "不是可读的文字"),
        ("UPDATE unit SET name = CAST(x'e5' AS TEXT)", "表 unit 第 1 行的 name 不是可读的文字"),
    ],
)
def test_what_does_not_belong_is_named(
    store: Store, settings: Settings, statements: str, says: str
) -> None:
    sealed_round(settings, store)
    assert examination.differences(store.path) == []
    with closing(sqlite3.connect(store.path)) as file:
        file.execute(
            "INSERT INTO written "
            "VALUES (NULL, 'now', 1, NULL, '反馈书', '甲', '/a', 'x', 0, '', '', '')"
        )
        file.commit()
        file.executescript(statements)
    found = examination.differences(store.path)
    assert any(says in fault for fault in found), found


def test_an_office_of_its_own_has_nothing_foreign(store: Store, settings: Settings) -> None:
    keyed_round(settings)
    assert examination.differences(store.path) == []


def test_a_file_that_cannot_be_read_now_is_not_called_damaged(
    store: Store, settings: Settings
) -> None:
    keyed_round(settings)
    path = store.path
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = delete")
        other.execute("BEGIN EXCLUSIVE")
        (check,) = examination.examine(path)
        other.execute("ROLLBACK")
    assert check.unread
    assert "这不是损坏" in check.faults[0]
    assert examination.differences(path) == []


def test_the_journals_end_is_told(store: Store, settings: Settings) -> None:
    keyed_round(settings)
    length, head = examination.chain(store.path)
    assert length > 0
    assert len(head) == 64
