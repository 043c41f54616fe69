"""Reads written documents back without the program's help: the zip, its XML, its tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Grid = list[list[str]]


def part(document: bytes, name: str = "word/document.xml") -> str:
    """One part of a document as text."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(name).decode()


def body(document: bytes) -> Any:
    """The body's element."""
    found = ElementTree.fromstring(part(document)).find(f"{W}body")  # noqa: S314 - our own file
    assert found is not None
    return found


def text_of(element: Any) -> str:
    """The text under an element, a line a paragraph; blanks to be filled in by hand as
    ideographic spaces."""
    paragraphs = element.iter(f"{W}p")
    found = "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in paragraphs)
    return found.replace("\u00a0" * 2, "\u3000")


def text(document: bytes) -> str:
    """All text of a document."""
    return text_of(body(document))


def grids(document: bytes) -> list[Grid]:
    """Every table: rows of cells, spans repeated, vertical merges filled from above. Notes that
    are a table's last row, without borders, are none of its rows."""
    found = []
    for table in body(document).findall(f"{W}tbl"):
        rows: Grid = []
        for row in table.findall(f"{W}tr"):
            if row.find(f"{W}tc/{W}tcPr/{W}tcBorders/{W}bottom") is not None:
                continue
            cells: list[str] = []
            for cell in row.findall(f"{W}tc"):
                properties = cell.find(f"{W}tcPr")
                span = properties.find(f"{W}gridSpan")
                merge = properties.find(f"{W}vMerge")
                continues = merge is not None and merge.get(f"{W}val") != "restart"
                value = rows[-1][len(cells)] if continues else text_of(cell)
                cells += [value] * (int(span.get(f"{W}val")) if span is not None else 1)
            rows.append(cells)
        found.append(rows)
    return found


@dataclass(frozen=True)
class ResultRow:
    """One line of a table of results: what stands before the grades, then grade -> (votes,
    share), blank, overvote."""

    leads: dict[str, str]
    grades: dict[str, tuple[int, str]]
    blank: int
    overvote: int


def results(document: bytes) -> list[list[ResultRow]]:
    """The tables of results in a document, in order."""
    return [list(_result_rows(grid)) for grid in grids(document) if grid[0][-1] == "多选"]


def _result_rows(grid: Grid) -> Iterator[ResultRow]:
    header = [title.replace("\n", "") for title in grid[0]]
    beside = "票数" in grid[1]
    columns = [n for n, title in enumerate(grid[1]) if title == "票数"] if beside else []
    first = columns[0] if beside else _first_grade(grid)
    for row in grid[2 if beside else 1 :]:
        if len(set(row)) == 1:
            continue  # a band
        if beside:
            pairs = {header[n]: (int(row[n]), row[n + 1]) for n in columns}
        else:
            cells = {header[n]: row[n].split("\n") for n in range(first, len(row) - 2)}
            pairs = {name: (int(votes), share) for name, (votes, share) in cells.items()}
        leads = {header[n]: row[n].replace("\n", "") for n in range(first)}
        yield ResultRow(leads, pairs, int(row[-2]), int(row[-1]))


def _first_grade(grid: Grid) -> int:
    row = next(row for row in grid[1:] if len(set(row)) > 1)
    return next(
        n for n, text in enumerate(row) if text.count("\n") == 1 and (text.endswith(("%", "—")))
    )
