"""The application: screens wired to an open store and settings."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import Screen

from models.refusal import RefusedError
from tui.driver import TerminalDriver
from tui.sequences import BrokenOff, SequenceParser
from tui.session import Session, SessionApp
from tui.terminal import PLAIN
from tui.widgets.frame import EVERYWHERE, Confirm, ResultFrame
from tui.widgets.keys import bindings

_NAMED = {
    "tab": "Tab 键",
    "left": "左方向键",
    "right": "右方向键",
    "delete": "Delete 键",
    "space": "空格键",
}
_BROKEN_OFF = "终端送来的按键不完整，没有执行"


class CepingApp(SessionApp):
    """The program on the screen. `start` is the stack to key at once, if any, a second time if
    `verify`; `typed_ahead` the keys that came before the terminal was ours."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "nothing", show=False, priority=True),
        *bindings(EVERYWHERE),
    ]

    def __init__(
        self,
        session: Session,
        *,
        start: int | None = None,
        verify: bool = False,
        typed_ahead: str = "",
    ) -> None:
        super().__init__(session, driver=TerminalDriver)
        self._typed_ahead = typed_ahead
        self._start = start
        self._verify = verify
        self.set_class(session.glyphs is PLAIN, "plain")
        self._backed_up: float | None = None

    async def on_event(self, event: events.Event) -> None:
        """Take keys strictly in order, however fast they come; none after the end was confirmed."""
        if isinstance(event, events.Key) and self._exit:
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._finish_earlier_keys(event.key)
        await super().on_event(event)

    async def _finish_earlier_keys(self, key: str) -> None:
        """Wait until what the keys before began is done: a screen that opens, a row that was
        chosen, a field that fills.

        Textual hands keys to the focused widget's own queue but commands to the application at
        once, so in a burst a command would overtake the keys before it.
        """
        command = key == "escape" or (key[0] == "f" and key[1:].isdigit())
        screen = None
        # What is waited for may open or close a screen, which then has work of its own.
        while screen is not self.screen and not self._exit:
            screen = self.screen
            await screen._mounted_event.wait()
            if isinstance(screen, ResultFrame):
                await screen.ready.wait()
            owner = self.focused
            if getattr(owner, "keeps_order", False) and not command:
                return
            for pump in (owner, screen):
                if pump is not None:
                    done = asyncio.Event()
                    if pump.call_later(done.set):
                        await done.wait()

    def get_default_screen(self) -> Screen[Any]:
        """Home at the bottom of all screens, unless a stack was asked for."""
        if self._start is not None:
            return super().get_default_screen()
        from tui.screens.home import HomeScreen

        return HomeScreen()

    async def on_mount(self) -> None:
        """Open the first screen and give it what was typed ahead, before any other key; a
        termination leaves the terminal clean."""
        if not self.is_headless:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        if self._start is not None and self._verify:
            from tui.screens.poll.keying_pad import verify_stack

            await verify_stack(self, self.session, self._start, self.exit)
        elif self._start is not None:
            from tui.screens.poll.keying_pad import key_stack

            await key_stack(self, self.session, self._start, self.exit)
        for event in SequenceParser().feed(self._typed_ahead) if self._typed_ahead else ():
            if isinstance(event, events.Key):
                await self.on_event(event)

    def on_key(self, event: events.Key) -> None:
        """A key that nothing took: say so, for a key that does nothing looks like a dead line."""
        screen, key = self.screen, event.key
        name = _NAMED.get(key, "")
        if not name and event.is_printable:
            name = f"{event.character} 键"
        elif key[0] == "f" and key[1:].isdigit():
            name = f"{key.upper()} 键"
        if not name or not isinstance(screen, ResultFrame):
            return
        # Textual's own: Tab to another widget, where there is one.
        goes = key != "tab" or len(screen.focus_chain) > 1
        if not (goes and key in screen.active_bindings):
            screen.no_use(name)

    def on_broken_off(self, event: BrokenOff) -> None:
        """Something came that was no key, or the half of one: whoever has the keyboard says so."""
        event.stop()
        focused = self.focused
        if focused is not None and hasattr(focused, "on_broken_off"):
            focused.post_message(BrokenOff())
        elif isinstance(self.screen, ResultFrame):
            self.screen.say(_BROKEN_OFF, refused=True)

    async def _back_up(self) -> None:
        """A backup every half hour while ballots come in, in a thread of its own."""
        from models.database import backup

        store = self.session.store
        waited = None if self._backed_up is None else time.monotonic() - self._backed_up
        if store.read_only or not await asyncio.to_thread(backup.due, store.path, waited):
            return
        try:
            await asyncio.to_thread(backup.make, store.path, "定时")
            self._backed_up = time.monotonic()
        except RefusedError as error:
            screen = self.screen
            if isinstance(screen, ResultFrame):
                screen.refuse(error)

    def on_ready(self) -> None:
        """The first screen stands: garbage is worth collecting from here on, and the database
        worth looking at once a minute."""
        gc.enable()
        self.set_interval(60, self._back_up)

    def action_nothing(self) -> None:
        """Textual's own quit key does nothing: F10 quits."""

    def action_leave_program(self) -> None:
        """Quit, asking first. Nothing is ever left to save."""

        def answered(yes: bool | None) -> None:
            if yes:
                self.exit()

        self.push_screen(Confirm("退出测评？已录的票都已存好。", safe=True), answered)
