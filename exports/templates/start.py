"""Parts of starter templates: the built-in documents with fields in place of values.

They use the same page, styles and tables as the built-in documents, so that an office changes
only what it wants to look different. The module of each kind of document decides which parts its
template has, and in what order.
"""

from __future__ import annotations

from collections.abc import Sequence

from exports.page.markup import Markup
from exports.page.master import Orientation
from exports.page.styles import (
    BETWEEN_TABLES,
    CELLS,
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
from exports.parts.bars import STEPS
from exports.parts.letter import notes_under_table, room_to_write
from exports.parts.result_table import STACKED_NOTE
from exports.parts.wording import BLANK_DATE
from exports.templates.fields import CHART_WIDTH

_PORTRAIT = Orientation.PORTRAIT
WIDTH = _PORTRAIT.text_width
SIZE = 21
# The columns of the result table in twips: item, the three of the loop, blank, overvote. They are
# scaled to the page once the loop has generated a column for each grade.
_BAR = 310  # twips: height of a bar
_COLUMNS = (2845, 1300, 1600, 1300, 900, 900)
_WIDE_COLUMNS = (4300, 926, 1200, 925, 747, 747)  # for whole statements
_WHOLE_TEXT = "全文"
INDENT = 315  # twips per character of text


def each_line(markup: Markup, style: ParagraphStyle, name: str, *, keep_next: bool = False) -> str:
    """Return a loop that writes a paragraph for each text of a list."""
    texts = (f"{{%p for 句 in {name} %}}", "{{ 句 }}", "{%p endfor %}")
    return "".join(markup.paragraph(style, text, keep_next=keep_next) for text in texts)


def only_if(markup: Markup, name: str, content: str) -> str:
    """Return `content` under the condition that a field is not empty."""
    start = markup.paragraph(FLUSH, f"{{%p if {name} %}}")
    return start + content + markup.paragraph(FLUSH, "{%p endif %}")


def head(markup: Markup, title: str) -> list[str]:
    """Return the title, the “unofficial” notice, corrections, and a blank line."""
    return [
        title,
        only_if(markup, "标记", markup.paragraph(MARKER, "（{{ 标记 }}）")),
        each_line(markup, NOTE, "更正"),
        markup.paragraph(FLUSH),
    ]


def _chart(markup: Markup) -> str:
    """The bars of a level. Cells have no width of their own: how many columns each spans is known
    only when the template is filled."""
    style = CELLS[SIZE]

    def one(text: str, align: str = "") -> str:
        words = markup.paragraph(style, text, align=align, keep_next=True)
        return f'<w:tc><w:tcPr><w:vAlign w:val="center"/></w:tcPr>{words}</w:tc>'

    def row(name: str, parts: str) -> str:
        cells = (
            one(name),
            one(f"{{%tc for 段 in {parts} %}}"),
            one("{% colspan 段.格 %}{% cellbg 段.色 %}{{ 段.字 }}", "left"),
            one("{%tc endfor %}"),
        )
        height = f'<w:trHeight w:val="{_BAR}" w:hRule="atLeast"/>'
        return f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{''.join(cells)}</w:tr>"

    def loop(tag: str) -> str:
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{one(tag)}</w:tr>"

    step = CHART_WIDTH // STEPS
    widths = [WIDTH - step * STEPS, *[step] * STEPS]
    rows = (
        loop("{%tr for 条 in 层级.图示 %}") + row("{{ 条.名称 }}", "条.段") + loop("{%tr endfor %}")
    )
    empty = table(markup, widths, [], SIZE)
    return markup.paragraph(BETWEEN_TABLES, keep_next=True) + empty.replace(
        "</w:tbl>", f"{rows}</w:tbl>"
    )


def _results(markup: Markup, line: str, *, several: bool, drawn: bool) -> str:
    """The ballot numbers of a level, its result table and its notes.

    `line` is the field that names a line. With `several`, the lines of each subject are below a
    row with name and post.
    """
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
        + table(markup, _WIDE_COLUMNS if line == _WHOLE_TEXT else _COLUMNS, [header, *lines], SIZE)
        + (only_if(markup, "层级.图示", _chart(markup)) if drawn else "")
        + notes_under_table(markup, [STACKED_NOTE])
        + each_line(markup, NOTE, "层级.注")
        + ("" if line == _WHOLE_TEXT else only_if(markup, "层级.内容说明", _asked(markup)))
    )


def _asked(markup: Markup) -> str:
    return markup.paragraph(ITEMS, "{{ 层级.内容说明 }}")


def _whole(text: str, face: Face | None = None) -> Row:
    """A row with one cell."""
    wide = cell(text, span=len(_COLUMNS), align="left", face=face)
    return Row((wide,), keep_next=face is not None)


def levels(
    markup: Markup,
    line: str,
    *,
    several: bool,
    number: str = "层级.序号",
    drawn: bool = False,
) -> list[str]:
    """Return a loop over all levels, each with its heading and results.

    `number` is the field with the number of the heading; empty for none. `line` is the field that
    names a line of the table, `several` says whether a level has more than one subject, and
    `drawn` whether it has bars.
    """
    numbered = f"{{{{ {number} }}}}" if number else ""
    return [
        markup.paragraph(HEADING_1, "{%p for 层级 in 各层级 %}"),
        markup.paragraph(HEADING_1, f"{numbered}{{{{ 层级.情况 }}}}"),
        _results(markup, line, several=several, drawn=drawn),
        markup.paragraph(HEADING_1, "{%p endfor %}"),
    ]


def opinion_or_room(markup: Markup) -> str:
    """Return the summary of opinions, or lines to write it on if it is empty."""
    return "".join(
        (
            markup.paragraph(FLUSH, "{%p if 意见归纳 %}"),
            markup.paragraph(TEXT, "{{ 意见归纳 }}"),
            markup.paragraph(FLUSH, "{%p else %}"),
            room_to_write(markup),
            markup.paragraph(FLUSH, "{%p endif %}"),
        )
    )


def signature(markup: Markup) -> list[str]:
    """Return the signature and a blank date to fill in by hand."""
    left = WIDTH // 4
    return [
        markup.paragraph(FLUSH, keep_next=True),
        *(
            markup.paragraph(SIGNATURE, text, left=left, right=2 * INDENT, keep_next=True)
            for text in ("{%p for 句 in 落款行 %}", "{{ 句 }}", "{%p endfor %}")
        ),
        markup.paragraph(SIGNATURE, BLANK_DATE, left=left, right=2 * INDENT),
    ]


def form(markup: Markup, rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Return a table of names and values, two pairs a row; a single pair takes the whole row."""
    first = WIDTH * 18 // 100
    widths = [first, WIDTH // 2 - first, first, WIDTH - WIDTH // 2 - first]
    made = []
    for row in rows:
        span = 1 if len(row) == 2 else 3
        cells = [each for name, value in row for each in (label(name), cell(value, span=span))]
        made.append(Row(tuple(cells), height=400))
    return table(markup, widths, made)


def value(name: str) -> tuple[str, str]:
    """Return a pair of a field's name and the field itself, for `form`."""
    return name, f"{{{{ {name} }}}}"
