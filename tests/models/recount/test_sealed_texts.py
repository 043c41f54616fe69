"""复核封存: what goes round the seal is named, not only what changes it."""

import sqlite3
from contextlib import closing

import pytest

from models.database.store import Store
from models.recount import examination
from models.settings.office import Settings
from tests.sealing import sealed_round


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE poll SET state = 1", "状态与封存记录不符"),
        ("UPDATE poll SET state = 4", "状态与封存记录不符"),
        ("UPDATE poll SET present = present - 1", "与封存时不同"),
        ("UPDATE subject SET name = '他人' WHERE id = 2", "与封存时不同"),
        ("UPDATE keyer SET who = '他人'", "与封存时不同"),
        ("DROP TRIGGER journal_no_update", "保护被去掉或改过"),
        ("DELETE FROM seal", "状态与封存记录不符"),
        ("INSERT INTO ballot VALUES (1, 1, '', 2)", "封存后仍有逐票记录"),
        ("UPDATE seal SET tellers = '[]'", "封存记录被改过"),
    ],
)
def test_a_way_round_the_seal_is_named(
    store: Store, settings: Settings, statement: str, says: str
) -> None:
    sealed_round(settings, store)
    assert examination.differences(store.path) == []
    with closing(sqlite3.connect(store.path)) as file, file:
        file.execute(statement)
    found = examination.differences(store.path)
    assert any(says in fault for fault in found), found
