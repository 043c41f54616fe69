"""Fonts and paragraph styles of official documents, as data.

Sizes and faces follow GB/T 9704-2012: text in 3号仿宋 (5.2.2), title in 2号小标宋 and not bold
(7.3.1), headings of the first two levels in 黑体 and 楷体 (7.3.3), page number in 4号宋体 (7.5).
Fonts are named but not bundled, because they are licensed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

LINE_PITCH = 579  # twips, for 22 lines a page; one twip more loses a line


class Face(Enum):
    """A typeface, independent of the font set that supplies it."""

    TITLE = "小标宋"
    TEXT = "仿宋"
    KAI = "楷体"
    HEI = "黑体"
    SONG = "宋体"


_SAME = {Face.TITLE: "方正小标宋简体", Face.HEI: "黑体", Face.SONG: "宋体"}
FONT_SETS: dict[str, dict[Face, str]] = {
    "gb2312": {Face.TEXT: "仿宋_GB2312", Face.KAI: "楷体_GB2312", **_SAME},
    "windows": {Face.TEXT: "仿宋", Face.KAI: "楷体", **_SAME},
}


@dataclass(frozen=True)
class ParagraphStyle:
    """A paragraph style."""

    id: str
    """Its `w:styleId`."""
    name: str
    """Its name in a word processor."""
    face: Face
    """Its face."""
    size: int
    """Font size in half-points."""
    align: str = "both"
    """Alignment, a value of `w:jc`."""
    line: int = LINE_PITCH
    """Exact line height in twips."""
    first_line: int = 0
    """First-line indent in hundredths of a character."""
    tracking: int = 0
    """Twips added to the width of each character."""
    before: int = 0
    """Space before the paragraph in twips."""
    keep_next: bool = False
    """Whether it is kept on the page of the next paragraph."""
    outline: int | None = None
    """Outline level from 0; None for text."""


# 28 characters of 16 pt fit into 156 mm only if each is a quarter point narrower.
_TIGHT = -5

TITLE = ParagraphStyle("Title", "Title", Face.TITLE, 44, "center", keep_next=True)
MARKER = ParagraphStyle("Marker", "未定标记", Face.HEI, 32, "center", keep_next=True)
TEXT = ParagraphStyle("Text", "公文正文", Face.TEXT, 32, first_line=200, tracking=_TIGHT)
FLUSH = ParagraphStyle("Flush", "顶格", Face.TEXT, 32, tracking=_TIGHT)
HEADING_1 = ParagraphStyle(
    "Heading1",
    "heading 1",
    Face.HEI,
    32,
    first_line=200,
    tracking=_TIGHT,
    keep_next=True,
    outline=0,
)
HEADING_2 = ParagraphStyle(
    "Heading2",
    "heading 2",
    Face.KAI,
    32,
    first_line=200,
    tracking=_TIGHT,
    keep_next=True,
    outline=1,
)
SIGNATURE = ParagraphStyle("SignatureBlock", "落款", Face.TEXT, 32, "center", tracking=_TIGHT)
CAPTION = ParagraphStyle(
    "TableCaption", "表题", Face.HEI, 28, "left", line=500, before=120, keep_next=True
)
UNDER_CAPTION = ParagraphStyle(
    "TablePaper", "表前说明", Face.TEXT, 24, "left", line=400, keep_next=True
)
NOTE = ParagraphStyle("TableNote", "表注", Face.TEXT, 24, "both", line=360)
ITEMS = ParagraphStyle("ItemList", "测评内容", Face.TEXT, 24, "both", line=360, first_line=200)
BALLOT_ROUND = ParagraphStyle("BallotRound", "测评票轮次", Face.KAI, 28, "center", line=420)
BALLOT_HEAD = ParagraphStyle("BallotHead", "测评票栏目", Face.TEXT, 24, "left", line=380)
# 填票说明: 小四 if the page has room, otherwise 五号.
BALLOT_RULES: tuple[ParagraphStyle, ...] = tuple(
    ParagraphStyle(f"BallotRule{size}", f"填票说明{size // 2}", Face.TEXT, size, "both", line)
    for size, line in ((24, 350), (21, 300))
)
BETWEEN_TABLES = ParagraphStyle("BetweenTables", "表间", Face.TEXT, 15, line=100)
# Formal documents: lines are 1.2 times as high as the characters.
LETTERHEAD = ParagraphStyle("Letterhead", "发文机关标志", Face.TITLE, 96, "center", line=1152)
DOCUMENT_NUMBER = ParagraphStyle(
    "DocumentNumber",
    "发文字号",
    Face.TEXT,
    32,
    "left",
    line=384,
    first_line=100,
    tracking=_TIGHT,
    before=195,
)
IMPRINT = ParagraphStyle("Imprint", "版记", Face.TEXT, 28, line=480)
PAGE_NUMBER = ParagraphStyle("Footer", "footer", Face.SONG, 28, "right", line=312)

# Table text: 小四, 五号, 10 pt, 小五, 六号. A wide table uses the largest that fits.
CELLS: dict[int, ParagraphStyle] = {
    size: ParagraphStyle(f"Cell{size}", f"表文{size // 2}", Face.TEXT, size, "center", line)
    for size, line in ((24, 340), (21, 300), (20, 290), (18, 260), (15, 220))
}

# The paragraph after a table that ends a document. Word processors want one and, where there is
# none, make one of full height, which may take a page of its own. 22 lines leave 18 twips.
CLOSING = ParagraphStyle("Closing", "文尾", Face.TEXT, 2, line=14)
# Tables of ballots: 4号 down to 小五, tightly set, so that the largest text that fits can be used.
BALLOT_CELLS: dict[int, ParagraphStyle] = {
    size: ParagraphStyle(f"BallotCell{size}", f"票文{size // 2}", Face.TEXT, size, "center", line)
    for size, line in ((28, 360), (24, 310), (21, 280), (18, 250))
}

STYLES: tuple[ParagraphStyle, ...] = (
    TITLE,
    MARKER,
    TEXT,
    FLUSH,
    HEADING_1,
    HEADING_2,
    SIGNATURE,
    CAPTION,
    UNDER_CAPTION,
    NOTE,
    ITEMS,
    BALLOT_ROUND,
    BALLOT_HEAD,
    *BALLOT_RULES,
    CLOSING,
    BETWEEN_TABLES,
    LETTERHEAD,
    DOCUMENT_NUMBER,
    IMPRINT,
    PAGE_NUMBER,
    *CELLS.values(),
    *BALLOT_CELLS.values(),
)


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_INSTEAD = {
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "仿宋": "FangSong",
    "楷体": "KaiTi",
    "黑体": "SimHei",
    "宋体": "SimSun",
    "方正小标宋简体": "华文中宋",
}
_COLOURS = (
    ("dk1", "000000"),
    ("lt1", "FFFFFF"),
    ("dk2", "404040"),
    ("lt2", "F2F2F2"),
    ("accent1", "595959"),
    ("accent2", "7F7F7F"),
    ("accent3", "A6A6A6"),
    ("accent4", "BFBFBF"),
    ("accent5", "D9D9D9"),
    ("accent6", "404040"),
    ("hlink", "000000"),
    ("folHlink", "000000"),
)


def font_table(font_set: str) -> bytes:
    """Return `word/fontTable.xml` for a font set."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{_INSTEAD[name]}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name in sorted(set(FONT_SETS[font_set].values()))
    )
    return f'{_HEAD}<w:fonts xmlns:w="{_WORD}">{fonts}</w:fonts>'.encode()


def theme(font_set: str) -> bytes:
    """Return `word/theme/theme1.xml`: the text face of a font set and greys."""
    face = FONT_SETS[font_set][Face.TEXT]
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS
    )
    fonts = "".join(
        f'<a:{kind}><a:latin typeface="{face}"/><a:ea typeface="{face}"/>'
        f'<a:cs typeface="{face}"/></a:{kind}>'
        for kind in ("majorFont", "minorFont")
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{_HEAD}<a:theme xmlns:a="{_DRAWING}" name="公文"><a:themeElements>'
        f'<a:clrScheme name="公文">{colours}</a:clrScheme>'
        f'<a:fontScheme name="公文">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    ).encode()
