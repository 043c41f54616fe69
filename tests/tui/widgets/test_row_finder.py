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
from tui.screens.poll.keying_pad import FirstPad
from tui.screens.poll.stacks import PollScreen


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
