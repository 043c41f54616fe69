"""Paragraphs and runs of WordprocessingML as text, from plain strings.

A letter is built as text because that is some fifty times faster than building objects; what
makes it safe is that all text passes `escape`, and that nothing else in the house writes tags.
Every run names its face for East Asian, ASCII, other and complex scripts, for otherwise a word
processor picks one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from exports.page.styles import FONT_SETS, TITLE, Face, ParagraphStyle

# What XML forbids, controls, and the signs that turn or hide text. Variation selectors and the
# private use area stay: rare characters in names are written with them.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("[\t\r\n]+")
# Whatever is not plain: most texts are, and need no more than to be looked through once.
_SPECIAL = re.compile(f"[\t\r\n&<>]|{_DROPPED.pattern}")


def escape(text: str) -> str:
    """`text` as XML character data: forbidden and invisible characters are dropped, tabs and
    line ends become a space."""
    if not _SPECIAL.search(text):
        return text
    clean = _BREAKS.sub(" ", _DROPPED.sub("", text))
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=8192)
def ems(text: str) -> float:
    """The width of `text` in characters: a half-width sign counts as a half."""
    return sum(0.5 if char < "\u2000" and char != "·" else 1.0 for char in text)


@cache
def run_properties(font_set: str, face: Face, extra: str = "") -> str:
    """The `w:rPr` of a run in a face; `extra` is further properties, in schema order."""
    name = FONT_SETS[font_set][face]
    return (
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{name}" w:hAnsi="{name}" '
        f'w:eastAsia="{name}" w:cs="{name}"/>{extra}</w:rPr>'
    )


class Markup:
    """Writes paragraphs in the faces of one font set."""

    def __init__(self, font_set: str) -> None:
        self.font_set = font_set

    def run(self, text: str, face: Face) -> str:
        """One run."""
        return (
            f"<w:r>{run_properties(self.font_set, face)}"
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
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
        border: str = "",
    ) -> str:
        """One paragraph. Indents in twips; `border` is the content of `w:pBdr`."""
        properties = f'<w:pStyle w:val="{style.id}"/>'
        if keep_next:
            properties += "<w:keepNext/>"
        if keep_lines:
            properties += "<w:keepLines/>"
        if border:
            properties += f"<w:pBdr>{border}</w:pBdr>"
        if left or right or hanging:
            # In characters first: a style's indent in characters would outweigh these.
            hang = f'w:hanging="{hanging}"' if hanging else 'w:firstLineChars="0" w:firstLine="0"'
            properties += f'<w:ind w:left="{left}" w:right="{right}" {hang}/>'
        if align:
            properties += f'<w:jc w:val="{align}"/>'
        runs = self.run(text, face or style.face) if text else ""
        # An empty paragraph's height is that of its mark, which needs the face as well.
        mark = "" if text else run_properties(self.font_set, face or style.face)
        return f"<w:p><w:pPr>{properties}{mark}</w:pPr>{runs}</w:p>"

    def paragraphs(self, style: ParagraphStyle, texts: Iterable[str]) -> str:
        """One paragraph a text."""
        return "".join(self.paragraph(style, text) for text in texts)

    def title(self, parts: Iterable[str], width: int) -> str:
        """A title, each part on a line of its own, parts too long for `width` twips broken into
        even lines (GB/T 9704-2012, 7.3.1: broken by meaning)."""
        capacity = width / (TITLE.size * 10) - 0.5
        lines = [line for part in parts for line in even_lines(part, capacity)]
        return self.paragraphs(TITLE, lines)


# Signs that must not begin a line, and words that must not be cut.
_NO_START = "，。、；：！？）》”’〉】〕·％%"
_WORD = re.compile(r"[0-9A-Za-z.]+年?度?|（[^（）]{0,4}）|[\s\S]")


def even_lines(text: str, capacity: float) -> list[str]:
    """`text` in as few lines of `capacity` characters as it needs, of much the same length.

    Numbers and the signs that belong to the character before them stay together.
    """
    pieces: list[str] = []
    for piece in _WORD.findall(text):
        if pieces and piece[0] in _NO_START:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    total = ems(text)
    count = max(1, -int(-total // capacity))
    target = total / count
    lines: list[str] = []
    line = ""
    for piece in pieces:
        room = len(lines) < count - 1
        full = ems(line) + ems(piece) / 2 > target if room else False
        if line and (full or ems(line) + ems(piece) > capacity):
            lines.append(line)
            line = ""
        line += piece
    return [*lines, line] if line else lines
