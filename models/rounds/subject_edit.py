"""Edit the subjects (被测评对象) of a poll before any ballot is keyed.

A subject is identified by its level and its position there, from 1. Every change goes through
`models.rounds.polls.change_subjects`, which raises `RefusedError` once a ballot is keyed.
"""

from __future__ import annotations

from models.database.store import writing
from models.names import person_name, plain_text
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.roster.cadres import CadreRow, cadre, cadres_of
from models.rounds.layout import SubjectName
from models.rounds.polls import change_subjects, find_by_id
from models.rounds.subjects import propose, subjects


def _of(poll_id: int, level: Level) -> list[SubjectName]:
    return list(subjects(poll_id).get(level, ()))


def _write(poll_id: int, level: Level, found: list[SubjectName]) -> None:
    change_subjects(poll_id, level, [(each.cadre_id, each.name, each.post) for each in found])


def _at(found: list[SubjectName], position: int) -> SubjectName:
    if not 1 <= position <= len(found):
        raise RefusedError("这个对象已不在名单里，请返回后重新选择。")
    return found[position - 1]


def move(poll_id: int, level: Level, position: int, by: int) -> int:
    """Move a subject up (-1) or down (1) in the printed order.

    Returns its new position, or the old one if it is already at that end of the list.
    """
    found = _of(poll_id, level)
    subject = _at(found, position)
    target = position + by
    if not 1 <= target <= len(found):
        return position
    found.remove(subject)
    found.insert(target - 1, subject)
    _write(poll_id, level, found)
    return target


def take_out(poll_id: int, level: Level, position: int) -> None:
    """Remove a subject from one level. The person stays at other levels."""
    found = _of(poll_id, level)
    found.remove(_at(found, position))
    _write(poll_id, level, found)


def rename(poll_id: int, level: Level, position: int, name: str, post: str) -> None:
    """Change the printed name and post of a subject, at every level of the same cadre.

    Raises `RefusedError` if the name is empty.
    """
    everyone = subjects(poll_id)
    old = _at(list(everyone.get(level, ())), position)
    clean, clean_post = person_name(name), plain_text(post)
    if not clean:
        raise RefusedError("姓名或名称不能为空。")
    with writing():
        for each_level, found in everyone.items():
            new = [
                SubjectName(each.id, clean, clean_post, each.cadre_id)
                if each.id == old.id or (old.cadre_id and each.cadre_id == old.cadre_id)
                else each
                for each in found
            ]
            if new != list(found):
                _write(poll_id, each_level, new)


def candidates(poll_id: int, level: Level) -> tuple[CadreRow, ...]:
    """The cadres of the poll's unit who are not subjects at `level` yet."""
    present = {each.cadre_id for each in _of(poll_id, level)}
    unit_id = find_by_id(poll_id).unit_id
    return tuple(row for row in cadres_of(unit_id) if row.id not in present)


def add(poll_id: int, level: Level, cadre_id: int) -> int:
    """Append a cadre to a personal level and return the position.

    Raises `RefusedError` if the cadre is already there.
    """
    found = _of(poll_id, level)
    row = cadre(cadre_id).row
    if any(each.cadre_id == cadre_id for each in found):
        raise RefusedError(f"{row.name} 已在这一层级。")
    _write(poll_id, level, [*found, SubjectName(0, row.name, row.title, cadre_id)])
    return len(found) + 1


def add_body(poll_id: int, level: Level) -> None:
    """Add the unit's team or discipline body to its level again.

    Raises `RefusedError` if it is already there or the unit has no team members.
    """
    if _of(poll_id, level):
        raise RefusedError("这一层级每个单位只有一个对象，已经在了。")
    poll = find_by_id(poll_id)
    proposed = propose(poll.unit_id, poll.unit_name).get(level)
    if not proposed:
        raise RefusedError(f"{poll.unit_name} 没有班子成员，请先在单位人员中登记。")
    _write(poll_id, level, proposed)


def propose_again(poll_id: int) -> None:
    """Replace the subjects of all levels with those in the current roster."""
    poll = find_by_id(poll_id)
    proposed = propose(poll.unit_id, poll.unit_name)
    with writing():
        for level in Level:
            _write(poll_id, level, proposed.get(level, []))
