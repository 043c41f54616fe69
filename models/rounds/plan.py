"""轮次 as values: what a person decides about a round, and a round as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from models.regulation.rules import Denominator, RoundRules
from models.settings.office import Settings


class RoundState(IntEnum):
    """A round's life."""

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
    """How the voters are brought together (regulation, clause 三)."""

    TOGETHER = "集中"
    SCATTERED = "分散"


@dataclass(frozen=True)
class Group:
    """测评人员类别; `weight` in hundredths, 0 where the round is unweighted."""

    id: int
    name: str
    weight: int = 0


@dataclass(frozen=True)
class RoundPlan:
    """What a person decides about a round. Dates are ISO text, empty if open; groups are names
    with weights in hundredths."""

    title: str
    year: int
    kind: str = KINDS[0]
    conducted: str = CONDUCTED[1]
    gathering: Gathering = Gathering.TOGETHER
    combined_with: str = ""
    starts: str = ""
    ends: str = ""
    rules: RoundRules = field(default_factory=RoundRules)
    groups: tuple[tuple[str, int], ...] = ()
    integrity_items: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoundInfo:
    """A round as it stands."""

    id: int
    plan: RoundPlan
    state: RoundState
    groups: tuple[Group, ...]

    @property
    def title(self) -> str:
        """The round's title."""
        return self.plan.title

    @property
    def rules(self) -> RoundRules:
        """The rules it is counted by."""
        return self.plan.rules


def check(plan: RoundPlan) -> list[str]:
    """Everything wrong with a plan, in words for the user; empty if it can be used."""
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
