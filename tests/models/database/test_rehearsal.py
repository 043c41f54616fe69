"""演练: a database of its own that is never sealed, and of which nothing is left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.database import backup, rehearsal, restore
from models.database.store import Store, open_store
from models.entry import first_entry
from models.imports import rehearsed
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds import life, paper, polls
from models.rounds.stacks import stacks
from models.rounds.subjects import subjects
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import small_round

NAME = "欧阳独一"


@pytest.fixture
def begun(store: Store, settings: Settings) -> Store:
    """A rehearsal of a round of the office, some of it keyed."""
    info = small_round(settings, members=(NAME, "李二"))
    found = rehearsed.read(info.title)
    store.close()
    folder = rehearsal.folder_of(store.path)
    folder.mkdir()
    made = open_store(rehearsal.file_of(store.path))
    rehearsal.mark()
    made.close()
    made = open_store(rehearsal.file_of(store.path))
    rehearsed.begin(found, settings)
    (poll,) = polls.polls(life.rounds()[0].id)
    paper.record_counts(poll.id, {stack.stack_id: (3, 3) for stack in stacks(poll.id)})
    stack = next(each for each in stacks(poll.id) if each.level is Level.MEMBER)
    entry = first_entry.enter(stack.stack_id)
    entry.commit("1" * entry.size)
    backup.make(made.path, "手工")
    return made


def test_it_begins_with_the_plan_and_the_teams_and_no_ballot(begun: Store) -> None:
    (info,) = life.rounds()
    assert info.title == "【演练】试验轮次"
    (poll,) = polls.polls(info.id)
    assert NAME in {subject.name for subject in subjects(poll.id)[Level.MEMBER]}
    assert not any(stack.balance.entered for stack in stacks(poll.id) if stack.level is Level.TEAM)
    assert begun.rehearsal


def test_it_is_never_sealed_wherever_it_is_copied(begun: Store, tmp_path: Path) -> None:
    (poll,) = polls.polls(life.rounds()[0].id)
    with pytest.raises(RefusedError, match="这是演练，不能封存"):
        sealing.seal(poll.id, (), begun)
    begun.close()
    copy = tmp_path / "elsewhere.db"
    copy.write_bytes(begun.path.read_bytes())
    copied = open_store(copy)
    assert copied.rehearsal
    with pytest.raises(RefusedError, match="这是演练，不能封存"):
        sealing.seal(poll.id, (), copied)
    copied.close()


def test_it_never_takes_the_place_of_the_office(begun: Store, store: Store) -> None:
    begun.close()
    with pytest.raises(RefusedError, match="没有恢复"):
        restore.restore(begun.path, store.path)
    opened = open_store(store.path)
    assert not opened.rehearsal
    opened.close()


def test_nothing_is_left_of_it(begun: Store, store: Store, tmp_path: Path) -> None:
    begun.close()
    folder = rehearsal.folder_of(store.path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 1, "its backups are in the folder too"
    assert any(NAME.encode() in path.read_bytes() for path in files)
    # Another name for each file, so that what stood in it can be searched after it is gone.
    kept = [tmp_path / f"kept{number}" for number, _ in enumerate(files)]
    sizes = []
    for path, link in zip(files, kept, strict=True):
        link.hardlink_to(path)
        sizes.append(path.stat().st_size)
    assert rehearsal.wipe(folder) == len(files)
    assert not folder.exists()
    for link, size in zip(kept, sizes, strict=True):
        assert link.read_bytes() == bytes(size)
    with closing(sqlite3.connect(store.path)) as office:
        assert office.execute("SELECT count(*) FROM ballot").fetchone() == (0,)
        assert office.execute("SELECT count(*) FROM round").fetchone() == (1,)
