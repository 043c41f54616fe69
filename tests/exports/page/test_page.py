"""The page of GB/T 9704-2012: geometry in the file, lines and characters as rendered."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from exports.page.markup import Markup, escape
from exports.page.master import Orientation, master
from exports.page.meaning import evenly
from exports.page.styles import FLUSH, FONT_SETS, TEXT, Face
from exports.page.table import Row, cell, table
from tests.exports.reading import part, text

Audit = Callable[[bytes], list[str]]
PARTS = {
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "word/_rels/document.xml.rels",
    "word/document.xml",
    "word/fontTable.xml",
    "word/footer1.xml",
    "word/footer2.xml",
    "word/settings.xml",
    "word/styles.xml",
    "word/theme/theme1.xml",
}


def page(orientation: Orientation = Orientation.PORTRAIT, font_set: str = "gb2312") -> bytes:
    markup = Markup(font_set)
    return master(orientation, font_set).document(markup.paragraph(FLUSH, "测" * 1400))


@pytest.mark.parametrize("font_set", FONT_SETS)
@pytest.mark.parametrize("orientation", Orientation)
def test_master_is_valid_and_clean(orientation: Orientation, font_set: str, audit: Audit) -> None:
    document = page(orientation, font_set)
    assert audit(document) == []
    names = {one.name for one in master(orientation, font_set).parts} | {"word/document.xml"}
    assert names == PARTS
    styles = part(document, "word/styles.xml")
    assert "Theme" not in styles
    assert FONT_SETS[font_set][Face.TEXT] in styles
    core = part(document, "docProps/core.xml")
    assert "python" not in core
    assert re.search(r"<cp:coreProperties[^>]*/>", core)


def test_geometry() -> None:
    xml = part(page())
    assert '<w:pgSz w:w="11906" w:h="16838"' in xml
    assert 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"' in xml
    assert '<w:docGrid w:type="lines" w:linePitch="579"/>' in xml
    turned = part(page(Orientation.LANDSCAPE))
    assert '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' in turned
    assert 'w:top="1587" w:right="2098" w:bottom="1474" w:left="1984"' in turned
    assert "<w:evenAndOddHeaders/>" in part(page(), "word/settings.xml")


def test_page_numbers_stand_at_the_outer_edge() -> None:
    odd, even = (part(page(), f"word/footer{n}.xml") for n in (1, 2))
    assert '<w:ind w:right="280"/><w:jc w:val="right"/>' in odd
    assert '<w:ind w:left="280"/><w:jc w:val="left"/>' in even
    for footer in (odd, even):
        assert " PAGE " in footer
        assert "宋体" in footer
    # On a turned page it reads downwards in the left margin.
    turned = part(page(Orientation.LANDSCAPE), "word/footer1.xml")
    assert 'w:vAnchor="page" w:hAnchor="page"' in turned
    assert '<w:textDirection w:val="tbRl"/>' in turned


def test_bytes_are_the_same_each_time() -> None:
    first = page()
    master.cache_clear()
    assert page() == first


def test_22_lines_of_28_characters_and_no_sign_lost(tmp_path: Path) -> None:
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("soffice or pdftotext is missing: nothing renders the page here")
    (tmp_path / "page.docx").write_bytes(page())
    portrait = master(Orientation.PORTRAIT, "gb2312")
    edge = Markup("gb2312").paragraph(FLUSH, "测" * 28 + "、" + "评" * 30)
    (tmp_path / "edge.docx").write_bytes(portrait.document(edge))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "page.docx", "edge.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=100,
    )

    def shown_in(file: str) -> str:
        run = ["pdftotext", "-layout", file, "-"]
        done = subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
        return done.stdout.decode()

    shown = shown_in("page.pdf")
    pages = [
        [len(line.strip()) for line in page.split("\n") if "测" in line]
        for page in shown.split("\f")
        if page.strip()
    ]
    assert pages == [[28] * 22, [28] * 22, [28] * 6]
    assert "—1—" in shown.replace(" ", "")
    # A sign behind a full line hangs over the edge.
    assert "测、" in shown_in("edge.pdf")


def test_escape_drops_what_xml_forbids() -> None:
    assert escape("a\x00\x1b<b>&\t\n\ud800\ufffe\u202e王") == "a&lt;b&gt;&amp; 王"
    # Rare characters of names stay: private use, variation selectors, beyond the first plane.
    assert escape("\ue123𠮷葛\U000e0100") == "\ue123𠮷葛\U000e0100"


def test_titles_are_broken_evenly() -> None:
    assert evenly("短题", 20) == ["短题"]
    lines = evenly("2026年度" + "党风廉政建设责任制" * 3, 20)
    assert len(lines) == 2
    assert lines[0].startswith("2026年度")
    assert abs(len(lines[0]) - len(lines[1])) <= 3
    assert evenly("一二三四，五六七", 4.5) == ["一二三", "四，五六", "七"]


def test_empty_paragraphs_keep_their_face() -> None:
    assert "仿宋_GB2312" in Markup("gb2312").paragraph(TEXT)


def test_a_row_that_does_not_fill_its_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="spans 1 columns of 2"):
        table(Markup("gb2312"), [100, 100], [Row((cell("x"),))])


def test_text_reader_reads_what_was_written() -> None:
    assert text(page()) == "测" * 1400
