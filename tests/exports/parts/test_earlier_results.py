"""What a cadre's entry says of the years: each round as it was counted, and what changed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from exports.documents.archive_entry import ArchiveFile
from exports.documents.archive_entry import document as archive_document
from exports.documents.feedback import document as feedback_document
from exports.parts.results import PollResults, gather
from models.count.shares import percent
from models.database.store import Store
from models.regulation.rules import Denominator, RoundRules
from models.results import delivery, determination, opinions
from models.results.archive import earlier_evaluations
from models.results.delivery import Handover
from models.rounds import polls
from models.rounds.plan import RoundInfo
from models.rounds.subjects import persons, subjects
from models.settings.office import Settings
from tests.exports.reading import text
from tests.exports.small import key_all, make_round, only_poll, seal_all

TODAY = datetime.date.today().isoformat()
Audit = Callable[[bytes], list[str]]


def two_years(settings: Settings, rules: RoundRules | None = None) -> RoundInfo:
    """A sealed round of 2019 under `rules` and one of 2020 under the usual; the second."""
    before = make_round(settings, year=2019, date="2019-11-05", rules=rules)
    key_all(before, seed=4)
    seal_all(before)
    now = make_round(settings, year=2020, date="2020-11-05", units=[only_poll(before).unit_id])
    key_all(now, seed=5)
    seal_all(now)
    return now


def entry(settings: Settings, info: RoundInfo) -> tuple[PollResults, bytes]:
    results = gather(settings, info, only_poll(info))
    person = results.persons()[0]
    cadre_id = person.subject.cadre_id or 0
    earlier = earlier_evaluations({results.poll: [cadre_id]}, info)[results.poll, cadre_id]
    return results, archive_document(results, person, ArchiveFile(None, earlier))


def test_the_change_of_each_grade_is_said_in_points(
    store: Store, settings: Settings, audit: Audit
) -> None:
    info = two_years(settings)
    results, document = entry(settings, info)
    assert audit(document) == []
    words = text(document)
    person = results.persons()[0]
    cadre_id = person.subject.cadre_id or 0
    (past,) = earlier_evaluations({results.poll: [cadre_id]}, info)[results.poll, cadre_id]
    new, old = person.levels[0][1].result, past.results[0][1].result
    assert new
    assert old
    moved = Fraction(percent(new.shares[0], 2)) - Fraction(percent(old.shares[0], 2))
    verb = "提高" if moved > 0 else "下降"
    points = percent(abs(moved) / 100, 2)
    named = "“2019年度党风廉政建设责任制民主测评”（2019年11月5日）"
    assert f"履行职责：与{named}相比，“优秀”票得票率{verb}{points}个百分点" in words
    assert "2020年11月5日\n" in words
    assert "2019年11月5日\n" in words


def test_the_earlier_of_two_rounds_of_a_year_is_told_by_its_name_and_day(
    store: Store, settings: Settings
) -> None:
    november = make_round(settings, year=2026, date="2026-11-05", title="年终测评")
    units = [only_poll(november).unit_id]
    may = make_round(settings, year=2026, date="2026-05-20", title="年中测评", units=units)
    for number, info in enumerate((november, may)):
        key_all(info, seed=number)
        seal_all(info)
    assert "与“年中测评”（2026年5月20日）相比" in text(entry(settings, november)[1])
    assert "相比" not in text(entry(settings, may)[1])


def test_rounds_counted_otherwise_are_shown_and_not_compared(
    store: Store, settings: Settings
) -> None:
    info = two_years(settings, RoundRules(denominator=Denominator.VALID))
    words = text(entry(settings, info)[1])
    assert "（2019年11月5日）口径不同或者没有可比的结果，不作比较。" in words
    assert "个百分点" not in words


def test_what_people_typed_stands_in_the_entry_and_nothing_else(
    store: Store, settings: Settings
) -> None:
    info = two_years(settings)
    poll = only_poll(info)
    first = persons(subjects(poll.id))[0].subject
    assert "研究确定\n的等次\n\n" in text(entry(settings, info)[1])
    assert "第八次党组会" not in text(entry(settings, info)[1])
    determination.determine(
        first.id, "优秀", on="2020-11-20", meeting="第八次党组会", by="省局党组", basis="年度考核"
    )
    opinions.summarise(first.id, "希望多到基层调研。")
    delivery.hand_over(
        poll.id,
        Handover.FEEDBACK,
        first.id,
        on=TODAY,
        way="当面反馈",
        signed_by=first.name,
        signed_on=TODAY,
    )
    results, document = entry(settings, info)
    words = text(document)
    for typed in (
        "正职：优秀（2020年11月20日第八次党组会，省局党组研究确定，依据：年度考核）",
        "希望多到基层调研。",
        "当面反馈",
    ):
        assert typed in words
    person, colleague = results.persons()[:2]
    assert "希望多到基层调研。" in text(feedback_document(results, person))
    assert "希望多到基层调研。" not in text(feedback_document(results, colleague))
    # Opened again, the grade no longer rests on a count.
    opened = replace(results, poll=replace(results.poll, state=polls.PollState.REOPENED))
    assert opened.determined(person.levels[0][1]) is None
