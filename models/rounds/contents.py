"""The levels of a round: from the settings while it is a draft, then from its own frozen copy."""

from __future__ import annotations

from models.database.tables import (
    RoundItem,
    RoundLevel,
    database,
)
from models.names import visible
from models.refusal import RefusedError
from models.regulation.levels import GradeScale, Item, Level, LevelContent
from models.rounds.plan import RoundInfo, RoundState
from models.settings.office import Settings


def find_level(info: RoundInfo, name: str) -> Level:
    """The level with this Chinese name in an open round.

    Raises `RefusedError` if there is no such level or the round is still a draft.
    """
    levels = frozen_contents(info.id)
    for level, content in levels.items():
        if content.name == visible(name):
            return level
    if not levels:
        raise RefusedError(f"轮次“{info.title}”还没有启动。")
    names = "、".join(content.name for content in levels.values())
    raise RefusedError(f"没有测评层级“{visible(name)}”。现有：{names}。")


def round_contents(info: RoundInfo, settings: Settings) -> dict[Level, LevelContent]:
    """The levels of a round: from the settings while it is a draft, then from its own copy."""
    if info.state is RoundState.DRAFT:
        return draft_contents(info, settings)
    return frozen_contents(info.id)


def draft_contents(info: RoundInfo, settings: Settings) -> dict[Level, LevelContent]:
    """The levels that a draft round will have when it opens."""
    found = dict(settings.levels)
    year = tuple(
        Item(number, "", statement, "二、（五）")
        for number, statement in enumerate(info.plan.integrity_items, 1)
    )
    old = found[Level.INTEGRITY]
    found[Level.INTEGRITY] = LevelContent(
        old.level, old.name, old.sheet_title, old.scale, year or old.items, old.clause
    )
    return found


def frozen_contents(round_id: int) -> dict[Level, LevelContent]:
    """The levels copied into an open round.

    Every tally reads them, so this uses plain SQL instead of peewee queries and models.
    """
    items: dict[int, list[Item]] = {}
    for level, *item in database.execute_sql(
        "SELECT level, number, title, statement, clause FROM round_item "
        "WHERE round_id = ? ORDER BY number",
        (round_id,),
    ):
        items.setdefault(level, []).append(Item(*item))
    rows = database.execute_sql(
        "SELECT level, name, sheet_title, grades, short, unstated, clause FROM round_level "
        "WHERE round_id = ? ORDER BY level",
        (round_id,),
    )
    return {
        Level(level): LevelContent(
            Level(level),
            name,
            sheet_title,
            GradeScale(tuple(grades.split("\n")), tuple(short.split("\n")), bool(unstated)),
            tuple(items.get(level, ())),
            clause,
        )
        for level, name, sheet_title, grades, short, unstated, clause in rows
    }


def void_reasons(info: RoundInfo, settings: Settings) -> tuple[str, ...]:
    """Why a whole ballot may be void, in the order of their numbers: from the settings while the
    round is a draft, then from its own copy, so that a number on a ballot keeps its meaning."""
    return frozen_reasons(info.id) or settings.void_reasons


def frozen_reasons(round_id: int) -> tuple[str, ...]:
    """The void reasons copied into a round; empty for a draft, and for a round of before."""
    row = database.execute_sql(
        "SELECT void_reasons FROM round WHERE id = ?", (round_id,)
    ).fetchone()
    return tuple(row[0].split("\n")) if row and row[0] else ()


def freeze_reasons(round_id: int, settings: Settings) -> None:
    """Copy the void reasons into a round, inside the caller's transaction."""
    reasons = "\n".join(settings.void_reasons)
    database.execute_sql("UPDATE round SET void_reasons = ? WHERE id = ?", (reasons, round_id))


def freeze(round_id: int, content: LevelContent) -> None:
    """Copy a level into a round being opened, inside the caller's transaction."""
    RoundLevel.create(
        round=round_id,
        level=content.level,
        name=content.name,
        sheet_title=content.sheet_title,
        grades="\n".join(content.scale.grades),
        short="\n".join(content.scale.short),
        unstated=content.scale.unstated,
        clause=content.clause,
    )
    RoundItem.delete().where(
        (RoundItem.round == round_id) & (RoundItem.level == content.level)
    ).execute()
    for item in content.items:
        RoundItem.create(
            round=round_id,
            level=content.level,
            number=item.number,
            title=item.title,
            statement=item.statement,
            clause=item.clause,
        )
