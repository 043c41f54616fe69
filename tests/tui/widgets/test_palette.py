"""F1: help above, keys below; typing filters, Enter presses the one that is chosen."""

import shutil
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.poll.keying_pad import FirstPad
from tui.screens.poll.stacks import PaperScreen, PollScreen
from tui.widgets.frame import Palette


@pytest.fixture
def office(sample_office: Path, tmp_path: Path) -> Store:
    opened = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    yield opened
    opened.close()


@pytest.mark.parametrize("typed", ["登记", "djps", "f2"])
def test_what_is_typed_finds_a_key_and_enter_presses_it(
    office: Store, settings: Settings, typed: str
) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("right", "f1")
        driver.on(Palette)
        assert "票数平衡" in driver.text()
        await driver.burst(typed)
        assert "票数平衡" not in driver.text()
        await driver.keys("enter")
        driver.on(PaperScreen)

    drive(office, settings, script)


def test_esc_takes_back_what_was_typed_and_then_leaves(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("right", "f1")
        await driver.burst("没有的键")
        assert "没有这样的键" in driver.text()
        await driver.keys("enter", "escape")
        driver.on(Palette)
        await driver.keys("escape")
        driver.on(PollScreen)

    drive(office, settings, script)


def test_a_burst_through_f1_does_what_it_says(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<f1>", "登记票数", "<enter>")
        driver.on(PaperScreen)

    drive(office, settings, script)


def test_on_the_pad_it_is_only_read(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("right", "enter", "f1")
        assert "整票作废" in driver.text()
        await driver.burst("12/", "<enter>")
        driver.on(Palette)
        await driver.keys("escape")
        driver.on(FirstPad)

    drive(office, settings, script)


def test_every_key_of_home_is_on_it(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("f1")
        seen = driver.text()
        for _ in range(30):
            await driver.keys("down")
            seen += driver.text()
        assert all(f" {key.name} " in seen for key in HomeScreen.own_keys())

    drive(office, settings, script)
