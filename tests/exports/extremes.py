"""An office of extremes: teams, names, votes and rules that strain a page, sealed where a seal
is possible.

One weighted round of polls that are each extreme in one way, an earlier one of some of them, and
one small round for each form that a ballot can take. Every seal is a real one. All of it lies in
the past, for grades are fixed on no day to come.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from exports.writing import preparation
from exports.writing.job import Job
from models.database import clerk
from models.database.store import Store, writing
from models.database.tables import Cadre, Post, Unit
from models.entry import first_entry
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.results import determination, opinions
from models.roster.roles import Role
from models.rounds import life, paper, polls, stacks, subjects
from models.rounds.contents import frozen_contents
from models.rounds.layout import layout
from models.rounds.plan import RoundInfo, RoundPlan
from models.rounds.polls import PollInfo
from models.seal import sealing
from models.seal.sealing import Teller
from models.settings.office import Settings
from tests.exports.recounting import Pile
from tests.exports.small import with_scale

CHIEF = (Role.CHIEF, "党组书记、局长")
VICE = "党组成员、副局长"
LONG_POST = "党组成员、纪检组组长、机关党委书记兼非公有制经济组织党工委副书记"
# Eleven persons of two to seven characters.
ELEVEN = (
    ("司马长风", *CHIEF),
    ("古丽·买买提江", Role.MEMBER, "党组副书记、副局长（正县级）"),
    ("李一", Role.MEMBER, VICE),
    ("欧阳建国", Role.MEMBER, LONG_POST),
    ("马尕", Role.MEMBER, VICE),
    ("才让东珠", Role.MEMBER, VICE),
    ("张晓梅", Role.MEMBER, "党组成员、总经济师"),
    ("阿依·努尔", Role.MEMBER, "党组成员、总工程师兼信息中心主任"),
    ("李二", Role.MEMBER, VICE),
    ("王小", Role.MEMBER, "党组成员、消费者权益保护局局长"),
    ("赵钱孙李", Role.MEMBER, "副调研员"),
)
YEAR = 2024
THREE = (("王正", *CHIEF), ("李一", Role.MEMBER, VICE), ("赵二强", Role.MEMBER, VICE))
THIRTY = "陇南市武都区白龙江林业管理局工商行政管理局白龙江直属分局机关"
WEIGHTS = {"班子成员": 30, "中层干部": 30, "一般干部职工": 40}
EQUAL = dict.fromkeys(WEIGHTS, 0)
NINE = ("非常满意", "很满意", "满意", "比较满意", "一般", "不太满意", "不满意", "很不满意", "极差")
TELLERS = (Teller("监票人", "古丽·买买提江"), Teller("计票人", "李四"), Teller("主持人", "王五"))
TRUST = {
    level: TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 4, 5)
    for level in (Level.CHIEF, Level.MEMBER)
}

Voting = Callable[[random.Random, Sequence[str], int], tuple[str, int]]


def mixed(draw: random.Random, digits: Sequence[str], size: int) -> tuple[str, int]:
    """A ballot of all sorts, one in twenty void for one reason or another."""
    if draw.random() < 0.05:
        return "", draw.randint(1, 3)
    weights = [12, 8, 4, 3, 2, 2, 2, 2, 2][: len(digits)]
    return "".join(draw.choices([*digits, "0", "*"], [*weights, 1, 1], k=size)), 0


def unanimous(draw: random.Random, digits: Sequence[str], size: int) -> tuple[str, int]:
    """The first grade everywhere."""
    return digits[0] * size, 0


def void(draw: random.Random, digits: Sequence[str], size: int) -> tuple[str, int]:
    """A void ballot."""
    return "", 1


@dataclass(frozen=True)
class Extreme:
    """One poll: its unit, its team (name, role, post), how many sheets come back from each
    group, and how they are filled; nobody votes where nothing comes back."""

    name: str
    short_name: str
    team: Sequence[tuple[str, Role, str]] = THREE
    returned: int = 12
    voting: Voting = mixed


# Evaluated a year before as well, so that there is something to compare with.
BEFORE = ("十一人局", "一致局")
# The office's own words of what voters wrote: as long as a page, and one line.
OPINIONS = {
    Level.TEAM: "党风廉政建设责任制落实较好，"
    + "希望加强对基层单位的监督检查，改进执法作风；" * 12,
    Level.MEMBER: "分管工作抓得实，希望多到基层走走。",
}
# Grades that a meeting fixed, by level; of the others none was fixed yet.
FIXED = {Level.TEAM: "合格", Level.CHIEF: "称职", Level.MEMBER: "优秀"}

# The unit's number sorts the tree; the round stands in this order.
WIDE = (
    Extreme("甲市工商行政管理局", "十一人局", ELEVEN, returned=41),
    Extreme("乙县工商行政管理局", "一人局", [("马尕", Role.MEMBER, VICE)]),
    Extreme(THIRTY, "长名局"),
    Extreme("丁县工商行政管理局", "无票局", returned=0),
    Extreme("戊县工商行政管理局", "一致局", voting=unanimous),
    Extreme("己县工商行政管理局", "全废局", voting=void),
    Extreme("庚县工商行政管理局", "独正局", [("司马长风", *CHIEF)], returned=4),
)


@dataclass(frozen=True)
class Form:
    """One small round for one form of ballots: its name, rules, groups and scale."""

    name: str
    rules: RoundRules
    scale: tuple[str, ...] = ()
    groups: dict[str, int] = field(default_factory=lambda: EQUAL)


_RULES = RoundRules(verification=VerificationRule(every=0), trust=TRUST)
WEIGHTED = replace(_RULES, denominator=Denominator.VALID, minimum_group=5)
TITLE = "{year}年度党风廉政建设责任制民主测评"
FORMS = (
    Form("九等次", RoundRules(verification=VerificationRule(every=0), decimals=1), NINE),
    Form("二等次", RoundRules(verification=VerificationRule(every=0)), ("满意", "不满意")),
    Form("只有总体", replace(_RULES, sheet=SheetLines.OVERALL, denominator=Denominator.RETURNED)),
    Form("只有各项", replace(_RULES, sheet=SheetLines.ITEMS, denominator=Denominator.PRESENT)),
    Form("一人一票", replace(_RULES, member_sheet=MemberSheet.PERSON)),
)
INTEGRITY = (
    "不收受礼品礼金和有价证券",
    "如实报告个人有关事项以及配偶、子女和子女配偶经商办企业的情况",
)


@dataclass(frozen=True)
class Extremes:
    """The office once sealed: its settings, its rounds by name (`全部` for the weighted one), and
    the jobs of each, the paper by round and unit as it was typed, and that of the year before."""

    settings: Settings
    rounds: dict[str, RoundInfo]
    jobs: dict[str, list[Job]]
    piles: dict[str, dict[str, list[Pile]]]
    before: dict[str, list[Pile]]
    path: Path


def make(settings: Settings, store: Store) -> Extremes:
    """Build the office in the open `store`."""
    own = office_of(settings)
    clerk.sign_in(ELEVEN[1][0])
    infos: dict[str, RoundInfo] = {}
    jobs: dict[str, list[Job]] = {}
    piles: dict[str, dict[str, list[Pile]]] = {}
    units = {each.short_name: _unit(each, number) for number, each in enumerate(WIDE)}
    some = [(units[each.short_name], each) for each in WIDE if each.short_name in BEFORE]
    earlier, before = _round(own, YEAR - 1, TITLE, WEIGHTED, WEIGHTS, some)
    _seal(earlier, store)
    for name, info, used, typed in _rounds(own, units):
        piles[name] = typed
        _seal(info, store)
        _after_the_seal(info)
        infos[name] = life.find_by_id(info.id)
        jobs[name] = preparation.prepare(used, infos[name])
    clerk.sign_in("")
    return Extremes(own, infos, jobs, piles, before, store.path)


def _seal(info: RoundInfo, store: Store) -> None:
    for poll in polls.polls(info.id):
        sealing.seal(poll.id, TELLERS, store)


def _after_the_seal(info: RoundInfo) -> None:
    """Opinions summed up and grades fixed for the first poll of the weighted round."""
    poll = polls.polls(info.id)[0]
    if not info.rules.weighted:
        return
    for level, named in subjects.subjects(poll.id).items():
        for subject in named[:3]:
            if level in OPINIONS:
                opinions.summarise(subject.id, OPINIONS[level])
            if level in FIXED:
                determination.determine(
                    subject.id,
                    FIXED[level],
                    on=f"{YEAR}-11-20",
                    meeting=f"局党组{YEAR}年第12次会议",
                    by="中共甘肃省工商行政管理局党组",
                    basis="民主测评和年度考核",
                )


def office_of(settings: Settings) -> Settings:
    """The settings of an office that fills in all that can be filled in."""
    documents = replace(
        settings.documents,
        objection="可在收到本反馈书之日起10日内，以书面形式向领导小组办公室提出。",
        public_scope="本单位全体干部职工和下级单位领导班子成员",
        public_days=5,
        public_persons=True,
    )
    office = replace(
        settings.office,
        superior_party_group="中共国家工商行政管理总局党组",
        document_code="甘工商党",
        signer="古丽·买买提江",
        printer="甘肃省工商行政管理局办公室",
        copies=("中央纪委驻国家工商行政管理总局纪检组", "中共甘肃省纪律检查委员会"),
        fonds="J001",
        section="BGS",
    )
    return replace(settings, office=office, documents=documents)


def _rounds(
    own: Settings, units: dict[str, int]
) -> Iterator[tuple[str, RoundInfo, Settings, dict[str, list[Pile]]]]:
    made = [(units[each.short_name], each) for each in WIDE]
    info, piles = _round(own, YEAR, TITLE, WEIGHTED, WEIGHTS, made)
    yield "全部", info, own, piles
    for number, form in enumerate(FORMS):
        used = with_scale(own, form.scale) if form.scale else own
        extreme = Extreme(f"辛县第{'一二三四五'[number]}工商行政管理局", f"{form.name}局")
        unit = _unit(extreme, len(WIDE) + number)
        title = f"{{year}}年{form.name}民主测评"
        info, piles = _round(used, YEAR, title, form.rules, form.groups, [(unit, extreme)])
        yield form.name, info, used, piles


def _unit(extreme: Extreme, number: int) -> int:
    unit = Unit.create(name=extreme.name, short_name=extreme.short_name, position=number)
    for rank, (name, role, title) in enumerate(extreme.team, 1):
        cadre = Cadre.create(
            name=name,
            gender="女" if "·" in name else "男",
            ethnicity="维吾尔族" if "·" in name else "汉族",
            born="1968.05",
            native_place="甘肃积石山保安族东乡族撒拉族自治县",
            party="中共党员",
            education="中央党校研究生",
        )
        Post.create(cadre=cadre, unit=unit, title=title, role=role, rank=rank, since="2015.03")
    return int(unit.id)


def _round(
    settings: Settings,
    year: int,
    title: str,
    rules: RoundRules,
    groups: dict[str, int],
    made: Sequence[tuple[int, Extreme]],
) -> tuple[RoundInfo, dict[str, list[Pile]]]:
    plan = RoundPlan(
        title=title.format(year=year),
        year=year,
        starts=f"{year}-11-02",
        ends=f"{year}-11-13",
        rules=replace(rules, weighted=any(groups.values())),
        groups=tuple(groups.items()),
        integrity_items=INTEGRITY,
    )
    round_id = life.create(plan)
    for poll_id, (_, extreme) in zip(
        polls.add_polls(round_id, [unit for unit, _ in made]), made, strict=True
    ):
        back = {(level, group): extreme.returned for level in Level for group in groups}
        out = {key: n + 1 for key, n in back.items()}
        people = (extreme.returned + 1) * len(groups)
        paper.record_paper(poll_id, out, back)
        polls.change_poll(
            poll_id,
            date=f"{year}-11-05",
            place="机关三楼会议室",
            expected=people + 3,
            present=people,
        )
    life.open_round(round_id, settings)
    info = life.find_by_id(round_id)
    votes = dict(made)
    with writing():
        return info, {
            poll.short: _key(poll, votes[poll.unit_id], year) for poll in polls.polls(round_id)
        }


def _key(poll: PollInfo, extreme: Extreme, year: int) -> list[Pile]:
    draw = random.Random(f"{extreme.name}{year}")  # noqa: S311 - votes of a test, not secrets
    piles = []
    for stack in stacks.stacks(poll.id):
        named = subjects.subjects_of_sheet(stack.sheet_id)
        content = frozen_contents(poll.round_id)[stack.level]
        sheet = layout(content, life.find_by_id(poll.round_id).rules.sheet, named)
        digits = [str(n + 1) for n in range(len(sheet.scale.grades))]
        lines = []
        entry = first_entry.enter(stack.stack_id) if stack.returned else None
        while entry and not entry.full:
            marks, void_reason = extreme.voting(draw, digits, len(sheet.places))
            entry.commit(marks, void_reason)
            lines.append(marks or f"/{void_reason}")
        piles.append(
            Pile(
                content.name,
                tuple(each.name for each in sheet.subjects),
                sheet.lines,
                sheet.scale.grades,
                stack.group.name,
                stack.issued,
                stack.returned,
                tuple(lines),
            )
        )
    return piles
