"""The page of GB/T 9704-2012 and the master documents built from it.

An A4 page with margins of 37, 35, 28 and 26 mm (5.2.1) holds 22 lines of 28 characters (5.2.3).
Lines are exactly 28.95 pt apart and characters a quarter point narrower than their size. The
document grid has lines only; any other grid loses a line or half of the characters. Each master
is built once, with python-docx, which is imported only then.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from exports.page.markup import Markup, run_properties
from exports.page.package import DOCUMENT, Master
from exports.page.styles import (
    CLOSING,
    LINE_PITCH,
    PAGE_NUMBER,
    STYLES,
    Face,
    ParagraphStyle,
    font_table,
    theme,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.enum.section import WD_SECTION
    from docx.section import Section

_LONG, _SHORT = 16838, 11906  # A4 in twips
_TOP, _BOTTOM, _LEFT, _RIGHT = 2098, 1984, 1587, 1474  # 37, 35, 28, 26 mm
# The dash of the page number is 7 mm below the text (7.5). Half of its 5.5 mm line is below the
# dash, which leaves this much of the 35 mm margin.
_FOOTER = 1430  # 25.23 mm
_NUMBER_INDENT = 280  # one 4号 character
_NUMBER_GAP = 397  # 7 mm
_NUMBER_LENGTH = 1400  # room for five characters


class Orientation(Enum):
    """The orientation of a document's pages.

    Landscape pages keep the margins of the bound paper: the top of a landscape table is on the
    binding side (clause 8).
    """

    PORTRAIT = "竖排"
    LANDSCAPE = "横排"

    @property
    def text_width(self) -> int:
        """The width of the text area (版心) in twips."""
        if self is Orientation.PORTRAIT:
            return _SHORT - _LEFT - _RIGHT
        return _LONG - _TOP - _BOTTOM

    @property
    def left_margin(self) -> int:
        """The left margin in twips."""
        return _LEFT if self is Orientation.PORTRAIT else _BOTTOM


@dataclass(frozen=True)
class Leaf:
    """The pages of one section."""

    orientation: Orientation
    """Their orientation."""
    numbered: bool = True
    """Whether they have page numbers."""
    on_back: bool = False
    """Whether the section starts on an even page, the back of a piece of paper."""


@cache
def master(orientation: Orientation, font_set: str, mark: str = "") -> Master:
    """Return the cached master for an orientation and a font set (`gb2312` or `windows`), with
    `mark` at the top of every page."""
    return _made((Leaf(orientation),), font_set, mark)


@cache
def bound_master(leaves: tuple[Leaf, ...], font_set: str) -> Master:
    """Return the cached master for a document of several sections.

    Each section starts on a new page, and page numbers run through all of them.
    """
    return _made(leaves, font_set)


def _made(leaves: Sequence[Leaf], font_set: str, mark: str = "") -> Master:
    import docx
    from docx.enum.section import WD_SECTION

    document = docx.Document()
    _strip(document, font_set)
    _set_styles(document, font_set)
    _set_settings(document)
    body = "exports-body"
    for number, leaf in enumerate(leaves):
        if number:
            kind = WD_SECTION.EVEN_PAGE if leaf.on_back else WD_SECTION.NEW_PAGE
            _end_section(document, kind, font_set)
        _set_page(document.sections[-1], leaf, font_set)
        if mark:
            _set_mark(document.sections[-1], mark, font_set)
        document.add_paragraph(body)
    plain = io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    text = contents[DOCUMENT].decode()
    closing = Markup(font_set).paragraph(CLOSING)
    return Master.of(contents, closing, *text.split(f"<w:p><w:r><w:t>{body}</w:t></w:r></w:p>"))


def _end_section(document: Document, kind: WD_SECTION, font_set: str) -> None:
    """End the section with a paragraph low enough to fit below 22 lines.

    A paragraph of normal height would take a page of its own.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document.add_section(kind)
    ends: Any = document.element.body.findall(f"{_w('p')}/{_w('pPr')}")
    spacing = f'<w:spacing {nsdecls("w")} w:line="{CLOSING.line}" w:lineRule="exact"/>'
    mark = run_properties(font_set, Face.TEXT, '<w:sz w:val="2"/>')
    break_ = ends[-1].find(_w("sectPr"))
    break_.addprevious(parse_xml(spacing))
    break_.addprevious(parse_xml(mark.replace("<w:rPr", f"<w:rPr {nsdecls('w')}", 1)))


def _strip(document: Document, font_set: str) -> None:
    """Remove the default template's thumbnail and author, and replace its theme and font table."""
    own = {"/fontTable": font_table(font_set), "/theme": theme(font_set)}
    kept = ("/styles", "/settings", "/officeDocument", "/core-properties", *own)
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if not relation.reltype.endswith(kept):
                del relations[key]
    for ending, content in own.items():
        kind = next(kind for kind in _kinds_of(document) if kind.endswith(ending))
        part: Any = document.part.part_related_by(kind)
        part._blob = content
    core = document.core_properties._element
    for child in list(core):
        core.remove(child)


def _kinds_of(document: Document) -> list[str]:
    return [relation.reltype for relation in document.part.rels.values()]


def _set_styles(document: Document, font_set: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    styles: Any = document.styles.element
    for child in list(styles):
        styles.remove(child)
    defaults = (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault>"
        f"{run_properties(font_set, Face.TEXT, _language_and_size(32))}"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    styles.append(parse_xml(defaults))
    normal = (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:default="1" w:styleId="Normal">'
        f'<w:name w:val="Normal"/><w:qFormat/><w:pPr>{_BASE_PARAGRAPH}'
        f'{_spacing(LINE_PITCH, 0)}<w:jc w:val="both"/></w:pPr></w:style>'
    )
    styles.append(parse_xml(normal))
    for style in STYLES:
        styles.append(parse_xml(_style(style, font_set, nsdecls("w"))))


# Without widow control and snapping to the grid, a tall line takes its own height and not two grid
# rows. Without automatic spacing, digits in Chinese text keep to 28 characters a line. Hanging
# punctuation is set explicitly: without it, a word processor dropped a character just past a full
# line.
_BASE_PARAGRAPH = '<w:widowControl w:val="0"/>'
_LINE_RULES = '<w:overflowPunct w:val="1"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'


def _language_and_size(size: int) -> str:
    # Digits are not marked as Chinese, or LibreOffice breaks them anywhere: 98.|28%.
    return (
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    )


def _spacing(line: int, before: int) -> str:
    return (
        f'{_LINE_RULES}<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="{before}" w:after="0" w:line="{line}" w:lineRule="exact"/>'
    )


def _style(style: ParagraphStyle, font_set: str, namespaces: str) -> str:
    paragraph = "<w:keepNext/>" if style.keep_next else ""
    paragraph += _BASE_PARAGRAPH + _spacing(style.line, style.before)
    if style.first_line:
        # Twips are for word processors that ignore indents in characters.
        twips = style.first_line * (style.size * 10 + style.tracking) // 100
        paragraph += f'<w:ind w:firstLineChars="{style.first_line}" w:firstLine="{twips}"/>'
    paragraph += f'<w:jc w:val="{style.align}"/>'
    if style.outline is not None:
        paragraph += f'<w:outlineLvl w:val="{style.outline}"/>'
    tracking = f'<w:spacing w:val="{style.tracking}"/>' if style.tracking else ""
    sizes = f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'
    return (
        f'<w:style {namespaces} w:type="paragraph" w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>{run_properties(font_set, style.face, tracking + sizes)}"
        "</w:style>"
    )


def _set_settings(document: Document) -> None:
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import nsdecls

    settings: Any = document.settings.element
    for child in list(settings):
        settings.remove(child)
    for name, value in (
        ("w:zoom", "100"),
        ("w:evenAndOddHeaders", None),
        ("w:characterSpacingControl", "doNotCompress"),
    ):
        element: Any = OxmlElement(name)
        if name == "w:zoom":
            element.set(_w("percent"), value)
        elif value:
            element.set(_w("val"), value)
        settings.append(element)
    modes = "".join(
        f'<w:compatSetting w:name="{name}" '
        f'w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    )
    settings.append(parse_xml(f"<w:compat {nsdecls('w')}>{modes}</w:compat>"))


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _set_page(section: Section, leaf: Leaf, font_set: str) -> None:
    from docx.enum.section import WD_ORIENTATION
    from docx.oxml import OxmlElement
    from docx.shared import Twips

    turned = leaf.orientation is Orientation.LANDSCAPE
    section.orientation = WD_ORIENTATION.LANDSCAPE if turned else WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = (
        (Twips(_LONG), Twips(_SHORT)) if turned else (Twips(_SHORT), Twips(_LONG))
    )
    margins = (_LEFT, _RIGHT, _BOTTOM, _TOP) if turned else (_TOP, _BOTTOM, _LEFT, _RIGHT)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(
        Twips, margins
    )
    section.gutter = Twips(0)
    section.header_distance = Twips(851)
    section.footer_distance = Twips(_FOOTER if not turned else _RIGHT // 2)
    properties: Any = section._sectPr
    for grid in properties.findall(_w("docGrid")):
        properties.remove(grid)
    grid = OxmlElement("w:docGrid")
    grid.set(_w("type"), "lines")
    grid.set(_w("linePitch"), str(LINE_PITCH))
    properties.append(grid)
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        _set_page_number(footer._element, align if leaf.numbered else "", font_set, turned=turned)


def _set_mark(section: Section, mark: str, font_set: str) -> None:
    """Set a line in the middle of the upper margin of every page."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        element: Any = header._element
        for child in list(element):
            element.remove(child)
        line = (
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{PAGE_NUMBER.id}"/>'
            f'<w:jc w:val="center"/></w:pPr><w:r>{run_properties(font_set, Face.HEI)}'
            f"<w:t>{mark}</w:t></w:r></w:p>"
        )
        element.append(parse_xml(line))


def _set_page_number(footer: Any, align: str, font_set: str, *, turned: bool) -> None:
    """Add the page number `— n —` one character from the outer edge.

    It is on the right on odd pages and on the left on even pages (7.5). Without `align` the page
    has no number. An empty line then fills the space between the text and the footer, because
    LibreOffice moves a table at the bottom of the text down by any gap.

    On a landscape page the number keeps its place on the bound paper (clause 8): a frame puts it
    in the left margin, reading downwards, low on odd pages and high on even pages.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    for child in list(footer):
        footer.remove(child)
    face = run_properties(font_set, PAGE_NUMBER.face)
    style = f'<w:pStyle w:val="{PAGE_NUMBER.id}"/>'
    if not align:
        line = f'<w:spacing w:line="{_BOTTOM - _FOOTER}" w:lineRule="exact"/>'
        footer.append(parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{style}{line}{face}</w:pPr></w:p>"))
        return

    def run(content: str) -> str:
        return f"<w:r>{face}{content}</w:r>"

    runs = (
        run('<w:t xml:space="preserve">— </w:t>')
        + run('<w:fldChar w:fldCharType="begin"/>')
        + run('<w:instrText xml:space="preserve"> PAGE </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run("<w:t>1</w:t>")
        + run('<w:fldChar w:fldCharType="end"/>')
        + run('<w:t xml:space="preserve"> —</w:t>')
    )
    if turned:
        low = _SHORT - _RIGHT - _NUMBER_INDENT - _NUMBER_LENGTH
        top = low if align == "right" else _LEFT + _NUMBER_INDENT
        side = _BOTTOM - _NUMBER_GAP - PAGE_NUMBER.line // 2
        properties = (
            f'{style}<w:framePr w:w="{PAGE_NUMBER.line}" w:h="{_NUMBER_LENGTH}" w:hRule="exact" '
            f'w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="{side}" w:y="{top}"/>'
            f'<w:jc w:val="{align}"/><w:textDirection w:val="tbRl"/>'
        )
    else:
        properties = f'{style}<w:ind w:{align}="{_NUMBER_INDENT}"/><w:jc w:val="{align}"/>'
    namespace = nsdecls("w")
    footer.append(parse_xml(f"<w:p {namespace}><w:pPr>{properties}</w:pPr>{runs}</w:p>"))
    if turned:
        # A frame is anchored to the paragraph after it.
        mark = f"<w:pPr>{style}{run_properties(font_set, PAGE_NUMBER.face)}</w:pPr>"
        footer.append(parse_xml(f"<w:p {namespace}>{mark}</w:p>"))
