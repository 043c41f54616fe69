"""The sheets that a poll prints, for every round that is planned or open."""

from __future__ import annotations

from collections.abc import Mapping

from models.regulation import Level, LevelContent
from models.round_plan import RoundInfo
from models.sheet import SheetLayout, layout
from models.subjects import subjects_of_sheet
from models.tables import Sheet


def printed_sheets(
    poll_id: int, round_info: RoundInfo, contents: Mapping[Level, LevelContent]
) -> tuple[SheetLayout, ...]:
    """Every sheet of a poll as it is printed and keyed, by level and then in team order.
    `contents` are the round's levels (`models.rounds.contents`)."""
    rows = Sheet.select().where(Sheet.poll == poll_id).order_by(Sheet.level, Sheet.position)
    return tuple(
        layout(contents[Level(row.level)], round_info.rules.sheet, subjects_of_sheet(row.id))
        for row in rows
    )
