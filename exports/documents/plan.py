"""民主测评实施方案: who is evaluated, on what, when, how and by which rules, before the vote.

Generated from the round's settings, so that the plan matches what the program does. Requirements of
the regulation cite its clause; customary steps are worded as this evaluation's arrangement, never
as a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from exports.documents.plan_procedure import steps
from exports.documents.plan_units import subjects_words, units
from exports.documents.writer import Document, Filed, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, HEADING_2, TEXT, Face
from exports.parts.letter import signature
from exports.parts.own_words import OwnWords
from exports.parts.wording import (
    BLANK_DATE,
    NO_TRUST_RULE,
    OVERALL_NAME,
    date_words,
    headings,
    numeral,
    objection_words,
    period_words,
    share_note,
    trust_rule_words,
    way_words,
    weight_words,
)
from models.regulation.levels import Item, Level, LevelContent
from models.regulation.rules import MemberSheet, SheetLines
from models.rounds.contents import round_contents, void_reasons
from models.rounds.layout import SubjectName
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.subjects import subjects_of_round
from models.settings.office import DocumentSettings, Office

_PORTRAIT = Orientation.PORTRAIT
_REGULATION = "《党风廉政建设责任制民主测评制度》"
_MEASURES = "规定实施办法》"
_BLANK_PERIOD = f"{BLANK_DATE}至{blank(2)}月{blank(2)}日"

# The subjects of each poll, by level.
Polls = Sequence[tuple[PollInfo, Mapping[Level, tuple[SubjectName, ...]]]]
# A name and the text after it.
_Part = tuple[str, str]


def document(
    office: Office,
    documents: DocumentSettings,
    round_info: RoundInfo,
    polls: Polls,
    contents: Mapping[Level, LevelContent],
    void_reasons: tuple[str, ...],
) -> bytes:
    """Return the plan of a round.

    `polls` are in unit order with their subjects, `contents` are those of the round's levels, and
    `void_reasons` are the office's reasons for voiding a whole ballot.
    """
    markup = Markup(documents.font_set)
    chosen = [level for level in Level if any(level in of for _, of in polls)]
    used = [contents[level] for level in chosen or Level if level in contents]
    numbered = headings()

    def heading(text: str) -> str:
        return markup.paragraph(HEADING_1, next(numbered) + text)

    body = [
        markup.title([round_info.title, "实施方案"], _PORTRAIT.text_width),
        markup.paragraph(FLUSH),
        *_texts(markup, _opening(office, documents, round_info)),
        heading("测评对象和范围"),
        *_texts(markup, subjects_words(polls, used)),
        units(markup, polls, used),
        heading("测评内容和等次"),
        *_texts(markup, [_sheet_words(round_info)]),
        *(
            part
            for number, content in enumerate(used, 1)
            for part in _content(markup, number, content)
        ),
        heading("测评时间和方式"),
        *_texts(markup, _time_and_way(round_info, polls)),
        heading("测评人员"),
        *_texts(markup, [_voters(round_info)]),
        heading("测评程序"),
        *_texts(
            markup,
            [
                "测评由党风廉政建设责任制考核领导小组负责组织，领导小组办公室具体组织实施"
                "（制度一），严格按照内容、时限、范围、程序进行（制度三、2）。具体步骤安排如下。"
            ],
        ),
        *_parts(markup, steps(round_info)),
        heading("计票规则"),
        *_texts(markup, ["测评结果的汇总必须严肃、认真、客观、准确，防止弄虚作假（制度三、3）。"]),
        *_parts(markup, _counting(round_info, used, void_reasons)),
        heading("结果运用"),
        *_parts(markup, _use(office, documents), last=True),
        signature(markup, office, ()),
    ]
    return master(_PORTRAIT, documents.font_set).document("".join(body))


def _texts(markup: Markup, texts: Sequence[str]) -> list[str]:
    return [markup.paragraph(TEXT, text) for text in texts]


def _parts(markup: Markup, parts: Sequence[_Part], *, last: bool = False) -> list[str]:
    """Return each part after its name, （一） and so on, in 楷体 (GB/T 9704-2012, 7.3.3).

    With `last`, the final part is kept with the following paragraph.
    """
    found = []
    for number, (name, text) in enumerate(parts, 1):
        held = "<w:keepNext/>" if last and number == len(parts) else ""
        found.append(
            f'<w:p><w:pPr><w:pStyle w:val="{TEXT.id}"/>{held}</w:pPr>'
            + markup.run(f"（{numeral(number)}）{name}。", Face.KAI)
            + markup.run(text, TEXT.face)
            + "</w:p>"
        )
    return found


def _opening(office: Office, documents: DocumentSettings, round_info: RoundInfo) -> tuple[str, ...]:
    """Return the office's own sentences, and which regulation the clauses refer to."""
    clauses = f"方案所注条款，均为{_REGULATION}（以下简称制度）的条款。"
    *before, last = OwnWords.of_round(office, documents, round_info, "plan").lines("opening")
    return (*before, last + clauses)


# ── contents ──


def _sheet_words(round_info: RoundInfo) -> str:
    rules = round_info.rules
    overall = {
        SheetLines.BOTH: f"测评票列出各项测评内容和“{OVERALL_NAME}”",
        SheetLines.ITEMS: f"测评票列出各项测评内容，不设“{OVERALL_NAME}”",
        SheetLines.OVERALL: f"测评票只设“{OVERALL_NAME}”，测评内容供测评时对照",
    }[rules.sheet]
    member = {
        MemberSheet.TEAM: "班子成员列在同一张测评票上",
        MemberSheet.PERSON: "班子成员一人一票",
    }[rules.member_sheet]
    return f"{overall}；正职一人一票，{member}。"


def _content(markup: Markup, number: int, content: LevelContent) -> list[str]:
    """Return one level: the number of items, the scale, the clauses, and the items."""
    stem = _common_clause(content.items)
    grades = "、".join(f"“{grade}”" for grade in content.scale.grades)
    scale = f"{grades}{numeral(len(content.scale.grades))}个等次"
    if content.scale.unstated:
        # That the regulation names none is for the administrator, who sees it with the round.
        scale = f"等次定为{scale}"
    elif content.clause:
        scale = f"等次按制度{content.clause}，分为{scale}"
    else:
        scale = f"等次分为{scale}"
    return [
        markup.paragraph(HEADING_2, f"（{numeral(number)}）{content.name}"),
        *_texts(markup, [f"{_items_words(content, stem)}；{scale}。"]),
        *_texts(markup, [_item_words(item, stem) for item in content.items]),
    ]


def _items_words(content: LevelContent, stem: str) -> str:
    if not content.items:
        return f"本次不分项，只作{OVERALL_NAME}"
    number = f"共{numeral(len(content.items))}项"
    if content.level is Level.INTEGRITY:
        return f"测评内容按制度二、（五），根据中央、省上和省局当年确定的重点工作任务，{number}"
    return f"测评内容{f'按制度{stem}，' if stem else ''}{number}"


def _common_clause(items: Sequence[Item]) -> str:
    """Return the clause that all items share, 二、（一） for 二、（一）3; empty if none."""
    stems = {item.clause.rstrip("0123456789") for item in items}
    return stems.pop() if len(stems) == 1 else ""


def _item_words(item: Item, stem: str) -> str:
    words = f"{item.number}.{item.statement.rstrip('。；')}"
    source = f"（制度{item.clause}）" if item.clause and not stem else ""
    return f"{words}{source}。"


# ── time, way, voters ──


def _time_and_way(round_info: RoundInfo, polls: Polls) -> list[str]:
    plan = round_info.plan
    when = f"测评时间：{period_words(plan.starts, plan.ends) or _BLANK_PERIOD}。"
    dates = {poll.date for poll, _ in polls}
    if len(dates) == 1 and dates != {""}:
        when += f"各单位的测评日期为{date_words(dates.pop())}。" if len(polls) > 1 else ""
    elif dates != {""}:
        when += (
            "各单位的测评日期见上表，未列明的另行通知。"
            if "" in dates
            else ("各单位的测评日期见上表。")
        )
    way = f"测评方式：{way_words(round_info)}，以无记名投票方式进行（制度三）。"
    return [when, way]


def _voters(round_info: RoundInfo) -> str:
    groups = "、".join(group.name for group in round_info.groups)
    weights = (
        f"得票率按测评人员类别加权，权重为{weight_words(round_info)}。"
        if round_info.rules.weighted
        else "各类测评人员的票同等计算，不加权。"
    )
    return (
        "测评人员必须由有关方面、各层次代表组成，充分体现民主测评的群众性、广泛性、代表性、"
        f"真实性（制度三、2）。本次测评人员由{groups}组成。{weights}"
    )


# ── counting ──


def _counting(
    round_info: RoundInfo, used: Sequence[LevelContent], void_reasons: Sequence[str]
) -> list[_Part]:
    rules = round_info.rules
    reasons = "；".join(reason.strip("。；") for reason in void_reasons)
    names = {content.level: content.name for content in used}
    trust = [
        f"{name}的{trust_rule_words(rules.trust[level], rules)}。"
        for level, name in names.items()
        if level in rules.trust
    ]
    return [
        (
            "票数核对",
            "发出票数等于收回票数与未收回票数之和，收回票数等于有效票数与无效票数之和；"
            "每一项的各等次票数、弃权票数、多选票数之和等于有效票数。不相符的，不得封存。",
        ),
        (
            "票的认定",
            "一项选两个以上等次的为多选，该项无效；未选的，该项视为弃权；涂改后无法辨认的，"
            f"该项无效。有下列情形之一的，整票无效：{reasons}。",
        ),
        ("得票率", share_note(round_info, weighted=round_info.rules.weighted)),
        (
            "无记名的保护",
            "不公布个人如何投票。按类别公布得票情况的，某一类别的有效票少于"
            f"{rules.minimum_group}张的不单独公布，与票数最少的其他类别合并为一行，合并的不少于"
            f"两类、{rules.minimum_group}张；并在一起就是全部的，不按类别公布。"
            + ("有类别不能单独公布的，不公布加权得票率。" if rules.weighted else "")
            + "公布哪些类别只看票数，不看选了什么。",
        ),
        ("信任票", "".join(trust) or NO_TRUST_RULE),
    ]


# ── use ──


def _rule_on_trust(office: Office) -> str:
    """Return which of the office's rules the regulation refers to for trust votes: the one on
    carrying out the system's own rules; empty if it is not among them."""
    found = [each for each in office.basis if each.endswith(_MEASURES)]
    return found[-1] if found else ""


def _use(office: Office, documents: DocumentSettings) -> list[_Part]:
    """Return what the results are used for, condensed from clause 五."""
    scope = f"在{documents.public_scope}范围内" if documents.public_scope else "在一定范围内"
    channel = objection_words(documents.objection, "反馈书")
    objection = f"对测评结果有异议的，{channel}" if channel else ""
    return [
        (
            "领导班子",
            "得票情况与各项指标因素综合后，研究确定领导班子的考核等次；"
            "由上级党组作为综合考评各单位落实党风廉政建设责任制的重要依据（制度五、1）。",
        ),
        (
            "领导班子成员、领导干部",
            "测评结果除直接或者书面反馈本人外，应向班子“第一责任人”反馈，也可以"
            f"{scope}公开反馈；并归入领导干部廉政档案，作为对领导干部业绩评定、奖励惩处、"
            f"选拔任用的重要依据（制度五、2）。{objection}",
        ),
        (
            "责任追究",
            f"领导干部民主测评信任票达不到{_rule_on_trust(office)}规定要求的，"
            "按责任追究的有关规定实施责任追究（制度五、3）。",
        ),
    ]


def _of_round(sources: Sources) -> Iterator[Document]:
    settings, names = sources.settings, subjects_of_round(sources.round.id)
    yield Document(
        sources.round.title,
        partial(
            document,
            settings.office,
            settings.documents,
            sources.round,
            tuple((poll, names.get(poll.id, {})) for poll in sources.everyone),
            round_contents(sources.round, settings),
            void_reasons(sources.round, settings),
        ),
    )


def _filed(round_info: RoundInfo) -> Filed:
    return Filed(f"{round_info.title}实施方案")


WRITER = Writer(of_round=_of_round, filed_of_round=_filed)
