"""A folder of templates, and a unit whose office uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.parts.results import PollResults, gather
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Comparator, RoundRules, TrustRule
from models.settings.office import Settings
from tests.exports.small import key_all, make_round, only_poll
from tests.exports.templates.filling import in_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "文书模板"
    made.mkdir()
    return made


@pytest.fixture
def unit(store: Store, settings: Settings, folder: Path) -> PollResults:
    rules = RoundRules(trust={Level.MEMBER: TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3)})
    info = make_round(settings, rules=rules)
    key_all(info)
    return in_folder(gather(settings, info, only_poll(info)), folder)
