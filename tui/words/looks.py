"""请看一看 in words: what of a round asks for a look, and what to check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from models.rounds.looks import Look, LookCode


def _date_outside(date: str, starts: str, ends: str, year: int) -> str:
    if not starts and not ends:
        return f"测评日期 {date} 不在 {year} 年"
    return f"测评日期 {date} 不在轮次起止（{starts or '未定'} 至 {ends or '未定'}）之内"


def _second_round(title: str, kind: str, year: int, units: int) -> str:
    return f"“{title}”同是 {year} 年度{kind}测评，有 {units} 个相同的单位"


_WHAT: Mapping[LookCode, Callable[..., str]] = {
    LookCode.DATE_OUTSIDE: _date_outside,
    LookCode.SECOND_ROUND: _second_round,
    LookCode.ONE_GROUP: "测评人员只有“{group}”一类".format,
    LookCode.OTHER_YEAR: "轮次 {day} 开始，年度是 {year}".format,
}
_CHECK: Mapping[LookCode, str] = {
    LookCode.DATE_OUTSIDE: "核对测评日期和轮次的起止、年度：历次结果按测评日期分先后。",
    LookCode.SECOND_ROUND: "核对是不是重复建了轮次，年度、性质和单位有没有写错。",
    LookCode.ONE_GROUP: "核对类别有没有漏：只有一类时，合计就是这一类的票。",
    LookCode.OTHER_YEAR: "核对年度和起止日期：文书按年度称呼轮次。",
}


def code_of(look: Look) -> str:
    """What a look is called on a screen: its number alone, for letters look like keys."""
    return f"提示{look.code.value[1:]}"


def what(look: Look) -> str:
    """What asks for a look, with its values."""
    return _WHAT[look.code](**look.values)


def check(code: LookCode) -> str:
    """What to check, in a sentence."""
    return _CHECK[code]


def brief(looks: Iterable[tuple[str, Look]]) -> list[str]:
    """One line each, with what alone; where is empty for the round itself."""
    return [f"{code_of(look)} {where + '：' if where else ''}{what(look)}" for where, look in looks]


def lines(looks: Iterable[tuple[str, Look]]) -> list[str]:
    """The same with what to check."""
    found = list(looks)
    return [
        f"{line}。{check(look.code)}" for line, (_, look) in zip(brief(found), found, strict=True)
    ]
