"""What changed since an earlier evaluation: only between counts made alike."""

from dataclasses import replace
from fractions import Fraction

import pytest

from models.count.shares import percent
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Denominator
from models.results import archive, trend
from models.roster.units import unit_tree
from models.settings.office import Settings
from tests.exports.small import key_all, make_round, seal_all


def ruled(of: archive.Evaluation, **changes: object) -> archive.Evaluation:
    """The evaluation under other rules."""
    rules = replace(of.round.rules, **changes)  # type: ignore[arg-type]
    plan = replace(of.round.plan, rules=rules)
    return replace(of, round=replace(of.round, plan=plan))


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


def printed(of: archive.Evaluation, decimals: int | None = None) -> list[Fraction]:
    """The chief's shares in percent, as a document prints them."""
    found = of.result(Level.CHIEF)
    assert found
    assert found[1].result
    digits = of.round.rules.decimals if decimals is None else decimals
    return [Fraction(percent(share, digits)) for share in found[1].result.shares]


def test_points_are_the_difference_of_the_shares_as_printed(
    two_years: tuple[archive.Evaluation, archive.Evaluation],
) -> None:
    now, before = two_years
    found = trend.change(now, before, Level.CHIEF)
    assert found
    assert found.grades == ("优秀", "称职", "基本称职", "不称职")
    pairs = zip(printed(now), printed(before), strict=True)
    assert list(found.points) == [new - old for new, old in pairs]


def test_with_fewer_decimals_on_one_side_both_are_rounded_to_them(
    two_years: tuple[archive.Evaluation, archive.Evaluation],
) -> None:
    now, before = two_years
    found = trend.change(now, ruled(before, decimals=1), Level.CHIEF)
    assert found
    assert found.decimals == 1
    rounded = [Fraction(percent(share / 100, 1)) for share in printed(now)]
    pairs = zip(rounded, printed(before, 1), strict=True)
    assert list(found.points) == [new - old for new, old in pairs]


def test_weighted_shares_are_what_changes_in_weighted_rounds(
    store: Store, settings: Settings
) -> None:
    weights = {"班子成员": 30, "中层干部": 30, "一般干部职工": 40}
    for year in (2025, 2026):
        units = [unit.id for unit in unit_tree()]
        info = make_round(
            settings, year=year, units=units, groups=weights, returned=14, date=f"{year}-11-05"
        )
        key_all(info, seed=year)
        seal_all(info)
    now, before = archive.evaluations(1)
    found = trend.change(now, before, Level.CHIEF)
    assert found
    pairs = zip(printed(now), printed(before), strict=True)
    assert list(found.points) == [new - old for new, old in pairs]
    plain = now.result(Level.CHIEF)
    assert plain
    assert plain[1].result
    assert printed(now)[0] != Fraction(
        percent(Fraction(plain[1].result.grades[0], plain[1].valid), 2)
    )
    heavier = tuple(replace(group, weight=50) for group in before.round.groups)
    other = replace(before, round=replace(before.round, groups=heavier))
    assert trend.change(now, other, Level.CHIEF) is None
    doubled = tuple(replace(group, weight=2 * group.weight) for group in before.round.groups)
    same = replace(before, round=replace(before.round, groups=doubled))
    assert trend.change(now, same, Level.CHIEF)


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


def weighted(evaluation: archive.Evaluation) -> archive.Evaluation:
    """The same as if its shares were weighted."""
    results = tuple((replace(level, weighted=True), of) for level, of in evaluation.results)
    return replace(evaluation, results=results)


def test_what_was_counted_otherwise_is_not_subtracted(
    two_years: tuple[archive.Evaluation, archive.Evaluation],
) -> None:
    now, before = two_years

    assert trend.change(now, ruled(before, denominator=Denominator.VALID), Level.CHIEF) is None
    assert trend.change(now, weighted(before), Level.CHIEF) is None
    assert trend.change(now, replace(before, results=()), Level.CHIEF) is None
    assert trend.change(now, before, Level.TEAM) is None
