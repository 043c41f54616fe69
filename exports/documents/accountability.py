"""责任追究 呈批件: reports that a person's trust votes missed the office's own rule.

Regulation, clause 五、3. An internal form without a letterhead. It says what the rule asks, what
was counted and how, and what the regulation says. It is a prompt, not a verdict: whether anything
follows, and what, is left blank, with space for opinions, signatures and dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from exports.documents.writer import Document, Filed, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.measure import Measured, heights
from exports.page.styles import BETWEEN_TABLES, LINE_PITCH
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.letter import opening
from exports.parts.results import PersonResult, PollResults
from exports.parts.section import paper_of
from exports.parts.wording import (
    BLANK_DATE,
    attendance_words,
    date_words,
    percent,
    spaced_name,
    trust_rule_words,
)
from models.count.tally import LevelTally, SubjectTally, TrustFinding
from models.regulation.rules import Denominator, RoundRules
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT
_WIDTH = _PORTRAIT.text_width
_PAGE = 22 * LINE_PITCH - 200  # twips, less a margin of error
_TOLD = (_WIDTH * 18 // 100, _WIDTH - _WIDTH * 18 // 100)
_SIZES = (24, 21, 18)  # half-points; the first that fits is used
# Twips: the height of a box to write an opinion into.
_LEAST_OPINION, _MOST_OPINION = 900, 1800
_OPINIONS = ("拟办意见", "审核意见", "领导审批意见")
_SIGNED = f"签名：{blank(6)}　{BLANK_DATE}"
_BASES = {
    Denominator.MARKS: "总体评价各等次票数之和，不含弃权和多选",
    Denominator.VALID: "有效票数，含弃权和多选",
    Denominator.RETURNED: "收回票数",
    Denominator.PRESENT: "到会人数",
}
_RULE = "对领导干部民主测评信任票达不到规定要求的，按责任追究的有关规定实施责任追究"
_PROMPT = (
    "本件依据计票结果提示：该同志信任票未达到本轮次设定的标准。"
    "是否进行责任追究、采取何种方式，由有权机关按照规定研究决定。"
)


def due(results: PollResults, person: PersonResult) -> bool:
    """Whether a trust rule is set for any of the person's levels and was not met there."""
    return any(_short(results, person))


def document(results: PollResults, person: PersonResult) -> bytes:
    """Return the form for one person, on one page. Raises `ValueError` if none is `due`."""
    short = list(_short(results, person))
    if not short:
        raise ValueError("no trust rule was missed")
    font_set = results.documents.font_set
    markup = Markup(font_set)
    head = opening(
        markup,
        (results.round.title, "信任票情况呈批件"),
        _PORTRAIT,
        official=results.official,
        corrections=results.corrections,
        gap=False,
    )
    told = [
        _facts(results, person),
        *(_comparison(results, *found) for found in short),
        _told(results),
    ]
    between = markup.paragraph(BETWEEN_TABLES)
    above = heights(head, _WIDTH) + (len(told) + 1) * BETWEEN_TABLES.line
    for size in _SIZES:
        rest = _PAGE - above - sum(each.height(size) for each in told)
        if rest >= len(_OPINIONS) * _LEAST_OPINION:
            break
    opinions = _opinions(min(max(rest // len(_OPINIONS), _LEAST_OPINION), _MOST_OPINION))
    made = [table(markup, each.widths, each.sized(size), size) for each in (*told, opinions)]
    return master(_PORTRAIT, font_set).document("".join((head, *(between + each for each in made))))


def _short(
    results: PollResults, person: PersonResult
) -> Iterator[tuple[LevelTally, SubjectTally, TrustFinding]]:
    """Yield the levels at which the person missed the trust rule."""
    for level, subject in person.levels:
        finding = results.trust(level, subject)
        if finding is not None and finding.met is False:
            yield level, subject, finding


def _facts(results: PollResults, person: PersonResult) -> Measured:
    poll, round_info = results.poll, results.round
    reporter = results.office.signature or results.office.name
    who = person.subject
    parts = (14, 25, 14, 25)
    widths = [_WIDTH * part // sum(parts) for part in parts[:-1]]
    widths.append(_WIDTH - sum(widths))
    rows = [
        (label("姓名"), cell(spaced_name(who.name)), label("职务"), cell(who.post)),
        (label("单位"), cell(poll.unit_name, span=3)),
        (label("轮次"), cell(round_info.title, span=3)),
        (
            label("测评日期"),
            cell(date_words(poll.date)),
            label("到会人数"),
            cell(attendance_words(poll)),
        ),
        (label("呈报单位"), cell(reporter, span=3)),
        (label("呈报日期"), cell(BLANK_DATE, span=3)),
    ]
    return Measured(tuple(widths), tuple(map(Row, rows)))


def _comparison(
    results: PollResults, level: LevelTally, subject: SubjectTally, finding: TrustFinding
) -> Measured:
    rules = results.round.rules
    result = subject.result
    grades = result.grades if result else ()
    votes = "、".join(
        f"{grade}{n}票" for grade, n in zip(level.content.scale.grades, grades, strict=True)
    )
    spoilt = f"；弃权{result.blank}票，多选{result.overvote}票" if result else ""
    rows = [
        ("测评票", paper_of(level, [subject])),
        ("总体评价", f"{votes}{spoilt}"),
        ("信任票标准", trust_rule_words(finding.rule, rules).partition("：")[2]),
        ("实际信任票", _actual_words(rules, finding)),
        ("口径", _base_words(rules, finding)),
    ]
    name = Row((label(f"信任票比对（{level.content.name}）", span=2),), keep_next=True)
    return Measured(_TOLD, (name, *(_named(*row) for row in rows)))


def _told(results: PollResults) -> Measured:
    """What the regulation says, and what this form asks."""
    basis = results.office.basis[-1] if results.office.basis else ""
    rule = f"{basis}规定，{_RULE}。" if basis else f"按照规定，{_RULE}。"
    return Measured(_TOLD, (_named("有关规定", rule), _named("提示", _PROMPT)))


def _named(name: str, text: str) -> Row:
    return Row((label(name), cell(text, align="left")))


def _actual_words(rules: RoundRules, finding: TrustFinding) -> str:
    share = percent(Fraction(finding.counted, finding.base), rules.decimals)
    return f"{finding.counted}票，占{finding.counted}/{finding.base}，即{share}，未达到标准"


def _base_words(rules: RoundRules, finding: TrustFinding) -> str:
    base = _BASES[finding.rule.base or rules.denominator]
    return (
        f"信任票为总体评价{'、'.join(finding.rule.grades)}票之和；分母{finding.base}为{base}；"
        "按票数比较，不按四舍五入后的百分比比较"
    )


def _opinions(height: int) -> Measured:
    """Return one empty box of this height for each person who decides."""
    # The signature stands at the foot of its box.
    return Measured(
        _TOLD,
        tuple(
            Row((label(name), Cell((_SIGNED,), align="right", low=True)), height=height)
            for name in _OPINIONS
        ),
    )


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        results = sources.results[poll.id]
        for person in results.persons():
            if due(results, person):
                who = person.subject
                content = partial(document, results, person)
                yield poll, Document(who.name, content, (who.post, who.name))


def _filed(results: PollResults) -> Iterator[Filed]:
    for person in results.persons():
        if due(results, person):
            who = f"{results.poll.unit_name}{person.subject.name}"
            yield Filed(f"{results.round.title}信任票情况呈批件（{who}）")


WRITER = Writer(of_polls=_of_polls, filed_of_poll=_filed)
