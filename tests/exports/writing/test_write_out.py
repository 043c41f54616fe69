"""Writing many documents: nobody's changes are lost, and a stopped run is resumed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from exports.writing import preparation, write_out
from exports.writing.job import Job
from exports.writing.write_out import Step, WriteOutcome, files_of_others, write_all
from models.database.store import Store
from models.refusal import RefusedError
from models.results import register
from models.results.register import LastWritten
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.exports.small import key_all, make_round, seal_all


def a_job(name: str, content: bytes = b"ours", round_id: int = 1) -> Job:
    return Job("feedback", "反馈书", round_id, None, name, PurePath(name), True, lambda: content)


def steps(
    jobs: list[Job], folder: Path, known: dict[str, LastWritten], **options: object
) -> list[Step]:
    return [step for batch in write_all(jobs, folder, known, **options) for step in batch]  # type: ignore[arg-type]


def outcomes(found: list[Step]) -> list[WriteOutcome]:
    return [step.outcome for step in found]


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    made = make_round(settings)
    key_all(made)
    return made


def run(jobs: list[Job], folder: Path, **options: object) -> Counter[WriteOutcome]:
    """A whole run as the command line makes it, registered."""
    found = steps(jobs, folder, register.last_registered(folder), **options)
    register.record(step.document for step in found if step.document)
    return Counter(outcomes(found))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_written_once_then_standing(info: RoundInfo, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    jobs = preparation.prepare(settings, info)
    assert run(jobs, folder) == {WriteOutcome.WRITTEN: len(jobs)}
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.docx")}
    before = files(folder)
    registered = len(register.documents(info.id))
    assert run(jobs, folder) == {WriteOutcome.STANDING: len(jobs)}
    assert files(folder) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.docx")} == times
    assert len(register.documents(info.id)) == registered == len(jobs)


def test_ours_is_replaced_when_the_results_change(
    info: RoundInfo, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    draft = preparation.prepare(settings, info)
    run(draft, folder)
    before = files(folder)
    seal_all(info)
    sealed = [job for job in preparation.prepare(settings, info) if job.kind != "count"]
    assert run(sealed, folder)[WriteOutcome.KEPT] == 0
    assert {name for name, content in files(folder).items() if before.get(name) != content}
    assert all(files(folder)[str(job.relative_path)] == job.content() for job in sealed)


def test_a_changed_file_is_kept_and_the_rest_written(
    info: RoundInfo, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    run(preparation.prepare(settings, info), folder)
    seal_all(info)
    jobs = preparation.prepare(settings, info)
    changed = jobs[-1].path_in(folder)
    changed.write_bytes(b"edited in Word")
    assert run(jobs, folder)[WriteOutcome.KEPT] == 1
    assert changed.read_bytes() == b"edited in Word"
    for job in jobs[:-1]:
        assert job.path_in(folder).read_bytes() == job.content()


def test_only_what_was_shown_is_overwritten(tmp_path: Path) -> None:
    jobs = [a_job("甲.docx"), a_job("乙.docx"), a_job("丙.docx")]
    for name in ("甲.docx", "乙.docx"):
        (tmp_path / name).write_bytes(b"by hand")
    (tmp_path / "丙.docx").write_bytes(b"ours")
    seen = files_of_others(jobs, tmp_path, {})
    assert set(seen) == {str(tmp_path / "甲.docx"), str(tmp_path / "乙.docx")}
    # Saved again after the question was asked: another file than the one that was shown.
    (tmp_path / "乙.docx").write_bytes(b"by hand, again")
    found = steps(jobs, tmp_path, {}, overwrite=seen)
    assert outcomes(found) == [WriteOutcome.WRITTEN, WriteOutcome.KEPT, WriteOutcome.STANDING]
    assert (tmp_path / "甲.docx").read_bytes() == b"ours"
    assert (tmp_path / "乙.docx").read_bytes() == b"by hand, again"


def test_the_new_one_goes_beside_under_a_free_name(tmp_path: Path) -> None:
    job = a_job("甲.docx")
    (tmp_path / "甲.docx").write_bytes(b"by hand")
    (tmp_path / "甲_新版.docx").write_bytes(b"somebody's, too")
    (step,) = steps([job], tmp_path, {}, beside=True)
    assert (step.outcome, step.path.name) == (WriteOutcome.BESIDE, "甲_新版2.docx")
    assert step.document is not None
    assert step.document.path == str(step.path)
    assert files(tmp_path) == {
        "甲.docx": b"by hand",
        "甲_新版.docx": b"somebody's, too",
        "甲_新版2.docx": b"ours",
    }
    known = {step.document.path: LastWritten(step.document.sha256)}
    # A newer version takes the place of ours beside it; the same one makes no third file.
    for content in (b"ours", b"newer"):
        (again,) = steps([a_job("甲.docx", content)], tmp_path, known, beside=True)
        assert again.path == step.path
        assert (again.document is None) == (content == b"ours")
    assert len(files(tmp_path)) == 3


def test_a_file_written_but_not_registered_is_ours(tmp_path: Path) -> None:
    """As a kill leaves it between renaming and registering."""
    (tmp_path / "甲.docx").write_bytes(b"ours")
    (step,) = steps([a_job("甲.docx")], tmp_path, {})
    assert step.outcome is WriteOutcome.STANDING
    assert step.document is not None


def test_two_jobs_of_one_path_never_replace_each_other(tmp_path: Path) -> None:
    jobs = [a_job("甲.docx", b"to one"), a_job("甲.docx", b"to another")]
    old = a_job("甲.docx", b"before").write(tmp_path)
    found = steps(jobs, tmp_path, {old.path: LastWritten(old.sha256)})
    assert outcomes(found) == [WriteOutcome.WRITTEN, WriteOutcome.KEPT]
    assert (tmp_path / "甲.docx").read_bytes() == b"to one"


def test_a_stop_ends_after_the_documents_at_hand(tmp_path: Path) -> None:
    jobs = [a_job(f"{n}.docx") for n in range(200)]
    asked: Iterator[int] = iter(range(1000))
    found = steps(jobs, tmp_path, {}, stopped=lambda: next(asked) >= 3)
    assert 0 < len(found) == len(files(tmp_path)) < 50


def test_batches_come_often(tmp_path: Path) -> None:
    jobs = [a_job(f"{n}.docx") for n in range(120)]
    sizes = [len(batch) for batch in write_all(jobs, tmp_path, {})]
    assert sum(sizes) == 120
    assert max(sizes) <= 50


def test_a_full_disk_gives_back_what_was_written(tmp_path: Path) -> None:
    with small_disk_in(tmp_path, "256k") as disk:
        jobs = [a_job(f"{n}.docx", os.urandom(40_000)) for n in range(12)]
        done: list[Step] = []
        with pytest.raises(RefusedError, match="磁盘已满") as refused:
            done.extend(step for batch in write_all(jobs, disk, {}) for step in batch)
        assert 0 < len(done) < 12
        named = {step.path.name for step in done}
        assert files(disk) == {
            str(job.relative_path): job.content() for job in jobs if job.relative_path.name in named
        }
        assert any(
            str(job.path_in(disk)) in str(refused.value)
            for job in jobs
            if job.relative_path.name not in named
        )


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError) as refused:
        steps([a_job("甲.docx")], tmp_path / "file", {})
    assert str(tmp_path / "file" / "甲.docx") in str(refused.value)


def test_the_register_knows_the_last_of_each_path(info: RoundInfo, tmp_path: Path) -> None:
    folder = tmp_path / "a%b_c"
    job = a_job("甲.docx", round_id=info.id)
    first = job.write(folder)
    register.record([first])
    second = a_job("甲.docx", b"new", info.id).write(folder, [first.sha256])
    elsewhere = a_job("甲.docx", b"other", info.id).write(tmp_path / "a-b-c")
    register.record([second, elsewhere])
    (path, last), *more = register.last_registered(folder).items()
    assert not more
    assert (path, last.sha256) == (str(folder / "甲.docx"), second.sha256)
    assert len(register.last_registered(Path("/"))) == 2
    assert register.last_registered(tmp_path / "a") == {}


def test_a_batch_of_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow documents are handed over a few at a time, so that a kill leaves few unregistered."""
    monkeypatch.setattr(write_out, "_SECONDS", 0.0)
    sizes = [len(batch) for batch in write_all([a_job(f"{n}") for n in range(20)], tmp_path, {})]
    assert sizes == [8, 8, 4]


def test_a_document_that_cannot_be_made(tmp_path: Path) -> None:
    """It is named with its fault, whatever that is, and the others are written."""

    def fail(error: Exception) -> Job:
        def content() -> bytes:
            raise error

        return replace(a_job(f"{type(error).__name__}.docx"), content=content)

    broken = [fail(RefusedError("模板有误")), fail(IndexError("out of range"))]
    jobs = [a_job("甲.docx"), *broken, a_job("丙.docx")]
    for job in broken:
        (tmp_path / job.relative_path).write_bytes(b"by hand")
    assert files_of_others(jobs, tmp_path, {}) == {}
    found = steps(jobs, tmp_path, {})
    faults = {step.path.name: step.fault for step in found if step.outcome is WriteOutcome.FAILED}
    assert faults == {
        "RefusedError.docx": "模板有误",
        "IndexError.docx": "程序出错，请报告：IndexError out of range",
    }
    written = [step.path.name for step in found if step.outcome is WriteOutcome.WRITTEN]
    assert written == ["甲.docx", "丙.docx"]
    assert (tmp_path / "IndexError.docx").read_bytes() == b"by hand"


def test_a_path_is_known_as_an_absolute_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written = a_job("甲.docx").write(Path("out"))
    assert written.path == str(tmp_path / "out" / "甲.docx")
