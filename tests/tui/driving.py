"""The application driven by bursts of keys, as a slow line delivers them, and read as text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from models.database.store import Store
from models.settings.office import Settings
from tui.app import CepingApp
from tui.session import Session
from tui.widgets.forms import Form
from tui.widgets.listing import Listing

AnyScreen = TypeVar("AnyScreen", bound=Screen[object])
_MOST_PAUSES = 200


class Driver:
    """Hands on the keyboard and eyes on the screen."""

    def __init__(self, app: CepingApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def keys(self, *keys: str) -> None:
        """Post named keys at once, then wait until all is done."""
        for key in keys:
            self.app.post_message(events.Key(key, None))
        await self.settle()

    async def burst(self, *parts: str) -> None:
        """Post named keys (`<f2>`) and typed text at once, then wait until all is done."""
        self.post(*parts)
        await self.settle()

    def post(self, *parts: str) -> None:
        """Post named keys (`<f2>`) and typed text, and wait for nothing."""
        for part in parts:
            if part.startswith("<"):
                self.app.post_message(events.Key(part[1:-1], None))
                continue
            for character in part:
                self.app.post_message(events.Key(_character_to_key(character), character))

    async def settle(self) -> None:
        """Wait until the screen and what is on it stay the same."""
        before = None
        for _ in range(_MOST_PAUSES):
            await self._pilot.pause()
            now = (type(self.app.screen), self.text())
            if now == before:
                return
            before = now
        raise AssertionError("the screen does not come to rest")

    def on(self, kind: type[AnyScreen]) -> AnyScreen:
        """The screen shown, which must be one of `kind`."""
        assert isinstance(self.app.screen, kind), f"{self.app.screen}\n{self.text()}"
        return self.app.screen

    def text(self) -> str:
        """What is drawn, line by line."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)

    def line(self, name: str) -> str:
        """The text of one line: `title`, `message`, `hints` …"""
        return str(self.app.screen.query_one(f"#{name}").render())

    @property
    def message(self) -> str:
        """What the program says."""
        return self.line("message")

    @property
    def listing(self) -> Listing:
        """The list that has the focus."""
        assert isinstance(self.app.focused, Listing)
        return self.app.focused

    def rows(self, listing: str = "Listing") -> list[list[str]]:
        """The cells of a list."""
        table = self.app.screen.query_one(listing, Listing)
        return [[cell.strip() for cell in table.cells(n)] for n in range(table.row_count)]

    def fields(self) -> dict[str, str]:
        """What the form on the screen holds."""
        form = self.app.screen.query_one(Form)
        return dict(zip((field.key for field in form.fields), form.texts, strict=True))


def drive(
    store: Store,
    settings: Settings,
    script: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
) -> None:
    """Run the program and `script` on it; an error of either fails the test."""

    async def run() -> None:
        app = CepingApp(Session(store, settings))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await script(Driver(app, pilot))

    asyncio.run(run())
