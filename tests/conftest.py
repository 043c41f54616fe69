"""What all tests share: an open database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "ceping.db")
    yield opened
    opened.close()
