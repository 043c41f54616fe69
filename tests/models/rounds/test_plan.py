"""A new round is proposed from the settings, or from the round before it."""

from dataclasses import replace

from models.regulation.rules import Denominator
from models.rounds.plan import RoundInfo, RoundPlan, RoundState, propose
from models.settings.office import Settings


def known(plan: RoundPlan) -> list[RoundInfo]:
    return [RoundInfo(1, plan, RoundState.CLOSED, ())]


def test_the_first_round_follows_the_settings(settings: Settings) -> None:
    plan = propose(settings, [], 2026)
    assert plan.title == "2026年度党风廉政建设责任制民主测评"
    assert plan.rules == settings.rules
    assert plan.groups == tuple((name, 0) for name in settings.groups)


def test_the_next_year_keeps_rules_but_not_period_and_items(settings: Settings) -> None:
    first = propose(settings, [], 2026)
    last = replace(
        first,
        title="2026年度民主测评",
        starts="2026-11-02",
        ends="2026-11-13",
        rules=replace(first.rules, denominator=Denominator.RETURNED),
        groups=(("班子成员", 30),),
        integrity_items=("不收受礼品",),
    )
    plan = propose(settings, known(last), 2027)
    assert plan.title == "2027年度民主测评"
    assert (plan.starts, plan.ends, plan.integrity_items) == ("", "", ())
    assert (plan.rules, plan.groups) == (last.rules, last.groups)


def test_a_second_round_of_a_year_has_a_title_of_its_own(settings: Settings) -> None:
    first = replace(propose(settings, [], 2026), integrity_items=("不收受礼品",))
    plan = propose(settings, known(first), 2026)
    assert plan.title == f"{first.title}（第2次）"
    assert plan.integrity_items == first.integrity_items
