"""Titles and long names broken by meaning: every county of the province, names of 39 characters."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from exports.page.meaning import by_meaning

DIVISIONS = Path(__file__).parents[2] / "data" / "divisions.csv"
PROVINCE = "甘肃省"
BUREAU = "工商行政管理局"
ROUND = "2026年度党风廉政建设责任制民主测评"
# A line of a title on an upright and on a turned page, one of a table's column.
WIDTHS = (19.6, 28.5, 14)
# Never on two lines: where a cut within any of these would be.
WHOLE = re.compile(
    r"[^省州市县区局族]+族|管理局|办公室|\d+年度?|\d+月|\d+日|党风廉政|责任制|民主|"
    r"(?<=族)自治[州县]|[兰凉甘肃秦瓜]州[市区县]"
)


def names() -> list[str]:
    """The full name of every place, from the county up."""
    with DIVISIONS.open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    found = []
    for row in rows.values():
        above = rows.get(row["parent"])
        found.append((above["name"] if above else PROVINCE) + row["name"])
    return found


def cuts(lines: tuple[str, ...]) -> set[int]:
    """Where the lines are broken."""
    at, found = 0, set()
    for line in lines[:-1]:
        at += len(line)
        found.add(at)
    return found


def check(text: str, width: float) -> tuple[str, ...]:
    lines = by_meaning(text, width)
    assert "".join(lines) == text
    assert all(len(line) > 1 for line in lines), lines
    assert all(len(line) <= width + 2 for line in lines), lines  # digits count half
    for match in WHOLE.finditer(text):
        if match.end() - match.start() <= width:
            inside = cuts(lines) & set(range(match.start() + 1, match.end()))
            assert not inside, (match[0], lines)
    return lines


@pytest.mark.parametrize("width", WIDTHS)
def test_no_name_of_a_place_is_broken(width: float) -> None:
    assert len(names()) > 90
    for name in names():
        check(f"{name}{BUREAU}", width)
        check(f"关于{name}{BUREAU}{ROUND}情况的报告", width)
        check(f"{name}{BUREAU}党组", width)


def test_a_county_stays_whole_on_its_line() -> None:
    name = "积石山保安族东乡族撒拉族自治县"
    assert check(f"{name}{BUREAU}", 19.6) == (name, BUREAU)
    lines = check(f"临夏回族自治州{name}{BUREAU}", 19.6)
    assert lines == ("临夏回族自治州", name, BUREAU)


def test_names_of_39_characters() -> None:
    for name in (
        "甘肃省陇南市武都区白龙江林业管理局工商行政管理局白龙江直属分局机关党总支第二支部会",
        "中共临夏回族自治州积石山保安族东乡族撒拉族自治县工商行政管理局党组纪律检查组",
        "临夏回族自治州积石山保安族东乡族撒拉族自治县工商行政管理局城关工商行政管理所",
    ):
        assert 37 <= len(name) <= 41
        for width in WIDTHS:
            check(name, width)


def test_titles_end_their_lines_where_a_word_ends() -> None:
    assert check(f"{ROUND}结果反馈书", 19.6) == ("2026年度党风廉政建设责任制", "民主测评结果反馈书")
    assert check("关于白银市工商行政管理局2026年度民主测评情况的报告", 19.6) == (
        "关于白银市工商行政管理局",
        "2026年度民主测评情况的报告",
    )


def test_lines_make_no_hollow() -> None:
    for name in names():
        lines = by_meaning(f"关于{name}{BUREAU}{ROUND}情况的报告", 19.6)
        for before, middle, after in zip(lines, lines[1:], lines[2:], strict=False):
            assert not len(before) - 3 > len(middle) < len(after) - 3, lines


def test_what_cannot_be_broken_by_meaning_is_broken_evenly() -> None:
    assert by_meaning("票" * 45, 19.6) == ("票" * 15,) * 3
    assert by_meaning("短题", 20) == ("短题",)
