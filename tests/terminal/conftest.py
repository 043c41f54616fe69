"""Databases for tests in a terminal: copies of the sample office."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def office(sample_office: Path, tmp_path: Path) -> Path:
    """The sample office, nothing keyed, in a folder of its own."""
    return Path(shutil.copy(sample_office, tmp_path / "ceping.db"))


@pytest.fixture
def full_office(keyed_office: Path, tmp_path: Path) -> Path:
    """The sample office, all of it keyed."""
    return Path(shutil.copy(keyed_office, tmp_path / "ceping.db"))
