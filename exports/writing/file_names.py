"""Build safe file names from names that people typed.

The parts can contain anything: `../`, `[/b]`, control characters. The file names keep Chinese
characters but have no path characters, spaces, leading dots or names that Windows reserves for
devices. They are at most 200 bytes long, including the suffix, which is never shortened.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from models.names import visible

MOST_BYTES = 200
_UNSAFE = re.compile(r'[<>:"/\\|?*\[\]{}$`\'&;%~#!^=+,@\s\u3000]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_EMPTY = "未命名"


def safe_file_name(parts: Iterable[str], suffix: str = "") -> str:
    """Join `parts` with `_` into a file name. Parts that are empty once cleaned are left out.

    If the name is too long, its longest parts are shortened first, so that each part stays as
    recognizable as possible.
    """
    clean = [part for part in map(_clean, parts) if part] or [_EMPTY]
    while len("_".join(clean).encode()) + len(suffix.encode()) > MOST_BYTES:
        longest = max(range(len(clean)), key=lambda n: len(clean[n].encode()))
        if len(clean[longest]) == 1:
            clean.pop(longest)
        else:
            clean[longest] = clean[longest][:-1].rstrip(".") or clean[longest][:1]
    stem = "_".join(clean)
    return ("_" if _RESERVED.fullmatch(stem) else "") + stem + suffix


class TakenNames:
    """The file names already used in one folder.

    A name that a file system could confuse with an earlier one gets a number, so that one
    person's letter never overwrites another's.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, parts: Iterable[str], suffix: str) -> str:
        """Return an unused file name made of `parts`, and mark it as used."""
        base = list(parts)
        name = safe_file_name(base, suffix)
        number = 1
        while _folded(name) in self._taken:
            number += 1
            name = safe_file_name(base, f"_{number}{suffix}")
        self._taken.add(_folded(name))
        return name


def _clean(part: str) -> str:
    # Rare characters of names that Python's tables do not know yet are kept.
    kept = visible(unicodedata.normalize("NFC", part))
    return re.sub(r"\.{2,}", ".", _UNSAFE.sub("", kept)).strip("._-")


def _folded(name: str) -> str:
    """The name as seen by a file system that ignores case and width."""
    return unicodedata.normalize("NFKC", name).casefold()
