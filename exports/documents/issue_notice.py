"""印发通知: the formal document that sends out a round's plan, with the ballots annexed.

GB/T 9704-2012; it goes down to the polled units, so it names no signer (签发人).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from exports.documents.writer import Document, Filed, Sources, Writer
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import TEXT
from exports.parts import formal
from exports.parts.letter import basis_words, opening
from exports.parts.wording import period_words
from models.rounds.contents import round_contents
from models.rounds.plan import RoundInfo
from models.settings.office import DocumentSettings, Office

_PORTRAIT = Orientation.PORTRAIT
# More units than these are called by what they are.
_NAMED = 3


def document(
    office: Office,
    documents: DocumentSettings,
    round_info: RoundInfo,
    units: Sequence[str],
    sheets: int,
) -> bytes:
    """Return the notice to these units, with the plan and so many kinds of ballots annexed."""
    markup = Markup(documents.font_set)
    sender = office.party_group or office.name
    plan = f"{round_info.title}实施方案"
    basis = basis_words(office.basis[-1:])
    when = period_words(round_info.plan.starts, round_info.plan.ends)
    text = (
        f"{f'根据{basis}，' if basis else ''}现将《{plan}》印发给你们，请认真组织实施。"
        f"{f'测评时间为{when}。' if when else ''}测评票按所附票样印制，票上不编号、不作记号。"
        "实施中的情况和问题，请及时报告。"
    )
    body = [
        formal.red_head(
            markup,
            office.letterhead or sender,
            formal.document_number(office.document_code),
            None,
        ),
        opening(markup, (sender, f"关于印发《{plan}》的通知"), _PORTRAIT, official=True),
        formal.recipient(markup, "、".join(units) if 0 < len(units) <= _NAMED else "各被测评单位"),
        markup.paragraph(TEXT, text),
        formal.attachment_note(markup, [plan, f"民主测评票（票样，共{sheets}种）"]),
        formal.signature(markup, sender),
        formal.imprint(markup, office.copies, office.printer or office.name),
    ]
    return master(_PORTRAIT, documents.font_set).document("".join(body))


def _of_round(sources: Sources) -> Iterator[Document]:
    settings, info = sources.settings, sources.round
    sheets = len(round_contents(info, settings))
    units = tuple(poll.unit_name for poll in sources.everyone)
    content = partial(document, settings.office, settings.documents, info, units, sheets)
    yield Document("各被测评单位", content)


def _filed(round_info: RoundInfo) -> Filed:
    return Filed(f"关于印发《{round_info.title}实施方案》的通知", by_party_group=True)


WRITER = Writer(of_round=_of_round, filed_of_round=_filed)
