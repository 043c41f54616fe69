"""Keys delivered all at once, as a slow line does, reach the right place in the right order."""

import shutil
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.recount import examination
from models.rounds import life, polls
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack, stacks
from models.settings.office import Settings
from tests.offices import lines_of
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.poll.keying_pad import FirstPad
from tui.screens.poll.stacks import PaperScreen, PollScreen
from tui.widgets.stack_panel import StackPanel

UNIT, LEVEL, GROUP = "城关区工商行政管理局", "领导班子", "班子成员"


@pytest.fixture
def office(sample_office: Path, tmp_path: Path) -> Store:
    opened = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    yield opened
    opened.close()


def first_poll() -> PollInfo:
    return polls.polls(life.rounds()[0].id)[0]


def first_stack() -> Stack:
    return stacks(first_poll().id)[0]


def keys_of(lines: list[str]) -> list[str]:
    """Parts of a burst: each line, then Enter."""
    return [part for line in lines for part in (line, "<enter>")]


def stored(store: Store) -> list[str]:
    from models.database.tables import BallotRow

    rows = (
        BallotRow.select()
        .where(BallotRow.batch == first_stack().stack_id)
        .order_by(BallotRow.position)
    )
    return [f"/{row.void_reason}" if row.void_reason else row.marks for row in rows]


def test_the_sample_opens_on_the_stack_these_tests_mean(office: Store) -> None:
    assert first_poll().unit_name == UNIT
    assert first_stack().group.name == GROUP


def test_a_stack_in_one_burst(office: Store, settings: Settings) -> None:
    lines = lines_of(UNIT, LEVEL, GROUP)

    async def script(driver: Driver) -> None:
        await driver.keys("enter", "enter")
        driver.on(FirstPad)
        await driver.burst(*keys_of(lines))
        assert f"第 {len(lines)} 票已存" in driver.text()

    drive(office, settings, script)
    assert stored(office) == lines
    assert examination.differences(office.path) == []


@pytest.mark.parametrize("enter", ["<enter>", "<ctrl+j>"])
def test_from_home_to_the_first_ballots_in_one_burst(
    office: Store, settings: Settings, enter: str
) -> None:
    """Two screens open while the keys for the last one are already there."""
    lines = lines_of(UNIT, LEVEL, GROUP)

    async def script(driver: Driver) -> None:
        driver.on(HomeScreen)
        parts = [enter if part == "<enter>" else part for part in keys_of(lines)]
        await driver.burst(enter, enter, *parts)
        driver.on(FirstPad)

    drive(office, settings, script)
    assert stored(office) == lines


def test_ballots_then_out_and_into_the_next_stack_in_one_burst(
    office: Store, settings: Settings
) -> None:
    lines = lines_of(UNIT, LEVEL, GROUP)
    following = lines_of(UNIT, LEVEL, "中层干部")

    async def script(driver: Driver) -> None:
        await driver.burst(
            "<right>", "<enter>", *keys_of(lines), "<escape>", "<down>", "<enter>",
            *keys_of(following),
        )  # fmt: skip
        driver.on(FirstPad)

    drive(office, settings, script)
    first, second = stacks(first_poll().id)[:2]
    assert (first.balance.entered, second.balance.entered) == (len(lines), len(following))
    assert examination.differences(office.path) == []


def test_a_paste_on_the_pad_enters_nothing(office: Store, settings: Settings) -> None:
    from textual import events

    async def script(driver: Driver) -> None:
        await driver.keys("enter", "enter")
        driver.app.post_message(events.Paste("11111111\n"))
        await driver.settle()
        assert "录票不接受粘贴" in driver.text()

    drive(office, settings, script)
    assert stored(office) == []


def test_a_form_in_one_burst(office: Store, settings: Settings) -> None:
    """Separate input widgets scatter such a burst: digits of one field end up in another."""

    async def script(driver: Driver) -> None:
        clear = ["<backspace>"] * 12
        await driver.burst(
            "<right>", "<f3>", *clear, "20261106", "<enter>", *clear, "四楼会议室", "<enter>",
            *clear, "58", "<enter>", *clear, "57", "<f2>",
        )  # fmt: skip
        driver.on(PollScreen)

    drive(office, settings, script)
    poll = first_poll()
    assert (poll.date, poll.place, poll.expected, poll.present) == (
        "2026-11-06",
        "四楼会议室",
        58,
        57,
    )


def test_full_width_digits_in_a_form(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        clear = ["<backspace>"] * 12
        await driver.burst("<right>", "<f3>", *clear, "２０２６１１０７", "<f2>")

    drive(office, settings, script)
    assert first_poll().date == "2026-11-07"


def test_the_paper_grid_in_one_burst(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        parts = [
            part for n in (9, 18, 29, 11) for part in (str(n), "<enter>", str(n - 1), "<enter>")
        ]
        await driver.burst("<right>", "<f2>", *parts, "<up>", "+", "<f2>")
        driver.on(PollScreen)

    drive(office, settings, script)
    assert [(stack.issued, stack.returned) for stack in stacks(first_poll().id)] == [
        (9, 8),
        (18, 17),
        (29, 28),
        (11, 10),
    ] * 5


def test_more_paper_back_than_out_stays_on_the_screen(office: Store, settings: Settings) -> None:
    before = [(stack.issued, stack.returned) for stack in stacks(first_poll().id)]

    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<f2>", "3", "<enter>", "4", "<f2>")
        driver.on(PaperScreen)
        assert "收回 4 张多于发出 3 张" in driver.message

    drive(office, settings, script)
    assert [(stack.issued, stack.returned) for stack in stacks(first_poll().id)] == before


def test_a_key_that_means_nothing_is_told_where_the_pad_speaks(
    office: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<enter>", "<f11>")
        assert driver.line("statement") == "这个键在录票时没有用处"
        assert driver.message == "", "nothing stays there when the next mark comes"

    drive(office, settings, script)


def test_grades_beside_the_pad_are_whole_words(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<enter>")
        panel = driver.app.screen.query_one(StackPanel)
        drawn = "\n".join(panel.render_line(y).text for y in range(panel.size.height))
        assert "不合格  " in drawn
        assert "不合格0" in drawn

    drive(office, settings, script)


def test_what_cannot_be_removed_is_not_asked_about(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<home>", "<delete>")
        driver.on(PollScreen)
        assert "至少保留一批" in driver.message

    drive(office, settings, script)
