"""What holds for every document of every kind: page, faces, tables, words, metadata, file names.

Runs over all jobs there are for the sample office and for an office of extremes, so that a new
kind is held to it as soon as `kinds.prepare` gives one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from exports.documents.kinds import KINDS
from exports.page.styles import FONT_SETS
from tests.exports.conftest import Written
from tests.exports.extremes import FORMS
from tests.exports.reading import W, part, text_of

# Two offices are made, keyed and sealed first, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)

Audit = Callable[[bytes], list[str]]

# Twips of 37, 35, 28 and 26 mm: top, bottom, left, right of the sheet as it is bound (GB/T
# 9704-2012, 5.2.1); a turned page keeps them at the same edges of the sheet.
TOP, BOTTOM, LEFT, RIGHT = (round(mm * 1440 / 25.4) for mm in (37, 35, 28, 26))
LONG, SHORT = 16838, 11906
FACES = {"仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"}
# A table as tall as this may run over a page: then its header must repeat.
MANY_ROWS = 12
# Validating is slow; the office that differs most from the sample, and the widest scale.
AUDITED = ("样例", "全部", "九等次")
SUFFIXES = {".docx", ".xlsx", ".csv"}


def documents(written: list[Written]) -> list[Written]:
    """Those that are Word files."""
    found = [each for each in written if each.job.relative_path.suffix == ".docx"]
    assert found
    return found


def one_of_each(written: list[Written]) -> list[Written]:
    """The first document of each kind of each poll: what costs much is asked of these."""
    found = {(each.office, each.unit, each.kind): each for each in reversed(documents(written))}
    return list(reversed(found.values()))


def sections(document: Written) -> list[Any]:
    """The properties of every section."""
    return list(document.body.iter(f"{W}sectPr"))


def value(element: Any, path: str, attribute: str = "val") -> str | None:
    """An attribute of the element at a path, in the names of WordprocessingML."""
    steps = "/".join(f"{W}{step}" for step in path.split("/"))
    found = element.find(steps)
    return None if found is None else str(found.get(f"{W}{attribute}"))


def test_every_kind_there_is_has_a_document(written: list[Written]) -> None:
    of_office: dict[str, set[str]] = {}
    for each in written:
        of_office.setdefault(each.office, set()).add(each.kind)
    # All persons of the sample may have met the rule, and nothing was corrected.
    always = {key for key, kind in KINDS.items() if not kind.nobody}
    assert of_office["样例"] >= always
    assert of_office["全部"] >= always | {"accountability"}
    for form in FORMS:
        assert of_office[form.name] >= always


# ── the page ──


def test_pages_have_the_measures_of_the_standard(written: list[Written]) -> None:
    upright = {"top": TOP, "bottom": BOTTOM, "left": LEFT, "right": RIGHT}
    turned = {"top": LEFT, "right": TOP, "bottom": RIGHT, "left": BOTTOM}
    for each in documents(written):
        found = sections(each)
        assert found, each.name
        for section in found:
            size = section.find(f"{W}pgSz")
            margins = section.find(f"{W}pgMar")
            if size.get(f"{W}orient") == "landscape":
                wanted, measures = turned, (LONG, SHORT)
            else:
                wanted, measures = upright, (SHORT, LONG)
            assert (int(size.get(f"{W}w")), int(size.get(f"{W}h"))) == measures, each.name
            for side, twips in wanted.items():
                # A twentieth of a millimetre at most; the standard leaves one.
                assert abs(int(margins.get(f"{W}{side}")) - twips) <= 2, (each.name, side)
            assert margins.get(f"{W}gutter") == "0"


def test_the_grid_is_of_22_lines(written: list[Written]) -> None:
    for each in documents(written):
        for section in sections(each):
            grid = section.find(f"{W}docGrid")
            assert grid is not None, each.name
            assert grid.get(f"{W}type") == "lines", each.name
            assert grid.get(f"{W}linePitch") == "579", each.name


def test_page_numbers_stand_at_the_outer_edge(written: list[Written]) -> None:
    for each in documents(written):
        settings = part(each.content, "word/settings.xml")
        assert "<w:evenAndOddHeaders/>" in settings, each.name
        if each.kind == "ballot" and len(list(each.body.iter(f"{W}tbl"))) == 1:
            continue  # a single page has no number
        first = sections(each)[0]
        targets = dict(_targets(each.content))
        sides = {
            reference.get(f"{W}type"): part(
                each.content,
                f"word/{targets[str(reference.get(_RELATION))]}",
            )
            for reference in first.findall(f"{W}footerReference")
        }
        assert {"default", "even"} <= set(sides), each.name
        for side, edge in (("default", "right"), ("even", "left")):
            xml = sides[side]
            assert f'<w:jc w:val="{edge}"/>' in xml, (each.name, side)
            assert re.sub(r"\s", "", text_of(ElementTree.fromstring(xml))) == "—1—"  # noqa: S314
            assert re.findall(r"<w:instrText[^>]*> (\w+) <", xml) == ["PAGE"]


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _targets(document: bytes) -> Iterator[tuple[str, str]]:
    for relation in ElementTree.fromstring(part(document, "word/_rels/document.xml.rels")):  # noqa: S314
        yield str(relation.get("Id")), str(relation.get("Target"))


# ── faces ──


def test_every_run_and_every_empty_paragraph_names_its_face(written: list[Written]) -> None:
    for each in documents(written):
        for name, story in each.stories.items():
            runs = list(story.iter(f"{W}r"))
            for run in runs:
                fonts = run.find(f"{W}rPr/{W}rFonts")
                assert fonts is not None, (each.name, name, text_of(story)[:40])
                faces = {
                    fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")
                }
                assert len(faces) == 1, (each.name, name)
                assert faces <= FACES, (each.name, name)
                assert fonts.get(f"{W}hint") == "eastAsia"
            for paragraph in story.iter(f"{W}p"):
                if paragraph.find(f".//{W}t") is None:
                    mark = value(paragraph, "pPr/rPr/rFonts", "eastAsia")
                    assert mark in FACES, (each.name, name)


def test_no_face_of_a_theme_and_no_bold_title(written: list[Written]) -> None:
    for each in one_of_each(written):
        with zipfile.ZipFile(io.BytesIO(each.content)) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    assert not re.search(rb"w:\w+Theme=", archive.read(name)), (each.name, name)
        xml = part(each.content) + part(each.content, "word/styles.xml")
        assert "<w:b/>" not in xml, each.name
        assert "<w:i/>" not in xml, each.name


def test_the_other_set_of_faces_is_there_as_well() -> None:
    assert set(FONT_SETS["gb2312"].values()) == FACES


# ── tables ──


def test_rows_hold_together_and_headers_repeat(written: list[Written]) -> None:
    for each in documents(written):
        for table in each.body.iter(f"{W}tbl"):
            rows = table.findall(f"{W}tr")
            for row in rows:
                assert row.find(f"{W}trPr/{W}cantSplit") is not None, each.name
            headers = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
            # Only rows at the top can repeat.
            assert headers == sorted(headers, reverse=True), each.name
            assert len(rows) <= MANY_ROWS or headers[0], (each.name, text_of(rows[0]))
            assert sum(headers) < len(rows), each.name


def test_cells_are_as_wide_as_their_columns(written: list[Written]) -> None:
    for each in documents(written):
        room = max(
            int(str(value(section, "pgSz", "w")))
            - int(str(value(section, "pgMar", "left")))
            - int(str(value(section, "pgMar", "right")))
            for section in sections(each)
        )
        for table in each.body.iter(f"{W}tbl"):
            grid = [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]
            assert min(grid) > 0, each.name
            assert sum(grid) <= room, each.name
            assert value(table, "tblPr/tblW", "w") == str(sum(grid)), each.name
            assert value(table, "tblPr/tblLayout", "type") == "fixed", each.name
            for row in table.findall(f"{W}tr"):
                at = 0
                for cell in row.findall(f"{W}tc"):
                    span = int(value(cell, "tcPr/gridSpan") or 1)
                    width = int(str(value(cell, "tcPr/tcW", "w")))
                    assert width == sum(grid[at : at + span]), (each.name, text_of(row))
                    at += span
                assert at == len(grid), (each.name, text_of(row))


def test_no_word_is_wider_than_its_cell(written: list[Written]) -> None:
    """A number cut in two is read as two numbers: what must not break fits its column."""
    for each in documents(written):
        for table in each.body.iter(f"{W}tbl"):
            for cell in table.iter(f"{W}tc"):
                room = int(str(value(cell, "tcPr/tcW", "w"))) - 60
                for paragraph in cell.findall(f"{W}p"):
                    style = str(value(paragraph, "pPr/pStyle"))
                    size = int(style.removeprefix("Cell")) * 10 if style.startswith("Cell") else 320
                    for number in re.findall(r"[\d.]+%?", text_of(paragraph)):
                        needed = len(number) * size / 2
                        assert needed <= room, (each.name, number, text_of(cell))


# ── words ──

HAN = "[\u3400-\u9fff]"
# Hex of a digest in groups of four, its name, file endings, a code of an archive number and of a
# rule's clause, names that people typed.
ALLOWED_WORDS = re.compile(
    r"SHA-256|(?<![0-9A-Za-z])[0-9a-f]{4}(?: [0-9a-f]{4})+|(?<![0-9A-Za-z])[0-9a-f]{64}"
    r"|J001|WS|BGS|D[13]0|GB/T|DA/T|LZ\d\d-\d{4}"
)


def test_no_half_width_punctuation_and_no_straight_quotes(written: list[Written]) -> None:
    for each in documents(written):
        for line in each.paragraphs:
            said = (each.name, line)
            assert not re.search(rf"{HAN}[,;:!?()]|[,;:!?()]{HAN}", line), said
            assert not re.search(r"[\"'`]", line), said
            assert not re.search(rf"{HAN}\.|\.\.\.|。\.|--", line), said
            assert not re.search(r"[，。；：、]{2}|。[，；、：]|，。", line), said
        for story in each.stories.values():
            paragraphs = [*story.iterfind(f".//{W}body/{W}p")]
            # A title is broken into lines wherever its meaning allows.
            title = [p for p in paragraphs if value(p, "pPr/pStyle") == "Title"]
            others = [p for p in paragraphs if p not in title]
            for words in (
                "".join(map(text_of, title)),
                *map(text_of, (*story.iter(f"{W}tc"), *others)),
            ):
                said = (each.name, words)
                for left, right in ("（）", "《》", "“”", "〔〕"):
                    assert said[1].count(left) == said[1].count(right), said


def test_no_line_that_was_broken_by_us_breaks_a_rule_of_lines(written: list[Written]) -> None:
    """In a cell of several lines none begins with a sign that closes."""
    for each in documents(written):
        for cell in each.body.iter(f"{W}tc"):
            for line in text_of(cell).split("\n"):
                assert not re.match("[，。；：、！？）》”〕％%]", line), (each.name, text_of(cell))


def test_no_space_sets_numbers_apart(written: list[Written]) -> None:
    """Half-width spaces and commas in numbers are the screens' way, not that of official text."""
    for each in documents(written):
        for line in each.paragraphs:
            said = (each.name, line)
            assert not re.search(rf"{HAN} \d|\d {HAN}|[，。：；、（）] | [，。：；、（）]", line), (
                said
            )
            assert not re.search(r"\d,\d", line), said


def test_dates_and_numbers_are_written_as_the_standard_asks(written: list[Written]) -> None:
    for each in documents(written):
        for line in each.paragraphs:
            said = (each.name, line)
            assert not re.search(r"年0\d|月0\d|\d+号|[〇零一二三四五六七八九]{4}年", line), said
            assert not re.search(r"\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d{4}\.\d\d?\.\d", line), (
                said
            )
            assert not re.search(r"第0\d*|[\[(（]20\d\d[\])）]", line), said
            # A third level is 1. and not 1、; a share is never cut to a bare fraction.
            assert not re.match(r"\d+、", line), said
            assert not re.search(r"(?<![\d.])\d+\.\d{3,}%", line), said


def test_no_english_and_nothing_of_the_program(written: list[Written]) -> None:
    for each in documents(written):
        for line in each.paragraphs:
            rest = ALLOWED_WORDS.sub("", line)
            assert not re.search("[A-Za-z]", rest), (each.name, line)
            assert not re.search(r"[{}<>\[\]_|\\#@$^~]", line), (each.name, line)
            assert "\ufffd" not in line, each.name
            assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", line)


def test_words_that_a_clerk_would_laugh_at_are_in_none(written: list[Written]) -> None:
    for each in documents(written):
        words = "\n".join(each.paragraphs)
        for word in (
            "候选",
            "选举",
            "当选",
            "得分",
            "排名",
            "名次",
            "差评",
            "用户",
            "员工",
            "未知",
        ):
            assert word not in words, (each.name, word)
        for word in ("此页无正文", "主题词", "评定等次", "给予"):
            assert word not in words, (each.name, word)


def test_names_of_two_characters_are_spaced_in_tables(written: list[Written]) -> None:
    for each in documents(written):
        for table in each.body.iter(f"{W}tbl"):
            for cell in table.iter(f"{W}tc"):
                # The person who is called so stands alone in a cell.
                assert text_of(cell) not in ("李一", "马尕", "王正", "王小"), each.name


# ── the file ──


def test_metadata_is_empty_and_there_is_no_thumbnail(written: list[Written]) -> None:
    for each in documents(written):
        with zipfile.ZipFile(io.BytesIO(each.content)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            times = {entry.date_time for entry in archive.infolist()}
            extra = [entry.filename for entry in archive.infolist() if entry.extra or entry.comment]
        assert times == {(1980, 1, 1, 0, 0, 0)}, each.name
        assert not extra
        assert len(names) == len(set(names))
        assert not [name for name in names if "thumbnail" in name or name.endswith("jpeg")]
        assert not [name for name in names if "customXml" in name or "app.xml" in name]
        core = ElementTree.fromstring(part(each.content, "docProps/core.xml"))  # noqa: S314
        assert not list(core), each.name
        assert not (core.text or "").strip()


def test_every_kind_is_valid(written: list[Written], audit: Audit) -> None:
    chosen = {(each.office, each.kind): each for each in documents(written)}
    for (office, _), each in chosen.items():
        if office not in AUDITED:
            continue
        assert audit(each.content) == [], each.name


def test_same_data_same_bytes(written: list[Written]) -> None:
    for each in one_of_each(written):
        assert each.job.content() == each.content, each.name


def test_file_names(written: list[Written]) -> None:
    for office in {each.office for each in written}:
        paths = [str(each.job.relative_path) for each in written if each.office == office]
        assert len({path.casefold() for path in paths}) == len(paths)
    for each in written:
        path = each.job.relative_path
        assert not path.is_absolute()
        assert path.suffix in SUFFIXES, each.name
        for folder in path.parts:
            assert len(folder.encode()) <= 200
            assert not re.search(r'[\s<>:"/\\|?*\x00-\x1f=]', folder), each.name
            assert not folder.startswith((".", "-"))
        stem = path.name.removesuffix(path.suffix)
        assert not re.search("[A-Za-z]", stem), each.name
        # Which round it is must be told by the name alone, once it has left its folder.
        assert re.search(r"20\d\d年", stem), each.name
        if each.job.poll_id is not None:
            assert each.unit.partition("_")[2] in stem, each.name


@pytest.mark.parametrize("kind", ["feedback", "chief", "archive"])
def test_one_addressee_a_file(written: list[Written], kind: str) -> None:
    for each in documents(written):
        if each.kind == kind:
            assert each.job.addressee
            assert each.job.kind_name == KINDS[kind].name
