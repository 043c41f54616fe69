"""Every way out is told on both surfaces: by its key on a screen, by its command otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.database.store import Store
from models.refusal import RefusedError, Way
from models.rounds import life
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.command import main
from tui.screens.journal import JournalScreen
from tui.words.ways import COMMAND_LINE, SCREEN


@pytest.mark.parametrize("way", Way)
def test_every_way_has_its_words(way: Way) -> None:
    for surface in (SCREEN, COMMAND_LINE):
        assert surface.way(way)
        assert not surface.way(way).endswith("。")


def test_a_refusal_without_a_way_is_its_message() -> None:
    assert SCREEN.refusal(RefusedError("不行。")) == "不行。"
    assert COMMAND_LINE.refusal(RefusedError("不行。")) == "不行。"


def test_a_backup_is_named_with_the_command_that_takes_it() -> None:
    error = RefusedError("已损坏。", Way.RESTORE, "/备份/a.db")
    assert COMMAND_LINE.refusal(error).startswith("已损坏。用 ceping restore /备份/a.db ")
    assert "F10" in SCREEN.refusal(error)
    assert "ceping restore /备份/a.db " in SCREEN.refusal(error)


def test_the_command_line_tells_the_command(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", str(store.path), "tally", "99"]) == 1
    assert capsys.readouterr().err == "没有第 99 号轮次。用 ceping rounds 列出全部轮次。\n"


def test_a_database_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["rounds"], ["backup"]):
        assert main(["--database", str(tmp_path / "none.db"), *command]) == 1
        assert "先运行 ceping 或 ceping import 建立" in capsys.readouterr().err


def test_a_screen_tells_the_key(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        screen = JournalScreen()
        await driver.app.push_screen(screen)
        await driver.settle()
        with screen.refusals():
            life.find_by_id(99)
        assert driver.message == "没有第 99 号轮次。在首页按 F2 看全部轮次。"

    drive(store, settings, script)
