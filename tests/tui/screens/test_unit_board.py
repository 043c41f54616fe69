"""首页 as a work board: what it counts, finds and filters, and what Enter opens."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import set_cell_size
from textual import events

from models.database.store import Store, open_store
from models.database.tables import Poll, Round
from models.rounds import life, polls
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollState
from models.settings.office import Settings
from tests.offices import small_plan, small_unit
from tests.tui.driving import Driver, drive
from tui.commands.demo import make
from tui.screens import home_words
from tui.screens.home import HomeScreen
from tui.screens.poll.keying_pad import FirstPad, SecondPad
from tui.screens.poll.stacks import PollScreen
from tui.screens.seal.balance import SealScreen
from tui.widgets.frame import Confirm


@pytest.fixture
def demo(tmp_path: Path, settings: Settings) -> Iterator[Store]:
    """The office of `ceping demo`: one unit untouched, one keyed, one keyed in part."""
    opened = open_store(make(tmp_path / "demo", settings))
    yield opened
    opened.close()


def under_the_cursor(driver: Driver) -> str:
    return driver.rows()[driver.listing.cursor_row][0]


def test_it_begins_where_work_stopped_and_goes_on_with_one_key(
    demo: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        assert under_the_cursor(driver) == "天水市局"
        assert driver.line("next") == "天水市局：接着录 班子成员票 服务对象代表 第 5 张（半张）"
        assert driver.line("totals") == "3 个单位  ◆ 待复核 1  ◆ 录票 2"
        assert "463/840 张" in driver.line("progress-of-round")
        await driver.burst("<enter>")
        pad = driver.on(FirstPad)
        assert pad._pad.entry.entered == 4
        assert pad._pad.ballot.marks.strip()

    drive(demo, settings, script)


def test_enter_opens_what_each_needs_and_does_nothing(demo: Store, settings: Settings) -> None:
    before = [poll.state for poll in polls.polls(life.rounds()[0].id)]

    async def script(driver: Driver) -> None:
        await driver.burst("<home>", "<enter>")
        assert driver.on(FirstPad)._pad.entry.poll.short == "城关区局"
        await driver.burst("<escape>", "<home>", "<down>", "<enter>")
        assert driver.on(SecondPad)._pad.entry.poll.short == "白银市局"
        await driver.burst("<escape>", "<right>")
        driver.on(PollScreen)
        await driver.burst("<escape>")
        Round.update(verification="none").execute()
        await driver.burst("<f7>", "<escape>", "<enter>")
        driver.on(SealScreen)
        await driver.burst("<escape>")
        Poll.update(state=PollState.SEALED).where(
            Poll.unit_name == "白银市工商行政管理局"
        ).execute()
        await driver.burst("<f7>", "<escape>")
        assert driver.line("totals") == "3 个单位  ● 已封存 1  ◆ 录票 2"
        Poll.update(state=before[0]).execute()

    drive(demo, settings, script)
    assert [poll.state for poll in polls.polls(life.rounds()[0].id)] == before


def test_filter_search_and_order(demo: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        names = [row[0] for row in driver.rows()]
        await driver.burst("<tab>")
        assert [row[0] for row in driver.rows()] == ["城关区局", "天水市局"]
        assert "[录票]" in driver.line("progress-of-round")
        await driver.burst("<tab>")
        assert [row[0] for row in driver.rows()] == ["白银市局"]
        await driver.burst("<escape>")
        assert [row[0] for row in driver.rows()] == names
        await driver.burst(".")
        assert [row[0] for row in driver.rows()] == ["城关区局", "天水市局", "白银市局"]
        await driver.burst(".", "/", "没有")
        assert driver.rows() == []
        assert "没有这样的单位" in driver.line("next")
        await driver.burst("<enter>", "<backspace>", "<backspace>", "ts")
        assert [row[0] for row in driver.rows()] == ["天水市局"]
        await driver.burst("<escape>")
        driver.on(HomeScreen)
        assert len(driver.rows()) == 3
        await driver.burst("<escape>")
        driver.on(Confirm)

    drive(demo, settings, script)


def test_105_units_are_searched_in_four_keys(store: Store, settings: Settings) -> None:
    units = [small_unit(f"第{number}县工商行政管理局", ()) for number in range(104)]
    units.append(small_unit("夏河县工商行政管理局", ()))
    round_id = life.create(small_plan(("中层干部",)))
    polls.add_polls(round_id, units)
    life.open_round(round_id, settings)

    async def script(driver: Driver) -> None:
        assert len(driver.rows()) == 105
        await driver.burst("/", "xh", "<enter>")
        driver.on(PollScreen)
        assert "夏河县" in driver.line("title")

    drive(store, settings, script)


def test_the_end_of_a_round_is_counted_in_days(settings: Settings) -> None:
    plan = replace(small_plan(("中层干部",)), starts="2026-11-02", ends="2026-11-13")
    info = RoundInfo(1, plan, RoundState.OPEN, ())
    said = [home_words.days_left(info, datetime.date(2026, 11, day)) for day in (10, 13, 15)]
    assert said == ["离截止还有 3 天", "今天截止", "已过截止 2 天"]
    assert home_words.days_left(None, datetime.date(2026, 11, 1)) == ""


def test_the_list_begins_at_its_first_row_where_the_cursor_is_in_sight(
    demo: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        assert driver.listing.cursor_row == 2
        assert "城关区局" in driver.text()

    drive(demo, settings, script)


def test_an_input_method_opens_where_one_types(demo: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("/", "天水")
        x, y = driver.app.cursor_position
        assert cells_before(driver.text().splitlines()[y], x).endswith("查找：天水")
        driver.app.post_message(events.Paste("市\n"))
        await driver.settle()
        assert "查找：天水市_" in driver.line("progress-of-round")
        await driver.burst("<escape>", "<right>", "/", "班子")
        x, y = driver.app.cursor_position
        assert cells_before(driver.text().splitlines()[y], x).endswith("查找：班子")

    drive(demo, settings, script)


def cells_before(line: str, column: int) -> str:
    return set_cell_size(line, column)
