"""民主测评结果反馈书: one person's result, to that person (regulation, clause 五、2).

It holds nothing of colleagues, and nothing of how a voter group voted. What people decide is not
in it.
"""

from __future__ import annotations

from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, TEXT
from exports.parts.letter import opening, return_slip, signature, summed_up
from exports.parts.own_words import OwnWords
from exports.parts.results import PersonResult, PollResults
from exports.parts.section import stated
from exports.parts.wording import headings
from models.regulation.levels import Level

_PORTRAIT = Orientation.PORTRAIT


def document(results: PollResults, person: PersonResult) -> bytes:
    """The letter to one person of the poll, with a return slip."""
    font_set = results.documents.font_set
    markup = Markup(font_set)
    words = OwnWords.of(results, "feedback", person.subject)
    numbered = headings()
    body = [
        opening(
            markup,
            words.lines("title"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        markup.paragraphs(FLUSH, words.lines("salutation")),
        markup.paragraphs(TEXT, words.lines("opening")),
    ]
    for level, subject in person.levels:
        body.append(markup.paragraph(HEADING_1, next(numbered) + about(level.level)))
        body.append(stated(markup, results, level, subject))
    body.append(markup.paragraph(HEADING_1, f"{next(numbered)}群众意见归纳"))
    body.append(summed_up(markup, results.opinion(subject for _, subject in person.levels)))
    wishes = [results.documents.expectation] if results.documents.expectation else []
    wishes += words.lines("objection")
    if wishes:
        body.append(markup.paragraph(HEADING_1, f"{next(numbered)}希望与要求"))
        body += [markup.paragraph(TEXT, wish, keep_next=True) for wish in wishes]
    body.append(signature(markup, results.office, words.lines("closing")))
    body.append(return_slip(markup, results.office, words.lines("receipt")))
    return master(_PORTRAIT, font_set).document("".join(body))


def about(level: Level) -> str:
    """What a person's result at a level is about."""
    if level is Level.INTEGRITY:
        return "遵守廉洁自律规定情况"
    return "履行党风廉政建设责任制情况"
