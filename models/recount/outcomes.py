"""Hold what people set after a seal against the journal that says so.

Part of the independent verifier: grades, summaries of opinions and deliveries each have a mark at
the end of their entry, a key and a digest of the row's fields; whatever changes who is who in the
roster has one of all cadres. The last mark of a key says what the table must hold now.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator

_MARK = re.compile("〔(等次|意见|送达|名册)([^ 〕]+) ([0-9a-f]{16}|无)〕")
_MARKS = re.compile("(?:〔(?:等次|意见|送达|名册)[^ 〕]+ (?:[0-9a-f]{16}|无)〕)+$")
_ACTS = (
    "登记研究确定的等次",
    "撤销研究确定的等次",
    "意见归纳",
    "登记反馈本人",
    "登记反馈第一责任人",
    "登记归入廉政档案",
    "撤销反馈本人",
    "撤销反馈第一责任人",
    "撤销归入廉政档案",
    "登记早于本版的结果",
    "新增干部",
    "修改干部",
    "导入花名册",
)
_VERSION = 4  # of the schema; before it there were no marks
_RESTING = 5  # from this one on a delivery names the seal whose results were delivered
_ROWS = {
    "等次": 'SELECT subject_id, grade, "on", meeting, by, basis, seal_version FROM determination',
    "意见": "SELECT subject_id, text FROM opinion",
    "送达": "SELECT poll_id || '/' || kind || '/' || coalesce(subject_id, 0)"
    " || '/' || seal_version, "
    '"on", way, signed_by, signed_on FROM delivery',
}


def unproved(file: sqlite3.Connection) -> Iterator[str]:
    """Rows without a mark, marks without a row, and rows that are not what their mark says."""
    version = int(file.execute("PRAGMA user_version").fetchone()[0])
    if version < _VERSION:
        return
    said: dict[tuple[str, str], str] = {}
    acts = ", ".join("?" * len(_ACTS))
    for (detail,) in file.execute(
        f"SELECT detail FROM journal WHERE act IN ({acts}) ORDER BY id",  # noqa: S608 - marks
        _ACTS,
    ):
        if marks := _MARKS.search(detail):
            said |= {(kind, key): digest for kind, key, digest in _MARK.findall(marks[0])}
    roster = said.pop(("名册", "全部"), "")
    if roster and roster != _digest(_cadres(file)):
        yield "干部的姓名或档案号与操作日志的记录不符"
    there: dict[tuple[str, str], str] = {}
    tables = {name for (name,) in file.execute("SELECT name FROM main.sqlite_master")}
    if not tables >= {"determination", "opinion", "delivery"}:
        return  # said already, by the look at the structure
    for kind, query in _ROWS.items():
        if version < _RESTING:
            query = query.replace(" || '/' || seal_version", "")
        for key, *fields in file.execute(query):
            there[kind, str(key)] = _digest(fields)
    for (kind, key), digest in there.items():
        known = said.get((kind, key), "无")
        if known == "无":
            yield f"{kind}（{key}）在操作日志里没有记录"
        elif known != digest:
            yield f"{kind}（{key}）与操作日志的记录不符"
    for (kind, key), digest in said.items():
        if digest != "无" and (kind, key) not in there:
            yield f"操作日志里登记的{kind}（{key}）不见了"


def _cadres(file: sqlite3.Connection) -> list[object]:
    rows = file.execute("SELECT id, name, archive_no FROM cadre ORDER BY id")
    return [field for row in rows for field in row]


def _digest(fields: list[object]) -> str:
    text = "\x1f".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
