"""Subjects of a draft's poll put right by hand."""

import pytest

from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.roster import edit
from models.roster.cadres import Person, PostDetails
from models.roster.roles import Role
from models.rounds import life, polls, subject_edit, subjects
from models.rounds.plan import propose
from models.settings.office import Settings


def cadre(unit_id: int, name: str, role: Role, rank: int) -> int:
    post = PostDetails(unit_id=unit_id, title="职务", role=role, rank=rank)
    return edit.save_cadre(Person(name=name), post)


@pytest.fixture
def poll_id(store: Store, settings: Settings) -> int:
    unit_id = edit.save_unit("白银市工商行政管理局")
    cadre(unit_id, "甲", Role.CHIEF, 1)
    for rank, name in enumerate("乙丙丁", 2):
        cadre(unit_id, name, Role.MEMBER, rank)
    cadre(unit_id, "戊", Role.OTHER, 9)
    round_id = life.create(propose(settings, [], 2026))
    return polls.add_polls(round_id, [unit_id])[0]


def names(poll_id: int, level: Level = Level.MEMBER) -> str:
    return "".join(subject.name for subject in subjects.subjects(poll_id).get(level, ()))


def test_moving_stops_at_the_ends(poll_id: int) -> None:
    assert subject_edit.move(poll_id, Level.MEMBER, 1, 1) == 2
    assert names(poll_id) == "丙乙丁"
    assert subject_edit.move(poll_id, Level.MEMBER, 1, -1) == 1
    assert subject_edit.move(poll_id, Level.MEMBER, 3, 1) == 3
    assert names(poll_id) == "丙乙丁"


def test_a_name_changes_at_every_level_of_the_person(poll_id: int) -> None:
    subject_edit.rename(poll_id, Level.MEMBER, 2, "丙 丙", "副局长")
    assert names(poll_id) == "乙丙丙丁"
    assert names(poll_id, Level.INTEGRITY) == "甲乙丙丙丁"
    subject_edit.rename(poll_id, Level.TEAM, 1, "白银局班子", "")
    assert names(poll_id, Level.DISCIPLINE) == "白银市工商行政管理局"


def test_an_empty_name_changes_nothing(poll_id: int) -> None:
    with pytest.raises(RefusedError, match="不能为空"):
        subject_edit.rename(poll_id, Level.MEMBER, 1, "\u200b ", "")
    assert names(poll_id) == "乙丙丁"


def test_taking_out_and_adding_are_of_one_level(poll_id: int) -> None:
    subject_edit.take_out(poll_id, Level.MEMBER, 1)
    assert (names(poll_id), names(poll_id, Level.INTEGRITY)) == ("丙丁", "甲乙丙丁")
    free = subject_edit.candidates(poll_id, Level.MEMBER)
    assert {row.name for row in free} == {"甲", "乙", "戊"}
    second = next(row.id for row in free if row.name == "乙")
    assert subject_edit.add(poll_id, Level.MEMBER, second) == 3
    with pytest.raises(RefusedError, match="已在这一层级"):
        subject_edit.add(poll_id, Level.MEMBER, second)


def test_what_is_gone_is_refused(poll_id: int) -> None:
    for position in (0, 9):
        with pytest.raises(RefusedError, match="不在名单里"):
            subject_edit.take_out(poll_id, Level.MEMBER, position)


def test_a_body_comes_back_once(poll_id: int) -> None:
    with pytest.raises(RefusedError, match="只有一个对象"):
        subject_edit.add_body(poll_id, Level.DISCIPLINE)
    subject_edit.take_out(poll_id, Level.DISCIPLINE, 1)
    subject_edit.add_body(poll_id, Level.DISCIPLINE)
    assert names(poll_id, Level.DISCIPLINE) == "白银市工商行政管理局"


def test_the_roster_is_taken_again(poll_id: int) -> None:
    subject_edit.move(poll_id, Level.MEMBER, 1, 1)
    subject_edit.take_out(poll_id, Level.CHIEF, 1)
    subject_edit.propose_again(poll_id)
    assert (names(poll_id), names(poll_id, Level.CHIEF)) == ("乙丙丁", "甲")


def test_counts_say_what_is_missing(poll_id: int) -> None:
    round_id = polls.find_by_id(poll_id).round_id
    count = subjects.counts(round_id)[poll_id]
    assert (count.at(Level.CHIEF), count.at(Level.MEMBER), count.missing) == (1, 3, "")
    subject_edit.take_out(poll_id, Level.CHIEF, 1)
    assert subjects.counts(round_id)[poll_id].missing == "无正职"
    assert subjects.SubjectCount({}).missing == "没有被测评对象"
