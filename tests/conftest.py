"""What all tests share: an open database of their own, the shipped settings, the sample office."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from models.database.store import Store, open_store
from models.settings.office import Settings, load, shipped_file
from tests.offices import key_everything, sample_round

# Properties are about what comes out, not how long it takes on a busy machine.
hypothesis.settings.register_profile("steady", deadline=None)
# A mutant is killed by the first example against it; to shrink that would take longer than the
# time it has. The same examples each time, so that a score can be compared.
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("mutants" if "MUTANT_UNDER_TEST" in os.environ else "steady")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "ceping.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load(shipped_file())


@pytest.fixture(scope="session")
def sample_office(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """The sample office with its round open and paper counted, nothing keyed. Copy it."""
    opened = open_store(tmp_path_factory.mktemp("sample") / "ceping.db")
    sample_round(settings)
    opened.close()
    return opened.path


@pytest.fixture(scope="session")
def keyed_office(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """The sample office with all its paper keyed. Copy it."""
    opened = open_store(tmp_path_factory.mktemp("keyed") / "ceping.db")
    key_everything(sample_round(settings))
    opened.close()
    return opened.path
