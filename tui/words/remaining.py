"""How far a long run is, and how long it will still take."""

from __future__ import annotations

_WIDTH = 30


def progress_words(done: int, total: int, seconds: float) -> str:
    """A bar for `done` of `total`, and how long the rest will take if it goes on as it did in the
    first `seconds`."""
    filled = _WIDTH * done // max(total, 1)
    drawn = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}"
    if not done:
        return drawn
    return f"{drawn}  还要约{duration_words(seconds / done * (total - done))}"


def duration_words(seconds: float) -> str:
    """A time that is left, in words: 8秒, 2分10秒, 1小时5分; one second at the least."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return f"{whole}秒"
    # To ten seconds: more would only flicker.
    minutes, rest = divmod(round(whole / 10) * 10, 60)
    if minutes < 60:
        return f"{minutes}分{rest}秒" if rest else f"{minutes}分"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
