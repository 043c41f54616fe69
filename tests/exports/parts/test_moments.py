"""A moment on a signed paper bears its zone in Chinese."""

import pytest

from exports.parts.wording import moment_words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-11-05T09:30:00", "2026年11月5日9时30分"),
        ("2026-11-05T09:30:00+08:00", "2026年11月5日9时30分（东八区）"),
        ("2026-11-05T09:30:00+00:00", "2026年11月5日9时30分（零时区）"),
        ("2026-11-05T09:30:00-05:00", "2026年11月5日9时30分（西五区）"),
        ("2026-11-05T09:30:00+05:30", "2026年11月5日9时30分（东5时30分）"),
    ],
)
def test_a_moment_in_words(iso: str, words: str) -> None:
    assert moment_words(iso) == words
