"""What changed since an earlier evaluation: only between counts made alike."""

from dataclasses import replace
from fractions import Fraction

import pytest

from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Denominator, RoundRules
from models.results import archive, trend
from models.roster.units import unit_tree
from models.settings.office import Settings
from tests.exports.small import key_all, make_round, seal_all


@pytest.fixture
def two_years(store: Store, settings: Settings) -> tuple[archive.Evaluation, archive.Evaluation]:
    for year, seed in ((2025, 1), (2026, 2)):
        units = [unit.id for unit in unit_tree()]
        info = make_round(settings, year=year, units=units, date=f"{year}-11-05")
        key_all(info, seed=seed)
        seal_all(info)
    chief = archive.evaluations(1)
    assert [each.round.plan.year for each in chief] == [2026, 2025]
    return chief[0], chief[1]


def test_points_are_the_difference_of_the_shares(
    two_years: tuple[archive.Evaluation, archive.Evaluation],
) -> None:
    now, before = two_years
    found = trend.change(now, before, Level.CHIEF)
    assert found
    assert found.grades == ("优秀", "称职", "基本称职", "不称职")
    here, there = now.result(Level.CHIEF), before.result(Level.CHIEF)
    assert here
    assert there
    assert here[1].result
    assert there[1].result
    new, old = here[1].result, there[1].result
    for grade, points in enumerate(found.points):
        assert points == 100 * (
            Fraction(new.grades[grade], new.base) - Fraction(old.grades[grade], old.base)
        )
    assert sum(found.points) == 0


def test_a_chief_of_today_is_held_against_the_member_of_before(
    two_years: tuple[archive.Evaluation, archive.Evaluation],
) -> None:
    now, before = two_years
    moved = replace(
        before,
        results=tuple(
            (replace(level, level=Level.MEMBER) if level.level is Level.CHIEF else level, each)
            for level, each in before.results
        ),
    )
    assert trend.change(now, moved, Level.CHIEF)


def test_what_was_counted_otherwise_is_not_subtracted(
    two_years: tuple[archive.Evaluation, archive.Evaluation],
) -> None:
    now, before = two_years

    def under(rules: RoundRules) -> archive.Evaluation:
        plan = replace(before.round.plan, rules=rules)
        return replace(before, round=replace(before.round, plan=plan))

    rules = before.round.rules
    assert (
        trend.change(now, under(replace(rules, denominator=Denominator.VALID)), Level.CHIEF) is None
    )
    assert trend.change(now, under(replace(rules, weighted=True)), Level.CHIEF) is None
    assert trend.change(now, replace(before, results=()), Level.CHIEF) is None
    assert trend.change(now, before, Level.TEAM) is None
