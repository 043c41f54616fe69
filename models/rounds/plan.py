"""Rounds (轮次) as values: the plan of a round, and a round in the database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from models.regulation.rules import Denominator, RoundRules
from models.settings.office import Settings


class RoundState(IntEnum):
    """The state of a round."""

    DRAFT = 1
    OPEN = 2
    CLOSED = 3

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return ("", "筹备", "进行", "办结")[self]


KINDS = ("定期", "不定期")
CONDUCTED = ("本级自测", "上级抽测")


class Gathering(StrEnum):
    """How the voters are gathered (regulation clause 三)."""

    TOGETHER = "集中"
    SCATTERED = "分散"


@dataclass(frozen=True)
class Group:
    """A voter group (测评人员类别)."""

    id: int
    """Its id."""
    name: str
    """Its name."""
    weight: int = 0
    """Its weight in hundredths; 0 in an unweighted round."""


@dataclass(frozen=True)
class RoundPlan:
    """The settings of a round that the user chooses."""

    title: str
    """The title, unique among rounds."""
    year: int
    """The year evaluated."""
    kind: str = KINDS[0]
    """One of `KINDS`."""
    conducted: str = CONDUCTED[1]
    """Who conducts it, one of `CONDUCTED`."""
    gathering: Gathering = Gathering.TOGETHER
    """How the voters are gathered."""
    combined_with: str = ""
    """The evaluation it is combined with, such as 年度考评; empty if it is held on its own."""
    starts: str = ""
    """The first day in ISO format; empty if not set."""
    ends: str = ""
    """The last day in ISO format; empty if not set."""
    rules: RoundRules = field(default_factory=RoundRules)
    """The rules for counting."""
    groups: tuple[tuple[str, int], ...] = ()
    """The voter groups as pairs of name and weight in hundredths."""
    integrity_items: tuple[str, ...] = ()
    """The year's integrity items (clause 二、（五）)."""


@dataclass(frozen=True)
class RoundInfo:
    """A round in the database."""

    id: int
    """Its id."""
    plan: RoundPlan
    """Its plan."""
    state: RoundState
    """Its state."""
    groups: tuple[Group, ...]
    """Its voter groups in order."""

    @property
    def title(self) -> str:
        """The round's title."""
        return self.plan.title

    @property
    def rules(self) -> RoundRules:
        """The rules for counting it."""
        return self.plan.rules


def check(plan: RoundPlan) -> list[str]:
    """All faults of a plan, as Chinese messages for the user; empty if it is valid."""
    faults = []
    if not plan.title:
        faults.append("名称：不能为空")
    if not 1998 <= plan.year <= 2100:
        faults.append(f"年度：应为四位年份，现为 {plan.year}")
    for label, value, allowed in (
        ("性质", plan.kind, KINDS),
        ("组织", plan.conducted, CONDUCTED),
    ):
        if value not in allowed:
            faults.append(f"{label}：应为 {'、'.join(allowed)} 之一，现为 {value}")
    if plan.starts and plan.ends and plan.starts > plan.ends:
        faults.append("起止日期：结束早于开始")
    names = [name for name, _ in plan.groups]
    if not names:
        faults.append("测评人员类别：至少一类")
    if len(set(names)) < len(names):
        faults.append("测评人员类别：有重复")
    if plan.rules.weighted:
        if any(weight <= 0 for _, weight in plan.groups):
            faults.append("权重：加权时每一类都要有大于 0 的权重")
        if plan.rules.denominator is Denominator.PRESENT:
            faults.append("权重：到会人数不分类别，不能与加权同用")
    return faults


_TITLE = "{year}年度党风廉政建设责任制民主测评"


def propose(settings: Settings, known: list[RoundInfo], year: int) -> RoundPlan:
    """The default plan for a round in `year`, given the rounds `known`, newest first.

    It copies the latest round, or the settings if there is none. The period is never copied.
    Integrity items are copied only within the same year, because clause 二、（五） sets them anew
    each year.
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
