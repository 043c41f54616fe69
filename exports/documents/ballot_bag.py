"""票袋封签: the slip that closes a bag of counted ballots, with a table of later openings.

What is in the bag is said in numbers of sheets, never of votes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import HEADING_1, TEXT
from exports.parts.form import facts, ruled
from exports.parts.letter import opening
from exports.parts.results import PollResults
from exports.parts.wording import BLANK_DATE, date_words
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT
_ROW = 480
_RULE = "封口骑缝处由监票人、封存人签名并加盖印章。未经批准不得启封；启封须有两人在场，并登记如下。"
_OPENINGS = (("启封日期", 18), ("理由", 34), ("批准人", 16), ("启封人", 16), ("重新封存日期", 16))
_ROOM = 4


def document(results: PollResults) -> bytes:
    """Return the slip of a poll's bag."""
    markup = Markup(results.documents.font_set)
    poll = results.poll
    again = f"（第{results.seal_version}次封存）" if results.corrections else ""
    pairs = [
        ("测评轮次", results.round.title),
        ("被测评单位", poll.unit_name),
        ("测评日期", date_words(poll.date)),
        ("袋内测评票", contents_words(results)),
        ("票袋编号", f"第{blank(3)}袋，共{blank(3)}袋"),
        ("封存日期", f"{BLANK_DATE}{again}"),
        ("监票人（签名）", ""),
        ("封存人（签名）", ""),
    ]
    body = [
        opening(markup, ("测评票封签",), _PORTRAIT, official=True),
        facts(markup, pairs, height=_ROW),
        markup.paragraph(TEXT, _RULE),
        markup.paragraph(HEADING_1, "启封登记"),
        ruled(markup, _PORTRAIT, _OPENINGS, [[""] * len(_OPENINGS)] * _ROOM, height=_ROW),
    ]
    return master(_PORTRAIT, results.documents.font_set).document("".join(body))


def contents_words(results: PollResults) -> str:
    """Return how many sheets of each kind came back, void ones counted with them."""
    parts = [f"{level.content.name}票{level.paper.returned}张" for level in results.levels.values()]
    total = sum(level.paper.returned for level in results.levels.values())
    return f"{'，'.join(parts)}，合计{total}张（含无效票）"


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        yield poll, Document(poll.unit_name, partial(document, sources.results[poll.id]))


WRITER = Writer(of_polls=_of_polls)
