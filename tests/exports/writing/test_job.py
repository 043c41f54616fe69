"""Where documents go: a file each, under the folder that was named, whatever names people typed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from exports.page.package import SomeonesFileError
from exports.writing import preparation
from exports.writing.file_names import MOST_BYTES
from exports.writing.job import Job
from models.database.store import Store, open_store
from models.settings.office import Settings
from tests.exports.small import Team, key_all, make_round, seal_all

# Names that a file system could take for one another, for a folder, or not take at all.
NAMES = (
    "李一",
    "李 一",
    "李\u3000一",
    "李\u200b一",
    "Ａli",
    "Ali",
    "ali",
    "ﬁ",
    "fi",
    "../李",
    "..",
    "/",
    "con",
    "con.txt",
    "a\x00b",
    "~",
    "-rf",
    "张" * 90,
    "张" * 91,
    "é",
    "e\u0301",
)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> list[Job]:
    store = open_store(tmp_path_factory.mktemp("hostile") / "ceping.db")
    teams = [Team(f"{name}{n}", name or "无名", members=()) for n, name in enumerate(NAMES)]
    info = make_round(settings, teams=[Team(members=NAMES), *teams], returned=1)
    key_all(info)
    seal_all(info)
    made = preparation.prepare(settings, info)
    store.close()
    return made


def test_no_two_documents_have_one_path(jobs: list[Job]) -> None:
    folded = [unicodedata.normalize("NFKC", str(job.relative_path)).casefold() for job in jobs]
    assert len(set(folded)) == len(jobs)
    letters = [job for job in jobs if job.kind == "feedback"]
    assert len(letters) == 2 * len(NAMES) + 1


def test_every_path_stays_under_the_folder(jobs: list[Job], tmp_path: Path) -> None:
    for job in jobs:
        assert not job.relative_path.is_absolute()
        assert job.path_in(tmp_path).resolve().is_relative_to(tmp_path)
        for part in job.relative_path.parts:
            assert part not in ("", ".", "..")
            assert len(part.encode()) <= MOST_BYTES
            assert part.isprintable()
            # Nor can it be taken for an option, a hidden file, or what is half written.
            assert not part.startswith(("-", ".", "~"))


def test_all_of_them_can_be_written(jobs: list[Job], tmp_path: Path) -> None:
    chosen = [job for job in jobs if job.kind in ("feedback", "summary")]
    for job in chosen:
        document = job.write(tmp_path)
        assert document.path == str(job.path_in(tmp_path))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == len(chosen)


def test_same_bytes_in_any_folder_at_any_time(jobs: list[Job], tmp_path: Path) -> None:
    for kind in {job.kind for job in jobs}:
        job = next(job for job in jobs if job.kind == kind)
        one, other = job.write(tmp_path / "一"), job.write(tmp_path / "二")
        assert one.sha256 == other.sha256, kind
        assert Path(one.path).read_bytes() == Path(other.path).read_bytes()


def test_a_job_never_takes_the_place_of_what_is_not_known(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    info = make_round(settings)
    key_all(info)
    draft = preparation.prepare(settings, info, None, ["feedback"])[0]
    first = draft.write(tmp_path)
    seal_all(info)
    sealed = preparation.prepare(settings, info, None, ["feedback"])[0]
    with pytest.raises(SomeonesFileError, match="有人改过"):
        sealed.write(tmp_path)
    assert sealed.write(tmp_path, [first.sha256]).path == first.path
    assert sealed.path_in(tmp_path).read_bytes() == sealed.content()
