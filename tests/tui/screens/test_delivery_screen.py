"""送达登记 and what home says is owed, driven by bursts."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable

import pytest

from models.database.lock import WriterLock
from models.database.store import Store, open_store
from models.database.tables import Poll, Round, Subject
from models.results import delivery
from models.results.delivery import Delivery, Due, Handover
from models.rounds import polls
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import correct_one, keyed_round, sealed_round
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.results.delivery import DeliveryScreen
from tui.screens.results.determination import DeterminationForm
from tui.screens.results.opinions import OpinionScreen
from tui.screens.results.poll_results import ResultsScreen
from tui.widgets.forms import FormScreen
from tui.widgets.frame import Confirm, Line

TODAY = datetime.date.today().isoformat()
HOSTILE = [
    "张三[/b]",
    "[@click=app.quit]赵六[/]",
    "\x1b[31m红\x1b[2J",
    "换\n行\t格\r",
    "长" * 120,
    "",
]


def on_deliveries(
    store: Store,
    settings: Settings,
    script: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
) -> RoundInfo:
    """Run `script` on the register of a sealed poll, opened from home."""
    info, _ = sealed_round(settings, store)

    async def begin(driver: Driver) -> None:
        await driver.burst("<f12>", "<f3>")
        driver.on(DeliveryScreen)
        await script(driver)

    drive(store, settings, begin, size)
    return info


def dues(info: RoundInfo) -> list[Due]:
    return delivery.dues(only_poll(info))


def entered(info: RoundInfo) -> list[Delivery | None]:
    return [due.delivery for due in dues(info)]


def test_all_that_is_owed_in_team_order(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        shown = [(row[1], row[2], row[5]) for row in driver.rows()]
        people = ["王正", "李一", "李二"]
        assert shown == [
            *(("反馈本人", name, "◆ 未送达") for name in people),
            ("反馈第一责任人", "王正", "◆ 未送达"),
            *(("归入廉政档案", name, "◆ 未归档") for name in people),
        ]
        assert "未反馈 3 人  未反馈第一责任人 1 个  未归档 3 份" in driver.line("round")

    on_deliveries(store, settings, script)


def test_signed_at_once_and_on_to_the_next(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "<down>", "2", "<down>", "2", "<f2>")
        driver.on(DeliveryScreen)
        assert driver.listing.cursor_row == 1
        assert driver.rows()[0][3:] == [TODAY, "书面送达", f"● 王正 {TODAY}"]
        assert "未反馈 2 人" in driver.line("round")
        # The way of the last one is proposed, its signature is not.
        await driver.burst("<enter>")
        assert driver.fields()["way"] == "书面送达"
        assert driver.fields()["signed"] == ""

    info = on_deliveries(store, settings, script)
    assert entered(info)[0] == Delivery(TODAY, "书面送达", "王正", TODAY)


def test_everyone_at_once_like_the_last(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>")
        assert "按 Enter 登记第一笔" in driver.message
        await driver.burst("<enter>", "<down>", "3", "<f2>", "<f2>", "<f2>")
        assert [row[4] for row in driver.rows()] == ["机要交换"] * 3 + [""] * 4
        # A letter whose receipt is not back is still owed.
        assert "未反馈 3 人" in driver.line("round")
        assert driver.listing.cursor_row == 3

    on_deliveries(store, settings, script)


def test_an_entry_of_the_archive_asks_for_no_receipt(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst(*["<down>"] * 4, "<enter>")
        assert driver.fields() == {"on": TODAY, "way": "归档"}
        await driver.burst("<f2>", "<f2>", "<f2>")
        assert [row[5] for row in driver.rows()[4:]] == ["● 已归档"] * 3
        assert "未归档 0 份" in driver.line("round")

    on_deliveries(store, settings, script)


def test_a_receipt_that_comes_later(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "<f2>", "<home>", "<enter>", "<down>", "<down>", "3")
        await driver.burst("<f2>")
        driver.on(FormScreen)
        assert "签收人和签收日期" in driver.message
        await driver.burst("<down>", "李办公", "<down>", TODAY.replace("-", ""), "<f2>")
        driver.on(DeliveryScreen)
        assert driver.rows()[0][5] == f"● 李办公 {TODAY}"
        await driver.burst("<home>", "<enter>")
        assert driver.fields()["signed"] == "other"
        assert driver.fields()["signed_by"] == "李办公"

    on_deliveries(store, settings, script)


def test_only_what_is_owed(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<end>", "<enter>", "<f2>")
        assert len(driver.rows()) == 6
        assert driver.listing.cursor_row == 0
        await driver.burst(*["<end>", "<enter>", "<f2>"] * 2)
        await driver.burst(*["<home>", "<enter>", "<down>", "<down>", "2", "<f2>"] * 4)
        assert driver.rows() == []
        assert "都已办完" in driver.message
        await driver.burst("<enter>", "<f2>", "<delete>", "<f3>")
        assert len(driver.rows()) == 7
        await driver.burst("<escape>", "<escape>")
        driver.on(HomeScreen)
        assert "都已办完" in driver.line("owed")

    info = on_deliveries(store, settings, script)
    assert not any(due.owed for due in dues(info))


def test_the_rest_like_the_last_after_a_yes(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>")
        assert "按 Enter 登记第一笔" in driver.message
        await driver.burst("<f7>", "<f7>", "<f7>")
        assert [row[1] for row in driver.rows()] == ["归入廉政档案"] * 3
        assert "归入廉政档案全部" in driver.line("round")
        await driver.burst("<enter>", "<f2>", "<f6>")
        driver.on(Confirm)
        assert "2 件归入廉政档案" in driver.text()
        assert "未签收" not in driver.text()
        await driver.burst("<escape>")
        assert [row[5] for row in driver.rows()].count("◆ 未归档") == 2
        await driver.burst("<f6>", "<f2>", "<f6>")
        assert [row[5] for row in driver.rows()] == ["● 已归档"] * 3
        assert "都已登记" in driver.message
        await driver.burst("<f7>")
        assert len(driver.rows()) == 7

    info = on_deliveries(store, settings, script)
    known = [due for due in dues(info) if due.delivery]
    assert [due.kind for due in known] == [Handover.ARCHIVE] * 3


def test_taking_back_asks_first(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<delete>")
        assert "还没有登记" in driver.message
        await driver.burst("<enter>", "<f2>", "<home>", "<delete>")
        driver.on(Confirm)
        await driver.burst("<escape>")
        assert driver.rows()[0][3] == TODAY
        await driver.burst("<delete>", "<f2>")
        assert driver.rows()[0][3] == ""
        assert "已撤销" in driver.message

    info = on_deliveries(store, settings, script)
    assert not any(entered(info))


def test_a_date_that_cannot_be_stays_in_the_form(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", *["<backspace>"] * 10, "20200101", "<f2>")
        driver.on(FormScreen)
        assert "早于封存日期" in driver.message

    info = on_deliveries(store, settings, script)
    assert not any(entered(info))


def test_home_says_what_is_owed_once_something_is_sealed(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        assert not driver.app.screen.query_one("#owed").display
        await driver.burst("<f12>")
        driver.on(HomeScreen)
        assert "还没有封存" in driver.message
        Poll.update(state=polls.PollState.SEALED).execute()
        await driver.burst("<f6>", "<escape>")
        assert "待办  未反馈 3 人  未反馈第一责任人 1 个  未归档 3 份" in driver.line("owed")
        assert "F10 退出" in driver.text().split("\n")[-1]

    drive(store, settings, script)
    assert dues(info)


def test_home_without_a_round_has_no_results(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f12>")
        assert "以后才有结果" in driver.message

    drive(store, settings, script)


@pytest.mark.parametrize("size", [(40, 10), (20, 5)])
def test_no_window_is_too_small(store: Store, settings: Settings, size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "<f2>", "<f4>", "<f3>", "<f1>", "<escape>", "<delete>")
        driver.on(DeliveryScreen)

    on_deliveries(store, settings, script, size)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_shown_as_text(store: Store, settings: Settings, name: str) -> None:
    sealed_round(settings, store)
    Poll.update(unit_name=name, unit_short_name=name).execute()
    Subject.update(name=name, post=name).execute()
    Round.update(title=name + "甲").execute()
    screens = (
        (("<f12>",), ResultsScreen),
        (("<down>", "<enter>"), DeterminationForm),
        (("1", "<down>", TODAY, "<down>", "会", "<down>", "局", "<f2>"), ResultsScreen),
        (("<up>", "<delete>"), Confirm),
        (("<escape>", "<f2>"), OpinionScreen),
        (("[/b]字", "<f2>"), ResultsScreen),
        (("<f3>",), DeliveryScreen),
        (("<enter>",), FormScreen),
        (("<down>", "<down>", "2", "<f2>"), DeliveryScreen if name else FormScreen),
    )

    async def script(driver: Driver) -> None:
        for keys, screen in screens:
            await driver.burst(*keys)
            driver.on(screen)
            text = driver.text()
            assert "\x1b" not in text
            assert all(len(line) <= 80 for line in text.split("\n"))
            if name == HOSTILE[0] and screen is not Confirm:
                assert name in text

    drive(store, settings, script)


def test_read_only_forms_refuse_plainly(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    store.close()
    lock = WriterLock(store.path)
    lock.acquire()
    reader = open_store(store.path)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(DeliveryScreen(info.id, None))
        await driver.settle()
        for key in ("<enter>", "<f2>", "<delete>"):
            driver.app.screen.query_one("#message", Line).show("")
            await driver.burst(key)
            driver.on(DeliveryScreen)
            assert driver.message.startswith("只读")

    try:
        assert reader.read_only
        drive(reader, settings, script)
    finally:
        reader.close()
        lock.release()


def test_what_a_correction_made_due_again_is_told_with_what_was_before(
    store: Store, settings: Settings
) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    delivery.hand_over_alike(delivery.dues(poll), on=TODAY, way="邮寄")
    correct_one(info, store)

    async def script(driver: Driver) -> None:
        assert "更正后重办 3" in driver.line("owed")
        await driver.burst("<f12>", "<f3>")
        driver.on(DeliveryScreen)
        assert "更正后重办 3" in driver.line("round")
        assert [row[5] for row in driver.rows()].count("◐ 未签收") == 2
        assert [row[5] for row in driver.rows() if row[2] == "李一"] == [
            "◆ 更正后未送达",
            "◆ 更正后未归档",
        ]
        await driver.burst("<home>", "<down>")
        assert f"更正前 {TODAY} 邮寄，结果已更正，须重办" in driver.line("detail")

    drive(store, settings, script)
