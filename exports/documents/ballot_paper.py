"""测评票: one sheet as printed and ticked (regulation, clause 三、2: 无记名投票).

Copies are indistinguishable: there is no number, no signature, and nothing about the voter. The
rows are in the order in which marks are keyed (`models.rounds.layout`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from exports.documents.ballot_table import ballot_table
from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup, ems
from exports.page.master import Leaf, Orientation, bound_master, master
from exports.page.meaning import by_meaning
from exports.page.styles import (
    BALLOT_HEAD,
    BALLOT_ROUND,
    BALLOT_RULES,
    LINE_PITCH,
    TITLE,
    Face,
    ParagraphStyle,
)
from exports.parts.wording import BLANK_DATE, date_words, spaced_name
from models.rounds.contents import round_contents, void_reasons
from models.rounds.layout import SheetLayout
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.sheets import printed_sheets
from models.settings.office import DocumentSettings

_PORTRAIT = Orientation.PORTRAIT
_WIDTH = _PORTRAIT.text_width
_PAGE = 22 * LINE_PITCH  # twips
_KIND = "民主测评票"
_RULES = "填票说明："
_TURN = "（请翻面）"
_BLANK = "\u3000"
# The marks of classes of voters, in their order; letters of a count, never a number.
_MARKS = "甲乙丙丁戊己庚辛壬癸"
# The corner of the page: as far from the edges as the text is, in the upper margin.
_CORNER = (
    'w:w="700" w:h="420" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page" '
    'w:x="9732" w:y="1400"'
)
# Twips, a line or two: the margin of error of the estimate.
_SPARE = 420


def document(
    documents: DocumentSettings,
    round_info: RoundInfo,
    poll: PollInfo,
    sheet: SheetLayout,
    void_reasons: tuple[str, ...],
    mark: str = "",
) -> bytes:
    """Return one sheet of a poll, to be printed once per voter.

    `void_reasons` are the office's reasons for voiding a whole ballot. `mark` stands in the corner
    of all sheets for one class of voters; empty if classes are not counted apart.
    """
    markup = Markup(documents.font_set)
    title, head, rules = _title(sheet.title), _head(poll, sheet), filling_rules(sheet, void_reasons)
    first = (
        (markup.paragraph(BALLOT_ROUND, mark, face=Face.HEI, frame=_CORNER) if mark else "")
        + markup.paragraphs(TITLE, title)
        + markup.paragraph(BALLOT_ROUND, f"（{round_info.title}）")
        + markup.paragraphs(BALLOT_HEAD, head)
    )
    for style in BALLOT_RULES:
        room = (
            _PAGE
            - len(title) * TITLE.line
            - _height(BALLOT_ROUND, [f"（{round_info.title}）"])
            - _height(BALLOT_HEAD, head)
            - _height(style, [_RULES, *rules])
            - _SPARE
        )
        again = BALLOT_ROUND.line + BALLOT_HEAD.line
        made = ballot_table(markup, sheet, _WIDTH, room, _PAGE - again - _SPARE)
        # The rules must not be in larger text than the table.
        if made.fits and made.size >= style.size:
            break
    told = _rules(markup, style, rules)
    if made.fits:
        leaf = Leaf(_PORTRAIT, numbered=False)
        return bound_master((leaf,), documents.font_set).document(first + made.pages[0] + told)
    # If the sheet has several pages, the rules come before the table, and the head is repeated.
    continued = markup.paragraph(
        BALLOT_ROUND, f"{sheet.title}（续）", new_page=True, keep_next=True
    ) + markup.paragraph(BALLOT_HEAD, head[0], keep_next=True)
    body = [first, told, made.pages[0]]
    for number, page in enumerate(made.pages[1:], 1):
        if number % 2:
            body.append(markup.paragraph(BALLOT_HEAD, _TURN, align="right"))
        body += [continued, page]
    return master(_PORTRAIT, documents.font_set).document("".join(body))


def filling_rules(sheet: SheetLayout, void_reasons: Sequence[str]) -> list[str]:
    """Return the numbered 填票说明 of a sheet, matching how votes are counted.

    Too many marks void their line, no mark is an abstention, and the office's reasons void the
    whole ballot.
    """
    persons = not sheet.items and len(sheet.subjects) > 1 and sheet.level.personal
    each = "每人" if persons else "每项"
    own = "该人一行" if persons else "该项"
    reasons = "；".join(reason.strip("。；") for reason in void_reasons)
    return [
        "1.本票无记名，请勿在票上签名或作任何记号。",
        f"2.请在相应等次栏内划“√”，{each}只选一个等次。",
        f"3.多选的，{own}无效；不选的，{own}视为弃权；涂改后无法辨认的，{own}无效。",
        f"4.有下列情形之一的，整票无效：{reasons}。",
    ]


def _rules(markup: Markup, style: ParagraphStyle, rules: Sequence[str]) -> str:
    """Return the rules under their heading, kept on one page."""
    indent = style.size * 10
    return markup.paragraph(style, _RULES, face=Face.HEI, keep_next=True) + "".join(
        markup.paragraph(style, rule, left=indent, hanging=indent, keep_next=rule is not rules[-1])
        for rule in rules
    )


def _title(text: str) -> list[str]:
    """Return the title on one line if it fits, otherwise with 民主测评票 on a separate line."""
    capacity = _WIDTH / (TITLE.size * 10)
    if ems(text) <= capacity:
        return [text]
    first = text.removesuffix(_KIND)
    if first == text or ems(first) > capacity:
        return list(by_meaning(text, capacity - 0.5))
    return [first, _KIND]


def _head(poll: PollInfo, sheet: SheetLayout) -> list[str]:
    """Return who is evaluated and when; an unknown date is left blank to fill in by hand."""
    unit = f"被测评单位：{poll.unit_name}"
    date = f"测评日期：{date_words(poll.date) or BLANK_DATE}"
    lines = _pair(unit, date)
    only = sheet.subjects[0]
    if len(sheet.subjects) == 1 and sheet.level.personal:
        lines += _pair(f"姓名：{spaced_name(only.name)}", f"职务：{only.post}" if only.post else "")
    elif len(sheet.subjects) == 1 and only.name != poll.unit_name:
        lines.append(f"被测评对象：{only.name}")
    return lines


def _pair(first: str, second: str) -> list[str]:
    """Put two entries on one line, the second at its end, or on two if they do not fit."""
    capacity = _WIDTH / (BALLOT_HEAD.size * 10)
    gap = int(capacity - ems(first) - ems(second) - 1.5)
    if second and gap >= 1:
        return [f"{first}{_BLANK * gap}{second}"]
    return [first, second] if second else [first]


def _height(style: ParagraphStyle, texts: Iterable[str]) -> int:
    """Return the estimated height of these paragraphs in twips."""
    capacity = _WIDTH / (style.size * 10) - 1
    return sum(max(1, math.ceil(ems(text) / capacity)) * style.line for text in texts)


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    settings, round_info = sources.settings, sources.round
    contents = round_contents(round_info, settings)
    reasons = void_reasons(round_info, settings)
    for poll in ready:
        for sheet in printed_sheets(poll.id, round_info, contents):
            alone = len(sheet.subjects) == 1 and sheet.level.personal
            who = sheet.subjects[0].name if alone else ""
            for mark in _marks(round_info):
                content = partial(
                    document, settings.documents, round_info, poll, sheet, reasons, mark
                )
                addressee = " ".join(filter(None, (sheet.title, who, mark)))
                yield poll, Document(addressee, content, (sheet.title, who, mark))


def _marks(round_info: RoundInfo) -> Sequence[str]:
    """Return the mark of each class of voters; one empty mark if all count alike."""
    if not round_info.rules.weighted:
        return ("",)
    return _MARKS[: len(round_info.groups)] if len(round_info.groups) <= len(_MARKS) else ("",)


WRITER = Writer(of_polls=_of_polls)
