"""Documents of every kind as LibreOffice sets them: nothing lost, no page wasted, headers that
repeat.

All files go through one run of the word processor; where it or poppler is missing, nothing here
can be seen and the tests are skipped.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.exports.conftest import Written
from tests.exports.reading import W, text_of
from tests.exports.rendering import environment

# One run sets them all, on a machine that may be busy.
pytestmark = pytest.mark.timeout(400)

# Setting a page takes a third of a second a file: a unit of the sample, those of the extremes that
# make the longest and the emptiest documents, and the widest scale.
LOOKED_AT = {
    "样例": ("02_白银市局", ""),
    "全部": ("01_十一人局", "03_长名局", "06_全废局", ""),
    "九等次": ("01_九等次局",),
}
ONE_WORD = re.compile(r"[\d.%]+|\d+年\d+月\d+日|不称职|未收回|得票率|合计|群众意见|研究确定")
NUMBER = re.compile(r"—(\d+)—")
# What stands at the end of a document and is no text: closing words, signature, date, the lines
# to be filled in by hand.
SIGNED = re.compile(
    r"特此\w+。|年月日|附件[：:].*|填表人：.*|（盖章）|\w*(?:办公室|党组|工商行政管理局|领导小组)"
)


@dataclass(frozen=True)
class Pages:
    """One document, and the text of each of its pages."""

    written: Written
    pages: list[str]
    lines: frozenset[str]
    """Every line of text where it stands, closed up; a cell has lines of its own."""

    @property
    def name(self) -> str:
        """Which document it is, for messages."""
        return self.written.name


def lines(page: str) -> list[str]:
    """The lines of a page, closed up, without its number."""
    found = [re.sub(r"\s", "", line) for line in page.split("\n")]
    # On a turned page the number reads downwards, a sign a line.
    whole = NUMBER.sub("", "\n".join(line for line in found if line).replace("—\n", "—"))
    return [line for line in whole.split("\n") if line and not re.fullmatch(r"—?\d*—?", line)]


def closed(text: str) -> str:
    """Text without its spaces."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module", params=["mapped faces", "fallback faces"])
def rendered(
    request: pytest.FixtureRequest,
    written: list[Written],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Pages]:
    """The longest document of each kind of the units looked at, set by LibreOffice: with faces
    near to ours in their place, and with those a machine without them falls back to."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("soffice or pdftotext is missing: nothing sets the pages here")
    chosen: dict[tuple[str, str, str], Written] = {}
    for each in written:
        key = each.office, each.unit, each.kind
        if each.unit not in LOOKED_AT.get(each.office, ()):
            continue
        if each.job.relative_path.suffix != ".docx":
            continue
        if key not in chosen or len(each.content) > len(chosen[key].content):
            chosen[key] = each
    folder = tmp_path_factory.mktemp("rendered")
    names = []
    for number, each in enumerate(chosen.values()):
        names.append(f"{number:03d}.docx")
        (folder / names[-1]).write_bytes(each.content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", *names],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=360,
        env=environment(mapped=request.param == "mapped faces"),
    )
    found = []
    for name, each in zip(names, chosen.values(), strict=True):
        pdf = folder / name.replace(".docx", ".pdf")
        assert pdf.exists(), f"{each.name} does not open"
        shown = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True)
        *pages, rest = shown.stdout.decode().split("\f")
        assert not rest
        found.append(Pages(each, pages, frozenset(_lines_of(pdf))))
    return found


def _lines_of(pdf: Path) -> Iterator[str]:
    run = ["pdftotext", "-bbox-layout", str(pdf), "-"]
    shown = subprocess.run(run, check=True, capture_output=True).stdout.decode()
    for line in re.findall(r"<line .*?</line>", shown, re.DOTALL):
        yield closed(html.unescape("".join(re.findall(r">([^<]+)</word>", line))))


def test_what_is_one_word_in_a_cell_is_not_broken(rendered: list[Pages]) -> None:
    """A number, a share, a date; a grade of three characters, as 不称／职."""
    for each in rendered:
        shown = "\n".join(each.lines)
        for cell in each.written.body.iter(f"{W}tc"):
            for paragraph in cell.findall(f"{W}p"):
                words = closed(text_of(paragraph))
                if ONE_WORD.fullmatch(words):
                    assert words in shown, (each.name, words)


def test_nothing_is_lost(rendered: list[Pages]) -> None:
    """Every sign of the file is on a page; headers that repeat make them more, never fewer."""
    for each in rendered:
        there = Counter(closed(text_of(each.written.body)))
        shown = Counter(closed("".join(each.pages)))
        assert not there - shown, (each.name, there - shown)


def test_no_page_is_empty(rendered: list[Pages]) -> None:
    for each in rendered:
        assert each.pages
        for number, page in enumerate(each.pages, 1):
            assert lines(page), (each.name, number)


def test_no_page_holds_only_a_signature(rendered: list[Pages]) -> None:
    for each in rendered:
        for number, page in enumerate(each.pages, 1):
            left = [line for line in lines(page) if not SIGNED.fullmatch(line)]
            assert left, (each.name, number, lines(page))


def test_every_page_has_its_number(rendered: list[Pages]) -> None:
    """But a ballot of one page, and one that bears nothing but the imprint of a formal document
    (GB/T 9704-2012, 7.5)."""
    for each in rendered:
        if each.written.kind == "ballot" and len(each.pages) == 1:
            continue
        for number, page in enumerate(each.pages, 1):
            imprint = number == len(each.pages) and closed(page).endswith("印发")
            assert imprint or f"—{number}—" in closed(page), (each.name, number)


def test_a_signed_report_is_signed_on_its_first_page(rendered: list[Pages]) -> None:
    """Totals, digest and signatures; the details are annexed."""
    found = 0
    for each in rendered:
        if each.written.kind != "count":
            continue
        found += 1
        first, second, *_ = map(closed, each.pages)
        for words in ("票数合计", "操作日志末项摘要", "签字", "监票人"):
            assert words in first, (each.name, words)
        assert second.startswith("附：计票明细"), each.name
        assert not any("监票人" in closed(page) for page in each.pages[1:]), each.name
    assert found


def test_headers_repeat_where_a_table_runs_over_a_page(rendered: list[Pages]) -> None:
    """Some text of a row that is found on one page alone tells where the row went; on that page
    the table's header must be as well."""
    over = 0
    for each in rendered:
        whole = closed(text_of(each.written.body))
        pages = [closed(page) for page in each.pages]
        for table in each.written.body.iter(f"{W}tbl"):
            headers, rows = _parts(table)
            found = {page for row in rows for page in _pages_of(row, whole, pages)}
            if not headers or len(found) < 2:
                continue
            over += 1
            for page in found:
                for title in headers:
                    assert title in pages[page], (each.name, page + 1, title)
    assert over > 5


def _parts(table: Any) -> tuple[list[str], list[Any]]:
    """The titles of a table's header that stand in one line, and its other rows."""
    headers, rows = [], []
    for row in table.findall(f"{W}tr"):
        if row.find(f"{W}trPr/{W}tblHeader") is None:
            rows.append(row)
            continue
        titles = [text_of(cell) for cell in row.findall(f"{W}tc")]
        headers += [closed(title) for title in titles if title and "\n" not in title]
    return headers, rows


def _pages_of(row: Any, whole: str, pages: list[str]) -> list[int]:
    for cell in row.findall(f"{W}tc"):
        # So much of a cell stands in its first line. Digits also meet by chance where columns are
        # read one after the other, so that it has to be found once on all pages, too.
        start = closed(text_of(cell))[:6]
        found = [number for number, page in enumerate(pages) for _ in range(page.count(start))]
        if len(start) >= 5 and whole.count(start) == len(found) == 1:
            return found
    return []
