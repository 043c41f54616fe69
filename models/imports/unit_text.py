"""Find the names of known units in the texts of a roster."""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.names import unit_name

_NUMBER = re.compile(
    r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．\s]+|^[（(][一二三四五六七八九十\d]{1,3}[)）]"
)
_COUNT = re.compile(r"[（(]?共?\d+[人名]?[)）]?$|[:：]$")
_DECORATION = "■□●○◆◇★☆▲△※【】〔〕《》[]*—- "
_BETWEEN = " 　、,，;；:：-—/\n\t"


class Units:
    """The full and short names of the units there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._longest = 0
        self.add(names)

    def add(self, names: Iterable[str]) -> None:
        """Add full or short names."""
        self._names.update(unit_name(name) for name in names)
        self._names.discard("")
        self._longest = max(map(len, self._names), default=0)

    def named(self, text: str) -> str:
        """The name of the unit that a text is, without a number before or a count after it; empty
        if it is none."""
        plain = unit_name(text).strip(_DECORATION)
        for shorter in (plain, _NUMBER.sub("", plain), _COUNT.sub("", _NUMBER.sub("", plain))):
            if shorter in self._names:
                return shorter
        return ""

    def in_text(self, text: str) -> str:
        """The longest name of a unit within a text; empty if there is none."""
        plain = unit_name(text)
        for length in range(min(self._longest, len(plain)), 1, -1):
            for start in range(len(plain) - length + 1):
                if plain[start : start + length] in self._names:
                    return plain[start : start + length]
        return ""

    def parted(self, text: str) -> tuple[str, str]:
        """The unit and the title in a text, as 东岭县局局长; the whole text as the unit if no
        known unit stands in it."""
        plain = unit_name(text)
        for length in range(min(self._longest, len(plain)), 1, -1):
            if plain[:length] in self._names:
                return plain[:length], plain[length:].strip(_BETWEEN)
        if unit := self.in_text(plain):
            before, _, after = plain.partition(unit)
            return unit, f"{before}{after}".strip(_BETWEEN)
        return plain, ""
