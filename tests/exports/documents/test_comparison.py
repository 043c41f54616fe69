"""结果对比表: units in the order of their tree, years counted alike, never persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from exports.writing.preparation import prepare
from models.database.store import Store
from models.regulation.rules import Denominator, RoundRules
from models.rounds import life
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.exports.reading import results, text
from tests.exports.small import Team, key_all, make_round, make_team, seal_all

Audit = Callable[[bytes], list[str]]
NAMES = (("甲县工商行政管理局", "甲县局"), ("乙县工商行政管理局", "乙县局"))


@pytest.fixture
def units(store: Store) -> list[int]:
    return [make_team(Team(name, short)) for name, short in NAMES]


def sealed(
    settings: Settings, units: Sequence[int], year: int, rules: RoundRules | None = None
) -> RoundInfo:
    info = make_round(settings, units=units, year=year, rules=rules)
    key_all(info, seed=year)
    seal_all(info)
    return life.find_by_id(info.id)


def document(settings: Settings, info: RoundInfo) -> bytes:
    (job,) = prepare(settings, info, kinds=["comparison"])
    return job.content()


def test_units_and_years_stand_side_by_side(
    settings: Settings, units: list[int], audit: Audit
) -> None:
    before = sealed(settings, units, 2025)
    other = sealed(settings, units, 2024, RoundRules(denominator=Denominator.RETURNED))
    info = sealed(settings, units, 2026)
    made = document(settings, info)
    assert audit(made) == []
    assert made == document(settings, info)
    teams, years, *_ = results(made)
    assert [row.leads["单位"] for row in teams] == [name for name, _ in NAMES]
    assert [row.leads["轮次"] for row in years] == [info.title, before.title] * 2
    assert other.title not in text(made), "counted otherwise"
    assert "王正" not in text(made), "persons are never compared"
    assert "单位按机构次序排列。" in text(made)
    # A later round is no history of an earlier one.
    assert info.title not in text(document(settings, before))


def test_it_rests_on_the_seals_of_all_that_it_quotes(settings: Settings, units: list[int]) -> None:
    before = sealed(settings, units, 2025)
    info = sealed(settings, units, 2026)
    (job,) = prepare(settings, info, kinds=["comparison"])
    assert len(job.basis) == 4
    (alone,) = prepare(settings, before, kinds=["comparison"])
    assert len(alone.basis) == 2


def test_units_are_ordered_by_share_only_if_the_office_wants_it(
    settings: Settings, units: list[int]
) -> None:
    info = sealed(settings, units, 2026)
    ranked = replace(settings, documents=replace(settings.documents, rank_units=True))
    made = document(ranked, info)
    assert "由高到低排列" in text(made)
    shares = [float(row.grades["优秀合格合计"][1][:-1]) for row in results(made)[0]]
    assert shares == sorted(shares, reverse=True)
