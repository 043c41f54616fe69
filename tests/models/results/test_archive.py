"""A cadre's evaluations over the years, and what people decided and did with each."""

import datetime
from dataclasses import replace

import pytest

from models.count.tally import tally
from models.database.store import Store
from models.database.tables import Cadre
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import MemberSheet, RoundRules
from models.results import archive, delivery, determination, opinions
from models.results.delivery import Delivery, Handover
from models.results.outcome import outcome
from models.results.trend import previous
from models.roster import edit
from models.roster.cadres import PostDetails
from models.roster.roles import Role
from models.roster.units import find_unit, unit_tree
from models.rounds import life, polls
from models.rounds.layout import SubjectName
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollState
from models.rounds.subjects import subjects
from models.seal import sealing
from models.settings.office import Settings
from tests.exports.small import Team, key_all, make_round, make_team, seal_all
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, sealed_round

TODAY = datetime.date.today().isoformat()
FIRST = Team("甲县工商行政管理局", "甲县局", "王正", ("李一", "赵二强"))
SECOND = Team("乙县工商行政管理局", "乙县局", "孙三", ("李一",))


@pytest.fixture
def office(store: Store) -> None:
    """Two bureaus; each has a 李一."""
    for team in (FIRST, SECOND):
        make_team(team)


def held(settings: Settings, year: int, *, rules: RoundRules | None = None) -> RoundInfo:
    """A round of all units, keyed and sealed."""
    units = [unit.id for unit in unit_tree()]
    info = make_round(settings, year=year, units=units, rules=rules)
    key_all(info, seed=year)
    seal_all(info)
    return info


def cadre(name: str, number: int = 0) -> int:
    found = Cadre.select().where(Cadre.name == name).order_by(Cadre.id)
    return int([each.id for each in found][number])


@pytest.mark.usefixtures("office")
def test_the_latest_first_whatever_the_order_they_were_made_in(settings: Settings) -> None:
    for year in (2025, 2023, 2026):
        held(settings, year)
    found = archive.evaluations(cadre("王正"))
    assert [each.round.plan.year for each in found] == [2026, 2025, 2023]
    assert {each.poll.unit_name for each in found} == {FIRST.name}
    assert {each.post for each in found} == {"党组书记、局长"}


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("sheet", MemberSheet)
def test_results_are_those_of_the_cadre_at_every_level(
    settings: Settings, sheet: MemberSheet
) -> None:
    info = held(settings, 2026, rules=RoundRules(member_sheet=sheet))
    who = cadre("赵二强")
    (found,) = archive.evaluations(who)
    assert [level.level for level, _ in found.results] == [Level.MEMBER, Level.INTEGRITY]
    levels = tally(found.poll, info)
    for level, subject in found.results:
        assert subject.subject.cadre_id == who
        assert subject in levels[level.level].subjects
    assert found.result(Level.CHIEF) is None
    assert found.result(Level.CHIEF, Level.MEMBER) == found.results[0]


@pytest.mark.usefixtures("office")
def test_namesakes_have_records_of_their_own(settings: Settings) -> None:
    held(settings, 2026)
    one, other = (archive.evaluations(cadre("李一", number)) for number in (0, 1))
    assert [each.poll.unit_name for each in one] == [FIRST.name]
    assert [each.poll.unit_name for each in other] == [SECOND.name]


@pytest.mark.usefixtures("office")
def test_who_moved_takes_the_record_along(settings: Settings) -> None:
    held(settings, 2025)
    who = cadre("赵二强")
    unit = find_unit(SECOND.name).id
    edit.retire_cadre(cadre("孙三"))
    post = PostDetails(unit_id=unit, title="局长", role=Role.CHIEF, rank=1, since="2026.01")
    edit.move_cadre(who, post)
    held(settings, 2026)
    now, before = archive.evaluations(who)
    assert (now.poll.unit_name, now.post) == (SECOND.name, "局长")
    assert (before.poll.unit_name, before.post) == (FIRST.name, "党组成员、副局长")
    assert now.result(Level.CHIEF)
    assert before.result(Level.MEMBER)
    # Chief and member are one: the person's duty.
    assert previous((now, before), 0, Level.CHIEF) == before
    assert previous((now, before), 1, Level.MEMBER) is None


@pytest.mark.usefixtures("office")
def test_a_year_left_out_is_stepped_over(settings: Settings) -> None:
    held(settings, 2024)
    make_round(settings, year=2025, units=[find_unit(SECOND.name).id])
    held(settings, 2026)
    found = archive.evaluations(cadre("王正"))
    assert [each.round.plan.year for each in found] == [2026, 2024]
    assert previous(found, 0, Level.INTEGRITY) == found[1]
    assert previous(found, 0, Level.TEAM) is None


@pytest.mark.usefixtures("office")
def test_a_draft_is_no_evaluation_and_an_unsealed_one_is(settings: Settings) -> None:
    info = held(settings, 2025)
    plan = info.plan
    draft = life.create(type(plan)(**{**vars(plan), "title": "筹备中", "year": 2027}))
    polls.add_polls(draft, [find_unit(FIRST.name).id])
    make_round(settings, year=2026, units=[find_unit(FIRST.name).id])
    found = archive.evaluations(cadre("王正"))
    assert [(each.round.plan.year, each.poll.state) for each in found] == [
        (2026, PollState.ENTRY),
        (2025, PollState.SEALED),
    ]


@pytest.mark.usefixtures("office")
def test_earlier_ones_leave_out_this_round_and_later_ones(settings: Settings) -> None:
    made = {year: held(settings, year) for year in (2024, 2026, 2025)}
    now = made[2025]
    who = dict(zip(polls.polls(now.id), (cadre("王正"), cadre("孙三")), strict=True))
    found = archive.earlier_evaluations({poll: [each] for poll, each in who.items()}, now)
    assert {key: [each.round.plan.year for each in past] for key, past in found.items()} == {
        key: [2024] for key in who.items()
    }


def of_a_day(
    settings: Settings, year: int, date: str, *, title: str = "", starts: str = ""
) -> RoundInfo:
    """A sealed round of the first bureau, voted on `date`."""
    units = [find_unit(FIRST.name).id]
    info = make_round(settings, year=year, units=units, date=date, title=title, starts=starts)
    key_all(info, seed=year)
    seal_all(info)
    return info


@pytest.mark.usefixtures("office")
def test_what_is_earlier_is_a_matter_of_the_day_of_the_vote(settings: Settings) -> None:
    """A round of May, made after that of November, is the earlier one."""
    november = of_a_day(settings, 2026, "2026-11-05", title="年终测评")
    may = of_a_day(settings, 2026, "2026-05-20", title="年中测评")
    who = cadre("王正")
    found = archive.evaluations(who)
    assert [each.round.title for each in found] == ["年终测评", "年中测评"]
    assert previous(found, 0, Level.CHIEF) == found[1]
    assert previous(found, 1, Level.CHIEF) is None
    for now, before in ((november, ["年中测评"]), (may, [])):
        (poll,) = polls.polls(now.id)
        past = archive.earlier_evaluations({poll: [who]}, now)[poll, who]
        assert [each.round.title for each in past] == before


@pytest.mark.usefixtures("office")
def test_votes_of_one_day_are_neither_earlier_nor_later(settings: Settings) -> None:
    both = [of_a_day(settings, 2026, "2026-11-05", title=title) for title in ("甲", "乙")]
    who = cadre("王正")
    found = archive.evaluations(who)
    assert len(found) == 2
    assert previous(found, 0, Level.CHIEF) is None
    for now in both:
        (poll,) = polls.polls(now.id)
        assert archive.earlier_evaluations({poll: [who]}, now)[poll, who] == ()


@pytest.mark.usefixtures("office")
def test_without_a_date_the_round_begins_then_the_year_ends(settings: Settings) -> None:
    of_a_day(settings, 2025, "", title="没有日期")
    of_a_day(settings, 2025, "", title="只有起始", starts="2025-03-01")
    of_a_day(settings, 2024, "2026-01-10", title="补测")
    found = archive.evaluations(cadre("王正"))
    assert [(each.round.title, each.day) for each in found] == [
        ("补测", "2026-01-10"),
        ("没有日期", "2025-12-31"),
        ("只有起始", "2025-03-01"),
    ]


@pytest.mark.usefixtures("office")
def test_someone_never_evaluated_has_none(settings: Settings) -> None:
    held(settings, 2026)
    assert archive.evaluations(Cadre.create(name="新来").id) == ()


@pytest.mark.usefixtures("office")
def test_what_people_decided_and_did(settings: Settings) -> None:
    held(settings, 2026)
    who = cadre("李一")
    (found,) = archive.evaluations(who)
    assert outcome(found).grades == ()
    assert outcome(found).feedback is outcome(found).filed is None
    here = subjects(found.poll.id)
    member = next(each for each in here[Level.MEMBER] if each.cadre_id == who)
    integrity = next(each for each in here[Level.INTEGRITY] if each.cadre_id == who)
    other = next(each for each in here[Level.MEMBER] if each.cadre_id != who)
    for each, grade in ((member, "称职"), (integrity, "好"), (other, "优秀")):
        determination.determine(each.id, grade, on=TODAY, meeting="党组会", by="局党组")
        opinions.summarise(each.id, f"{each.post}{grade}")
        if each != integrity:
            way = {"on": TODAY, "way": "当面反馈"}
            delivery.hand_over(found.poll.id, Handover.FEEDBACK, each.id, **way)
    known = outcome(found)
    assert [(level, each.grade) for level, each in known.grades] == [
        (Level.MEMBER, "称职"),
        (Level.INTEGRITY, "好"),
    ]
    assert known.opinions == ("党组成员、副局长称职", "党组成员、副局长好")
    assert known.feedback == Delivery(TODAY, "当面反馈", "", "")
    assert known.filed is None


def test_the_last_form_is_what_the_next_one_begins_with(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    first, second = subjects(poll.id)[Level.MEMBER]
    assert determination.latest(info.id) is None
    for subject, meeting in ((second, "一"), (first, "二"), (second, "三")):
        determination.determine(subject.id, "称职", on=TODAY, meeting=meeting, by="局党组")
        known = determination.latest(info.id)
        assert known == determination.determinations(poll.id)[subject.id]
        assert known.meeting == meeting
    sealing.reopen(poll.id, "复查", TWO)
    sealing.seal(poll.id, TELLERS, store)
    known = determination.latest(info.id)
    assert known
    assert not known.in_force
    assert determination.latest(info.id + 1) is None


def test_the_last_delivery_of_each_kind(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    chief = subjects(poll.id)[Level.CHIEF][0]
    assert delivery.latest(info.id, Handover.FEEDBACK) is None
    delivery.hand_over(poll.id, Handover.FEEDBACK, chief.id, on=TODAY, way="邮寄")
    delivery.hand_over(poll.id, Handover.ARCHIVE, chief.id, on=TODAY, way="归档")
    assert delivery.latest(info.id, Handover.FEEDBACK) == Delivery(TODAY, "邮寄", "", "")
    assert delivery.latest(info.id, Handover.ARCHIVE) == Delivery(TODAY, "归档", "", "")
    assert delivery.latest(info.id, Handover.CHIEF) is None


def test_many_alike_are_entered_together_or_not_at_all(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    filed = [due for due in delivery.dues(poll) if due.kind is Handover.ARCHIVE]
    gone = replace(filed[0], subject=SubjectName(999, "无此人", ""))
    with pytest.raises(RefusedError, match="已不在轮次中"):
        delivery.hand_over_alike([*filed, gone], on=TODAY, way="归档")
    assert not any(due.delivery for due in delivery.dues(poll))
    delivery.hand_over_alike(filed, on=TODAY, way="归档")
    found = [due.delivery for due in delivery.dues(poll) if due.kind is Handover.ARCHIVE]
    assert found == [Delivery(TODAY, "归档", "", "")] * len(filed)


def test_only_what_is_filed_may_be_filed() -> None:
    assert "归档" not in Handover.FEEDBACK.ways
    assert "归档" not in Handover.CHIEF.ways
    assert Handover.ARCHIVE.ways[0] == "归档"
    assert {way for kind in Handover for way in kind.ways} == set(delivery.WAYS)
