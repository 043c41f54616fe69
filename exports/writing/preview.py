"""A document as plain text, to be read before it is written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table


def text_of(content: bytes, path: PurePath) -> str:
    """The text of a document of the program's, paragraph by paragraph, tables row by row. `path`
    tells what it is by its suffix."""
    if path.suffix == ".csv":
        return content.decode("utf-8-sig")
    if path.suffix != ".docx":
        return "这是电子表格，写出后用表格软件看；同样的数字在同名的文书里。"
    # Costs 95 ms to import.
    import docx

    return "\n".join(_lines(docx.Document(io.BytesIO(content))))


def _lines(document: Document) -> Iterator[str]:
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from _rows(part)
        else:
            yield from part.text.split("\n")


def _rows(table: Table) -> Iterator[str]:
    # Costs 92 ms to import.
    from tabulate import tabulate

    rows = []
    for row in table.rows:
        texts = []
        before = None
        for cell in row.cells:
            # A merged cell is given once for each column that it spans.
            texts.append(" ".join(cell.text.split()) if cell._tc is not before else "")
            before = cell._tc
        rows.append(texts)
    yield from tabulate(rows, tablefmt="plain", disable_numparse=True).split("\n")
