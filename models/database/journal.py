"""The journal (操作日志): one entry per act that changes a result; append-only and hash-chained.

An entry holds who, when, the act, its object, and details such as counts, a location or a reason.
It never holds the content of a ballot or the time a ballot was keyed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from peewee import fn

from models.database import clerk
from models.database.tables import Journal, database

GENESIS = "0" * 64
_AT_ONCE = 100  # entries a statement
_MARKS = re.compile("(?:〔(?:等次|意见|送达|名册)[^ 〕]+ (?:[0-9a-f]{16}|无)〕)+$")


class JournalAct(StrEnum):
    """The recorded acts. The values are stored in the file and are part of the hash chain."""

    IMPORT_ROSTER = "导入花名册"
    ADD_UNIT = "新增单位"
    CHANGE_UNIT = "修改单位"
    CLOSE_UNIT = "撤销单位"
    ADD_CADRE = "新增干部"
    CHANGE_CADRE = "修改干部"
    MOVE_CADRE = "干部调动"
    RETIRE_CADRE = "干部退休"
    MAKE_ROUND = "新建轮次"
    CHANGE_ROUND = "修改轮次"
    DELETE_ROUND = "删除筹备轮次"
    OPEN_ROUND = "启动轮次"
    WRITE_SEALED_TEXT = "写出封存文本"
    FREEZE_REASONS = "固定无效原因"
    CLOSE_ROUND = "办结轮次"
    ADD_POLLS = "加入单位"
    REMOVE_POLL = "移出单位"
    CHANGE_POLL = "登记测评"
    CHANGE_SUBJECTS = "修改被测评对象"
    COUNT_ISSUED = "登记发出票数"
    COUNT_RETURNED = "登记收回票数"
    ADD_STACK = "增加票批"
    REMOVE_STACK = "删除票批"
    KEY_STACK = "录票"
    CORRECT_BALLOT = "更正测评票"
    REMOVE_BALLOT = "撤销测评票"
    DRAW_SAMPLE = "抽样"
    SETTLE_DIFFERENCE = "复核更正"
    VERIFY_STACK = "复核一致"
    SEAL = "封存"
    REOPEN = "重新开封"
    CORRECT_SEALED = "封存后更正"
    CONFIRM_PAPER = "核对纸质报告单"
    DETERMINE = "登记研究确定的等次"
    TAKE_BACK_GRADE = "撤销研究确定的等次"
    SUM_UP_OPINIONS = "意见归纳"
    HAND_FEEDBACK = "登记反馈本人"
    HAND_CHIEF = "登记反馈第一责任人"
    HAND_ARCHIVE = "登记归入廉政档案"
    TAKE_BACK_FEEDBACK = "撤销反馈本人"
    TAKE_BACK_CHIEF = "撤销反馈第一责任人"
    TAKE_BACK_ARCHIVE = "撤销归入廉政档案"
    MOVE_LAPSED = "移出失效文书"
    COPY_ELSEWHERE = "备份"
    RESTORE = "恢复备份"
    REGISTER_OUTCOMES = "登记早于本版的结果"


@dataclass(frozen=True)
class Entry:
    """A journal entry."""

    number: int
    """Number of the entry, ascending."""
    at: str
    """When it was recorded, as ISO text to the second."""
    who: str
    """Name of the operator."""
    act: str
    """Value of a `JournalAct`."""
    subject: str
    """What was acted on, by name."""
    detail: str
    """Counts, a location, a reason, and the like; may be empty."""
    digest: str
    """SHA-256 in hex over this entry and, through the chain, all earlier ones."""


def chain(previous: str, at: str, who: str, act: str, subject: str, detail: str) -> str:
    """Return the digest of an entry that follows an entry with the digest `previous`."""
    # Imported here because it takes 2 ms and a program that only reads never needs it.
    import hashlib

    fields = "\x1f".join((previous, at, who, act, subject, detail))
    return hashlib.sha256(fields.encode()).hexdigest()


def plain(detail: str) -> str:
    """A detail as people read it, without the marks of `models.database.proof` at its end."""
    return _MARKS.sub("", detail)


def record(act: JournalAct, subject: str, detail: str = "") -> Entry:
    """Append an entry. Call it inside the transaction of the act itself."""
    (entry,) = record_all([(act, subject, detail)])
    return entry


def record_all(acts: Sequence[tuple[JournalAct, str, str]]) -> list[Entry]:
    """Append entries of (act, subject, detail) with few statements. Call it inside the transaction
    of the acts themselves."""
    # With its offset: a server may keep another time than the office.
    at = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    who, previous = clerk.current(), head()
    made: list[tuple[str, ...]] = []
    for act, subject, detail in acts:
        digest = chain(previous, at, who, act.value, subject, detail)
        made.append((at, who, act.value, subject, detail, previous, digest))
        previous = digest
    number = 0
    for start in range(0, len(made), _AT_ONCE):
        part = made[start : start + _AT_ONCE]
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(part))
        number = database.execute_sql(
            "INSERT INTO journal (at, who, act, subject, detail, previous, digest) "  # noqa: S608 - marks
            f"VALUES {places}",
            [field for row in part for field in row],
        ).lastrowid
    first = number - len(made) + 1
    return [
        Entry(first + n, row[0], row[1], row[2], row[3], plain(row[4]), row[6])
        for n, row in enumerate(made)
    ]


def entries(limit: int = 1000) -> list[Entry]:
    """Return the last `limit` entries, newest first."""
    return search(limit=limit)


def search(
    *, who: str = "", act: str = "", subject: str = "", before: int | None = None, limit: int = 1000
) -> list[Entry]:
    """Return the last `limit` entries whose fields contain the given texts, newest first.

    Texts match literally; an empty text matches everything. With `before`, returns only entries
    with a lower number.
    """
    rows = Journal.select()
    for field, text in ((Journal.who, who), (Journal.act, act), (Journal.subject, subject)):
        if text:
            # Not LIKE, because a name may contain its wildcards.
            rows = rows.where(fn.INSTR(field, text) > 0)
    if before is not None:
        rows = rows.where(Journal.id < before)
    rows = rows.order_by(Journal.id.desc()).limit(limit)
    return [
        Entry(row.id, row.at, row.who, row.act, row.subject, plain(row.detail), row.digest)
        for row in rows
    ]


def head() -> str:
    """The digest of the last entry, which vouches for all before it."""
    row = database.execute_sql("SELECT digest FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row else GENESIS


def last(act: JournalAct, subject: str, detail: str) -> Entry | None:
    """Return the latest entry of an act on a subject whose detail starts with `detail`, or None."""
    found = Journal.select().where(
        (Journal.act == act.value)
        & (Journal.subject == subject)
        & (fn.substr(Journal.detail, 1, len(detail)) == detail)
    )
    row = found.order_by(Journal.id.desc()).first()
    if row is None:
        return None
    return Entry(row.id, row.at, row.who, row.act, row.subject, plain(row.detail), row.digest)
