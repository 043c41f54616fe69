"""A new round as it is proposed: this year's, with the settings' rules or the last round's."""

from __future__ import annotations

from dataclasses import replace

from models.round_plan import RoundInfo, RoundPlan
from models.settings import Settings

_TITLE = "{year}年度党风廉政建设责任制民主测评"


def propose(settings: Settings, known: list[RoundInfo], year: int) -> RoundPlan:
    """The plan to start from for a round in `year`, given the rounds `known`, newest first.

    Kind, rules and voter groups are those of the last round, else of the settings. The period is
    always new, and so are the integrity items: clause 二、（五） sets them year by year, so they
    are kept only within one year.
    """
    last = known[0].plan if known else None
    if last is None:
        groups = tuple((name, 0) for name in settings.groups)
        return RoundPlan(
            title=_TITLE.format(year=year), year=year, rules=settings.rules, groups=groups
        )
    title = _TITLE.format(year=year)
    if str(last.year) in last.title:
        title = last.title.replace(str(last.year), str(year))
    items = last.integrity_items if last.year == year else ()
    plan = replace(last, year=year, starts="", ends="", integrity_items=items)
    return replace(plan, title=_untaken(title, {info.title for info in known}))


def _untaken(title: str, taken: set[str]) -> str:
    number, found = 1, title
    while found in taken:
        number += 1
        found = f"{title}（第{number}次）"
    return found
