"""送达登记表: who gets which letter of a unit, to be signed on when it is handed over.

What is in the register of deliveries is printed; all else is left to be written by hand.
"""

from __future__ import annotations

from exports.documents.kinds import KINDS
from exports.documents.writer import Writer, once_voted
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import UNDER_CAPTION
from exports.parts.form import ruled, signers
from exports.parts.letter import notes_under_table, opening
from exports.parts.results import PollResults
from exports.parts.wording import date_words, spaced_name
from models.results.delivery import Due, Handover

_LANDSCAPE = Orientation.LANDSCAPE
_COLUMNS = (
    ("序号", 5),
    ("送达文书", 17),
    ("收件人", 11),
    ("职务", 16),
    ("送达日期", 16),
    ("送达方式", 10),
    ("收件人签名", 14),
    ("签收日期", 16),
)
_LETTERS = (Handover.FEEDBACK, Handover.CHIEF)
_CORRECTED = "结果封存后经过更正，送达的均为更正后的文书。"
_HOW = "由收件人本人签名；代收的写明代收人和与收件人的关系。签收后据此登记。"


def document(results: PollResults) -> bytes:
    """Return the list of a sealed poll's letters."""
    markup = Markup(results.documents.font_set)
    dues = [due for due in results.dues if due.kind in _LETTERS]
    said = [_HOW, _CORRECTED] if results.corrections else [_HOW]
    body = [
        opening(markup, (f"{results.round.title}结果送达登记表",), _LANDSCAPE, official=True),
        markup.paragraph(
            UNDER_CAPTION,
            f"被测评单位：{results.poll.unit_name}　　送达单位：{results.office.name}",
        ),
        ruled(markup, _LANDSCAPE, _COLUMNS, [_row(n, due) for n, due in enumerate(dues, 1)]),
        notes_under_table(markup, said, keep_next=True),
        signers(markup, ("送达人", "登记人", "审核人")),
    ]
    return master(_LANDSCAPE, results.documents.font_set).document("".join(body))


def _row(number: int, due: Due) -> tuple[str, ...]:
    done = due.delivery
    return (
        str(number),
        KINDS[due.kind].name,
        spaced_name(due.addressee),
        due.subject.post if due.subject else "第一责任人",
        date_words(done.on) if done else "",
        done.way if done else "",
        "",
        date_words(done.signed_on) if done else "",
    )


WRITER = Writer(of_polls=once_voted(document))
