"""What was keyed since the clerk sat down at a stack, and how fast. Kept nowhere: no ballot has a
time."""

from __future__ import annotations

import time

from tui.words.remaining import duration_words

# A longer wait between two ballots was a pause.
_PAUSE = 180.0  # seconds


class Sitting:
    """One sitting at a stack, begun with so many ballots `entered`."""

    def __init__(self, entered: int) -> None:
        self._before = entered
        self._at = time.monotonic()
        self._seconds = 0.0

    def stored(self) -> None:
        """A ballot was stored now."""
        now = time.monotonic()
        if now - self._at < _PAUSE:
            self._seconds += now - self._at
        self._at = now

    def words(self, entered: int, places: int) -> str:
        """Ballots, marks and the time a ballot takes, with so many `entered` by now."""
        ballots = entered - self._before
        if ballots <= 0:
            return "本次还没有录存一张票"
        each = duration_words(self._seconds / ballots)
        return (
            f"本次录 {ballots} 张、{ballots * places} 项，用时 {duration_words(self._seconds)}"
            f"（停顿 3 分钟以上的不算），平均每张 {each}"
        )
