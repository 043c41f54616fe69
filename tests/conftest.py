"""What all tests share: an open database of their own, the shipped settings, the sample office."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

from exports.documents.kinds import load_settings
from models.database import clerk
from models.database.store import Store, open_store
from models.settings.office import Settings, shipped_file
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
hypothesis.settings.register_profile("fast", deadline=None, max_examples=20)
hypothesis.settings.load_profile("mutants" if "MUTANT_UNDER_TEST" in os.environ else "steady")

# What `-m fast` runs: rules and single widgets, in one process and without a terminal.
FAST = ("tests/models", "tests/exports/page", "tests/exports/parts", "tests/tui/widgets")
# These start programs or key whole offices.
NOT_FAST = (
    "test_restore.py",
    "test_store.py",
    "test_archive.py",
    "test_formal.py",
    "test_stack_keying.py",
    "test_second_entry.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """A fast run tries fewer examples of each property."""
    if config.option.markexpr == "fast":
        hypothesis.settings.load_profile("fast")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of the fast loop."""
    for item in items:
        path = item.path.relative_to(config.rootpath).as_posix()
        if path.startswith(FAST) and item.path.name not in NOT_FAST:
            item.add_marker(pytest.mark.fast)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the program remembers of its user stays within the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield
    clerk.sign_in("")
    clerk.usually("")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "ceping.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """What ships, as the settings of an office that has a file of its own, where nobody can write
    one."""
    return replace(load_settings(shipped_file()), file=Path("/dev/null/ceping.toml"))


@pytest.fixture(scope="session")
def sample_office(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """The sample office with its round open and paper counted, nothing keyed. Copy it."""
    opened = open_store(tmp_path_factory.mktemp("sample") / "ceping.db")
    sample_round(settings, opened)
    opened.close()
    return opened.path


@pytest.fixture(scope="session")
def keyed_office(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """The sample office with all its paper keyed. Copy it."""
    opened = open_store(tmp_path_factory.mktemp("keyed") / "ceping.db")
    key_everything(sample_round(settings, opened))
    opened.close()
    return opened.path
