"""导入名册: what was understood of a file, changed by keys before anything is written."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from models.database.store import Store
from models.imports import roster_import
from models.roster.cadres import all_cadres
from models.settings.office import Settings
from tests.models.imports.test_layouts import HEAD, UNITS, Page, written
from tests.tui.driving import Driver, drive
from tui.screens.roster.import_plan import RosterImportScreen
from tui.screens.roster.people import RosterScreen
from tui.screens.roster.reading import ReadingScreen


@pytest.fixture
def offices(store: Store, tmp_path: Path) -> Store:
    path = tmp_path / "单位.csv"
    path.write_text(UNITS, encoding="utf-8")
    roster_import.apply(roster_import.plan(path), store)
    return store


def test_what_is_added_stands_in_the_list_and_in_full_below(
    offices: Store, settings: Settings, tmp_path: Path
) -> None:
    path = written(tmp_path / "名单.xlsx", (Page(f"{HEAD}\n祁连山|东岭县局|局长|正职"),))

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(path), "<enter>")
        driver.on(RosterImportScreen)
        assert driver.rows() == [["新增", "人员", "2", "人员", "祁连山", "东岭县工商行政管理局"]]
        assert "“人员”人员，表头第 1 行，1 行" in driver.line("figures")
        await driver.keys("f2")
        driver.on(RosterScreen)

    drive(offices, settings, script)
    assert [row.name for row in all_cadres()] == ["祁连山"]


def test_worksheets_heads_and_columns_are_changed_by_keys(
    offices: Store, settings: Settings, tmp_path: Path
) -> None:
    pages = (
        Page(f"{HEAD}\n吴多|西谷县局|局长|正职\n姓名|部门|现职|角色\n祁连山|东岭县局|局长|正职"),
        Page(f"{HEAD}\n钱多|东岭县局|副局长|成员", name="去年", state="hidden"),
    )
    path = written(tmp_path / "名单.xlsx", pages)

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(path), "<enter>")
        await driver.keys("f3")
        driver.on(ReadingScreen)
        assert [row[0] for row in driver.rows()][-1] == "去年（隐藏）"
        await driver.keys("right", "right")
        assert driver.rows()[0][1:3] == ["第 3 行", "人员 1 行"]
        labels = [row[2] for row in driver.rows()]
        assert labels[1:5] == ["姓名", "不读", "不读", "班子角色"]
        await driver.keys("down", "down")
        while driver.rows()[2][2] != "单位":
            await driver.keys("left")
        await driver.keys("end", "space")
        assert driver.rows()[5][2] == "人员 1 行"
        await driver.keys("f2")
        driver.on(RosterImportScreen)
        assert {row[4] for row in driver.rows() if row[0] == "新增"} == {"祁连山", "钱多"}
        assert not all_cadres()

    drive(offices, settings, script)


def test_names_asked_about_are_said_to_be_right_and_the_list_is_written(
    offices: Store, settings: Settings, tmp_path: Path
) -> None:
    rows = f"{HEAD}\n祁连山（大）|东岭县局|局长|正职\n=1+1|南山县局|局长|正职"
    path = written(tmp_path / "名单.xlsx", (Page(rows),))

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(path), "<enter>")
        assert [row[0] for row in driver.rows()][:2] == ["请核对", "拒绝"]
        await driver.keys("f5")
        assert "名单 须改正.xlsx" in driver.message
        await driver.keys("f6")
        assert [row[0] for row in driver.rows()] == ["拒绝", "提示", "新增"]

    drive(offices, settings, script)
    sheet = openpyxl.load_workbook(tmp_path / "名单 须改正.xlsx").worksheets[0]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:5] for row in found[:2]] == [
        ["请核对", "人员", 2, "姓名", "祁连山（大）"],
        ["拒绝", "人员", 3, "单位", "南山县局"],
    ]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_a_file_without_a_head_can_be_told_what_is_what(
    offices: Store, settings: Settings, tmp_path: Path
) -> None:
    path = written(tmp_path / "名单.xlsx", (Page("甲|乙|丙|丁\n祁连山|东岭县局|局长|正职"),))

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(path), "<enter>")
        assert "没有找到表头" in driver.message
        await driver.keys("f3", "right")
        for row, label in enumerate(("姓名", "单位", "职务", "班子角色"), 1):
            await driver.keys("down")
            while driver.rows()[row][2] != label:
                await driver.keys("right")
        await driver.keys("f2", "f2")
        driver.on(RosterScreen)

    drive(offices, settings, script)
    assert [(row.name, row.title) for row in all_cadres()] == [("祁连山", "局长")]
