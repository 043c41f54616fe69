"""The forms of a cadre, 新增人员, 修改人员 and 调动, and the question before one retires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from models.refusal import RefusedError
from models.roster import cadres, edit, months
from models.roster.cadres import CadreRow, Person, PostDetails
from models.roster.roles import Role
from models.roster.units import UnitNode, find_unit
from tui.screens.roster.changes import Changed, RosterChange, Values
from tui.widgets.forms import Field, FieldKind, FormScreen
from tui.widgets.frame import Frame, confirmed

_ROLES = tuple((role.name, role.label) for role in Role)
_GENDERS = (("", "未填"), ("男", "男"), ("女", "女"))
_MONTH = "年月，如 1965.09；不知道就留空"


def new_cadre(unit: UnitNode, changed: Changed) -> FormScreen:
    """The form of a new cadre in `unit`, proposed for the place after the last of its team."""

    def save(values: dict[str, str]) -> None:
        made = edit.save_cadre(_person(values), _post(values, unit.id))
        changed(RosterChange(f"已新增 {values['name']}", unit.id, made))

    rank = _next_rank(cadres.team(unit.id))
    return FormScreen(f"新增人员  {unit.name}", _cadre_fields(None, rank), save)


def change_cadre(row: CadreRow, changed: Changed) -> FormScreen:
    """The form that corrects a cadre, with the post held now."""

    def save(values: dict[str, str]) -> None:
        post = _post(values, row.unit_id or 0)
        edit.save_cadre(_person(values), post, cadre_id=row.id)
        changed(RosterChange(f"已修改 {values['name']}", row.unit_id, row.id))

    title = f"修改人员  {row.name}  {row.unit_name}"
    return FormScreen(title, _cadre_fields(row, row.rank), save)


def move_cadre(row: CadreRow, changed: Changed) -> FormScreen:
    """调动: the form of a new post for a cadre, in another unit or the same."""

    def save(values: dict[str, str]) -> None:
        if not values["unit"]:
            raise RefusedError("到何单位：不能为空")
        unit_id = find_unit(values["unit"]).id
        edit.move_cadre(row.id, _post(values, unit_id))
        changed(RosterChange(f"{row.name} 已调动，原职务记入履历", unit_id, row.id))

    return FormScreen(f"调动  {row.name}  {row.unit_name}", _move_fields(row), save)


def retire_cadre(frame: Frame, row: CadreRow, changed: Changed) -> None:
    """免职、退休 of a cadre, after asking over `frame`, which also shows a refusal."""

    def retire() -> None:
        edit.retire_cadre(row.id)
        changed(RosterChange(f"{row.name} 已免职", row.unit_id))

    question = (
        f"{row.name}  {row.unit_name} {row.title}\n"
        f"免职或退休，自 {months.this_month()} 起不再任职？\n"
        "履历和廉政档案号保留；再任职时查找出来按 F7。"
    )
    confirmed(frame, question, retire)


def _cadre_fields(row: CadreRow | None, rank: int) -> list[Field]:
    """All fields of a cadre; without those of a post for one who holds none."""
    name = Field("name", "姓名", value=row.name if row else "", required=True)
    post = [] if row and row.post_id is None else _post_fields(row, rank=rank)
    return [name, *post, *_person_fields(row)]


def _move_fields(row: CadreRow) -> list[Field]:
    """The fields of a new post; the tier stays as it is unless it is changed."""
    unit = Field("unit", "到何单位", hint="全称或简称；在本单位改任职务就写本单位", required=True)
    post = _post_fields(None, rank=PostDetails.rank, since=months.this_month())
    return [
        unit,
        *(replace(field, value=row.tier) if field.key == "tier" else field for field in post),
    ]


def _person_fields(row: CadreRow | None) -> list[Field]:
    known = row or Person(name="")
    return [
        Field("gender", "性别", FieldKind.CHOICE, known.gender, choices=_GENDERS),
        Field("born", "出生年月", value=known.born, hint=_MONTH),
        Field("archive_no", "廉政档案号", value=known.archive_no, hint="每人一号，没有就留空"),
        Field("ethnicity", "民族", value=known.ethnicity),
        Field("native_place", "籍贯", value=known.native_place),
        Field("party", "政治面貌", value=known.party, hint="如 中共党员"),
        Field("joined_party", "入党时间", value=known.joined_party, hint=_MONTH),
        Field("started_work", "参加工作时间", value=known.started_work, hint=_MONTH),
        Field("education", "学历", value=known.education),
    ]


def _post_fields(row: CadreRow | None, *, rank: int, since: str = "") -> list[Field]:
    """The fields of the post of `row`, or of a new one at `rank` in the team."""
    role = row.role if row else Role.MEMBER
    return [
        Field("title", "职务", value=row.title if row else "", hint="如 党组成员、副局长"),
        Field(
            "role",
            "班子角色",
            FieldKind.CHOICE,
            role.name,
            "按数字选：正职和班子成员是被测评对象，其他不是",
            choices=_ROLES,
        ),
        Field(
            "rank",
            "班子排序",
            FieldKind.INTEGER,
            _rank_text(row.rank if row else rank),
            "在班子里的先后，从 1 起；票面按此排列；留空排在最后",
        ),
        Field("tier", "职级", value=row.tier if row else "", hint="如 正处级；可留空"),
        Field("since", "任现职时间", value=row.since if row else since, hint=_MONTH),
    ]


def _rank_text(rank: int) -> str:
    return str(rank) if rank != PostDetails.rank else ""


def _person(values: Values) -> Person:
    return Person(**{field.name: values[field.name] for field in fields(Person)})


def _post(values: Values, unit_id: int) -> PostDetails:
    """The post that was typed; a blank one from the form of a retired cadre, which asks for
    none."""
    if "role" not in values:
        return PostDetails(unit_id=unit_id)
    return PostDetails(
        unit_id=unit_id,
        title=values["title"],
        role=Role[values["role"]],
        rank=int(values["rank"] or PostDetails.rank),
        tier=values["tier"],
        since=values["since"],
    )


def _next_rank(team: Sequence[CadreRow]) -> int:
    ranks = [row.rank for row in team if row.role is not Role.OTHER and row.rank < PostDetails.rank]
    return max(ranks, default=0) + 1
