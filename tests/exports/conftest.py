"""The sample office, keyed once: its documents, its texts and what is expected of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openxml_audit
import pytest

from exports import kinds, text
from exports.kinds import Job
from models import ballots, polls, roster_import, round_file, rounds
from models.regulation import Level
from models.settings import Settings
from models.stacks import stacks
from models.store import open_store
from models.tables import database
from tests.exports.small import seal_all

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
        """Jobs of a kind of the sealed round, of one unit or addressee."""
        return [
            job
            for job in self.sealed
            if job.kind == kind
            and unit in str(job.relative_path)
            and addressee in ("", job.addressee)
        ]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Sample:
    store = open_store(tmp_path_factory.mktemp("sample") / "ceping.db")
    database.execute_sql("PRAGMA synchronous = OFF")
    try:
        roster_import.apply(roster_import.plan(SAMPLE / "roster.xlsx"))
        round_id = round_file.make(round_file.read(SAMPLE / "round.toml", settings), settings)
        for poll in polls.polls(round_id):
            for stack in stacks(poll.id):
                entry = ballots.enter(stack.batch_id)
                name = f"{NAMES[stack.level]}-{stack.group.name}.txt"
                for line in (SAMPLE / "ballots" / poll.unit_name / name).read_text().split():
                    if line.startswith("/"):
                        entry.commit("", int(line[1:]))
                    else:
                        entry.commit(line)
        info = rounds.find_by_id(round_id)
        draft = kinds.prepare(settings, info)
        everyone = polls.polls(round_id)
        texts = {
            form: text.tally_text(info, everyone, form=form)
            for form in ("plain", "github", "csv", "json")
        }
        texts["groups"] = text.tally_text(info, everyone, by_group=True, form="json")
        texts["group tables"] = text.tally_text(info, everyone, by_group=True)
        seal_all(info)
        sealed = kinds.prepare(settings, info)
    finally:
        store.close()
    return Sample(draft, sealed, texts)


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
