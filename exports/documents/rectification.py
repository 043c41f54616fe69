"""整改情况报告: the form in which a polled unit answers what its letter asked to be improved.

The opinions that the office summed up stand in it; what was done is for the unit to write.
"""

from __future__ import annotations

from exports.documents.writer import Writer, once_voted
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, TEXT
from exports.parts.form import ruled
from exports.parts.letter import opening, room_to_write, signature
from exports.parts.organizer import reporter
from exports.parts.results import PollResults
from models.regulation.levels import Level

_PORTRAIT = Orientation.PORTRAIT
_COLUMNS = (
    ("序号", 7),
    ("反映的问题", 25),
    ("整改措施", 27),
    ("责任人", 12),
    ("完成时限", 13),
    ("完成情况", 16),
)
_ROWS = 5
_ROW = 800


def document(results: PollResults) -> bytes:
    """Return the form for a sealed poll's unit."""
    markup = Markup(results.documents.font_set)
    poll, title = results.poll, results.round.title
    team = results.levels.get(Level.TEAM)
    opinion = results.opinion(team.subjects) if team else ""
    rows = [(str(number), *[""] * (len(_COLUMNS) - 1)) for number in range(1, _ROWS + 1)]
    unit, superior = reporter(results.office, poll)
    body = [
        opening(
            markup,
            (f"{poll.unit_name}关于", f"{title}结果", "整改情况的报告"),
            _PORTRAIT,
            official=True,
        ),
        markup.paragraph(FLUSH, f"{superior or blank(14)}："),
        markup.paragraph(
            TEXT,
            f"{title}结果反馈后，我单位对照反馈意见逐项研究整改，现将有关情况报告如下。",
        ),
        markup.paragraph(HEADING_1, "一、反馈的问题"),
        markup.paragraph(TEXT, opinion) if opinion else room_to_write(markup, keep_next=False),
        markup.paragraph(HEADING_1, "二、整改措施和完成情况"),
        ruled(markup, _PORTRAIT, _COLUMNS, rows, height=_ROW),
        markup.paragraph(HEADING_1, "三、尚未完成的事项和下一步安排"),
        room_to_write(markup, keep_next=True),
        signature(markup, unit, ("特此报告。",)),
    ]
    return master(_PORTRAIT, results.documents.font_set).document("".join(body))


WRITER = Writer(of_polls=once_voted(document))
