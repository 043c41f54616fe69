"""Databases for tests of bad days: copies of the sample office."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def office(sample_office: Path, tmp_path: Path) -> Path:
    """The sample office, nothing keyed, in a folder of its own."""
    return Path(shutil.copy(sample_office, tmp_path / "ceping.db"))
