"""Read the tables of a file: head, section rows, merged cells, what stands for the cell above.

Which texts are units decides what a row is: the names of the office's units are given to `lay_out`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.imports.choices import Choices
from models.imports.head import Head, filled, find_head, head_as_chosen, head_at, lone
from models.imports.roster_file import LeftOut, RosterFile, RosterRow, RosterSheet
from models.imports.source import Grid, Source, load
from models.imports.unit_text import Units
from models.names import visible
from models.refusal import RefusedError
from models.roster.columns import (
    UNIT_AND_TITLE,
    SheetKind,
    header_key,
    nearly_header,
    with_columns,
)

_DITTO = frozenset({"〃", "″", "〞", "同上", "上同"})
_ONE_EACH = frozenset({"name", "archive_no", "rank", "position"})
_BELOW = re.compile(
    r"(合计|总计|小计|共计)[:：]?(\d+人?)?|共计?\d+[人名].*|(注|备注|说明|附注)\d?[:：].*"
    r"|(填表|制表|审核|填报|联系|负责|经办|单位负责|主管领导|报送|统计)"
    r"(人|单位|日期|时间|电话|人签字|人签名)?([（(](签字|签名|盖章)[)）])?[:：].*"
    r"|[（(]?(盖章|公章|单位盖章|签字)[)）]?[:：]?|(电话|日期|年月日)[:：].*"
    r"|\d{4}年\d{1,2}月\d{1,2}日",
    re.DOTALL,
)
_NOTE = re.compile(r"(注|备注|说明|附注)\d?[:：]", re.DOTALL)
_LIKE_A_UNIT = re.compile(
    r".{2,}[局所处室队站委厅院科部办会组校司署]([(（]\d+人?[)）])?[:：]?|.*中心"
)
_NUMBERING = re.compile(r"[(（]?(\d{1,2})[)）]?")
_ABOVE = re.compile(
    r"(?:填报|报送|所在|工作|填表)?单位(?:名称)?(?:[(（]盖章[)）])?[:：](?P<unit>.*)"
)
_LONGEST_NAME = 20


def read(path: Path, choices: Choices | None = None, units: Collection[str] = ()) -> RosterFile:
    """Read the roster at `path`; see `models.imports.source.load` and `lay_out`."""
    return lay_out(load(path), choices or Choices(), units)


def lay_out(source: Source, choices: Choices, units: Collection[str]) -> RosterFile:
    """Read the tables of `source`. `units` are the full and short names of the known units.

    Raises `RefusedError` if no worksheet has a known header with rows below it.
    """
    file = laid_out(source, choices, units)
    if not file.sheets:
        raise RefusedError(_no_header(source.path, _taken(source, choices)))
    if not any(sheet.rows for sheet in file.sheets):
        raise RefusedError(f"{source.path.name} 只有表头，没有内容。请填好后再导入。")
    return file


def _taken(source: Source, choices: Choices) -> list[Grid]:
    """The worksheets that are read."""
    wanted = choices.sheets
    if wanted is None:
        return [grid for grid in source.grids if not grid.hidden]
    return [grid for grid in source.grids if grid.name in wanted]


def laid_out(source: Source, choices: Choices, units: Collection[str]) -> RosterFile:
    """The same, also where there is nothing to read.

    Raises `RefusedError` if a worksheet that was chosen is not there.
    """
    wanted = choices.sheets
    names = {grid.name for grid in source.grids}
    if wanted is not None and (missing := wanted - names):
        have = "、".join(f"“{grid.name}”" for grid in source.grids)
        raise RefusedError(f"{source.path.name} 没有工作表“{min(missing)}”；有{have}。")
    left_out: list[LeftOut] = []
    taken = _taken(source, choices)
    names_taken = {grid.name for grid in taken}
    for grid in source.grids:
        if grid.name not in names_taken and any(map(any, grid.cells)):
            reason = "没有选这张工作表" if not grid.hidden else "隐藏的工作表，未读入；要读请选上它"
            left_out.append(LeftOut(grid.name, 0, "", reason))
    drafts = [(grid, list(_tables(grid, choices, left_out))) for grid in taken]
    known = Units(units)
    for grid, tables in drafts:
        for table in tables:
            if table.head.header.kind is SheetKind.UNITS:
                known.add(_names(grid, table))
        if not tables and any(map(any, grid.cells)):
            left_out.append(LeftOut(grid.name, 0, "", "没有认得的表头，整张工作表未读"))
    sheets = [
        _Reading(grid, table, known, choices, left_out).sheet()
        for grid, tables in drafts
        for table in tables
    ]
    return RosterFile(source, choices, tuple(sheets), tuple(left_out))


def _no_header(path: Path, grids: list[Grid]) -> str:
    """Return a message that says which headers are expected, or which row nearly is one."""
    for grid in grids:
        for number, cells in enumerate(grid.cells, 1):
            if nearly_header(cells):
                where = f"工作表“{grid.name}”第 {number} 行" if grid.name else f"第 {number} 行"
                return f"{path.name}：{where}像人员表的表头，但没有“姓名”列。请补上后再导入。"
    names = "、".join(f"“{grid.name}”" for grid in grids if grid.name)
    where = f"（工作表{names}）" if names else ""
    return (
        f"{path.name}{where}没有找到表头。人员表要有“姓名”以及“单位”“职务”“班子角色”等列，"
        "单位表要有“单位名称”以及“简称”“上级单位”等列；表头位置不限。"
        + ("" if names else "若打开后是乱码，请另存为 UTF-8 的 CSV。")
    )


@dataclass(frozen=True)
class _Table:
    """A head and the rows under it."""

    head: Head
    """The head."""
    end: int
    """The row after its last one, from 0."""


def _tables(grid: Grid, choices: Choices, left_out: list[LeftOut]) -> Iterator[_Table]:
    """The tables of a worksheet, one under the other. A head that repeats the one before, as on
    every printed page, begins none."""
    if not grid.seen:
        reason = (
            "这种格式看不到隐藏的行、数字的显示格式和出错的单元格，请核对；"
            "另存为 .xlsx 再导入就都看得到"
        )
        left_out.append(LeftOut(grid.name, 0, "", reason))
    at = choices.heads.get(grid.name)
    head = head_as_chosen(grid, at - 1) if at else find_head(grid)
    while head is not None:
        chosen = _with_chosen(head, grid.name, choices)
        another = _another_head(grid, chosen)
        yield _Table(chosen, another.first if another else len(grid.cells))
        head = another


def _with_chosen(head: Head, name: str, choices: Choices) -> Head:
    chosen = {x: column for (sheet, x), column in choices.columns.items() if sheet == name}
    if not chosen:
        return head
    header = with_columns(head.header, head.cells, chosen)
    return Head(header, head.cells, head.first, head.last)


def _another_head(grid: Grid, head: Head) -> Head | None:
    """The next head that is not this one again."""
    own = _keys(head)
    names = {header_key(head.header.texts.get("name", "")), "姓名", "单位名称"}
    for y in range(head.last + 1, len(grid.cells)):
        if any(
            "名" in cell and len(cell) < 8 and header_key(cell) in names for cell in grid.cells[y]
        ):
            other = head_at(grid, y)
            if other and len(other.header.places) > 1 and not _keys(other).items() <= own.items():
                return other
    return None


def _keys(head: Head) -> dict[str, int]:
    return dict(head.header.places)


def _names(grid: Grid, table: _Table) -> Iterator[str]:
    """The full and short names in a list of units."""
    places = [table.head.header.places.get(name) for name in ("name", "short_name")]
    for cells in grid.cells[table.head.last + 1 : table.end]:
        for place in places:
            if place is not None and place < len(cells) and cells[place].strip():
                yield cells[place]


@dataclass
class _Reading:
    """One table while its rows are read, from the first to the last."""

    grid: Grid
    """The worksheet."""
    table: _Table
    """The table."""
    known: Units
    """The units there are."""
    choices: Choices
    """What the user chose."""
    left_out: list[LeftOut]
    """Collects what is left out."""
    before: dict[str, str] = field(default_factory=dict)
    """Values of the row above."""
    section: str = ""
    """The unit that the rows belong to which name none."""
    source: str = ""
    """Where that unit stands, in words."""
    noted: bool = False
    """Whether a note under the table was read: what follows alone in a row belongs to it."""
    wide: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """First and last column of the ranges merged over several, by row."""

    def __post_init__(self) -> None:
        for top, left, bottom, right in self.grid.merged:
            if right > left:
                for y in range(top, min(bottom + 1, len(self.grid.cells))):
                    self.wide.setdefault(y, []).append((left, right))

    def sheet(self) -> RosterSheet:
        """Read the rows."""
        header, head = self.table.head.header, self.table.head
        people = header.kind is SheetKind.CADRES
        by_unit = "unit" in header.places or UNIT_AND_TITLE in header.places
        if people and not by_unit:
            self._unit_of_all()
        titles = {name: header_key(text) for name, text in header.texts.items()}
        numbers = range(head.last + 1, self.table.end)
        rows = tuple(row for y in numbers if (row := self._row(y, titles)))
        supplied = {}
        if UNIT_AND_TITLE in header.places:
            supplied = dict.fromkeys(("unit", "title"), "“单位及职务”一列")
        elif self.source and "unit" not in header.places:
            supplied = {"unit": self.source}
        return RosterSheet(self.grid.name, head.last + 1, header, rows, head.cells, supplied)

    def _unit_of_all(self) -> None:
        """Take the unit of all rows from above the head, or from the worksheet's name."""
        for y in range(self.table.head.first):
            for x, cell in enumerate(self.grid.cells[y]):
                if found := _ABOVE.match("".join(cell.split())):
                    after = self.grid.cells[y][x + 1 :]
                    text = found["unit"] or next((each for each in after if each.strip()), "")
                    self.section, self.source = text, "表头上面写的单位"
                    return
        if unit := self.known.named(self.grid.name):
            self.section, self.source = unit, "工作表的名称"
            return
        for y in range(self.table.head.first):
            if lone(self.grid, y) and (unit := self.known.in_text(*filled(self.grid.cells[y]))):
                self.section, self.source = unit, "表头上面的标题"

    def _row(self, y: int, titles: Mapping[str, str]) -> RosterRow | None:
        """Read one row; None if it holds neither a unit nor a person."""
        grid, header, cells = self.grid, self.table.head.header, self.grid.cells[y]
        if not any(cells):
            return None
        texts = filled(cells)
        if not texts:
            return None
        if y in grid.hidden_rows and not self.choices.hidden_rows:
            self._leave(y, "隐藏的行，未读入；要读请取消隐藏，或选上它们")
            return None
        if reason := self._no_entry(y, texts):
            self._leave(y, reason)
            return None
        places = self._own_places(y)
        values = {
            name: cells[x] for name, x in places.items() if x < len(cells) and cells[x].strip()
        }
        # Skip repeated headers; long lists have one on every printed page.
        if not values or _repeats(values, titles):
            return None
        self._complete(values, y)
        formulas = frozenset(name for name, x in places.items() if (y, x) in grid.faults)
        unseen = frozenset(name for name, x in places.items() if (y, x) in grid.numbers)
        for name in header.weak & {"rank", "position"}:
            # A running number is an order if it can be one, and nothing otherwise.
            if name in formulas or not values.get(name, "1").strip().isdecimal():
                values.pop(name, None)
                formulas -= {name}
        return RosterRow(y + 1, values, formulas, unseen)

    def _leave(self, y: int, reason: str) -> None:
        shown = dict.fromkeys(text for cell in self.grid.cells[y] if (text := cell.strip()))
        self.left_out.append(LeftOut(self.grid.name, y + 1, visible(" ".join(shown)), reason))

    def _no_entry(self, y: int, texts: Collection[str]) -> str:
        """Why a row of few texts is no unit and no person; empty if it is one."""
        plain = ["".join(text.split()) for text in texts]
        if y == self.table.head.last + 1 and _numbers(self.grid.cells[y]):
            return "列的编号，未读入"
        first = next("".join(cell.split()) for cell in self.grid.cells[y] if cell.strip())
        if all(map(_BELOW.fullmatch, plain)) or (len(texts) <= 3 and _BELOW.fullmatch(first)):
            self.noted = self.noted or bool(_NOTE.match(first))
            return "表下的合计、说明或签名，未读入"
        if len(texts) == 1 and (self.noted or len(plain[0]) > 2 * _LONGEST_NAME):
            return "表下的合计、说明或签名，未读入"
        if self.table.head.header.kind is SheetKind.CADRES and self._is_section(y, texts):
            return f"单位的名称，以下各行属于{self.section}"
        return ""

    def _is_section(self, y: int, texts: Collection[str]) -> bool:
        """Whether a row is the name of a unit, alone or with a number of people."""
        if len(texts) > 2:
            return False
        cells = self.grid.cells[y]
        first = next(cell.strip() for cell in cells if cell.strip())
        rest = [text for text in texts if text != first]
        if rest and not re.fullmatch(r"[（(]?共?\d+人?[)）]?", "".join(rest[0].split())):
            return False
        unit = self.known.named(first)
        places = self.table.head.header.places
        if not unit and not rest and "unit" not in places and UNIT_AND_TITLE not in places:
            at = next(x for x, cell in enumerate(cells) if cell.strip())
            across = any(right - left >= 2 for left, right in self.wide.get(y, ()))
            if across or at != places.get("name") or _LIKE_A_UNIT.fullmatch(visible(first)):
                unit = visible(first)
        if unit:
            self.section, self.source = unit, "各段上面的单位行"
        return bool(unit)

    def _own_places(self, y: int) -> Mapping[str, int]:
        """The columns with a text of their own: a range merged over several of them has one."""
        places = self.table.head.header.places
        if y not in self.wide:
            return places
        found = dict(places)
        for left, right in self.wide[y]:
            inside = [name for name, x in found.items() if left <= x <= right]
            kept = "unit" if "unit" in inside else min(inside, key=places.__getitem__, default="")
            for name in inside:
                if name != kept:
                    del found[name]
        return found

    def _complete(self, values: dict[str, str], y: int) -> None:
        """Fill in what stands for the cell above, the parts of 单位及职务, and the unit."""
        for name, text in values.items():
            if name not in _ONE_EACH and text.strip() in _DITTO:
                values[name] = self.before.get(name, text)
        self.before = dict(values)
        if UNIT_AND_TITLE in values:
            unit, title = self.known.parted(values.pop(UNIT_AND_TITLE))
            values.setdefault("unit", unit)
            if title:
                values.setdefault("title", title)
        if self.section:
            values.setdefault("unit", self.section)


def _repeats(values: Mapping[str, str], titles: Mapping[str, str]) -> bool:
    """Whether a row has the text of the head in every column."""
    return values.keys() == titles.keys() and all(
        header_key(text) == titles[name] for name, text in values.items()
    )


def _numbers(cells: list[str]) -> bool:
    """Whether a row numbers the columns."""
    found = [
        match for cell in cells if cell.strip() for match in [_NUMBERING.fullmatch(cell.strip())]
    ]
    if len(found) < 3 or not all(found):
        return False
    numbers = [int(match[1]) for match in found if match]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
