"""操作日志: pages, the whole entry, the filter, driven by bursts."""

from __future__ import annotations

import pytest

from models.database import clerk, journal
from models.database.journal import JournalAct
from models.database.store import Store, writing
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.screens.journal import PAGE, JournalScreen
from tui.widgets.frame import Help


def fill(n: int) -> None:
    with writing():
        for number in range(n):
            act = JournalAct.CHANGE_POLL if number % 2 else JournalAct.CORRECT_BALLOT
            journal.record(act, f"单位{number}", "细节")


def test_an_empty_journal_says_what_comes(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.app.push_screen(JournalScreen())
        await driver.settle()
        assert driver.rows() == []
        assert "还没有日志" in driver.message

    drive(store, settings, script)


def test_pages_from_the_newest_on(store: Store, settings: Settings) -> None:
    fill(PAGE + 3)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(JournalScreen())
        await driver.settle()
        assert len(driver.rows()) == PAGE
        assert driver.rows()[0][3] == f"单位{PAGE + 2}"
        assert "F4" in driver.message
        await driver.burst("<f4>")
        assert [row[3] for row in driver.rows()] == ["单位2", "单位1", "单位0"]
        await driver.burst("<f4>")
        assert "没有更早的" in driver.message
        await driver.burst("<f6>")
        assert driver.rows()[0][3] == f"单位{PAGE + 2}"
        assert journal.head()[:4] in driver.line("title")

    drive(store, settings, script)


def test_the_whole_entry_with_its_digest(store: Store, settings: Settings) -> None:
    with writing():
        entry = journal.record(
            JournalAct.CORRECT_BALLOT, "甲县工商行政管理局 班子成员", "第 3 张：看错" * 9
        )

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(JournalScreen())
        await driver.settle()
        await driver.burst("<enter>")
        driver.on(Help)
        shown = "".join(driver.text().split())
        assert entry.digest in shown.replace("│", "")
        assert "第3张：看错" in shown
        await driver.burst("<escape>")
        driver.on(JournalScreen)

    drive(store, settings, script)


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (("更正",), ["单位4", "单位2", "单位0"]),
        (("", "<down>", "单位3"), ["单位3"]),
        (("", "<down>", "", "<down>", "查无此人"), []),
        (("%",), []),
    ],
)
def test_a_filter_takes_texts_as_they_stand(
    store: Store, settings: Settings, keys: tuple[str, ...], left: list[str]
) -> None:
    fill(6)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(JournalScreen())
        await driver.settle()
        await driver.burst("<f3>", *keys, "<f2>")
        driver.on(JournalScreen)
        assert [row[3] for row in driver.rows()] == left
        if not left:
            assert "没有符合的日志" in driver.message

    drive(store, settings, script)


def test_a_name_that_looks_like_markup(store: Store, settings: Settings) -> None:
    clerk.sign_in("[/b]甲")
    try:
        fill(1)
    finally:
        clerk.sign_in("")

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(JournalScreen())
        await driver.settle()
        assert driver.rows()[0][1] == "[/b]甲"

    drive(store, settings, script)
