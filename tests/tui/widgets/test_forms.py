"""Forms: typing replaces what stands in a field; what is wrong is marked and said once."""

from __future__ import annotations

import pytest
from textual import events

from models.database.store import Store
from models.refusal import RefusedError
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.widgets.forms import FaultyFieldsError, Field, FieldKind, Form, FormScreen
from tui.widgets.frame import Confirm

FIELDS = (
    Field("title", "名称", value="旧名称", required=True),
    Field("year", "年度", FieldKind.INTEGER, "2026"),
    Field("note", "备注"),
)


async def shown(driver: Driver, saved: list[dict[str, str]]) -> Form:
    await driver.app.push_screen(FormScreen("表", FIELDS, saved.append))
    await driver.settle()
    return driver.on(FormScreen).query_one(Form)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("新",), "新"),
        (("新", "名"), "新名"),
        (("<end>", "新"), "旧名称新"),
        (("<right>", "新"), "旧名称新"),
        (("<left>", "新"), "旧名新称"),
        (("<home>", "新"), "新旧名称"),
        (("<backspace>", "新"), "旧名新"),
        (("<delete>",), ""),
        (("<delete>", "新"), "新"),
        (("<down>", "<up>", "新"), "新"),
        # What was typed here is the typist's own, wherever the caret has been since.
        (("新", "<down>", "<up>", "名"), "新名"),
        (("<end>", "<delete>"), "旧名称"),
    ],
)
def test_typing_replaces_what_stood_there(
    store: Store, settings: Settings, keys: tuple[str, ...], text: str
) -> None:
    async def script(driver: Driver) -> None:
        form = await shown(driver, [])
        await driver.burst(*keys)
        assert form.texts[0] == text

    drive(store, settings, script)


def test_a_paste_replaces_it_too_and_a_letter_among_figures_does_not(
    store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        form = await shown(driver, [])
        driver.app.post_message(events.Paste("贴上的\n名称"))
        await driver.settle()
        assert form.texts[0] == "贴上的 名称"
        await driver.burst("<down>", "a")
        assert form.texts[1] == "2026"
        await driver.burst("２", "7")
        assert form.texts[1] == "27"

    drive(store, settings, script)


def test_the_boxes_show_how_much_is_taken_and_what_is_wrong_is_marked(
    store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, [])
        line = next(each for each in driver.text().split("\n") if "年度" in each)
        assert line.split("年度")[1].strip() == "[2026    ]"
        await driver.burst("<delete>", "<down>", "<down>", "<f2>")
        assert "!名称" in driver.text()
        assert driver.message == "名称：不能为空"
        assert driver.line("title").endswith("1/3")
        await driver.burst("新")
        assert "!名称" not in driver.text()
        assert driver.message == ""

    drive(store, settings, script)


def test_a_refusal_of_what_was_typed_goes_to_its_field(store: Store, settings: Settings) -> None:
    def save(values: dict[str, str]) -> None:
        raise FaultyFieldsError({"year": "年度：太早"}) if values["year"] else RefusedError("不行")

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(FormScreen("表", FIELDS, save))
        await driver.settle()
        form = driver.on(FormScreen).query_one(Form)
        await driver.burst("<f2>")
        assert (form.field.key, driver.message) == ("year", "年度：太早")
        await driver.burst("<delete>", "<f2>")
        assert (form.field.key, driver.message) == ("year", "不行")
        assert "!" not in driver.text()

    drive(store, settings, script)


def test_what_was_work_to_type_is_asked_about(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, [])
        await driver.burst("新", "<escape>")
        driver.on(Confirm)

    drive(store, settings, script)
