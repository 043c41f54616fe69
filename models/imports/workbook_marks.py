"""What the XML of an .xlsx or .ods tells of its worksheets beside the values.

Names are read without their namespace, so that Strict files are read too. Runs in the child
process of `workbook`, and imports nothing of the house.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

_SHOWN = re.compile(r"(?P<before>[^0#?.,]*)(?P<whole>0+)(\.(?P<after>0+))?(?P<behind>[^0#?.,]*)")
# Colours, blanks of a width, and the marks around a text in a number format.
_AROUND = re.compile(r"\[[^\]]*\]|_.|\*.|[\"\\]")
_PLACE = re.compile(r"([A-Z]+)(\d+)", re.IGNORECASE)
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|\\.")
_WITHIN = re.compile(r"0(\"[^\"]*\"|\\.)+0")
_TOLD_OTHERWISE = re.compile(r"[%eEydhms/@]")
_BUILT_IN = {"2": "0.00"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SPREAD = 1000
"""A row or cell of an .ods that stands for more is only the empty rest of the sheet."""
# What of a worksheet is worth reading cell by cell.
_TELLING = re.compile(rb"<(\w+:)?f[ />]|\bt=[\"']e[\"']|\bhidden=|\bht=[\"']0[\"']|mergeCell ")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Shown:
    """What a number format shows."""

    before: str
    """Text before the number."""
    whole: int
    """The least digits before the point."""
    decimals: int
    """The digits after the point."""
    behind: str
    """Text behind the number."""

    def number(self, value: float) -> str:
        """A number as it is shown."""
        if self.decimals:
            digits = f"{value:.{self.decimals}f}"
        elif float(value).is_integer():
            digits = str(int(value)).zfill(self.whole)
        else:
            digits = f"{value:.15g}"
        return f"{self.before}{digits}{self.behind}"


@dataclass
class Marks:
    """What the XML of one worksheet tells. All places count from 0."""

    formats: dict[tuple[int, int], Shown] = field(default_factory=dict)
    """What the format of a cell shows, by row and column."""
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """Numbers as they are shown."""
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    """Error cells and formulas without a stored value, with the error or formula."""
    hidden_rows: set[int] = field(default_factory=set)
    """The hidden rows."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """The merged ranges: top, left, bottom, right."""


def marks(package: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of each worksheet by its name; none of an .xlsb, which has no XML."""
    parts = {name.lower().replace("\\", "/").lstrip("/"): name for name in package.namelist()}
    if "content.xml" in parts:
        with package.open(parts["content.xml"]) as part:
            return _of_ods(part)
    if "xl/workbook.xml" not in parts:
        return {}
    formats = _formats(package, parts)
    found = {}
    for name, place in _sheet_parts(package, parts):
        with package.open(place) as part:
            telling = any(formats) or _tells(part)
        with package.open(place) as part:
            found[name] = _of_sheet(part, formats) if telling else Marks()
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


# ── .xlsx ──


def _tells(part: IO[bytes]) -> bool:
    """Whether a worksheet has anything of what `Marks` tells, but for formats."""
    rest = b""
    while chunk := part.read(_CHUNK):
        if _TELLING.search(rest + chunk):
            return True
        rest = chunk[-20:]
    return False


def _of_sheet(part: IO[bytes], formats: list[Shown | None]) -> Marks:
    found = Marks()
    y, x = -1, -1
    for event, element in ElementTree.iterparse(part, events=("start", "end")):
        name = _local(element.tag)
        if name == "row" and event == "start":
            y, x = int(element.get("r") or y + 2) - 1, -1
            if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
                found.hidden_rows.add(y)
        elif name == "c" and event == "end":
            x = _column(element.get("r")) if element.get("r") else x + 1
            _cell(found, y, x, element, formats)
        elif name == "row":
            element.clear()
        elif (
            name == "mergeCell"
            and event == "start"
            and (match := _RANGE.fullmatch(element.get("ref", "").replace("$", "")))
        ):
            left, top, right, bottom = match.groups()
            found.merged.append((int(top) - 1, _column(left), int(bottom) - 1, _column(right)))
    return found


def _cell(
    found: Marks,
    y: int,
    x: int,
    cell: ElementTree.Element,
    formats: list[Shown | None],
) -> None:
    inside = {_local(child.tag): child.text or "" for child in cell}
    # A formula may well give an empty text.
    empty_text = cell.get("t") == "str" and "v" in inside
    if cell.get("t") == "e" or ("f" in inside and not inside.get("v") and not empty_text):
        found.faults[y, x] = f"={inside['f']}" if inside.get("f") else inside.get("v", "")
    style = cell.get("s") or "0"
    if style.isdigit() and int(style) < len(formats) and (shown := formats[int(style)]):
        found.formats[y, x] = shown


def _column(place: str | None) -> int:
    column = 0
    for letter in (place or "A").upper():
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter) - 64
    return column - 1


def _formats(package: zipfile.ZipFile, parts: dict[str, str]) -> list[Shown | None]:
    """What the number format of each cell style shows; None for most formats."""
    if "xl/styles.xml" not in parts:
        return []
    codes, styles = dict(_BUILT_IN), []
    for element in ElementTree.fromstring(package.read(parts["xl/styles.xml"])):
        if _local(element.tag) == "numFmts":
            codes |= {each.get("numFmtId", ""): each.get("formatCode", "") for each in element}
        elif _local(element.tag) == "cellXfs":
            styles = [each.get("numFmtId", "") for each in element]
    return [_shown(codes.get(style, "")) for style in styles]


def _shown(code: str) -> Shown | None:
    """What a format shows of a number as it is; None for another kind of format, such as that of
    a date or of a share, and for one that changes nothing."""
    found = _SHOWN.fullmatch(_AROUND.sub("", code.partition(";")[0]))
    if (
        found is None
        or _WITHIN.search(code)
        or _TOLD_OTHERWISE.search(_AROUND.sub("", _QUOTED.sub("", code)))
    ):
        return None
    parts = found.groupdict(default="")
    shown = Shown(
        parts["before"], len(parts["whole"]), len(parts["after"]), parts["behind"].rstrip(" )")
    )
    return None if shown == Shown("", 1, 0, "") else shown


def _sheet_parts(package: zipfile.ZipFile, parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The name of each worksheet and of its part."""
    targets = {}
    for each in ElementTree.fromstring(package.read(parts["xl/_rels/workbook.xml.rels"])):
        target = posixpath.normpath(posixpath.join("/xl", each.get("Target", "")))
        targets[each.get("Id")] = target.lstrip("/").lower()
    for element in ElementTree.fromstring(package.read(parts["xl/workbook.xml"])).iter():
        if _local(element.tag) == "sheet":
            wanted = next(value for key, value in element.items() if key.endswith("}id"))
            if targets[wanted] in parts:
                yield element.get("name", ""), parts[targets[wanted]]


# ── .ods ──


def _of_ods(part: IO[bytes]) -> dict[str, Marks]:
    """The text in a cell is the number as it is shown: what a format restored stands in it."""
    found: dict[str, Marks] = {}
    sheet, y, x = Marks(), 0, 0
    for event, element in ElementTree.iterparse(part, events=("start", "end")):
        name = _local(element.tag)
        own = {_local(key): value for key, value in element.items()}
        if name == "table" and event == "start":
            sheet, y = Marks(), 0
            found[own.get("name", "")] = sheet
        elif name == "table-row" and event == "start":
            x = 0
        elif name == "table-row":
            rows = min(int(own.get("number-rows-repeated", "1")), _SPREAD)
            if own.get("visibility") in ("collapse", "filter"):
                sheet.hidden_rows.update(range(y, y + rows))
            y += int(own.get("number-rows-repeated", "1"))
            element.clear()
        elif name in ("table-cell", "covered-table-cell") and event == "end":
            x += _ods_cell(sheet, y, x, element, own)
    return found


def _same_number(text: str, value: str) -> bool:
    """Whether a text shows a number with all its digits, also with zeros or a text before it."""
    if _NUMBER.fullmatch(text):
        return float(text) == float(value)
    digits = re.sub(r"\D", "", text).lstrip("0")
    return bool(digits) and digits == value and not re.search(r"[%,./年月日:]", text)


def _ods_cell(sheet: Marks, y: int, x: int, cell: ElementTree.Element, own: dict[str, str]) -> int:
    """Note what a cell tells; how many columns it stands for."""
    text = "".join("".join(each.itertext()) for each in cell if _local(each.tag) == "p")
    columns = int(own.get("number-columns-repeated", "1"))
    rows, across = (int(own.get(f"number-{side}-spanned", "1")) for side in ("rows", "columns"))
    if rows > 1 or across > 1:
        sheet.merged.append((y, x, y + rows - 1, x + across - 1))
    lost = "formula" in own and not text
    # LibreOffice writes an error as its own type in the namespace calcext, whose local name is the
    # same as the office's.
    kinds = {value for key, value in cell.items() if _local(key) == "value-type"}
    for place in range(x, x + min(columns, _SPREAD)):
        if lost or "error" in kinds or ("formula" in own and text.startswith(("#", "Err:"))):
            sheet.faults[y, place] = text or own["formula"]
        elif "float" in kinds and _same_number(text, own.get("value", "nan")):
            sheet.shown[y, place] = text
    return columns
