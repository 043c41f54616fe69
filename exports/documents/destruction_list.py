"""销毁清单: a round's ballots that may be destroyed after their term, to be approved and signed.

The term of ballots is the office's to set, so its end is left to be written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import TEXT, UNDER_CAPTION
from exports.parts.form import ruled
from exports.parts.letter import opening
from exports.parts.results import PollResults
from exports.parts.wording import BLANK_DATE, date_words
from models.rounds.plan import RoundInfo
from models.settings.office import DocumentSettings, Office

_LANDSCAPE = Orientation.LANDSCAPE
_COLUMNS = (
    ("序号", 5),
    ("单位", 28),
    ("测评日期", 16),
    ("票种", 6),
    ("张数", 8),
    ("封存日期", 16),
    ("袋数", 7),
    ("备注", 14),
)
_SIGNERS = (("分工", 14), ("姓名", 18), ("签名", 22), ("意见", 26), ("日期", 20))
_SIGNED = ("批准人", "监销人", "监销人", "销毁人")
_SAID = (
    "下列测评票保管期满，没有尚待办理的更正和异议，拟予销毁。"
    "计票结果报告单、汇总表和计票数据按归档的保管期限保存，不在销毁之列。"
)


def document(
    office: Office, documents: DocumentSettings, round_info: RoundInfo, polls: Sequence[PollResults]
) -> bytes:
    """Return the list of a round's sealed polls."""
    markup = Markup(documents.font_set)
    rows = [_row(number, each) for number, each in enumerate(polls, 1)]
    total = sum(_sheets(each) for each in polls)
    rows.append(("", "合计", "", "", str(total), "", "", ""))
    body = [
        opening(markup, ("测评票销毁清单",), _LANDSCAPE, official=True),
        markup.paragraph(TEXT, _SAID),
        markup.paragraphs(
            UNDER_CAPTION,
            (
                f"轮次：{round_info.title}",
                f"保管单位：{office.name}　　保管期满日期：{BLANK_DATE}",
            ),
        ),
        ruled(markup, _LANDSCAPE, _COLUMNS, rows, height=400),
        markup.paragraph(UNDER_CAPTION, keep_next=True),
        ruled(
            markup,
            _LANDSCAPE,
            _SIGNERS,
            [(role, "", "", "", BLANK_DATE) for role in _SIGNED],
            height=520,
            together=True,
        ),
    ]
    return master(_LANDSCAPE, documents.font_set).document("".join(body))


def _sheets(results: PollResults) -> int:
    return sum(level.paper.returned for level in results.levels.values())


def _row(number: int, results: PollResults) -> tuple[str, ...]:
    sealed = results.seals[-1].at[:10] if results.seals else ""
    kinds = sum(len(level.papers) for level in results.levels.values())
    return (
        str(number),
        results.poll.unit_name,
        date_words(results.poll.date),
        f"{kinds}种",
        str(_sheets(results)),
        date_words(sealed),
        "",
        "",
    )


def _of_round(sources: Sources) -> Iterator[Document]:
    settings = sources.settings
    sealed = tuple(each for each in sources.results.values() if each.official)
    content = partial(document, settings.office, settings.documents, sources.round, sealed)
    yield Document(settings.office.name, content)


WRITER = Writer(of_round=_of_round)
