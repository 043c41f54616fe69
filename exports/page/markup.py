"""Build paragraphs and runs of WordprocessingML as strings.

Building a letter as a string is about fifty times faster than building objects. It is safe
because all text goes through `escape`, and only the modules of this package write tags. Every run
names its font for East Asian, ASCII, other and complex scripts; otherwise a word processor picks
its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from exports.page.meaning import by_meaning
from exports.page.styles import FONT_SETS, TITLE, Face, ParagraphStyle

# Characters that XML forbids, control characters, and characters that hide text or change its
# direction. Variation selectors and the private use area are kept: rare names need them.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("[\t\r\n]+")
# Most texts contain none of these and need only one scan.
_SPECIAL = re.compile(f"[\t\r\n&<>]|{_DROPPED.pattern}")


def escape(text: str) -> str:
    """Escape `text` as XML character data.

    Forbidden and invisible characters are removed; tabs and line breaks become a space.
    """
    if not _SPECIAL.search(text):
        return text
    clean = _BREAKS.sub(" ", _DROPPED.sub("", text))
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=8192)
def ems(text: str) -> float:
    """Return the width of `text` in full-width characters; a half-width one counts as half."""
    return sum(0.5 if char < "\u2000" and char != "·" else 1.0 for char in text)


# The widest digits, points and percent signs among the faces that a machine without ours puts in
# their place, and what LibreOffice adds between a digit and a Chinese character.
_WIDEST = {"%": 0.96, ".": 0.34}
_WIDEST_DIGIT, _BESIDE = 0.64, 0.25
_SEAMS = re.compile(r"(?<=[0-9%])(?=[\u2e80-\u9fff])|(?<=[\u2e80-\u9fff])(?=[0-9])")


@lru_cache(maxsize=8192)
def widest(text: str) -> float:
    """Return the width in full-width characters that `text` may take in a face other than ours.

    For what must not be broken: numbers, shares and dates.
    """
    found = sum(
        _WIDEST_DIGIT if char.isdecimal() and char.isascii() else _WIDEST.get(char, ems(char))
        for char in text
    )
    return found + _BESIDE * len(_SEAMS.findall(text))


_BLANK = "\u00a0"
_BLANKS = re.compile(f"({_BLANK}{{2,}})")
_UNDERLINE = '<w:u w:val="single"/>'


def blank(characters: int) -> str:
    """Return room to write this many characters by hand, as part of a paragraph's text.

    A paragraph underlines it. Being made of spaces that bind, it is neither broken nor, as
    ideographic spaces are, swallowed at the end of a line.
    """
    return _BLANK * (2 * characters)


@cache
def run_properties(font_set: str, face: Face, extra: str = "") -> str:
    """Return the `w:rPr` of a run in a face; `extra` adds properties, in schema order."""
    name = FONT_SETS[font_set][face]
    return (
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{name}" w:hAnsi="{name}" '
        f'w:eastAsia="{name}" w:cs="{name}"/>{extra}</w:rPr>'
    )


class Markup:
    """Builds paragraphs in the fonts of one font set."""

    def __init__(self, font_set: str) -> None:
        self.font_set = font_set

    def run(self, text: str, face: Face) -> str:
        """Return a run, or several where `text` has blanks to be filled in by hand."""
        if _BLANK in text and len(parts := _BLANKS.split(text)) > 1:
            return "".join(
                f"<w:r>{run_properties(self.font_set, face, _UNDERLINE if number % 2 else '')}"
                f'<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
                for number, part in enumerate(parts)
                if part
            )
        return (
            f"<w:r>{run_properties(self.font_set, face)}"
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        )

    def writing_lines(
        self, style: ParagraphStyle, count: int, width: int, *, keep_next: bool
    ) -> str:
        """Return `count` lines, `width` twips long, to be written on by hand.

        They are kept together; with `keep_next`, also with the following paragraph.
        """
        face = run_properties(self.font_set, style.face, _UNDERLINE)
        mark = run_properties(self.font_set, style.face)
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
        return "".join(
            f'<w:p><w:pPr><w:pStyle w:val="{style.id}"/>{keep}{tab}{mark}</w:pPr>'
            f"<w:r>{face}<w:tab/></w:r></w:p>"
            for keep in (*["<w:keepNext/>"] * (count - 1), "<w:keepNext/>" if keep_next else "")
        )

    def paragraph(
        self,
        style: ParagraphStyle,
        text: str = "",
        *,
        face: Face | None = None,
        align: str = "",
        left: int = 0,
        right: int = 0,
        hanging: int = 0,
        keep_next: bool = False,
        keep_lines: bool = False,
        new_page: bool = False,
        frame: str = "",
        border: str = "",
    ) -> str:
        """Return a paragraph.

        Indents are in twips; `border` is the content of `w:pBdr`, and `frame` the attributes of
        `w:framePr` that take it out of the text. With `new_page`, it begins a page.
        """
        properties = f'<w:pStyle w:val="{style.id}"/>'
        if keep_next:
            properties += "<w:keepNext/>"
        if keep_lines:
            properties += "<w:keepLines/>"
        if new_page:
            properties += "<w:pageBreakBefore/>"
        if frame:
            properties += f"<w:framePr {frame}/>"
        if border:
            properties += f"<w:pBdr>{border}</w:pBdr>"
        if left or right or hanging:
            # Reset the indent in characters: one from the style would override these.
            hang = f'w:hanging="{hanging}"' if hanging else 'w:firstLineChars="0" w:firstLine="0"'
            properties += f'<w:ind w:left="{left}" w:right="{right}" {hang}/>'
        if align:
            properties += f'<w:jc w:val="{align}"/>'
        runs = self.run(text, face or style.face) if text else ""
        # The height of an empty paragraph is that of its mark, so the mark needs the font too.
        mark = "" if text else run_properties(self.font_set, face or style.face)
        return f"<w:p><w:pPr>{properties}{mark}</w:pPr>{runs}</w:p>"

    def paragraphs(self, style: ParagraphStyle, texts: Iterable[str]) -> str:
        """Return one paragraph for each text."""
        return "".join(self.paragraph(style, text) for text in texts)

    def title(self, parts: Iterable[str], width: int) -> str:
        """Return a title with each part on its own line.

        Parts too long for `width` twips are broken by meaning (GB/T 9704-2012, 7.3.1).
        """
        capacity = width / (TITLE.size * 10) - 0.5
        lines = [line for part in parts for line in by_meaning(part, capacity)]
        return self.paragraphs(TITLE, lines)
