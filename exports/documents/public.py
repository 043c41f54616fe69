"""公开反馈: a unit's results, published within a stated scope (regulation, clause 五、2).

Results of the team and the discipline body are given in counts and shares. For persons it says only
how many were evaluated, unless the office chooses to publish their results. It never shows the
votes of a voter group, opinions, or comparisons with the trust rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from exports.documents import own_templates
from exports.documents.kinds import KINDS
from exports.documents.writer import Document, Filed, OwnTemplate, Sources, Writer
from exports.page.markup import Markup, blank, ems
from exports.page.master import Orientation, master
from exports.page.styles import HEADING_1, ITEMS, TEXT, TITLE
from exports.parts.letter import notes_under_table, opening, signature
from exports.parts.own_words import OwnWords
from exports.parts.result_table import Lead, ResultLine, named_lines, notes_of, result_table
from exports.parts.results import PollResults
from exports.parts.section import LevelPart, parts_of_unit, stated_paper
from exports.parts.wording import BLANK_DATE, VOTE_AGAIN, items_words, numeral, spaced_name
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
from models.count.tally import SubjectTally
from models.regulation.levels import Level
from models.rounds.polls import PollInfo
from models.rounds.subjects import DUTY

_PORTRAIT = Orientation.PORTRAIT
_BODIES = (Level.TEAM, Level.DISCIPLINE)
_PERSONS = (*DUTY, Level.INTEGRITY)
# Space to fill in by hand: the number of days, and the first and last day.
_BLANK_DAYS = blank(3)
_BLANK_PERIOD = f"{BLANK_DATE}至{blank(2)}月{blank(2)}日"
_ITEM = Lead("测评内容", 4, 1, 12)


@dataclass(frozen=True)
class _Notice:
    """The content of the notice, for both the built-in layout and the office's template."""

    words: OwnWords
    """The office's sentences."""
    parts: tuple[LevelPart, ...]
    """The levels that are published."""

    @classmethod
    def of(cls, results: PollResults) -> _Notice:
        shown: Iterable[Level] = Level if results.documents.public_persons else _BODIES
        # Comparisons with the trust rule are not published.
        parts = parts_of_unit(results, shown, trust=False)
        return cls(OwnWords.of(results, "public"), parts)


def document(results: PollResults) -> bytes:
    """Return the notice of one poll."""
    notice = _Notice.of(results)
    font_set = results.documents.font_set
    markup = Markup(font_set)
    own = notice.words
    body = [
        opening(
            markup,
            own.lines("title"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        markup.paragraphs(TEXT, own.lines("opening")),
    ]
    for part in notice.parts:
        body.append(markup.paragraph(HEADING_1, part.heading))
        body.append(_level(markup, results, part))
    number = len(notice.parts)
    if not results.documents.public_persons and (words := _how_many(results)):
        number += 1
        body.append(markup.paragraph(HEADING_1, f"{numeral(number)}、领导干部个人测评情况"))
        body.append(markup.paragraph(TEXT, words))
    body.append(markup.paragraph(HEADING_1, f"{numeral(number + 1)}、公开时间"))
    days = results.documents.public_days or _BLANK_DAYS
    body += [
        markup.paragraph(TEXT, words, keep_next=True)
        for words in (f"公开时间为{days}天。", f"起止日期：{_BLANK_PERIOD}。")
    ]
    body += [markup.paragraph(TEXT, words, keep_next=True) for words in own.lines("objection")]
    body.append(signature(markup, results.office, own.lines("closing")))
    return master(_PORTRAIT, font_set).document("".join(body))


def _how_many(results: PollResults) -> str:
    """Return how many persons were evaluated at each level; empty if none."""
    counts = {
        level: len(results.levels[level].subjects) for level in _PERSONS if level in results.levels
    }
    parts = []
    if duty := [
        f"{results.levels[level].content.name}{counts[level]}人"
        for level in DUTY
        if level in counts
    ]:
        parts.append(f"{'、'.join(duty)}履行党风廉政建设责任制情况")
    if Level.INTEGRITY in counts:
        parts.append(f"领导干部{counts[Level.INTEGRITY]}人遵守廉洁自律规定情况")
    if not parts:
        return ""
    return f"对{'，对'.join(parts)}进行了测评。个人的测评结果分别反馈本人，不在此公开。"


def _level(markup: Markup, results: PollResults, part: LevelPart) -> str:
    """Return one level: teams and discipline bodies by item, persons in team order.

    A person has only the overall evaluation, or the items if the sheet has no overall evaluation.
    """
    rules, level = results.round.rules, part.level
    bodies = level.level in _BODIES
    alone = bodies and len(level.subjects) == 1
    overall = not bodies and all(each.result for each in level.subjects)
    leads = [*(() if alone else _who_leads(level.subjects)), *(() if overall else (_ITEM,))]
    lines: list[ResultLine] = []
    for each in level.subjects:
        found = named_lines(level, each)
        lines += _led(each, found[-1:] if overall else found, alone=alone, overall=overall)
    made = result_table(
        markup,
        level.content.scale,
        leads,
        lines,
        width=_PORTRAIT.text_width,
        decimals=rules.decimals,
        weighted=level.weighted,
        compact=not alone,  # posts are long and leave less space for the numbers
    )
    said = notes_of(results.round, made, lines, level)
    asked = level.content.items
    return (
        stated_paper(markup, part)
        + made.xml
        + notes_under_table(markup, said)
        + (markup.paragraph(ITEMS, items_words(asked)) if asked and not overall else "")
    )


def _who_leads(subjects: Sequence[SubjectTally]) -> tuple[Lead, ...]:
    longest = max(ems(spaced_name(each.subject.name)) for each in subjects)
    return (Lead("姓名", min(longest, 6.0), 1, max(longest, 5.0)), Lead("职务", 4, 2, 14))


def _led(
    subject: SubjectTally, lines: Sequence[ResultLine], *, alone: bool, overall: bool
) -> list[ResultLine]:
    """Return a subject's lines with its name and post in front of the first."""
    who: tuple[str, ...] = (
        () if alone else (spaced_name(subject.subject.name), subject.subject.post)
    )
    found = []
    for number, line in enumerate(lines):
        first: tuple[str | None, ...] = who if number == 0 else (None,) * len(who)
        leads = first if overall else (*first, *line.leads)
        found.append(ResultLine(leads, line.place, strong=line.strong and not overall))
    return found


_FIELDS = (
    *sentence_fields(KINDS["public"].sentences),
    *POLL,
    OF_UNIT,
    TemplateField("公开范围", "设置里的公开范围"),
    TemplateField("公开天数", "设置里的公开天数；没有则空"),
    TemplateField("被测评人数", "参加测评的领导干部人数"),
    TemplateField("异议", "设置里的异议渠道和期限；没有则空", many=True),
)


def field_values(results: PollResults) -> Values:
    """Return the values for an office's own template."""
    notice, documents = _Notice.of(results), results.documents
    return {
        **common_values(results),
        **sentence_values(notice.words),
        "各层级": [unit_level_values(results, part, public=True) for part in notice.parts],
        "公开范围": documents.public_scope,
        "公开天数": str(documents.public_days or ""),
        "被测评人数": str(len(results.persons())),
        "异议": list(notice.words.lines("objection")),
    }


def _start(markup: Markup) -> list[str]:
    days = (
        f"公开时间为{{% if 公开天数 %}}{{{{ 公开天数 }}}}{{% else %}}{_BLANK_DAYS}{{% endif %}}天。"
    )
    return [
        *start.head(markup, start.each_line(markup, TITLE, "标题")),
        start.each_line(markup, TEXT, "开头"),
        *start.levels(markup, "内容", several=True),
        markup.paragraph(TEXT, days, keep_next=True),
        markup.paragraph(TEXT, f"起止日期：{_BLANK_PERIOD}。", keep_next=True),
        start.each_line(markup, TEXT, "异议", keep_next=True),
        start.each_line(markup, TEXT, "结束语", keep_next=True),
        *start.signature(markup),
    ]


def _made(results: PollResults) -> bytes:
    own = own_templates.filled(results.documents, "public", lambda: field_values(results))
    return own or document(results)


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    scope = sources.settings.documents.public_scope or "公开"
    for poll in ready:
        results = sources.results[poll.id]
        instead = "" if results.voted else VOTE_AGAIN
        yield poll, Document(scope, partial(_made, results), instead=instead)


def _filed(results: PollResults) -> Iterator[Filed]:
    yield Filed(f"{results.poll.unit_name}{results.round.title}结果公开反馈")


WRITER = Writer(of_polls=_of_polls, filed_of_poll=_filed, template=OwnTemplate(_FIELDS, _start))
