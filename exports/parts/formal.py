"""正式公文: the parts that a formal official document has and a letter has not (GB/T 9704-2012).

Red head, number, main recipient, note of attachments, signature with room for a seal, head of an
attachment, imprint. It goes up (上行文): its number stands at the left and who signs it at the
right. Never made here: copy number, secrecy, urgency, a seal. What nobody has filled in is left
for a pen.
"""

from __future__ import annotations

from collections.abc import Sequence

from exports.page.markup import Markup, ems, escape, even_lines, run_properties
from exports.page.master import Leaf, Orientation
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

# The text; an attachment of wide tables; the imprint on the back of the last sheet. That page
# holds nothing else and bears no number (7.5).
LEAVES = (
    Leaf(Orientation.PORTRAIT),
    Leaf(Orientation.LANDSCAPE),
    Leaf(Orientation.PORTRAIT, numbered=False, on_back=True),
)

_PAGE = Orientation.PORTRAIT
_WIDTH = _PAGE.text_width
_CHARACTER = 315  # twips of one character of text
_RED = "FF0000"

# The upper edge of the letterhead is 35 mm under that of the text area (7.2.4).
_LETTERHEAD_TOP = 1984
# Line height to size: so set, processors that centre a line and those that put four fifths of
# it over the baseline agree where the text stands.
_LEADING = 1.2
# From the top of such a line to the ink, to size.
_INK = 0.12
# In half-points: the largest letterhead, and the least of one line.
_LARGEST, _LEAST = 96, 52
# A long name is set narrow rather than low, as red heads are; in hundredths.
_NARROWEST = 60
# Characters are a little wider in some faces.
_FILLED = 0.98

# The red line is 4 mm under the number (7.2.7): points from the line's foot, which is two
# points under the characters.
_RED_LINE_GAP = 9
_RED_LINE = 16  # eighths of a point
_SIGNER = "签发人："
_BLANK_NUMBER = "　　"
_NAME_ROOM = 4

# Room for a hand to write an organ's name.
_BLANK_ORGAN = "　" * 14
_LONGEST_SIGNATURE = 26
_ATTACHMENT = "附件"

# Rules of the imprint (7.4): 0.35 mm above and below, 0.25 mm between, in eighths of a point.
_OUTER_RULE, _INNER_RULE = 8, 6
_IMPRINT_CHARACTER = 280


def document_number(code: str, year: int) -> str:
    """发文字号 of this 机关代字 (7.2.5), the number itself left for a pen; empty without a code."""
    return f"{code}〔{year}〕{_BLANK_NUMBER}号" if code else ""


def red_head(markup: Markup, letterhead: str, number: str, signer: str) -> str:
    """版头: the organ in red, then number and signer (签发人) over the red line, and the two
    blank lines that the title keeps from it (7.2.4 to 7.3.1)."""
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
    """The lines of a letterhead, its size in half-points, its width in hundredths: the largest
    that fits the width of the text."""
    room = _WIDTH / 10 * _FILLED

    def size_of(lines: Sequence[str]) -> int:
        return min(int(room * 100 / _NARROWEST / max(map(ems, lines))), _LARGEST)

    lines = [text]
    while size_of(lines) < _LEAST and len(lines) < 3:
        lines = even_lines(text, ems(text) / (len(lines) + 1) + 0.5)
    size = size_of(lines)
    return lines, size, min(int(room * 100 / size / max(map(ems, lines))), 100)


def _exact(style: ParagraphStyle, line: int, runs: str = "", *, mark: str = "") -> str:
    """A paragraph of this style with lines exactly `line` twips high."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style.id}"/>'
        f'<w:spacing w:line="{line}" w:lineRule="exact"/>{mark}</w:pPr>{runs}</w:p>'
    )


def _number_line(markup: Markup, number: str, signer: str) -> str:
    if signer:
        tab = f'<w:tab w:val="right" w:pos="{_WIDTH - _CHARACTER}"/>'
    else:
        # Room for a name and one character.
        at = _WIDTH - round(ems(_SIGNER) + _NAME_ROOM + 1) * _CHARACTER
        tab = f'<w:tab w:val="left" w:pos="{at}"/>'
    runs = (
        (markup.run(number, Face.TEXT) if number else "")
        + f"<w:r>{run_properties(markup.font_set, Face.TEXT)}<w:tab/></w:r>"
        + markup.run(_SIGNER, Face.TEXT)
        + (markup.run(signer, Face.KAI) if signer else "")
    )
    # An indent of the paragraph would shorten the red line; one of its first line does not.
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{DOCUMENT_NUMBER.id}"/><w:pBdr>'
        f'<w:bottom w:val="single" w:sz="{_RED_LINE}" w:space="{_RED_LINE_GAP}" '
        f'w:color="{_RED}"/></w:pBdr><w:tabs>{tab}</w:tabs></w:pPr>{runs}</w:p>'
    )


def recipient(markup: Markup, organ: str) -> str:
    """主送机关, flush left with its colon (7.3.2); room for a pen if nobody named one."""
    return markup.paragraph(FLUSH, f"{organ or _BLANK_ORGAN}：")


def attachment_note(markup: Markup, titles: Sequence[str]) -> str:
    """附件说明, a blank line under the text (7.3.4): no title marks, no sign at the end, lines
    under the first character of the title; held to what follows."""
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
    """署名 and date with room for a seal that presses on both (7.3.5.1): the date four
    characters from the right edge and left for a pen, the name centred over it; two blank lines
    above and one below, for the seal is higher than they. All held together and to the text
    above, if that is held to them."""
    lines = [*even_lines(organ, _LONGEST_SIGNATURE), BLANK_DATE]
    widest = max(ems(line) for line in lines)
    # From the right edge to the centre of both; the name may come near the edge, not over it.
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
    """附件 in 黑体 on the first line of its page, and the blank line that puts its title on the
    third (7.3.7). It has no number: there is one attachment."""
    return markup.paragraph(FLUSH, _ATTACHMENT, face=Face.HEI) + markup.paragraph(FLUSH)


def imprint(markup: Markup, copies: Sequence[str], printer: str) -> str:
    """版记 (7.4): who is sent a copy, if anybody; who printed it, and the day left for a pen. Its
    last rule is the lower edge of the text area."""
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
    # The table hangs on the paragraph after it; without one before it, LibreOffice hangs it on the
    # page before. Across, its place is said from the edge of the paper, for LibreOffice leaves
    # a table as wide as the text in the text otherwise.
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
    """印发机关 and the day, on one line if they fit."""
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
