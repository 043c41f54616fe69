"""What a page is composed of, in every document: how a body ends, what is kept together, what is
filled in by hand.

These are rules of the file, for engines other than the one that sets the pages of
`test_rendered_pages`: each does something that LibreOffice does not show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from exports.page.styles import FONT_SETS, LINE_PITCH, STYLES, TEXT, font_table
from tests.exports.conftest import Written
from tests.exports.reading import W

# Two offices are made, keyed and sealed first, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)

# Of a page of 22 lines, in twips. A longer chain leaves more than that empty.
LONGEST_CHAIN = 13 * LINE_PITCH
# Twips: a row as high as this is a box to write into.
BOX = 1000
LINES = {style.id: style.line for style in STYLES}
KEPT = {style.id for style in STYLES if style.keep_next}


def documents(written: list[Written]) -> Iterator[Written]:
    """Those that are Word files."""
    return (each for each in written if each.job.relative_path.suffix == ".docx")


def test_no_body_ends_with_a_table(written: list[Written]) -> None:
    """Else an engine adds a line of full height, which makes a blank page after a full one."""
    for each in documents(written):
        *_, last, section = list(each.body)
        assert section.tag == f"{W}sectPr"
        assert last.tag == f"{W}p", each.name
        for before, after in zip(each.body, list(each.body)[1:], strict=False):
            assert not before.tag == after.tag == f"{W}tbl", (each.name, "tables grow together")


@pytest.mark.parametrize("font_set", FONT_SETS)
def test_another_name_of_a_font_is_one_name(font_set: str) -> None:
    names = re.findall(r'<w:altName w:val="([^"]+)"/>', font_table(font_set).decode())
    assert names
    assert all(re.fullmatch(r"\w+", name) for name in names)


def style_of(paragraph: Any) -> str:
    """A paragraph's style; that of plain text for one that ends a section."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return TEXT.id if style is None else str(style.get(f"{W}val"))


def height(block: Any) -> int:
    """The least height of a paragraph or row in twips."""
    if block.tag == f"{W}p":
        spacing = block.find(f"{W}pPr/{W}spacing")
        style = style_of(block)
        return LINES[style] if spacing is None else int(spacing.get(f"{W}line"))
    least = block.find(f"{W}trPr/{W}trHeight")
    cells = [sum(map(height, cell.findall(f"{W}p"))) for cell in block.findall(f"{W}tc")]
    return max(0 if least is None else int(least.get(f"{W}val")), *cells)


def held(block: Any) -> bool:
    """Whether a paragraph or row is kept with the next."""
    paragraphs = [block] if block.tag == f"{W}p" else list(block.iter(f"{W}p"))
    return any(p.find(f"{W}pPr/{W}keepNext") is not None or style_of(p) in KEPT for p in paragraphs)


def blocks(body: Any) -> Iterator[Any]:
    """The paragraphs and rows of a body in order."""
    for block in body:
        if block.tag == f"{W}tbl":
            yield from block.findall(f"{W}tr")
        elif block.tag == f"{W}p":
            yield block


def test_what_is_kept_together_is_short(written: list[Written]) -> None:
    """A chain moves to the next page as one block and leaves its height empty."""
    for each in documents(written):
        if each.kind == "ballot":
            continue  # divided into pages when it is written
        chain = 0
        for block in blocks(each.body):
            chain += height(block)
            assert chain <= LONGEST_CHAIN, (each.name, chain, "".join(block.itertext()))
            if not held(block):
                chain = 0


def test_no_box_is_kept_with_what_follows(written: list[Written]) -> None:
    for each in documents(written):
        if each.kind == "ballot":
            continue  # a box for opinions is its last row
        for block in blocks(each.body):
            least = block.find(f"{W}trPr/{W}trHeight")
            if least is not None and int(least.get(f"{W}val")) >= BOX:
                assert not held(block), each.name


def test_blanks_to_fill_in_are_underlined_and_do_not_break(written: list[Written]) -> None:
    """Ideographic spaces vanish at the end of a line in an engine near to Word."""
    found = 0
    for each in documents(written):
        for run in each.body.iter(f"{W}r"):
            words = "".join(t.text or "" for t in run.iter(f"{W}t"))
            if words.strip("\u00a0") or not words:
                assert "\u00a0\u00a0" not in words, (each.name, words)
                assert not re.search("\u3000{3}", words) or each.kind == "ballot", (
                    each.name,
                    words,
                )
                continue
            found += 1
            assert run.find(f"{W}rPr/{W}u").get(f"{W}val") == "single", each.name
    assert found > 100
