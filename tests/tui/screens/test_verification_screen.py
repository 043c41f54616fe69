"""复核 on the screen: from the poll to the pad, blind, burst-safe, and what the lines say."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.entry import second_entry
from models.rounds import life, polls
from models.settings.office import Settings
from tests.offices import lines_of
from tests.tui.driving import Driver, drive
from tests.tui.widgets.test_pad_burst import GROUP, LEVEL, UNIT, first_poll, first_stack, keys_of
from tui.screens.poll.keying_pad import SecondPad
from tui.screens.poll.stacks import PollScreen

LINES = lines_of(UNIT, LEVEL, GROUP)


@pytest.fixture
def office(keyed_office: Path, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Path(shutil.copy(keyed_office, tmp_path / "ceping.db")))
    yield opened
    opened.close()


def status(driver: Driver) -> str:
    """What the poll's screen says of its first stack."""
    return driver.rows()[0][-1].partition(" ")[2]


async def to_the_pad(driver: Driver) -> None:
    await driver.burst("<right>", *["<up>"] * 30, "<f8>")
    driver.on(SecondPad)


async def to_the_poll(driver: Driver) -> None:
    await driver.burst("<right>", *["<up>"] * 30)
    driver.on(PollScreen)


def test_from_the_poll_to_an_agreed_stack_in_one_burst(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await to_the_poll(driver)
        assert status(driver) == "待复核"
        await driver.burst("<f8>", *keys_of(LINES))
        assert f"本批 {len(LINES)} 票复核一致" in driver.text()
        await driver.keys("escape")
        assert status(driver) == "复核一致"

    drive(office, settings, script)
    assert second_entry.of_poll(first_poll().id)[first_stack().stack_id].agreed


def test_nothing_of_the_first_entry_is_on_the_screen(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await to_the_pad(driver)
        text = driver.text()
        assert "有效 0 票  无效 0 票" in text
        assert f"第 1 票 / 收回 {len(LINES)}" in text
        await driver.keys("pageup")
        assert "复核时不翻看" in driver.text()

    drive(office, settings, script)


def test_f2_leads_to_the_next_stack(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await to_the_pad(driver)
        await driver.burst(*keys_of(LINES), "<f2>", *keys_of(lines_of(UNIT, LEVEL, "中层干部")))
        driver.on(SecondPad)
        assert "票复核一致" in driver.text()

    drive(office, settings, script)
    poll = polls.polls(life.rounds()[0].id)[0]
    assert sum(state.agreed for state in second_entry.of_poll(poll.id).values()) == 2


def test_a_difference_is_named_and_both_values_are_hidden(
    office: Store, settings: Settings
) -> None:
    at = next(n for n, line in enumerate(LINES) if len(line) > 2)
    line = LINES[at]
    mark = "2" if line[0] == "1" else "1"
    wrong = [*LINES[:at], mark + line[1:], *LINES[at + 1 :]]

    async def script(driver: Driver) -> None:
        await to_the_pad(driver)
        await driver.burst(*keys_of(wrong))
        assert "两次录入有 1 张不同：F2核对" in driver.message
        await driver.keys("f2")
        assert f"第 {at + 1} 张纸票：1" in driver.line("statement")
        assert "第二遍" not in driver.text(), "its tally would give the mark away"
        await driver.keys("escape")
        driver.on(PollScreen)
        assert status(driver) == "复核有不同"
        await driver.burst("<f8>", "<f2>", line[0], "<enter>")
        assert "票复核一致" in driver.text()

    drive(office, settings, script)


def test_too_few_sheets_are_asked_about(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await to_the_pad(driver)
        await driver.burst(*keys_of(LINES[:-1]), "<f2>")
        asked = f"第二遍只录了 {len(LINES) - 1} 票，第一次 {len(LINES)} 票"
        assert asked in driver.line("statement")
        await driver.keys("escape")
        driver.on(SecondPad)
        await driver.burst(*keys_of(LINES[-1:]))
        assert "票复核一致" in driver.text()

    drive(office, settings, script)


def test_an_agreed_stack_is_not_opened_and_says_why(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await to_the_pad(driver)
        await driver.burst(*keys_of(LINES), "<escape>", "<f8>")
        driver.on(PollScreen)
        assert "已复核一致" in driver.message

    drive(office, settings, script)
