"""The form of a round: its fields, and what is typed in them as a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from models.names import plain_text
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import (
    Denominator,
    MemberSheet,
    Quorum,
    RoundRules,
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
    UNSET_TRUST,
    groups_text,
    minimum_words,
    period_text,
    rules_text,
    trust_text,
)
from tui.screens.rounds.typed_rules import read_groups, read_trust
from tui.widgets.forms import FaultyFieldsError, Field, FieldKind, FormScreen

Values = Mapping[str, str]

_TRUSTED = (Level.CHIEF, Level.MEMBER)
_FEWEST_ITEMS = 8
_MOST_GROUP = 100
_SAMPLE = "sample"
_POLICIES = {"full": "全部", _SAMPLE: "抽查", "none": "不复核"}
_TRUST_HINT = "如 优秀+称职>=2/3（达到）或 优秀+称职>1/2（超过）；留空为未设定"


def form(
    title: str, base: RoundPlan, settings: Settings, take: Callable[[RoundPlan], None]
) -> FormScreen:
    """The form of a round that begins as `base`, with a look over all of it before `take` is
    called with the plan that was typed. It stays where `take` raises `RefusedError`."""
    return FormScreen(
        title,
        fields(base, settings),
        lambda values: take(plan(values, base, settings)),
        advice,
        review=lambda values: review(values, base, settings),
    )


def fields(plan: RoundPlan, settings: Settings) -> list[Field]:
    """The fields of a round, filled from `plan`. `settings` name the levels."""
    return [
        *_occasion(plan),
        *_sheets_and_shares(plan.rules),
        *_checks(plan.rules),
        *_trust_rules(plan.rules, settings),
        Field(
            "groups",
            "测评人员类别",
            value=groups_text(plan),
            required=True,
            hint="用、隔开；要加权就每类写 名称=权重，如 班子成员=30、中层干部=70",
        ),
        *_integrity_items(plan),
    ]


def advice(key: str, values: Values) -> str:
    """What asks for a look in the `values` typed so far, on the field `key` that it concerns."""
    minimum = values["minimum_group"]
    if key not in ("minimum_group", "groups") or not minimum.isdecimal():
        return ""
    weighted = "=" in values["groups"].replace("＝", "=")
    return "".join(minimum_words(int(minimum), weighted=weighted))


def review(values: Values, base: RoundPlan, settings: Settings) -> str:
    """What was typed, in the words of the round, to be looked over before it is saved. Raises
    `FaultyFieldsError`."""
    made = plan(values, base, settings)
    trust = [
        f"{settings.levels[level].name} {trust_text(rule)}"
        for level, rule in made.rules.trust.items()
    ]
    items = [f"  {number} {item}" for number, item in enumerate(made.integrity_items, 1)]
    lines = [
        "五  核对",
        "",
        f"{made.title}（{made.year}年度）",
        f"{period_text(made) or '起止未定'}    {made.combined_with or '单独进行'}",
        rules_text(made),
        f"班子成员票{MEMBER_SHEETS[made.rules.member_sheet]}；"
        f"{DECIMALS[made.rules.decimals]}小数；到会{QUORUMS[made.rules.quorum]}；"
        f"按类别公布最少{made.rules.minimum_group}票",
        f"信任票：{'；'.join(trust) or UNSET_TRUST}",
        f"测评人员类别：{groups_text(made)}",
        f"廉洁自律内容：{'' if items else '只有总体'}",
        *items,
        "",
        "启动以前都可以再改。",
    ]
    return "\n".join(lines)


def _occasion(plan: RoundPlan) -> list[Field]:
    """What is evaluated, how and when."""
    return [
        Field(
            "title",
            "名称",
            value=plan.title,
            required=True,
            hint="轮次的全称，写进文书",
            section="一  基本",
        ),
        Field("year", "年度", FieldKind.INTEGER, str(plan.year), "测评哪一年的工作", required=True),
        Field(
            "kind", "性质", FieldKind.CHOICE, plan.kind, "一年一次的是定期", choices=_words(KINDS)
        ),
        Field(
            "conducted",
            "组织",
            FieldKind.CHOICE,
            plan.conducted,
            "本单位自己测，还是上级来测",
            choices=_words(CONDUCTED),
        ),
        Field(
            "gathering",
            "方式",
            FieldKind.CHOICE,
            plan.gathering,
            "开会当场投票，还是分头发票收票",
            choices=_words(tuple(Gathering)),
        ),
        Field(
            "combined_with",
            "结合",
            value=plan.combined_with,
            hint="与哪项考评结合，如 年度考评；单独进行就留空",
        ),
        Field("starts", "开始", FieldKind.DATE, plan.starts, "日期，如 20261102；未定可留空"),
        Field("ends", "结束", FieldKind.DATE, plan.ends, "日期，如 20261113；未定可留空"),
    ]


def _sheets_and_shares(rules: RoundRules) -> list[Field]:
    """What is printed on a sheet, and how its marks become shares."""
    return [
        replace(
            _choice("sheet", "票面", rules.sheet, SHEETS, "票上每个对象有哪些项"),
            section="二  票面",
        ),
        _choice(
            "member_sheet",
            "班子成员票",
            rules.member_sheet,
            MEMBER_SHEETS,
            "一张票印全体成员，还是一人一张",
        ),
        replace(
            _choice(
                "denominator",
                "得票率分母",
                rules.denominator,
                DENOMINATORS,
                "得票率 = 该等次票数 / 这个数；写进每张表的注",
            ),
            section="三  规则",
        ),
        _choice("decimals", "小数位", rules.decimals, DECIMALS, "得票率写几位小数"),
        Field(
            "minimum_group",
            "最少票数",
            FieldKind.INTEGER,
            str(rules.minimum_group),
            "有效票少于此数的类别合并公布；合并后仍不够的，再并入票数最少的类别",
            required=True,
        ),
    ]


def _checks(rules: RoundRules) -> list[Field]:
    """What is asked for before a poll may be sealed."""
    sampled = rules.verification.sampled
    policy = _SAMPLE if sampled else str(rules.verification)
    every = str(rules.verification.every) if sampled else "5"
    return [
        _choice("verification", "复核", policy, _POLICIES, "按纸票再录一遍，逐票核对"),
        Field(
            "every",
            "抽查间隔",
            FieldKind.INTEGER,
            every,
            "每几张复核 1 张，2 至 99",
            only_if=("verification", (_SAMPLE,)),
        ),
        _choice(
            "quorum",
            "到会要求",
            rules.quorum,
            QUORUMS,
            "实到人数不足应到的这一部分时，不能封存",
        ),
    ]


def _trust_rules(rules: RoundRules, settings: Settings) -> list[Field]:
    return [
        Field(
            f"trust{level}",
            f"信任票 {settings.levels[level].name}",
            value=trust_text(rules.trust.get(level)),
            hint=_TRUST_HINT,
        )
        for level in _TRUSTED
    ]


def _integrity_items(plan: RoundPlan) -> list[Field]:
    """A field for each item of the year, and some blank ones."""
    known = plan.integrity_items
    blank = [""] * (_FEWEST_ITEMS - len(known))
    return [
        Field(
            f"item{number}",
            f"廉洁自律内容{number}",
            value=item,
            hint="当年廉洁自律的测评内容，一行一项；都不填则只测总体",
            section="四  廉洁内容" if number == 1 else "",
        )
        for number, item in enumerate([*known, *blank], 1)
    ]


def _choice(
    key: str, label: str, value: object, labels: Mapping[Any, str], hint: str = ""
) -> Field:
    choices = tuple((str(each), name) for each, name in labels.items())
    return Field(key, label, FieldKind.CHOICE, str(value), hint, choices=choices)


def _words(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((value, value) for value in values)


def plan(values: Values, base: RoundPlan, settings: Settings) -> RoundPlan:
    """The plan that was typed; what the form does not show is as in `base`. `settings` give the
    grades of each level. Raises `FaultyFieldsError` with every fault."""
    trust, faults = _read_trust_rules(values, base.rules, settings)
    groups: tuple[tuple[str, int], ...] = ()
    try:
        groups = read_groups(values["groups"])
    except RefusedError as error:
        faults["groups"] = f"测评人员类别：{error}"
    policy = values["verification"]
    if policy == _SAMPLE:
        policy = f"1/{int(values['every'] or 0)}"
    verification = base.rules.verification
    try:
        verification = VerificationRule.parse(policy)
    except ValueError:
        faults["every"] = "抽查间隔：抽查时应为 2 至 99，如 5 是每 5 张复核 1 张"
    minimum = int(values["minimum_group"])
    if not 1 <= minimum <= _MOST_GROUP:
        faults["minimum_group"] = f"最少票数：应在 1 至 {_MOST_GROUP} 之间"
    if faults:
        raise FaultyFieldsError(faults)
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


def _read_trust_rules(
    values: Values, rules: RoundRules, settings: Settings
) -> tuple[dict[Level, TrustRule], dict[str, str]]:
    """The trust rules that were typed, beside those of levels that the form does not show; and
    what is wrong with them, by field."""
    trust = {level: rule for level, rule in rules.trust.items() if level not in _TRUSTED}
    faults = {}
    for level in _TRUSTED:
        content = settings.levels[level]
        try:
            rule = read_trust(values[f"trust{level}"], content.scale.grades)
        except RefusedError as error:
            faults[f"trust{level}"] = f"信任票 {content.name}：{error}"
            continue
        if rule is not None:
            trust[level] = rule
    return trust, faults
