"""Grades that people fixed: only on sealed counts, confirmed again after a correction."""

import datetime

import pytest

from models.database import journal
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.results import determination
from models.rounds import life, polls, subjects
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, keyed_round

TODAY = datetime.date.today().isoformat()


def subject_of(poll_id: int, level: Level) -> int:
    return subjects.subjects(poll_id)[level][0].id


def fix(subject_id: int, grade: str = "称职", **changes: str) -> None:
    said = {"on": TODAY, "meeting": "党组会", "by": "省局党组", "basis": "年度考核"} | changes
    determination.determine(subject_id, grade, **said)


def test_a_grade_is_kept_replaced_and_withdrawn_and_the_journal_says_so(
    store: Store, settings: Settings
) -> None:
    poll_id = only_poll(keyed_round(settings)).id
    chief = subject_of(poll_id, Level.CHIEF)
    with pytest.raises(RefusedError, match="还没有封存"):
        fix(chief)
    sealing.seal(poll_id, TELLERS, store)
    fix(chief)
    fix(chief, "优秀", meeting=" 第3次\n党组会 ")
    (found,) = determination.determinations(poll_id).values()
    assert (found.grade, found.meeting, found.basis) == ("优秀", "第3次 党组会", "年度考核")
    assert found.in_force
    determination.withdraw(chief)
    determination.withdraw(chief)
    assert determination.determinations(poll_id) == {}
    acts = [entry.act for entry in journal.entries(3)]
    assert acts == ["撤销研究确定的等次", *["登记研究确定的等次"] * 2]


def test_everything_wrong_is_said_at_once_and_nothing_kept(
    store: Store, settings: Settings
) -> None:
    poll_id = only_poll(keyed_round(settings)).id
    sealing.seal(poll_id, TELLERS, store)
    team = subject_of(poll_id, Level.TEAM)
    with pytest.raises(RefusedError) as refused:
        fix(team, "称职", on="2026-13-01", meeting=" ", by="")
    for word in ("等次：应为 优秀、合格、不合格 之一", "日期", "会议", "机关"):
        assert word in str(refused.value)
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    with pytest.raises(RefusedError, match="还没有到"):
        fix(team, "合格", on=tomorrow.isoformat())
    assert determination.determinations(poll_id) == {}


def test_a_date_before_the_vote_is_refused() -> None:
    assert determination.date_faults("日期", "2026-11-04", not_before="2026-11-05")
    assert not determination.date_faults("日期", "2026-11-05", not_before="2026-11-05")


def test_after_a_correction_the_grade_must_be_confirmed(store: Store, settings: Settings) -> None:
    poll_id = only_poll(keyed_round(settings)).id
    sealing.seal(poll_id, TELLERS, store)
    team = subject_of(poll_id, Level.TEAM)
    fix(team, "合格")
    sealing.reopen(poll_id, "漏点一张票", TWO)
    with pytest.raises(RefusedError, match="还没有封存"):
        determination.withdraw(team)
    sealing.seal(poll_id, TELLERS, store)
    assert not determination.determinations(poll_id)[team].in_force
    fix(team, "合格")
    assert determination.determinations(poll_id)[team].in_force


def test_a_closed_round_takes_none(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    poll_id = only_poll(info).id
    sealing.seal(poll_id, TELLERS, store)
    life.close_round(info.id)
    with pytest.raises(RefusedError, match="已办结"):
        fix(subject_of(poll_id, Level.TEAM), "合格")
    assert polls.find_by_id(poll_id)
