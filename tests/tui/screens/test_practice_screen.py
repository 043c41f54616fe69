"""练习: the pad as ever, what was keyed otherwise than on the paper, and a database untouched."""

from __future__ import annotations

import hashlib

import pytest

from models.database.store import Store
from models.entry.ballot import Ballot
from models.entry.practice import BALLOTS, differing, made_up
from models.regulation.levels import GradeScale, Level
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import life, polls
from models.rounds.contents import draft_contents
from models.rounds.layout import SheetLayout, layout
from models.rounds.plan import RoundInfo
from models.rounds.subjects import subjects
from models.settings.office import Settings
from tests.offices import small_plan, small_round, small_unit
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.practice import PracticePad, PracticeScreen, paper_text
from tui.widgets.frame import Help


def digests(store: Store) -> dict[str, str]:
    """Every file of the database as it is on the disk; what only serves readers apart."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in store.path.parent.glob(f"{store.path.name}*")
        if not path.name.endswith(("-shm", ".lock"))
    }


def as_keyed(ballot: Ballot) -> list[str]:
    if ballot.void_reason:
        return ["/", str(ballot.void_reason), "<enter>"]
    return [ballot.marks, "<enter>"]


def draft(settings: Settings) -> RoundInfo:
    round_id = life.create(small_plan())
    polls.add_polls(round_id, [small_unit()])
    return life.find_by_id(round_id)


@pytest.mark.parametrize("drafted", [True, False])
def test_a_practice_tells_what_differs_and_stores_nothing(
    store: Store, settings: Settings, drafted: bool
) -> None:
    if drafted:
        draft(settings)
    else:
        small_round(settings, rules=RoundRules(verification=VerificationRule(every=0)))

    async def script(driver: Driver) -> None:
        before = digests(store)
        driver.on(HomeScreen)
        await driver.burst("*")
        driver.on(PracticeScreen)
        assert driver.rows()[2][0] == "班子成员票"
        await driver.burst("<down>", "<down>", "<enter>")
        pad = driver.on(PracticePad)
        for number, ballot in enumerate(pad._paper, 1):
            assert driver.text().count("练习 不存") == 2
            assert f"纸票 {number}：" in driver.text()
            marks = ballot.marks
            if number == 3 and marks:
                # One slip: the last mark another grade than on the paper.
                marks = marks[:-1] + ("1" if marks[-1] != "1" else "2")
            if number == 3 and not marks:
                await driver.burst("1", "+", "<enter>")
            else:
                await driver.burst(*as_keyed(Ballot(marks, ballot.void_reason)))
            told = "有 1 处不同" if number == 3 else "与纸票一致"
            assert f"第 {number} 票{told}" in driver.text()
            assert digests(store) == before
        await driver.burst("<f2>")
        driver.on(Help)
        assert f"本次录 {BALLOTS} 张" in driver.text()
        assert "与纸票不同 1 处" in driver.text()
        assert "第 3 票" in driver.text()
        await driver.burst("<escape>", "<escape>")
        driver.on(HomeScreen)
        assert digests(store) == before

    drive(store, settings, script)


def test_looking_back_correcting_and_half_a_ballot_store_nothing(
    store: Store, settings: Settings
) -> None:
    small_round(settings)

    async def script(driver: Driver) -> None:
        before = digests(store)
        await driver.burst("*", "<f2>")
        driver.on(PracticePad)
        assert "纸票" not in driver.text()
        await driver.burst("1", "+", "<enter>", "2", "+", "<enter>", "1", "1")
        await driver.burst("<pageup>", "1", "<enter>", "1")
        assert "已更正" in driver.text()
        await driver.burst("<pageup>", "<delete>", "1")
        assert digests(store) == before
        await driver.burst("<escape>")
        driver.on(Help)
        assert "本次录 1 张" in driver.text()
        assert "与纸票" not in driver.text()

    drive(store, settings, script)


@pytest.fixture
def sheet(store: Store, settings: Settings) -> SheetLayout:
    info = draft(settings)
    (poll,) = polls.polls(info.id)
    content = draft_contents(info, settings)[Level.MEMBER]
    return layout(content, info.rules.sheet, subjects(poll.id)[Level.MEMBER])


def test_made_up_paper_fits_its_form_and_can_be_made_again(sheet: SheetLayout) -> None:
    for seed in range(200):
        paper = made_up(sheet, 4, seed)
        assert paper == made_up(sheet, 4, seed)
        assert len(paper) == BALLOTS
        assert sum(bool(ballot.void_reason) for ballot in paper) == 1
        assert all(ballot.void_reason or sheet.fits(ballot.marks) for ballot in paper)


def test_paper_is_told_apart_by_its_signs(sheet: SheetLayout) -> None:
    marks = "123401234*"
    text = paper_text(sheet, Ballot(marks), ("甲",))
    assert text == "李一 优称基不空  李二 优称基不多"
    assert paper_text(sheet, Ballot("", 1), ("甲",)) == "整票作废：甲"
    scale = GradeScale(("满意", "满意甲"), ("满意", "满甲"))
    own = SheetLayout(sheet.level, "", scale, (), True, sheet.subjects[:1])
    assert paper_text(own, Ballot("2"), ()) == "李一 满意甲"


def test_void_and_valid_are_no_places() -> None:
    assert differing(Ballot("12"), Ballot("12")) == []
    assert differing(Ballot("12"), Ballot("02")) == [0]
    assert differing(Ballot("12"), Ballot("", 1)) is None
    assert differing(Ballot("", 2), Ballot("", 1)) is None
    assert differing(Ballot("", 2), Ballot("", 2)) == []
