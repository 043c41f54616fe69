"""复核计数: recount every ballot with code that is independent of the normal counting.

The verifier opens the database file itself, read-only, with the standard library's sqlite3. It
shares no code with the packages that maintain the counts. The marks of all ballots in a stack
are joined into one string. Every `width`-th character of that string belongs to the same place
(one line of the sheet), so counting a place means counting characters. A million ballots take
less than a second.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from models.recount import outcomes, sealed_texts, structure

_MARKS = "0*123456789"
_FOREIGN = "只有本程序的表"
_UNREACHED = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_LOCKED")
_OUTCOMES = "等次、意见、送达、名册"

_TEXTS = """
SELECT b.sheet_id, b.group_id, max(length(v.marks)), group_concat(v.marks, '')
FROM ballot v JOIN batch b ON b.id = v.batch_id WHERE v.void_reason = 0
GROUP BY v.batch_id
"""
# Slower, because SQLite has to sort. Needed only if the ballots of a stack differ in length.
_TEXTS_BY_WIDTH = _TEXTS + ", length(v.marks)"

# Sealed ballots are stored as distinct ballots with a count `n`. Most occur once and are read
# separately: sorting a million rows by `n` takes longer than counting them.
_SEALED_TEXTS = """
SELECT b.sheet_id, b.group_id, max(length(v.marks)), v.n, group_concat(v.marks, '')
FROM sealed_ballot v JOIN batch b ON b.id = v.batch_id WHERE v.void_reason = 0 AND v.n {}
GROUP BY v.batch_id, v.n, length(v.marks)
"""

_LATER_TABLES = {
    "sealed_ballot": "batch_id, void_reason, marks, n",
    "second_ballot": "batch_id",
    "second_draft": "batch_id",
    "shown_counts": "sheet_id, valid, void, counts, proof",
    "determination": "subject_id",
    "opinion": "subject_id",
    "delivery": "subject_id",
    "seal": "id, poll_id, version, at, who, tellers, canonical, digest, journal_head, "
    "reopened_at, reopened_reason, reopened_by, proof",
}

# (sheet, voter group, place from 0, mark)
_Cell = tuple[int, int, int, str]


@dataclass(frozen=True)
class Check:
    """The result of one check."""

    title: str
    """What was checked, in Chinese."""
    examined: int
    """How many of them were checked."""
    faults: tuple[str, ...]
    """The faults found, in Chinese; empty if there are none."""
    unread: bool = False
    """Whether the file could not be read as things stand, which says nothing of what it holds."""


def examine(path: Path) -> list[Check]:
    """Recompute everything that can be recomputed from the database file at `path`.

    All checks see one snapshot of the file, even if another program writes to it meanwhile. A
    file that cannot be opened or is damaged is reported as a fault; nothing is raised for it.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            file.execute("BEGIN")
            parts = _number(file, "sqlite_master")
            unsound = [*_unsound(file), *structure.unreadable(file)]
            if any("不是可读的文字" in fault for fault in unsound):
                # What cannot be read cannot be counted either.
                return [Check("数据库结构和引用", parts, tuple(unsound))]
            _fill_in(file)
            return [
                Check("数据库结构和引用", parts, tuple(unsound)),
                Check(_FOREIGN, parts, tuple(structure.foreign(file))),
                Check(
                    "票批张数", _number(file, "batch"), (*_wrong_stacks(file), *_unregistered(file))
                ),
                Check("发出、收回、录入", _number(file, "issue"), tuple(_wrong_paper(file))),
                Check("逐票重数", _ballots(file), tuple(_wrong_counts(file))),
                Check("计票中的合计", _number(file, "shown_counts"), tuple(_wrong_shown(file))),
                Check("封存", _number(file, "seal"), tuple(sealed_texts.wrong_seals(file))),
                Check(_OUTCOMES, _outcomes(file), tuple(outcomes.unproved(file))),
                Check("操作日志", _number(file, "journal"), tuple(sealed_texts.broken(file))),
            ]
    except sqlite3.OperationalError as error:
        # A text that is no UTF-8 is such an error too, and has no name.
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(_UNREACHED):
            fault = (
                f"现在读不了 {path}：上次没有正常结束，日志还没有收回，而这里不能写；或者正被占用。"
                "这不是损坏：请连同旁边的日志复制到能写的地方再核对。"
            )
            return [Check("数据库", 0, (fault,), unread=True)]
        return [Check("数据库", 0, (f"数据库打不开或已损坏：{path}（{error}）",))]
    except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError, AssertionError) as error:
        # A damaged file can return values of a type that its tables cannot hold, or none.
        fault = f"数据库打不开或已损坏：{path}（{error}）"
        return [Check("数据库", 0, (fault,))]


def _fill_in(file: sqlite3.Connection) -> None:
    """Create missing tables as empty temporary ones.

    A backup may be older than the program and lack the tables for seals.
    """
    there = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    for table, columns in _LATER_TABLES.items():
        if table not in there:
            file.execute(f"CREATE TEMP TABLE {table} ({columns})")


def chain(path: Path) -> tuple[int, str]:
    """How many entries the journal has, and the digest of the last. Kept outside, they show later
    whether anything was taken from its end."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
        number = _number(file, "journal")
        last = file.execute("SELECT digest FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    return number, str(last[0]) if last else ""


def damage(path: Path) -> list[str]:
    """Like `differences`, but only what makes a copy worthless. What somebody put beside the
    program's own tables, or changed in a register, is a matter for `verify`, and no reason to be
    without a backup."""
    return [
        fault
        for check in examine(path)
        if check.title not in (_FOREIGN, _OUTCOMES)
        for fault in check.faults
    ]


def differences(path: Path) -> list[str]:
    """List every inconsistency in the file at `path`, in Chinese; empty if there is none."""
    return [fault for check in examine(path) for fault in check.faults]


def _number(file: sqlite3.Connection, table: str) -> int:
    return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a constant


def _outcomes(file: sqlite3.Connection) -> int:
    return sum(_number(file, table) for table in ("determination", "opinion", "delivery", "cadre"))


def _ballots(file: sqlite3.Connection) -> int:
    row = file.execute("SELECT coalesce(sum(n), 0) FROM sealed_ballot").fetchone()
    return _number(file, "ballot") + int(row[0])


def recounted(file: sqlite3.Connection) -> Counter[_Cell]:
    """Count the valid ballots with each mark at each place, using nothing but the ballots."""
    found: Counter[_Cell] = Counter()
    rows = file.execute(_TEXTS_BY_WIDTH if _uneven(file) else _TEXTS)
    for sheet, group, width, text in rows:
        for place in range(width):
            for mark, n in _marks(text[place::width]):
                found[sheet, group, place, mark] += n
    for which in ("= 1", "<> 1"):
        for sheet, group, width, times, text in file.execute(_SEALED_TEXTS.format(which)):
            for place in range(width or 0):
                for mark, n in _marks(text[place::width]):
                    found[sheet, group, place, mark] += n * times
    return found


def _uneven(file: sqlite3.Connection) -> bool:
    """Whether any stack has valid ballots of different lengths, which is itself a fault."""
    row = file.execute(
        "SELECT 1 FROM ballot WHERE void_reason = 0 GROUP BY batch_id "
        "HAVING min(length(marks)) < max(length(marks)) LIMIT 1"
    ).fetchone()
    return row is not None


def _marks(column: str) -> Iterator[tuple[str, int]]:
    left = len(column)
    for mark in _MARKS:
        if not left:
            return
        n = column.count(mark)
        if n:
            left -= n
            yield mark, n
    if left:
        yield from ((mark, n) for mark, n in Counter(column).items() if mark not in _MARKS)


def _unsound(file: sqlite3.Connection) -> list[str]:
    """Faults that SQLite finds in the structure or in foreign keys."""
    found = [
        f"数据库结构有误：{text}"
        for (text,) in file.execute("PRAGMA integrity_check")
        if text != "ok"
    ]
    found += [
        f"数据库引用有误：{table} 第 {row} 行所指的 {parent} 不存在"
        for table, row, parent, _ in file.execute("PRAGMA foreign_key_check")
    ]
    return found


def _wrong_stacks(file: sqlite3.Connection) -> list[str]:
    """Stacks whose ballots do not match `entered`, outnumber the returned ones, or are not
    numbered consecutively."""
    kept = {
        (batch, reason): n
        for batch, reason, n in file.execute("SELECT batch_id, void_reason, n FROM entered")
    }
    found: dict[tuple[int, int], int] = {
        (batch, reason): n
        for batch, reason, n in file.execute(
            "SELECT batch_id, void_reason, count(*) FROM ballot WHERE void_reason <> 0 "
            "GROUP BY batch_id, void_reason"
        )
    }
    faults = []
    stacks = file.execute(
        "SELECT v.batch_id, count(*) FILTER (WHERE v.void_reason = 0), count(*), "
        "min(v.position), max(v.position), b.returned "
        "FROM ballot v JOIN batch b ON b.id = v.batch_id GROUP BY v.batch_id"
    )
    for batch, valid, all_of_it, first, last, returned in stacks:
        if valid:
            found[batch, 0] = valid
        if (first, last) != (1, all_of_it):
            faults.append(f"{_stack(file, batch)}：票的顺序号不连续（{first} 至 {last}）")
        if all_of_it > returned:
            faults.append(f"{_stack(file, batch)}：录入 {all_of_it} 张，多于收回 {returned} 张")
    for batch, reason, n in file.execute(
        "SELECT batch_id, void_reason, sum(n) FROM sealed_ballot GROUP BY batch_id, void_reason"
    ):
        found[batch, reason] = found.get((batch, reason), 0) + n
    for batch, reason in sorted(kept.keys() | found.keys()):
        has, is_ = kept.get((batch, reason), 0), found.get((batch, reason), 0)
        if has != is_:
            kind = f"作废原因 {reason}" if reason else "有效票"
            faults.append(f"{_stack(file, batch)} {kind}：登记 {has} 张，逐票重数 {is_} 张")
    return faults


_REGISTERED_SINCE = 5  # version of the schema
_UNREGISTERED = """
SELECT b.id, p.state = 3 FROM batch b JOIN sheet s ON s.id = b.sheet_id
JOIN poll p ON p.id = s.poll_id
WHERE NOT b.registered AND (b.returned > 0 OR p.state = 3
                            OR EXISTS (SELECT 1 FROM entered e WHERE e.batch_id = b.id AND e.n > 0))
"""


def _unregistered(file: sqlite3.Connection) -> list[str]:
    """Stacks that have paper, or are sealed, though nobody registered what came back."""
    if int(file.execute("PRAGMA user_version").fetchone()[0]) < _REGISTERED_SINCE:
        return []
    return [
        f"{_stack(file, batch)}：{'已封存' if sealed else '有票'}，收回没有登记"
        for batch, sealed in file.execute(_UNREGISTERED).fetchall()
    ]


_PAPER = """
SELECT i.sheet_id, i.group_id, i.issued, total(b.returned)
FROM issue i LEFT JOIN batch b ON b.sheet_id = i.sheet_id AND b.group_id = i.group_id
GROUP BY i.sheet_id, i.group_id
"""


def _wrong_paper(file: sqlite3.Connection) -> list[str]:
    """Sheets with more ballots returned than issued, and places where the counts do not add up
    to the number of valid ballots."""
    faults = [
        f"{_sheet(file, sheet, group)}：收回 {int(back)} 张，多于发出 {issued} 张"
        for sheet, group, issued, back in file.execute(_PAPER)
        if back > issued
    ]
    valid = {
        (sheet, group): n
        for sheet, group, n in file.execute(
            "SELECT b.sheet_id, b.group_id, sum(e.n) FROM entered e JOIN batch b "
            "ON b.id = e.batch_id WHERE e.void_reason = 0 GROUP BY 1, 2"
        )
    }
    for sheet, group, place, n in file.execute(
        "SELECT sheet_id, group_id, place, sum(n) FROM count GROUP BY 1, 2, 3"
    ):
        if n != valid.get((sheet, group), 0):
            faults.append(
                f"{_sheet(file, sheet, group)} 第 {place + 1} 项：各等次、弃权、多选合计 {n} 票，"
                f"有效 {valid.get((sheet, group), 0)} 票"
            )
    return faults


def _wrong_counts(file: sqlite3.Connection) -> list[str]:
    """Places whose stored count differs from the recount."""
    kept: dict[_Cell, int] = {
        (sheet, group, place, mark): n
        for sheet, group, place, mark, n in file.execute(
            "SELECT sheet_id, group_id, place, mark, n FROM count"
        )
    }
    found = recounted(file)
    return [
        f"{_sheet(file, sheet, group)} 第 {place + 1} 项选“{mark}”：登记 {kept.get(cell, 0)} 票，"
        f"逐票重数 {found[cell]} 票"
        for cell in sorted(kept.keys() | found.keys())
        for sheet, group, place, mark in (cell,)
        if kept.get(cell, 0) != found[cell]
    ]


_SHOWN = """
SELECT c.sheet_id, c.valid, c.void, c.counts, c.proof, p.unit_name, coalesce(l.name, s.level),
       (SELECT json_group_array(json_array(place, mark, n)) FROM
        (SELECT place, mark, sum(n) AS n FROM count WHERE sheet_id = s.id
         GROUP BY place, mark ORDER BY place, mark)),
       p.state = 1 AND (SELECT min(registered) AND sum(returned) = c.valid + c.void
                        FROM batch WHERE sheet_id = s.id)
       AND (SELECT total(e.n) FROM entered e JOIN batch b ON b.id = e.batch_id
            WHERE b.sheet_id = s.id) = c.valid + c.void
FROM shown_counts c JOIN sheet s ON s.id = c.sheet_id JOIN poll p ON p.id = s.poll_id
LEFT JOIN round_level l ON l.round_id = p.round_id AND l.level = s.level
"""


def _wrong_shown(file: sqlite3.Connection) -> Iterator[str]:
    """Copies of counts for others that were changed, do not add up, or differ from the counts of a
    sheet that is keyed as a whole."""
    if not _number(file, "shown_counts"):
        return  # a file of before has neither these nor what they are held against
    for sheet, valid, void, counts, proof, *named, whole, complete in file.execute(_SHOWN):
        text = f"{sheet} {valid} {void} {counts}"
        name = f"{' '.join(map(str, named))} 给别的终端看的合计"
        if hashlib.sha256(text.encode()).hexdigest() != proof:
            yield f"{name}：内容被改过"
            continue
        places: Counter[int] = Counter()
        for place, _, n in json.loads(counts):
            places[place] += n
        if any(n != valid for n in places.values()):
            yield f"{name}：各项票数不等于有效 {valid} 票"
        if complete and counts != whole:
            yield f"{name}：全部录完，却与计数不同"


def _stack(file: sqlite3.Connection, batch: int) -> str:
    row = file.execute("SELECT sheet_id, group_id, number FROM batch WHERE id = ?", (batch,))
    found = row.fetchone()
    if found is None:
        return f"票批 {batch}"
    sheet, group, number = found
    return f"{_sheet(file, sheet, group)} 第 {number} 批"


def _sheet(file: sqlite3.Connection, sheet: int, group: int) -> str:
    row = file.execute(
        "SELECT p.unit_name, coalesce(l.name, s.level), g.name "
        "FROM sheet s JOIN poll p ON p.id = s.poll_id JOIN voter_group g ON g.id = ? "
        "LEFT JOIN round_level l ON l.round_id = p.round_id AND l.level = s.level "
        "WHERE s.id = ?",
        (group, sheet),
    ).fetchone()
    return " ".join(map(str, row)) if row else f"票种 {sheet} 类别 {group}"
