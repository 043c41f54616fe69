"""请看一看: dates, years, groups and second rounds that are worth a look and block nothing."""

from __future__ import annotations

import pytest

from models.database.store import Store
from models.rounds import life, neighbours, polls
from models.rounds.looks import LookCode, Neighbour, of_poll, of_round
from models.rounds.plan import RoundPlan
from models.seal import facts
from models.seal.findings import judge
from models.settings.office import Settings
from tests.exports.small import make_round, only_poll

TWO = (("班子成员", 0), ("中层干部", 0))
PLAN = RoundPlan("年终", 2026, starts="2026-11-02", ends="2026-11-13", groups=TWO)
OTHER = Neighbour("补测", "定期", 2026, frozenset((1, 2)))


def codes(plan: RoundPlan, units: tuple[int, ...] = (), *others: Neighbour) -> list[LookCode]:
    return [look.code for look in of_round(plan, units, others)]


def plan(**changes: object) -> RoundPlan:
    return RoundPlan(**{**vars(PLAN), **changes})  # type: ignore[arg-type]


def test_a_round_in_order_asks_for_nothing() -> None:
    assert codes(PLAN, (1, 2)) == []
    assert of_poll(PLAN, 1, "2026-11-02", ()) == of_poll(PLAN, 1, "", ()) == []


@pytest.mark.parametrize(
    ("starts", "ends", "asks"),
    [
        ("2025-11-02", "2026-01-10", True),
        ("2027-01-04", "", True),
        ("", "2025-11-13", True),
        ("2026-11-02", "2027-01-13", False),
        ("", "", False),
    ],
)
def test_a_start_in_another_year(starts: str, ends: str, asks: bool) -> None:
    found = codes(plan(starts=starts, ends=ends))
    assert (LookCode.OTHER_YEAR in found) is asks


def test_one_voter_group_only() -> None:
    assert codes(plan(groups=TWO[:1])) == [LookCode.ONE_GROUP]


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (OTHER, 1),
        (Neighbour("甲", "不定期", 2026, OTHER.units), 0),
        (Neighbour("甲", "定期", 2025, OTHER.units), 0),
        (Neighbour("甲", "定期", 2026, frozenset((3,))), 0),
    ],
)
def test_a_second_round_of_kind_year_and_units(other: Neighbour, shared: int) -> None:
    found = of_round(PLAN, (2, 7), (other,))
    assert [look.values["units"] for look in found] == [1] * shared
    assert len(of_poll(PLAN, 2, "2026-11-05", (other,))) == shared
    assert of_poll(PLAN, 7, "2026-11-05", (other,)) == []


@pytest.mark.parametrize(
    ("starts", "ends", "date", "asks"),
    [
        ("2026-11-02", "2026-11-13", "2026-11-01", True),
        ("2026-11-02", "2026-11-13", "2026-11-14", True),
        ("2026-11-02", "", "2026-10-30", True),
        ("2026-11-02", "", "2027-01-05", False),
        ("", "2026-11-13", "2026-12-01", True),
        ("", "", "2062-11-05", True),
        ("", "", "2026-01-05", False),
    ],
)
def test_a_date_outside_the_period(starts: str, ends: str, date: str, asks: bool) -> None:
    found = of_poll(plan(starts=starts, ends=ends), 1, date, ())
    assert [look.code for look in found] == [LookCode.DATE_OUTSIDE] * asks


def test_the_findings_before_the_seal_name_them_and_do_not_block(
    store: Store, settings: Settings
) -> None:
    first = make_round(settings, year=2026, date="2026-12-01", starts="2026-12-02")
    unit = only_poll(first).unit_id
    make_round(settings, year=2026, title="补测", units=[unit])
    found = {
        each.code: each for each in judge(facts.read(only_poll(first).id)) if each.code > "W209"
    }
    assert set(found) == {"W210", "W211"}
    assert not any(each.blocking for each in found.values())
    assert found["W211"].values["title"] == "补测"


def test_all_looks_of_a_round_in_the_database(store: Store, settings: Settings) -> None:
    first = make_round(settings, year=2026)
    unit = only_poll(first).unit_id
    draft = life.create(plan(title="又一次", starts="2025-11-02", ends="", groups=TWO[:1]))
    assert [look.code for _, look in neighbours.looks(draft)] == ["W213", "W212"]
    (poll_id,) = polls.add_polls(draft, [unit])
    polls.change_poll(poll_id, date="2025-11-01", place="", expected=0, present=0)
    assert [(where, look.code) for where, look in neighbours.looks(draft)] == [
        ("", "W213"),
        ("", "W212"),
        ("", "W211"),
        ("甲县局", "W210"),
    ]
    life.open_round(draft, settings)
