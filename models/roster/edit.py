"""Change the roster (花名册): save, move, retire and close. Every change is journalled.

Invalid input raises `RefusedError`, which names the field and what to do. Nothing is changed
then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.database import journal, proof
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import Cadre, Post, Unit
from models.names import (
    compact,
    person_name,
    person_readings,
    plain_text,
    unit_name,
    unit_readings,
    visible,
)
from models.refusal import RefusedError
from models.roster import months
from models.roster.cadres import CadreRow, Person, PostDetails, cadre, team
from models.roster.columns import CADRE_LABELS, MONTHS, UNIT_LABELS
from models.roster.roles import Role
from models.roster.units import UnitNode, unit_tree

_HIGHEST_RANK = 9999


def save_unit(
    name: str,
    *,
    short_name: str = "",
    kind: str = "",
    parent_id: int | None = None,
    position: int | None = None,
    unit_id: int | None = None,
) -> int:
    """Create a unit, or change the one with `unit_id`. Returns the unit's id.

    `position` orders units under the same parent. If it is None, the unit keeps its position, or
    goes last under a new parent.

    Raises `RefusedError` if the name is empty or taken, or if the parent is closed, unknown, the
    unit itself or one of its descendants.
    """
    units = {unit.id: unit for unit in unit_tree()}
    old = _known_unit(units, unit_id) if unit_id is not None else None
    clean = unit_name(name)
    if not clean:
        raise RefusedError("单位名称不能为空。")
    if any(unit.name == clean and unit is not old for unit in units.values()):
        raise RefusedError(f"单位名称：已有“{clean}”。请改用别的名称，或直接修改已有的单位。")
    if parent_id is not None:
        _check_parent(units, old, parent_id)
    if position is None:
        places = [unit.position for unit in units.values() if unit.parent_id == parent_id]
        stays = old is not None and old.parent_id == parent_id
        position = old.position if old and stays else max(places, default=0) + 1
    values: dict[str, Any] = {
        "name": clean,
        "short_name": unit_name(short_name),
        "kind": plain_text(kind),
        "parent_id": parent_id,
        "position": position,
    }
    if old is None:
        with writing():
            made = Unit.create(**values, readings=unit_readings(clean))
            journal.record(JournalAct.ADD_UNIT, clean)
        return int(made.id)
    before = {field: getattr(old, field) for field in values}
    changes = {field: value for field, value in values.items() if value != before[field]}
    if changes:
        labels = {**UNIT_LABELS, "parent_id": UNIT_LABELS["parent"]}
        shown = [{**set_, "parent_id": _name_of(units, set_)} for set_ in (before, values)]
        with writing():
            Unit.update(**changes, readings=unit_readings(clean)).where(Unit.id == old.id).execute()
            journal.record(JournalAct.CHANGE_UNIT, old.name, _difference(labels, changes, *shown))
    return old.id


def _name_of(units: Mapping[int, UnitNode], values: Mapping[str, Any]) -> str:
    parent = values["parent_id"]
    return units[parent].name if parent is not None else ""


def _known_unit(units: Mapping[int, UnitNode], unit_id: int) -> UnitNode:
    unit = units.get(unit_id)
    if unit is None:
        raise RefusedError("没有这个单位，可能已被另一程序改动。请返回后重新选择。")
    return unit


def _check_parent(units: Mapping[int, UnitNode], old: UnitNode | None, parent_id: int) -> None:
    parent = _known_unit(units, parent_id)
    moved = old is None or old.parent_id != parent_id
    if parent.closed and moved:
        raise RefusedError(f"上级单位：{parent.name} 已撤销。请另选上级单位。")
    above: UnitNode | None = parent
    while above is not None:
        if old is not None and above.id == old.id:
            raise RefusedError(f"上级单位：{parent.name} 就是本单位或其下级。请另选上级单位。")
        above = units[above.parent_id] if above.parent_id is not None else None


def close_unit(unit_id: int) -> None:
    """Close a unit (撤销) and keep its history.

    Raises `RefusedError` if it is already closed, or still has cadres in post or open units under
    it.
    """
    units = {unit.id: unit for unit in unit_tree()}
    unit = _known_unit(units, unit_id)
    if unit.closed:
        raise RefusedError(f"{unit.name} 已经撤销。")
    below = [
        child.name for child in units.values() if child.parent_id == unit_id and not child.closed
    ]
    if unit.cadres:
        raise RefusedError(f"{unit.name} 还有 {unit.cadres} 人在任。请先将其调离或办理退休。")
    if below:
        some = "、".join(below[:3]) + ("等" if len(below) > 3 else "")
        raise RefusedError(
            f"{unit.name} 还有 {len(below)} 个下级单位：{some}。请先撤销或改由别的单位主管。"
        )
    with writing():
        Unit.update(closed=True).where(Unit.id == unit_id).execute()
        journal.record(JournalAct.CLOSE_UNIT, unit.name)


# ── cadres ──


def save_cadre(person: Person, post: PostDetails, *, cadre_id: int | None = None) -> int:
    """Record a cadre and the current post, or correct the cadre with `cadre_id`. Returns the id.

    A different unit is a move (`move_cadre`), not a correction. The post of a retired cadre is
    not changed.

    Raises `RefusedError` if the name is empty, the gender or a month is invalid, the rank is out
    of range, the unit is closed or unknown, or someone else has the archive number or is the
    unit's chief. Also if the correction names another unit.
    """
    person, post = _clean_person(person), _clean_post(post)
    old = cadre(cadre_id).row if cadre_id is not None else None
    _check_archive_no(person, old)
    known = {"readings": person_readings(person.name), **asdict(person)}
    known["archive_no"] = person.archive_no or None
    if old is None:
        unit = _check_post(post, None)
        with writing():
            made = Cadre.create(**known)
            Post.create(cadre_id=made.id, **asdict(post))
            where = f"{unit.name} {post.title}".strip()
            journal.record(JournalAct.ADD_CADRE, person.name, where + proof.roster_mark())
        return int(made.id)
    personal = _changes(old, asdict(person))
    held = _changes(old, asdict(post)) if old.post_id is not None else {}
    if "unit_id" in held:
        raise RefusedError(f"单位：{old.name} 现在 {old.unit_name}。换单位请用“调动”。")
    if "role" in held:
        _check_post(post, old)
    if personal or held:
        after = {**asdict(person), **asdict(post)}
        shown = _difference(CADRE_LABELS, {**personal, **held}, asdict(old), after)
        with writing():
            if personal:
                Cadre.update(**known).where(Cadre.id == old.id).execute()
            if held:
                Post.update(**held).where(Post.id == old.post_id).execute()
            journal.record(JournalAct.CHANGE_CADRE, old.name, shown + proof.roster_mark())
    return old.id


def move_cadre(cadre_id: int, post: PostDetails) -> None:
    """Move a cadre to a new post, in the same unit or another.

    The old post ends in the month the new one begins (this month if that is empty). It stays in
    the history, and the archive number is kept. A retired cadre returns to office.

    Raises `RefusedError` for the same faults of a post as `save_cadre`, if the unit is closed, or
    if the new post would begin before the old one.
    """
    old = cadre(cadre_id).row
    post = _clean_post(post)
    unit = _check_post(post, old)
    until = post.since or months.this_month()
    _check_end(old, until)
    with writing():
        _end_posts(cadre_id, until)
        Post.create(cadre_id=cadre_id, **asdict(post))
        if old.retired:
            Cadre.update(retired=False).where(Cadre.id == cadre_id).execute()
        journal.record(
            JournalAct.MOVE_CADRE,
            old.name,
            f"{_place(old.unit_name, old.title)}→{_place(unit.name, post.title)}",
        )


def retire_cadre(cadre_id: int, until: str = "") -> None:
    """Retire a cadre; the history and the archive number are kept.

    The post ends in the month `until`, or this month if it is empty. Raises `RefusedError` if the
    cadre is already retired, or the month is invalid or before the post began.
    """
    old = cadre(cadre_id).row
    if old.retired:
        raise RefusedError(f"{old.name} 已经退休。")
    until = _month("退休时间", until) or months.this_month()
    _check_end(old, until)
    with writing():
        _end_posts(cadre_id, until)
        Cadre.update(retired=True).where(Cadre.id == cadre_id).execute()
        journal.record(
            JournalAct.RETIRE_CADRE, old.name, f"{_place(old.unit_name, old.title)}，{until}"
        )


def _end_posts(cadre_id: int, until: str) -> None:
    Post.update(until=until).where((Post.cadre == cadre_id) & (Post.until == "")).execute()


def _place(unit: str, title: str) -> str:
    return f"{unit} {title}".strip() or "无职务"


def _changes(old: CadreRow, values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value != getattr(old, field)}


def _difference(
    labels: Mapping[str, str],
    fields: Mapping[str, Any],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> str:
    """The changed fields for the journal, as 职务：副局长→局长；…"""

    def shown(value: object) -> str:
        return value.label if isinstance(value, Role) else str(value) or "空"

    return "；".join(
        f"{labels[field]}：{shown(before[field])}→{shown(after[field])}" for field in fields
    )


# ── checks ──


def _month(label: str, text: str) -> str:
    try:
        return months.month(text)
    except RefusedError as refusal:
        raise RefusedError(f"{label}：“{visible(text)}”{refusal}。") from refusal


def _clean_person(person: Person) -> Person:
    values = {field: plain_text(getattr(person, field)) for field in Person.__dataclass_fields__}
    values["name"] = person_name(person.name)
    values["archive_no"] = compact(person.archive_no)
    if not values["name"]:
        raise RefusedError("姓名不能为空。")
    if values["gender"] not in ("", "男", "女"):
        raise RefusedError("性别应为 男 或 女，不知道就留空。")
    for field in MONTHS:
        if field in values:
            values[field] = _month(CADRE_LABELS[field], values[field])
    return Person(**values)


def _clean_post(post: PostDetails) -> PostDetails:
    if not 1 <= post.rank <= _HIGHEST_RANK:
        raise RefusedError(f"班子排序应在 1 至 {_HIGHEST_RANK} 之间，现为 {post.rank}。")
    return PostDetails(
        unit_id=post.unit_id,
        title=plain_text(post.title),
        role=post.role,
        rank=post.rank,
        tier=plain_text(post.tier),
        since=_month(CADRE_LABELS["since"], post.since),
    )


def _check_archive_no(person: Person, old: CadreRow | None) -> None:
    if not person.archive_no:
        return
    holder: Any = Cadre.get_or_none(Cadre.archive_no == person.archive_no)
    if holder is not None and (old is None or holder.id != old.id):
        raise RefusedError(
            f"廉政档案号：{person.archive_no} 已属于 {holder.name}。请核对后改用本人的档案号。"
        )


def _check_post(post: PostDetails, old: CadreRow | None) -> UnitNode:
    """Check that `old` (None for a new cadre) can have the post. Returns the post's unit."""
    unit = _known_unit({unit.id: unit for unit in unit_tree()}, post.unit_id)
    if unit.closed:
        raise RefusedError(f"单位：{unit.name} 已撤销。请另选单位。")
    for other in team(unit.id) if post.role is Role.CHIEF else ():
        if other.role is Role.CHIEF and (old is None or other.id != old.id):
            raise RefusedError(
                f"班子角色：{unit.name} 已有正职 {other.name}。请先将其调离、退休或改任。"
            )
    return unit


def _check_end(old: CadreRow, until: str) -> None:
    if old.since and until < old.since:
        raise RefusedError(
            f"任现职时间：{until} 早于 {old.name} 原职务开始的 {old.since}。请核对年月。"
        )
