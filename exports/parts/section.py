"""One level's result in a document: its content, and its layout on a portrait page.

The layout is the ballot counts, the table, the notes and the items.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exports.page.markup import Markup
from exports.page.master import Orientation
from exports.page.styles import BETWEEN_TABLES, ITEMS, UNDER_CAPTION
from exports.page.table import Row, cell, label, table
from exports.parts.bars import bars
from exports.parts.letter import notes_under_table
from exports.parts.result_table import (
    Band,
    Lead,
    ResultLine,
    banded_lines,
    named_lines,
    notes_of,
    result_table,
    statement_lines,
)
from exports.parts.results import PersonResult, PollResults
from exports.parts.wording import (
    NO_TRUST_RULE,
    OVERALL_NAME,
    date_words,
    decided_by,
    items_words,
    level_paper_words,
    numeral,
    paper_words,
    returned_words,
    spaced_name,
    trust_finding_words,
    trust_rule_words,
)
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.regulation.levels import Level
from models.rounds.subjects import DUTY

_STATEMENTS = Lead("测评内容", 9, 1, align="left")
_NAMES = Lead("测评内容", 4, 1, 12)
# Characters; longer statements need the wide column.
_SHORT_STATEMENT = 8


# What a unit's results at each level are about.
ABOUT_UNIT = {
    Level.TEAM: "领导班子落实党风廉政建设责任制情况",
    Level.CHIEF: "正职履行党风廉政建设责任制情况",
    Level.MEMBER: "班子成员履行党风廉政建设责任制情况",
    Level.DISCIPLINE: "纪检监察机关履行职责情况",
    Level.INTEGRITY: "领导干部遵守廉洁自律规定情况",
}


@dataclass(frozen=True)
class LevelPart:
    """What a document says about one level.

    Both the built-in layout and the office's own templates are filled from it.
    """

    number: int
    """Its position among the levels of the document, from 1."""
    about: str
    """What the result is about, as worded in the heading."""
    level: LevelTally
    """The level's tally."""
    subjects: tuple[SubjectTally, ...]
    """The subjects that the document covers."""
    paper: str
    """Their ballot counts in words."""
    trust: tuple[str, ...]
    """How they compare with the trust rule; empty if the document does not say."""

    @property
    def heading(self) -> str:
        """The heading with its number: 一、履行党风廉政建设责任制情况."""
        return f"{numeral(self.number)}、{self.about}"


def parts_of_person(results: PollResults, person: PersonResult) -> tuple[LevelPart, ...]:
    """Return the levels at which a person was evaluated, with that person only."""
    return tuple(
        _part(results, number, about_person(level.level), level, (subject,))
        for number, (level, subject) in enumerate(person.levels, 1)
    )


def parts_of_unit(
    results: PollResults, shown: Iterable[Level] = Level, *, trust: bool = True
) -> tuple[LevelPart, ...]:
    """Return the evaluated levels of a unit, with all their subjects.

    `shown` limits the levels; `trust` includes the comparison with the trust rule.
    """
    tallied = [results.levels[level] for level in shown if level in results.levels]
    return tuple(
        _part(results, number, ABOUT_UNIT[level.level], level, level.subjects, trust=trust)
        for number, level in enumerate(tallied, 1)
    )


def about_person(level: Level) -> str:
    """Return what a person's result at a level is about."""
    if level is Level.INTEGRITY:
        return "遵守廉洁自律规定情况"
    return "履行党风廉政建设责任制情况"


def _part(
    results: PollResults,
    number: int,
    about: str,
    level: LevelTally,
    subjects: tuple[SubjectTally, ...],
    *,
    trust: bool = True,
) -> LevelPart:
    said = tuple(trust_notes(results, level, subjects)) if trust else ()
    return LevelPart(number, about, level, subjects, paper_of(level, subjects), said)


def stated(markup: Markup, results: PollResults, part: LevelPart) -> str:
    """Return one subject's section, with the items as stated on the ballot."""
    (subject,) = part.subjects
    lines = statement_lines(part.level, subject)
    long = any(len(lead or "") > _SHORT_STATEMENT for line in lines for lead in line.leads)
    lead = _STATEMENTS if long else _NAMES
    return _section(markup, results, part, lead, lines, compact=long, drawn=True)


def named(markup: Markup, results: PollResults, part: LevelPart) -> str:
    """Return one subject's section, with the items by their short names.

    Their statements are listed below the table.
    """
    (subject,) = part.subjects
    section = _section(markup, results, part, _NAMES, named_lines(part.level, subject))
    asked = len(subject.places) > 1 and part.level.content.items
    return section + (markup.paragraph(ITEMS, items_words(asked)) if asked else "")


def several(markup: Markup, results: PollResults, part: LevelPart) -> str:
    """Return the section of all subjects of a level, in team order.

    Each has a band with its name; the items' statements are listed below the table.
    """
    lines = banded_lines(part.level, part.subjects)
    section = _section(markup, results, part, _NAMES, lines, drawn=True)
    asked = len(part.subjects[0].places) > 1 and part.level.content.items
    return section + (markup.paragraph(ITEMS, items_words(asked)) if asked else "")


def alone(results: PollResults, part: LevelPart, subject: SubjectTally) -> LevelPart:
    """Return the part with only one subject of the level."""
    return _part(results, part.number, part.about, part.level, (subject,))


def grade_words(results: PollResults, part: LevelPart) -> list[str]:
    """Return the grade decided for the one person of a part, in a sentence, if the office wants it
    told and it is decided; else nothing."""
    (subject,) = part.subjects
    found = results.determined(subject) if results.documents.grade_in_feedback else None
    if found is None:
        return []
    by = decided_by(found.by, found.meeting)
    return [f"{date_words(found.on)}，经{by}研究确定，等次为“{found.grade}”。"]


def paper_of(level: LevelTally, subjects: Sequence[SubjectTally]) -> str:
    """Return the ballot counts of a level in words, and those of each subject if they differ.

    For one of several subjects with sheets of their own, only those of that sheet, which is said.
    """
    if len(subjects) < len(level.subjects):
        own = "" if len(level.papers) == 1 else "（一人一票，本人的一种）"
        return own + paper_words(subjects[0].paper)
    words = level_paper_words(level)
    if len({each.paper for each in subjects}) == 1:
        return words
    return f"{words}；其中" + "；".join(
        f"{each.subject.name}{paper_words(each.paper)}" for each in subjects
    )


_PAPER = ("姓名", "发出", "收回", "有效", "无效")


def stated_paper(markup: Markup, part: LevelPart) -> str:
    """Return the ballot counts of a level, to go above its table: a sentence or, where those of
    several persons with a sheet each differ, a table of them."""
    papers = {each.paper for each in part.subjects}
    if len(papers) == 1:
        return markup.paragraph(UNDER_CAPTION, f"测评票{part.paper}。")
    rows = [Row(tuple(map(label, _PAPER)), header=True)]
    for each in part.subjects:
        paper = each.paper
        counts = (str(paper.issued), returned_words(paper), str(paper.valid), str(paper.void))
        cells = (cell(spaced_name(each.subject.name)), *map(cell, counts))
        rows.append(Row(cells, keep_next=True))
    width = Orientation.PORTRAIT.text_width
    column = width * 17 // 100
    return (
        markup.paragraph(UNDER_CAPTION, f"测评票{level_paper_words(part.level)}。各人的票：")
        + table(markup, [width - 4 * column, *(column,) * 4], rows, 21)
        + markup.paragraph(BETWEEN_TABLES, keep_next=True)
    )


def trust_notes(
    results: PollResults, level: LevelTally, subjects: Sequence[SubjectTally]
) -> list[str]:
    """Return a note on the level's trust rule and how each subject compares with it.

    Without a rule, the note says so if the level is about a person's duty; otherwise there is no
    note.
    """
    rules = results.round.rules
    rule = rules.trust.get(level.level)
    if rule is None:
        return [NO_TRUST_RULE] if level.level in DUTY else []
    found = [trust_finding_words(rules, results.trust(level, each)) for each in subjects]
    if len(found) > 1:
        found = [f"{each.subject.name}{words}" for each, words in zip(subjects, found, strict=True)]
    return [f"{trust_rule_words(rule, rules)}。{'；'.join(found)}。"]


def drawn_rows(subjects: Sequence[SubjectTally]) -> list[tuple[str, PlaceTally]]:
    """Return the overall evaluations to draw, each with the name that stands before it."""
    return [
        (spaced_name(each.subject.name) if len(subjects) > 1 else OVERALL_NAME, each.result)
        for each in subjects
        if each.result
    ]


def _drawn(
    markup: Markup, level: LevelTally, subjects: Sequence[SubjectTally], decimals: int
) -> str:
    """Return a bar of each subject's overall evaluation, to go below its table.

    Empty if the sheet has no overall evaluation.
    """
    rows, width = drawn_rows(subjects), Orientation.PORTRAIT.text_width
    picture = bars(markup, level.content.scale, rows, width, decimals=decimals)
    return markup.paragraph(BETWEEN_TABLES, keep_next=True) + picture if picture else ""


def _section(
    markup: Markup,
    results: PollResults,
    part: LevelPart,
    lead: Lead,
    lines: Sequence[ResultLine | Band],
    *,
    compact: bool = False,
    drawn: bool = False,
) -> str:
    rules = results.round.rules
    made = result_table(
        markup,
        part.level.content.scale,
        [lead],
        lines,
        width=Orientation.PORTRAIT.text_width,
        decimals=rules.decimals,
        weighted=part.level.weighted,
        compact=compact,
    )
    said = notes_of(results.round, made, lines, part.level)
    return (
        stated_paper(markup, part)
        + made.xml
        + (_drawn(markup, part.level, part.subjects, rules.decimals) if drawn else "")
        + notes_under_table(markup, [*said, *part.trust])
    )
