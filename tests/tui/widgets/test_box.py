"""A text too long for the window: every line of it can be read, the keys below it stay."""

from __future__ import annotations

from models.database.store import Store
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.widgets.frame import Help, Line


def test_no_line_is_covered_by_the_keys(store: Store, settings: Settings) -> None:
    text = "\n".join(f"第 {n} 行" for n in range(1, 61))

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(Help(text))
        await driver.settle()
        box = driver.app.screen
        scrolled, keys = box.query_one("#scrolled"), box.query_one("#keys", Line)
        assert "上下键翻看" in keys.text
        assert scrolled.region.bottom <= keys.region.y
        assert keys.region.bottom < box.query_one("#box").region.bottom
        assert scrolled.max_scroll_y == 60 - scrolled.size.height
        await driver.keys("end")
        assert scrolled.scroll_target_y == scrolled.max_scroll_y

    drive(store, settings, script)
