"""The fields that the office's own Word templates may name, and their values for one document.

A field is a text, a list of texts, or a list of rows that have fields of their own. What a kind of
document must not tell is no field of it: a person's letter has nothing of colleagues, a public one
nothing of persons unless the office wants that, and none has how a voter group voted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exports.documents import chief, feedback
from exports.documents.archive_entry import ArchiveFile
from exports.parts.letter import signature_lines
from exports.parts.own_words import OwnWords, poll_values
from exports.parts.result_table import broken, named_lines, statement_lines
from exports.parts.results import PersonResult, PollResults
from exports.parts.section import paper_of, trust_notes
from exports.parts.wording import (
    UNOFFICIAL,
    date_words,
    grades_together,
    is_official,
    items_words,
    month_words,
    notes,
    numeral,
    percent,
    subject_paper,
    together_name,
)
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.regulation.levels import Level
from models.results.delivery import Handover
from models.settings.own_wording import FIELDS

# Kinds of documents that can be made from a template, by the names of their files.
NAMES: Mapping[str, str] = {
    "feedback": "反馈书",
    "chief": "第一责任人反馈书",
    "archive": "廉政档案登记表",
    "public": "公开反馈",
}
_HEADER_ROOM = 4.5  # characters of a grade's name in a line of a narrow header
_BODIES = (Level.TEAM, Level.DISCIPLINE)


@dataclass(frozen=True)
class TemplateField:
    """One field: its name, what it is in a line, whether it is a list and, of a list of rows, the
    fields of each row."""

    name: str
    meaning: str
    many: bool = False
    rows: tuple[TemplateField, ...] = ()


_POLL = (
    TemplateField("机关", "本机关全称"),
    TemplateField("落款", "落款单位"),
    TemplateField("落款行", "落款单位，长的分成两行", many=True),
    TemplateField("轮次", "轮次名称"),
    TemplateField("年度", "年度，如 2026"),
    TemplateField("单位", "被测评单位全称"),
    TemplateField("单位简称", "被测评单位简称"),
    TemplateField("日期", "测评日期，如 2026年11月5日；没有登记则空"),
    TemplateField("地点", "测评地点"),
    TemplateField("应到", "应到人数；没有登记则空"),
    TemplateField("实到", "实到人数；没有登记则空"),
    TemplateField("测评方式", "如 定期、上级抽测，集中组织，单独进行"),
    TemplateField("测评人员", "测评人员的类别"),
    TemplateField("依据", "依据文件的最后一份"),
    TemplateField("全部依据", "全部依据文件"),
    TemplateField("经过", "何时、怎样、对谁测评的一句话"),
    TemplateField("标记", f"未封存时为 {UNOFFICIAL}，封存后空；模板里必须有"),
    TemplateField("更正", "封存后更正过的说明；模板里必须有", many=True),
)
_PERSON = (TemplateField("姓名", "被测评人姓名"), TemplateField("职务", "被测评人职务"))
_WORDS = {
    "title": TemplateField("标题", "设置里的标题", many=True),
    "salutation": TemplateField("称呼", "设置里的称呼", many=True),
    "opening": TemplateField("开头", "设置里的开头", many=True),
    "closing": TemplateField("结束语", "设置里的结束语", many=True),
    "receipt": TemplateField("回执", "设置里的回执；不要回执则空", many=True),
}
_GRADE = (
    TemplateField("名称", "等次，最后一项是前两个等次的合计"),
    TemplateField("票数", "得票"),
    TemplateField("得票率", "如 85.71%"),
)
_GRADE_NAME = (
    TemplateField("名称", "如 基本称职"),
    TemplateField("分行", "名称，长的分成两行，用于窄的表头", many=True),
)
_LINE = (
    TemplateField("内容", "测评内容的短名，如 1.部署；总体评价"),
    TemplateField("全文", "测评内容的票面表述；总体评价"),
    TemplateField("各等次", "各等次的得票", many=True, rows=_GRADE),
    TemplateField("弃权", "弃权票数"),
    TemplateField("多选", "多选（单项无效）票数"),
)
_PAPER = (
    TemplateField("发出", "发出张数"),
    TemplateField("收回", "收回张数"),
    TemplateField("有效", "有效张数"),
    TemplateField("无效", "无效张数"),
    TemplateField("行", "各项测评内容和总体评价", many=True, rows=_LINE),
)
_LEVEL = (
    TemplateField("序号", "一、二……"),
    TemplateField("名称", "测评层级，如 班子成员"),
    TemplateField("情况", "小标题，如 履行党风廉政建设责任制情况"),
    TemplateField("票", "发出、收回、有效、无效张数的一句话"),
    TemplateField("等次", "各等次，最后一项是前两个等次的合计", many=True, rows=_GRADE_NAME),
    TemplateField("内容说明", "测评内容的全文，如 测评内容：1.……；有短名而不必说的则空"),
    TemplateField("注", "口径、四舍五入、信任票等说明", many=True),
)
_OF_PERSON = TemplateField("各层级", "本人参加测评的各层级", many=True, rows=(*_LEVEL, *_PAPER))
_OF_UNIT = TemplateField(
    "各层级",
    "领导班子、正职、班子成员、纪检监察机关、个人廉洁自律，有的才有",
    many=True,
    rows=(
        *_LEVEL,
        TemplateField("对象", "被测评对象，按班子排序", many=True, rows=(*_PERSON, *_PAPER)),
    ),
)
_OPINION = TemplateField("意见归纳", "群众意见归纳；没有填则空")
_ROSTER = {
    "性别": "gender",
    "民族": "ethnicity",
    "出生年月": "born",
    "籍贯": "native_place",
    "政治面貌": "party",
    "入党时间": "joined_party",
    "参加工作": "started_work",
    "学历学位": "education",
    "档案号": "archive_no",
}
_MONTHS = ("出生年月", "入党时间", "参加工作")
_EARLIER = (
    TemplateField("年度", "如 2025"),
    TemplateField("单位", "当时的单位"),
    TemplateField("职务", "当时的职务"),
    TemplateField("名称", "测评层级"),
    TemplateField("标记", f"未封存的为 {UNOFFICIAL}"),
    TemplateField("有效", "有效张数"),
    TemplateField("各等次", "总体评价（没有则第一项）的得票", many=True, rows=_GRADE),
)


def _words_of(kind: str) -> tuple[TemplateField, ...]:
    return tuple(field for key, field in _WORDS.items() if key in FIELDS[kind])


_FIELDS: Mapping[str, tuple[TemplateField, ...]] = {
    "feedback": (
        *_words_of("feedback"),
        *_POLL,
        *_PERSON,
        _OF_PERSON,
        _OPINION,
        TemplateField("希望", "设置里的希望与要求、异议渠道", many=True),
        TemplateField("意见序号", "意见归纳一节的序号，如 三、"),
        TemplateField("希望序号", "希望与要求一节的序号，如 四、"),
    ),
    "chief": (
        *_words_of("chief"),
        *_POLL,
        TemplateField("姓名", "第一责任人姓名；没有正职则空"),
        TemplateField("职务", "第一责任人职务；没有正职则空"),
        _OF_UNIT,
        TemplateField("意见归纳", "对领导班子和纪检监察机关的意见归纳；没有填则空"),
        TemplateField("意见序号", "意见归纳一节的序号，如 六、"),
    ),
    "archive": (
        *_POLL,
        *_PERSON,
        *(TemplateField(name, "名册中的；没有则空") for name in _ROSTER),
        TemplateField("任职时间", "任现职的年月；没有则空"),
        _OF_PERSON,
        _OPINION,
        TemplateField("历次", "以前各轮次的测评，近的在前", many=True, rows=_EARLIER),
        TemplateField("研究等次", "集体研究确定的等次，由人填写；没有则空", many=True),
        TemplateField("反馈日期", "反馈书送达日期；没有登记则空"),
        TemplateField("反馈方式", "反馈书送达方式；没有登记则空"),
    ),
    "public": (
        *_words_of("public"),
        *_POLL,
        _OF_UNIT,
        TemplateField("公开范围", "设置里的公开范围"),
        TemplateField("公开天数", "设置里的公开天数；没有则空"),
        TemplateField("被测评人数", "参加测评的领导干部人数"),
        TemplateField("异议", "设置里的异议渠道和期限；没有则空", many=True),
    ),
}


def fields(kind: str) -> tuple[TemplateField, ...]:
    """The fields of a kind of document, each with its meaning."""
    return _FIELDS[kind]


def context(
    results: PollResults,
    person: PersonResult | None,
    kind: str,
    file: ArchiveFile | None = None,
) -> dict[str, Any]:
    """The values of the fields of one document: texts, lists of texts, lists of rows. A letter to
    a person and an archive entry are of `person`; `file` is what the roster and earlier rounds
    know."""
    values: dict[str, Any] = {
        **poll_values(results),
        "落款行": signature_lines(results.office),
        "标记": "" if results.official else UNOFFICIAL,
        "更正": list(results.corrections),
    }
    if kind == "chief":
        return values | _chief(results)
    if kind == "public":
        return values | _public(results)
    if person is None:
        raise ValueError(f"a document of kind {kind} is of a person")
    values |= {"姓名": person.subject.name, "职务": person.subject.post}
    if kind == "feedback":
        return values | _feedback(results, person)
    return values | _archive(results, person, file or ArchiveFile(None, ()))


def _own_words(words: OwnWords, kind: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """The office's sentences by the names of their fields; `keys` says where one is worded
    differently for this addressee."""
    return {
        _WORDS[key].name: list(words.lines(keys.get(key, key)))
        for key in _WORDS
        if key in FIELDS[kind]
    }


def _feedback(results: PollResults, person: PersonResult) -> dict[str, Any]:
    words = OwnWords.of(results, "feedback", person.subject)
    expectation = results.documents.expectation
    after = len(person.levels)
    return {
        **_own_words(words, "feedback", {}),
        "各层级": _of_person(results, person),
        "意见归纳": results.opinion(subject for _, subject in person.levels),
        "希望": [*([expectation] if expectation else []), *words.lines("objection")],
        "意见序号": f"{numeral(after + 1)}、",
        "希望序号": f"{numeral(after + 2)}、",
    }


def _chief(results: PollResults) -> dict[str, Any]:
    who = results.chief
    keys = {} if who else {key: f"party_{key}" for key in ("salutation", "opening")}
    levels = _of_unit(results, list(Level))
    bodies = [results.levels[level] for level in _BODIES if level in results.levels]
    return {
        **_own_words(OwnWords.of(results, "chief", who), "chief", keys),
        "姓名": who.name if who else "",
        "职务": who.post if who else "",
        "各层级": levels,
        "意见归纳": results.opinion(each for level in bodies for each in level.subjects),
        "意见序号": f"{numeral(len(levels) + 1)}、",
    }


def _public(results: PollResults) -> dict[str, Any]:
    documents = results.documents
    words = OwnWords.of(results, "public")
    shown = list(Level) if documents.public_persons else _BODIES
    return {
        "各层级": _of_unit(results, shown, public=True),
        "公开范围": documents.public_scope,
        "公开天数": str(documents.public_days or ""),
        "被测评人数": str(len(results.persons())),
        **_own_words(words, "public", {}),
        "异议": list(words.lines("objection")),
    }


def _archive(results: PollResults, person: PersonResult, file: ArchiveFile) -> dict[str, Any]:
    row = file.history.row if file.history else None
    posts = file.history.posts if file.history else ()
    since = next(
        (
            post.since
            for post in posts
            if post.unit_id == results.poll.unit_id and post.title == person.subject.post
        ),
        "",
    )
    roster = {name: str(getattr(row, key)) if row else "" for name, key in _ROSTER.items()}
    letter = results.handed_over(person, Handover.FEEDBACK)
    decided = [
        f"{level.content.name}：{found.grade}（{date_words(found.on)}{found.meeting}）"
        for level, subject in person.levels
        if (found := results.determined(subject))
    ]
    return {
        **{name: month_words(text) if name in _MONTHS else text for name, text in roster.items()},
        "任职时间": month_words(since),
        "各层级": _of_person(results, person),
        "意见归纳": results.opinion(subject for _, subject in person.levels),
        "历次": _earlier(file),
        "研究等次": decided,
        "反馈日期": date_words(letter.on) if letter else "",
        "反馈方式": letter.way if letter else "",
    }


def _earlier(file: ArchiveFile) -> list[dict[str, Any]]:
    return [
        {
            "年度": str(past.round.plan.year),
            "单位": past.poll.short,
            "职务": past.post,
            "名称": level.content.name,
            "标记": "" if is_official(past.poll) else UNOFFICIAL,
            "有效": str(subject.valid),
            "各等次": _grades(level, subject.headline, past.round.rules.decimals),
        }
        for past in file.earlier
        for level, subject in past.results
    ]


def _of_person(results: PollResults, person: PersonResult) -> list[dict[str, Any]]:
    return [
        {
            **_level(results, number, level, [subject]),
            "情况": feedback.about(level.level),
            **_paper(results, level, subject),
        }
        for number, (level, subject) in enumerate(person.levels, 1)
    ]


def _of_unit(
    results: PollResults, shown: Iterable[Level], *, public: bool = False
) -> list[dict[str, Any]]:
    """The levels of a unit. A public notice holds nobody against a rule, and shows of a person
    the overall line alone where there is one."""
    tallied = [results.levels[level] for level in shown if level in results.levels]
    found = []
    for number, level in enumerate(tallied, 1):
        whole = (
            public and level.level not in _BODIES and all(each.result for each in level.subjects)
        )
        found.append(
            {
                **_level(
                    results, number, level, level.subjects, trust=not public, explained=not public
                ),
                "情况": chief.ABOUT[level.level],
                "对象": [
                    {
                        "姓名": each.subject.name,
                        "职务": each.subject.post,
                        **_paper(results, level, each, overall=whole),
                    }
                    for each in level.subjects
                ],
            }
        )
    return found


def _level(
    results: PollResults,
    number: int,
    level: LevelTally,
    subjects: Sequence[SubjectTally],
    *,
    trust: bool = True,
    explained: bool = False,
) -> dict[str, Any]:
    """A level without its subjects; with `trust`, how they stand to the trust rule; what its
    items ask, if that is `explained` or they have no names of their own."""
    rows = [place.shares for each in subjects for place in each.places]
    scale = level.content.scale
    names = [*scale.grades, *([together_name(scale)] if grades_together(scale) else [])]
    asked = {place.line for each in subjects for place in each.places}
    items = [
        item
        for item in level.content.items
        if item.number in asked and (explained or not item.title)
    ]
    return {
        "序号": f"{numeral(number)}、",
        "名称": level.content.name,
        "票": paper_of(level, subjects),
        "等次": [{"名称": name, "分行": list(broken(name, _HEADER_ROOM))} for name in names],
        "内容说明": items_words(items) if items else "",
        "注": [
            *notes(results.round, rows, withheld=level.withheld),
            *(trust_notes(results, level, subjects) if trust else ()),
        ],
    }


def _paper(
    results: PollResults, level: LevelTally, subject: SubjectTally, *, overall: bool = False
) -> dict[str, Any]:
    """A subject's paper and lines; with `overall` only the last line."""
    paper = subject_paper(level, subject)
    decimals = results.round.rules.decimals
    lines = list(zip(named_lines(level, subject), statement_lines(level, subject), strict=True))
    return {
        "发出": str(paper.issued),
        "收回": str(paper.returned),
        "有效": str(paper.valid),
        "无效": str(paper.void),
        "行": [
            {
                "内容": name.leads[0],
                "全文": statement.leads[0],
                "各等次": _grades(level, name.place, decimals),
                "弃权": str(name.place.blank),
                "多选": str(name.place.overvote),
            }
            for name, statement in (lines[-1:] if overall else lines)
        ],
    }


def _grades(level: LevelTally, place: PlaceTally, decimals: int) -> list[dict[str, str]]:
    scale = level.content.scale
    found = [
        {"名称": grade, "票数": str(count), "得票率": percent(share, decimals)}
        for grade, count, share in zip(scale.grades, place.grades, place.shares, strict=True)
    ]
    if first := grades_together(scale):
        found.append(
            {
                "名称": together_name(scale),
                "票数": str(sum(place.grades[:first])),
                "得票率": percent(place.share_of_first(first), decimals),
            }
        )
    return found
