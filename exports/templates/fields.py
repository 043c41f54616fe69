"""The fields that Word templates can use, and the values that several kinds of documents share.

A field is a text, a list of texts, or a list of rows with fields of their own. A kind of document
has no fields for what it must not reveal. A letter to a person has nothing about colleagues. A
public notice has nothing about individuals unless the office wants it. No document shows how a
voter group voted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exports.parts.bars import Part, chart
from exports.parts.letter import signature_lines
from exports.parts.own_words import OwnWords, poll_values
from exports.parts.result_table import broken, named_lines, statement_lines
from exports.parts.results import PollResults
from exports.parts.section import LevelPart, drawn_rows
from exports.parts.wording import (
    UNOFFICIAL,
    grades_together,
    items_words,
    notes,
    numeral,
    percent,
    together_name,
)
from models.count.tally import LevelTally, PlaceTally, SubjectTally

_HEADER_ROOM = 4.0  # characters of a grade's name that fit in a narrow header line

CHART_WIDTH = 7400
"""Twips of a row of a chart without its name, as a template to start from has it."""

Values = Mapping[str, Any]
"""The value of each field by name: a text, a list of texts, or a list of rows."""


@dataclass(frozen=True)
class TemplateField:
    """One field of a template."""

    name: str
    """Its name in a template."""
    meaning: str
    """A one-line description, in Chinese."""
    many: bool = False
    """Whether it is a list."""
    rows: tuple[TemplateField, ...] = ()
    """The fields of each row, for a list of rows."""
    sample: str = "〇"
    """A value of a text with which a template is tried."""


POLL = (
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
PERSON = (TemplateField("姓名", "被测评人姓名"), TemplateField("职务", "被测评人职务"))
_WORDS = {
    "title": TemplateField("标题", "设置里的标题", many=True),
    "salutation": TemplateField("称呼", "设置里的称呼", many=True),
    "opening": TemplateField("开头", "设置里的开头", many=True),
    "closing": TemplateField("结束语", "设置里的结束语", many=True),
    "receipt": TemplateField("回执", "设置里的回执；不要回执则空", many=True),
}
GRADE = (
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
    TemplateField("各等次", "各等次的得票", many=True, rows=GRADE),
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
_PARTS = (
    TemplateField("格", "占几格，一行共 50 格", sample="1"),
    TemplateField("色", "底色；空白的为 auto", sample="auto"),
    TemplateField("字", "图例里等次的名称；条里放得下的得票率"),
)
_LEVEL = (
    TemplateField("序号", "一、二……"),
    TemplateField("名称", "测评层级，如 班子成员"),
    TemplateField("情况", "小标题，如 履行党风廉政建设责任制情况"),
    TemplateField("票", "发出、收回、有效、无效张数的一句话"),
    TemplateField("等次", "各等次，最后一项是前两个等次的合计", many=True, rows=_GRADE_NAME),
    TemplateField("内容说明", "测评内容的全文，如 测评内容：1.……；有短名而不必说的则空"),
    TemplateField("注", "口径、四舍五入、信任票等说明", many=True),
    TemplateField(
        "图示",
        "条形图的各行，图例在前；票面没有总体评价则空",
        many=True,
        rows=(
            TemplateField("名称", "图例；姓名，只有一个被测评对象的为总体评价"),
            TemplateField("段", "这一行的各段", many=True, rows=_PARTS),
        ),
    ),
)
OF_PERSON = TemplateField("各层级", "本人参加测评的各层级", many=True, rows=(*_LEVEL, *_PAPER))
OF_UNIT = TemplateField(
    "各层级",
    "领导班子、正职、班子成员、纪检监察机关、个人廉洁自律，有的才有",
    many=True,
    rows=(
        *_LEVEL,
        TemplateField("对象", "被测评对象，按班子排序", many=True, rows=(*PERSON, *_PAPER)),
    ),
)
OPINION = TemplateField("意见归纳", "群众意见归纳；没有填则空")


def sentence_fields(sentences: Iterable[str]) -> tuple[TemplateField, ...]:
    """Return the fields for the sentences with these keys, which the office can reword."""
    wanted = set(sentences)
    return tuple(field for key, field in _WORDS.items() if key in wanted)


def sentence_values(words: OwnWords, keys: Mapping[str, str] | None = None) -> Values:
    """Return the office's sentences by field name.

    `keys` replaces the key of a sentence that is worded differently for the addressee.
    """
    other = keys or {}
    return {
        field.name: list(words.lines(other.get(key, key)))
        for key, field in _WORDS.items()
        if key in words.sentences
    }


def common_values(results: PollResults) -> Values:
    """Return the values that every document about a poll has."""
    return {
        **poll_values(results),
        "落款行": signature_lines(results.office),
        "标记": "" if results.official else UNOFFICIAL,
        "更正": list(results.corrections),
    }


def person_level_values(results: PollResults, part: LevelPart) -> Values:
    """Return the values of a level in a person's document."""
    (subject,) = part.subjects
    return {**_level(results, part), **_paper(results, part.level, subject)}


def unit_level_values(results: PollResults, part: LevelPart, *, public: bool = False) -> Values:
    """Return the values of a level in a unit's document.

    With `public`, the full text of an item is given only if it has no short name. A level about
    people then shows only the overall lines, if the people have them.
    """
    whole = public and part.level.level.personal and all(each.result for each in part.subjects)
    return {
        **_level(results, part, explained=not public),
        "对象": [
            {
                "姓名": each.subject.name,
                "职务": each.subject.post,
                **_paper(results, part.level, each, overall=whole),
            }
            for each in part.subjects
        ],
    }


def _level(results: PollResults, part: LevelPart, *, explained: bool = False) -> Values:
    """The values of a level without its subjects.

    The full text of the items is included if `explained`, or for items without a short name.
    """
    level = part.level
    rows = [place.shares for each in part.subjects for place in each.places]
    scale = level.content.scale
    names = [*scale.grades, *([together_name(scale)] if grades_together(scale) else [])]
    decimals = results.round.rules.decimals
    legend, drawn = chart(scale, drawn_rows(part.subjects), CHART_WIDTH, decimals=decimals)
    asked = {place.line for each in part.subjects for place in each.places}
    items = [
        item
        for item in level.content.items
        if item.number in asked and (explained or not item.title)
    ]
    return {
        "序号": f"{numeral(part.number)}、",
        "名称": level.content.name,
        "情况": part.about,
        "票": part.paper,
        "图示": [{"名称": name, "段": _drawn_parts(parts)} for name, parts in [*legend, *drawn]],
        "等次": [{"名称": name, "分行": list(broken(name, _HEADER_ROOM))} for name in names],
        "内容说明": items_words(items) if items else "",
        "注": [*notes(results.round, rows, level), *part.trust],
    }


def _drawn_parts(parts: Iterable[Part]) -> list[Values]:
    return [{"格": str(n), "色": fill or "auto", "字": text} for n, text, fill in parts]


def _paper(
    results: PollResults, level: LevelTally, subject: SubjectTally, *, overall: bool = False
) -> Values:
    """The ballot numbers and lines of a subject; with `overall`, only the last line."""
    paper = subject.paper
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
                "各等次": grade_values(level, name.place, decimals),
                "弃权": str(name.place.blank),
                "多选": str(name.place.overvote),
            }
            for name, statement in (lines[-1:] if overall else lines)
        ],
    }


def grade_values(level: LevelTally, place: PlaceTally, decimals: int) -> list[Values]:
    """Return count and share of each grade of a line, then of the upper grades combined."""
    scale = level.content.scale
    found: list[Values] = [
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
