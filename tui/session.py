"""What every screen may ask for: the open store, the settings, the glyphs of this terminal.

A module of its own, so that the screens need not import the application that imports them.
"""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from textual.app import App
from textual.driver import Driver

from models.database.store import Store
from models.rounds.polls import PollInfo, PollState
from models.settings.office import Settings
from tui.terminal import FINE, Glyphs


@dataclass(frozen=True)
class Session:
    """One run of the program on one database."""

    store: Store
    """The open database."""
    settings: Settings
    """What ceping.toml says."""
    glyphs: Glyphs = FINE
    """What bars are drawn with on this terminal."""

    def shows_all(self, poll: PollInfo) -> bool:
        """Whether what is keyed of a poll is shown here ballot by ballot: after the seal to all,
        before only to the keyer."""
        return poll.state is PollState.SEALED or not self.store.read_only


class SessionApp(App[None]):
    """An application with a session, that ends calmly whatever goes wrong in it."""

    def __init__(self, session: Session, *, driver: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver)
        self.session = session
        self.in_list = False
        """Whether arrow keys only move in a list, where a wheel may do what they do."""
        self.crash_log: Path | None = None

    def _handle_exception(self, error: Exception) -> None:
        """End calmly: a log without local variables (they hold ballots) and a sentence in
        Chinese, instead of Textual's traceback with locals."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.crash_log = write_crash_log(self.session.store.path.parent, error)
        self._close_messages_no_wait()


def run(app: SessionApp) -> int:
    """Run to the end; the exit status. A crash is told in one calm sentence."""
    app.run(mouse=False)
    if app._exception is None:
        return 0
    where = f"，记录在 {app.crash_log}" if app.crash_log else ""
    sys.stderr.write(f"程序出错退出{where}。已存的票都在，请重新运行 ceping。\n")
    return 1


def write_crash_log(folder: Path, error: BaseException) -> Path | None:
    """Append the error's frames to `ceping.log` in `folder`; its path, or None if it cannot be
    written. Local variables hold ballots, and an error's own text may too: neither is kept."""
    log = folder / "ceping.log"
    frames = "".join(traceback.format_tb(error.__traceback__))
    try:
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(f"{type(error).__name__}\n{frames}\n")
    except OSError:
        return None
    return log
