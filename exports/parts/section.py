"""One level's result in a portrait document: its paper, its table, its notes, its items."""

from __future__ import annotations

from collections.abc import Sequence

from exports.page.markup import Markup
from exports.page.master import Orientation
from exports.page.styles import BETWEEN_TABLES, ITEMS, UNDER_CAPTION
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
from exports.parts.results import PollResults
from exports.parts.wording import (
    NO_TRUST_RULE,
    OVERALL_NAME,
    items_words,
    paper_words,
    spaced_name,
    subject_paper,
    trust_finding_words,
    trust_rule_words,
)
from models.count.tally import LevelTally, SubjectTally
from models.rounds.subjects import DUTY

_STATEMENTS = Lead("测评内容", 14, 1, align="left")
_NAMES = Lead("测评内容", 4, 1, 12)
# Longer than this, an item's statement wants a wide column.
_SHORT_STATEMENT = 8


def stated(markup: Markup, results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """One subject with the items as the ballot stated them."""
    lines = statement_lines(level, subject)
    long = any(len(lead or "") > _SHORT_STATEMENT for line in lines for lead in line.leads)
    lead = _STATEMENTS if long else _NAMES
    return _section(markup, results, level, [subject], lead, lines, compact=long, drawn=True)


def named(markup: Markup, results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """One subject with the items by their short names, and what they ask where they have none."""
    lines = named_lines(level, subject)
    section = _section(markup, results, level, [subject], _NAMES, lines)
    asked = [item for item in level.content.items if not item.title]
    return section + (markup.paragraph(ITEMS, items_words(asked)) if asked else "")


def several(markup: Markup, results: PollResults, level: LevelTally) -> str:
    """All subjects of a level in team order, each under a band, and what the items ask."""
    lines = banded_lines(level, level.subjects)
    section = _section(markup, results, level, level.subjects, _NAMES, lines, drawn=True)
    asked = len(level.subjects[0].places) > 1 and level.content.items
    return section + (markup.paragraph(ITEMS, items_words(asked)) if asked else "")


def paper_of(level: LevelTally, subjects: Sequence[SubjectTally]) -> str:
    """The paper of subjects in words, once where it is the same."""
    papers = {subject_paper(level, subject): subject.subject.name for subject in subjects}
    if len(papers) == 1:
        return paper_words(next(iter(papers)))
    # One sheet a person: each has paper of its own.
    return "；".join(
        f"{each.subject.name}{paper_words(subject_paper(level, each))}" for each in subjects
    )


def trust_notes(
    results: PollResults, level: LevelTally, subjects: Sequence[SubjectTally]
) -> list[str]:
    """The trust rule of a level and how each subject stands to it, in one note; that there is no
    rule, where the level is of a person's duty; else nothing."""
    rules = results.round.rules
    rule = rules.trust.get(level.level)
    if rule is None:
        return [NO_TRUST_RULE] if level.level in DUTY else []
    found = [trust_finding_words(rules, results.trust(level, each)) for each in subjects]
    if len(found) > 1:
        found = [f"{each.subject.name}{words}" for each, words in zip(subjects, found, strict=True)]
    return [f"{trust_rule_words(rule, rules)}。{'；'.join(found)}。"]


def _drawn(markup: Markup, level: LevelTally, subjects: Sequence[SubjectTally]) -> str:
    """A bar of the overall line for each subject, under the table it shows; nothing where the
    sheet has no overall line."""
    rows = [
        (spaced_name(each.subject.name) if len(subjects) > 1 else OVERALL_NAME, each.result)
        for each in subjects
        if each.result
    ]
    picture = bars(markup, level.content.scale, rows, Orientation.PORTRAIT.text_width)
    return markup.paragraph(BETWEEN_TABLES, keep_next=True) + picture if picture else ""


def _section(
    markup: Markup,
    results: PollResults,
    level: LevelTally,
    subjects: Sequence[SubjectTally],
    lead: Lead,
    lines: Sequence[ResultLine | Band],
    *,
    compact: bool = False,
    drawn: bool = False,
) -> str:
    rules = results.round.rules
    paper = paper_of(level, subjects)
    made = result_table(
        markup,
        level.content.scale,
        [lead],
        lines,
        width=Orientation.PORTRAIT.text_width,
        decimals=rules.decimals,
        weighted=rules.weighted,
        compact=compact,
    )
    said = notes_of(results.round, made, lines, withheld=level.withheld)
    return (
        markup.paragraph(UNDER_CAPTION, f"测评票{paper}。")
        + made.xml
        + (_drawn(markup, level, subjects) if drawn else "")
        + notes_under_table(markup, [*said, *trust_notes(results, level, subjects)])
    )
