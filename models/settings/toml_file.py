"""Read a TOML file and report each fault with its file, line, key and reason.

A `TomlTable` returns typed values and collects faults instead of stopping at the first, so that a
user can fix a file in one go. Used for ceping.toml and for round descriptions.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.refusal import fault_words

# A terminal would obey them; a line end is text, for titles of two lines.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TYPES = {str: "文字", int: "整数", bool: "true 或 false", list: "列表", dict: "表"}
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(
    r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_DECODE_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


@dataclass(frozen=True)
class Fault:
    """One fault in a file."""

    file: str
    """The file."""
    line: int
    """The line, from 1; 0 if unknown."""
    key: str
    """The dotted key; empty if the fault is not about one."""
    why: str
    """The reason, in Chinese."""

    def __str__(self) -> str:
        line = f"第{self.line}行 " if self.line else ""
        key = f"{self.key}：" if self.key else ""
        return f"{self.file} {line}{key}{self.why}"


class TomlFaultsError(Exception):
    """A file cannot be used. `faults` lists everything wrong with it, by line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(map(str, self.faults)))


def _key_lines(text: str) -> dict[str, int]:
    """The line of each key and table, by dotted path; entries of `[[x]]` are `x[0]`, `x[1]`, …"""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = [part.strip(" \"'") for part in header[2].split(".")]
            table = ""
            for depth, name in enumerate(names):
                table = f"{table}.{name}" if table else name
                last = depth == len(names) - 1
                if last and header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table = f"{table}[{counts[table]}]"
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = ".".join(part.strip(" \"'") for part in key[1].split("."))
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


class TomlTable:
    """One table of a TOML file.

    Getters return a default for a missing value, and record a fault if it was required or has the
    wrong type. `done` records a fault for each key that was never read.

    A table can be layered `over` another one. Keys it lacks are then taken from that table,
    nested tables included. Lists are replaced as a whole.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        file: str,
        path: str = "",
        text: str = "",
        faults: list[Fault] | None = None,
        over: TomlTable | None = None,
    ) -> None:
        self._values = values
        self._file = file
        self._path = path
        self._text = text
        self._over = over
        self._asked: set[str] = set()
        self.faults: list[Fault] = [] if faults is None else faults

    @classmethod
    def read(cls, file: Path, over: TomlTable | None = None) -> TomlTable:
        """Open and parse `file`, optionally layered over another table.

        Raises `TomlFaultsError` if it cannot be read or parsed.
        """
        try:
            text = file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise TomlFaultsError(
                [Fault(str(file), 0, "", f"读不出：{fault_words(error)}")]
            ) from error
        except UnicodeDecodeError as error:
            raise TomlFaultsError(
                [Fault(str(file), 0, "", "不是 UTF-8 编码，请另存为 UTF-8 后再用")]
            ) from error
        try:
            values = tomllib.loads(text)
        except (RecursionError, OverflowError) as error:
            why = "括号套得太深，或者数字太大"
            raise TomlFaultsError([Fault(str(file), 0, "", why)]) from error
        except ValueError as error:
            place = _DECODE_PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else len(text.splitlines())
            where = f"第{place[2]}列附近" if place and place[2] else "文件末尾"
            why = f"{where}不合 TOML 写法（检查引号、括号、等号，以及是否重复）"
            if "date" in str(error):
                why = f"{where}的日期或时间不对，没有这一天"
            elif not isinstance(error, tomllib.TOMLDecodeError):
                why = "有一个数字太长"
            raise TomlFaultsError([Fault(str(file), line, "", why)]) from error
        return cls(values, str(file), text=text, over=over)

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def fault(self, key: str, why: str) -> None:
        """Record a fault in the value of `key`, or in the table itself if `key` is empty."""
        name = self._name(key) if key else self._path
        line = 0
        stem = name
        lines = _key_lines(self._text)
        while stem and not line:
            line = lines.get(stem, 0)
            stem = stem.rpartition(".")[0]
        self.faults.append(Fault(self._file, line, name, why))

    @property
    def lowest(self) -> TomlTable:
        """The lowest layer, which holds the defaults."""
        return self._over.lowest if self._over else self

    def alone(self) -> TomlTable:
        """The same table without the layers below it."""
        found = TomlTable(self._values, self._file, self._path, self._text, self.faults)
        found._asked = self._asked
        return found

    def has(self, key: str) -> bool:
        """Whether the table or a layer below it has `key`."""
        self._asked.add(key)
        return key in self._values or (self._over is not None and self._over.has(key))

    def is_table(self, key: str) -> bool:
        """Whether the value under `key` is a table."""
        if key not in self._values and self._over is not None:
            return self._over.is_table(key)
        return isinstance(self._values.get(key), dict)

    def names(self) -> list[str]:
        """All keys, in file order, those of lower layers first. Marks them as read."""
        self._asked.update(self._values)
        under = self._over.names() if self._over else []
        return list(dict.fromkeys([*under, *self._values]))

    def _get(self, key: str, kind: type, default: Any, required: bool) -> Any:
        self._asked.add(key)
        if key not in self._values:
            if self._over is not None and self._over.has(key):
                return self._over._get(key, kind, default, required)
            if required:
                self.fault(key, "缺少这一项")
            return default
        value = self._values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"应为{_TYPES[kind]}，现为 {value!r}")
            return default
        return value

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A string, stripped; with `required`, it must be present and not empty."""
        value: str = self._get(key, str, default, required)
        if required and key in self._values and not value.strip():
            self.fault(key, "不能为空")
        if key in self._values and _CONTROL.search(value):
            self.fault(key, f"有看不见的控制字符，请删去：{value!r}")
        return value.strip()

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """An integer from `low` to `high`."""
        value: int = self._get(key, int, default, False)
        if not low <= value <= high:
            self.fault(key, f"应在 {low} 至 {high} 之间，现为 {value}")
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        """A boolean."""
        return bool(self._get(key, bool, default, False))

    def choice(self, key: str, default: str, choices: Mapping[str, str] | list[str]) -> str:
        """A string that is one of `choices`."""
        value: str = self._get(key, str, default, False)
        if value not in choices:
            self.fault(key, f"应为 {'、'.join(choices)} 之一，现为 {value!r}")
            return default
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of non-empty strings, stripped."""
        values = self._get(key, list, list(default), False)
        for value in values:
            if not isinstance(value, str) or not value.strip():
                self.fault(key, f"每一项应为文字且不空，现有 {value!r}")
                return default
            if _CONTROL.search(value):
                self.fault(key, f"有看不见的控制字符，请删去：{value!r}")
                return default
        return tuple(value.strip() for value in values)

    def date(self, key: str, *, required: bool = False) -> datetime.date | None:
        """A TOML date, or a string such as `2026-11-05`; None if missing or invalid."""
        self._asked.add(key)
        value = self._values.get(key)
        if isinstance(value, datetime.datetime):
            value = value.date()
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.date.fromisoformat(value)
        if value is None:
            if required:
                self.fault(key, "缺少这一项")
            return None
        if not isinstance(value, datetime.date):
            self.fault(key, f"应为日期，如 2026-11-05，现为 {value!r}")
            return None
        return value

    def table(self, key: str) -> TomlTable:
        """The table under `key`; empty if missing."""
        value = self.alone()._get(key, dict, {}, False)
        under = self._over.table(key) if self._over else None
        return TomlTable(value, self._file, self._name(key), self._text, self.faults, under)

    def tables(self, key: str) -> list[TomlTable]:
        """The list of tables under `key`; empty if missing."""
        if key not in self._values and self._over is not None:
            return self._over.tables(key)
        found = []
        for index, value in enumerate(self._get(key, list, [], False)):
            name = f"{self._name(key)}[{index}]"
            if isinstance(value, dict):
                found.append(TomlTable(value, self._file, name, self._text, self.faults))
            else:
                self.fault(key, f"每一项应为表，现有 {value!r}")
        return found

    def counts(self, key: str) -> dict[str, int]:
        """A table that maps names to integers from 0 to 999999."""
        inner = self.table(key)
        found = {}
        for name in inner.names():
            value = inner._values[name]
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**6:
                inner.fault(name, f"应为不小于 0 的整数，现为 {value!r}")
            else:
                found[name] = value
        return found

    def done(self) -> None:
        """Record a fault for every key that was never read."""
        for key in self._values:
            if key not in self._asked:
                self.fault(key, "没有这一项设置，请检查拼写")
