"""`/` in a list goes to the row that is typed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.names import names_it
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.poll.keying_pad import FirstPad
from tui.screens.poll.stacks import PollScreen
from tui.widgets.listing import Listing


@pytest.fixture
def office(sample_office: Path, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    yield opened
    opened.close()


def test_the_cursor_goes_to_what_is_typed(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<home>", "/", "没有")
        driver.on(PollScreen)
        assert driver.listing.cursor_row == 0, "nothing has it: the cursor stays"
        await driver.burst("<backspace>", "<backspace>", "jjjc")
        found = driver.listing.cursor_row
        assert driver.rows()[found][0] == "纪检监察机关"
        assert "查找：jjjc_" in driver.text()
        await driver.burst("/")
        assert driver.listing.cursor_row == found + 1
        await driver.burst(*["<backspace>"] * 4, "廉洁")
        assert driver.rows()[driver.listing.cursor_row][0] == "个人廉洁自律"
        await driver.burst("<enter>")
        assert driver.on(FirstPad)._pad.entry.level_name == "个人廉洁自律"
        await driver.burst("<escape>", "<home>")
        assert driver.listing.cursor_row == 0

    drive(office, settings, script)


@pytest.mark.parametrize(
    ("text", "wanted", "named"),
    [
        ("夏河县局", "夏河", True),
        ("夏河县局", "xh", True),
        ("夏河县局", "XH", True),
        ("夏河县局", "ｘｈ", True),
        ("夏河县局", "河夏", False),
        ("夏河县局", "", True),
        ("12 张", "2", True),
        ("夏河县局", "县x", False),
        ("夏河县局", "xiahe", True),
        ("夏河县局", "hxj", True),
        ("曾国强", "zgq", True),
    ],
)
def test_characters_and_first_letters(text: str, wanted: str, named: bool) -> None:
    assert names_it(text, wanted) is named


def test_esc_ends_the_search_and_then_leaves(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "/", "没有这个")
        assert "没有“没有这个”" in driver.message
        await driver.keys("escape")
        driver.on(PollScreen)
        assert "查找" not in driver.text()
        assert driver.message == ""
        await driver.burst("/", "没有", "<backspace>", "<backspace>")
        assert driver.message == "", "what is typed now is found"
        await driver.keys("escape", "escape")
        driver.on(HomeScreen)

    drive(office, settings, script)


def test_the_end_of_what_is_typed_shows_over_a_narrow_list(
    office: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "/", "abcdefghijklmnopqrstuvwxyz")
        units = driver.app.screen.query_one("#units", Listing)
        assert "xyz_" in units.render_line(0).text

    drive(office, settings, script)


@pytest.mark.parametrize(("key", "name"), [("<f11>", "F11"), ("k", "k"), ("<tab>", "Tab")])
def test_a_key_without_a_meaning_says_so(
    office: Store, settings: Settings, key: str, name: str
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f7>", key)
        assert driver.message.startswith(f"{name} 键在这里没有用处")

    drive(office, settings, script)
