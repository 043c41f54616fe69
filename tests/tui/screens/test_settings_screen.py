"""设置: what was typed stands in the file alone, and is in force at once; the second is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as fields_of
from pathlib import Path

import pytest

from exports.documents.kinds import load_settings
from models.database import clerk, journal
from models.database.store import Store
from models.roster import edit
from models.settings.office import DocumentSettings, Office, Settings, shipped_file
from tests.offices import small_round
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.settings import SETTINGS, changes, fields
from tui.widgets.forms import Form, FormScreen

OWN = """# 李四的设置
[office]
name="甲局"   # 全称
signature   = "甲局办公室"
[rules]
verification = "1/7"   # 人手不够
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "ceping.toml"
    made.write_text(OWN, encoding="utf-8")
    return made


def place_of(form: Form, key: str) -> int:
    return [form.fields[number].key for number in form.answers.applying].index(key)


async def to_field(driver: Driver, key: str) -> None:
    form = driver.on(FormScreen).query_one(Form)
    by = place_of(form, key) - place_of(form, form.field.key)
    await driver.burst(*["<down>" if by > 0 else "<up>"] * abs(by))
    assert form.field.key == key


def test_what_is_shown_and_left_alone_changes_nothing(file: Path) -> None:
    for path in (file, shipped_file()):
        settings = load_settings(path)
        values = {field.key: field.value for field in fields(settings, SETTINGS)}
        assert changes(values, settings, SETTINGS) == {}


def test_every_setting_of_the_office_and_its_documents_is_there() -> None:
    there = {(each.table, each.key) for each in SETTINGS}
    # No document has the short name.
    assert {field.name for field in fields_of(Office)} - {
        key for table, key in there if table == "office"
    } == {"short_name"}
    # The sentences, the periods and the folder of templates are texts of their own.
    left = {field.name for field in fields_of(DocumentSettings)}
    assert left - {key for table, key in there if table == "documents"} == {
        "terms",
        "wording",
        "templates",
    }
    assert all(each.note for each in SETTINGS)


def test_the_changed_value_alone_differs_and_is_in_force(store: Store, file: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("0")
        form = driver.on(FormScreen).query_one(Form)
        assert "汇总表的组织单位" in driver.message
        await driver.burst("乙局")
        await to_field(driver, "rules.verification")
        assert driver.fields()["rules.every"] == "7"
        await driver.burst("<down>", "9", "<f2>")
        driver.on(HomeScreen)
        assert driver.message.startswith("已保存 2 项设置，在 ")
        assert "乙局" in driver.line("title")
        assert form.texts[0] == "乙局"
        assert driver.app.session.settings.rules.verification.every == 9

    drive(store, load_settings(file), script)
    assert file.read_text(encoding="utf-8") == OWN.replace('甲局"   #', '乙局"   #').replace(
        "1/7", "1/9"
    )


def test_the_second_editor_is_told_and_loses_nothing_typed(store: Store, file: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("０")
        await driver.burst("乙局")
        file.write_text(OWN.replace("甲局办公室", "丙"), encoding="utf-8")
        await driver.burst("<f2>")
        driver.on(FormScreen)
        assert "打开以后别人改过" in driver.message
        assert driver.fields()["office.name"] == "乙局"

    drive(store, load_settings(file), script)
    assert file.read_text(encoding="utf-8") == OWN.replace("甲局办公室", "丙")


def test_what_cannot_be_is_gone_to(store: Store, file: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("0")
        await to_field(driver, "documents.public_days")
        await driver.burst("999")
        await to_field(driver, "voting.void_reasons")
        await driver.burst("甲；甲", "<f2>")
        form = driver.on(FormScreen).query_one(Form)
        assert form.field.key == "documents.public_days"
        assert driver.message.startswith("公开天数：应在 0 至 365 之间")
        await driver.burst("7")
        await to_field(driver, "voting.void_reasons")
        assert driver.message == "作废原因：有重复的项"

    drive(store, load_settings(file), script)
    assert file.read_text(encoding="utf-8") == OWN


def test_the_interval_is_asked_for_where_a_sample_is_taken(store: Store, file: Path) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("0")
        await to_field(driver, "rules.verification")
        form = driver.on(FormScreen).query_one(Form)
        shown = len(form.answers.applying)
        await driver.burst("<down>", "<up>", "3")
        assert len(form.answers.applying) == shown - 1
        await driver.burst("<down>")
        assert form.field.key == "rules.quorum"
        await driver.burst("<f2>")
        assert driver.app.session.settings.rules.verification.every == 0

    drive(store, load_settings(file), script)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of an office without a file of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield load_settings(shipped_file())
    clerk.usually("")


def test_an_office_without_a_file_gets_one(
    store: Store, settings: Settings, shipped: Settings, tmp_path: Path
) -> None:
    small_round(settings)

    async def script(driver: Driver) -> None:
        driver.on(HomeScreen)
        await driver.burst("0", "丁局", "<f2>")
        assert "已保存 1 项设置" in driver.message

    before = shipped_file().read_bytes()
    drive(store, shipped, script)
    assert load_settings(tmp_path / "config" / "ceping" / "ceping.toml").office.name == "丁局"
    assert shipped_file().read_bytes() == before


def test_the_first_start_asks_who_and_what(store: Store, shipped: Settings, tmp_path: Path) -> None:
    account = clerk.current()

    async def script(driver: Driver) -> None:
        form = driver.on(FormScreen).query_one(Form)
        assert form.field.key == "name"
        assert form.texts[0] == ""
        await driver.burst("<f2>")
        assert driver.message == "操作人：不能为空"
        await driver.burst(account, "<f2>")
        assert driver.message.startswith("操作人：请写姓名，不写登录的账号")
        await driver.burst(*["<backspace>"] * len(account), "王五", "<down>", "戊局", "<f2>")
        driver.on(HomeScreen)
        assert "现在：按 F3" in driver.message
        assert "戊局    操作人 王五" in driver.line("title")
        unit = edit.save_unit("己县局")
        assert unit
        assert {entry.who for entry in journal.entries()} == {"王五"}
        # Whoever takes over signs in, and the account's name is no name then either.
        await driver.burst("<f9>", "<delete>", account, "<f2>")
        driver.on(FormScreen)
        assert "不写登录的账号" in driver.message

    drive(store, shipped, script)
    found = load_settings(tmp_path / "config" / "ceping" / "ceping.toml")
    assert (found.office.name, found.office.operator) == ("戊局", "王五")


def test_a_first_start_can_be_put_off_and_asks_again(store: Store, shipped: Settings) -> None:
    async def script(driver: Driver) -> None:
        driver.on(FormScreen)
        await driver.burst("<escape>")
        driver.on(HomeScreen)
        assert "按 F3" in driver.message

    for _ in range(2):
        drive(store, shipped, script)


def test_an_office_at_work_is_not_asked(
    store: Store, settings: Settings, shipped: Settings
) -> None:
    edit.save_unit("己县局")

    async def script(driver: Driver) -> None:
        driver.on(HomeScreen)

    drive(store, shipped, script)
