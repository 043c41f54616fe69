"""Files that today's results no longer give: named, and moved out of the way untouched."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from exports.writing.lapsed import LapsedFile, lapsed_files, move_aside
from exports.writing.preparation import prepare
from exports.writing.run import ExportRun
from models.database import journal
from models.database.store import Store, open_store
from models.database.tables import Subject
from models.recount import examination
from models.results import register
from models.results.lapse import Lapse, basis_of, basis_text, lapse
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import only_poll, small_round
from tests.sealing import TELLERS, TWO, UNVERIFIED, key, one_more, short_of_half, size_of


def export(settings: Settings, info: RoundInfo, folder: Path, *kinds: str) -> None:
    run = ExportRun.begin(prepare(settings, info, kinds=kinds or None), folder)
    for batch in run.write():
        run.enter(batch)
    assert not run.left


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    return short_of_half(settings, store)


def named(files: list[LapsedFile]) -> dict[tuple[str, str], Lapse]:
    return {(each.document.kind, each.document.addressee): each.why for each in files}


def test_versions_decide() -> None:
    assert lapse((), {1: 2}) is None
    assert lapse(((1, 2),), {1: 2}) is None
    assert lapse(((1, 1),), {}) is Lapse.REOPENED
    assert lapse(((1, 1),), {1: 2}) is Lapse.CORRECTED
    assert lapse(((1, 0),), {1: 1}) is Lapse.UNSEALED
    assert lapse(((1, 0),), {}) is None
    assert lapse(((1, 1), (2, 1)), {1: 1, 2: 2}) is Lapse.CORRECTED
    assert lapse(((1, 1),), {1: 1}, [1, 2]) is Lapse.UNITS
    basis = ((1, 0), (12, 3))
    assert basis_of(basis_text(basis)) == basis
    assert basis_of("") == ()


def test_what_is_in_order_is_not_named(info: RoundInfo, settings: Settings, tmp_path: Path) -> None:
    export(settings, info, tmp_path)
    assert lapsed_files(settings, info) == []


def test_all_that_rests_on_a_seal_is_named_at_the_reopening(
    info: RoundInfo, settings: Settings, tmp_path: Path
) -> None:
    export(settings, info, tmp_path)
    poll = only_poll(info)
    sealing.reopen(poll.id, "查看", TWO)
    found = lapsed_files(settings, info, [poll.id])
    assert {each.why for each in found} == {Lapse.REOPENED}
    written = [each for each in register.documents(info.id) if each.basis]
    assert len(found) == len(written)
    assert {each.document.kind for each in found} >= {"责任追究呈批件", "反馈书", "情况报告"}
    assert not {each.document.kind for each in found} & {"测评票", "实施方案"}


def test_the_form_about_someone_who_now_meets_the_standard_is_named_after_the_rest_is_written(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path
) -> None:
    export(settings, info, tmp_path)
    one_more(info, store)
    before = named(lapsed_files(settings, info))
    assert before["责任追究呈批件", "李一"] is Lapse.GONE
    assert before["责任追究呈批件", "李二"] is before["反馈书", "李一"] is Lapse.CORRECTED
    export(settings, info, tmp_path)
    assert named(lapsed_files(settings, info)) == {("责任追究呈批件", "李一"): Lapse.GONE}


def test_letters_in_another_folder_are_named_until_they_are_taken_out(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path
) -> None:
    old, new = tmp_path / "旧", tmp_path / "新"
    export(settings, info, old, "feedback", "accountability")
    one_more(info, store)
    export(settings, info, new, "feedback", "accountability")
    found = lapsed_files(settings, info)
    assert {Path(each.document.path).relative_to(old).parts[0] for each in found} == {info.title}
    changed = Path(found[0].document.path)
    changed.write_bytes(b"somebody's")
    bytes_before = {Path(f.document.path): Path(f.document.path).read_bytes() for f in found}
    found = lapsed_files(settings, info)
    assert [each.intact for each in found] == [False, *[True] * (len(found) - 1)]
    moved, left = move_aside(found)
    assert changed.read_bytes() == b"somebody's"
    assert [line.partition("：")[0] for line in left] == [str(changed)]
    assert len(moved) == len(found) - 1
    for each, target in zip(found[1:], moved, strict=True):
        path = Path(each.document.path)
        assert target.relative_to(old / info.title / "已失效") == path.relative_to(old / info.title)
        assert target.read_bytes() == bytes_before[path]
        assert not path.exists()
    acts = [each for each in journal.entries() if each.act == "移出失效文书"]
    assert {each.subject for each in acts} == {
        f"{each.document.kind} {each.document.addressee}" for each in found[1:]
    }
    assert all("已失效" in each.detail for each in acts)
    assert {each.moved_to for each in register.documents(info.id) if each.moved_to} == {
        str(target) for target in moved
    }
    assert [Path(each.document.path) for each in lapsed_files(settings, info)] == [changed]
    assert examination.differences(store.path) == []


def test_a_letter_to_a_person_who_is_no_subject_any_more_is_named(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    made = small_round(settings, rules=UNVERIFIED)
    for stack in stacks(only_poll(made).id):
        key(stack, ["1" * size_of(stack)] * 10)
    export(settings, made, tmp_path, "feedback", "archive")
    assert lapsed_files(settings, made) == []
    Subject.update(name="王五").where(Subject.name == "李一").execute()
    found = named(lapsed_files(settings, made))
    assert found == {(kind, "李一"): Lapse.GONE for kind in ("反馈书", "廉政档案登记表")}


def test_what_was_written_while_counting_lapses_with_the_seal(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    made = small_round(settings, rules=UNVERIFIED)
    for stack in stacks(only_poll(made).id):
        key(stack, ["1" * size_of(stack)] * 10)
    export(settings, made, tmp_path, "summary")
    sealing.seal(only_poll(made).id, TELLERS, store)
    assert {each.why for each in lapsed_files(settings, made)} == {Lapse.UNSEALED}
    export(settings, made, tmp_path, "summary")
    assert lapsed_files(settings, made) == []


def test_a_register_of_before_is_told_from_when_it_was_written(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path
) -> None:
    """A database of version 4: letters of before a correction, in a folder of their own."""
    export(settings, info, tmp_path / "旧", "feedback")
    wanted = [each.basis for each in register.documents(info.id)]
    store.close()
    old = Path(shutil.copy(store.path, tmp_path / "old.db"))
    with closing(sqlite3.connect(old)) as file, file:
        file.execute("ALTER TABLE written DROP COLUMN basis")
        file.execute("ALTER TABLE written DROP COLUMN moved_to")
        file.execute("ALTER TABLE written DROP COLUMN made_of")
        file.execute("PRAGMA user_version = 4")
    opened = open_store(old)
    assert [each.basis for each in register.documents(info.id)] == wanted
    assert {version for basis in wanted for _, version in basis} == {1}
    one_more(info, opened)
    assert {each.why for each in lapsed_files(settings, info)} == {Lapse.CORRECTED}
    opened.close()
    assert examination.differences(old) == []
