"""Names that would be markup, control sequences, formulas or paths are shown as plain text."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.database.tables import Poll, Round, Subject, VoterGroup, database
from models.rounds import life, paper, polls
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.offices import key_everything
from tests.tui.driving import Driver, drive

HOSTILE = [
    "张三[/b]",
    "[bold red]李四",
    "[link=file:///etc/passwd]王五[/link]",
    "[@click=app.quit]赵六[/]",
    "\x1b[31m红\x1b[2J",
    "换\n行\t格\r",
    '=HYPERLINK("http://x")',
    "../../钱七",
    "\u202e反转\u202c",
    "$name {name} %s",
    "长" * 120,
    "",
]


@pytest.fixture
def office(sample_office: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The sample office, every name in it replaced past the program."""
    name: str = request.param
    opened = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    with database.atomic():
        Poll.update(unit_name=name, unit_short_name=name, place=name).execute()
        Subject.update(name=name, post=name).execute()
        Round.update(title=name or "轮次").execute()
        first = VoterGroup.select().order_by(VoterGroup.id).first()
        VoterGroup.update(name=name).where(VoterGroup.id == first.id).execute()
    yield opened
    opened.close()


@pytest.mark.parametrize("office", HOSTILE, indirect=True, ids=range(len(HOSTILE)))
def test_every_screen_of_a_poll_shows_it_as_text(office: Store, settings: Settings) -> None:
    name = Poll.get().unit_name
    visible = next(
        (part for part in ("张三[/b]", "[bold red]李四", "../../钱七") if part in name), ""
    )

    async def script(driver: Driver) -> None:
        for keys in (
            (),  # home
            ("right",),  # poll
            ("f2",),  # paper
            ("escape", "f3"),  # details
            ("escape", "enter"),  # entry
            ("1", "2", "left", "right", "pageup", "f1"),  # its help
            ("escape", "slash", "minus", "escape", "f4"),  # tally
            ("enter", "f6", "right", "down"),
        ):
            await driver.keys(*keys)
            text = driver.text()
            assert "\x1b" not in text
            assert "\u202e" not in text
            if visible:
                assert visible in text or keys == ("1", "2", "left", "right", "pageup", "f1")
            assert all(len(line) <= 80 for line in text.split("\n"))

    drive(office, settings, script)


@pytest.mark.parametrize("office", HOSTILE[:4], indirect=True, ids=range(4))
def test_a_refusal_with_such_a_name_is_shown(office: Store, settings: Settings) -> None:
    poll = polls.polls(life.rounds()[0].id)[0]
    batch = stacks(poll.id)[0].stack_id
    with pytest.raises(paper.RefusedError) as refused:
        paper.record_counts(poll.id, {batch: (1, 2)})
    words = str(refused.value)

    async def script(driver: Driver) -> None:
        await driver.burst("<right>", "<f2>", "1", "<enter>", "2", "<f2>")
        assert words[:10] in driver.message

    drive(office, settings, script)


def test_a_counted_office_with_such_names_still_tallies(
    sample_office: Path, tmp_path: Path, settings: Settings
) -> None:
    opened = open_store(Path(shutil.copy(sample_office, tmp_path / "ceping.db")))
    try:
        key_everything(life.rounds()[0].id)
        Subject.update(name="张三[/b]").execute()

        async def script(driver: Driver) -> None:
            await driver.keys("f4")
            assert "计票中" in driver.text()
            await driver.keys("right", "enter", "f6", "f6")
            assert "张三[/b]" in driver.text()

        drive(opened, settings, script)
    finally:
        opened.close()
