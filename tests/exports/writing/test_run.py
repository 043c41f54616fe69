"""One run over documents: folders that the program makes are private, others are only told of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.writing.preparation import prepare
from exports.writing.run import ExportRun
from models.database.store import Store
from models.settings.office import Settings
from tests.exports.small import make_round


@pytest.fixture(autouse=True)
def any_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_what_the_program_makes_is_private(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    jobs = prepare(settings, make_round(settings), kinds=["ballot", "plan"])
    run = ExportRun.begin(jobs, tmp_path / "a" / "文书")
    for batch in run.write():
        run.enter(batch)
    assert (run.done, run.left) == (len(jobs), 0)
    made = [tmp_path / "a", *(tmp_path / "a").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o600}
    assert not run.seen_by_others


def test_a_folder_that_a_person_named_is_only_told_of(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "共享"
    folder.mkdir(mode=0o755)
    jobs = prepare(settings, make_round(settings), kinds=["plan"])
    run = ExportRun.begin(jobs, folder)
    for batch in run.write():
        run.enter(batch)
    assert folder.stat().st_mode & 0o777 == 0o755
    assert run.seen_by_others
