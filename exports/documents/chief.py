"""向第一责任人反馈: a unit's results, to its first responsible person (regulation, clause 五、2).

It covers team, chief, members, discipline body and integrity. Persons are in team order and never
ranked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from exports.documents import own_templates
from exports.documents.kinds import KINDS
from exports.documents.writer import Document, Filed, OwnTemplate, Sources, Writer
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, HEADING_2, TEXT, TITLE
from exports.parts.letter import opening, room_to_write, signature, summed_up
from exports.parts.own_words import OwnWords
from exports.parts.results import PollResults
from exports.parts.section import LevelPart, alone, parts_of_unit, several, stated
from exports.parts.wording import VOTE_AGAIN, numeral, unofficial
from exports.templates import start
from exports.templates.fields import (
    OF_UNIT,
    POLL,
    TemplateField,
    Values,
    common_values,
    sentence_fields,
    sentence_values,
    unit_level_values,
)
from models.regulation.levels import Level
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT
_LEFT_TO_PEOPLE = ("群众意见归纳", "整改要求和时限")


@dataclass(frozen=True)
class _ChiefLetter:
    """The content of the letter, for both the built-in layout and the office's template."""

    words: OwnWords
    """The office's sentences."""
    to_party: bool
    """Whether it is addressed to the party group because the unit has no chief."""
    parts: tuple[LevelPart, ...]
    """The evaluated levels of the unit."""
    opinion: str
    """The summary of opinions on the team and the discipline body.

    Opinions on a person go only to that person.
    """

    @classmethod
    def of(cls, results: PollResults) -> _ChiefLetter:
        bodies = [
            results.levels[level]
            for level in (Level.TEAM, Level.DISCIPLINE)
            if level in results.levels
        ]
        return cls(
            OwnWords.of(results, "chief", results.chief),
            results.chief is None,
            parts_of_unit(results),
            results.opinion(each for level in bodies for each in level.subjects),
        )

    @property
    def keys(self) -> dict[str, str]:
        """Which sentences to replace with those for a party group."""
        return {key: f"party_{key}" for key in ("salutation", "opening") if self.to_party}

    @property
    def opinion_number(self) -> str:
        return f"{numeral(len(self.parts) + 1)}、"


def document(results: PollResults) -> bytes:
    """Return the letter to the first responsible person of the poll's unit.

    It is addressed to the unit's party group if there is no chief.
    """
    letter = _ChiefLetter.of(results)
    font_set = results.documents.font_set
    markup = Markup(font_set)
    words, keys = letter.words, letter.keys
    body = [
        opening(
            markup,
            words.lines("title"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        markup.paragraphs(FLUSH, words.lines(keys.get("salutation", "salutation"))),
        markup.paragraphs(TEXT, words.lines(keys.get("opening", "opening"))),
    ]
    for part in letter.parts:
        level = part.level.level
        body.append(markup.paragraph(HEADING_1, part.heading))
        if level in (Level.MEMBER, Level.INTEGRITY):
            body.append(several(markup, results, part))
            continue
        for subject in part.subjects:
            who = subject.subject
            if len(part.subjects) > 1 or level is Level.CHIEF:
                body.append(markup.paragraph(HEADING_2, f"{who.name}　{who.post}".strip("　")))
            body.append(stated(markup, results, alone(results, part, subject)))
    body.append(markup.paragraph(HEADING_1, f"{letter.opinion_number}意见归纳和整改要求"))
    opinions, improved = _LEFT_TO_PEOPLE
    body += [
        markup.paragraph(HEADING_2, f"（一）{opinions}"),
        summed_up(markup, letter.opinion, keep_next=False),
        markup.paragraph(HEADING_2, f"（二）{improved}"),
        room_to_write(markup),
    ]
    body.append(signature(markup, results.office, words.lines("closing")))
    return master(_PORTRAIT, font_set, unofficial(official=results.official)).document(
        "".join(body)
    )


_FIELDS = (
    *sentence_fields(KINDS["chief"].sentences),
    *POLL,
    TemplateField("姓名", "第一责任人姓名；没有正职则空"),
    TemplateField("职务", "第一责任人职务；没有正职则空"),
    OF_UNIT,
    TemplateField("意见归纳", "对领导班子和纪检监察机关的意见归纳；没有填则空"),
    TemplateField("意见序号", "意见归纳一节的序号，如 六、"),
)


def field_values(results: PollResults) -> Values:
    """Return the values for an office's own template."""
    letter, who = _ChiefLetter.of(results), results.chief
    return {
        **common_values(results),
        **sentence_values(letter.words, letter.keys),
        "姓名": who.name if who else "",
        "职务": who.post if who else "",
        "各层级": [unit_level_values(results, part) for part in letter.parts],
        "意见归纳": letter.opinion,
        "意见序号": letter.opinion_number,
    }


def _start(markup: Markup) -> list[str]:
    opinions, improved = _LEFT_TO_PEOPLE
    return [
        *start.head(markup, start.each_line(markup, TITLE, "标题")),
        start.each_line(markup, FLUSH, "称呼"),
        start.each_line(markup, TEXT, "开头"),
        *start.levels(markup, "内容", several=True, drawn=True),
        markup.paragraph(HEADING_1, "{{ 意见序号 }}意见归纳和整改要求"),
        markup.paragraph(HEADING_2, f"（一）{opinions}"),
        start.opinion_or_room(markup),
        markup.paragraph(HEADING_2, f"（二）{improved}"),
        room_to_write(markup),
        start.each_line(markup, TEXT, "结束语", keep_next=True),
        *start.signature(markup),
    ]


def _made(results: PollResults) -> bytes:
    own = own_templates.filled(results.documents, "chief", lambda: field_values(results))
    return own or document(results)


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        results = sources.results[poll.id]
        addressee = results.chief.name if results.chief else f"{poll.unit_name}党组"
        instead = "" if results.voted else VOTE_AGAIN
        yield poll, Document(addressee, partial(_made, results), instead=instead)


def _filed(results: PollResults) -> Iterator[Filed]:
    unit, title = results.poll.unit_name, results.round.title
    yield Filed(f"{unit}{title}结果反馈书（第一责任人）")


WRITER = Writer(of_polls=_of_polls, filed_of_poll=_filed, template=OwnTemplate(_FIELDS, _start))
