"""Letters a second beside docxtpl and plain python-docx, a province's export, and its memory.

The same feedback letters are made three ways in one run: as the product makes them; by docxtpl
from a template that is one of these letters with a field wherever letters differ; and paragraph
by paragraph, cell by cell through python-docx. Their texts are compared, so that the three do
the same work.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.documents import feedback
from exports.documents.kinds import load_settings
from exports.parts.results import PersonResult, PollResults, gather
from exports.writing import preparation
from exports.writing.write_out import write_all
from models.database.store import open_store
from models.database.tables import database
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.plan import RoundInfo
from models.settings.office import shipped_file
from tests.benchmarks.figure import Figure, percentile
from tests.exports.small import Team, key_all, make_round, seal_all
from tests.terminal.driver import CEPING

_UNITS, _MEMBERS = 105, 9  # a province: the office, its cities, counties and districts
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "建国晓梅志强玉兰海峰"
_DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FACE = "仿宋_GB2312"


def province(folder: Path) -> Path:
    """A sealed round of a whole province, one ballot a stack; its database."""
    store = open_store(folder / "province" / "ceping.db")
    teams = [
        Team(
            f"第{unit}县工商行政管理局",
            f"第{unit}县局",
            chief=f"{_SURNAMES[unit % 10]}正",
            members=[
                f"{_SURNAMES[(unit + n) % 10]}{_GIVEN[n % 10]}{_GIVEN[unit % 10]}"
                for n in range(_MEMBERS)
            ],
        )
        for unit in range(1, _UNITS + 1)
    ]
    with database.atomic():
        info = make_round(load_settings(shipped_file()), teams=teams, returned=1)
        key_all(info)
        seal_all(info)
    store.close()
    return store.path


@dataclass(frozen=True)
class _MeasuredLetter:
    """One letter to make."""

    results: PollResults
    person: PersonResult


def _letters(info: RoundInfo, units: int) -> list[_MeasuredLetter]:
    """Letters to the members of the first teams of a round."""
    settings = load_settings(shipped_file())
    return [
        _MeasuredLetter(results, person)
        for poll in polls.polls(info.id)[:units]
        for results in [gather(settings, info, poll)]
        for person in results.persons()
        if person.at(Level.MEMBER)
    ]


def _ours(letter: _MeasuredLetter) -> bytes:
    return feedback.document(letter.results, letter.person)


def _body(document: bytes) -> Any:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return etree.fromstring(archive.read(_DOCUMENT))


def _texts(document: bytes) -> list[str]:
    """The texts of a document in order."""
    return [node.text for node in _body(document).iter(f"{_W}t") if node.text]


def _alike(letters: Sequence[_MeasuredLetter]) -> list[_MeasuredLetter]:
    """Those of one structure: a letter may have a note more, or a name in two lines."""
    lengths = [len(_texts(_ours(letter))) for letter in letters]
    length, many = Counter(lengths).most_common(1)[0]
    assert many >= 50
    return [letter for letter, each in zip(letters, lengths, strict=True) if each == length]


class _ByTemplate:
    """docxtpl, with a template made of one of our letters."""

    def __init__(self, documents: Sequence[bytes]) -> None:
        from lxml import etree

        self._found = [_texts(document) for document in documents]
        alike = enumerate(zip(*self._found, strict=True))
        self._fields = [n for n, texts in alike if len({*texts}) > 1]
        body = _body(documents[0])
        nodes = [node for node in body.iter(f"{_W}t") if node.text]
        for n in self._fields:
            nodes[n].text = f"{{{{ f{n} }}}}"
        made = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(documents[0])) as old,
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                part = etree.tostring(body) if name == _DOCUMENT else old.read(name)
                new.writestr(name, part)
        self._template = made.getvalue()

    def make(self, number: int) -> bytes:
        from docxtpl import DocxTemplate

        template = DocxTemplate(io.BytesIO(self._template))
        template.render({f"f{n}": self._found[number][n] for n in self._fields})
        made = io.BytesIO()
        template.save(made)
        return made.getvalue()


_Block = str | tuple[int, list[list[tuple[int, str]]]]


class _ByObjects:
    """python-docx as its manual shows it: a document, its paragraphs, its tables' cells."""

    def __init__(self, documents: Sequence[bytes]) -> None:
        self._blocks = [_blocks(document) for document in documents]

    def make(self, number: int) -> bytes:
        import docx
        from docx.oxml.ns import qn

        def write(paragraph: Any, text: str) -> None:
            run = paragraph.add_run(text)
            run.font.name = _FACE
            run._element.rPr.rFonts.set(qn("w:eastAsia"), _FACE)

        document = docx.Document()
        for block in self._blocks[number]:
            if isinstance(block, str):
                write(document.add_paragraph(), block)
                continue
            columns, rows = block
            table = document.add_table(len(rows), columns)
            for row, cells in zip(table.rows, rows, strict=True):
                made = row.cells
                for column, text in cells:
                    write(made[column].paragraphs[0], text)
        made = io.BytesIO()
        document.save(made)
        return made.getvalue()


def _blocks(document: bytes) -> list[_Block]:
    """The paragraphs and tables of a document: a table's width, and column and text of its
    cells."""
    found: list[_Block] = []
    for node in _body(document).find(f"{_W}body"):
        if node.tag == f"{_W}p":
            found.append("".join(part.text or "" for part in node.iter(f"{_W}t")))
        elif node.tag == f"{_W}tbl":
            rows = []
            for row in node.iter(f"{_W}tr"):
                cells, at = [], 0
                for cell in row.iter(f"{_W}tc"):
                    text = "".join(part.text or "" for part in cell.iter(f"{_W}t"))
                    if text:
                        cells.append((at, text))
                    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                    at += 1 if span is None else int(span.get(f"{_W}val"))
                rows.append(cells)
            found.append((len(node.findall(f"{_W}tblGrid/{_W}gridCol")), rows))
    return found


def _rate(make: Callable[[int], bytes], numbers: Sequence[int]) -> float:
    """Documents a second."""
    before = time.perf_counter()
    for number in numbers:
        make(number)
    return len(numbers) / (time.perf_counter() - before)


def rates(path: Path) -> list[Figure]:
    """The same letters three ways, in turns."""
    store = open_store(path, write=False)
    try:
        letters = _alike(_letters(life.rounds()[0], 40))
    finally:
        store.close()
    documents = [_ours(letter) for letter in letters]
    template, objects = _ByTemplate(documents), _ByObjects(documents)
    for number in (0, len(letters) - 1):
        wanted = _texts(documents[number])
        assert _texts(template.make(number)) == wanted
        assert "".join(_texts(objects.make(number))) == "".join(wanted)
    ours, templates, naive = [], [], []
    for turn in range(5):
        few = range(turn * 10, turn * 10 + 10)
        ours.append(_rate(lambda number: _ours(letters[number]), range(len(letters))))
        templates.append(_rate(template.make, few))
        naive.append(_rate(objects.make, few))
    one, other, third = (percentile(each, 0.5) for each in (ours, templates, naive))
    return [
        Figure("feedback letters made (bare: docxtpl)", one, "letters/s", "", bare=other),
        Figure("  as a ratio", one / other, "x docxtpl", ">= 10", one / other >= 10),
        Figure("  the same (bare: python-docx)", one, "letters/s", "", bare=third),
        Figure("  as a ratio", one / third, "x python-docx", ""),
    ]


def _resident() -> float:
    """Memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def _write_letters(path: Path, folder: Path) -> None:
    """Write the letters of a round; print how many, seconds, and how memory grew after the
    first hundred. Run in a process of its own, which nothing else has filled."""
    store = open_store(path, write=False)
    jobs = preparation.prepare(load_settings(shipped_file()), life.rounds()[0], None, ["feedback"])[
        :1000
    ]
    store.close()
    before, early, done = time.perf_counter(), 0.0, 0
    for batch in write_all(jobs, folder, {}):
        done += len(batch)
        if not early and done >= 100:
            early = _resident()
    print(done, time.perf_counter() - before, _resident() - early)


def letters_written(path: Path, folder: Path) -> list[Figure]:
    """1,000 letters onto the disk: how fast, and that memory stays flat."""
    command = (sys.executable, "-m", "tests.benchmarks.documents", str(path), str(folder / "1000"))
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    done, seconds, grown = int(shown[0]), float(shown[1]), float(shown[2])
    assert done == 1000
    return [
        Figure("1,000 letters onto the disk, each flushed", seconds, "s", ""),
        Figure("  memory from the 100th to the last", grown, "MiB", "<= 4", grown <= 4),
    ]


def whole_province(path: Path, folder: Path) -> list[Figure]:
    """`ceping export` of everything, then once more with nothing to write."""
    command = (CEPING, "--database", str(path), "export", "1", "--output", str(folder / "all"))
    taken = []
    for _ in range(2):
        before = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - before)
    many = sum(each.is_file() for each in (folder / "all").rglob("*"))
    return [
        Figure(f"province: {many:,} documents of {_UNITS} units", taken[0], "s", ""),
        Figure("  again, nothing changed", taken[1], "s", ""),
    ]


def all_figures(folder: Path) -> list[Figure]:
    """Everything, on a province made for it."""
    path = province(folder)
    return [*rates(path), *letters_written(path, folder), *whole_province(path, folder)]


if __name__ == "__main__":
    _write_letters(Path(sys.argv[1]), Path(sys.argv[2]))
