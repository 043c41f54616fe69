"""轮次: a draft can be changed, an open round is frozen whatever changes around it."""

from dataclasses import replace
from pathlib import Path

import pytest

from exports.documents.kinds import load_settings
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    TrustRule,
    VerificationRule,
)
from models.roster import cadres, edit
from models.roster.cadres import Person, PostDetails
from models.roster.roles import Role
from models.rounds import life, polls
from models.rounds.contents import frozen_contents, round_contents
from models.rounds.plan import RoundState
from models.rounds.subjects import subjects
from models.settings.office import Settings, shipped_file
from tests.offices import only_poll, small_plan, small_round, small_unit, write


def test_a_plan_comes_back_as_it_was_given(store: Store) -> None:
    rules = RoundRules(
        denominator=Denominator.RETURNED,
        decimals=1,
        minimum_group=7,
        verification=VerificationRule(every=5),
        member_sheet=MemberSheet.PERSON,
        trust={
            Level.CHIEF: TrustRule(("优秀",), Comparator.MORE_THAN, 1, 2, Denominator.PRESENT),
            Level.MEMBER: TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3),
        },
    )
    plan = replace(small_plan({"甲类": 40, "乙类": 60}, rules), starts="2026-11-02")
    round_id = life.create(plan)
    found = life.find_by_id(round_id)
    assert found.plan == plan
    assert found.state is RoundState.DRAFT
    changed = replace(plan, title="另一名称", groups=(("乙类", 50), ("丙类", 50)))
    life.change(round_id, changed)
    assert life.find(text="另一名称").plan == changed


def test_every_fault_of_a_plan_is_named_and_nothing_is_made(store: Store) -> None:
    plan = replace(
        small_plan({"甲": 0, "乙": 30}),
        title="",
        year=26,
        kind="随便",
        starts="2026-12-01",
        ends="2026-11-01",
    )
    with pytest.raises(RefusedError) as refused:
        life.create(plan)
    for word in ("名称", "年度", "性质", "结束早于开始", "权重"):
        assert word in str(refused.value)
    assert life.rounds() == []


def test_a_title_is_used_once(store: Store) -> None:
    life.create(small_plan())
    with pytest.raises(RefusedError, match="已有名为“试验轮次”的轮次"):
        life.create(small_plan())


def test_a_round_without_units_or_subjects_cannot_open(store: Store, settings: Settings) -> None:
    round_id = life.create(small_plan())
    with pytest.raises(RefusedError, match="没有参加测评的单位"):
        life.open_round(round_id, settings)
    empty = [edit.save_unit("空县局"), edit.save_unit("另一空局")]
    polls.add_polls(round_id, [*empty, small_unit()])
    with pytest.raises(RefusedError) as refused:
        life.open_round(round_id, settings)
    assert "空县局 没有被测评对象" in str(refused.value)
    assert "另一空局 没有被测评对象" in str(refused.value)
    assert "甲县" not in str(refused.value)
    assert life.find_by_id(round_id).state is RoundState.DRAFT


def test_opening_copies_levels_scales_and_items(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    assert info.state is RoundState.OPEN
    found = frozen_contents(info.id)
    assert {level: found[level] for level in Level if level is not Level.INTEGRITY} == {
        level: settings.levels[level] for level in Level if level is not Level.INTEGRITY
    }
    integrity = found[Level.INTEGRITY]
    assert [item.statement for item in integrity.items] == ["不收受礼品", "如实报告"]
    assert integrity.scale == settings.levels[Level.INTEGRITY].scale


def test_later_settings_change_nothing(store: Store, settings: Settings, tmp_path: Path) -> None:
    info = small_round(settings)
    before = round_contents(info, settings)
    text = shipped_file().read_text(encoding="utf-8")
    other = load_settings(
        write(tmp_path, "ceping.toml", text.replace('"优秀", "称职"', '"甲等", "乙等"'))
    )
    assert other.levels[Level.MEMBER].scale.grades[:2] == ("甲等", "乙等")
    assert round_contents(life.find_by_id(info.id), other) == before


def test_a_later_roster_changes_nothing(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    poll = only_poll(info)
    before = subjects(poll.id)
    cadre = next(row for row in cadres.team(poll.unit_id) if row.name == "李一")
    post = PostDetails(unit_id=poll.unit_id, title="调研员", role=Role.OTHER)
    edit.save_cadre(Person(name="李改名"), post, cadre_id=cadre.id)
    edit.save_unit("改名后的局", unit_id=poll.unit_id)
    edit.save_cadre(
        Person(name="新来的"), PostDetails(unit_id=poll.unit_id, role=Role.MEMBER, rank=2)
    )
    assert subjects(poll.id) == before
    assert only_poll(info).unit_name == "甲县工商行政管理局"


def test_an_open_round_refuses_every_change(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    for act in (
        lambda: life.change(info.id, small_plan()),
        lambda: life.delete_draft(info.id),
        lambda: life.open_round(info.id, settings),
    ):
        with pytest.raises(RefusedError, match="已启动，内容、范围和规则不能再改"):
            act()


def test_a_closed_round_stays_closed(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    life.close_round(info.id)
    with pytest.raises(RefusedError, match="不在进行中"):
        life.close_round(info.id)
    with pytest.raises(RefusedError, match="已办结"):
        polls.change_poll(only_poll(info).id, date="", place="", expected=1, present=1)
    with pytest.raises(RefusedError, match="已办结，不能再加单位"):
        polls.add_polls(info.id, [small_unit("乙县工商行政管理局")])


def test_a_group_that_stays_keeps_its_paper(store: Store, settings: Settings) -> None:
    round_id = life.create(small_plan(("甲类", "乙类")))
    polls.add_polls(round_id, [small_unit()])
    before = {group.name: group.id for group in life.find_by_id(round_id).groups}
    life.change(round_id, small_plan(("丙类", "乙类")))
    after = {group.name: group.id for group in life.find_by_id(round_id).groups}
    assert list(after) == ["丙类", "乙类"]
    assert after["乙类"] == before["乙类"]


def test_people_present_are_not_more_than_expected(store: Store, settings: Settings) -> None:
    poll = only_poll(small_round(settings))
    with pytest.raises(RefusedError, match="实到 9 人多于应到 8 人"):
        polls.change_poll(poll.id, date="", place="", expected=8, present=9)


def test_a_round_is_found_by_number_or_title(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    assert life.find(str(info.id)).id == life.find("试验轮次").id == info.id
    with pytest.raises(RefusedError, match="没有名为“别的”的轮次。现有：1 试验轮次"):
        life.find("别的")


def test_a_year_names_the_only_round_in_it(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    year = str(info.plan.year)
    assert life.find(year).id == info.id
    other = life.create(replace(info.plan, title="另一轮次"))
    with pytest.raises(RefusedError, match=f"{year} 年有几个轮次.*{other} 另一轮次"):
        life.find(year)
