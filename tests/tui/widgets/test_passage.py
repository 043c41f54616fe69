"""A passage of text: what is typed in bursts stands there, wherever the caret went."""

from __future__ import annotations

import random

import pytest
from textual import events

from models.database.store import Store
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.screens.results.opinions import OpinionScreen
from tui.widgets.passage import Passage

LONGEST = 1000
KEYS = ("<left>", "<right>", "<home>", "<end>", "<backspace>", "<delete>")
LETTERS = "字甲乙ab1 ，·"


def on_passage(keys: list[str], store: Store, settings: Settings, text: str = "") -> str:
    """What stands in the passage, and is kept, after a burst of keys."""
    kept: list[str] = []

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(OpinionScreen("某人", text, kept.append))
        await driver.burst(*keys, "<f2>")
        assert kept

    drive(store, settings, script, (40, 14))
    return kept[0]


def edited(text: str, keys: list[str]) -> str:
    """The same by the plainest editor there can be."""
    caret = len(text)
    for key in keys:
        if key == "<left>":
            caret = max(caret - 1, 0)
        elif key == "<right>":
            caret = min(caret + 1, len(text))
        elif key in ("<home>", "<end>"):
            caret = 0 if key == "<home>" else len(text)
        elif key == "<backspace>":
            text = text[: max(caret - 1, 0)] + text[caret:]
            caret = max(caret - 1, 0)
        elif key == "<delete>":
            text = text[:caret] + text[caret + 1 :]
        else:
            text = text[:caret] + key + text[caret:]
            caret += 1
    return " ".join(text.split())


@pytest.mark.parametrize("seed", range(6))
def test_a_burst_is_edited_as_it_was_typed(store: Store, settings: Settings, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - keys of a test, not secrets
    keys = [draw.choice(KEYS if draw.random() < 0.4 else LETTERS) for _ in range(300)]
    before = "已有的意见归纳，" * seed
    assert on_passage(keys, store, settings, before) == edited(before, keys)


def test_up_and_down_keep_the_column(store: Store, settings: Settings) -> None:
    # 36 columns are text: 18 Han characters on a line, less one column for the caret.
    text = "".join(chr(0x4E00 + n) for n in range(17 * 3))
    keys = ["<home>", "<right>", "<right>", "<down>", "、", "<up>", "；"]
    expected = text[:3] + "；" + text[3:19] + "、" + text[19:]
    assert on_passage(keys, store, settings, text) == expected


def test_far_up_and_down_stay_inside(store: Store, settings: Settings) -> None:
    keys = ["<up>"] * 9 + ["<pageup>"] * 3 + ["首", "<pagedown>", *["<down>"] * 9, "<end>", "尾"]
    kept = on_passage(keys, store, settings, "中" * 100)
    assert sorted(kept) == sorted(f"首{'中' * 100}尾")
    assert kept.index("首") < 17
    assert kept.endswith("尾")


def test_a_paste_is_one_paragraph_and_ends_where_it_is_full(
    store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        kept: list[str] = []
        await driver.app.push_screen(OpinionScreen("某人", "前", kept.append))
        await driver.settle()
        driver.app.screen.query_one(Passage).post_message(events.Paste("一\n二\x1b[2J\t三"))
        await driver.settle()
        driver.app.screen.query_one(Passage).post_message(events.Paste("满" * LONGEST))
        await driver.settle()
        assert "已满" in driver.message
        await driver.burst("<f2>")
        assert kept[0].startswith("前一 二[2J 三满")
        assert len(kept[0]) == LONGEST

    drive(store, settings, script)
