"""`ceping watch`: the second screen as a program of its own, that only reads."""

from __future__ import annotations

import asyncio
import signal
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.driver import TerminalDriver
from tui.screens.watch.watched_round import WatchedRound
from tui.screens.watch.watched_unit import WatchedUnit
from tui.session import Session, SessionApp
from tui.terminal import PLAIN
from tui.widgets.frame import EVERYWHERE
from tui.widgets.keys import bindings


class WatchApp(SessionApp):
    """One unit of a round, or all of them where `unit` is empty. Esc and F10 leave at once."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave_program", show=False, priority=True),
        *bindings(EVERYWHERE),
    ]

    def __init__(self, session: Session, round_title: str, unit: str) -> None:
        super().__init__(session, driver=TerminalDriver)
        self._first = WatchedUnit(round_title, unit) if unit else WatchedRound(round_title)
        self.set_class(session.glyphs is PLAIN, "plain")

    def on_mount(self) -> None:
        """Show it; a termination leaves the terminal clean."""
        if not self.is_headless:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        self.push_screen(self._first, lambda _: self.exit())

    def action_leave_program(self) -> None:
        """Leave: there is nothing to ask."""
        self.exit()
