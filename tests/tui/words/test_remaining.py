"""How far a run is, in words."""

from __future__ import annotations

import pytest

from tui.words.remaining import duration_words, progress_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1秒"),
        (0.4, "1秒"),
        (8.4, "8秒"),
        (59.4, "59秒"),
        (59.6, "1分"),
        (64, "1分"),
        (66, "1分10秒"),
        (130, "2分10秒"),
        (3594, "59分50秒"),
        (3596, "1小时"),
        (3900, "1小时5分"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_the_rest_goes_as_what_is_done_went() -> None:
    assert progress_words(25, 100, 5.0) == f"[{'#' * 7}{'.' * 23}] 25/100  还要约15秒"
    assert progress_words(0, 100, 5.0) == f"[{'.' * 30}] 0/100"
    assert progress_words(100, 100, 5.0).startswith(f"[{'#' * 30}] 100/100")
