"""历次测评结果: a person's earlier evaluations, and the change since the latest of them.

Each is named by its round and the day of its vote: a year may have several rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exports.page.markup import Markup
from exports.page.master import Orientation
from exports.page.styles import BETWEEN_TABLES
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.bars import bars
from exports.parts.letter import notes_under_table
from exports.parts.result_table import packed, pieces
from exports.parts.results import PersonResult, PollResults
from exports.parts.wording import (
    UNOFFICIAL,
    date_words,
    grades_together,
    is_official,
    item_name,
    percent,
    points_words,
    together_name,
)
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.regulation.levels import Level
from models.results import trend
from models.results.archive import Evaluation
from models.rounds.layout import OVERALL
from models.rounds.subjects import DUTY

_WIDTH = Orientation.PORTRAIT.text_width
# Characters in 五号 that fit on a line of each column.
_ROUND_ROOM, _POST_ROOM, _RESULT_ROOM = 9.2, 5, 16.4
COUNTED_THEN = "先后按测评日期；得票率按各轮次当时的口径计算。"
_SUBTRACTED = "提高、下降为表列得票率之差。"
_NAMES = {Level.CHIEF: "履行职责", Level.MEMBER: "履行职责", Level.INTEGRITY: "廉洁自律"}


def earlier_results(
    markup: Markup, results: PollResults, person: PersonResult, earlier: Sequence[Evaluation]
) -> str:
    """Return a table of earlier evaluations, a bar chart by day of vote, and notes.

    The notes say how shares were counted and what changed since the latest earlier evaluation.
    `earlier` must not be empty; its first entry is the latest.
    """
    now = Evaluation(results.round, results.poll, person.subject.post, person.levels)
    past = [now, *earlier]
    said = [COUNTED_THEN]
    pictures: list[str] = []
    for level, _ in person.levels:
        said.append(_change_words(past, level.level))
        pictures += _days(markup, past, level)
    if any("个百分点" in words for words in said):
        said.append(_SUBTRACTED)
    return _table(markup, earlier) + "".join(pictures) + notes_under_table(markup, said)


def _table(markup: Markup, earlier: Sequence[Evaluation]) -> str:
    """Return one row for each level of each evaluation.

    Results are given in words, since scales and rules may differ between rounds.
    """
    titles = ("轮次", "单位、职务", "测评层级", "有效票", "得票情况")
    rows = [Row(tuple(label(text) for text in titles), header=True)]
    for past in earlier:
        for number, (level, subject) in enumerate(past.results):
            held = number + 1 < len(past.results)
            merge = "" if len(past.results) == 1 else "on" if number else "start"
            who = () if number else (past.poll.short, *pieces(past.post, _POST_ROOM))
            rows.append(
                Row(
                    (
                        Cell(("",) if number else _round_words(past), merge=merge),
                        Cell(who or ("",), merge=merge),
                        cell(level.content.name),
                        cell(str(subject.valid)),
                        Cell(_result_words(past, level, subject), align="left"),
                    ),
                    keep_next=held,
                )
            )
    parts = (230, 140, 100, 70, 408)
    widths = [_WIDTH * part // sum(parts) for part in parts]
    widths[-1] += _WIDTH - sum(widths)
    return table(markup, widths, rows, 21)


def day_words(past: Evaluation) -> str:
    """The day of the vote; where no date was entered, what is known instead."""
    if past.poll.date:
        return date_words(past.poll.date)
    starts = past.round.plan.starts
    return f"{date_words(starts)}起" if starts else "日期未登记"


def _round_words(past: Evaluation) -> tuple[str, ...]:
    return (*pieces(past.round.title, _ROUND_ROOM), *pieces(day_words(past), _ROUND_ROOM))


def _result_words(past: Evaluation, level: LevelTally, subject: SubjectTally) -> tuple[str, ...]:
    """Return a result in words: the overall evaluation or, if there is none, each item."""
    decimals = past.round.rules.decimals
    names = {item.number: item_name(item) for item in level.content.items}
    found = [] if is_official(past.poll) else [f"（{UNOFFICIAL}）"]
    for place in (subject.result,) if subject.result else subject.places:
        scale = level.content.scale
        parts = [
            f"{grade}{count}（{percent(share, decimals)}）"
            for grade, count, share in zip(scale.grades, place.grades, place.shares, strict=True)
        ]
        if first := grades_together(scale):
            share = percent(place.share_of_first(first), decimals)
            parts.append(f"{together_name(scale)}{sum(place.grades[:first])}（{share}）")
        parts.append(f"弃权{place.blank}、多选{place.overvote}")
        if place.line != OVERALL:
            found.append(f"{names[place.line]}：")
        found += packed(parts, _RESULT_ROOM)
    return tuple(found)


def _change_words(past: Sequence[Evaluation], level: Level) -> str:
    """What changed at a level since the latest earlier result; `past` starts with this round's."""
    before = trend.previous(past, 0, level)
    if before is None:
        return f"{_NAMES[level]}：以前的轮次没有这一项的结果，不作比较。"
    named = f"“{before.round.title}”（{day_words(before)}）"
    found = trend.change(past[0], before, level)
    if found is None:
        return f"{_NAMES[level]}：与{named}口径不同或者没有可比的结果，不作比较。"
    changes = "，".join(
        points_words(grade, points, found.decimals)
        for grade, points in zip(found.grades, found.points, strict=True)
    )
    return f"{_NAMES[level]}：与{named}相比，{changes}。"


def _days(markup: Markup, evaluations: Sequence[Evaluation], level: LevelTally) -> Iterator[str]:
    """Yield a bar chart of the overall evaluations counted on this scale, latest first.

    Nothing if there is no other day to compare with.
    """
    scale = level.content.scale
    wanted = DUTY if level.level in DUTY else (level.level,)
    rows: list[tuple[str, PlaceTally]] = []
    for each in evaluations:
        found = each.result(*wanted)
        if found and found[0].content.scale.grades == scale.grades and found[1].result:
            day = day_words(each) if each.poll.date else f"{each.round.plan.year}年度"
            rows.append((day, found[1].result))
    decimals = evaluations[0].round.rules.decimals
    if len(rows) > 1 and (picture := bars(markup, scale, rows, _WIDTH, decimals=decimals)):
        yield markup.paragraph(BETWEEN_TABLES, keep_next=True) + picture
