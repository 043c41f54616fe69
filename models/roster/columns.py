"""The columns of a roster: their Chinese labels and the headers that offices use for them.

Each field has the name of its column in `models.database.tables`, so values can be stored as
read. Only `unit` and `parent` differ: they hold a unit's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class SheetKind(StrEnum):
    """What the rows of a worksheet are."""

    UNITS = "单位"
    CADRES = "人员"


@dataclass(frozen=True)
class Column:
    """A column of a roster."""

    field: str
    """The field it fills."""
    label: str
    """The header that the program itself writes."""
    others: tuple[str, ...] = ()
    """Other headers for it."""
    weak: tuple[str, ...] = ()
    """Headers that stand for it only if the header row has no better one."""


UNIT_COLUMNS = (
    Column("name", "单位名称", ("单位全称", "机关名称", "全称", "单位"), ("名称",)),
    Column("short_name", "简称", ("单位简称", "机关简称", "规范简称")),
    Column("parent", "上级单位", ("主管单位", "上级机关", "主管机关", "上级单位名称", "隶属单位")),
    Column("kind", "单位类别", ("类别", "单位类型", "类型", "机构类别", "单位性质", "单位层级")),
    Column("position", "排序", ("单位排序", "排列顺序", "排序号", "顺序"), ("序号",)),
)
CADRE_COLUMNS = (
    Column("name", "姓名", ("名字", "人员姓名", "干部姓名", "领导姓名")),
    Column("gender", "性别"),
    Column("ethnicity", "民族"),
    Column("born", "出生年月", ("出生日期", "出生时间", "出生年月日", "生日")),
    Column("native_place", "籍贯"),
    Column("party", "政治面貌", ("党派",)),
    Column("joined_party", "入党时间", ("入党年月", "入党日期", "加入中共时间")),
    Column(
        "started_work",
        "参加工作时间",
        ("参加工作年月", "参加工作日期", "工作时间", "参工时间", "参工年月"),
    ),
    Column("education", "学历", ("文化程度", "最高学历", "学历学位", "文化水平"), ("全日制学历",)),
    Column(
        "unit",
        "单位",
        ("所在单位", "工作单位", "现工作单位", "任职单位", "单位名称", "单位全称", "机关名称"),
        ("所属单位", "部门单位"),
    ),
    Column("title", "职务", ("现任职务", "党政职务", "职务名称", "现职务", "担任职务")),
    Column("role", "班子角色", ("角色", "班子职务", "班子身份", "班子成员类别")),
    Column(
        "rank", "班子排序", ("排序", "班子排名", "排名", "位次", "班子位次", "排序号"), ("序号",)
    ),
    Column("tier", "职级", ("职务级别", "行政级别", "级别", "职务层次")),
    Column("since", "任现职时间", ("任现职年月", "任职时间", "任现职日期", "任职年月")),
    Column(
        "archive_no",
        "廉政档案号",
        ("档案号", "廉政档案编号", "档案编号", "廉政档案号码", "廉档号", "个人档案号"),
    ),
)
UNIT_AND_TITLE = "unit_title"
"""The field of a column that holds the unit and the title in one text."""
_UNITS_AND_TITLES = Column(
    UNIT_AND_TITLE,
    "单位及职务",
    (
        *(
            f"{before}单位{between}{after}"
            for before in ("", "工作", "现", "现工作", "所在", "任职")
            for between in ("及", "和", "", "/")
            for after in ("职务", "现任职务", "职务名称")
        ),
        "现任单位及职务",
        "现任单位职务",
        "单位及任职",
    ),
)
COLUMNS: Mapping[SheetKind, tuple[Column, ...]] = {
    SheetKind.UNITS: UNIT_COLUMNS,
    SheetKind.CADRES: CADRE_COLUMNS,
}
UNIT_LABELS: Mapping[str, str] = {column.field: column.label for column in UNIT_COLUMNS}
CADRE_LABELS: Mapping[str, str] = {column.field: column.label for column in CADRE_COLUMNS}
MONTHS = ("born", "joined_party", "started_work", "since")

# A list of units may also have 单位; only a list of people has these.
_PERSONAL = frozenset({"title", "role", "born", "gender", "joined_party", "archive_no"})
# A running number next to a real rank column is not worth a notice.
_SILENT = frozenset({"序号"})

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


def header_key(text: str) -> str:
    """Normalize a header for comparison.

    The result is half-width, without spaces, invisible characters, bracketed text, or marks such
    as `*` and the colon.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(
        char for char in plain if unicodedata.category(char)[0] not in "CZ" and char not in "*★:、"
    )
    return _BRACKETS.sub("", plain)


@dataclass(frozen=True)
class Header:
    """A header row as read from a file."""

    kind: SheetKind
    """What the rows under it are."""
    places: Mapping[str, int]
    """The column of each field, from 0."""
    texts: Mapping[str, str]
    """The header text of each field."""
    unknown: tuple[str, ...]
    """Headers that match no field."""
    weak: frozenset[str] = frozenset()
    """Fields whose header stands for them only for want of a better one."""

    def column(self, field: str) -> str:
        """The file's header for a field, or the program's own label if the file has none."""
        own = UNIT_LABELS if self.kind is SheetKind.UNITS else CADRE_LABELS
        return self.texts.get(field) or own.get(field, _UNITS_AND_TITLES.label)


def _index(columns: Sequence[Column]) -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for column in columns:
        found |= dict.fromkeys((column.label, *column.others), (column.field, False))
        found |= dict.fromkeys(column.weak, (column.field, True))
    return found


_INDEX = {kind: _index(columns) for kind, columns in COLUMNS.items()}
_INDEX[SheetKind.CADRES] |= _index((_UNITS_AND_TITLES,))


def known_header(text: str) -> bool:
    """Whether a list of units or of people has a column under this header."""
    key = header_key(text)
    return any(key in index for index in _INDEX.values())


def read_header(cells: Sequence[str], kind: SheetKind) -> Header:
    """Read a row of cells as the header of a worksheet of `kind`."""
    index = _INDEX[kind]
    found = [index.get(header_key(cell)) for cell in cells]
    places: dict[str, int] = {}
    weakly: set[str] = set()
    for weak in (False, True):
        for place, meaning in enumerate(found):
            if meaning is not None and meaning[1] == weak and meaning[0] not in places:
                places[meaning[0]] = place
                weakly |= {meaning[0]} if weak else set()
    return _header(cells, kind, places, frozenset(weakly))


def with_columns(header: Header, cells: Sequence[str], chosen: Mapping[int, str]) -> Header:
    """The header with the field of some columns chosen, by place; an empty field is no column.

    `cells` is the row of the header.
    """
    places = {
        field: place
        for field, place in header.places.items()
        if place not in chosen and field not in chosen.values()
    }
    places |= {field: place for place, field in chosen.items() if field}
    return _header(cells, header.kind, places, header.weak - set(chosen.values()))


def _header(
    cells: Sequence[str], kind: SheetKind, places: Mapping[str, int], weak: frozenset[str]
) -> Header:
    texts = {field: " ".join(cells[place].split()) for field, place in places.items()}
    unknown = tuple(
        " ".join(cell.split())
        for place, cell in enumerate(cells)
        if header_key(cell) and place not in places.values() and header_key(cell) not in _SILENT
    )
    return Header(kind, places, texts, unknown, weak)


def header_of(cells: Sequence[str]) -> Header | None:
    """Read a row of cells as a header, or return None if it is not one.

    A list of people has 姓名 and at least one other column. A list of units has the unit's name,
    either alone in the row or with another column.
    """
    people = read_header(cells, SheetKind.CADRES)
    if "name" in people.places:
        return people if len(people.places) > 1 else None
    units = read_header(cells, SheetKind.UNITS)
    if "name" not in units.places or _PERSONAL & people.places.keys():
        return None
    alone = sum(1 for cell in cells if header_key(cell)) == 1
    return units if alone or len(units.places) > 1 else None


def nearly_header(cells: Sequence[str]) -> bool:
    """Whether a row looks like the header of a list of people, except that 姓名 is missing."""
    places = read_header(cells, SheetKind.CADRES).places
    return "name" not in places and len(places) > 2
