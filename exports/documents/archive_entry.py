"""廉政档案 民主测评登记: one page of a cadre's integrity file (regulation, clause 五、2).

Who, which round, with what result, the earlier rounds and what changed since. What people decided
is printed as they typed it, with the meeting; else it is left blank, as are all signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import HEADING_1, Face
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.earlier_results import earlier_results
from exports.parts.letter import opening
from exports.parts.results import PersonResult, PollResults
from exports.parts.section import named
from exports.parts.wording import date_words, headings, month_words, spaced_name, way_words
from models.count.tally import LevelTally, SubjectTally
from models.regulation.levels import Level
from models.results.archive import Evaluation
from models.results.delivery import Handover
from models.roster.cadres import CadreHistory

_PORTRAIT = Orientation.PORTRAIT
_ROW = 400  # twips, at least
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
        body.append(earlier_results(markup, results, person, file.earlier))
    body.append(heading("结果运用和归档"))
    body.append(_after(markup, results, person))
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


def _after(markup: Markup, results: PollResults, person: PersonResult) -> str:
    """What people decided and did, and what is filled in by hand."""
    tall = 700
    subjects = [subject for _, subject in person.levels]
    letter = results.handed_over(person, Handover.FEEDBACK)
    filed = results.handed_over(person, Handover.ARCHIVE)

    def said(name: Sequence[str], text: Sequence[str]) -> Row:
        value = Cell(tuple(text) or ("",), span=5, align="left")
        return Row((Cell(tuple(name), face=Face.HEI), value), height=tall)

    def three(*pairs: tuple[str, str]) -> Row:
        cells = [each for name, text in pairs for each in (label(name), cell(text))]
        return Row(tuple(cells), height=_ROW)

    return table(
        markup,
        _widths(10, 13, 8, 8, 8, 13),
        [
            said(["群众意见归纳"], [results.opinion(subjects)]),
            said(
                ["等次", "（研究确定）"], [_grade_words(results, *pair) for pair in person.levels]
            ),
            said(["处理情况"], []),
            three(
                ("反馈日期", date_words(letter.on) if letter else ""),
                ("反馈方式", letter.way if letter else ""),
                ("本人签收", date_words(letter.signed_on) if letter else ""),
            ),
            three(("附件", ""), ("填表人", ""), ("审核人", "")),
            Row(
                (
                    label("归档日期"),
                    cell(date_words(filed.on) if filed else "", span=2),
                    Cell(("单位", "（盖章）"), face=Face.HEI),
                    cell("", span=2),
                ),
                height=tall,
            ),
        ],
    )


def _grade_words(results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """The grade that people fixed at a level, when and where; empty if they fixed none."""
    found = results.determined(subject)
    if found is None:
        return ""
    basis = f"，依据：{found.basis}" if found.basis else ""
    return (
        f"{level.content.name}：{found.grade}"
        f"（{date_words(found.on)}{found.meeting}，{found.by}研究确定{basis}）"
    )
