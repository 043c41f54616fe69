"""Rules of a round that are typed as a line of text: the trust rule and the voter groups.

`round_words.trust_text` and `round_words.groups_text` write what is read here.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

from models.names import plain_text
from models.refusal import RefusedError
from models.regulation.rules import Comparator, TrustRule
from tui.screens.rounds.round_words import DENOMINATORS

_MOST_WEIGHT = 10_000
_SIGNS = {
    Comparator.AT_LEAST: (">=", "=>", "≥", "≧", "达到", "不少于", "不低于", "至少"),
    Comparator.MORE_THAN: (">", "超过", "多于", "大于"),
}
_TRUST = re.compile(
    rf"(?P<grades>.+?)\s*(?P<sign>{'|'.join(chain(*_SIGNS.values()))})\s*"
    r"(?P<numerator>[1-9]\d{0,3})\s*/\s*(?P<denominator>[1-9]\d{0,3})\s*(\((?P<base>.+)\))?"
)


def read_trust(text: str, known: tuple[str, ...]) -> TrustRule | None:
    """The trust rule in a line such as `优秀+称职>=2/3`; None for an empty line. `known` are the
    level's grades. Raises `RefusedError` with the reason, which does not name the level."""
    line = unicodedata.normalize("NFKC", text).strip()
    if not line:
        return None
    match = _TRUST.fullmatch(line)
    if match is None:
        raise RefusedError("应写作 优秀+称职>=2/3（达到）或 优秀+称职>1/2（超过），不设就留空")
    grades = tuple(part.strip() for part in re.split(r"[+、,和]", match["grades"]))
    for grade in grades:
        if grade not in known:
            raise RefusedError(f"没有等次“{grade}”，应取自 {'、'.join(known)}，用 + 连接")
    if len(set(grades)) < len(grades):
        raise RefusedError("等次有重复")
    numerator, denominator = int(match["numerator"]), int(match["denominator"])
    if numerator > denominator:
        raise RefusedError(f"{numerator}/{denominator} 大于 1，请核对")
    bases = {label: value for value, label in DENOMINATORS.items()}
    if match["base"] and match["base"] not in bases:
        raise RefusedError(f"没有分母“{match['base']}”，应取自 {'、'.join(bases)}")
    sign = (
        Comparator.AT_LEAST
        if match["sign"] in _SIGNS[Comparator.AT_LEAST]
        else Comparator.MORE_THAN
    )
    ordered = tuple(grade for grade in known if grade in grades)
    return TrustRule(ordered, sign, numerator, denominator, bases.get(match["base"] or ""))


def read_groups(text: str) -> tuple[tuple[str, int], ...]:
    """The names of the voter groups and their weights (0 for none) in a line such as
    `班子成员、中层干部` or `班子成员=30、中层干部=70`. Raises `RefusedError` with the reason."""
    found = []
    for part in re.split(r"[、,，;；]", text):
        name, equals, weight = re.sub("＝", "=", part).partition("=")
        name, digits = plain_text(name), unicodedata.normalize("NFKC", weight).strip()
        if not name and not equals:
            continue
        if not name:
            raise RefusedError(f"“{part.strip()}”没有名称")
        if equals and not (digits.isdecimal() and 1 <= int(digits) <= _MOST_WEIGHT):
            raise RefusedError(f"{name} 的权重应为 1 至 {_MOST_WEIGHT} 的整数，不加权就不写 =")
        found.append((name, int(digits) if equals else 0))
    return tuple(found)
