"""A round's rules in the words of the office, and what starting it freezes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.regulation.levels import Level, LevelContent
from models.regulation.rules import (
    LEAST_MINIMUM,
    USUAL_TEAM,
    Comparator,
    Denominator,
    MemberSheet,
    Quorum,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.rounds.plan import RoundInfo, RoundPlan
from tui.widgets.second_pane import Detail
from tui.words.columns import wrap

SHEETS: Mapping[SheetLines, str] = {
    SheetLines.BOTH: "各项和总体",
    SheetLines.ITEMS: "只有各项",
    SheetLines.OVERALL: "只有总体",
}
MEMBER_SHEETS: Mapping[MemberSheet, str] = {
    MemberSheet.TEAM: "一票多人",
    MemberSheet.PERSON: "一人一票",
}
DENOMINATORS: Mapping[Denominator, str] = {
    Denominator.MARKS: "等次票",
    Denominator.VALID: "有效票",
    Denominator.RETURNED: "收回票",
    Denominator.PRESENT: "到会人数",
}
QUORUMS: Mapping[Quorum, str] = {
    Quorum.OFF: "不要求",
    Quorum.HALF: "应到的一半",
    Quorum.TWO_THIRDS: "应到的三分之二",
}
DECIMALS: Mapping[int, str] = {1: "一位", 2: "两位"}
UNSET_TRUST = "未设定信任票标准"
# Inside the box of a question on 80 columns.
_WIDTH = 62


def trust_text(rule: TrustRule | None) -> str:
    """A trust rule as it is typed: `优秀+称职>=2/3`, with its denominator in brackets if it has
    one of its own; empty for none. In ASCII, since `≥` is two columns wide on some terminals."""
    if rule is None:
        return ""
    sign = ">=" if rule.comparator is Comparator.AT_LEAST else ">"
    base = f"（{DENOMINATORS[rule.base]}）" if rule.base else ""
    return f"{'+'.join(rule.grades)}{sign}{rule.numerator}/{rule.denominator}{base}"


def groups_text(plan: RoundPlan) -> str:
    """The voter groups as they are typed, with weights where the round has them."""
    return "、".join(
        f"{name}={weight}" if plan.rules.weighted else name for name, weight in plan.groups
    )


def verification_text(rule: VerificationRule) -> str:
    """How many ballots are keyed a second time."""
    if rule.sampled:
        return f"每{rule.every}张复核1张"
    return "全部复核" if rule.every else "不复核"


def period_text(plan: RoundPlan) -> str:
    """From when to when; empty while neither is set."""
    if not plan.starts and not plan.ends:
        return ""
    return f"{plan.starts or '未定'} 至 {plan.ends or '未定'}"


def rules_text(plan: RoundPlan) -> str:
    """The rules of a round on one line."""
    rules = plan.rules
    weighted = "，按类别加权" if rules.weighted else ""
    return (
        f"{plan.kind} {plan.conducted} {plan.gathering}  票面{SHEETS[rules.sheet]}  "
        f"除以{DENOMINATORS[rules.denominator]}{weighted}  {verification_text(rules.verification)}"
    )


def minimum_words(minimum: int, *, weighted: bool) -> list[str]:
    """What asks for a look in the least size of a voter group: too small, or too large for the
    weighted shares of a usual leadership team."""
    found = []
    if minimum < LEAST_MINIMUM:
        found.append(
            f"最少票数少于{LEAST_MINIMUM}：知道自己怎样投的人，容易推出同类别别人的票，请看一看。"
        )
    least, most = USUAL_TEAM
    if weighted and minimum > least:
        found.append(
            f"加权：每一类的有效票都不少于最少票数（现为{minimum}），才公布加权得票率；班子成员一般"
            f"{least}至{most}人，最少票数定为{least}才都列得出，否则公布不加权的得票数和得票率。"
        )
    return found


def round_detail(info: RoundInfo, contents: Mapping[Level, LevelContent], units: int) -> Detail:
    """A round's forms and rules, for the second pane."""
    lines = [f"{info.state.label}  {units} 个单位", "", *_rule_lines(info, contents), ""]
    lines += [f"{content.name}：{_form_text(content)}" for content in contents.values()]
    return Detail(info.title, lines)


def _form_text(content: LevelContent) -> str:
    """A form's items and grades."""
    items = f"{len(content.items)}项" if content.items else "只有总体"
    unstated = "（制度未明示）" if content.scale.unstated else ""
    return f"{items}，{'/'.join(content.scale.grades)}{unstated}"


def _rule_lines(info: RoundInfo, contents: Mapping[Level, LevelContent]) -> list[str]:
    """The rules of a round, some to a line."""
    plan, rules = info.plan, info.plan.rules
    trust = [
        f"{contents[level].name} {trust_text(rule)}"
        for level, rule in rules.trust.items()
        if level in contents
    ]
    return [
        f"{plan.kind}、{plan.conducted}、{plan.gathering}；{period_text(plan) or '起止未定'}",
        f"票面{SHEETS[rules.sheet]}；班子成员票{MEMBER_SHEETS[rules.member_sheet]}；"
        f"得票率除以{DENOMINATORS[rules.denominator]}，{DECIMALS[rules.decimals]}小数",
        f"{verification_text(rules.verification)}；到会{QUORUMS[rules.quorum]}；按类别公布最少{rules.minimum_group}票",
        *minimum_words(rules.minimum_group, weighted=rules.weighted),
        f"信任票：{'；'.join(trust) or UNSET_TRUST}",
        f"测评人员类别：{groups_text(plan)}",
    ]


def freezing_text(
    info: RoundInfo,
    contents: Mapping[Level, LevelContent],
    units: int,
    subjects: Mapping[Level, int],
    asking: Sequence[str],
) -> str:
    """What starting a round freezes, for the question before it. `units` and `subjects` say how
    many there are, of the latter at each level; `asking` are the lines of what asks for a look."""
    found = [f"启动后以下内容固定，不能再改：{units} 个单位"]
    for level, content in contents.items():
        found.append(f"{content.name}：{_form_text(content)}，{subjects.get(level, 0)}个对象")
    if any(content.scale.unstated for content in contents.values()):
        found.append("注：制度未明示的等次由本机关在设置里规定，请确认。")
    found += _rule_lines(info, contents)
    if asking:
        found = ["请先看一看（不影响启动）：", *asking, "", *found]
    return "\n".join(piece for line in found for piece in wrap(line, _WIDTH) or [""])
