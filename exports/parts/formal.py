"""The parts of a formal official document (公文) that a letter does not have, by GB/T 9704-2012.

Letterhead, document number, main recipient, attachment note, signature with space for a seal,
attachment heading and imprint. The layout is for a document sent to a superior (上行文): the number
is on the left and the signer on the right. Copy number, security level, urgency and the seal itself
are never generated. Anything not set is left blank to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from exports.page.markup import Markup, blank, ems, escape, run_properties
from exports.page.master import Leaf, Orientation
from exports.page.meaning import by_meaning, evenly
from exports.page.styles import (
    DOCUMENT_NUMBER,
    FLUSH,
    IMPRINT,
    LETTERHEAD,
    SIGNATURE,
    Face,
    ParagraphStyle,
)
from exports.parts.wording import BLANK_DATE

# The text, an attachment with wide tables, and the imprint on the back of the last leaf, which has
# nothing else on it and no page number (7.5).
LEAVES = (
    Leaf(Orientation.PORTRAIT),
    Leaf(Orientation.LANDSCAPE),
    Leaf(Orientation.PORTRAIT, numbered=False, on_back=True),
)

_PAGE = Orientation.PORTRAIT
_WIDTH = _PAGE.text_width
_CHARACTER = 315  # twips per character of body text
_RED = "FF0000"

# Twips. The letterhead starts 35 mm below the top of the text area (7.2.4).
_LETTERHEAD_TOP = 1984
# Ratio of line height to size. At this ratio, word processors that centre text in its line and
# those that put four fifths of the line above the baseline place it at the same height.
_LEADING = 1.2
# Distance from the top of such a line to the ink, as a ratio of the size.
_INK = 0.12
# Half-points: the largest letterhead, and the smallest that still stays on one line.
_LARGEST, _LEAST = 96, 52
# Percent. Letterheads with long names are condensed rather than made smaller.
_NARROWEST = 60
# Margin for fonts with slightly wider characters.
_FILLED = 0.98

# Points. The red line is 4 mm below the number (7.2.7), measured from the bottom of the text
# line, which is two points below the characters.
_RED_LINE_GAP = 9
_RED_LINE = 16  # eighths of a point
_SIGNER = "签发人："
_BLANK_YEAR = blank(3)
_BLANK_NUMBER = blank(2)
_NAME_ROOM = 4

# Space to write an organ's name by hand.
_BLANK_ORGAN = blank(14)
_LONGEST_SIGNATURE = 26
_ATTACHMENT = "附件"

# Rules of the imprint (7.4), in eighths of a point: 0.35 mm outside, 0.25 mm between.
_OUTER_RULE, _INNER_RULE = 8, 6
_IMPRINT_CHARACTER = 280


def document_number(code: str) -> str:
    """Return the 发文字号 for this 机关代字 (7.2.5), or an empty string without one.

    Year and serial number are those of issue, so both are left blank to be filled in by hand.
    """
    return f"{code}〔{_BLANK_YEAR}〕{_BLANK_NUMBER}号" if code else ""


def red_head(markup: Markup, letterhead: str, number: str, signer: str | None) -> str:
    """Return the 版头 (7.2.4 to 7.3.1).

    The organ's name in red, the document number and signer (签发人) above the red line, and the two
    blank lines required before the title. A document that goes down has no signer (None), and its
    number in the middle (7.2.5).
    """
    lines, size, scale = _fitted(letterhead)
    pitch = round(size * 10 * _LEADING)
    above = _LETTERHEAD_TOP - round(size * 10 * _INK)
    face = run_properties(
        markup.font_set,
        Face.TITLE,
        f'<w:color w:val="{_RED}"/><w:w w:val="{scale}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>',
    )
    head = "".join(
        _exact(LETTERHEAD, pitch, f"<w:r>{face}<w:t>{escape(line)}</w:t></w:r>") for line in lines
    )
    blank = markup.paragraph(FLUSH)
    mark = run_properties(markup.font_set, LETTERHEAD.face)
    return (
        _exact(LETTERHEAD, above, mark=mark)
        + head
        + blank * 2
        + _number_line(markup, number, signer)
        + blank * 2
    )


def _fitted(text: str) -> tuple[list[str], int, int]:
    """Return the lines of a letterhead, its size in half-points and its character width in percent.

    The size is the largest that fits the text width.
    """
    room = _WIDTH / 10 * _FILLED

    def size_of(lines: Sequence[str]) -> int:
        return min(int(room * 100 / _NARROWEST / max(map(ems, lines))), _LARGEST)

    lines = [text]
    while size_of(lines) < _LEAST and len(lines) < 3:
        lines = evenly(text, ems(text) / (len(lines) + 1) + 0.5)
    size = size_of(lines)
    return lines, size, min(int(room * 100 / size / max(map(ems, lines))), 100)


def _exact(style: ParagraphStyle, line: int, runs: str = "", *, mark: str = "") -> str:
    """Return a paragraph of this style with lines exactly `line` twips high."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style.id}"/>'
        f'<w:spacing w:line="{line}" w:lineRule="exact"/>{mark}</w:pPr>{runs}</w:p>'
    )


def _number_line(markup: Markup, number: str, signer: str | None) -> str:
    if signer is None:
        tab = f'<w:tab w:val="center" w:pos="{_WIDTH // 2}"/>'
    elif signer:
        tab = f'<w:tab w:val="right" w:pos="{_WIDTH - _CHARACTER}"/>'
    else:
        # Space for a name and one character.
        at = _WIDTH - round(ems(_SIGNER) + _NAME_ROOM + 1) * _CHARACTER
        tab = f'<w:tab w:val="left" w:pos="{at}"/>'
    said = markup.run(number, Face.TEXT) if number else ""
    mark = "" if said or signer is not None else run_properties(markup.font_set, Face.TEXT)
    step = f"<w:r>{run_properties(markup.font_set, Face.TEXT)}<w:tab/></w:r>"
    if signer is None:
        runs = step + said
    else:
        name = markup.run(signer, Face.KAI) if signer else ""
        runs = said + step + markup.run(_SIGNER, Face.TEXT) + name
    # Indenting the paragraph would shorten the red line; a first-line indent does not.
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{DOCUMENT_NUMBER.id}"/><w:pBdr>'
        f'<w:bottom w:val="single" w:sz="{_RED_LINE}" w:space="{_RED_LINE_GAP}" '
        f'w:color="{_RED}"/></w:pBdr><w:tabs>{tab}</w:tabs>{mark}</w:pPr>{runs}</w:p>'
    )


def recipient(markup: Markup, organ: str) -> str:
    """Return the 主送机关, flush left and followed by a colon (7.3.2).

    Blank to be filled in by hand if none is set.
    """
    return markup.paragraph(FLUSH, f"{organ or _BLANK_ORGAN}：")


def attachment_note(markup: Markup, titles: Sequence[str]) -> str:
    """Return the 附件说明, one blank line below the text (7.3.4).

    Titles carry no 书名号 and no closing punctuation, and continuation lines align with the first
    character of the title. Kept with the following paragraph.
    """
    blank = markup.paragraph(FLUSH, keep_next=True)
    lead = f"{_ATTACHMENT}："
    first = round((2 + ems(lead)) * _CHARACTER)
    found = [blank]
    for number, title in enumerate(titles, 1):
        count = f"{number}." if len(titles) > 1 else ""
        hang = round((ems(count) + (ems(lead) if number == 1 else 0)) * _CHARACTER)
        found.append(
            markup.paragraph(
                FLUSH,
                f"{lead if number == 1 else ''}{count}{title}",
                left=first + round(ems(count) * _CHARACTER),
                hanging=hang,
                keep_next=True,
            )
        )
    return "".join(found)


def signature(markup: Markup, organ: str) -> str:
    """Return the 署名 and date, with space for a seal pressed over both (7.3.5.1).

    The date, left blank to be filled in by hand, ends four characters from the right edge, with the
    name centred above it. The seal is taller than both, so there are two blank lines above and one
    below. Everything is kept on one page, together with the text above if that text is kept with
    the next paragraph.
    """
    lines = [*by_meaning(organ, _LONGEST_SIGNATURE), BLANK_DATE]
    widest = max(ems(line) for line in lines)
    # Distance from the right edge to the centre; the name may reach the edge but not cross it.
    centre = max(4 + ems(BLANK_DATE) / 2, (widest + 1) / 2)
    left = max(0, _WIDTH - round(2 * centre * _CHARACTER))
    blank = markup.paragraph(FLUSH, keep_next=True)
    return (
        blank * 2
        + "".join(
            markup.paragraph(SIGNATURE, line, left=left, align="center", keep_next=True)
            for line in lines
        )
        + markup.paragraph(FLUSH)
    )


def attachment_head(markup: Markup) -> str:
    """Return 附件 in 黑体 on the first line of its page, and a blank line.

    The title then starts on the third line (7.3.7). There is only one attachment, so it has no
    number.
    """
    return markup.paragraph(FLUSH, _ATTACHMENT, face=Face.HEI) + markup.paragraph(FLUSH)


def imprint(markup: Markup, copies: Sequence[str], printer: str) -> str:
    """Return the 版记 (7.4): who receives copies, if anyone, and who printed it.

    The printing date is left blank to be filled in by hand. The last rule lies on the lower edge of
    the text area.
    """
    rows = []
    if copies:
        lead = "抄送："
        hang = round(ems(lead)) * _IMPRINT_CHARACTER
        names = markup.paragraph(
            IMPRINT,
            f"{lead}{'，'.join(copies)}。",
            left=_IMPRINT_CHARACTER + hang,
            right=_IMPRINT_CHARACTER,
            hanging=hang,
        )
        rows.append(names)
    rows.append(_printed(markup, printer))
    cells = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{_WIDTH}" w:type="dxa"/>'
        f'<w:vAlign w:val="center"/></w:tcPr>{row}</w:tc></w:tr>'
        for row in rows
    )
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for side, size in (("top", _OUTER_RULE), ("bottom", _OUTER_RULE), ("insideH", _INNER_RULE))
    )
    # A floating table is anchored to the paragraph after it. LibreOffice moves it to the previous
    # page unless there is a paragraph before it too, and does not float a table as wide as the
    # text unless its position is given from the edge of the page.
    blank = markup.paragraph(FLUSH)
    return (
        f"{blank}<w:tbl>"
        '<w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" '
        f'w:horzAnchor="page" w:tblpX="{_PAGE.left_margin}" w:tblpYSpec="bottom"/>'
        f'<w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{_WIDTH}"/></w:tblGrid>{cells}</w:tbl>{blank}'
    )


def _printed(markup: Markup, printer: str) -> str:
    """Return the 印发机关 and date, on one line if they fit."""
    day = f"{BLANK_DATE}印发"
    if (ems(printer) + ems(day) + 3) * _IMPRINT_CHARACTER > _WIDTH:
        return markup.paragraph(IMPRINT, printer, left=_IMPRINT_CHARACTER) + markup.paragraph(
            IMPRINT, day, right=_IMPRINT_CHARACTER, align="right"
        )
    at = _WIDTH - _IMPRINT_CHARACTER
    face = run_properties(markup.font_set, IMPRINT.face)
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{IMPRINT.id}"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{at}"/></w:tabs>'
        f'<w:ind w:left="{_IMPRINT_CHARACTER}"/></w:pPr>'
        f"{markup.run(printer, IMPRINT.face)}<w:r>{face}<w:tab/></w:r>"
        f"{markup.run(day, IMPRINT.face)}</w:p>"
    )
