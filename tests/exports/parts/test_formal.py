"""The parts of a formal document, as written and as rendered: red head, signature, imprint."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from exports.page.markup import Markup, blank, ems
from exports.page.master import Orientation, bound_master
from exports.page.styles import FLUSH, TEXT
from exports.parts import formal
from tests.exports.reading import W, body, part, text

Audit = Callable[[bytes], list[str]]
ORGAN = "中共甘肃省工商行政管理局党组"
LONG = "中共甘肃省某某自治州某某民族自治县工商行政管理局机关及直属各单位联合党组和纪律检查委员会"
COPIES = ("驻甘肃省工商行政管理局纪检组、监察室", "甘肃省工商行政管理局考核领导小组办公室")
DPI = 150


def formal_document(
    organ: str = ORGAN,
    *,
    number: str = "甘工商党〔2026〕　　号",
    signer: str = "王正",
    copies: tuple[str, ...] = COPIES,
    lines: int = 3,
) -> bytes:
    markup = Markup("gb2312")
    return bound_master(formal.LEAVES, "gb2312").document(
        formal.red_head(markup, organ, number, signer)
        + markup.title([organ, "关于某事的报告"], Orientation.PORTRAIT.text_width)
        + markup.paragraph(FLUSH)
        + formal.recipient(markup, "")
        + markup.paragraph(TEXT, "测" * (28 * lines - 2), keep_next=True)
        + formal.attachment_note(markup, ["某表"])
        + formal.signature(markup, organ),
        formal.attachment_head(markup) + markup.title(["某表"], 12756),
        formal.imprint(markup, copies, "甘肃省工商行政管理局办公室"),
    )


def full_page() -> bytes:
    """A section that ends on the 22nd line of a page."""
    lines, line = (Markup("gb2312").paragraph(FLUSH, "测" * 28 * n) for n in (22, 1))
    return bound_master(formal.LEAVES, "gb2312").document(lines, line, line)


# ── as written ──


@pytest.mark.parametrize("organ", ["某县局", ORGAN, LONG])
def test_it_is_valid(audit: Audit, organ: str) -> None:
    assert audit(formal_document(organ)) == []
    assert audit(formal_document(organ, number="", signer="", copies=())) == []


def test_number_is_in_the_brackets_of_the_standard_and_blank() -> None:
    """The year is that of issue: a report on 2026 may go out in 2027."""
    assert formal.document_number("甘工商党") == f"甘工商党〔{blank(3)}〕{blank(2)}号"
    assert formal.document_number("") == ""


def test_what_nobody_filled_in_stays_blank() -> None:
    words = text(formal_document(number="", signer=""))
    assert "号" not in words
    assert "\n签发人：\n" in words
    assert "　：\n" in words  # the recipient
    assert not re.search(r"\d+年", words)
    assert "密" not in words
    assert "抄送" not in text(formal_document(copies=()))


def test_signers_name_is_in_kai_and_the_number_is_not() -> None:
    xml = part(formal_document())
    face = xml.rindex("w:eastAsia=", 0, xml.index("王正"))
    assert xml[face:].startswith('w:eastAsia="楷体_GB2312"')
    face = xml.rindex("w:eastAsia=", 0, xml.index("甘工商党"))
    assert xml[face:].startswith('w:eastAsia="仿宋_GB2312"')


def test_red_line_is_as_wide_as_the_text() -> None:
    for paragraph in body(formal_document()).iter(f"{W}p"):
        border = paragraph.find(f"{W}pPr/{W}pBdr/{W}bottom")
        if border is not None:
            assert border.get(f"{W}color") == "FF0000"
            # Neither paragraph nor style moves the line in; the style moves the first line only.
            assert paragraph.find(f"{W}pPr/{W}ind") is None
            break
    else:
        pytest.fail("no line")
    style = part(formal_document(), "word/styles.xml").partition('"DocumentNumber"')[2]
    assert re.search(r'<w:ind w:firstLineChars="100" w:firstLine="\d+"/>', style)


def test_imprint_has_the_rules_of_the_standard() -> None:
    table = body(formal_document()).find(f"{W}tbl")
    borders = table.find(f"{W}tblPr/{W}tblBorders")
    # 0.35, 0.25 and 0.35 mm in eighths of a point, within a tenth of a millimetre.
    for side, mm in (("top", 0.35), ("insideH", 0.25), ("bottom", 0.35)):
        eighths = int(borders.find(f"{W}{side}").get(f"{W}sz"))
        assert eighths / 8 * 25.4 / 72 == pytest.approx(mm, abs=0.03)
    assert borders.find(f"{W}left") is None
    words = text(formal_document())
    assert f"抄送：{'，'.join(COPIES)}。" in words
    assert "甘肃省工商行政管理局办公室　　　　年　　月　　日印发" in words


def test_one_attachment_has_no_number_and_several_have() -> None:
    markup = Markup("gb2312")
    one = formal.attachment_note(markup, ["甲表"])
    assert "附件：甲表<" in one
    several = formal.attachment_note(markup, ["甲表", "乙表"])
    assert "附件：1.甲表<" in several
    assert ">2.乙表<" in several
    # The names of both begin in one column: 2 + 3 + 1 characters in.
    indents = re.findall(r'<w:ind w:left="(\d+)" w:right="0" w:hanging="(\d+)"', several)
    assert indents == [(str(6 * 315), str(4 * 315)), (str(6 * 315), str(315))]


@pytest.mark.parametrize("organ", ["某县局", ORGAN, LONG])
def test_signature_is_centred_over_the_date_and_breaks_where_it_is_told(organ: str) -> None:
    markup = Markup("gb2312")
    xml = formal.signature(markup, organ)
    found = re.findall(r'<w:ind w:left="(\d+)" w:right="0" [^>]*/>(.*?)</w:p>', xml)
    blocks = [(left, "".join(re.findall(r">([^<]+)</w:t>", runs))) for left, runs in found]
    assert "".join(line for _, line in blocks[:-1]) == organ
    assert blocks[-1][1] == f"{blank(4)}年{blank(2)}月{blank(2)}日"
    # One centre for all, and no line wider than what is left for it.
    (left,) = {int(left) for left, _ in blocks}
    room = Orientation.PORTRAIT.text_width - left
    assert max(ems(line) for _, line in blocks) * 315 + 100 <= room
    if organ is not LONG:
        # The date ends four characters from the edge (7.3.5.1).
        assert (room - 11 * 315) / 2 == pytest.approx(4 * 315, abs=5)


# ── as rendered ──


@dataclass(frozen=True)
class Ink:
    """One page as rendered. Places in millimetres from the page's upper left corner."""

    width: int
    rows: list[bytes]

    def runs(self, red: bool) -> list[tuple[float, float]]:
        """From where to where there is ink of this colour, from the top."""
        found: list[list[int]] = []
        for at, row in enumerate(self.rows):
            if self._marked(row, red):
                if found and found[-1][1] == at - 1:
                    found[-1][1] = at
                else:
                    found.append([at, at])
        return [(_mm(first), _mm(last + 1)) for first, last in found]

    def across(self, millimetres: float, red: bool) -> tuple[float, float]:
        """From where to where there is ink at a height."""
        marked = self._marked(self.rows[round(millimetres * DPI / 25.4)], red)
        return _mm(marked[0]), _mm(marked[-1] + 1)

    @staticmethod
    def _marked(row: bytes, red: bool) -> list[int]:
        def is_ink(at: int) -> bool:
            r, g, b = row[at : at + 3]
            return r > 180 and g < 110 and b < 110 if red else max(r, g, b) < 130

        white = b"\xff" * len(row)
        return [] if row == white else [at // 3 for at in range(0, len(row), 3) if is_ink(at)]


def _mm(pixels: int) -> float:
    return pixels * 25.4 / DPI


MANY = tuple(f"第{n}处机关办公室" for n in range(30))
DOCUMENTS = {
    "short": lambda: formal_document("某县局"),
    "usual": formal_document,
    "long": lambda: formal_document(LONG),
    "no copies": lambda: formal_document(copies=()),
    "many copies": lambda: formal_document(copies=MANY, lines=24),
    "full page": full_page,
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Ink]]:
    """All pages of all `DOCUMENTS`."""
    if not shutil.which("soffice") or not shutil.which("pdftoppm"):
        pytest.skip("soffice or pdftoppm is missing: nothing renders the page here")
    folder = tmp_path_factory.mktemp("formal")
    files = {name: name.replace(" ", "-") for name in DOCUMENTS}
    for name, make in DOCUMENTS.items():
        (folder / f"{files[name]}.docx").write_bytes(make())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf"]
    draw = ["pdftoppm", "-r", str(DPI)]
    commands = [[*convert, *(f"{file}.docx" for file in files.values())]]
    commands += [[*draw, f"{file}.pdf", f"{file}-page"] for file in files.values()]
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)
    return {
        name: [_ink(image.read_bytes()) for image in sorted(folder.glob(f"{file}-page-*.ppm"))]
        for name, file in files.items()
    }


def _ink(ppm: bytes) -> Ink:
    head = re.match(rb"P6\s(\d+) (\d+)\s255\s", ppm)
    assert head is not None
    width, pixels = int(head[1]), ppm[head.end() :]
    return Ink(width, [pixels[at : at + width * 3] for at in range(0, len(pixels), width * 3)])


@pytest.mark.parametrize(("name", "lines"), [("short", 1), ("usual", 1), ("long", 2)])
def test_red_head_stands_where_the_standard_says(
    pages: dict[str, list[Ink]], name: str, lines: int
) -> None:
    page = pages[name][0]
    red = page.runs(red=True)
    # The upper edge is 37 + 35 mm under that of the page (5.2.1, 7.2.4).
    assert red[0][0] == pytest.approx(72, abs=1)
    # Strokes of one character may stand apart; a line of the head is higher than 5 mm.
    assert len([run for run in red if run[1] - run[0] > 5]) == lines
    line = red[-1][0]
    left, right = page.across(line + 0.2, red=True)
    assert left == pytest.approx(28, abs=1)
    assert right == pytest.approx(184, abs=1)
    # Of the black ink above the red line, the last is the number.
    number = max(last for _, last in page.runs(red=False) if last <= line)
    assert line - number == pytest.approx(4, abs=1)
    for first, last in red[:-1]:
        left, right = page.across((first + last) / 2, red=True)
        assert left >= 27.5
        assert right <= 184.5


@pytest.mark.parametrize("name", ["usual", "no copies", "many copies"])
def test_last_rule_is_the_lower_edge_of_the_last_page(
    pages: dict[str, list[Ink]], name: str
) -> None:
    last = pages[name][-1]
    *_, rule = last.runs(red=False)
    # 297 mm less the lower margin of 35 mm (5.2.1); nothing under it, no page number either.
    assert rule[1] == pytest.approx(262, abs=1)
    left, right = last.across(rule[1] - 0.2, red=False)
    assert left == pytest.approx(28, abs=1)
    assert right == pytest.approx(184, abs=1)
    # The attachment is the page before; it is turned.
    assert len(pages[name][-2].rows) < len(last.rows)


def test_the_end_of_a_section_has_no_page_of_its_own(pages: dict[str, list[Ink]]) -> None:
    first, _, last = pages["full page"]
    # 22 lines and the number; one line.
    assert [len(page.runs(red=False)) for page in (first, last)] == [23, 1]
    for name, found in pages.items():
        for page in found:
            assert [run for run in page.runs(red=False) if run[0] < 262], name
