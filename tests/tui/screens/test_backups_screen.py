"""备份: a passphrase is typed unseen, and twice."""

from __future__ import annotations

from pathlib import Path

from models.database import restore
from models.database.store import Store
from models.settings.office import Settings
from tests.sealing import keyed_round
from tests.tui.driving import Driver, drive
from tui.screens.backups import BackupsScreen


def test_a_passphrase_is_not_shown_and_asked_twice(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    keyed_round(settings)
    target = tmp_path / "secret.age"

    async def script(driver: Driver) -> None:
        await driver.burst("<f8>")
        driver.on(BackupsScreen)
        await driver.burst("<f3>", str(target), "<enter>", "horse", "<enter>", "hors", "<f2>")
        assert "两次输的口令不同" in driver.message
        assert "horse" not in driver.text()
        assert "*****" in driver.text()
        assert not target.exists()
        await driver.burst("e", "<f2>")
        driver.on(BackupsScreen)

    drive(store, settings, script)
    assert restore.encrypted(target)
