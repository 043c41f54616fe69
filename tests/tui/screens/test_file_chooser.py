"""选文件: what a folder holds, newest first, chosen with the arrows or by typing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.database.store import Store
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.screens.roster.import_plan import RosterImportScreen
from tui.screens.roster.people import RosterScreen
from tui.widgets import folder
from tui.widgets.file_chooser import FileChooser

TEXT = "单位名称\n甲局\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that one is in, with three files, the oldest first, and a folder."""
    where = tmp_path / "桌面"
    (where / "往年").mkdir(parents=True)
    for number, name in enumerate(("花名册.csv", "名单-甲.csv", "名单-乙.csv", "照片.png")):
        (where / name).write_text(TEXT, encoding="utf-8")
        os.utime(where / name, (number, number))
    (where / "往年" / "旧名册.csv").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(where)
    return where


def names(driver: Driver) -> list[str]:
    return [row[0] for row in driver.rows()]


def test_files_stand_newest_first_and_enter_takes_the_one_under_the_cursor(
    store: Store, settings: Settings, desk: Path
) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("f3", "f5")
        driver.on(FileChooser)
        assert names(driver) == ["..  上一级", "名单-乙.csv", "名单-甲.csv", "花名册.csv", "往年/"]
        await driver.keys("down", "enter")
        driver.on(RosterImportScreen)
        assert "名单-甲.csv" in driver.line("title")

    drive(store, settings, script)
    assert folder.remembered() == desk


def test_what_is_typed_finds_completes_and_replaces_the_path_of_before(
    store: Store, settings: Settings, desk: Path
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", "hmc", "<enter>")
        driver.on(RosterImportScreen)
        assert "花名册.csv" in driver.line("title")
        await driver.keys("escape", "f5")
        assert str(desk / "花名册.csv") in driver.line("path")
        await driver.burst("名", "<tab>")
        assert driver.line("path") == "文件：名单-_"
        await driver.burst("甲", "<tab>", "<enter>")
        driver.on(RosterImportScreen)
        assert "名单-甲.csv" in driver.line("title")
        await driver.keys("escape", "f5", "x", "escape")
        driver.on(RosterScreen)

    drive(store, settings, script)


def test_folders_are_opened(store: Store, settings: Settings, desk: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", "往")
        assert driver.message == "1 个文件夹"
        await driver.keys("enter")
        driver.on(FileChooser)
        assert names(driver) == ["..  上一级", "旧名册.csv"]
        await driver.burst("<up>", "<enter>")
        assert "花名册.csv" in names(driver)
        await driver.burst("nothing", "<enter>")
        driver.on(FileChooser)
        assert "没有文件" in driver.message

    drive(store, settings, script)
    assert desk.is_dir()
