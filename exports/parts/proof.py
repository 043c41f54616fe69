"""Whether the counts of a sealed poll are those of its sealed text.

A document of a sealed poll prints the digest of that text. So its numbers must be those that
anybody counts from the text; the count here is that of the recount, which shares no code with the
tally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from models.count.tally import LevelTally
from models.recount.ceping_recount import CountedPlace, Recount, recount
from models.regulation.levels import Level
from models.seal.sealing import SealInfo


def fault(levels: Mapping[Level, LevelTally], seal: SealInfo, text: bytes) -> str:
    """What does not agree between the tallies of a sealed poll, its digest and its sealed text,
    in words; empty if all does."""
    try:
        found = recount(text)
    except (ValueError, KeyError, IndexError, TypeError):
        return "封存内容读不出"
    if found.digest != seal.digest:
        return "封存内容与摘要不符"
    if _tallied(levels) != _sealed(found):
        return "得票与封存内容不符"
    return ""


def _tallied(levels: Mapping[Level, LevelTally]) -> dict[CountedPlace, tuple[int, ...]]:
    found: dict[CountedPlace, tuple[int, ...]] = {}
    for level, tallied in levels.items():
        seen: Counter[str] = Counter()
        for each in tallied.subjects:
            who = f"{each.subject.name} {each.subject.post}".strip()
            seen[who] += 1
            for line, place in enumerate(each.places, 1):
                key = CountedPlace(int(level), who, seen[who], line)
                found[key] = (*place.grades, place.blank, place.overvote)
    return found


def _sealed(found: Recount) -> dict[CountedPlace, tuple[int, ...]]:
    return {
        place: (
            *(marks[str(number)] for number in range(1, len(found.grades[place.level]) + 1)),
            marks["0"],
            marks["*"],
        )
        for place, marks in found.marks.items()
    }
