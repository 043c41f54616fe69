"""The form of a round: its fields, and what is typed in them as a plan."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from models.names import plain_text
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    Quorum,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.rounds.plan import CONDUCTED, KINDS, Gathering, RoundPlan
from models.settings.office import Settings
from tui.screens.rounds.round_words import (
    DECIMALS,
    DENOMINATORS,
    MEMBER_SHEETS,
    QUORUMS,
    SHEETS,
    groups_text,
    trust_text,
)
from tui.widgets.forms import Field, Kind

Values = Mapping[str, str]

_TRUSTED = (Level.CHIEF, Level.MEMBER)
_FEWEST_ITEMS = 8
_MOST_GROUP = 100
_MOST_WEIGHT = 10_000
_FULL, _SAMPLE, _NONE = "full", "sample", "none"
_SIGNS = {
    Comparator.AT_LEAST: (">=", "=>", "≥", "≧", "达到", "不少于", "不低于", "至少"),
    Comparator.MORE_THAN: (">", "超过", "多于", "大于"),
}
_TRUST = re.compile(
    rf"(?P<grades>.+?)\s*(?P<sign>{'|'.join(chain(*_SIGNS.values()))})\s*"
    r"(?P<numerator>[1-9]\d{0,3})\s*/\s*(?P<denominator>[1-9]\d{0,3})\s*(\((?P<base>.+)\))?"
)
_TRUST_HINT = "如 优秀+称职>=2/3（达到）或 优秀+称职>1/2（超过）；留空为未设定"


def _words(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((value, value) for value in values)


def _named(
    labels: Mapping[SheetLines, str]
    | Mapping[MemberSheet, str]
    | Mapping[Denominator, str]
    | Mapping[Quorum, str],
) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), label) for value, label in labels.items())


def fields(plan: RoundPlan, settings: Settings) -> list[Field]:
    """The fields of a round, filled from `plan`."""
    rules = plan.rules
    sampled = rules.verification.sampled
    policy = _SAMPLE if sampled else str(rules.verification)
    every = str(rules.verification.every) if sampled else "5"
    items = max(len(plan.integrity_items), _FEWEST_ITEMS)
    return [
        Field("title", "名称", value=plan.title, required=True, hint="轮次的全称，写进文书"),
        Field("year", "年度", Kind.INTEGER, str(plan.year), required=True),
        Field("kind", "性质", Kind.CHOICE, plan.kind, choices=_words(KINDS)),
        Field("conducted", "组织", Kind.CHOICE, plan.conducted, choices=_words(CONDUCTED)),
        Field("gathering", "方式", Kind.CHOICE, plan.gathering, choices=_words(tuple(Gathering))),
        Field(
            "combined_with",
            "结合",
            value=plan.combined_with,
            hint="与哪项考评结合，如 年度考评；单独进行就留空",
        ),
        Field("starts", "开始", Kind.DATE, plan.starts, "日期，如 20261102；未定可留空"),
        Field("ends", "结束", Kind.DATE, plan.ends, "日期，如 20261113；未定可留空"),
        Field(
            "sheet",
            "票面",
            Kind.CHOICE,
            rules.sheet,
            "票上每个对象有哪些项",
            choices=_named(SHEETS),
        ),
        Field(
            "member_sheet",
            "班子成员票",
            Kind.CHOICE,
            rules.member_sheet,
            "一张票印全体成员，还是一人一张",
            choices=_named(MEMBER_SHEETS),
        ),
        Field(
            "denominator",
            "得票率分母",
            Kind.CHOICE,
            rules.denominator,
            "得票率 = 该等次票数 / 这个数；写进每张表的注",
            choices=_named(DENOMINATORS),
        ),
        Field(
            "decimals",
            "小数位",
            Kind.CHOICE,
            str(rules.decimals),
            choices=tuple((str(n), label) for n, label in DECIMALS.items()),
        ),
        Field(
            "minimum_group",
            "最少人数",
            Kind.INTEGER,
            str(rules.minimum_group),
            "某类有效票少于此数时不按类别公布，以免认出个人",
            required=True,
        ),
        Field(
            "verification",
            "复核",
            Kind.CHOICE,
            policy,
            "按纸票再录一遍，逐票核对",
            choices=((_FULL, "全部"), (_SAMPLE, "抽查"), (_NONE, "不复核")),
        ),
        Field(
            "quorum",
            "到会要求",
            Kind.CHOICE,
            rules.quorum,
            "实到人数不足应到的这一部分时，不能封存",
            choices=_named(QUORUMS),
        ),
        Field("every", "抽查间隔", Kind.INTEGER, every, "选抽查时：每几张复核 1 张，2 至 99"),
        *(
            Field(
                f"trust{level}",
                f"信任票 {settings.levels[level].name}",
                value=trust_text(rules.trust.get(level)),
                hint=_TRUST_HINT,
            )
            for level in _TRUSTED
        ),
        Field(
            "groups",
            "测评人员类别",
            value=groups_text(plan),
            required=True,
            hint="用、隔开；要加权就每类写 名称=权重，如 班子成员=30、中层干部=70",
        ),
        *(
            Field(
                f"item{number}",
                f"廉洁自律内容{number}",
                value=plan.integrity_items[number - 1]
                if number <= len(plan.integrity_items)
                else "",
                hint="当年廉洁自律的测评内容，一行一项；都不填则只测总体",
            )
            for number in range(1, items + 1)
        ),
    ]


def plan(values: Values, base: RoundPlan, settings: Settings) -> RoundPlan:
    """The plan that was typed; what the form does not show is kept from `base`. Raises
    `RefusedError` with every fault."""
    faults: list[str] = []
    trust = dict(base.rules.trust)
    for level in _TRUSTED:
        trust.pop(level, None)
        try:
            rule = read_trust(values[f"trust{level}"], settings.levels[level].scale.grades)
        except RefusedError as error:
            faults.append(f"信任票 {settings.levels[level].name}：{error}")
            continue
        if rule is not None:
            trust[level] = rule
    groups: tuple[tuple[str, int], ...] = ()
    try:
        groups = read_groups(values["groups"])
    except RefusedError as error:
        faults.append(f"测评人员类别：{error}")
    policy = values["verification"]
    if policy == _SAMPLE:
        policy = f"1/{int(values['every'] or 0)}"
    verification = base.rules.verification
    try:
        verification = VerificationRule.parse(policy)
    except ValueError:
        faults.append("抽查间隔：抽查时应为 2 至 99，如 5 是每 5 张复核 1 张")
    minimum = int(values["minimum_group"])
    if not 1 <= minimum <= _MOST_GROUP:
        faults.append(f"最少人数：应在 1 至 {_MOST_GROUP} 之间")
    if faults:
        raise RefusedError("\n".join(faults))
    numbers = range(1, 1 + sum(key.startswith("item") for key in values))
    items = [plain_text(values[f"item{number}"]) for number in numbers]
    return RoundPlan(
        title=plain_text(values["title"]),
        year=int(values["year"]),
        kind=values["kind"],
        conducted=values["conducted"],
        gathering=Gathering(values["gathering"]),
        combined_with=plain_text(values["combined_with"]),
        starts=values["starts"],
        ends=values["ends"],
        rules=replace(
            base.rules,
            sheet=SheetLines(values["sheet"]),
            member_sheet=MemberSheet(values["member_sheet"]),
            denominator=Denominator(values["denominator"]),
            decimals=int(values["decimals"]),
            minimum_group=minimum,
            verification=verification,
            quorum=Quorum(values["quorum"]),
            weighted=any(weight for _, weight in groups),
            trust=trust,
        ),
        groups=groups,
        integrity_items=tuple(item for item in items if item),
    )


def read_trust(text: str, known: tuple[str, ...]) -> TrustRule | None:
    """The trust rule in a line such as `优秀+称职>=2/3`; None for an empty one. `known` are the
    level's grades. Raises `RefusedError` with the reason alone."""
    line = unicodedata.normalize("NFKC", text).strip()
    if not line:
        return None
    match = _TRUST.fullmatch(line)
    if match is None:
        raise RefusedError("应写作 优秀+称职>=2/3（达到）或 优秀+称职>1/2（超过），不设就留空")
    grades = tuple(part.strip() for part in re.split(r"[+、,和]", match["grades"]))
    for grade in grades:
        if grade not in known:
            raise RefusedError(f"没有等次“{grade}”，应取自 {'、'.join(known)}，用 + 连接")
    if len(set(grades)) < len(grades):
        raise RefusedError("等次有重复")
    numerator, denominator = int(match["numerator"]), int(match["denominator"])
    if numerator > denominator:
        raise RefusedError(f"{numerator}/{denominator} 大于 1，请核对")
    bases = {label: value for value, label in DENOMINATORS.items()}
    if match["base"] and match["base"] not in bases:
        raise RefusedError(f"没有分母“{match['base']}”，应取自 {'、'.join(bases)}")
    sign = (
        Comparator.AT_LEAST
        if match["sign"] in _SIGNS[Comparator.AT_LEAST]
        else Comparator.MORE_THAN
    )
    ordered = tuple(grade for grade in known if grade in grades)
    return TrustRule(ordered, sign, numerator, denominator, bases.get(match["base"] or ""))


def read_groups(text: str) -> tuple[tuple[str, int], ...]:
    """The voter groups in a line such as `班子成员、中层干部` or `班子成员=30、中层干部=70`.
    Raises `RefusedError` with the reason alone."""
    found = []
    for part in re.split(r"[、,，;；]", text):
        name, equals, weight = re.sub("＝", "=", part).partition("=")
        name, digits = plain_text(name), unicodedata.normalize("NFKC", weight).strip()
        if not name and not equals:
            continue
        if not name:
            raise RefusedError(f"“{part.strip()}”没有名称")
        if equals and not (digits.isdecimal() and 1 <= int(digits) <= _MOST_WEIGHT):
            raise RefusedError(f"{name} 的权重应为 1 至 {_MOST_WEIGHT} 的整数，不加权就不写 =")
        found.append((name, int(digits) if equals else 0))
    return tuple(found)
