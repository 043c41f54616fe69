"""更正通知: who gets one after a correction, and that it gives no numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from exports.documents.kinds import KINDS
from exports.parts.wording import date_words
from exports.writing.job import Job
from exports.writing.preparation import prepare
from exports.writing.run import ExportRun
from models.database.store import Store
from models.refusal import RefusedError
from models.results import delivery
from models.results.delivery import Handover
from models.rounds.plan import RoundInfo
from models.seal import sealing
from models.settings.office import Settings
from tests.exports.reading import text
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, one_more, short_of_half

Audit = Callable[[bytes], list[str]]
CHANGED, ALIKE = "李一", "李二"


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    """A sealed round; `one_more` corrects what is of `CHANGED`."""
    return short_of_half(settings, store)


def export(settings: Settings, info: RoundInfo, folder: Path, *kinds: str) -> None:
    run = ExportRun.begin(prepare(settings, info, kinds=kinds or None), folder)
    for batch in run.write():
        run.enter(batch)


def notices(settings: Settings, info: RoundInfo) -> list[Job]:
    return list(prepare(settings, info, kinds=["更正通知"]))


def hand_over(info: RoundInfo, *names: str) -> None:
    """Enter the letters to these persons as handed over on the day of the seal."""
    for due in delivery.dues(only_poll(info)):
        if due.kind is Handover.FEEDBACK and due.addressee in names:
            delivery.hand_over(
                due.poll.id,
                due.kind,
                due.subject.id if due.subject else None,
                on=due.not_before,
                way="当面反馈",
                signed_on="",
            )


def test_there_is_none_without_a_correction_or_a_paper_of_before(
    info: RoundInfo, store: Store, settings: Settings
) -> None:
    with pytest.raises(RefusedError, match="不需要更正通知"):
        notices(settings, info)
    one_more(info, store)
    with pytest.raises(RefusedError, match="不需要更正通知"):
        notices(settings, info)


def test_who_had_a_paper_with_another_result_gets_one(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path, audit: Audit
) -> None:
    export(settings, info, tmp_path)
    one_more(info, store)
    found = notices(settings, info)
    said = {job.relative_path.name.partition("_")[2]: text(job.content()) for job in found}
    letters = [job for job in found if job.addressee == CHANGED]
    assert letters
    assert not [job for job in found if job.addressee == ALIKE]
    assert {KINDS[kind].name for kind in ("chief", "public", "archive", "report")} <= {
        part for name in said for part in name.split("_")
    } | {KINDS["report"].name}
    whole = [job for job in found if job.poll_id is None]
    assert [f"《关于{info.title}情况的报告》" in text(job.content()) for job in whole] == [True]
    for job in found:
        assert audit(job.content()) == []
        words = text(job.content())
        assert "即行作废" in words
        assert "以更正后的《" in words
        # No vote, no share: old numbers beside new would be the corrected ballots.
        assert not re.search(r"\d票|%|\d张|优秀", words)


def test_it_goes_by_the_register_of_deliveries_where_there_is_one(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path
) -> None:
    export(settings, info, tmp_path, "feedback")
    hand_over(info, ALIKE)
    one_more(info, store)
    with pytest.raises(RefusedError, match="不需要更正通知"):
        notices(settings, info)


def test_it_says_when_the_lapsed_letter_was_handed_over(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path
) -> None:
    hand_over(info, CHANGED)
    (day,) = {due.not_before for due in delivery.dues(only_poll(info))}
    one_more(info, store)
    (job,) = notices(settings, info)
    assert f"{CHANGED}同志：" in text(job.content())
    assert f"{date_words(day)}送达的《" in text(job.content())
    assert job.content() == notices(settings, info)[0].content()
    # Opened again and sealed without a change, the paper of before is what it was.
    sealing.reopen(only_poll(info).id, "复看", TWO)
    sealing.seal(only_poll(info).id, TELLERS, store)
    assert [job.addressee for job in notices(settings, info)] == [CHANGED]
