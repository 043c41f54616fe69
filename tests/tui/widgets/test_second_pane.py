"""The second pane: from 120 columns on, after the hand rests, and for nothing before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.commands.demo import make
from tui.screens.journal import JournalScreen
from tui.screens.poll.stacks import PollScreen
from tui.screens.rounds.all_rounds import RoundsScreen
from tui.widgets.second_pane import WIDE, SecondPane


@pytest.fixture
def demo(tmp_path: Path, settings: Settings) -> Iterator[Store]:
    opened = open_store(make(tmp_path / "demo", settings))
    yield opened
    opened.close()


async def pane(driver: Driver, text: str) -> str:
    """The pane's text, once it has `text`."""
    shown = driver.app.screen.query_one(SecondPane)
    while True:
        lines = [shown.render_line(y).text for y in range(shown.size.height)]
        if any(text in line for line in lines):
            return "\n".join(lines)
        await driver.settle()


def test_there_is_none_in_a_narrower_window(demo: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        assert not driver.app.screen.query_one(SecondPane).display

    drive(demo, settings, script, (WIDE - 1, 40))


def test_it_shows_what_is_under_the_cursor(demo: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        home = await pane(driver, "天水市工商行政管理局")
        assert "有半张" in home
        assert "差 27 张" in home
        await driver.burst("<home>")
        assert "未登记" not in await pane(driver, "城关区工商行政管理局")
        await driver.burst("<end>", "<right>")
        driver.on(PollScreen)
        tally = await pane(driver, "班子成员票 计票中，非正式结果")
        assert "张青东" in tally
        assert "优秀29  称职16" in tally
        await driver.burst("<escape>", "<f2>")
        driver.on(RoundsScreen)
        assert "测评人员类别" in await pane(driver, "年度党风廉政建设")
        await driver.burst("<escape>", "<f7>")
        driver.on(JournalScreen)
        assert "摘要（SHA-256）" in await pane(driver, "内容")

    drive(demo, settings, script, (WIDE, 40))


def test_the_list_leaves_it_no_more_than_it_needs(demo: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        shown = driver.app.screen.query_one(SecondPane)
        assert shown.region.x >= 100
        assert shown.region.right <= 200

    drive(demo, settings, script, (200, 50))
