"""The sheets of a poll, created from its subjects and the round's setting.

Each chief has a sheet of their own. Members share one or have one each, depending on the round's
setting. All other subjects share one sheet per level.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.database.tables import Batch, Draft, Entered, Poll, Sheet, Subject, database
from models.regulation.levels import Level, LevelContent
from models.regulation.rules import MemberSheet
from models.rounds.contents import frozen_contents
from models.rounds.layout import SheetLayout, layout
from models.rounds.plan import RoundInfo
from models.rounds.stacks import Stack
from models.rounds.subjects import subjects_by_sheet, subjects_of_sheet

_GROUPS = """
FROM sheet s JOIN poll p ON p.id = s.poll_id JOIN voter_group g ON g.round_id = p.round_id
WHERE s.poll_id = ? ORDER BY s.level, s.position, g.id
"""
_ISSUES = f"INSERT OR IGNORE INTO issue (sheet_id, group_id, issued) SELECT s.id, g.id, 0 {_GROUPS}"
_FIRST_STACKS = (
    "INSERT OR IGNORE INTO batch (sheet_id, group_id, number, returned, registered) "
    f"SELECT s.id, g.id, 1, 0, 0 {_GROUPS}"
)


def arrange(poll_id: int, member_sheet: MemberSheet) -> None:
    """Create the sheets, issues and first stacks of every level with subjects.

    Existing ones are kept, and sheets no longer needed are removed. Call it inside a transaction,
    before any ballot is keyed.
    """
    wanted: dict[tuple[int, int], list[int]] = {}
    query = Subject.select().where(Subject.poll == poll_id)
    for subject in query.order_by(Subject.level, Subject.position):
        alone = subject.level == Level.CHIEF or (
            subject.level == Level.MEMBER and member_sheet is MemberSheet.PERSON
        )
        key = (subject.level, subject.position if alone else 0)
        wanted.setdefault(key, []).append(subject.id)
    for sheet in list(Sheet.select().where(Sheet.poll == poll_id)):
        if (sheet.level, sheet.position) not in wanted:
            remove_sheet(sheet.id)
    connection = database.connection()
    connection.executemany(
        "INSERT OR IGNORE INTO sheet (poll_id, level, position) VALUES (?, ?, ?)",
        [(poll_id, level, position) for level, position in wanted],
    )
    connection.executemany(
        "UPDATE subject SET sheet_id = "
        "(SELECT id FROM sheet WHERE poll_id = ? AND level = ? AND position = ?) WHERE id = ?",
        [
            (poll_id, level, position, subject)
            for (level, position), subjects in wanted.items()
            for subject in subjects
        ],
    )
    for statement in (_ISSUES, _FIRST_STACKS):
        database.execute_sql(statement, (poll_id,))


def arrange_round(round_id: int, member_sheet: MemberSheet) -> None:
    """Arrange every poll of a round after its setting or voter groups changed."""
    for poll in list(Poll.select().where(Poll.round == round_id)):
        arrange(poll.id, member_sheet)


def remove_sheet(sheet_id: int) -> None:
    """Remove a sheet without keyed ballots. Its subjects stay, without a sheet."""
    for batch in list(Batch.select().where(Batch.sheet == sheet_id)):
        Draft.delete().where(Draft.batch == batch.id).execute()
        Entered.delete().where(Entered.batch == batch.id).execute()
    Subject.update(sheet=None).where(Subject.sheet == sheet_id).execute()
    Sheet.delete().where(Sheet.id == sheet_id).execute()


def printed_sheets(
    poll_id: int, round_info: RoundInfo, contents: Mapping[Level, LevelContent]
) -> tuple[SheetLayout, ...]:
    """All sheets of a poll, ordered by level, then by team order.

    `contents` are the round's levels (`models.rounds.contents.round_contents`).
    """
    return tuple(sheet_layouts(poll_id, round_info, contents).values())


def sheet_layouts(
    poll_id: int, round_info: RoundInfo, contents: Mapping[Level, LevelContent]
) -> dict[int, SheetLayout]:
    """Like `printed_sheets`, but by sheet id. Runs two queries, however many sheets there are."""
    rows: Any = Sheet.select(Sheet.id, Sheet.level).where(Sheet.poll == poll_id)
    named = subjects_by_sheet(poll_id)
    return {
        sheet_id: layout(contents[Level(level)], round_info.rules.sheet, named.get(sheet_id, ()))
        for sheet_id, level in rows.order_by(Sheet.level, Sheet.position).tuples()
    }


def sheet_layout(content: LevelContent, round_info: RoundInfo, sheet_id: int) -> SheetLayout:
    """The layout of one sheet, from its level's content and the round's rules."""
    return layout(content, round_info.rules.sheet, subjects_of_sheet(sheet_id))


def stack_layout(round_info: RoundInfo, stack: Stack) -> SheetLayout:
    """The layout of a stack's sheet. The round must not be a draft."""
    content = frozen_contents(round_info.id)[stack.level]
    return sheet_layout(content, round_info, stack.sheet_id)
