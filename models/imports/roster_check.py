"""Clean and check the cells of a roster, with a finding for each change or error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.imports.roster_file import RosterFile, RosterRow, RosterSheet
from models.names import (
    compact,
    noncharacter,
    person_name,
    plain_text,
    standard,
    unescaped,
    unit_name,
    visible,
)
from models.refusal import RefusedError
from models.roster import months
from models.roster.columns import MONTHS, SheetKind
from models.roster.roles import ROLE_NAMES, role_named

_LONGEST = {"name": 50}
_LONGEST_OTHER = 200
_NOTHING = frozenset({"无", "-", "--", "—", "——", "/", "不详", "未入党"})
_GENDERS = {"男": "男", "女": "女", "男性": "男", "女性": "女"}
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)", re.IGNORECASE)
_EXPONENT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_BELOW = re.compile(
    r"(合计|总计|小计|共计)[:：]?(\d+人?)?|共\d+人|(注|备注|说明|附注)[:：].*"
    r"|(填表|制表|审核|填报|联系|负责|经办)(人|单位|日期|时间|电话)[:：].*",
    re.DOTALL,
)
_NO_PERSON = frozenset({"空缺", "缺", "暂缺", "待定", "合计", "总计", "小计", "共计", "无"})
_PARTY_DATE = re.compile(r"[\u4e00-\u9fff]+[(（](?P<month>[^()（）]*\d[^()（）]*)[)）]")
_AGE = re.compile(r"[(（]?\d{1,3}岁[)）]?$")
_WORDS = frozenset({"name", "unit", "title", "parent", "short_name"})
_REQUIRED = {
    SheetKind.UNITS: ("name",),
    SheetKind.CADRES: ("name", "unit", "role"),
}


class FindingKind(StrEnum):
    """Whether a cell is refused, or accepted with a note for the user."""

    REFUSED = "拒绝"
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
    for name in file.unread:
        findings.of_sheet(FindingKind.ADJUSTED, name, 0, "", "没有认得的表头，整张工作表未读")
    for name in file.hidden:
        findings.of_sheet(FindingKind.ADJUSTED, name, 0, "", "隐藏的工作表，未读入；要读请取消隐藏")
    for name, number in file.hidden_rows:
        reason = "隐藏的行，未读入；要读请取消隐藏"
        findings.of_sheet(FindingKind.ADJUSTED, name, number, "", reason)
    for sheet in file.sheets:
        kind = sheet.header.kind
        for column in sheet.header.unknown:
            reason = "不认识的列，或与另一列重复，未读入"
            findings.of_sheet(FindingKind.ADJUSTED, sheet.name, sheet.header_row, column, reason)
        missing = [name for name in _REQUIRED[kind] if name not in sheet.header.places]
        for name in missing:
            column = sheet.header.column(name)
            reason = f"没有“{column}”列，这张表各行都不能导入，请补上"
            findings.of_sheet(FindingKind.REFUSED, sheet.name, sheet.header_row, column, reason)
        for row in sheet.rows:
            if _below_table(row):
                text = visible(" ".join(row.values.values()))
                reason = "表下的合计、说明或签名，未读入"
                found = RosterFinding(
                    FindingKind.ADJUSTED, sheet.name, row.number, "", text, reason
                )
                findings.found.append(found)
                continue
            clean = _check_row(sheet, row, findings)
            if missing:
                findings.refused.add(clean.key)
            checked[kind].append(clean)
    return CheckedFile(checked, tuple(findings.found), frozenset(findings.refused))


def _check_row(sheet: RosterSheet, row: RosterRow, findings: Findings) -> CheckedRow:
    kind = sheet.header.kind
    values: dict[str, str] = {}
    clean = CheckedRow(sheet, row.number, values)
    for name in sheet.header.places:
        typed = row.values.get(name, "")
        raw, wrapped = _unwrapped(unescaped(typed))
        column = sheet.header.column(name)
        if name in row.formulas:
            findings.refuse(clean, name, "单元格是公式或出错值，请复制后粘贴为数值", raw)
            continue
        if lost := _lost(name, raw):
            findings.refuse(clean, name, lost, raw)
            continue
        if not raw:
            if name in _REQUIRED[kind]:
                findings.refuse(clean, name, f"缺少{column}，请填上{_role_hint(name)}")
            continue
        try:
            value = _CLEANERS[kind].get(name, plain_text)(raw)
        except RefusedError as refusal:
            findings.refuse(clean, name, str(refusal), raw)
            continue
        if len(value) > _LONGEST.get(name, _LONGEST_OTHER):
            limit = _LONGEST.get(name, _LONGEST_OTHER)
            findings.refuse(clean, name, f"过长，最多 {limit} 个字", raw[:limit])
            continue
        if not value and name in _REQUIRED[kind]:
            findings.refuse(clean, name, f"缺少{column}，只有空格或不可见字符", raw)
            continue
        if wrapped:
            reason = f"去掉{wrapped}，读作“{value}”"
            findings.adjust(clean, name, reason, typed)
        elif value != raw and (reason := _cleaning(name, raw, value)):
            findings.adjust(clean, name, reason, raw)
        if value.startswith(("=", "+", "@")):
            findings.adjust(clean, name, f"以“{value[0]}”开头，按文字保存，不作公式", raw)
        if private := [char for char in value if unicodedata.category(char) == "Co"]:
            codes = "、".join(f"U+{ord(char):04X}" for char in private)
            findings.adjust(clean, name, f"含自造区字符 {codes}，原样保存，打印前请核对", raw)
        if value:
            values[name] = value
    return clean


def _below_table(row: RosterRow) -> bool:
    """Whether a row is a total, a note or a signature under the table: at most three cells."""
    texts = ["".join(text.split()) for text in row.values.values()]
    return len(texts) <= 3 and bool(_BELOW.fullmatch(texts[0]))


def _unwrapped(text: str) -> tuple[str, str]:
    """A cell without the marks that make it a text in a spreadsheet, and these marks in words."""
    if found := _QUOTED.fullmatch(text.strip()):
        return found[1].replace('""', '"'), "等号和引号"
    if text.startswith("'") and len(text) > 1:
        return text[1:], "开头的撇号"
    return text, ""


def _lost(name: str, text: str) -> str:
    """Say what a spreadsheet has lost of a value; empty if nothing."""
    plain = text.strip()
    if _ERROR.fullmatch(plain):
        return "单元格是公式或出错值，请改为正确的内容"
    if _EXPONENT.fullmatch(plain):
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
        return f"“{visible(raw)}”按未填处理"
    if not done and name in ("role", "gender"):
        return ""
    return f"{'、'.join(done) or '统一写法'}，读作“{value}”"


# ── cleaners, one per kind of field; each raises RefusedError with just the reason ──


def _name(text: str) -> str:
    for char in text:
        kind = unicodedata.category(char)
        if (kind == "Cc" and char not in "\t\r\n") or kind == "Cs" or noncharacter(char):
            raise RefusedError(f"含有不能用的字符 U+{ord(char):04X}，请重新填写姓名")
    name = person_name(text)
    if name in _NO_PERSON:
        raise RefusedError("不像人名；不是人员的行请删去")
    return name


def _month(text: str) -> str:
    plain = visible(text)
    return "" if plain in _NOTHING else months.month(_AGE.sub("", plain).strip() or plain)


def _joined(text: str) -> str:
    """The month of joining a party. 民盟(1999.06) has one, 群众 has none."""
    plain = "".join(visible(text).split())
    if found := _PARTY_DATE.fullmatch(plain):
        plain = found["month"]
    return _month(plain) if any(char.isdigit() for char in plain) else ""


def _rank(text: str) -> str:
    plain = compact(text)
    if not (plain.isascii() and plain.isdigit()):
        raise RefusedError("应为整数，如 1、2、3")
    if not 1 <= int(plain[:9]) <= 9999:
        raise RefusedError("应在 1 至 9999 之间")
    return str(int(plain))


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
        "short_name": unit_name,
        "parent": unit_name,
        "position": _rank,
    },
    SheetKind.CADRES: {
        "name": _name,
        "unit": unit_name,
        "gender": _gender,
        "archive_no": compact,
        "role": _role,
        "rank": _rank,
        **dict.fromkeys(MONTHS, _month),
        "joined_party": _joined,
    },
}
