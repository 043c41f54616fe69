"""A template to begin with: our own document with fields in place of what the program fills in.

Set by the same page, styles and tables as ours, so that an office changes only what it wants to
look different.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import (
    FLUSH,
    HEADING_1,
    ITEMS,
    MARKER,
    NOTE,
    SIGNATURE,
    TEXT,
    TITLE,
    UNDER_CAPTION,
    Face,
    ParagraphStyle,
)
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.letter import notes_under_table
from exports.parts.result_table import STACKED_NOTE
from exports.parts.wording import BLANK_DATE

_PORTRAIT = Orientation.PORTRAIT
_WIDTH = _PORTRAIT.text_width
_SIZE = 21
# The result table's columns in twips: what was asked, the three of the loop, blank, overvote.
# Scaled to the page once the loop has made as many as there are grades.
_COLUMNS = (2845, 1300, 1600, 1300, 900, 900)
_INDENT = 315  # twips of one character of text


def start_of(kind: str, font_set: str) -> bytes:
    """A template of a kind in the faces of a font set."""
    markup = Markup(font_set)
    return master(_PORTRAIT, font_set).document("".join(_STARTS[kind](markup)))


def _each(markup: Markup, style: ParagraphStyle, name: str, *, keep_next: bool = False) -> str:
    """A paragraph for each text of a list."""
    texts = (f"{{%p for 句 in {name} %}}", "{{ 句 }}", "{%p endfor %}")
    return "".join(markup.paragraph(style, text, keep_next=keep_next) for text in texts)


def _if(markup: Markup, name: str, content: str) -> str:
    start = markup.paragraph(FLUSH, f"{{%p if {name} %}}")
    return start + content + markup.paragraph(FLUSH, "{%p endif %}")


def _head(markup: Markup, title: str) -> list[str]:
    return [
        title,
        _if(markup, "标记", markup.paragraph(MARKER, "（{{ 标记 }}）")),
        _each(markup, NOTE, "更正"),
        markup.paragraph(FLUSH),
    ]


def _results(markup: Markup, line: str, *, several: bool) -> str:
    """The paper of a level, its table and its notes; `line` is the field that names a line. With
    `several`, each subject has its lines under a band of name and post."""
    head = Row(
        (
            label("测评内容"),
            label("{%tc for 名 in 层级.等次 %}"),
            Cell(("{%p for 句 in 名.分行 %}", "{{ 句 }}", "{%p endfor %}"), face=Face.HEI),
            label("{%tc endfor %}"),
            label("弃权"),
            label("多选"),
        ),
        header=True,
    )
    lines = [
        _whole("{%tr for 行 in 对象.行 %}" if several else "{%tr for 行 in 层级.行 %}"),
        Row(
            (
                cell(f"{{{{ 行.{line} }}}}", align="left"),
                cell("{%tc for 格 in 行.各等次 %}"),
                Cell(("{{ 格.票数 }}", "{{ 格.得票率 }}")),
                cell("{%tc endfor %}"),
                cell("{{ 行.弃权 }}"),
                cell("{{ 行.多选 }}"),
            )
        ),
        _whole("{%tr endfor %}"),
    ]
    if several:
        band = _whole("{{ 对象.姓名 }}　{{ 对象.职务 }}", face=Face.KAI)
        lines = [_whole("{%tr for 对象 in 层级.对象 %}"), band, *lines, _whole("{%tr endfor %}")]
    return (
        markup.paragraph(UNDER_CAPTION, "测评票{{ 层级.票 }}。")
        + table(markup, _COLUMNS, [head, *lines], _SIZE)
        + notes_under_table(markup, [STACKED_NOTE])
        + _each(markup, NOTE, "层级.注")
        + ("" if line == "全文" else _if(markup, "层级.内容说明", _asked(markup)))
    )


def _asked(markup: Markup) -> str:
    return markup.paragraph(ITEMS, "{{ 层级.内容说明 }}")


def _whole(text: str, face: Face | None = None) -> Row:
    """A row of one cell."""
    wide = cell(text, span=len(_COLUMNS), align="left", face=face)
    return Row((wide,), keep_next=face is not None)


def _levels(markup: Markup, line: str, *, several: bool, number: str = "层级.序号") -> list[str]:
    """Every level, each under its heading."""
    numbered = f"{{{{ {number} }}}}" if number else ""
    return [
        markup.paragraph(HEADING_1, "{%p for 层级 in 各层级 %}"),
        markup.paragraph(HEADING_1, f"{numbered}{{{{ 层级.情况 }}}}"),
        _results(markup, line, several=several),
        markup.paragraph(HEADING_1, "{%p endfor %}"),
    ]


def _opinion(markup: Markup) -> str:
    """The summary, or room to write it by hand."""
    box = table(markup, [_WIDTH], [Row((cell(""),), height=1100, keep_next=True)])
    return "".join(
        (
            markup.paragraph(FLUSH, "{%p if 意见归纳 %}"),
            markup.paragraph(TEXT, "{{ 意见归纳 }}"),
            markup.paragraph(FLUSH, "{%p else %}"),
            box,
            markup.paragraph(FLUSH, "{%p endif %}"),
        )
    )


def _signature(markup: Markup) -> list[str]:
    left = _WIDTH // 4
    return [
        markup.paragraph(FLUSH, keep_next=True),
        *(
            markup.paragraph(SIGNATURE, text, left=left, right=2 * _INDENT)
            for text in ("{%p for 句 in 落款行 %}", "{{ 句 }}", "{%p endfor %}")
        ),
        markup.paragraph(SIGNATURE, BLANK_DATE, left=left, right=2 * _INDENT),
    ]


def _feedback(markup: Markup) -> list[str]:
    dashes = '<w:top w:val="dashed" w:sz="6" w:space="1" w:color="000000"/>'
    slip = (
        markup.paragraph(FLUSH, keep_next=True)
        + markup.paragraph(
            FLUSH, "回　执", face=Face.HEI, align="center", border=dashes, keep_next=True
        )
        + markup.paragraph(FLUSH, "{{ 落款 }}：", keep_next=True)
        + _each(markup, TEXT, "回执", keep_next=True)
        + markup.paragraph(
            FLUSH, f"签收人（签名）：　　　　　　{BLANK_DATE}", align="right", right=_INDENT
        )
    )
    wishes = markup.paragraph(HEADING_1, "{{ 希望序号 }}希望与要求") + _each(
        markup, TEXT, "希望", keep_next=True
    )
    return [
        *_head(markup, _each(markup, TITLE, "标题")),
        _each(markup, FLUSH, "称呼"),
        _each(markup, TEXT, "开头"),
        *_levels(markup, "全文", several=False),
        markup.paragraph(HEADING_1, "{{ 意见序号 }}群众意见归纳"),
        _opinion(markup),
        _if(markup, "希望", wishes),
        _each(markup, TEXT, "结束语", keep_next=True),
        *_signature(markup),
        _if(markup, "回执", slip),
    ]


def _chief(markup: Markup) -> list[str]:
    first = _WIDTH * 22 // 100
    rows = [
        Row(
            (label("群众意见归纳"), cell("{{ 意见归纳 }}", align="left")),
            height=1300,
            keep_next=True,
        ),
        Row((label("整改要求和时限"), cell("")), height=1300, keep_next=True),
    ]
    return [
        *_head(markup, _each(markup, TITLE, "标题")),
        _each(markup, FLUSH, "称呼"),
        _each(markup, TEXT, "开头"),
        *_levels(markup, "内容", several=True),
        markup.paragraph(HEADING_1, "{{ 意见序号 }}意见归纳和整改要求"),
        table(markup, [first, _WIDTH - first], rows),
        _each(markup, TEXT, "结束语", keep_next=True),
        *_signature(markup),
    ]


def _public(markup: Markup) -> list[str]:
    days = "公开时间为{% if 公开天数 %}{{ 公开天数 }}{% else %}　　　{% endif %}天。"
    return [
        *_head(markup, _each(markup, TITLE, "标题")),
        _each(markup, TEXT, "开头"),
        *_levels(markup, "内容", several=True),
        markup.paragraph(TEXT, days, keep_next=True),
        markup.paragraph(TEXT, f"起止日期：{BLANK_DATE}至　　月　　日。", keep_next=True),
        _each(markup, TEXT, "异议", keep_next=True),
        _each(markup, TEXT, "结束语", keep_next=True),
        *_signature(markup),
    ]


def _form(markup: Markup, rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Names and values beside each other, four columns; a single pair takes the whole line."""
    first = _WIDTH * 18 // 100
    widths = [first, _WIDTH // 2 - first, first, _WIDTH - _WIDTH // 2 - first]
    made = []
    for row in rows:
        span = 1 if len(row) == 2 else 3
        cells = [each for name, value in row for each in (label(name), cell(value, span=span))]
        made.append(Row(tuple(cells), height=400))
    return table(markup, widths, made)


def _value(name: str) -> tuple[str, str]:
    return name, f"{{{{ {name} }}}}"


def _archive(markup: Markup) -> list[str]:
    title = markup.paragraph(TITLE, "领导干部廉政档案") + markup.paragraph(TITLE, "民主测评登记表")
    person = [
        [_value("姓名"), _value("性别")],
        [_value("民族"), _value("出生年月")],
        [_value("籍贯"), _value("政治面貌")],
        [_value("入党时间"), _value("参加工作")],
        [_value("学历学位"), _value("档案号")],
        [("工作单位", "{{ 单位 }}")],
        [("现任职务", "{{ 职务 }}"), _value("任职时间")],
    ]
    held = [
        [("轮次名称", "{{ 轮次 }}")],
        [("年度", "{{ 年度 }}年度"), ("测评日期", "{{ 日期 }}")],
        [
            ("组织单位", "{{ 机关 }}"),
            ("参加人数", "{% if 应到 %}应到{{ 应到 }}人，实到{{ 实到 }}人{% endif %}"),
        ],
        [("测评方式", "{{ 测评方式 }}，无记名投票")],
    ]
    decided = "{% for 句 in 研究等次 %}{{ 句 }}。{% endfor %}"
    after = [
        [("群众意见归纳", "{{ 意见归纳 }}")],
        [("研究确定等次", decided)],
        [("处理情况", "")],
        [_value("反馈日期"), _value("反馈方式")],
        [("本人签收", ""), ("附件", "")],
        [("填表人", ""), ("审核人", "")],
        [("归档日期", ""), ("单位盖章", "")],
    ]
    return [
        *_head(markup, title),
        markup.paragraph(HEADING_1, "基本信息"),
        _form(markup, person),
        markup.paragraph(HEADING_1, "测评情况"),
        _form(markup, held),
        *_levels(markup, "内容", several=False, number=""),
        _if(markup, "历次", _earlier(markup)),
        markup.paragraph(HEADING_1, "结果运用和归档"),
        _form(markup, after),
    ]


def _earlier(markup: Markup) -> str:
    widths = [900, 2400, 1500, 800, _WIDTH - 5600]
    titles = ("年度", "单位、职务", "测评层级", "有效票", "得票情况")
    words = (
        "{% if 次.标记 %}（{{ 次.标记 }}）{% endif %}"
        "{% for 格 in 次.各等次 %}{{ 格.名称 }}{{ 格.票数 }}（{{ 格.得票率 }}）"
        "{% if not loop.last %}，{% endif %}{% endfor %}"
    )
    rows = [
        Row(tuple(label(text) for text in titles), header=True),
        Row((cell("{%tr for 次 in 历次 %}", span=5, align="left"),)),
        Row(
            (
                cell("{{ 次.年度 }}"),
                Cell(("{{ 次.单位 }}", "{{ 次.职务 }}")),
                cell("{{ 次.名称 }}"),
                cell("{{ 次.有效 }}"),
                cell(words, align="left"),
            )
        ),
        Row((cell("{%tr endfor %}", span=5, align="left"),)),
    ]
    return (
        markup.paragraph(HEADING_1, "历次测评结果")
        + table(markup, widths, rows, _SIZE)
        + notes_under_table(markup, ["得票率按各轮次当时的口径计算。"])
    )


_STARTS: Mapping[str, Callable[[Markup], list[str]]] = {
    "feedback": _feedback,
    "chief": _chief,
    "archive": _archive,
    "public": _public,
}
