"""Names as people type them: width, spaces and invisible characters made uniform."""

from __future__ import annotations

import os
import re
import unicodedata

# Patterns are compiled (and kept by `re`) when first used: most starts never use them.
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = rf"(?<=[{_HAN}])[\s\u3000]+(?=[{_HAN}])"
_DOT = rf"(?<=[{_HAN}])\s*[•‧∙⋅・･.．]\s*(?=[{_HAN}])"


def visible(text: str) -> str:
    """`text` without control and format characters: what may be shown, stored or printed."""
    kept = (
        " " if char in "\t\r\n" else char
        for char in text
        if char in "\t\r\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return re.sub(r"[\s\u3000]+", " ", "".join(kept)).strip()


def half_width(text: str) -> str:
    """Full-width digits and letters made half-width; Chinese punctuation is left alone."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" and char.isalnum() else char
        for char in text
    )


def person_name(text: str) -> str:
    """A person's name as it is stored: no filling spaces (张　三), `·` between parts of a name."""
    clean = re.sub(_BETWEEN_HAN, "", visible(text))
    return re.sub(_DOT, "·", clean)


def unit_name(text: str) -> str:
    """A unit's name as it is stored: half-width digits and letters, no spaces between Han."""
    return re.sub(_BETWEEN_HAN, "", visible(half_width(text)))


def plain_text(text: str) -> str:
    """Free text on one line as it is stored: half-width digits and letters, single spaces."""
    return visible(half_width(text))


def compact(text: str) -> str:
    """A number or a code as it is stored: all of it half-width, no spaces."""
    return "".join(visible(unicodedata.normalize("NFKC", text)).split())


def initials(name: str) -> str:
    """The first letters of a name's syllables, lower case: 王建国 → `wjg`. Other characters
    that are letters or digits stand for themselves."""
    # Without the phrase dictionary the import costs 59 ms instead of 254.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(char for part in parts for char in part if char.isalnum()).lower()
