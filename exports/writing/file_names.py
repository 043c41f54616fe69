"""File names from names that people typed: Chinese, and safe on any file system.

A part of a name can hold anything, `../` or `[/b]` or a control character; a file name made here
has no path characters, no spaces, no leading dots, none of the names that Windows keeps for
devices, and at most 200 bytes, its suffix kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_BYTES = 200
_UNSAFE = re.compile(r'[<>:"/\\|?*\[\]{}$`\'&;%~#!^=+,@\s\u3000]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_EMPTY = "未命名"


def safe_file_name(parts: Iterable[str], suffix: str = "") -> str:
    """`parts` joined by `_`, as a file name. Parts that are empty once cleaned are left out.

    Too long a name is shortened at its longest parts first, so that every part stays told apart
    as well as it can.
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
    """The names given out in one folder: a second one that a file system could take for the
    first gets a number, so that nobody's letter overwrites another's."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, parts: Iterable[str], suffix: str) -> str:
        """A file name of `parts` that is not given out yet."""
        base = list(parts)
        name = safe_file_name(base, suffix)
        number = 1
        while _folded(name) in self._taken:
            number += 1
            name = safe_file_name(base, f"_{number}{suffix}")
        self._taken.add(_folded(name))
        return name


def _clean(part: str) -> str:
    kept = "".join(
        char for char in unicodedata.normalize("NFC", part) if unicodedata.category(char)[0] != "C"
    )
    return re.sub(r"\.{2,}", ".", _UNSAFE.sub("", kept)).strip("._-")


def _folded(name: str) -> str:
    """The name as a file system sees it that tells neither case nor width apart."""
    return unicodedata.normalize("NFKC", name).casefold()
