"""移交清单: what goes with the ballots of a unit from those who counted to those who keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from exports.documents.ballot_bag import contents_words
from exports.documents.kinds import KINDS
from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import TEXT
from exports.parts.form import ruled
from exports.parts.letter import opening
from exports.parts.results import PollResults
from exports.parts.wording import BLANK_DATE
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT
_COLUMNS = (("序号", 8), ("名称", 30), ("数量", 14), ("说明", 48))
_SIGNERS = (("分工", 17), ("姓名", 21), ("签名", 27), ("日期", 35))
_SIGNED = ("移交人", "接收人", "监交人")


def document(results: PollResults) -> bytes:
    """Return the list of what is handed over of a sealed poll."""
    markup = Markup(results.documents.font_set)
    bags = f"{blank(3)}袋"
    again = f"，第{results.seal_version}次封存" if results.corrections else ""
    papers = [
        ("已封存的测评票", bags, contents_words(results)),
        (KINDS["count"].name, "1份", f"监票人、计票人已签名{again}"),
        (KINDS["summary"].name, "1份", "封存后写出"),
        ("计票数据备份", "1份", "与计票结果报告单所列摘要一致"),
        ("未发出和作废的空白测评票", f"{blank(3)}张", ""),
    ]
    rows = [(str(number), *each) for number, each in enumerate(papers, 1)]
    body = [
        opening(markup, (results.round.title, "测评票移交清单"), _PORTRAIT, official=True),
        markup.paragraph(
            TEXT,
            f"{results.poll.unit_name}的测评票和计票材料移交如下，经当面清点，封口完好，数量相符。",
            keep_next=True,
        ),
        ruled(markup, _PORTRAIT, _COLUMNS, rows),
        markup.paragraph(TEXT, keep_next=True),
        ruled(markup, _PORTRAIT, _SIGNERS, [(name, "", "", BLANK_DATE) for name in _SIGNED]),
    ]
    return master(_PORTRAIT, results.documents.font_set).document("".join(body))


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        yield poll, Document(poll.unit_name, partial(document, sources.results[poll.id]))


WRITER = Writer(of_polls=_of_polls)
