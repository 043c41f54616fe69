"""Normalize typed names: character width, spaces and invisible characters."""

from __future__ import annotations

import os
import re
import unicodedata

# Strings, not compiled patterns: `re` caches them on first use, and most runs never use them.
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = rf"(?<=[{_HAN}])[\s\u3000]+(?=[{_HAN}])"
_DOT = rf"(?<=[{_HAN}])\s*[•‧∙⋅・･.．]\s*(?=[{_HAN}])"


def visible(text: str) -> str:
    """Strip control and format characters, so that `text` is safe to show, store or print.

    Runs of white space become one space.
    """
    kept = (
        " " if char in "\t\r\n" else char
        for char in text
        if char in "\t\r\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return re.sub(r"[\s\u3000]+", " ", "".join(kept)).strip()


def half_width(text: str) -> str:
    """Convert full-width digits and letters to half-width. Leaves Chinese punctuation alone."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" and char.isalnum() else char
        for char in text
    )


def person_name(text: str) -> str:
    """Normalize a person's name: no padding spaces (张　三), `·` between the parts of a name."""
    clean = re.sub(_BETWEEN_HAN, "", visible(text))
    return re.sub(_DOT, "·", clean)


def unit_name(text: str) -> str:
    """Normalize a unit's name: half-width digits and letters, no spaces between Han characters."""
    return re.sub(_BETWEEN_HAN, "", visible(half_width(text)))


def plain_text(text: str) -> str:
    """Normalize one line of free text: half-width digits and letters, single spaces."""
    return visible(half_width(text))


def compact(text: str) -> str:
    """Normalize a number or code: everything half-width, no spaces."""
    return "".join(visible(unicodedata.normalize("NFKC", text)).split())


def initials(name: str) -> str:
    """The pinyin initials of a name in lower case: 王建国 → `wjg`.

    Letters and digits that are not Chinese are kept as they are.
    """
    # Without the phrase dictionary the import takes 59 ms instead of 254.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(char for part in parts for char in part if char.isalnum()).lower()
