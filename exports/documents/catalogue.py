"""归档文件目录: a list of the round's documents for the archive (DA/T 22-2015).

One row per 件: the plan, then documents of the whole round, then unit by unit. The archive number
(档号) is 全宗号—门类·年度—保管期限—机构代码—件号, with 件号 counted within a year and retention
period. If the office has not set one of its parts, the number is left blank. So are the document
number and page count, which only the printed document has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from exports.documents.kind import Waits
from exports.documents.kinds import KINDS
from exports.documents.writer import Document, Filed, Sources, Writer, writer_of
from exports.page.markup import Markup, blank, ems
from exports.page.master import Orientation, master
from exports.page.styles import NOTE, UNDER_CAPTION
from exports.page.table import CELL_MARGIN, Row, cell, label, table
from exports.parts.letter import notes_under_table, opening
from exports.parts.organizer import organizer
from exports.parts.results import PollResults
from exports.parts.wording import BLANK_DATE
from models.rounds.plan import RoundInfo
from models.settings.office import TERMS, DocumentSettings, Office

_LANDSCAPE = Orientation.LANDSCAPE
_SIZE = 21
_TITLES = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
_RUNNING = ("责任者", "题名", "备注")  # columns of text that may wrap
_PARTS = (5, 15, 8, 21, 29, 10, 5, 5, 10)
_DIGITS = 1.06
_CATEGORY = "WS"  # 文书档案
_KEPT_APART = (
    "反馈书送达本人，廉政档案登记表归入本人的廉政档案，均不列入本目录。",
    "密级、文号、页数按定稿填写；日期为成文日期，计票结果报告单为封存日期。",
)
_SIGNERS = f"整理人：{blank(8)}　检查人：{blank(8)}　整理日期：{BLANK_DATE}"


@dataclass(frozen=True)
class _FiledItem:
    """One 件."""

    kind: str
    """The key of its kind."""
    filed: Filed
    """Its title and date."""
    by: str
    """The organ that signs it (责任者)."""
    note: str = ""
    """Which seal it is based on, if not the first."""


def document(
    office: Office, documents: DocumentSettings, round_info: RoundInfo, polls: Sequence[PollResults]
) -> bytes:
    """Return the catalogue of a round: documents of its sealed polls and of the whole round."""
    markup = Markup(documents.font_set)
    of_term: dict[str, list[tuple[_FiledItem, str]]] = {}
    for line, code in numbered_lines(office, documents, round_info, polls):
        of_term.setdefault(documents.terms.get(line.kind, ""), []).append((line, code))
    lists = []
    for term in (*TERMS, ""):
        if lines := of_term.get(term):
            facts = [f"全宗号：{office.fonds}", f"年度：{round_info.plan.year}"]
            facts.append(f"保管期限：{term}")
            lists.append(markup.paragraph(UNDER_CAPTION, "　　".join(facts)) + _list(markup, lines))
    body = [
        opening(markup, ("归档文件目录",), _LANDSCAPE, official=True),
        markup.paragraph(UNDER_CAPTION, f"轮次：{round_info.title}"),
        markup.paragraph(UNDER_CAPTION).join(lists),
        notes_under_table(markup, _KEPT_APART, keep_next=True),
        markup.paragraph(NOTE, keep_next=True),
        markup.paragraph(NOTE, _SIGNERS),
    ]
    return master(_LANDSCAPE, documents.font_set).document("".join(body))


def _list(markup: Markup, lines: Sequence[tuple[_FiledItem, str]]) -> str:
    """Return the list of one term, numbered from one."""
    rows = [Row(tuple(label(title) for title in _TITLES), header=True)]
    for number, (line, code) in enumerate(lines, 1):
        filed = line.filed
        title = f"{line.by}{filed.title}" if filed.by_party_group else filed.title
        texts = (str(number), code, "", line.by, title, filed.date, "", "", line.note)
        cells = (
            cell(text, align="left" if heading in _RUNNING else "")
            for heading, text in zip(_TITLES, texts, strict=True)
        )
        rows.append(Row(tuple(cells)))
    # Keep the last two rows with the notes.
    rows[-2:] = [replace(row, keep_next=True) for row in rows[-2:]]
    return table(markup, _widths([code for _, code in lines]), rows, _SIZE)


def numbered_lines(
    office: Office, documents: DocumentSettings, round_info: RoundInfo, polls: Sequence[PollResults]
) -> Iterator[tuple[_FiledItem, str]]:
    """Yield every 件 in order with its archive number.

    The number is empty if one of its parts is not set.
    """
    counted = Counter[str]()
    for line in _lines(office, round_info, polls):
        term = TERMS.get(documents.terms.get(line.kind, ""), "")
        counted[term] += 1
        known = office.fonds and office.section and term
        head = f"{office.fonds}-{_CATEGORY}·{round_info.plan.year}-{term}-{office.section}"
        yield line, f"{head}-{counted[term]:04d}" if known else ""


def _lines(
    office: Office, round_info: RoundInfo, polls: Sequence[PollResults]
) -> Iterator[_FiledItem]:
    kinds = [kind for kind in KINDS.values() if kind.filed]
    sealed = [each for each in polls if each.official]
    for kind in kinds:
        of_round = writer_of(kind).filed_of_round
        if of_round and (kind.waits is Waits.NOTHING or len(sealed) == len(polls)):
            filed = of_round(round_info)
            yield _FiledItem(kind.key, filed, _signer(office, filed))
    for each in sealed:
        version = each.seals[-1].version if each.seals else 1
        organ = organizer(office, round_info, each.poll)
        again = f"第{version}次封存" if version > 1 else ""
        for kind in kinds:
            if of_poll := writer_of(kind).filed_of_poll:
                for filed in of_poll(each):
                    yield _FiledItem(kind.key, filed, _signer(organ, filed), again)


def _signer(office: Office, filed: Filed) -> str:
    """Return which organ a document is of."""
    signs = office.party_group if filed.by_party_group else office.signature
    return signs or office.name


def _widths(codes: Sequence[str]) -> list[int]:
    """Return the widths of the columns: archive numbers stand on one line."""
    width, total = _LANDSCAPE.text_width, sum(_PARTS)
    # Digits are a little wider than half a character in some fonts.
    code = round(max(map(ems, codes)) * _SIZE * 10 * _DIGITS) + 2 * CELL_MARGIN
    wanted = max(code, width * _PARTS[1] // total)
    rest = (width - wanted) / (total - _PARTS[1])
    found = [round(part * rest) for part in _PARTS]
    found[1] = wanted
    found[-1] += width - sum(found)
    return found


def _of_round(sources: Sources) -> Iterator[Document]:
    settings, results = sources.settings, tuple(sources.results.values())
    content = partial(document, settings.office, settings.documents, sources.round, results)
    yield Document(sources.round.title, content)


WRITER = Writer(of_round=_of_round)
