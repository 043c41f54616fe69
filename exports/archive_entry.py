"""廉政档案 民主测评登记: one page of a cadre's integrity file (regulation, clause 五、2).

Who, which round, with what result, and the earlier rounds. What people decide and sign is left
blank: the grade fixed after study, what was done, opinions, signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.letter import notes_under_table, opening
from exports.markup import Markup
from exports.numerals import headings
from exports.page import Orientation, master
from exports.result_table import packed, pieces
from exports.results import PersonResult, PollResults
from exports.section import named
from exports.styles import HEADING_1, Face
from exports.table import Cell, Row, cell, label, table
from exports.wording import (
    UNOFFICIAL,
    date_words,
    grades_together,
    is_official,
    item_name,
    month_words,
    percent,
    spaced_name,
    together_name,
    way_words,
)
from models.archive import Evaluation
from models.regulation import Level
from models.roster import CadreHistory
from models.sheet import OVERALL
from models.tally import LevelTally, SubjectTally

_PORTRAIT = Orientation.PORTRAIT
_ROW = 400  # twips, at least
# Characters of 五号 that a line of the history's columns holds.
_POST_ROOM, _HISTORY_ROOM = 8, 18
_ABOUT = {
    Level.CHIEF: "履行职责测评结果（正职）",
    Level.MEMBER: "履行职责测评结果（班子成员）",
    Level.INTEGRITY: "廉洁自律测评结果",
}


@dataclass(frozen=True)
class ArchiveFile:
    """What the roster and earlier rounds know of one person: `history` is None for somebody who
    is not in the roster; `earlier` begins with the latest."""

    history: CadreHistory | None
    earlier: tuple[Evaluation, ...]


def document(results: PollResults, person: PersonResult, file: ArchiveFile) -> bytes:
    """The entry of one person for one poll."""
    font_set = results.documents.font_set
    markup = Markup(font_set)
    numbered = headings()

    def heading(text: str) -> str:
        return markup.paragraph(HEADING_1, next(numbered) + text)

    body = [
        opening(
            markup,
            ("领导干部廉政档案", "民主测评登记表"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        heading("基本信息"),
        _person(markup, results, person, file),
        heading("测评情况"),
        _round(markup, results),
    ]
    for level, subject in person.levels:
        body.append(heading(_ABOUT[level.level]))
        body.append(named(markup, results, level, subject))
    if file.earlier:
        body.append(heading("历次测评结果"))
        body.append(_earlier(markup, file.earlier))
        body.append(notes_under_table(markup, ["得票率按各轮次当时的口径计算。"]))
    body.append(heading("结果运用和归档"))
    body.append(_after(markup))
    return master(_PORTRAIT, font_set).document("".join(body))


def _widths(*parts: int) -> list[int]:
    """The text width divided in these proportions."""
    width, total = _PORTRAIT.text_width, sum(parts)
    found = [width * part // total for part in parts]
    found[-1] += width - sum(found)
    return found


def _form(markup: Markup, widths: Sequence[int], rows: Sequence[Sequence[Cell]]) -> str:
    return table(markup, widths, [Row(tuple(cells), height=_ROW) for cells in rows])


def _person(markup: Markup, results: PollResults, person: PersonResult, file: ArchiveFile) -> str:
    row = file.history.row if file.history else None
    poll, post = results.poll, person.subject.post
    since = next(
        (
            each.since
            for each in (file.history.posts if file.history else ())
            if each.unit_id == poll.unit_id and each.title == post
        ),
        "",
    )

    def known(name: str, *, month: bool = False) -> Cell:
        text = str(getattr(row, name)) if row else ""
        return cell(month_words(text) if month else text)

    return _form(
        markup,
        _widths(5, 6, 5, 6, 5, 6),
        [
            [
                label("姓名"),
                cell(spaced_name(person.subject.name)),
                label("性别"),
                known("gender"),
                label("民族"),
                known("ethnicity"),
            ],
            [
                label("出生年月"),
                known("born", month=True),
                label("籍贯"),
                known("native_place"),
                label("政治面貌"),
                known("party"),
            ],
            [
                label("入党时间"),
                known("joined_party", month=True),
                label("参加工作"),
                known("started_work", month=True),
                label("学历学位"),
                known("education"),
            ],
            [
                label("工作单位"),
                cell(poll.unit_name, span=3),
                label("档案号"),
                known("archive_no"),
            ],
            [
                label("现任职务"),
                cell(post, span=3),
                label("任职时间"),
                cell(month_words(since)),
            ],
        ],
    )


def _round(markup: Markup, results: PollResults) -> str:
    poll, round_info = results.poll, results.round
    people = f"应到{poll.expected}人，实到{poll.present}人" if poll.expected else ""
    return _form(
        markup,
        _widths(5, 12, 5, 11),
        [
            [label("轮次名称"), cell(round_info.title, span=3)],
            [
                label("年度"),
                cell(f"{round_info.plan.year}年度"),
                label("测评日期"),
                cell(date_words(poll.date)),
            ],
            [label("组织单位"), cell(results.office.name), label("参加人数"), cell(people)],
            [label("测评方式"), cell(f"{way_words(round_info)}，无记名投票", span=3)],
        ],
    )


def _earlier(markup: Markup, earlier: Sequence[Evaluation]) -> str:
    """Earlier rounds, a line for each level a person was evaluated at, in words: their scales
    and rules may differ from this round's."""
    rows = [
        Row(
            tuple(label(text) for text in ("年度", "单位、职务", "测评层级", "有效票", "得票情况")),
            header=True,
        )
    ]
    for past in earlier:
        for number, (level, subject) in enumerate(past.results):
            held = number + 1 < len(past.results)
            merge = "" if len(past.results) == 1 else "on" if number else "start"
            who = () if number else (past.poll.short, *pieces(past.post, _POST_ROOM))
            words = _result_words(past, level, subject)
            rows.append(
                Row(
                    (
                        Cell(("" if number else str(past.round.plan.year),), merge=merge),
                        Cell(who or ("",), merge=merge),
                        cell(level.content.name),
                        cell(str(subject.valid)),
                        Cell(words, align="left"),
                    ),
                    keep_next=held,
                )
            )
    return table(markup, _widths(5, 13, 10, 6, 30), rows, 21)


def _result_words(past: Evaluation, level: LevelTally, subject: SubjectTally) -> tuple[str, ...]:
    """A result in words, a line each for the overall evaluation or, without one, the items."""
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
        found += packed(parts, _HISTORY_ROOM)
    return tuple(found)


def _after(markup: Markup) -> str:
    """What is filled in by hand."""
    tall = 700

    def blank(*lines: str) -> Row:
        return Row((Cell(lines, face=Face.HEI), cell("", span=5)), height=tall)

    def three(first: str, second: str, third: str) -> Row:
        return Row(
            (label(first), cell(""), label(second), cell(""), label(third), cell("")), height=_ROW
        )

    return table(
        markup,
        _widths(11, 9, 9, 9, 9, 9),
        [
            blank("群众意见归纳"),
            blank("等次", "（研究确定）"),
            blank("处理情况"),
            three("反馈日期", "反馈方式", "本人签收"),
            three("附件", "填表人", "审核人"),
            Row(
                (
                    label("归档日期"),
                    cell("", span=2),
                    Cell(("单位", "（盖章）"), face=Face.HEI),
                    cell("", span=2),
                ),
                height=tall,
            ),
        ],
    )
