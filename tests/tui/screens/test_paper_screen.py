"""登记票数: zero is registered, an empty field is not, and neither is taken for the other."""

from __future__ import annotations

import pytest

from models.database import journal
from models.database.store import Store
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import paper
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.offices import only_poll, small_round
from tests.tui.driving import Driver, drive
from tui.screens.poll.stacks import PaperScreen, PollScreen
from tui.screens.seal.balance import SealScreen

GROUPS = ("班子成员", "中层干部")
RULES = RoundRules(verification=VerificationRule(every=0))


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    """An open round of one unit; nobody registered any paper yet."""
    made = small_round(settings, GROUPS, RULES, returned=0)
    nothing = {stack.stack_id: (None, None) for stack in stacks(only_poll(made).id)}
    paper.record_counts(only_poll(made).id, nothing)
    return made


def typed(info: RoundInfo) -> list[tuple[int | None, int | None]]:
    return [stack.typed for stack in stacks(only_poll(info).id)]


async def shown(driver: Driver, info: RoundInfo) -> None:
    await driver.app.push_screen(PollScreen(only_poll(info).id))


def test_zero_is_typed_and_what_is_left_empty_is_not(
    store: Store, settings: Settings, info: RoundInfo
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        assert {(*row[2:4], row[7]) for row in driver.rows()[:-1]} == {("", "", "○ 未登记")}
        assert "先按 F2 登记" in driver.message
        await driver.burst("<f2>")
        # Nothing issued: the 0 that can come back is not typed again.
        await driver.burst("5", "<enter>", "3", "<enter>", "0", "<down>", "6", "<f2>")
        driver.on(PollScreen)
        assert typed(info)[:4] == [(5, 3), (0, 0), (6, None), (None, None)]
        states = [(*row[2:4], row[7]) for row in driver.rows()[:4]]
        assert states == [
            ("5", "3", "◆ 差 3 张"),
            ("0", "0", "● 无票"),
            ("6", "", "○ 未登记"),
            ("", "", "○ 未登记"),
        ]
        acts = [(each.act, each.detail) for each in journal.entries()[:5]]
        assert acts == [
            ("登记发出票数", "6 张"),
            ("登记收回票数", "0 张"),
            ("登记发出票数", "0 张"),
            ("登记收回票数", "3 张"),
            ("登记发出票数", "5 张"),
        ]
        await driver.burst("<f2>")
        await driver.burst("<backspace>", "<f2>")
        driver.on(PaperScreen)
        assert "填了收回 3 张，没有填发出" in driver.message

    drive(store, settings, script)


def test_a_number_that_cannot_be_is_gone_to_marked_and_told_once(
    store: Store, settings: Settings, info: RoundInfo
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("<f2>")
        await driver.burst("5", "<enter>", "6", "<down>", "<down>", "7", "<f2>")
        driver.on(PaperScreen)
        # From the third row back to the first number at fault: 6 of 5.
        assert "收回 6 张多于发出 5 张" in driver.message
        assert driver.message.count("收回") == 2  # what is wrong, and what to check
        assert driver.message.endswith("（标 ! 的共 2 处）")
        assert driver.text().count("!") == 3  # the two numbers, and the message that counts them
        await driver.burst("4")
        assert driver.message == "标 ! 的还有 1 处。"
        await driver.burst("<down>", "<down>", "<left>")
        assert "没有填发出" in driver.message
        await driver.burst("8", "<f2>")
        driver.on(PollScreen)
        assert typed(info)[:3] == [(5, 4), (None, None), (8, 7)]

    drive(store, settings, script)


def test_nothing_is_said_of_the_second_entry_before_paper_is_registered(
    store: Store, settings: Settings
) -> None:
    made = small_round(settings, GROUPS, RoundRules(), returned=0)
    nothing = {stack.stack_id: (None, None) for stack in stacks(only_poll(made).id)}
    paper.record_counts(only_poll(made).id, nothing)

    async def script(driver: Driver) -> None:
        assert "不要求" not in driver.text()
        await driver.app.push_screen(SealScreen(only_poll(made).id))
        await driver.settle()
        rows = driver.rows("#balance")
        assert {row[7] for row in rows} == {""}
        assert {row[8] for row in rows[:-1]} == {"未登记"}
        assert not {"平", "不要求"} & {cell for row in rows for cell in row}

    drive(store, settings, script)


def test_a_whole_level_copied_is_registered_as_it_stands(
    store: Store, settings: Settings, info: RoundInfo
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("<f2>", "0", "<down>", "0", "+", "<f2>")
        driver.on(PollScreen)
        assert set(typed(info)) == {(0, 0)}
        await driver.burst("<enter>")
        assert "登记的是无票" in driver.message
        await driver.burst("<f6>")
        driver.on(SealScreen)
        assert {row[8] for row in driver.rows("#balance")} == {"无票"}
        assert "可以封存" in driver.message

    drive(store, settings, script)


def test_what_is_not_registered_stands_before_the_seal_by_group(
    store: Store, settings: Settings, info: RoundInfo
) -> None:
    first, *rest = stacks(only_poll(info).id)
    counts: dict[int, tuple[int | None, int | None]] = {each.stack_id: (0, 0) for each in rest}
    paper.record_counts(only_poll(info).id, {**counts, first.stack_id: (7, None)})

    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("<f6>")
        assert driver.rows("#balance")[0][2:] == ["7", "", "", "0", "0", "不要求", "未登记"]
        assert driver.rows("#balance")[-1][2:5] == ["7", "", ""]
        assert driver.rows("#balance")[-1][8] == "1批未登记"
        assert "未登记 1 批" in driver.text()
        ((code, where, what),) = driver.rows("#findings")
        assert (code, where) == ("! 问题104", "领导班子 班子成员")
        assert what.startswith("发出 7 张，收回没有登记")
        await driver.burst("<f2>")
        driver.on(SealScreen)
        assert "不能封存" in driver.message

    drive(store, settings, script)
