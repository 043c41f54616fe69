"""Who has the version of a result that is about to be corrected."""

from __future__ import annotations

from datetime import date

from models.database.store import Store
from models.results import delivery, register
from models.results.delivery import Handover
from models.results.register import WrittenDocument
from models.results.revealed import Holders, holders
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import sealed_round


def test_nothing_has_left(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    assert holders(only_poll(info)) == Holders((), ())
    assert holders(only_poll(info)).nobody


def test_what_was_written_since_the_seal_and_whom_it_was_given(
    store: Store, settings: Settings
) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    register.record(
        WrittenDocument(info.id, where, kind, "甲", f"/文书/{n}.docx", "0" * 64, official=official)
        for n, (where, kind, official) in enumerate(
            [
                (poll.id, "反馈书", True),
                (poll.id, "反馈书", True),
                (None, "汇总表", True),
                (poll.id, "实施方案", False),
            ]
        )
    )
    due = next(each for each in delivery.dues(poll) if each.kind is Handover.FEEDBACK)
    assert due.subject is not None
    delivery.hand_over(poll.id, due.kind, due.subject.id, on=date.today().isoformat(), way="当面")
    found = holders(poll)
    assert found.written == (("反馈书", 2), ("汇总表", 1))
    assert found.delivered == ((due.kind, (due.addressee,)),)
