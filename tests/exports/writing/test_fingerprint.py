"""What a document is made of is told whole: whatever changes in it, the file is made again."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import pytest

import exports
import models
from exports.documents import own_templates
from exports.documents.kinds import KINDS
from exports.writing import preparation
from exports.writing.fingerprint import Fingerprints
from exports.writing.job import Job
from exports.writing.run import ExportRun
from exports.writing.write_out import Step, WriteOutcome, write_all
from models.database.store import Store
from models.database.tables import database
from models.results import register
from models.results.register import LastWritten
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.exports.conftest import Written
from tests.exports.small import key_all, make_round, seal_all
from tests.sealing import one_more, short_of_half

Changed = Iterator[tuple[str, Any]]


def changed(value: Any) -> Changed:
    """The values that differ from this one in a single part, with the name of the part. Of many
    alike, as the subjects of a level, the first and the last are changed."""
    if dataclasses.is_dataclass(value):
        yield from _field_changed(value)
    elif isinstance(value, partial):
        for name, args in changed(value.args):
            yield name, partial(value.func, *args, **value.keywords)
        for name, keywords in changed(value.keywords):
            yield name, partial(value.func, *value.args, **keywords)
    elif isinstance(value, Mapping):
        yield "{}", dict(list(value.items())[1:]) if value else {None: None}
        for key in ends(list(value)):
            for name, other in changed(value[key]):
                yield f"{{}}{name}", {**value, key: other}
    elif isinstance(value, tuple | list):
        kind = type(value)
        yield "[]", value[1:] if value else kind([None])
        for at in ends(range(len(value))):
            for name, other in changed(value[at]):
                yield f"[]{name}", kind([*value[:at], other, *value[at + 1 :]])
    else:
        yield from (("", other) for other in another(value))


def ends(many: Sequence[Any]) -> list[Any]:
    return [*many[:1], *many[1:][-1:]]


def _field_changed(value: Any) -> Changed:
    kind = type(value)
    fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(kind)}
    for field, part in fields.items():
        for name, other in changed(part):
            made = object.__new__(kind)
            for each, old in fields.items():
                object.__setattr__(made, each, other if each == field else old)
            yield f".{kind.__name__}.{field}{name}", made


def another(value: Any) -> list[Any]:
    """Another value of the type of a plain one."""
    if isinstance(value, Enum):
        return [each for each in type(value) if each is not value][:1]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, str):
        return [f"{value}改"]
    if isinstance(value, int | float | Decimal | Fraction):
        return [value + 1]
    if isinstance(value, PurePath):
        return [value / "改"]
    if isinstance(value, date):
        return [value + timedelta(1)]
    if isinstance(value, frozenset):
        return [value | {None}]
    assert value is None or callable(value), value
    return [0] if value is None else []


def each_part(job: Job) -> Changed:
    """The document with each part of what its writer is handed changed, those of one name once."""
    seen = set()
    for name, content in changed(job.content):
        if name not in seen:
            seen.add(name)
            yield name, dataclasses.replace(job, content=content)


@pytest.fixture
def one_of_each(
    written: list[Written], store: Store, settings: Settings, tmp_path: Path
) -> dict[tuple[str, str, bool], Job]:
    """A document of each kind and form, for a unit and for the round."""
    info = short_of_half(settings, store)
    run(settings, info, tmp_path)
    one_more(info, store)
    corrections = preparation.prepare(settings, info, None, ["correction"])
    return {
        (job.kind, job.relative_path.suffix, job.poll_id is None): job
        for job in [*corrections, *(each.job for each in reversed(written))]
    }


def test_every_document_has_a_fingerprint_of_its_own(written: list[Written]) -> None:
    first, second = Fingerprints(), Fingerprints()
    found: dict[str, Written] = {}
    for each in written:
        told = first.of(each.job)
        assert told == second.of(each.job)
        assert told, each.name
        other = found.setdefault(told, each)
        assert other.job.content is each.job.content or other.content == each.content, each.name


def test_each_value_changes_the_fingerprint(
    one_of_each: dict[tuple[str, str, bool], Job],
) -> None:
    assert {kind for kind, _, _ in one_of_each} == KINDS.keys()
    fingerprints = Fingerprints()
    for which, job in one_of_each.items():
        before, parts = fingerprints.of(job), 0
        for name, other in each_part(job):
            told = fingerprints.of(other)
            assert told, (which, name)
            assert told != before, (which, name)
            parts += 1
        assert parts > 10, which


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The documents that are made, as they are made."""
    found: list[Job] = []
    make = Job.made

    def counted(self: Job) -> bytes | str:
        found.append(self)
        return make(self)

    monkeypatch.setattr(Job, "made", counted)
    return found


def test_each_value_has_the_file_made_again(
    one_of_each: dict[tuple[str, str, bool], Job], tmp_path: Path, made: list[Job]
) -> None:
    """Some values of each kind, spread over all."""

    def step(job: Job, known: dict[str, LastWritten]) -> Step:
        ((found,),) = write_all([job], tmp_path, known)
        return found

    for which, job in one_of_each.items():
        written = step(job, {}).document
        assert written is not None
        known = {written.path: LastWritten(written.sha256, written.basis, written.made_of)}
        made.clear()
        again = step(job, known)
        assert (again.outcome, again.document, again.same) == (WriteOutcome.STANDING, None, None)
        assert made == [], which
        parts = list(each_part(job))
        for name, other in parts[:: len(parts) // 5]:
            made.clear()
            found = step(other, known)
            assert len(made) == 1, (which, name)
            if found.document:
                known = {found.document.path: LastWritten(found.document.sha256)}
            else:
                assert found.same or found.fault, (which, name)


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    info = make_round(settings)
    key_all(info)
    seal_all(info)
    return info


def run(settings: Settings, info: RoundInfo, folder: Path, *kinds: str) -> ExportRun:
    jobs = preparation.prepare(settings, info, None, kinds or None)
    found = ExportRun.begin(jobs, folder)
    for batch in found.write():
        found.enter(batch)
    return found


def test_what_stands_is_not_made_again(
    info: RoundInfo, settings: Settings, tmp_path: Path, made: list[Job]
) -> None:
    many = run(settings, info, tmp_path).done
    assert len(made) == many
    made.clear()
    assert run(settings, info, tmp_path).outcomes == {WriteOutcome.STANDING: many}
    assert made == []


def test_files_that_are_gone_or_changed_are_seen(
    info: RoundInfo, settings: Settings, tmp_path: Path
) -> None:
    jobs = run(settings, info, tmp_path).jobs
    gone, edited = jobs[0].path_in(tmp_path), jobs[1].path_in(tmp_path)
    before = gone.read_bytes()
    gone.unlink()
    edited.write_bytes(edited.read_bytes() + b" ")
    again = run(settings, info, tmp_path)
    assert again.outcomes[WriteOutcome.WRITTEN] == 1
    assert again.kept == [edited]
    assert gone.read_bytes() == before


def test_entries_of_before_are_made_once_more_and_stay(
    info: RoundInfo, settings: Settings, tmp_path: Path, made: list[Job]
) -> None:
    """A register of before fingerprints, or a program that has changed since."""
    many = run(settings, info, tmp_path).done
    entries = register.documents(info.id)
    database.execute_sql("UPDATE written SET made_of = ''")
    made.clear()
    assert run(settings, info, tmp_path).outcomes == {WriteOutcome.STANDING: many}
    assert len(made) == many
    assert register.documents(info.id) == entries
    assert run(settings, info, tmp_path).outcomes == {WriteOutcome.STANDING: many}
    assert len(made) == many


def test_an_own_template_counts(
    info: RoundInfo, settings: Settings, tmp_path: Path, made: list[Job]
) -> None:
    folder = tmp_path / "模板"
    folder.mkdir()
    documents = dataclasses.replace(settings.documents, templates=folder)
    settings = dataclasses.replace(settings, documents=documents)
    out = tmp_path / "文书"
    letters = run(settings, info, out, "feedback").done
    template = own_templates.start(documents, KINDS["feedback"])
    made.clear()
    assert run(settings, info, out, "feedback").outcomes == {WriteOutcome.WRITTEN: letters}
    made.clear()
    assert run(settings, info, out, "feedback").outcomes == {WriteOutcome.STANDING: letters}
    assert made == []
    template.write_bytes(own_templates.start_of(KINDS["feedback"], "windows"))
    run(settings, info, out, "feedback")
    assert len(made) == letters
    # Without the folder that is set there is a fault to tell, whatever stands on the disk.
    template.unlink()
    folder.rmdir()
    assert run(settings, info, out, "feedback").outcomes == {WriteOutcome.FAILED: letters}


TELL = """
import sys
from pathlib import Path, PurePath
from functools import partial
from exports.page.package import package
from exports.writing.fingerprint import Fingerprints
from exports.writing.job import Job
from models.database.store import LOADED_AT
# Files are dated by a clock that moves on in steps.
while len(sys.argv) > 1 and Path(sys.argv[1]).stat().st_ctime <= LOADED_AT:
    Path(sys.argv[1]).touch()
job = Job("", "", 1, None, "", PurePath("a"), True, partial(package, []))
print(Fingerprints().of(job))
"""


def test_the_program_counts(tmp_path: Path) -> None:
    """A copy of the program, with one line more in any module of a writer or of a rule."""
    for package in (models, exports):
        shutil.copytree(
            Path(str(package.__file__)).parent,
            tmp_path / package.__name__,
            ignore=shutil.ignore_patterns("__pycache__"),
        )

    def told(*arguments: str) -> str:
        command = (sys.executable, "-B", "-c", TELL, *arguments)
        return subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=tmp_path
        ).stdout.strip()

    found = [told(), told()]
    for module in ("exports/page/markup.py", "models/count/shares.py"):
        with (tmp_path / module).open("a") as file:
            file.write("# One more.\n")
        found.append(told())
    assert found[0] == found[1]
    assert len(set(found)) == 3
    assert all(found)
    # Exchanged while it runs: nobody can say what the code in memory was.
    assert told(str(tmp_path / "exports/page/markup.py")) == ""
