"""Since which version of its seal a result is what it is now: whom a correction concerns.

Two versions of a poll are held against each other by their sealed texts. A person's result is every
number that a letter gives of it: the marks at each of the person's places, the paper of the sheet,
and day and attendance of the poll. In a weighted round marks count by voter group, because the
shares do.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from models.database.tables import Seal
from models.recount.ceping_recount import Recount, recount

# Level, name and post as printed, and which of several of that name and post.
SubjectKey = tuple[int, str, int]
_Result = tuple[object, ...]


@dataclass(frozen=True)
class SealedResults:
    """What one sealed text says of the subjects of its poll."""

    of_subject: Mapping[SubjectKey, _Result]
    """The result of each subject."""
    occasion: _Result
    """Day, voters expected and voters present."""

    def of(self, keys: Iterable[SubjectKey]) -> _Result:
        """The results of some subjects together, to be compared with those of another version."""
        return (self.occasion, *(self.of_subject.get(key) for key in keys))


@dataclass(frozen=True)
class SealVersions:
    """The versions of a poll's seal."""

    days: tuple[str, ...] = ()
    """The day of each version, oldest first, as ISO text."""
    results: tuple[SealedResults | None, ...] = field(default=(), repr=False)
    """What each says; None where it cannot be read, and for a poll with one version only."""

    @property
    def current(self) -> int:
        """The newest version; 0 without a seal."""
        return len(self.days)

    def since(self, keys: Collection[SubjectKey] | None) -> int:
        """Return the oldest version from which on the results of these subjects are what they are
        now; without `keys`, those of the whole poll."""
        version = self.current
        while version > 1 and self._alike(version - 1, keys):
            version -= 1
        return version

    def day(self, version: int) -> str:
        """The day on which a version was sealed; empty if there is none."""
        return self.days[version - 1] if 1 <= version <= self.current else ""

    def _alike(self, version: int, keys: Collection[SubjectKey] | None) -> bool:
        one, other = self.results[version - 1], self.results[version]
        if one is None or other is None:
            return False
        return one == other if keys is None else one.of(keys) == other.of(keys)


def seal_versions(poll_ids: Sequence[int]) -> dict[int, SealVersions]:
    """Return the versions of the seals of these polls by poll id; polls without one are left out.

    Only texts of polls that were sealed more than once are read.
    """
    days: dict[int, list[str]] = {}
    order = (Seal.poll, Seal.version)
    for row in Seal.select(Seal.poll, Seal.at).where(Seal.poll.in_(poll_ids)).order_by(*order):
        days.setdefault(row.poll_id, []).append(row.at[:10])
    texts: dict[int, list[SealedResults | None]] = {}
    again = Seal.poll.in_([poll_id for poll_id, of in days.items() if len(of) > 1])
    for row in Seal.select(Seal.poll, Seal.canonical).where(again).order_by(*order):
        texts.setdefault(row.poll_id, []).append(_read(bytes(row.canonical)))
    return {
        poll_id: SealVersions(tuple(of), tuple(texts.get(poll_id, ())))
        for poll_id, of in days.items()
    }


@lru_cache(maxsize=256)
def _read(packed: bytes) -> SealedResults | None:
    """Screens ask again and again; a sealed text never changes."""
    try:
        return results_of(zlib.decompress(packed))
    except (zlib.error, ValueError, KeyError, IndexError, TypeError):
        return None


def results_of(text: bytes) -> SealedResults:
    """Count the results of a sealed text. Raises `ValueError`, `KeyError`, `IndexError` or
    `TypeError` if it is none."""
    whole = recount(text)
    rows = [json.loads(line) for line in text.decode().splitlines()]
    groups = [row[1] for row in rows if row[0] == "group" and row[2]]
    parts = [whole, *(recount(_of_group(text, group)) for group in groups)]
    papers = {
        (level, who, twin): whole.paper[sheet] for (level, who, twin), sheet in _sheets(whole)
    }
    marks: dict[SubjectKey, list[object]] = {key: [] for key in papers}
    for part in parts:
        for place, counted in part.marks.items():
            marks[place[:3]].append((place.line, sorted(counted.items())))
    (voted,) = [row for row in rows if row[0] == "poll"]
    occasion = (voted[2], voted[4], voted[5])
    return SealedResults({key: (papers[key], *marks[key]) for key in papers}, occasion)


def _of_group(text: bytes, group: str) -> bytes:
    """The text without the ballots of all other groups."""
    kept, here = [], True
    for line in text.decode().splitlines(keepends=True):
        row = json.loads(line)
        if row[0] == "stack":
            here = row[2] == group
        if here or row[0] != "ballots":
            kept.append(line)
    return "".join(kept).encode()


def _sheets(found: Recount) -> Iterable[tuple[SubjectKey, int]]:
    """Each subject with its sheet, namesakes counted as the recount counts them."""
    seen: dict[tuple[int, str], int] = {}
    for sheet, subjects in found.sheets.items():
        for who in subjects:
            seen[who] = seen.get(who, 0) + 1
            yield (*who, seen[who]), sheet
