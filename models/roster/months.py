"""Parse months as people type them into the form used in personnel files, `1965.09`."""

from __future__ import annotations

import datetime
import re
import unicodedata

from models.refusal import RefusedError

_FORMS = (
    re.compile(r"(?P<year>\d{4})(?P<dot>[.。])(?P<month>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})[-/年、,](?P<month>\d{1,2})月?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})"),
    re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
)
_IN_WORDS = re.compile(
    r"(?P<year>[〇零○一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月份?"
    r"(?:(?P<day>[一二三四五六七八九十]{1,3})日)?"
)
_ZEROS = str.maketrans("〇○", "零零")
_FIGURES = "零一二三四五六七八九"
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def month(text: str) -> str:
    """Parse a month and return it as `1965.09`; an empty text stays empty.

    Accepts 1965.09, 1965-9, 1965/09, 1965年9月, 一九六五年九月, 196509 and full dates, also in
    full-width digits.

    Raises `RefusedError` if the text is not a month. Its message is only the reason; the caller
    names the field. `1965.1` is refused as well, because spreadsheets turn 1965.10 into it.
    """
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    plain = re.sub(r"\s+", "", plain)
    if words := _IN_WORDS.fullmatch(plain):
        rest = f"{_number(words['day'])}日" if words["day"] else ""
        plain = f"{_number(words['year'])}年{_number(words['month'])}月{rest}"
    if not plain:
        return ""
    found = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if found is None:
        raise RefusedError("认不出年月；请写作 1965.09")
    parts = found.groupdict()
    year, number = int(parts["year"]), int(parts["month"])
    if parts.get("dot") and parts["month"] == "1":
        raise RefusedError(f"分不清是 1 月还是 10 月；请写作 {year}.01 或 {year}.10")
    if not 1 <= number <= 12:
        raise RefusedError(f"没有 {number} 月；请写作 1965.09")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise RefusedError(f"年份 {year} 不对；请写作 1965.09")
    if day := parts.get("day"):
        try:
            datetime.date(year, number, int(day))
        except ValueError:
            raise RefusedError(f"{number} 月没有 {int(day)} 日；请写作 1965.09") from None
    return f"{year}.{number:02d}"


def _number(words: str) -> int:
    """The number that is written in Chinese figures, one by one or with 十."""
    if "十" not in words:
        return int("".join(str(_FIGURES.index(char)) for char in words.translate(_ZEROS)))
    tens, _, ones = words.partition("十")
    return 10 * (_FIGURES.index(tens) if tens else 1) + (_FIGURES.index(ones) if ones else 0)


def this_month() -> str:
    """The current month, as `2026.11`."""
    return datetime.date.today().strftime("%Y.%m")
