"""The results of the sample office, gathered once: what the documents of a sealed round are made
from, without the jobs that make them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from exports.parts.results import PollResults, gather
from models.database.store import open_store
from models.regulation.levels import Level
from models.regulation.rules import TrustRule
from models.rounds import life, polls
from models.settings.office import Settings
from tests.exports.small import seal_all


def gathered(office: Path, folder: Path, settings: Settings) -> tuple[PollResults, ...]:
    """The sample's polls, all sealed, in the order of the round. `office` is left as it is."""
    store = open_store(Path(shutil.copy(office, folder / "ceping.db")))
    try:
        info = next(iter(life.rounds()))
        seal_all(info)
        return tuple(gather(settings, info, poll) for poll in polls.polls(info.id))
    finally:
        store.close()


def with_office(results: PollResults, **names: Any) -> PollResults:
    """The same results of an office with other names."""
    return replace(results, office=replace(results.office, **names))


def with_documents(results: PollResults, **settings: Any) -> PollResults:
    """The same results with other settings of documents."""
    return replace(results, documents=replace(results.documents, **settings))


def with_trust(results: PollResults, trust: dict[Level, TrustRule]) -> PollResults:
    """The same results held against other trust rules."""
    rules = replace(results.round.rules, trust=trust)
    plan = replace(results.round.plan, rules=rules)
    return replace(results, round=replace(results.round, plan=plan))
