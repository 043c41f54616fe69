"""平衡封存: the balance, the findings, the seal and what follows it, driven by bursts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from rich.cells import cell_len

from models.database import journal
from models.database.store import Store, writing
from models.database.tables import database
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import polls
from models.rounds.layout import SheetLayout
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollState
from models.seal import sealing
from models.seal.facts import read
from models.seal.findings import judge
from models.settings.office import Settings
from tests.models.layouts import sheet
from tests.offices import GROUPS, entry_of, only_poll, small_round, stack_of
from tests.tui.driving import Driver, drive
from tui.screens.poll.stacks import PollScreen
from tui.screens.seal.balance import SealScreen
from tui.screens.seal.correction import SealedCorrectionScreen, ballot_typed
from tui.screens.seal.paper_check import PaperCheck
from tui.widgets.forms import FormScreen
from tui.widgets.frame import Confirm, Help

TELLERS = ("监甲", "<down>", "监乙", "<down>", "计甲", "<f2>")


def keyed_round(settings: Settings, *, returned: int = 10, leave: int = 0) -> RoundInfo:
    """A round of one unit without second entry, keyed but for `leave` ballots of one stack."""
    info = small_round(
        settings, rules=RoundRules(verification=VerificationRule(every=0)), returned=returned
    )
    with writing():
        for level in Level:
            for group in GROUPS:
                entry = entry_of(info, level, group)
                short = leave if (level, group) == (Level.MEMBER, GROUPS[1]) else 0
                for n in range(returned - short):
                    entry.commit(str(1 + n % 2) * len(entry.sheet.places))
    return info


def on_seal_screen(
    store: Store,
    settings: Settings,
    info: RoundInfo,
    script: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
) -> None:
    async def begin(driver: Driver) -> None:
        await driver.app.push_screen(PollScreen(only_poll(info).id))
        await driver.burst("<f6>")
        driver.on(SealScreen)
        await script(driver)

    drive(store, settings, begin, size)


async def seal_it(driver: Driver) -> None:
    await driver.burst("<f2>", *TELLERS)
    driver.on(Confirm)
    await driver.burst("<f2>")
    driver.on(SealScreen)


def state(info: RoundInfo) -> PollState:
    return only_poll(info).state


def cells_before(line: str, text: str) -> int:
    """The columns before a text in a line."""
    return cell_len(line[: line.index(text)])


def test_a_missing_ballot_refuses_and_says_what_to_do(store: Store, settings: Settings) -> None:
    info = keyed_round(settings, leave=3)

    async def script(driver: Driver) -> None:
        rows = driver.rows("#balance")
        assert [row[8] for row in rows if row[:2] == ["班子成员", GROUPS[1]]] == ["差 3 张"]
        assert rows[-1][0] == "合计"
        assert rows[-1][8] == "不平"
        ((code, where, what),) = driver.rows("#findings")
        assert (code, where) == ("! 问题102", f"班子成员 {GROUPS[1]}")
        assert "少录 3 张" in what
        await driver.burst("<enter>")
        driver.on(Help)
        assert "办法：数一数这一批纸票" in driver.text()
        await driver.burst("<escape>", "<f2>")
        driver.on(SealScreen)
        assert driver.message.startswith("不能封存：还有 1 个问题。先办 问题102")
        assert state(info) is PollState.ENTRY

    on_seal_screen(store, settings, info, script)


def test_the_identities_of_a_row(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    entry = entry_of(info, Level.TEAM, GROUPS[0])
    entry.correct(1, "", 2, "看错")

    async def script(driver: Driver) -> None:
        await driver.burst("<left>" if driver.listing.id != "balance" else "<home>", "<enter>")
        driver.on(Help)
        shown = driver.text()
        assert "发出 10 = 收回 10 + 未收回 0" in shown
        assert "已录 10 = 有效 9 + 无效 1" in shown
        assert f"{settings.void_reasons[1]}  1 张" in shown

    on_seal_screen(store, settings, info, script)


def test_sealed_by_keyboard_and_the_digest_on_the_screen(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        assert "可以封存" in driver.message
        await driver.burst("<f2>", *TELLERS)
        driver.on(Confirm)
        question = driver.text()
        assert "收回 150 张，有效 150 张，无效 0 张" in question
        assert "先后顺序随即销毁" in question
        await driver.burst("<f2>")
        driver.on(SealScreen)
        sealed = sealing.in_force(only_poll(info).id)
        assert sealed is not None
        assert [(t.role, t.name) for t in sealed.tellers] == [
            ("监票人", "监甲"),
            ("监票人", "监乙"),
            ("计票人", "计甲"),
        ]
        groups = sealing.groups_of(sealed.digest)
        assert " ".join(groups[:8]) in driver.text()
        assert " ".join(groups[8:]) in driver.text()
        lines = driver.text().split("\n")
        (first,) = (cells_before(line, groups[0]) for line in lines if groups[0] in line)
        (second,) = (cells_before(line, groups[8]) for line in lines if groups[8] in line)
        assert first == second, "the second half stands under the first"
        assert "已封存 第 1 版" in driver.line("title")
        assert "F9 重新开封" in driver.line("hints")
        await driver.burst("<f2>")
        assert "已经封存" in driver.message

    on_seal_screen(store, settings, info, script)
    assert state(info) is PollState.SEALED


def test_no_seal_without_names_or_without_a_yes(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "监甲", "<f2>")
        driver.on(FormScreen)
        assert "计票人 1：不能为空" in driver.message
        await driver.burst("<escape>", "<f2>")
        driver.on(SealScreen)
        await driver.burst("<f2>", *TELLERS, "<escape>")
        driver.on(SealScreen)
        assert not sealing.seals(only_poll(info).id)

    on_seal_screen(store, settings, info, script)
    assert state(info) is PollState.ENTRY


def test_what_was_found_meanwhile_still_refuses(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", *TELLERS)
        with writing():
            database.execute_sql("UPDATE count SET n = n + 1 WHERE place = 0")
        await driver.burst("<f2>")
        driver.on(SealScreen)
        assert "问题109" in driver.text()
        assert state(info) is PollState.ENTRY

    on_seal_screen(store, settings, info, script)


def typed_from(driver: Driver, digest: str) -> list[str]:
    """The groups that the check asks for, from the paper, in the form's order."""
    groups = sealing.groups_of(digest)
    return [groups[int(key)] for key in driver.fields()]


def test_the_paper_is_held_against_the_seal(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>")
        assert "封存以后才有" in driver.message
        await seal_it(driver)
        sealed = sealing.in_force(only_poll(info).id)
        assert sealed is not None
        await driver.burst("<f3>")
        driver.on(PaperCheck)
        first, second = typed_from(driver, sealed.digest)
        lines = driver.line("lines").split()
        assert lines.count("____") == 2
        assert len(lines) == 16
        await driver.burst(first, "<down>", "zzzz", "<f2>")
        driver.on(PaperCheck)
        assert driver.message
        await driver.burst(*["<backspace>"] * 4, second, "<f2>")
        driver.on(SealScreen)
        assert "一致" in driver.message
        assert journal.entries(1)[0].act == "核对纸质报告单"

    on_seal_screen(store, settings, info, script)


async def reopen_it(driver: Driver) -> None:
    await driver.burst("<f9>", "原件复查", "<down>", "批甲", "<down>", "批乙", "<f2>")
    driver.on(Confirm)
    await driver.burst("<f2>")
    driver.on(SealScreen)


def test_reopened_corrected_and_sealed_again(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    stack = stack_of(info, Level.TEAM, GROUPS[0])
    size = len(entry_of(info, Level.TEAM, GROUPS[0]).sheet.places)

    async def script(driver: Driver) -> None:
        await driver.burst("<f9>")
        assert "没有封存" in driver.message
        await driver.burst("<f4>")
        assert "还没有封存" in driver.message
        await seal_it(driver)
        first = sealing.in_force(only_poll(info).id)
        assert first is not None
        await driver.burst("<f4>")
        assert "先按 F9 重新开封" in driver.message
        await reopen_it(driver)
        assert "重新开封" in driver.line("title")
        assert "批甲、批乙：原件复查" in driver.text()
        assert sealing.groups_of(first.digest)[0] in driver.text()
        await driver.burst("<f4>")
        driver.on(SealedCorrectionScreen)
        await driver.burst("<enter>", "1" * size, "<down>", "2" * size, "<down>", "2", "<f2>")
        assert "再录一遍" in driver.line("title")
        await driver.burst("2" * size, "<enter>")
        driver.on(Confirm)
        assert settings.correction_reasons[1] in driver.text()
        await driver.burst("<f2>")
        driver.on(SealedCorrectionScreen)
        assert "已更正" in driver.message
        await driver.burst("<escape>", "<f2>")
        assert list(driver.fields().values())[:3] == ["监甲", "监乙", "计甲"]
        await driver.burst("<f2>", "<f2>")
        driver.on(SealScreen)
        second = sealing.in_force(only_poll(info).id)
        assert second is not None
        assert second.version == 2
        assert second.digest != first.digest
        assert "第 2 版" in driver.text()

    on_seal_screen(store, settings, info, script, (120, 40))
    counted = dict(
        database.execute_sql(
            "SELECT mark, n FROM count WHERE sheet_id = ? AND group_id = ? AND place = 0",
            (stack.sheet_id, stack.group.id),
        ).fetchall()
    )
    assert counted == {"1": 4, "2": 6}


def test_a_correction_that_finds_no_such_ballot(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    size = len(entry_of(info, Level.TEAM, GROUPS[0]).sheet.places)

    async def script(driver: Driver) -> None:
        await seal_it(driver)
        await reopen_it(driver)
        await driver.burst("<f4>", "<enter>", "<down>", "<down>", "<f2>")
        driver.on(FormScreen)
        assert "没有可改的" in driver.message
        await driver.burst("<up>", "<up>", "3" * size, "<f2>")
        await driver.burst("3" * size, "<enter>", "<f2>")
        driver.on(SealedCorrectionScreen)
        assert driver.message
        assert "已更正" not in driver.message

    on_seal_screen(store, settings, info, script)
    poll = only_poll(info)
    assert [each for each in judge(read(poll.id)) if each.blocking] == []


FORM = sheet(subjects=2, items=2, grades=4)


@pytest.mark.parametrize(
    ("text", "marks", "void"),
    [
        ("123*01", "123*01", 0),
        ("１２３＊０１", "123*01", 0),
        ("123 ×01", "123*01", 0),
        ("/2", "", 2),
        ("、2", "", 2),
    ],
)
def test_a_ballot_typed_on_one_line(text: str, marks: str, void: int) -> None:
    ballot = ballot_typed(text, FORM, 4, "原票")
    assert ballot is not None
    assert (ballot.marks, ballot.void_reason) == (marks, void)
    assert ballot_typed("  ", FORM, 4, "原票") is None


@pytest.mark.parametrize("text", ["12345", "12345x", "1111115", "555555", "/", "/5", "/x", "1/2"])
def test_what_is_no_ballot_of_the_sheet(text: str) -> None:
    form: SheetLayout = FORM
    with pytest.raises(RefusedError, match=r"^新票："):
        ballot_typed(text, form, 4, "新票")


def test_the_list_of_the_round_says_what_is_next(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)

    async def script(driver: Driver) -> None:
        assert driver.rows()[0][4:] == ["不要求", "◆ 封存"]

    drive(store, settings, script)
    assert polls.polls(info.id)
