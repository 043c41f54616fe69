"""Read a text file of values between commas, semicolons or tabs, in the encodings offices use."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path

from models.refusal import RefusedError
from models.roster.columns import header_of

_MOST_COLUMNS = 256
# The head of a list stands within these lines.
_TRIED = 60
_DELIMITERS = ",\t;|，"
_MARK = b"\xef\xbb\xbf"
_SAVE_AS = "请用表格软件打开，另存为 .xlsx 或 CSV 后再导入"


def read_text(path: Path, data: bytes) -> list[list[str]]:
    """The cells of the text file `data`; `path` names it in a refusal.

    A first line `sep=` names the delimiter; else it is the one with which a head is found that has
    the most known columns. Raises `RefusedError` if the file is no text or no table.
    """
    text = _decoded(path, data)
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named.lower().startswith("sep=") and len(named.strip()) <= 5:
        # The line stays a row, so that the numbers of the others are those of the file.
        return [[], *_cells(path, rest, named[4:] or "\t")]
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        known = _known_columns(text, delimiter)
        if known > most:
            best, most = delimiter, known
    return _cells(path, text, best)


def _known_columns(text: str, delimiter: str) -> int:
    """The most known columns that a head among the first lines has with a delimiter."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    most = 0
    try:
        for line in itertools.islice(lines, _TRIED):
            if header := header_of(line[:_MOST_COLUMNS]):
                most = max(most, len(header.places))
    except csv.Error:
        return most
    return most


def _cells(path: Path, text: str, delimiter: str) -> list[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [line[:_MOST_COLUMNS] for line in lines]
    except csv.Error as error:
        raise RefusedError(
            f"{path.name} 第 {lines.line_num} 行附近有引号没有配对，或不是分隔的表。{_SAVE_AS}。"
        ) from error


def _decoded(path: Path, data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            text = data.removeprefix(_MARK).decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise RefusedError(
        f"{path.name} 不是表格文件，或编码不是 UTF-8、GB18030。请另存为 UTF-8 的 CSV 或 .xlsx。"
    )


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # UTF-16 without its mark: the ends of lines tell which half comes first.
    if b"\n\x00" in data and data.index(b"\n\x00") % 2 == 0:
        return ("utf-16-le",)
    if b"\x00\n" in data and data.index(b"\x00\n") % 2 == 0:
        return ("utf-16-be",)
    # Some programs put the mark of UTF-8 before GBK: it says nothing.
    return ("utf-8", "gb18030")
