"""向第一责任人反馈: a unit's results, to the first responsible person of its team (regulation,
clause 五、2).

Team, chief, members, discipline body and integrity, each in team order: nobody is ranked.
"""

from __future__ import annotations

from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, HEADING_2, TEXT
from exports.page.table import Row, cell, label, table
from exports.parts.letter import opening, signature
from exports.parts.own_words import OwnWords
from exports.parts.results import PollResults
from exports.parts.section import several, stated
from exports.parts.wording import headings
from models.regulation.levels import Level

_PORTRAIT = Orientation.PORTRAIT
# What a unit's results at a level are about.
ABOUT = {
    Level.TEAM: "领导班子落实党风廉政建设责任制情况",
    Level.CHIEF: "正职履行党风廉政建设责任制情况",
    Level.MEMBER: "班子成员履行党风廉政建设责任制情况",
    Level.DISCIPLINE: "纪检监察机关履行职责情况",
    Level.INTEGRITY: "领导干部遵守廉洁自律规定情况",
}
_LEFT_TO_PEOPLE = ("群众意见归纳", "整改要求和时限")


def document(results: PollResults) -> bytes:
    """The letter to the first responsible person of the poll's unit; to its party group where
    the unit has no chief."""
    font_set = results.documents.font_set
    markup = Markup(font_set)
    words = OwnWords.of(results, "chief", results.chief)
    to = "" if results.chief else "party_"
    numbered = headings()
    body = [
        opening(
            markup,
            words.lines("title"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        markup.paragraphs(FLUSH, words.lines(f"{to}salutation")),
        markup.paragraphs(TEXT, words.lines(f"{to}opening")),
    ]
    for level in Level:
        tallied = results.levels.get(level)
        if tallied is None:
            continue
        body.append(markup.paragraph(HEADING_1, next(numbered) + ABOUT[level]))
        if level in (Level.MEMBER, Level.INTEGRITY):
            body.append(several(markup, results, tallied))
            continue
        for subject in tallied.subjects:
            who = subject.subject
            if len(tallied.subjects) > 1 or level is Level.CHIEF:
                body.append(markup.paragraph(HEADING_2, f"{who.name}　{who.post}".strip("　")))
            body.append(stated(markup, results, tallied, subject))
    body.append(markup.paragraph(HEADING_1, f"{next(numbered)}意见归纳和整改要求"))
    body.append(_left_to_people(markup, results))
    body.append(signature(markup, results.office, words.lines("closing")))
    return master(_PORTRAIT, font_set).document("".join(body))


def _left_to_people(markup: Markup, results: PollResults) -> str:
    """What the office summed up of the team and the discipline body, and room for what the unit
    is asked to mend. What was said of a person goes to that person."""
    bodies = (Level.TEAM, Level.DISCIPLINE)
    subjects = [
        each
        for level in bodies
        if level in results.levels
        for each in results.levels[level].subjects
    ]
    texts = (results.opinion(subjects), "")
    width = _PORTRAIT.text_width
    first = width * 22 // 100
    rows = [
        Row((label(name), cell(text, align="left")), height=1300, keep_next=True)
        for name, text in zip(_LEFT_TO_PEOPLE, texts, strict=True)
    ]
    return table(markup, [first, width - first], rows)
