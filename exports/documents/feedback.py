"""民主测评结果反馈书: one person's result, addressed to that person (regulation, clause 五、2).

It contains nothing about colleagues, voter groups or decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from exports.documents import own_templates
from exports.documents.kinds import KINDS
from exports.documents.writer import Document, OwnTemplate, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, TEXT, TITLE, Face
from exports.parts.letter import opening, return_slip, signature, summed_up
from exports.parts.own_words import OwnWords
from exports.parts.results import PersonResult, PollResults
from exports.parts.section import LevelPart, grade_words, parts_of_person, stated
from exports.parts.wording import BLANK_DATE, VOTE_AGAIN, numeral, unofficial
from exports.templates import start
from exports.templates.fields import (
    OF_PERSON,
    OPINION,
    PERSON,
    POLL,
    TemplateField,
    Values,
    common_values,
    person_level_values,
    sentence_fields,
    sentence_values,
)
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT


@dataclass(frozen=True)
class _PersonLetter:
    """The content of the letter, for both the built-in layout and the office's template."""

    results: PollResults
    """The poll's results."""
    person: PersonResult
    """The addressee's results."""
    words: OwnWords
    """The office's sentences."""
    parts: tuple[LevelPart, ...]
    """The levels at which the person was evaluated."""
    opinion: str
    """The office's summary of opinions; empty if there is none."""
    wishes: tuple[str, ...]
    """The office's expectations and how to object, one paragraph each."""

    @classmethod
    def of(cls, results: PollResults, person: PersonResult) -> _PersonLetter:
        words = OwnWords.of(results, "feedback", person.subject)
        expectation = results.documents.expectation
        return cls(
            results,
            person,
            words,
            parts_of_person(results, person),
            results.opinion(subject for _, subject in person.levels),
            (*([expectation] if expectation else []), *words.lines("objection")),
        )

    @property
    def opinion_number(self) -> str:
        return f"{numeral(len(self.parts) + 1)}、"

    @property
    def wishes_number(self) -> str:
        return f"{numeral(len(self.parts) + 2)}、"


def document(results: PollResults, person: PersonResult) -> bytes:
    """Return the letter to one person of the poll, with a return slip."""
    letter = _PersonLetter.of(results, person)
    font_set = results.documents.font_set
    markup = Markup(font_set)
    body = [
        opening(
            markup,
            letter.words.lines("title"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        markup.paragraphs(FLUSH, letter.words.lines("salutation")),
        markup.paragraphs(TEXT, letter.words.lines("opening")),
    ]
    for part in letter.parts:
        body.append(markup.paragraph(HEADING_1, part.heading))
        body.append(stated(markup, results, part))
        body.append(markup.paragraphs(TEXT, grade_words(results, part)))
    body.append(markup.paragraph(HEADING_1, f"{letter.opinion_number}群众意见归纳"))
    body.append(summed_up(markup, letter.opinion))
    if letter.wishes:
        body.append(markup.paragraph(HEADING_1, f"{letter.wishes_number}希望与要求"))
        *wishes, last = letter.wishes
        body += [markup.paragraphs(TEXT, wishes), markup.paragraph(TEXT, last, keep_next=True)]
    body.append(signature(markup, results.office, letter.words.lines("closing")))
    body.append(return_slip(markup, results.office, letter.words.lines("receipt")))
    return master(_PORTRAIT, font_set, unofficial(official=results.official)).document(
        "".join(body)
    )


_FIELDS = (
    *sentence_fields(KINDS["feedback"].sentences),
    *POLL,
    *PERSON,
    OF_PERSON,
    OPINION,
    TemplateField("研究等次", "设置里要写的研究确定的等次；没有则空", many=True),
    TemplateField("希望", "设置里的希望与要求、异议渠道", many=True),
    TemplateField("意见序号", "意见归纳一节的序号，如 三、"),
    TemplateField("希望序号", "希望与要求一节的序号，如 四、"),
)


def field_values(results: PollResults, person: PersonResult) -> Values:
    """Return the values for an office's own template."""
    letter = _PersonLetter.of(results, person)
    return {
        **common_values(results),
        **sentence_values(letter.words),
        "姓名": person.subject.name,
        "职务": person.subject.post,
        "各层级": [person_level_values(results, part) for part in letter.parts],
        "意见归纳": letter.opinion,
        "研究等次": [
            f"{part.about}：{words}"
            for part in letter.parts
            for words in grade_words(results, part)
        ],
        "希望": list(letter.wishes),
        "意见序号": letter.opinion_number,
        "希望序号": letter.wishes_number,
    }


def _start(markup: Markup) -> list[str]:
    dashes = '<w:top w:val="dashed" w:sz="6" w:space="1" w:color="000000"/>'
    slip = (
        markup.paragraph(FLUSH, keep_next=True)
        + markup.paragraph(
            FLUSH, "回　执", face=Face.HEI, align="center", border=dashes, keep_next=True
        )
        + markup.paragraph(FLUSH, "{{ 落款 }}：", keep_next=True)
        + start.each_line(markup, TEXT, "回执", keep_next=True)
        + markup.paragraph(
            FLUSH, f"签收人（签名）：{blank(6)}　{BLANK_DATE}", align="right", right=start.INDENT
        )
    )
    wishes = markup.paragraph(HEADING_1, "{{ 希望序号 }}希望与要求") + start.each_line(
        markup, TEXT, "希望", keep_next=True
    )
    return [
        *start.head(markup, start.each_line(markup, TITLE, "标题")),
        start.each_line(markup, FLUSH, "称呼"),
        start.each_line(markup, TEXT, "开头"),
        *start.levels(markup, "全文", several=False, drawn=True),
        start.each_line(markup, TEXT, "研究等次"),
        markup.paragraph(HEADING_1, "{{ 意见序号 }}群众意见归纳"),
        start.opinion_or_room(markup),
        start.only_if(markup, "希望", wishes),
        start.each_line(markup, TEXT, "结束语", keep_next=True),
        *start.signature(markup),
        start.only_if(markup, "回执", slip),
    ]


def _made(results: PollResults, person: PersonResult) -> bytes:
    own = own_templates.filled(results.documents, "feedback", lambda: field_values(results, person))
    return own or document(results, person)


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        results = sources.results[poll.id]
        for person in results.persons():
            who = person.subject
            content = partial(_made, results, person)
            instead = "" if person.voted else VOTE_AGAIN
            yield poll, Document(who.name, content, (who.post, who.name), instead=instead)


WRITER = Writer(of_polls=_of_polls, template=OwnTemplate(_FIELDS, _start))
