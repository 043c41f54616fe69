"""What every screen may ask for: the open store, the settings, the glyphs of this terminal.

A module of its own, so that the screens need not import the application that imports them.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """An application with a session."""

    def __init__(self, session: Session, *, driver: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver)
        self.session = session
        self.in_list = False
        """Whether arrow keys only move in a list, where a wheel may do what they do."""
