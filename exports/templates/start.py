"""The parts of a template to begin with: our own document with fields in place of what the program
fills in.

Set by the same page, styles and tables as ours, so that an office changes only what it wants to
look different. Which parts a kind of document has, and in which order, its own module says.
"""

from __future__ import annotations

from collections.abc import Sequence

from exports.page.markup import Markup
from exports.page.master import Orientation
from exports.page.styles import (
    FLUSH,
    HEADING_1,
    ITEMS,
    MARKER,
    NOTE,
    SIGNATURE,
    TEXT,
    UNDER_CAPTION,
    Face,
    ParagraphStyle,
)
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.letter import notes_under_table
from exports.parts.result_table import STACKED_NOTE
from exports.parts.wording import BLANK_DATE

_PORTRAIT = Orientation.PORTRAIT
WIDTH = _PORTRAIT.text_width
SIZE = 21
# The result table's columns in twips: what was asked, the three of the loop, blank, overvote.
# Scaled to the page once the loop has made as many as there are grades.
_COLUMNS = (2845, 1300, 1600, 1300, 900, 900)
INDENT = 315  # twips of one character of text


def each_line(markup: Markup, style: ParagraphStyle, name: str, *, keep_next: bool = False) -> str:
    """A paragraph for each text of a list."""
    texts = (f"{{%p for 句 in {name} %}}", "{{ 句 }}", "{%p endfor %}")
    return "".join(markup.paragraph(style, text, keep_next=keep_next) for text in texts)


def only_if(markup: Markup, name: str, content: str) -> str:
    """`content` where a field is not empty."""
    start = markup.paragraph(FLUSH, f"{{%p if {name} %}}")
    return start + content + markup.paragraph(FLUSH, "{%p endif %}")


def head(markup: Markup, title: str) -> list[str]:
    """Title, the mark of what is no result yet, corrections, a blank line."""
    return [
        title,
        only_if(markup, "标记", markup.paragraph(MARKER, "（{{ 标记 }}）")),
        each_line(markup, NOTE, "更正"),
        markup.paragraph(FLUSH),
    ]


def _results(markup: Markup, line: str, *, several: bool) -> str:
    """The paper of a level, its table and its notes; `line` is the field that names a line. With
    `several`, each subject has its lines under a band of name and post."""
    header = Row(
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
        + table(markup, _COLUMNS, [header, *lines], SIZE)
        + notes_under_table(markup, [STACKED_NOTE])
        + each_line(markup, NOTE, "层级.注")
        + ("" if line == "全文" else only_if(markup, "层级.内容说明", _asked(markup)))
    )


def _asked(markup: Markup) -> str:
    return markup.paragraph(ITEMS, "{{ 层级.内容说明 }}")


def _whole(text: str, face: Face | None = None) -> Row:
    """A row of one cell."""
    wide = cell(text, span=len(_COLUMNS), align="left", face=face)
    return Row((wide,), keep_next=face is not None)


def levels(markup: Markup, line: str, *, several: bool, number: str = "层级.序号") -> list[str]:
    """Every level, each under its heading."""
    numbered = f"{{{{ {number} }}}}" if number else ""
    return [
        markup.paragraph(HEADING_1, "{%p for 层级 in 各层级 %}"),
        markup.paragraph(HEADING_1, f"{numbered}{{{{ 层级.情况 }}}}"),
        _results(markup, line, several=several),
        markup.paragraph(HEADING_1, "{%p endfor %}"),
    ]


def opinion_or_room(markup: Markup) -> str:
    """The summary, or room to write it by hand."""
    box = table(markup, [WIDTH], [Row((cell(""),), height=1100, keep_next=True)])
    return "".join(
        (
            markup.paragraph(FLUSH, "{%p if 意见归纳 %}"),
            markup.paragraph(TEXT, "{{ 意见归纳 }}"),
            markup.paragraph(FLUSH, "{%p else %}"),
            box,
            markup.paragraph(FLUSH, "{%p endif %}"),
        )
    )


def signature(markup: Markup) -> list[str]:
    """The signature and the date for a pen."""
    left = WIDTH // 4
    return [
        markup.paragraph(FLUSH, keep_next=True),
        *(
            markup.paragraph(SIGNATURE, text, left=left, right=2 * INDENT)
            for text in ("{%p for 句 in 落款行 %}", "{{ 句 }}", "{%p endfor %}")
        ),
        markup.paragraph(SIGNATURE, BLANK_DATE, left=left, right=2 * INDENT),
    ]


def form(markup: Markup, rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Names and values beside each other, four columns; a single pair takes the whole line."""
    first = WIDTH * 18 // 100
    widths = [first, WIDTH // 2 - first, first, WIDTH - WIDTH // 2 - first]
    made = []
    for row in rows:
        span = 1 if len(row) == 2 else 3
        cells = [each for name, value in row for each in (label(name), cell(value, span=span))]
        made.append(Row(tuple(cells), height=400))
    return table(markup, widths, made)


def value(name: str) -> tuple[str, str]:
    """A field under its own name, for `form`."""
    return name, f"{{{{ {name} }}}}"
