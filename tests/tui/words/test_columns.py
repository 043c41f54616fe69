"""Text in columns: broken where a reader does not stumble, and never lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.words.columns import visible_line, wrap


@given(text=st.text("中文12-，。 ab%", max_size=60), width=st.integers(4, 30))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(cell_len(line) <= width for line in lines)


def test_a_date_stays_on_one_line() -> None:
    assert wrap("定期、上级抽测、集中；2026-11-02 至 2026-11-13", 37) == [
        "定期、上级抽测、集中；2026-11-02 至 ",
        "2026-11-13",
    ]


def test_a_line_does_not_begin_with_a_mark_that_closes() -> None:
    assert wrap("一二三四，五六", 8) == ["一二三", "四，五六"]


def test_what_is_longer_than_a_line_is_broken_where_it_ends() -> None:
    assert wrap("0123456789abcdef", 10) == ["0123456789", "abcdef"]


@pytest.mark.parametrize("name", ["赵\ue000", "王\U00031360", "张　三", "李\u200b一", "孙\x1b[31m"])
def test_the_blanks_of_a_line_stay_whatever_stands_in_it(name: str) -> None:
    shown = visible_line(f"  {name}  局长")
    assert shown.startswith("  ")
    assert shown.endswith("  局长")
    assert not any(char in shown for char in "\x1b\u200b\u3000")


def test_what_two_blanks_part_stays_together() -> None:
    assert wrap("应到 58 人  实到 55 人  状态：录入", 28) == [
        "应到 58 人  实到 55 人  ",
        "状态：录入",
    ]
    assert wrap("还有 10 个问题，请看一看", 20) == ["还有 10 个问题，请看", "一看"]
