"""Normalize typed names: character width, spaces and invisible characters."""

from __future__ import annotations

import os
import re
import unicodedata

# Strings, not compiled patterns: `re` caches them on first use, and most runs never use them.
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = rf"(?<=[{_HAN}])[\s\u3000]+(?=[{_HAN}])"
_DOT = rf"(?<=[{_HAN}])\s*[·•‧∙⋅・･.．﹒ꞏ]\s*(?=[{_HAN}])"
_ESCAPED = r"(?:_x[dD][89abAB][0-9a-fA-F]{2}__x[dD][c-fC-F][0-9a-fA-F]{2}_|_x[0-9a-fA-F]{4}_)"

# The characters of GB 18030 at FE50 to FEA0 (U+E815 to U+E864 in older fonts) that Python's table,
# which is that of 2000, still leaves in the private use area; later GB 18030 moved them.
_SINCE_2005 = {
    "\ue816": "\U00020087",
    "\ue817": "\U00020089",
    "\ue818": "\U000200cc",
    "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f",
    "\ue855": "\U000241fe",
    "\ue81e": "\u9fb4",
    "\ue826": "\u9fb5",
    "\ue82b": "\u9fb6",
    "\ue82c": "\u9fb7",
    "\ue832": "\u9fb8",
    "\ue843": "\u9fb9",
    "\ue854": "\u9fba",
    "\ue864": "\u9fbb",
}
_FIRST_PRIVATE, _LAST_PRIVATE = "\ue815", "\ue864"

# First letters of surnames that are read differently as a surname than elsewhere, or that a
# dictionary of characters reads differently. Where families differ, the commoner reading stands.
_SURNAME_LETTERS = """
    尉迟:yc 万俟:mq 单于:cy 长孙:zs 令狐:lh 澹台:tt 夏侯:xh 鲜于:xy 呼延:hy 单:s 仇:q 解:x 区:o
    曾:z 查:z
    盖:g 朴:p 乐:y 召:s 冼:x 洗:x 缪:m 覃:q 翟:z 华:h 任:r 纪:j 燕:y 种:c 繁:p
    折:s 那:n 佴:n 薄:b 贾:j 盛:s 柏:b 牟:m 乜:n 阚:k 叶:y 沈:s 车:c 宿:s 卜:b
    重:c 秘:b 宁:n 晁:c 谌:c 郇:x 黑:h 仉:z 贲:b 隗:k 员:y 臧:z 郗:x 葛:g 过:g
    相:x 哈:h 都:d 尉:w 殷:y 曲:q 祭:z 莘:s 逄:p 句:g 洪:h 参:s 藏:z 行:x 长:c
    石:s 谷:g 瞿:q 冯:f
"""
_SURNAMES = dict(pair.split(":") for pair in _SURNAME_LETTERS.split())


def visible(text: str) -> str:
    """Strip control and format characters, so that `text` is safe to show, store or print.

    Runs of white space become one space. Private-use characters, and those that Python's tables do
    not know yet, stay: they stand in names.
    """
    # Nearly every text: nothing in it to strip, and no white space but the plain space.
    if text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if char in "\t\r\n" else char for char in text if char in "\t\r\n" or not _hidden(char)
    )
    return re.sub(r"[\s\u3000]+", " ", "".join(kept)).strip()


def names_it(text: str, wanted: str, letters: str = "") -> bool:
    """Whether `wanted` is a part of a text, or of the first letters of its syllables; they are
    reckoned unless given as `letters`. Nothing wanted is a part of every text."""
    if wanted in text:
        return True
    typed = half_width(wanted).lower().replace(" ", "")
    return typed.isascii() and typed in (letters or word_initials(text))


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs") or noncharacter(char)


def noncharacter(char: str) -> bool:
    """Whether Unicode promises never to assign `char`."""
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def unescaped(text: str) -> str:
    """Decode the escapes of Office files, as `_x000D_` for a carriage return."""
    return re.sub(_ESCAPED, _decoded_escape, text) if "_x" in text else text


def _decoded_escape(found: re.Match[str]) -> str:
    units = [int(part, 16) for part in re.findall("x([0-9a-fA-F]{4})_", found[0])]
    data = b"".join(unit.to_bytes(2, "little") for unit in units)
    return data.decode("utf-16-le", "surrogatepass")


def standard(text: str) -> str:
    """Replace the private-use characters of GBK that have got a code point of their own."""
    if text.isprintable():
        return text
    return "".join(
        _standard(char) if _FIRST_PRIVATE <= char <= _LAST_PRIVATE else char for char in text
    )


def _standard(char: str) -> str:
    if char in _SINCE_2005:
        return _SINCE_2005[char]
    place = ord(char) - ord(_FIRST_PRIVATE) + 0x50
    # No character of GB 18030 has 7F as its second byte.
    return bytes((0xFE, place + (place >= 0x7F))).decode("gb18030")


def half_width(text: str) -> str:
    """Convert full-width digits and letters to half-width. Leaves Chinese punctuation alone."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" and char.isalnum() else char
        for char in text
    )


def person_name(text: str) -> str:
    """Normalize a person's name: no padding spaces (张　三), `·` between the parts of a name.

    No other character that can be seen is dropped or replaced, but for those of `standard`.
    """
    clean = re.sub(_BETWEEN_HAN, "", visible(standard(text)))
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
    """The pinyin initials of a person's name in lower case: 王建国 → `wjg`, 曾国强 → `zgq`.

    The surname has the reading it has as a surname. Letters and digits that are not Chinese are
    kept as they are.
    """
    for length in (2, 1):
        if read := _SURNAMES.get(name[:length]):
            return read + word_initials(name[length:])
    return word_initials(name)


def word_initials(text: str) -> str:
    """The pinyin initials of a unit's name or another word in lower case: 夏河县局 → `xhxj`."""
    # Without the phrase dictionary the import takes 59 ms instead of 254.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return "".join(char for part in parts for char in part if char.isalnum()).lower()
