"""The forms of 单位人员: their fields, and what is typed in them as values of the roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.refusal import RefusedError
from models.roster import months
from models.roster.cadres import CadreRow, Person, PostDetails, Role
from models.roster.units import UnitNode, find_unit
from tui.widgets.forms import Field, Kind

Values = Mapping[str, str]

_ROLES = tuple((role.name, role.label) for role in Role)
_GENDERS = (("", "未填"), ("男", "男"), ("女", "女"))
_MONTH = "年月，如 1965.09；不知道就留空"


def unit_fields(unit: UnitNode | None, parent: str) -> list[Field]:
    """The fields of a unit, filled from `unit` if it is known; `parent` is the name of the unit
    above."""
    return [
        Field("name", "单位名称", value=unit.name if unit else "", required=True, hint="单位全称"),
        Field(
            "short_name",
            "简称",
            value=unit.short_name if unit else "",
            hint="屏幕和表格里用的简称，如 白银市局",
        ),
        Field("parent", "上级单位", value=parent, hint="全称或简称；留空为最上级"),
        Field(
            "kind",
            "单位类别",
            value=unit.kind if unit else "",
            hint="如 市州局、县区局、直属单位；可留空",
        ),
        Field(
            "position",
            "排序",
            Kind.INTEGER,
            str(unit.position) if unit else "",
            "在同级单位中的先后；留空排在最后",
        ),
    ]


def parent_of(values: Values) -> int | None:
    """The id of the unit above that was typed. Raises `RefusedError` if there is none such."""
    return find_unit(values["parent"]).id if values["parent"] else None


def person_fields(row: CadreRow | None) -> list[Field]:
    """The fields of a cadre as a person, without the name."""
    known = row or Person(name="")
    return [
        Field("gender", "性别", Kind.CHOICE, known.gender, choices=_GENDERS),
        Field("born", "出生年月", value=known.born, hint=_MONTH),
        Field("archive_no", "廉政档案号", value=known.archive_no, hint="每人一号，没有就留空"),
        Field("ethnicity", "民族", value=known.ethnicity),
        Field("native_place", "籍贯", value=known.native_place),
        Field("party", "政治面貌", value=known.party, hint="如 中共党员"),
        Field("joined_party", "入党时间", value=known.joined_party, hint=_MONTH),
        Field("started_work", "参加工作时间", value=known.started_work, hint=_MONTH),
        Field("education", "学历", value=known.education),
    ]


def post_fields(row: CadreRow | None, *, rank: int, since: str = "") -> list[Field]:
    """The fields of a post: those of `row`, or of a new one at `rank` in the team."""
    role = row.role if row else Role.MEMBER
    return [
        Field("title", "职务", value=row.title if row else "", hint="如 党组成员、副局长"),
        Field(
            "role",
            "班子角色",
            Kind.CHOICE,
            role.name,
            "按数字选：正职和班子成员是被测评对象，其他不是",
            choices=_ROLES,
        ),
        Field(
            "rank",
            "班子排序",
            Kind.INTEGER,
            _rank_text(row.rank if row else rank),
            "在班子里的先后，从 1 起；票面按此排列；留空排在最后",
        ),
        Field("tier", "职级", value=row.tier if row else "", hint="如 正处级；可留空"),
        Field("since", "任现职时间", value=row.since if row else since, hint=_MONTH),
    ]


def _rank_text(rank: int) -> str:
    return str(rank) if rank != PostDetails.rank else ""


def cadre_fields(row: CadreRow | None, rank: int) -> list[Field]:
    """All fields of a cadre; without those of a post for one who holds none."""
    name = Field("name", "姓名", value=row.name if row else "", required=True)
    post = [] if row and row.post_id is None else post_fields(row, rank=rank)
    return [name, *post, *person_fields(row)]


def move_fields(row: CadreRow) -> list[Field]:
    """The fields of a new post for a cadre: where, as what, since when."""
    unit = Field("unit", "到何单位", hint="全称或简称；在本单位改任职务就写本单位", required=True)
    tier = row.tier
    found = post_fields(None, rank=PostDetails.rank, since=months.this_month())
    return [
        unit,
        *(
            Field(each.key, each.label, each.kind, tier, each.hint) if each.key == "tier" else each
            for each in found
        ),
    ]


def person(values: Values) -> Person:
    """The person that was typed; the roster itself judges the values."""
    return Person(
        name=values["name"],
        gender=values["gender"],
        ethnicity=values["ethnicity"],
        born=values["born"],
        native_place=values["native_place"],
        party=values["party"],
        joined_party=values["joined_party"],
        started_work=values["started_work"],
        education=values["education"],
        archive_no=values["archive_no"],
    )


def post(values: Values, unit_id: int) -> PostDetails:
    """The post that was typed, in the unit `unit_id`. One without post fields (a retired cadre)
    is left blank."""
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


def next_rank(rows: Sequence[CadreRow]) -> int:
    """The place after the last of a team, to propose for someone new."""
    ranks = [row.rank for row in rows if row.role is not Role.OTHER and row.rank < PostDetails.rank]
    return max(ranks, default=0) + 1


def chosen_unit(values: Values) -> int:
    """The unit that a move names. Raises `RefusedError` if there is none such."""
    if not values["unit"]:
        raise RefusedError("到何单位：不能为空")
    return find_unit(values["unit"]).id
