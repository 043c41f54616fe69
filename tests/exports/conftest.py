"""The sample office, keyed once: its documents, its texts and what is expected of it."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openxml_audit
import pytest

from exports import text
from exports.writing import preparation
from exports.writing.job import Job
from models.database import clerk
from models.database.store import open_store, writing
from models.database.tables import database
from models.entry import first_entry, second_entry
from models.imports import roster_import, round_description
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.stacks import stacks
from models.seal import sealing
from models.settings.office import Settings
from tests.exports import extremes as extreme_office
from tests.exports.counted import Counted, count_again
from tests.exports.extremes import TELLERS, Extremes
from tests.exports.reading import Grid, ResultRow, W, grids, results, text_of
from tests.exports.small import seal_all
from tests.models.second_clerk import stored_lines

SAMPLE = Path(__file__).parents[2] / "models" / "sample_office"
EXPECTED = Path(__file__).parents[1] / "data" / "expected-tally.json"
NAMES = {
    Level.TEAM: "领导班子",
    Level.CHIEF: "正职",
    Level.MEMBER: "班子成员",
    Level.DISCIPLINE: "纪检监察机关",
    Level.INTEGRITY: "个人廉洁自律",
}


@dataclass(frozen=True)
class Sample:
    """The sample round: its jobs while polls are open and once sealed, and tallies as text."""

    draft: list[Job]
    sealed: list[Job]
    texts: dict[str, str]

    def of(self, kind: str, unit: str = "", addressee: str = "") -> list[Job]:
        """Word documents of a kind of the sealed round, of one unit or addressee."""
        return [
            job
            for job in self.sealed
            if job.kind == kind
            and job.relative_path.suffix == ".docx"
            and unit in str(job.relative_path)
            and addressee in ("", job.addressee)
        ]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Sample:
    store = open_store(tmp_path_factory.mktemp("sample") / "ceping.db")
    database.execute_sql("PRAGMA synchronous = OFF")
    try:
        roster_import.apply(roster_import.plan(SAMPLE / "roster.xlsx"), store)
        round_id = round_description.make(
            round_description.read(SAMPLE / "round.toml", settings), settings
        )
        for poll in polls.polls(round_id):
            for stack in stacks(poll.id):
                entry = first_entry.enter(stack.stack_id)
                name = f"{NAMES[stack.level]}-{stack.group.name}.txt"
                for line in (SAMPLE / "ballots" / poll.unit_name / name).read_text().split():
                    if line.startswith("/"):
                        entry.commit("", int(line[1:]))
                    else:
                        entry.commit(line)
        info = life.find_by_id(round_id)
        draft = preparation.prepare(settings, info)
        everyone = polls.polls(round_id)
        texts = {
            form: text.tally_text(info, everyone, form=form)
            for form in ("plain", "github", "csv", "json")
        }
        texts["not yet"] = text.tally_text(info, everyone, by_group=True, form="json")
        seal_all(info)
        everyone = polls.polls(round_id)
        texts["groups"] = text.tally_text(info, everyone, by_group=True, form="json")
        texts["group tables"] = text.tally_text(info, everyone, by_group=True)
        sealed = preparation.prepare(settings, info)
    finally:
        store.close()
    return Sample(draft, sealed, texts)


@dataclass(frozen=True)
class Written:
    """One document of an office, made once. `office` is `样例` or the name of a round of the
    office of extremes."""

    office: str
    job: Job

    @property
    def kind(self) -> str:
        """Its kind's key."""
        return self.job.kind

    @property
    def name(self) -> str:
        """Which document it is, for messages."""
        return f"{self.office}：{self.job.relative_path}"

    @property
    def unit(self) -> str:
        """The folder of its poll, empty for a document of the whole round."""
        return "" if self.job.poll_id is None else self.job.relative_path.parts[1]

    @cached_property
    def content(self) -> bytes:
        """The file."""
        return self.job.content()

    @cached_property
    def body(self) -> Any:
        """The body's element."""
        return self.stories["word/document.xml"].find(f"{W}body")

    @cached_property
    def stories(self) -> dict[str, Any]:
        """The parts that bear text, parsed: the body, headers and footers."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return {
                name: ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file
                for name in archive.namelist()
                if re.fullmatch(r"word/(document|(foot|head)er\d*)\.xml", name)
            }

    @cached_property
    def grids(self) -> list[Grid]:
        """Every table, read once."""
        return grids(self.content)

    @cached_property
    def results(self) -> list[list[ResultRow]]:
        """The tables of results, read once."""
        return results(self.content) if "多选" in self.paragraphs else []

    @cached_property
    def paragraphs(self) -> list[str]:
        """Every paragraph's text, of all the stories."""
        return [line for story in self.stories.values() for line in text_of(story).split("\n")]


@pytest.fixture(scope="session")
def sealed_sample(
    keyed_office: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> list[Job]:
    """The jobs of the sample office when all its paper was keyed twice and each poll is sealed."""
    file = tmp_path_factory.mktemp("sealed-sample") / "ceping.db"
    shutil.copy(keyed_office, file)
    store = open_store(file)
    database.execute_sql("PRAGMA synchronous = OFF")
    clerk.sign_in("钱乙")
    try:
        (info,) = life.rounds()
        for poll in polls.polls(info.id):
            with writing():
                for stack in stacks(poll.id):
                    second = second_entry.verify(stack.stack_id)
                    for line in stored_lines(stack.stack_id):
                        void = line.startswith("/")
                        second.commit("" if void else line, int(line[1:]) if void else 0)
            sealing.seal(poll.id, TELLERS, store)
        return preparation.prepare(settings, life.find_by_id(info.id))
    finally:
        clerk.sign_in("")
        store.close()


@pytest.fixture(scope="session")
def extremes(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Extremes:
    """The office of extremes, sealed where a seal is possible."""
    file = tmp_path_factory.mktemp("extremes") / "ceping.db"
    store = open_store(file)
    database.execute_sql("PRAGMA synchronous = OFF")
    try:
        return extreme_office.make(settings, store)
    finally:
        store.close()


@pytest.fixture(scope="session")
def written(sealed_sample: list[Job], extremes: Extremes) -> list[Written]:
    """Every document of the sample office and of the office of extremes, all kinds there are."""
    found = [Written("样例", job) for job in sealed_sample]
    return found + [Written(name, job) for name, jobs in extremes.jobs.items() for job in jobs]


def of_polls(written: list[Written], *wanted: str) -> Iterator[Written]:
    """The Word files of one poll each, of these kinds or all."""
    for each in written:
        of_unit = each.unit and each.job.relative_path.suffix == ".docx"
        if of_unit and (not wanted or each.kind in wanted):
            yield each


@pytest.fixture(scope="session")
def counted(extremes: Extremes, expected: dict[str, Any]) -> Counted:
    """Every poll of both offices counted again from the typed lines."""
    return count_again(extremes, expected)


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXPECTED.read_text())
    return found


@pytest.fixture(scope="session")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Says what a validator of OOXML finds wrong in a document; an empty list for a good one."""
    folder = tmp_path_factory.mktemp("audit")
    validator = openxml_audit.OpenXmlValidator()

    def findings(document: bytes) -> list[str]:
        file = folder / "document.docx"
        file.write_bytes(document)
        return [error.description for error in validator.validate(str(file)).errors]

    return findings
