"""The units of a plan: how many there are, and how many subjects each has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exports.page.markup import Markup
from exports.page.master import Orientation
from exports.page.styles import FLUSH
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.result_table import broken
from exports.parts.wording import date_words
from models.regulation.levels import Level, LevelContent
from models.rounds.layout import SubjectName
from models.rounds.polls import PollInfo

_WIDTH = Orientation.PORTRAIT.text_width
_SIZE = 21
_CHARACTER = _SIZE * 10  # twips
_MARGINS = 60
# Column widths in characters, except for the unit names.
_NUMBER, _COUNT, _DAY, _DATE, _EXPECTED = 2.2, 3.2, 5.2, 8.6, 2.2

# Whom a level is about, where its name says on what they are evaluated.
_NAMED = {Level.INTEGRITY: "领导干部（廉洁自律）"}

_Polls = Sequence[tuple[PollInfo, Mapping[Level, tuple[SubjectName, ...]]]]


def subjects_words(polls: _Polls, used: Sequence[LevelContent]) -> list[str]:
    """Return which units are evaluated, and how many subjects there are at each level."""
    counts = "、".join(
        f"{_NAMED.get(content.level, content.name)}"
        f"{sum(len(of.get(content.level, ())) for _, of in polls)}"
        f"{'人' if content.level.personal else '个'}"
        for content in used
    )
    if len(polls) == 1:
        names = f"被测评单位：{polls[0][0].unit_name}。"
    else:
        names = f"被测评单位共{len(polls)}个，见下表。" if polls else "被测评单位另行确定。"
    return [f"{names}被测评对象：{counts}。" if polls else names]


def units(markup: Markup, polls: _Polls, used: Sequence[LevelContent]) -> str:
    """Return the table of units in order, with the number of subjects at each level.

    Evaluation dates are included if they differ, and expected attendance if known. Empty for a
    single unit.
    """
    if len(polls) < 2:
        return ""
    dated = len({poll.date for poll, _ in polls}) > 1
    # If all dates are in one year, the year is left out.
    one_year = len({poll.date[:4] for poll, _ in polls if poll.date}) == 1
    counted = any(poll.expected for poll, _ in polls)
    beside = [_COUNT] * len(used) + [_DAY if one_year else _DATE] * dated + [_EXPECTED] * counted
    widths = [round(part * _CHARACTER) + _MARGINS for part in (_NUMBER, *beside)]
    widths.insert(1, _WIDTH - sum(widths))
    room = (widths[1] - _MARGINS) / _CHARACTER
    titles = [
        label("序号"),
        label("单位"),
        *(Cell(_title(content.name), face=label("").face) for content in used),
        *([label("测评日期")] * dated),
        *([label("应到")] * counted),
    ]
    rows = [Row(tuple(titles), header=True)]
    for number, (poll, of) in enumerate(polls, 1):
        cells = [
            cell(str(number)),
            Cell(broken(poll.unit_name, room)),
            *(cell(str(len(of.get(content.level, ())))) for content in used),
            *([cell(_day(poll.date) if one_year else date_words(poll.date))] * dated),
            *([cell(str(poll.expected or ""))] * counted),
        ]
        rows.append(Row(tuple(cells), keep_next=number + 1 >= len(polls)))
    total = [
        label("合计", span=2),
        *(cell(str(sum(len(of.get(each.level, ())) for _, of in polls))) for each in used),
        *([cell("")] * dated),
        *([cell(str(sum(poll.expected for poll, _ in polls)))] * counted),
    ]
    rows.append(Row(tuple(total)))
    return table(markup, widths, rows, _SIZE) + markup.paragraph(FLUSH)


def _day(iso: str) -> str:
    """Format a date without its year: 11月5日."""
    return date_words(iso).partition("年")[2]


def _title(name: str) -> tuple[str, ...]:
    """Break a level's name into lines of at most three characters."""
    lines = -(-len(name) // 3)
    length = -(-len(name) // lines)
    return tuple(name[at : at + length] for at in range(0, len(name), length))
