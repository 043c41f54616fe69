"""Bursts of any keys over all screens: nothing crashes, nothing hangs, and what is counted agrees.

`CEPING_BURSTS` says how many bursts to post; a short run is in the suite.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from pathlib import Path

import pytest

from models.database.store import open_store
from models.recount import examination
from models.settings.office import Settings
from tests.tui.driving import Driver
from tui.app import CepingApp
from tui.session import Session

BURSTS = int(os.environ.get("CEPING_BURSTS", "250"))
_SETTLED = 0.1
SEED = int(os.environ.get("CEPING_SEED", "47"))
COMMANDS = [f"<f{number}>" for number in range(1, 11)]
MOVES = ["<up>", "<down>", "<left>", "<right>", "<pageup>", "<pagedown>", "<home>", "<end>"]
OTHERS = ["<enter>", "<enter>", "<enter>", "<escape>", "<delete>", "<backspace>", "<tab>", " "]
MARKS = [*"1234", "0", "*", "+", "/", "-", "."]


def burst(draw: random.Random) -> list[str]:
    """Keys as hands that are too fast send them; a key may come twice or more."""
    keys: list[str] = []
    for _ in range(draw.randint(1, 8)):
        pool = draw.choice([COMMANDS, MOVES, OTHERS, OTHERS, MARKS, MARKS])
        keys += [draw.choice(pool)] * draw.choice([1, 1, 1, 2, 3])
    return keys


@pytest.mark.timeout(0 if BURSTS > 1000 else 120)
def test_random_bursts_over_all_screens(
    keyed_office: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(shutil.copy(keyed_office, tmp_path / "ceping.db"))
    draw = random.Random(SEED)  # noqa: S311 - test data
    seen: set[str] = set()
    posted: list[list[str]] = []

    async def session(most: int) -> None:
        store = open_store(path)
        app = CepingApp(Session(store, settings))
        try:
            async with app.run_test(size=(80, 24)) as pilot:
                driver = Driver(app, pilot)
                for _ in range(most):
                    if app._exit:
                        return
                    posted.append(burst(draw))
                    driver.post(*posted[-1])
                    # Most bursts find the one before still at work.
                    if draw.random() < _SETTLED:
                        await driver.settle()
                    else:
                        await asyncio.sleep(0)
                    seen.add(type(app.screen).__name__)
                    assert app._exception is None, posted[-50:]
                await driver.settle()
        finally:
            store.close()

    while len(posted) < BURSTS:
        asyncio.run(session(BURSTS - len(posted)))
    assert examination.differences(path) == []
    assert len(seen) > 5, seen
