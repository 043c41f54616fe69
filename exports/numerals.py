"""Chinese numbers of headings: 一、二、…十一、 (GB/T 9704-2012, 7.3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

_DIGITS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    words = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return words + (_DIGITS[ones] if ones else "")


def headings() -> Iterator[str]:
    """一、 and so on, without end."""
    return (f"{numeral(number)}、" for number in count(1))
