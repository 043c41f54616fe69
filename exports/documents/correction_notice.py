"""更正通知: after a correction, to each who had a paper of before, which paper takes its place.

It names the paper that lapses and the one that stands. It gives no numbers: old ones beside new
ones would be the corrected ballots themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from exports.documents.kinds import KINDS
from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, TEXT
from exports.parts.letter import opening, return_slip, signature
from exports.parts.own_words import OwnWords
from exports.parts.results import PollResults
from exports.parts.wording import date_words
from models.results import register
from models.results.delivery import Due, Handover
from models.results.register import WrittenDocument
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.settings.office import DocumentSettings, Office

_PORTRAIT = Orientation.PORTRAIT
_TITLE = "更正通知"
_REGISTER_PAGE = "《领导干部廉政档案民主测评登记表》"


@dataclass(frozen=True)
class CorrectionNotice:
    """What a notice says; nothing in it depends on a vote."""

    salutation: str
    """Whom it addresses, with the colon; empty where it is posted."""
    lapsing: str
    """The paper that lapses, and when it was handed over if that is known."""
    replacing: str
    """The paper in its place."""
    duty: str
    """What the addressee has to do."""
    receipt: str
    """What the slip confirms; empty for no slip."""


def document(
    office: Office,
    documents: DocumentSettings,
    round_info: RoundInfo,
    about: str,
    notice: CorrectionNotice,
) -> bytes:
    """Return a notice on the papers of `about`, a unit or all of them."""
    markup = Markup(documents.font_set)
    text = (
        f"{about}{round_info.title}的结果封存后，经核对原票作了更正。{notice.lapsing}即行作废，"
        f"以更正后的{notice.replacing}为准。{notice.duty}"
    )
    slip = [notice.receipt] if notice.receipt else []
    body = [
        opening(markup, (round_info.title, _TITLE), _PORTRAIT, official=True),
        markup.paragraph(FLUSH, notice.salutation) if notice.salutation else "",
        markup.paragraph(TEXT, text),
        signature(markup, office, ("特此通知。",)),
        return_slip(markup, office, slip),
    ]
    return master(_PORTRAIT, documents.font_set).document("".join(body))


def _titled(results: PollResults, kind: str, due: Due | None = None) -> str:
    """The title of a letter as the office words it, in title marks."""
    words = OwnWords.of(results, kind, due.subject if due else None)
    return f"《{words.values['标题']}》"


def _letter(results: PollResults, due: Due, kind: str) -> CorrectionNotice:
    """The notice to whoever had a letter."""
    own = due.subject or results.chief
    title = _titled(results, kind, due)
    day = f"{date_words(due.before.on)}送达的" if due.before else "此前送达的"
    return CorrectionNotice(
        f"{own.name}同志：" if own else f"{due.addressee}：",
        f"{day}{title}",
        title,
        "更正后的一份随本通知送达；请将作废的一份交回，不再引用。",
        f"更正通知和更正后的{title}已收到，作废的一份已交回。",
    )


def _entries(dues: Sequence[Due]) -> CorrectionNotice:
    """The notice to whoever keeps the integrity archive."""
    names = "、".join(due.addressee for due in dues)
    return CorrectionNotice(
        "廉政档案管理人员：",
        f"此前归入{names}廉政档案的{_REGISTER_PAGE}",
        _REGISTER_PAGE,
        "请将作废的抽出，换入更正后的，并在档案目录中注明。",
        f"更正后的{_REGISTER_PAGE}{len(dues)}份已换入。",
    )


def _posted(results: PollResults) -> CorrectionNotice:
    """The notice where the results were made public."""
    title = _titled(results, "public")
    return CorrectionNotice(
        "", f"此前公开的{title}", title, "更正后的与本通知在同一范围内公开。", ""
    )


def _report(office: Office, about: str) -> CorrectionNotice:
    """The notice to the superior party group."""
    title = f"《关于{about}情况的报告》"
    organ = office.superior_party_group or blank(14)
    return CorrectionNotice(
        f"{organ}：", f"此前报送的{title}", title, "更正后的报告随本通知报送。", ""
    )


def _versions(
    written: Sequence[WrittenDocument], kind: str, poll_id: int, addressee: str = ""
) -> list[int]:
    """The versions of a poll's seal on which papers of a kind were written, for an addressee or
    for anybody."""
    return [
        dict(each.basis).get(poll_id, 0)
        for each in written
        if each.kind == KINDS[kind].name and addressee in ("", each.addressee)
    ]


def _had(written: Sequence[WrittenDocument], dues: Sequence[Due], kind: Handover) -> list[Due]:
    """Who had a paper of a kind with a result that was corrected since: to whom it was handed over
    or, where no paper of the kind was entered as handed over, for whom it was written."""
    of_kind = [due for due in dues if due.kind is kind]
    if any(due.delivery or due.before for due in of_kind):
        return [due for due in of_kind if due.before]
    return [
        due
        for due in of_kind
        if any(
            0 < version < due.since
            for version in _versions(written, kind, due.poll.id, due.addressee)
        )
    ]


def _notices(
    results: PollResults, written: Sequence[WrittenDocument]
) -> Iterator[tuple[tuple[str, ...], str, CorrectionNotice]]:
    """Yield the notices of a poll that was sealed again: what tells the file from others, the
    addressee, the notice."""
    for due in _had(written, results.dues, Handover.FEEDBACK):
        post = due.subject.post if due.subject else ""
        yield (post, due.addressee), due.addressee, _letter(results, due, "feedback")
    for due in _had(written, results.dues, Handover.CHIEF):
        yield (KINDS["chief"].name,), due.addressee, _letter(results, due, "chief")
    whole = max((due.since for due in results.dues), default=0)
    if any(0 < version < whole for version in _versions(written, "public", results.poll.id)):
        yield (KINDS["public"].name,), results.documents.public_scope or "公开", _posted(results)
    if entries := _had(written, results.dues, Handover.ARCHIVE):
        yield (KINDS["archive"].name,), "廉政档案管理人员", _entries(entries)
    if any(0 < version < whole for version in _versions(written, "report", results.poll.id)):
        notice = _report(results.office, f"{results.poll.unit_name}{results.round.title}")
        yield (KINDS["report"].name,), results.office.superior_party_group, notice


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    written = register.official(sources.round.id)
    for poll in ready:
        results = sources.results[poll.id]
        if results.seal_version < 2:
            continue
        own = [each for each in written if each.poll_id == poll.id]
        for names, addressee, notice in _notices(results, own):
            content = partial(
                document,
                results.office,
                results.documents,
                results.round,
                poll.unit_name,
                notice,
            )
            yield poll, Document(addressee, content, names)


def _of_round(sources: Sources) -> Iterator[Document]:
    settings = sources.settings
    changed = {
        poll: max((due.since for due in each.dues), default=0)
        for poll, each in sources.results.items()
        if each.seal_version > 1
    }
    if not _reported_before(register.official(sources.round.id), changed.items()):
        return
    notice = _report(settings.office, sources.round.title)
    content = partial(document, settings.office, settings.documents, sources.round, "", notice)
    yield Document(settings.office.superior_party_group, content)


def _reported_before(
    written: Sequence[WrittenDocument], changed: Collection[tuple[int, int]]
) -> bool:
    """Whether a report of the whole round gives a result of before a correction."""
    reports = [
        dict(each.basis)
        for each in written
        if each.poll_id is None and each.kind == KINDS["report"].name
    ]
    return any(0 < basis.get(poll, 0) < since for basis in reports for poll, since in changed)


WRITER = Writer(of_polls=_of_polls, of_round=_of_round)
