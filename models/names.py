"""Normalize typed names: character width, spaces and invisible characters."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import cache

# Strings, not compiled patterns: `re` caches them on first use, and most runs never use them.
# Han characters, with the private-use ones that stand for some, and the selectors of variants.
_HAN = (
    r"\u2e80-\u9fff\ue000-\ufaff\ufe00-\ufe0f\U00020000-\U0003ffff"
    r"\U000e0100-\U000e01ef\U000f0000-\U0010ffff"
)
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

# Surnames that are read differently as a surname than elsewhere, or that a dictionary of characters
# reads differently. Where families differ, the commoner reading stands first.
_SURNAME_READINGS = """
    尉迟:yu,chi 万俟:mo,qi 单于:chan,yu 长孙:zhang,sun 令狐:ling,hu 澹台:tan,tai 夏侯:xia,hou
    鲜于:xian,yu 呼延:hu,yan 皇甫:huang,fu 申屠:shen,tu 淳于:chun,yu 濮阳:pu,yang 乐正:yue,zheng
    子车:zi,ju 颛孙:zhuan,sun 夹谷:jia,gu 宰父:zai,fu 亓官:qi,guan 赫连:he,lian 拓跋:tuo,ba
    单:shan 仇:qiu 解:xie 区:ou|qu 曾:zeng 查:zha|cha 盖:ge|gai 朴:piao|pu 乐:yue|le 召:shao|zhao
    冼:xian 洗:xian|xi 缪:miao|mou 覃:qin|tan 翟:zhai|di 华:hua 任:ren 纪:ji 燕:yan 种:chong|zhong
    繁:po|fan 折:she|zhe 那:na|nuo 佴:nai 薄:bo|bao 贾:jia 盛:sheng 柏:bai|bo 牟:mou|mu 乜:nie|mie
    阚:kan 叶:ye 沈:shen 车:che|ju 宿:su 卜:bu 重:chong|zhong 秘:bi|mi 宁:ning 晁:chao 谌:chen|shen
    郇:xun|huan 黑:he|hei 仉:zhang 贲:ben|bi 隗:kui|wei 员:yun|yuan 臧:zang 郗:xi|chi 葛:ge 过:guo
    相:xiang 哈:ha 都:du 尉:wei|yu 殷:yin 曲:qu 祭:zhai|ji 莘:shen|xin 逄:pang 句:gou|ju 洪:hong
    参:shen 藏:zang 行:xing|hang 长:chang|zhang 石:shi 谷:gu 瞿:qu 冯:feng 万:wan 俞:yu 佘:she
    郄:qie|xi 幺:yao 么:yao 呙:guo 笪:da 妫:gui 炅:gui 訾:zi 睢:sui 逯:lu 色:se 眭:sui 应:ying
    占:zhan 阿:a 观:guan 冠:guan 干:gan 更:geng 钭:tou 强:qiang|jiang 蔚:wei|yu 隽:juan|jun
    颉:xie|jie 番:pan|fan 粘:nian 镡:tan|xin|chan 宓:mi|fu 库:she|ku 昝:zan 缑:gou 会:gui 载:dai
    弥:mi 撒:sa 泌:bi 适:kuo 郏:jia 郜:gao 麴:qu 於:yu 咸:xian 提:ti 揭:jie 晟:cheng|sheng 阙:que
    厍:she 仝:tong 俱:ju 降:jiang 藉:ji 伯:bo 扎:zha 给:ji 朝:chao 荨:xun 乘:cheng
"""
_SURNAMES = dict(pair.split(":") for pair in _SURNAME_READINGS.split())


def visible(text: str) -> str:
    """Strip control and format characters, so that `text` is safe to show, store or print.

    Runs of white space become one space. Private-use characters, and those that Python's tables do
    not know yet, stay: they stand in names.
    """
    # Nearly every text: nothing in it to strip, and no white space but the plain space.
    if text.isprintable():
        return " ".join(text.split())
    kept = (
        " " if char in "\t\r\n" else char for char in text if char in "\t\r\n" or not hidden(char)
    )
    return re.sub(r"[\s\u3000]+", " ", "".join(kept)).strip()


def names_it(text: str, wanted: str, readings: str = "") -> bool:
    """Whether a text is looked for by `wanted`; see `nearness`."""
    return nearness(text, wanted, readings) is not None


def nearness(text: str, wanted: str, readings: str = "") -> int | None:
    """How near a text is to what is looked for, 0 the nearest; None if it is not meant.

    It is meant by a part of its characters, by the first letters of their readings, by whole
    readings, and by any mixture: 曾国强 by 国强, `zgq`, `zeng`, `zenggq` and 曾gq. `readings` are
    those of the text (`person_readings`, `unit_readings`), reckoned if they are not given. Nothing
    wanted means every text.
    """
    typed = _typed(wanted)
    plain = _typed(text)
    if typed in plain:
        return 0 if typed == plain else 1 if plain.startswith(typed) else 3
    if not any(char.isascii() for char in typed):
        return None
    options = _options(plain, readings or unit_readings(text))
    first = [[each[0], each[-1]] for each in options]
    if _spelt(first, typed):
        return 0 if len(typed) >= len(first) else 2
    if _spelt(options, typed):
        return 4
    if any(_spelt(options[start:], typed) for start in range(1, len(options))):
        return 5
    return None


def _typed(text: str) -> str:
    """A text in lower case and half width, without blanks and dots."""
    return "".join(half_width(text).lower().replace("·", "").split())


def _options(plain: str, readings: str) -> list[list[str]]:
    """What each character of a text may be typed as: its readings, then itself."""
    found = [reading.split("|") for reading in readings.split()]
    if len(found) != len(plain):
        return found
    return [[*options, char] for options, char in zip(found, plain, strict=True)]


def _spelt(options: list[list[str]], typed: str) -> bool:
    """Whether `typed` is made of beginnings of what the first characters may be typed as."""
    reached = {0}
    for each in options:
        reached = {
            at + length
            for at in reached
            for option in each
            for length in range(1, len(option) + 1)
            if typed.startswith(option[:length], at)
        }
        if len(typed) in reached:
            return True
        if not reached:
            return False
    return False


def hidden(char: str) -> bool:
    """Whether `char` cannot be seen: a control or format character, a lone surrogate, none."""
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


def cut_before(text: str) -> str:
    """A person's name as versions before the sixth stored it: without characters that Python's
    tables did not know, and without private-use ones. Empty if they would have stored all of it."""
    kept = "".join(char for char in unescaped(text) if not _was_cut(char))
    return person_name(kept) if kept != unescaped(text) else ""


def _was_cut(char: str) -> bool:
    # Extensions H and I: later tables know them.
    return unicodedata.category(char) in ("Cn", "Co") or (
        "\U00031350" <= char <= "\U000323af" or "\U0002ebf0" <= char <= "\U0002ee5d"
    )


def unit_name(text: str) -> str:
    """Normalize a unit's name: half-width digits and letters, no spaces between Han characters."""
    return re.sub(_BETWEEN_HAN, "", visible(half_width(text)))


def plain_text(text: str) -> str:
    """Normalize one line of free text: half-width digits and letters, single spaces."""
    return visible(half_width(text))


def compact(text: str) -> str:
    """Normalize a number or code: everything half-width, no spaces."""
    return "".join(visible(unicodedata.normalize("NFKC", text)).split())


def person_readings(name: str) -> str:
    """How the characters of a person's name are read: 曾国强 → `zeng|ceng guo qiang|jiang`.

    A reading of the surname as a surname stands before the others.
    """
    plain = _typed(name)
    for length in (2, 1):
        if read := _SURNAMES.get(plain[:length]):
            own = [part.split("|") for part in read.split(",")]
            others = unit_readings(plain).split()
            both = [
                "|".join(dict.fromkeys([*ours, *theirs.split("|")]))
                for ours, theirs in zip(own, others, strict=False)
            ]
            return " ".join([*both, *others[length:]])
    return unit_readings(plain)


def unit_readings(text: str) -> str:
    """How the characters of a unit's name or of another text are read, the commonest reading
    first: 夏河县局 → `xia he xian ju`. Other characters stand for themselves."""
    return " ".join(char if char.isascii() else _readings(char) for char in _typed(text))


@cache
def _readings(char: str) -> str:
    # Without the phrase dictionary and copies the import takes 50 ms instead of 254.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    read = dict.fromkeys(pinyin(char, style=Style.NORMAL, heteronym=True)[0])
    # 吕 is typed as lv or as lu.
    both = [each for one in read for each in (one, one.replace("v", "u"))]
    return "|".join(dict.fromkeys(both))
