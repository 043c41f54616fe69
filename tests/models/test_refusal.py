"""No fault of the system is told in English."""

import errno
import os
import sqlite3

import pytest

from models.refusal import fault_words


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS, 9999])
def test_the_system_speaks_chinese(number: int) -> None:
    said = fault_words(OSError(number, os.strerror(number)))
    assert not any("a" <= letter <= "z" for letter in said.lower())


def test_a_fault_of_the_database_is_named() -> None:
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(":memory:").execute("nonsense")
    assert fault_words(caught.value) == "数据库错误 SQLITE_ERROR"
