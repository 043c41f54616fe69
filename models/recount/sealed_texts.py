"""Check the seals (封存) and the journal (操作日志): canonical texts, digests, states, the chain.

Part of the independent verifier (`models.recount.examination`). It reads the file with plain SQL
and builds the canonical text with its own code. It shares nothing with the modules that seal and
keep the journal, so a bug there cannot also hide itself here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator

_GENESIS = "0" * 64
_UNITS = "\x1f"
_SEALED, _REOPENED = 3, 4
_PERSONAL = (2, 3, 5)  # the levels whose subjects are persons
_TRIGGERS = {
    "journal_no_update": "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "journal_no_delete": "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "journal_no_replace": "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal "
    "WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
}
_SEALS = """
SELECT id, poll_id, version, at, who, tellers, canonical, digest, journal_head, reopened_at,
       reopened_reason, reopened_by, proof FROM seal ORDER BY poll_id, version
"""
_ROUND = """
SELECT r.id, r.title, r.year, r.kind, r.conducted, r.gathering, r.combined_with, r.starts, r.ends,
       r.sheet, r.member_sheet, r.denominator, r.decimals, r.minimum_group, r.verification,
       r.quorum, r.weighted, p.unit_name, p.date, p.place, p.expected, p.present
FROM poll p JOIN round r ON r.id = p.round_id WHERE p.id = ?
"""
_STACKS = """
SELECT b.id, b.sheet_id, g.name, b.number, i.issued, b.returned
FROM batch b JOIN sheet s ON s.id = b.sheet_id JOIN voter_group g ON g.id = b.group_id
JOIN issue i ON i.sheet_id = b.sheet_id AND i.group_id = b.group_id
WHERE s.poll_id = ? ORDER BY s.level, s.position, g.position, b.number
"""


def broken(file: sqlite3.Connection) -> list[str]:
    """Breaks in the journal's hash chain: entries changed, missing or inserted.

    Also reports triggers that keep the journal append-only and were removed or changed. The
    faults are in Chinese.
    """
    faults = []
    before = _GENESIS
    rows = file.execute(
        "SELECT id, at, who, act, subject, detail, previous, digest FROM journal ORDER BY id"
    )
    for place, (number, at, who, act, subject, detail, previous, digest) in enumerate(rows, 1):
        text = _UNITS.join((previous, at, who, act, subject, detail))
        if number != place:
            faults.append(f"操作日志第 {place} 条的编号是 {number}：有缺条或插入")
        if previous != before:
            faults.append(f"操作日志第 {number} 条与前一条接不上")
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            faults.append(f"操作日志第 {number} 条的内容与摘要不符")
        before = digest
    for name, sql in _TRIGGERS.items():
        row = file.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (name,)
        ).fetchone()
        if row is None or row[0] != sql:
            faults.append(f"操作日志的保护被去掉或改过：{name}")
    return faults


def wrong_seals(file: sqlite3.Connection) -> list[str]:
    """Seals whose row, digest, journal entry or ballots have changed since.

    Also reports polls whose state does not match their seals. The faults are in Chinese.
    """
    entries = {
        digest: (at, who, act, subject, detail)
        for at, who, act, subject, detail, digest in file.execute(
            "SELECT at, who, act, subject, detail, digest FROM journal"
        )
    }
    reopenings = [entry for entry in entries.values() if entry[2] == "重新开封"]
    faults = []
    newest: dict[int, tuple[int, str]] = {}
    for row in file.execute(_SEALS).fetchall():
        poll, version, reopened = row[1], row[2], row[9]
        unit = file.execute("SELECT unit_name FROM poll WHERE id = ?", (poll,)).fetchone()
        name = f"{unit[0] if unit else poll} 第 {version} 版封存"
        if version != newest.get(poll, (0, ""))[0] + 1:
            faults.append(f"{name}：版次不连续")
        newest[poll] = (version, reopened)
        faults += [f"{name}：{fault}" for fault in _wrong_seal(row, unit, entries)]
        if reopened:
            own = f"第 {version} 版，理由：{row[10]}，{'、'.join(json.loads(row[11]))}"
            if (reopened, unit[0], own) not in [(e[0], e[3], e[4]) for e in reopenings]:
                faults.append(f"{name}：重新开封在操作日志里没有记录")
        elif _canonical(file, poll, version, row[5], _form(row[6])) != _unpacked(row[6]):
            faults.append(f"{name}：票、票数或名单与封存时不同")
    for poll, unit_name, state in file.execute("SELECT id, unit_name, state FROM poll"):
        version, reopened = newest.get(poll, (0, ""))
        wanted = (_REOPENED if reopened else _SEALED) if version else None
        if (wanted is None and state in (_SEALED, _REOPENED)) or (wanted and state != wanted):
            faults.append(f"{unit_name}：单位的状态与封存记录不符")
        faults += _misplaced(file, poll, unit_name, sealed=bool(version))
    return faults


def _wrong_seal(
    row: tuple[object, ...],
    unit: tuple[str] | None,
    entries: dict[str, tuple[str, str, str, str, str]],
) -> Iterator[str]:
    version, at, who, tellers, canonical, digest, head = row[2:9]
    assert isinstance(canonical, bytes)  # noqa: S101 - a STRICT BLOB
    fields = [*row[:6], hashlib.sha256(canonical).hexdigest(), *row[7:12]]
    proof = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    if hashlib.sha256(proof.encode()).hexdigest() != row[12]:
        yield "封存记录被改过"
    text = _unpacked(canonical)
    if text is None or hashlib.sha256(text.encode()).hexdigest() != digest:
        yield "封存内容与摘要不符"
    names = "，".join(f"{role} {name}" for role, name in json.loads(str(tellers)))
    wanted = (at, who, "封存", unit and unit[0], f"第 {version} 版，摘要 {digest}，{names}")
    if entries.get(str(head)) != wanted:
        yield "在操作日志里没有相符的记录"


def _misplaced(
    file: sqlite3.Connection, poll: int, unit_name: str, *, sealed: bool
) -> Iterator[str]:
    """Ballots in the wrong tables: single ballots after a seal, or aggregated ones without it."""
    own = (
        "batch_id IN (SELECT b.id FROM batch b JOIN sheet s ON s.id = b.sheet_id "
        "WHERE s.poll_id = ?)"
    )
    tables = ("ballot", "draft", "second_ballot", "second_draft") if sealed else ("sealed_ballot",)
    for table in tables:
        sql = f"SELECT count(*) FROM {table} WHERE {own}"  # noqa: S608 - constants
        if file.execute(sql, (poll,)).fetchone()[0]:
            yield f"{unit_name}：{'封存后仍有逐票记录' if sealed else '没有封存却有封存的票'}"


def _unpacked(canonical: bytes) -> str | None:
    try:
        return zlib.decompress(canonical).decode()
    except (zlib.error, UnicodeDecodeError):
        return None


def _form(canonical: bytes) -> int:
    """Which form a sealed text has; 0 if it cannot be read."""
    first = (_unpacked(canonical) or "").partition("\n")[0]
    return next(
        (form for form in (1, 2) if first == json.dumps(["ceping", form], separators=(",", ":"))), 0
    )


def _canonical(file: sqlite3.Connection, poll: int, version: int, tellers: str, form: int) -> str:
    """Build the canonical text of a poll from the file as it is now."""
    found = file.execute(_ROUND, (poll,)).fetchone()
    round_id, head, voted = found[0], found[1:17], found[17:]
    lines: list[object] = [
        ["ceping", form],
        ["round", *head[0:5]],
        ["when", *head[5:8]],
        ["rules", *head[8:12]],
        ["rules", *head[12:16]],
    ]
    for level, grades, comparator, numerator, denominator, base in file.execute(
        "SELECT level, grades, comparator, numerator, denominator, base FROM round_trust "
        "WHERE round_id = ? ORDER BY level",
        (round_id,),
    ):
        lines.append(["trust", level, grades.split("\n"), comparator, numerator, denominator, base])
    for level, name, grades in file.execute(
        "SELECT level, name, grades FROM round_level WHERE round_id = ? ORDER BY level",
        (round_id,),
    ).fetchall():
        lines.append(["level", level, name, grades.split("\n")])
        items = file.execute(
            "SELECT number, statement FROM round_item WHERE round_id = ? AND level = ? "
            "ORDER BY number",
            (round_id, level),
        )
        lines += [["item", level, number, statement] for number, statement in items]
    groups = file.execute(
        "SELECT name, weight FROM voter_group WHERE round_id = ? ORDER BY position", (round_id,)
    )
    lines += [["group", name, weight] for name, weight in groups]
    lines += [["poll", *voted], ["seal", version, json.loads(tellers)]]
    if form > 1:
        (reasons,) = file.execute(
            "SELECT void_reasons FROM round WHERE id = ?", (round_id,)
        ).fetchone()
        lines += [["void", n, each] for n, each in enumerate(filter(None, reasons.split("\n")), 1)]
    numbers: dict[int, int] = {}
    persons: dict[object, int] = {}
    for sheet, level, name, post, cadre in file.execute(
        "SELECT sheet_id, level, name, post, cadre_id FROM subject WHERE poll_id = ? "
        "ORDER BY level, sheet_id, position",
        (poll,),
    ):
        row = ["subject", numbers.setdefault(sheet, len(numbers) + 1), level, name, post]
        if form > 1:
            who = cadre or (name, post)
            row.append(persons.setdefault(who, len(persons) + 1) if level in _PERSONAL else 0)
        lines.append(row)
    for batch, sheet, group, number, issued, returned in file.execute(_STACKS, (poll,)).fetchall():
        lines.append(["stack", numbers.get(sheet, 0), group, number, issued, returned])
        lines += _stack(file, batch)
    return "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )


def _stack(file: sqlite3.Connection, batch: int) -> Iterator[object]:
    own = (batch,)
    for number, who in file.execute(
        "SELECT number, who FROM keyer WHERE batch_id = ? ORDER BY number, who", own
    ):
        yield ["keyed", number, who]
    verified = file.execute(
        "SELECT agreed, compared, first_wrong, second_wrong, changed, missing, extra "
        "FROM verification WHERE batch_id = ?",
        own,
    ).fetchone()
    yield ["verified", *(verified or (0,) * 7)]
    for reason, marks, n in file.execute(
        "SELECT void_reason, marks, n FROM sealed_ballot WHERE batch_id = ? "
        "ORDER BY void_reason, marks",
        own,
    ):
        yield ["ballots", reason, marks, n]
