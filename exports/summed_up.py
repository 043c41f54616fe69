"""群众意见归纳 in a letter: the office's own summary, or room to write it by hand."""

from __future__ import annotations

from exports.markup import Markup
from exports.page import Orientation
from exports.styles import TEXT
from exports.table import Row, cell, table

_ROOM = 1100  # twips, some three lines by hand


def summed_up(markup: Markup, text: str) -> str:
    """The summary as running text; an empty box where nobody typed one."""
    if text:
        return markup.paragraph(TEXT, text)
    row = Row((cell(""),), height=_ROOM, keep_next=True)
    return table(markup, [Orientation.PORTRAIT.text_width], [row])
