"""向上级党组的报告: the results of a round, or of one unit, for the superior party group.

Regulation, clause 五、1; a formal document sent upward (GB/T 9704-2012). It states what the numbers
show. Findings and plans are left for people to write, as is the recipient if none is set. The
summary is attached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from exports.documents import summary
from exports.documents.report_words import (
    Tallied,
    course_words,
    fixed_words,
    of_level,
    paper_sum_words,
    pooled_shares,
    state_words,
    subject_count,
    subjects_words,
    sums_words,
)
from exports.documents.summary import round_trust
from exports.documents.writer import Document, Filed, Sources, Writer
from exports.page.markup import Markup
from exports.page.master import Orientation, bound_master
from exports.page.styles import HEADING_1, HEADING_2, TEXT, UNDER_CAPTION
from exports.page.table import Cell, Row, cell, label, table
from exports.parts import formal
from exports.parts.letter import notes_under_table, opening
from exports.parts.outcome_table import OutcomeRow, outcome_table
from exports.parts.own_words import OwnWords
from exports.parts.results import PollResults, counted_alike
from exports.parts.section import ABOUT_UNIT
from exports.parts.wording import headings, notes, numeral, percent, returned_words
from models.count import shares
from models.regulation.levels import Level
from models.rounds.balance import Balance
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT
_EVALUATION = "民主测评"
# The most rows of a results table that fit on a page. A longer table appears only in the
# attachment, which then includes the decided grades.
_PAGE_OF_LINES = 18
_SHEETS = "一人一票的，票种后为种数，各数为各种票合计；每名测评人员每种一张。"
# Blank lines left for people to fill in.
_ROOM = 3


def document(results: Sequence[PollResults]) -> bytes:
    """Return the report on these polls of one round, in the round's order.

    Raises `ValueError` if there are none.
    """
    if not results:
        raise ValueError("no polls to report")
    results = counted_alike(results)
    first = results[0]
    office, round_info = first.office, first.round
    font_set = first.documents.font_set
    markup = Markup(font_set)
    sender = office.party_group or office.name
    number = formal.document_number(office.document_code)
    unit = first.poll.unit_name if len(results) == 1 else ""
    attachment = [*filter(None, [unit]), f"{round_info.title}结果汇总表"]
    levels = [level for level in Level if of_level(results, level)]
    own = OwnWords.of_round(office, first.documents, round_info, "report")
    numbered = headings()

    def heading(text: str) -> str:
        return markup.paragraph(HEADING_1, next(numbered) + text)

    text = [
        formal.red_head(markup, office.letterhead or sender, number, office.signer),
        opening(
            markup,
            _title(sender, unit, round_info.title),
            _PORTRAIT,
            official=all(each.official for each in results),
        ),
        formal.recipient(markup, office.superior_party_group),
        heading("基本情况"),
        _course(markup, results, levels),
        heading("测评结果"),
        *(_level(markup, results, level, n) for n, level in enumerate(levels, 1)),
        heading("反映的主要问题"),
        _problems(markup, results),
        heading("下一步工作"),
        # With the heading, so that the signature is not alone on a page.
        markup.paragraph(TEXT, keep_next=True) * _ROOM,
        *(markup.paragraph(TEXT, words, keep_next=True) for words in own.lines("closing")),
        formal.attachment_note(markup, ["".join(attachment)]),
        formal.signature(markup, sender),
    ]
    if unit:
        tables = summary.poll_body(markup, first, attachment)
    else:
        longer = [level for level in levels if not _fits(of_level(results, level))]
        tables = summary.round_body(markup, round_info, results, attachment, longer)
    return bound_master(formal.LEAVES, font_set).document(
        "".join(text),
        formal.attachment_head(markup) + tables,
        formal.imprint(markup, office.copies, office.printer or office.name),
    )


def _title(sender: str, unit: str, round_title: str) -> list[str]:
    """Return the title (7.3.1) as lines: 发文机关, 关于, the subject, 报告."""
    about = round_title.removeprefix("关于").removesuffix("情况")
    end = _EVALUATION if about.endswith(_EVALUATION) else ""
    about = about.removesuffix(end)
    lines = [f"关于{unit}", about] if unit else [f"关于{about}"]
    return [sender, *lines, f"{end}情况的报告"]


def _course(markup: Markup, results: Sequence[PollResults], levels: Sequence[Level]) -> str:
    """Return 一、基本情况: what was done, with whom, and the ballot counts."""
    rules = results[0].round.rules
    papers = {
        level: sum((of.paper for _, of in of_level(results, level)), Balance()) for level in levels
    }
    several = False
    total = sum(papers.values(), Balance())
    said = [course_words(results), subjects_words(results), *state_words(results)]
    said.append(paper_sum_words(total, rules.decimals))
    rows = [
        Row(
            tuple(map(label, ("票种", "发出", "收回", "回收率", "有效", "无效"))),
            header=True,
        )
    ]
    for level, paper in papers.items():
        tallied = of_level(results, level)
        name, sheets = tallied[0][1].content.name, sum(len(of.papers) for _, of in tallied)
        if sheets > len(tallied):
            name, several = f"{name}（{sheets}种）", True
        rows.append(Row((cell(name), *_numbers(paper, rules.decimals)), keep_next=True))
    rows.append(Row((label("合计"), *_numbers(total, rules.decimals))))
    width = _PORTRAIT.text_width
    column = width * 15 // 100
    widths = [width - 5 * column, *(column,) * 5]
    return (
        markup.paragraphs(TEXT, filter(None, said))
        + markup.paragraph(UNDER_CAPTION, "单位：张")
        + table(markup, widths, rows)
        + notes_under_table(markup, [_SHEETS] if several else [])
    )


def _numbers(paper: Balance, decimals: int) -> tuple[Cell, ...]:
    rate = percent(shares.share(paper.returned, paper.issued), decimals)
    shown = (paper.issued, returned_words(paper), rate, paper.valid, paper.void)
    return tuple(cell(str(each)) for each in shown)


def _fits(tallied: Tallied) -> bool:
    """Whether a level's table is short enough for the main text."""
    return len(tallied) == 1 or subject_count(tallied) <= _PAGE_OF_LINES


def _level(markup: Markup, results: Sequence[PollResults], level: Level, number: int) -> str:
    """Return one level: its totals and decided grades in words, then its table.

    A long table is left out.
    """
    tallied = of_level(results, level)
    rules = tallied[0][0].round.rules
    said = [sums_words(tallied, rules), *fixed_words(tallied)]
    made = ""
    if _fits(tallied):
        made = _table(markup, tallied)
    else:
        said.append("各单位得票情况和研究确定的等次见附件。")
    places = [each.result for _, of in tallied for each in of.subjects if each.result]
    under = []
    if places:
        level_tally = replace(tallied[0][1], no_present=any(of.no_present for _, of in tallied))
        shown = [pooled_shares(tallied)]
        if made or level_tally.weighted:
            shown += [place.shares for place in places]
        under = notes(tallied[0][0].round, shown, level_tally)
        if made:
            under.insert(1, "表中为总体评价，每格上行为票数，下行为得票率。")
    return (
        markup.paragraph(HEADING_2, f"（{numeral(number)}）{ABOUT_UNIT[level]}")
        + markup.paragraphs(TEXT, said)
        + made
        + notes_under_table(markup, [*under, *round_trust(tallied[0][0].round, tallied)])
    )


def _table(markup: Markup, tallied: Tallied) -> str:
    level = tallied[0][1]
    outcomes = []
    for results, of in tallied:
        for subject in of.subjects:
            fixed = results.determined(subject)
            outcomes.append(
                OutcomeRow(
                    results.poll.unit_name,
                    subject.subject.name,
                    subject.subject.post,
                    subject.valid,
                    subject.result,
                    fixed.grade if fixed else "",
                )
            )
    named = "姓名" if level.level.personal else ""
    if not named and len(outcomes) > len(tallied):
        named = "名称"
    return outcome_table(
        markup,
        level.content.scale,
        outcomes,
        tallied[0][0].round.rules.decimals,
        units=len(tallied) > 1,
        named=named,
    )


def _problems(markup: Markup, results: Sequence[PollResults]) -> str:
    """Return 三、反映的主要问题: the summaries of opinions on the teams, unit by unit.

    If there are none, space to write.
    """
    found = []
    for each in results:
        team = each.levels.get(Level.TEAM)
        if opinion := each.opinion(team.subjects) if team else "":
            found.append(opinion if len(results) == 1 else f"{each.poll.unit_name}：{opinion}")
    return markup.paragraphs(TEXT, found) if found else markup.paragraph(TEXT) * _ROOM


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        yield poll, _report(sources, [sources.results[poll.id]])


def _of_round(sources: Sources) -> Iterator[Document]:
    yield _report(sources, tuple(sources.results.values()))


def _report(sources: Sources, results: Sequence[PollResults]) -> Document:
    return Document(results[0].office.superior_party_group, partial(document, results))


def _filed(round_info: RoundInfo) -> Filed:
    return Filed("".join(_title("", "", round_info.title)), by_party_group=True)


WRITER = Writer(of_polls=_of_polls, of_round=_of_round, filed_of_round=_filed)
