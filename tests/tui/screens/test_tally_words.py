"""得票情况 as lines of text, without a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from exports.parts.wording import PRESENT_NOT_BY_GROUP
from models.count.by_group import by_group
from models.count.tally import LevelTally, exact_tally
from models.database.store import Store
from models.regulation.levels import Level
from models.regulation.rules import Denominator, RoundRules
from models.rounds.balance import Balance
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.exports.small import key_all, make_round
from tests.offices import only_poll
from tui.screens.results.tally_words import TallyTable
from tui.terminal import PLAIN
from tui.widgets.look import Told, segments_of


@pytest.fixture
def round_info(store: Store, settings: Settings) -> RoundInfo:
    rules = RoundRules(minimum_group=5)
    info = make_round(settings, groups={"班子成员": 0, "中层干部": 0, "职工": 0}, rules=rules)
    key_all(info)
    return info


def table(info: RoundInfo, level: Level, width: int = 80) -> tuple[TallyTable, LevelTally]:
    poll = only_poll(info)
    found = exact_tally(poll, info, level)[level]
    return TallyTable(found, info, poll.short, width), found


def said(lines: Sequence[Told]) -> list[str]:
    """The lines without colours."""
    return ["".join(segment.text for segment in segments_of(line, PLAIN)) for line in lines]


def test_the_chosen_subject_is_marked(round_info: RoundInfo) -> None:
    lines = said(table(round_info, Level.MEMBER)[0].by_subject(1))
    assert lines[0].startswith("发出 36  收回 36  已录 36")
    assert [line[:5].split()[0] for line in lines[3:] if "李一" in line] == ["李一"]
    assert [line[0] for line in lines if "赵二强" in line] == [">"]


def test_the_paper_is_of_all_sheets_and_says_so(round_info: RoundInfo) -> None:
    shown, found = table(round_info, Level.CHIEF)
    twice = replace(shown, counts=replace(found, papers=found.papers * 2))
    assert said(twice.by_subject(0))[0].startswith("一人一票 2 种合计  发出 72  收回 72")
    none = replace(shown, counts=replace(found, papers=(Balance(),)))
    assert said(none.by_subject(0))[0] == "发出0张，收回0张（无票）"
    unknown = replace(shown, counts=replace(found, papers=(Balance(9, unregistered=1),)))
    assert said(unknown.by_subject(0))[0] == "发出9张，收回未登记"


def test_groups_have_no_share_of_all_who_were_present(store: Store, settings: Settings) -> None:
    info = make_round(settings, rules=RoundRules(denominator=Denominator.PRESENT))
    key_all(info)
    shown, _ = table(info, Level.CHIEF)
    lines = said(shown.by_group(0, by_group(only_poll(info), info, Level.CHIEF).lines, ""))
    assert lines[-1].strip() == PRESENT_NOT_BY_GROUP


def test_a_body_goes_by_the_short_name_of_its_unit(round_info: RoundInfo) -> None:
    lines = said(table(round_info, Level.TEAM)[0].by_subject(0))
    assert any(line.startswith(" 甲县局") for line in lines)


def test_every_item_has_a_row(round_info: RoundInfo) -> None:
    shown, found = table(round_info, Level.CHIEF)
    lines = said(shown.by_item(0))
    assert lines[2].startswith("王正")
    assert sum(line.startswith(" 总体评价") for line in lines) == 1
    for item in found.content.items:
        assert any(line.startswith(f" {item.number} {item.title}"[:8]) for line in lines)


def test_lines_by_group_and_what_is_said_of_the_others(round_info: RoundInfo) -> None:
    level = Level.CHIEF
    lines = by_group(only_poll(round_info), round_info, level).lines
    assert len(lines) == 3
    shown = table(round_info, level)[0]
    drawn = said(shown.by_group(0, lines, "说明"))
    assert drawn[-1] == "说明"
    assert [line.split()[0] for line in drawn if line.startswith((" 班", " 中", " 职"))] == [
        "班子成员",
        "中层干部",
        "职工",
    ]
    together = replace(lines[0], together=True)
    assert any(line.startswith(" 其余各类合计") for line in said(shown.by_group(0, [together], "")))
    assert not any("类别" in line for line in said(shown.by_group(0, (), ""))[3:])


@pytest.mark.parametrize("width", [40, 80, 120])
def test_numbers_are_never_cut(round_info: RoundInfo, width: int) -> None:
    shown, found = table(round_info, Level.CHIEF, width)
    text = "\n".join(said(shown.by_subject(0)))
    for count in found.subjects[0].headline.grades:
        assert f" {count}" in text
    assert text.count("%") == len(found.content.scale.grades) + 1
