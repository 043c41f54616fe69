"""结果: grades that people fixed, opinions, what was handed over, driven by bursts."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable

import pytest

from models.database.lock import WriterLock
from models.database.store import Store, open_store
from models.database.tables import Poll
from models.regulation.levels import Level
from models.regulation.rules import Comparator, RoundRules, SheetLines, TrustRule, VerificationRule
from models.results import determination, opinions
from models.rounds import life, polls
from models.rounds.subjects import subjects
from models.seal import sealing
from models.settings.office import Settings
from tests.exports.small import Team, key_all, make_round, seal_all
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, keyed_round, sealed_round
from tests.tui.driving import Driver, drive
from tui.screens.poll.stacks import PollScreen
from tui.screens.results.determination import DeterminationForm
from tui.screens.results.opinions import OpinionScreen
from tui.screens.results.poll_results import ResultsScreen
from tui.widgets.frame import Confirm, Line

TODAY = datetime.date.today().isoformat()
MEETING = (TODAY.replace("-", ""), "<down>", "党组第3次会议", "<down>", "某局党组")


def on_results(
    store: Store,
    settings: Settings,
    script: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
) -> int:
    """Run `script` on the results of a sealed poll; the poll's id."""
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)

    async def begin(driver: Driver) -> None:
        await driver.app.push_screen(PollScreen(poll.id))
        await driver.burst("<f9>")
        driver.on(ResultsScreen)
        await script(driver)

    drive(store, settings, begin, size)
    return poll.id


def test_every_subject_with_votes_and_nothing_decided(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        rows = driver.rows()
        assert [row[0] for row in rows[:4]] == ["领导班子", "正职", "班子成员", "班子成员"]
        assert [row[1] for row in rows[1:4]] == ["王正", "李一", "李二"]
        assert all(row[3].startswith(("优秀合格", "优秀称职", "好中")) for row in rows)
        assert all(row[4:] == ["未设定", "", ""] for row in rows)
        assert "未设定信任票标准，未作比对" in driver.line("detail")
        assert "等次：未登记" in driver.line("detail")

    on_results(store, settings, script)


def test_a_poll_that_is_not_sealed_says_what_to_do(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(PollScreen(only_poll(info).id))
        await driver.burst("<f9>")
        driver.on(PollScreen)
        assert "还没有封存" in driver.message
        assert "F6" in driver.message

    drive(store, settings, script)


def test_one_meeting_fixes_the_grades_of_all(store: Store, settings: Settings) -> None:
    """The first form in full; then one digit a subject, as fast as they can be typed."""

    async def script(driver: Driver) -> None:
        count = len(driver.rows())
        rest = ("<enter>", "2", "<f2>") * (count - 1)
        await driver.burst("<enter>", "1", "<down>", *MEETING, "<f2>", *rest)
        driver.on(ResultsScreen)
        assert [row[5] for row in driver.rows()][:2] == ["优秀", "称职"]
        assert f"已登记等次 {count}/{count}" in driver.line("round")

    poll_id = on_results(store, settings, script)
    known = determination.determinations(poll_id)
    everyone = [each for of in subjects(poll_id).values() for each in of]
    assert set(known) == {each.id for each in everyone}
    assert {(each.on, each.meeting, each.by) for each in known.values()} == {
        (TODAY, "党组第3次会议", "某局党组")
    }


def test_a_grade_is_never_proposed(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "1", "<down>", *MEETING, "<f2>", "<enter>")
        assert driver.fields()["grade"] == ""
        assert driver.fields()["meeting"] == "党组第3次会议"
        await driver.burst("<f2>")
        driver.on(DeterminationForm)
        assert "等次：不能为空" in driver.message

    on_results(store, settings, script)


def test_what_the_model_refuses_stays_in_the_form(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "1", "<down>", "29991231", "<down>", "会", "<down>", "局")
        await driver.burst("<f2>")
        driver.on(DeterminationForm)
        assert "还没有到" in driver.message

    poll_id = on_results(store, settings, script)
    assert not determination.determinations(poll_id)


def test_replacing_and_withdrawing_ask_first(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "1", "<down>", *MEETING, "<f2>", "<up>", "<enter>", "2")
        await driver.burst("<f2>")
        driver.on(Confirm)
        assert "原登记  优秀" in driver.text()
        await driver.burst("<escape>")
        driver.on(DeterminationForm)
        await driver.burst("<f2>", "<f2>")
        driver.on(ResultsScreen)
        assert driver.rows()[0][5] == "合格"
        await driver.burst("<home>", "<delete>")
        driver.on(Confirm)
        await driver.burst("<f2>")
        assert driver.rows()[0][5] == ""
        assert "已撤销" in driver.message
        await driver.burst("<delete>")
        assert "没有登记等次" in driver.message

    poll_id = on_results(store, settings, script)
    assert not determination.determinations(poll_id)


def test_a_grade_on_an_earlier_seal_has_to_be_confirmed(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    first = subjects(poll.id)[min(subjects(poll.id))][0]
    determination.determine(first.id, "优秀", on=TODAY, meeting="会", by="局")
    sealing.reopen(poll.id, "复查", TWO)
    sealing.seal(poll.id, TELLERS, store)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(poll.id))
        await driver.settle()
        assert driver.rows()[0][5] == "需重新确认"
        assert "等次：优秀" in driver.line("detail")
        assert "需重新确认 1" in driver.line("round")
        await driver.burst("<enter>", "<f2>")
        driver.on(Confirm)
        assert "按以前的封存所定" in driver.text()
        await driver.burst("<f2>")
        assert driver.rows()[0][5] == "优秀"

    drive(store, settings, script)


def test_opinions_in_the_offices_own_words(store: Store, settings: Settings) -> None:
    text = "工作细致，建议多下基层。" * 5

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", text, "<home>", "，", "<f2>")
        driver.on(ResultsScreen)
        assert driver.rows()[0][6] == f"{len(text) + 1}字"
        await driver.burst("<f2>")
        driver.on(OpinionScreen)
        assert "不照抄票上的原话" in driver.text()
        await driver.burst("又", "<escape>")
        driver.on(Confirm)
        await driver.burst("<escape>", *["<backspace>"] * 100, *["<delete>"] * 100, "<f2>")
        driver.on(ResultsScreen)
        assert driver.rows()[0][6] == ""

    poll_id = on_results(store, settings, script)
    assert not opinions.opinions(poll_id)


def test_nothing_saved_over_nothing_takes_nothing_away(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f2>")
        driver.on(ResultsScreen)
        assert driver.message.startswith("没有写意见归纳")
        await driver.burst("<f2>", "好", "<escape>")
        assert "F2 放弃改动" in driver.text()

    on_results(store, settings, script)


def test_an_opinion_ends_where_it_is_full(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "字" * (opinions.LONGEST + 3))
        assert "已满" in driver.message
        await driver.burst("<f2>")
        driver.on(ResultsScreen)

    poll_id = on_results(store, settings, script)
    assert [len(text) for text in opinions.opinions(poll_id).values()] == [opinions.LONGEST]


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5)])
def test_no_window_is_too_small(store: Store, settings: Settings, size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<enter>", "1", "<down>", *MEETING, "<f2>", "<f2>", "字" * 90, "<f2>")
        await driver.burst("<f1>", "<escape>", "<down>", "<delete>")
        driver.on(ResultsScreen)

    on_results(store, settings, script, size)


def test_read_only_forms_refuse_plainly(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    store.close()
    lock = WriterLock(store.path)
    lock.acquire()
    reader = open_store(store.path)
    assert reader.read_only

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(poll.id))
        await driver.settle()
        for key in ("<enter>", "<f2>", "<delete>"):
            driver.app.screen.query_one("#message", Line).show("")
            await driver.burst(key)
            driver.on(ResultsScreen)
            assert driver.message.startswith("只读")
            assert driver.message.endswith("要接管，回首页按 F9")

    try:
        drive(reader, settings, script)
    finally:
        reader.close()
        lock.release()


def test_a_closed_round_refuses_before_anything_is_typed(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    life.close_round(info.id)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(only_poll(info).id))
        await driver.settle()
        for key, said in (("<enter>", "轮次已办结"), ("<f2>", "轮次不在进行中")):
            await driver.burst(key)
            driver.on(ResultsScreen)
            assert said in driver.message

    drive(store, settings, script)


def test_sheets_without_an_overall_line(store: Store, settings: Settings) -> None:
    rules = RoundRules(verification=VerificationRule(every=0), sheet=SheetLines.ITEMS)
    info = make_round(settings, rules=rules)
    key_all(info)
    seal_all(info)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(only_poll(info).id))
        await driver.settle()
        assert {row[3] for row in driver.rows()} == {"逐项（看F4）"}
        await driver.burst("<f4>", "<escape>")
        driver.on(ResultsScreen)

    drive(store, settings, script)


@pytest.mark.parametrize(
    ("grades", "shown"),
    [(("优秀",), "未达到"), (("优秀", "称职", "基本称职", "不称职"), "达到")],
)
def test_the_trust_rule_is_a_prompt(
    store: Store, settings: Settings, grades: tuple[str, ...], shown: str
) -> None:
    rule = TrustRule(grades, Comparator.AT_LEAST, 1, 1)
    rules = RoundRules(verification=VerificationRule(every=0), trust={Level.CHIEF: rule})
    info = make_round(settings, rules=rules)
    key_all(info)
    seal_all(info)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(only_poll(info).id))
        await driver.settle()
        assert [row[4] for row in driver.rows()[:3]] == ["未设定", shown, "未设定"]
        await driver.burst("<home>", "<down>")
        assert f"，{shown}标准" in driver.line("detail")

    drive(store, settings, script)


def test_left_and_right_go_to_the_other_sealed_units(store: Store, settings: Settings) -> None:
    teams = [Team(f"{name}县工商行政管理局", f"{name}县局") for name in "甲乙丙"]
    info = make_round(settings, teams=teams)
    key_all(info)
    seal_all(info)
    first, second, third = polls.polls(info.id)
    Poll.update(state=polls.PollState.ENTRY).where(Poll.id == second.id).execute()

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(first.id))
        await driver.settle()
        for key, unit in (("<right>", "丙"), ("<right>", "甲"), ("<left>", "丙")):
            await driver.burst(key)
            assert unit in driver.line("title")
        await driver.burst("<enter>", "1", "<down>", *MEETING, "<f2>", "<f2>", "好。", "<f2>")

    drive(store, settings, script)
    assert len(determination.determinations(third.id)) == 1
    assert len(opinions.opinions(third.id)) == 1
    assert not determination.determinations(first.id)
