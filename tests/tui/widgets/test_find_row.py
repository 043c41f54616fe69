"""`.` on the pad asks for a person's number; nothing is marked, whatever is typed."""

import shutil
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.settings.office import Settings
from tests.terminal.stored import draft_in
from tests.tui.driving import Driver, drive
from tui.screens.poll.keying_pad import FirstPad, SecondPad
from tui.widgets.pad import MarkGrid


@pytest.fixture
def office(sample_office: Path, tmp_path: Path) -> Store:
    opened = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    yield opened
    opened.close()


async def on_a_pad(driver: Driver) -> FirstPad:
    """The third sheet's pad: several people."""
    await driver.keys("right", *["down"] * 9, "enter")
    return driver.on(FirstPad)


def test_it_goes_to_the_person_and_marks_nothing(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        pad = await on_a_pad(driver)
        await driver.burst("12.")
        assert "找第几人（1 至 3）" in driver.text()
        await driver.burst("3", "<enter>")
        grid = pad.query_one(MarkGrid)
        assert grid.row == 2
        assert pad._pad.shown.marks.strip() == "12"
        await driver.burst("4")
        assert pad._pad.shown.marks.split() == ["12", "4"]

    drive(office, settings, script)


def test_a_mark_is_saved_before_it_is_drawn(office: Store, settings: Settings) -> None:
    """The screen may be drawn anew while keys are still waiting."""

    async def script(driver: Driver) -> None:
        pad = await on_a_pad(driver)
        grid = pad.query_one(MarkGrid)
        grid._answer(pad._pad.press("1"))
        assert draft_in(office.path) == ""
        grid.render_line(1)
        assert draft_in(office.path) == "1"

    drive(office, settings, script)


@pytest.mark.parametrize("back", ["<escape>", "."])
def test_it_is_left_without_going(office: Store, settings: Settings, back: str) -> None:
    async def script(driver: Driver) -> None:
        pad = await on_a_pad(driver)
        await driver.burst("12.2", back)
        assert driver.on(FirstPad).query_one(MarkGrid).row == 0
        await driver.burst("3")
        assert pad._pad.shown.marks.strip() == "123"

    drive(office, settings, script)


def test_a_stray_one_among_the_marks_stores_nothing(office: Store, settings: Settings) -> None:
    """The marks after it are no numbers of people: the ballot is not stored without a look."""

    async def script(driver: Driver) -> None:
        pad = await on_a_pad(driver)
        await driver.burst("12.1111111111111", "<enter>", "111111111111111", "<enter>")
        assert pad._pad.entry.entered == 0
        assert pad._pad.shown.marks.strip() == "12"

    drive(office, settings, script)


def test_f3_tells_how_much_was_keyed_at_this_sitting(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await on_a_pad(driver)
        await driver.keys("f3")
        assert "本次还没有录存一张票" in driver.line("statement")
        await driver.burst("1+", "<enter>", "2+", "<enter>")
        await driver.keys("f3")
        assert "本次录 2 张、30 项" in driver.line("statement")

    drive(office, settings, script)


def test_a_second_entry_never_names_more_papers_than_there_are(
    office: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("right", "enter")
        pad = driver.on(FirstPad)
        returned = pad._pad.entry.returned
        await driver.burst(*["1+", "<enter>"] * returned)
        await driver.keys("escape", "up", "up", "up", "f8")
        driver.on(SecondPad)
        await driver.burst(*["2+", "<enter>"] * returned)
        assert f"第 {returned + 1} 票" not in driver.text()
        assert f"第二遍已录完 / 收回 {returned}" in driver.text()

    drive(office, settings, script)
