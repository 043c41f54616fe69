"""单位人员 and 导入名册, driven by bursts."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.database.tables import Cadre, Post, Unit
from models.imports import roster_import
from models.roster import cadres, edit
from models.roster.cadres import Person, PostDetails
from models.roster.roles import Role
from models.roster.units import find_unit, unit_tree
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.commands.demo import SAMPLE_OFFICE
from tui.screens.home import HomeScreen
from tui.screens.roster.import_plan import RosterImportScreen
from tui.screens.roster.people import RosterScreen
from tui.widgets.file_chooser import FileChooser
from tui.widgets.forms import FormScreen
from tui.widgets.frame import Confirm, Palette

ROSTER = SAMPLE_OFFICE / "roster.xlsx"
MESSY = Path(__file__).parents[2] / "data" / "roster-messy.xlsx"
HOSTILE = ("张三[/b]", '=HYPERLINK("x")', "李\x1b[31m四\x07", "[red]王五", "../赵六\u202e")


@pytest.fixture
def office(store: Store) -> Store:
    roster_import.apply(roster_import.plan(ROSTER), store)
    return store


def small_office() -> tuple[int, int]:
    """A bureau with one below it, whose only cadre is its chief; both ids."""
    above = edit.save_unit("白银市工商行政管理局", short_name="白银市局")
    below = edit.save_unit("会宁县工商行政管理局", short_name="会宁县局", parent_id=above)
    edit.save_cadre(
        Person(name="王建国", archive_no="A-1"),
        PostDetails(unit_id=below, title="局长", role=Role.CHIEF, rank=1, since="2020.01"),
    )
    return above, below


def test_an_empty_roster_says_what_to_do_and_refuses_the_rest(
    store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("f3")
        driver.on(RosterScreen)
        assert "F5 导入名册" in driver.message
        assert "单位 0，人员 0" in driver.line("title")
        for key in ("f2", "f6", "f7", "delete", "enter", "tab", "down"):
            await driver.keys(key)
            driver.on(RosterScreen)
        await driver.keys("escape")
        driver.on(HomeScreen)

    drive(store, settings, script)


def test_the_sample_roster_is_imported(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(ROSTER), "<ctrl+j>")
        driver.on(RosterImportScreen)
        assert "新增 105" in driver.line("figures")
        assert not unit_tree()
        await driver.keys("f2")
        driver.on(RosterScreen)
        assert "单位 105，人员 448" in driver.line("title")
        assert "人员：新增 448" in driver.message

    drive(store, settings, script)


def test_a_file_that_is_missing_stays_to_be_chosen(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", "nothing.xlsx", "<enter>")
        driver.on(FileChooser)
        assert "没有文件 nothing.xlsx" in driver.message

    drive(store, settings, script)


def test_a_file_that_is_no_roster_is_refused_in_words(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "其他[b].csv"
    other.write_text("甲,乙\n1,2\n", encoding="utf-8")

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(other), "<enter>")
        driver.on(RosterImportScreen)
        assert "没有找到表头" in driver.message
        await driver.keys("f2", "f9", "enter", "down", "escape")
        driver.on(RosterScreen)

    drive(store, settings, script)


def test_of_a_messy_roster_only_the_clean_part_is_imported(
    office: Store, settings: Settings
) -> None:
    before = len(cadres.all_cadres())

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(MESSY), "<enter>")
        driver.on(RosterImportScreen)
        assert {row[0] for row in driver.rows()} >= {"拒绝", "提示"}
        await driver.keys("f2")
        driver.on(RosterImportScreen)
        assert "不能全部导入" in driver.message
        await driver.keys("down", "down")
        assert "第 " in driver.message
        await driver.keys("f9")
        driver.on(Confirm)
        assert len(cadres.all_cadres()) == before
        await driver.keys("f2")
        driver.on(RosterScreen)
        assert "未导入" in driver.message

    drive(office, settings, script)


def test_a_burst_edits_the_cadre_it_names(office: Store, settings: Settings) -> None:
    unit = unit_tree()[5]
    cadre = cadres.cadres_of(unit.id)[2]

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", *["<down>"] * 5, "<tab>", "<down>", "<down>", "<enter>")
        driver.on(FormScreen)
        assert driver.fields()["name"] == cadre.name
        await driver.burst("<down>", "<end>", "、工会主席", "<f2>")
        driver.on(RosterScreen)
        assert "已修改" in driver.message
        assert driver.listing.chosen == str(cadre.id)

    drive(office, settings, script)
    assert cadres.cadre(cadre.id).row.title == f"{cadre.title}、工会主席"


def test_a_search_goes_to_the_person(office: Store, settings: Settings) -> None:
    wanted = cadres.search("wj")[1]

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f3>", "wj", "<down>", "<enter>")
        driver.on(RosterScreen)
        assert driver.listing.chosen == str(wanted.id)
        assert wanted.unit_name in driver.line("detail")
        assert driver.app.screen.query_one("#search").display is False

    drive(office, settings, script)


def test_a_search_is_corrected_and_cleared(office: Store, settings: Settings) -> None:
    number = cadres.all_cadres()[0].archive_no

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f3>", f"{number}9", "<backspace>")
        assert [row[0] for row in driver.rows("#cadres")] == [cadres.all_cadres()[0].name]
        await driver.burst("没有这个人")
        assert "没有找到" in driver.message
        await driver.keys("enter", "escape")
        driver.on(RosterScreen)
        assert len(driver.rows("#cadres")) == unit_tree()[0].cadres

    drive(office, settings, script)


def test_a_cadre_is_added_moved_and_retired(store: Store, settings: Settings) -> None:
    above, below = small_office()

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<end>", "<f2>", "李 晓梅", "<enter>", "副局长", "<f2>")
        driver.on(RosterScreen)
        added = cadres.search("李晓梅")[0]
        assert (added.unit_id, added.role, added.rank) == (below, Role.MEMBER, 2)

        await driver.burst(
            "<tab>", "<end>", "<f7>", "白银市局", "<enter>", "局长", "<enter>", "1", "<f2>"
        )
        driver.on(RosterScreen)
        moved = cadres.cadre(added.id)
        assert (moved.row.unit_id, moved.row.role) == (above, Role.CHIEF)
        assert len(moved.posts) == 2

        await driver.burst("<delete>", "<escape>")
        assert not cadres.cadre(added.id).row.retired
        await driver.burst("<delete>", "<f2>")
        assert cadres.cadre(added.id).row.retired

    drive(store, settings, script)


def test_a_unit_is_added_changed_and_closed(store: Store, settings: Settings) -> None:
    above, _ = small_office()

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f4>", "平川区局[/b]", "<f2>")
        driver.on(RosterScreen)
        made = next(unit for unit in unit_tree() if unit.name == "平川区局[/b]")
        assert made.parent_id == above
        await driver.burst("<f6>", "<down>", "平川", "<f2>")
        assert find_unit("平川").id == made.id
        await driver.burst("<delete>", "<f2>")
        assert find_unit("平川").closed
        await driver.burst("<home>", "<delete>", "<f2>")
        assert "下级单位" in driver.message
        assert not find_unit("白银市局").closed

    drive(store, settings, script)


def test_what_the_roster_refuses_keeps_the_form(store: Store, settings: Settings) -> None:
    small_office()

    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<end>", "<f2>", "新正职", "<enter>", "<enter>", "1", "<f2>")
        driver.on(FormScreen)
        assert "已有正职 王建国" in driver.message
        await driver.burst("<f2>", "<escape>")
        assert "放弃" in driver.text()
        await driver.keys("f2")
        driver.on(RosterScreen)

    drive(store, settings, script)


def test_hostile_names_are_text(store: Store, settings: Settings) -> None:
    # Past the cleaning of the models, as an older file may hold them.
    unit = Unit.create(name="[/b]单位\x1b[2J", short_name="[/]")
    for number, name in enumerate(HOSTILE, 1):
        cadre = Cadre.create(name=name, readings="x", native_place="[bold")
        Post.create(cadre=cadre.id, unit=unit.id, title="[/i]局长\n", role=2, rank=number)

    async def script(driver: Driver) -> None:
        await driver.keys("f3", "right")
        assert len(driver.rows("#cadres")) == len(HOSTILE)
        for _ in HOSTILE:
            assert "\x1b" not in driver.text()
            await driver.keys("enter")
            driver.on(FormScreen)
            assert "\x1b" not in driver.text()
            await driver.keys("escape", "f7")
            driver.on(FormScreen)
            await driver.keys("escape", "delete")
            driver.on(Confirm)
            await driver.keys("escape", "down")
        await driver.burst("<f3>", "[/b]", "<enter>")
        driver.on(RosterScreen)

    for size in ((80, 24), (40, 10), (12, 4)):
        drive(store, settings, script, size)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 10), (10, 3)])
def test_every_size_is_survived(office: Store, settings: Settings, size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("f3", "down", "tab", "down", "left", "f1")
        driver.on(Palette)
        await driver.burst("<pagedown>", "<escape>", "<f3>", "wj", "<escape>", "<f2>", "<f1>")
        driver.on(Palette)
        await driver.keys("escape", "escape", "escape")
        driver.on(HomeScreen)

    drive(office, settings, script, size)


def test_a_narrow_window_shows_the_pane_in_use(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("f3")
        assert "单位" in driver.text()
        assert "姓名" not in driver.text()
        await driver.keys("tab")
        assert "姓名" in driver.text()

    drive(office, settings, script, (40, 10))


def test_a_reader_changes_nothing(office: Store, settings: Settings) -> None:
    reader = open_store(office.path, write=False)
    count = len(cadres.all_cadres())

    async def script(driver: Driver) -> None:
        await driver.keys("f3")
        for key in ("f2", "f4", "f5", "f6", "delete"):
            await driver.keys(key)
            driver.on(RosterScreen)
            assert "只读" in driver.message
        await driver.keys("tab", "enter")
        driver.on(RosterScreen)
        await driver.keys("f7")
        assert "只读" in driver.message

    drive(reader, settings, script)
    assert len(cadres.all_cadres()) == count
