"""Clean and check the cells of a roster, with a finding for each change or error."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from models.imports.roster_file import RosterFile, RosterRow, RosterSheet
from models.names import (
    compact,
    noncharacter,
    person_name,
    plain_text,
    rare_characters,
    standard,
    unescaped,
    unit_name,
    visible,
)
from models.refusal import RefusedError
from models.roster import months
from models.roster.columns import MONTHS, UNIT_AND_TITLE, SheetKind
from models.roster.roles import ROLE_NAMES, role_named

_LONGEST = {"name": 50}
_LONGEST_OTHER = 200
_NOTHING = frozenset({"无", "-", "--", "—", "——", "/", "不详", "未入党"})
_GENDERS = {"男": "男", "女": "女", "男性": "男", "女性": "女"}
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)", re.IGNORECASE)
_EXPONENT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_NO_PERSON = re.compile(
    r".*(空缺|空编|缺编|暂缺|待定|待配|合计|总计|小计|共计).*|缺|无|未定|虚位|人数"
)
_ASIDE = re.compile(
    r"[\u3400-\u9fff·×✕*＊○●]+ ?[(（\[【〔](?P<aside>[^()（）\[\]【】〔〕]*)[)）\]】〕]"
)
_MASKED = re.compile(
    r"[\u3400-\u9fff]?[×✕*＊?？□■○●xX某]{1,3}|[\u3400-\u9fff]+[?？□■�][\u3400-\u9fff]*"
)
_MARKED = re.compile(
    r"[\u3400-\u9fff·]+[*＊★☆▲△●○◆※#√✓①-⑳\d]+|[\u3400-\u9fff]{2,}(同志|先生|女士|小姐)"
)
_NO_WORD = re.compile(r"[-—－/／·.]|[-—－]+|\d+")
_HAN_ALONE = re.compile(r"[\u3400-\u9fff]+")
# 欧阳　建国 is one name; more characters with a blank between are two, or want a dot.
_LONGEST_SPACED = 4
_SEVERAL = re.compile(r"[\u3400-\u9fff·]{2,}([、，,；;][\u3400-\u9fff·]{2,})+")
_FIGURES = re.compile(r"[\d〇零一二三四五六七八九十]")
_AGE = re.compile(r"\d{1,3}周?岁")
_DATES = re.compile(
    r"\d{4}[-./年、,。]\d{1,2}(?:[-./月]\d{1,2}日?|月)?|(?<!\d)\d{6}(?:\d\d)?(?!\d)"
    r"|[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?"
)
_SERIAL = re.compile(r"\d{5}")
# Days are counted from here in spreadsheets; these are of 1927 to 2050.
_DAY_ZERO = datetime.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 54_788
_WORDS = frozenset({"name", "unit", "title", "parent", "short_name"})
_REQUIRED = {
    SheetKind.UNITS: ("name",),
    SheetKind.CADRES: ("name", "unit", "role"),
}


class FindingKind(StrEnum):
    """Whether a cell is refused, asked about, or accepted with a note for the user.

    What is asked about stays out until the user says that it is right.
    """

    REFUSED = "拒绝"
    ASKED = "请核对"
    ADJUSTED = "提示"


@dataclass(frozen=True)
class RosterFinding:
    """A finding."""

    kind: FindingKind
    """Whether the cell is refused or only noted."""
    sheet: str
    """Name of the worksheet; empty for a .csv."""
    row: int
    """Row number, as the spreadsheet shows it; 0 for a whole worksheet."""
    column: str
    """Header of the column; empty for a whole row or worksheet."""
    value: str
    """Text of the cell, without control characters."""
    reason: str
    """The reason, in Chinese."""


@dataclass(frozen=True)
class CheckedRow:
    """A row with cleaned cells."""

    sheet: RosterSheet
    """The worksheet."""
    number: int
    """Row number, as the spreadsheet shows it."""
    values: Mapping[str, str]
    """Clean text by field, months as `1965.09`. Empty and refused fields are left out."""
    typed: Mapping[str, str]
    """Text by field as it stands in the file."""

    @property
    def key(self) -> RowKey:
        """The key of the row."""
        return self.sheet.name, self.number


RowKey = tuple[str, int]
"""Identifies a row within a file: name of the worksheet and row number."""


@dataclass(frozen=True)
class CheckedFile:
    """All rows of a file, cleaned, with the findings."""

    rows: Mapping[SheetKind, Sequence[CheckedRow]]
    """All rows by kind, including refused ones."""
    findings: tuple[RosterFinding, ...]
    """The findings, both refused and noted."""
    refused: frozenset[RowKey]
    """The refused rows."""


class Findings:
    """Collects the findings of one stage of an import.

    `refused` starts with the rows that earlier stages refused.
    """

    def __init__(self, refused: Iterable[RowKey] = ()) -> None:
        self.found: list[RosterFinding] = []
        self.refused = set(refused)

    def _note(self, kind: FindingKind, row: CheckedRow, column: str, reason: str, raw: str) -> None:
        header = row.sheet.header.column(column) if column else ""
        value = visible(raw or row.values.get(column, ""))
        self.found.append(RosterFinding(kind, row.sheet.name, row.number, header, value, reason))

    def refuse(self, row: CheckedRow, column: str, reason: str, raw: str = "") -> None:
        """Refuse a row; `raw` is the cell's text if it differs from the clean value."""
        self._note(FindingKind.REFUSED, row, column, reason, raw)
        self.refused.add(row.key)

    def ask(self, row: CheckedRow, column: str, reason: str, raw: str = "") -> None:
        """Leave a row out until the user says that what stands in it is right."""
        self._note(FindingKind.ASKED, row, column, reason, raw)
        self.refused.add(row.key)

    def adjust(self, row: CheckedRow, column: str, reason: str, raw: str = "") -> None:
        """Note a change to a cell, or anything else about it that the user should know."""
        self._note(FindingKind.ADJUSTED, row, column, reason, raw)

    def of_sheet(self, kind: FindingKind, sheet: str, row: int, column: str, reason: str) -> None:
        """Add a finding about a whole worksheet or column."""
        self.found.append(RosterFinding(kind, sheet, row, column, "", reason))

    def standing(self, row: CheckedRow) -> bool:
        """Whether the row has not been refused."""
        return row.key not in self.refused


def check(file: RosterFile) -> CheckedFile:
    """Clean every row of `file`."""
    findings = Findings()
    checked: dict[SheetKind, list[CheckedRow]] = {kind: [] for kind in SheetKind}
    for left in file.left_out:
        findings.found.append(
            RosterFinding(FindingKind.ADJUSTED, left.sheet, left.row, "", left.text, left.reason)
        )
    for sheet in file.sheets:
        kind = sheet.header.kind
        again = sheet.header.texts.get("name")
        if again in sheet.header.unknown:
            reason = "表里并排有几个姓名列，只读了最左边的；请把人员排成一列再导入"
            findings.of_sheet(FindingKind.REFUSED, sheet.name, sheet.header_row, again, reason)
        for column in sheet.header.unknown:
            reason = "不认识的列，或与另一列重复，未读入"
            findings.of_sheet(FindingKind.ADJUSTED, sheet.name, sheet.header_row, column, reason)
        for source in dict.fromkeys(sheet.supplied.values()):
            taken = "、".join(
                sheet.header.column(name)
                for name, where in sheet.supplied.items()
                if where == source
            )
            reason = f"{taken}取自{source}"
            findings.of_sheet(FindingKind.ADJUSTED, sheet.name, sheet.header_row, "", reason)
        missing = [name for name in _REQUIRED[kind] if name not in sheet.fields]
        for name in missing:
            column = sheet.header.column(name)
            reason = f"没有“{column}”列，这张表各行都不能导入，请补上"
            findings.of_sheet(FindingKind.REFUSED, sheet.name, sheet.header_row, column, reason)
        for row in sheet.rows:
            clean = _check_row(sheet, row, findings, odd_names=file.choices.odd_names)
            if missing:
                findings.refused.add(clean.key)
            checked[kind].append(clean)
    return CheckedFile(checked, tuple(findings.found), frozenset(findings.refused))


def _check_row(
    sheet: RosterSheet, row: RosterRow, findings: Findings, *, odd_names: bool
) -> CheckedRow:
    kind = sheet.header.kind
    values: dict[str, str] = {}
    clean = CheckedRow(sheet, row.number, values, row.values)
    for name in sheet.fields:
        if name == UNIT_AND_TITLE:
            continue
        typed = row.values.get(name, "")
        if name in row.formulas:
            findings.refuse(clean, name, "单元格是公式或出错值，请复制后粘贴为数值", typed)
            continue
        if not typed:
            if name in _REQUIRED[kind]:
                column = sheet.header.column(name)
                findings.refuse(clean, name, f"缺少{column}，请填上{_role_hint(name)}")
            continue
        cell = _cell(kind, name, typed, name in row.unseen)
        if cell.refused:
            findings.refuse(clean, name, cell.refused, cell.raw)
        elif not cell.value and name in _REQUIRED[kind]:
            column = sheet.header.column(name)
            findings.refuse(clean, name, f"缺少{column}，只有空格或不可见字符", cell.raw)
        else:
            for reason in cell.told:
                findings.adjust(clean, name, reason, cell.raw)
            if cell.value:
                values[name] = cell.value
    if kind is SheetKind.CADRES and not odd_names and (odd := _odd(row.values.get("name", ""))):
        findings.ask(clean, "name", odd)
    return clean


@dataclass(frozen=True)
class _CleanCell:
    """A cell cleaned and checked by itself."""

    raw: str
    """Its text to show in a finding."""
    value: str = ""
    """Its clean text; empty if there is none."""
    refused: str = ""
    """Why it is refused; empty if it is not."""
    told: tuple[str, ...] = ()
    """What was adjusted."""


# Most texts of a column repeat: units, roles, months.
@lru_cache(maxsize=65536)
def _cell(kind: SheetKind, name: str, typed: str, unseen: bool) -> _CleanCell:
    raw, wrapped = _unwrapped(unescaped(typed))
    if lost := _lost(name, raw, unseen=unseen):
        return _CleanCell(raw, refused=lost)
    try:
        value = _CLEANERS[kind].get(name, plain_text)(raw)
    except RefusedError as refusal:
        return _CleanCell(raw, refused=str(refusal))
    if len(value) > (limit := _LONGEST.get(name, _LONGEST_OTHER)):
        return _CleanCell(raw[:limit], refused=f"过长，最多 {limit} 个字")
    told = []
    if wrapped:
        told.append(f"去掉{wrapped}，读作“{value}”")
    elif value != raw and (reason := _cleaning(name, raw, value)):
        told.append(reason)
    if value.startswith(("=", "+", "@")):
        told.append(f"以“{value[0]}”开头，按文字保存，不作公式")
    if not value.isprintable() and (
        private := [char for char in value if unicodedata.category(char) == "Co"]
    ):
        codes = "、".join(f"U+{ord(char):04X}" for char in private)
        told.append(f"含自造区字符 {codes}，原样保存，打印前请核对")
    if kind is SheetKind.CADRES and name == "name" and (rare := rare_characters(value)):
        shown = "、".join(f"{char}（U+{ord(char):04X}）" for char in rare)
        told.append(f"含常用字库里可能没有的字 {shown}，打印前请核对")
    return _CleanCell(typed if wrapped else raw, value, told=tuple(told))


def _unwrapped(text: str) -> tuple[str, str]:
    """A cell without the marks that make it a text in a spreadsheet, and these marks in words."""
    if "=" in text and (found := _QUOTED.fullmatch(text.strip())):
        return found[1].replace('""', '"'), "等号和引号"
    if text.startswith("'") and len(text) > 1:
        return text[1:], "开头的撇号"
    return text, ""


def _lost(name: str, text: str, *, unseen: bool) -> str:
    """Say what a spreadsheet has lost of a value; empty if nothing. `unseen` is a number that it
    may show otherwise."""
    plain = text.strip()
    if unseen and (name in MONTHS or name == "archive_no"):
        return (
            "是数值，这种格式看不到它显示成什么，前面或后面的 0 可能丢失；"
            "请另存为 .xlsx 再导入，或把这一列设为文本后重新填写"
        )
    if plain.startswith("#") and _ERROR.fullmatch(plain):
        return "单元格是公式或出错值，请改为正确的内容"
    if plain[:1].isdigit() and _EXPONENT.fullmatch(plain):
        return "长数字被存成了数值，后几位已经丢失；请把单元格设为文本后重新填写"
    if name in _WORDS and plain == "0":
        return "只有一个 0，请填上文字或清空"
    return ""


def _role_hint(name: str) -> str:
    return f"：{ROLE_NAMES}" if name == "role" else ""


def _cleaning(name: str, raw: str, value: str) -> str:
    """Describe how a cell was cleaned; empty if a role or gender was merely a synonym."""
    hidden = any(unicodedata.category(char) in ("Cc", "Cf") for char in raw if char not in "\t\r\n")
    wide = any("！" <= char <= "～" for char in raw) and not any(
        "！" <= char <= "～" for char in value
    )
    done = []
    if standard(raw) != raw:
        done.append("自造区字符改为标准编码")
    if hidden:
        done.append("去掉不可见字符")
    if any(char.isspace() for char in raw) and raw.split() != value.split(" "):
        done.append("去掉空格")
    elif raw != raw.strip():
        done.append("去掉首尾空格")
    if wide:
        done.append("全角改为半角")
    if name in MONTHS and value:
        done.append("统一年月写法")
    if not value:
        return (
            f"“{visible(raw)}”不是年月，按未填处理"
            if name in MONTHS
            else f"“{visible(raw)}”按未填处理"
        )
    if name in MONTHS and _SERIAL.fullmatch(raw.strip()):
        return f"是日期的序号，读作“{value}”，请核对"
    if not done and name in ("role", "gender"):
        return ""
    return f"{'、'.join(done) or '统一写法'}，读作“{value}”"


# ── cleaners, one per kind of field; each raises RefusedError with just the reason ──


def _name(text: str) -> str:
    for char in text:
        kind = unicodedata.category(char)
        if (kind == "Cc" and char not in "\t\r\n") or kind == "Cs" or noncharacter(char):
            raise RefusedError(f"含有不能用的字符 U+{ord(char):04X}，请重新填写姓名")
    return person_name(text)


def _odd(typed: str) -> str:
    """Why a name, as it stands in the file, hardly looks like one; empty if it does."""
    name = person_name(_unwrapped(unescaped(typed))[0])
    parts = [part for part in re.split(r"[\s\u3000]+", typed.strip()) if _HAN_ALONE.fullmatch(part)]
    if len(parts) > 1 and all(len(part) > 1 for part in parts):
        lines = len(typed.strip().splitlines()) > 1
        if lines or sum(map(len, parts)) > _LONGEST_SPACED:
            return f"像是几个人写在一格里，读作“{name}”；是几个人请一人一行"
    if _NO_WORD.fullmatch(name):
        return "没有文字，不像人名"
    if _NO_PERSON.fullmatch(name):
        return "不像人名：不是人员的行请删去"
    if found := _ASIDE.fullmatch(name):
        return f"姓名后面的“{found['aside']}”是说明还是姓名：若是说明，请移到它自己的列"
    if _MASKED.fullmatch(name):
        return "有代替的字，不像完整的姓名，请填上本名"
    if _MARKED.fullmatch(name):
        return "姓名后面有记号或称呼，请去掉或移到别的列"
    if _SEVERAL.fullmatch(name):
        return "像是几个人写在一格里，请一人一行"
    return ""


def _month(text: str) -> str:
    """The month in a text, beside an age or words; empty if there are no figures in it."""
    plain = visible(text)
    if plain in _NOTHING or not _FIGURES.search(plain):
        return ""
    plain = "".join(plain.split())
    if _SERIAL.fullmatch(plain) and _FIRST_SERIAL <= int(plain) <= _LAST_SERIAL:
        day = _DAY_ZERO + datetime.timedelta(days=int(plain))
        return f"{day:%Y.%m}"
    wide = _AGE.sub("", unicodedata.normalize("NFKC", plain))
    found = _DATES.findall(wide)
    if len(found) == 1 and not any(char.isdecimal() for char in wide.replace(found[0], "", 1)):
        plain = found[0]
    return months.month(plain)


def _rank(text: str) -> str:
    plain = compact(text).removesuffix(".0")
    if plain in _NOTHING:
        return ""
    if not (plain.isascii() and plain.isdigit()):
        raise RefusedError("应为整数，如 1、2、3")
    if not 1 <= int(plain[:9]) <= 9999:
        raise RefusedError("应在 1 至 9999 之间")
    return str(int(plain))


def _unit_or_none(text: str) -> str:
    plain = unit_name(text)
    return "" if plain in _NOTHING else plain


def _number(text: str) -> str:
    plain = compact(text)
    return "" if plain in _NOTHING else plain


def _gender(text: str) -> str:
    plain = compact(text)
    if plain not in _GENDERS:
        raise RefusedError("应为 男 或 女")
    return _GENDERS[plain]


def _role(text: str) -> str:
    plain = compact(text)
    role = role_named(plain)
    if role is None:
        raise RefusedError(f"没有这种班子角色；应为 {ROLE_NAMES}")
    return role.label


_CLEANERS: Mapping[SheetKind, Mapping[str, Callable[[str], str]]] = {
    SheetKind.UNITS: {
        "name": unit_name,
        "short_name": _unit_or_none,
        "parent": _unit_or_none,
        "position": _rank,
    },
    SheetKind.CADRES: {
        "name": _name,
        "unit": unit_name,
        "gender": _gender,
        "archive_no": _number,
        "role": _role,
        "rank": _rank,
        **dict.fromkeys(MONTHS, _month),
    },
}
