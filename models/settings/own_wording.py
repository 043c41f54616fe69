"""The office's own wording: sentences of letters from ceping.toml, with fields to fill in.

Fields are in half-width braces: `{姓名}同志：`. Text in half-width square brackets is left out if
a field inside it is empty: `[根据{依据}，]`. `\\n` starts a new line in a title, or a new
paragraph. Filling is plain text substitution: fields have no attributes, indexes, conversions or
formats, and inserted values are not parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from models.settings.document_kind import DocumentKind
from models.settings.toml_file import TomlTable

# Sentences that a letter can do without; all others are required.
_MAY_BE_EMPTY = ("closing", "objection", "receipt")
_CLAUSE = re.compile(r"\[([^\[\]]*)\]")

# Sentences by kind of document and key.
Wording = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _Piece:
    """Plain text followed by a field."""

    text: str
    """The text."""
    field: str | None
    """The field's name, or None if the clause ends with the text."""


def fill(sentence: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Fill a sentence in which `faults` found none; returns its lines, without empty ones."""
    found = []
    for line in sentence.split("\n"):
        filled = "".join(
            "".join(piece.text + (values[piece.field] if piece.field else "") for piece in pieces)
            for optional, pieces in _clauses(line)
            if not optional or all(values[piece.field] for piece in pieces if piece.field)
        )
        if filled.strip():
            found.append(filled)
    return tuple(found)


def faults(sentence: str, fields: tuple[str, ...]) -> list[str]:
    """List the faults of a sentence that can use `fields`, in Chinese; empty if it is valid."""
    if set(sentence) & set("｛｝［］"):
        return ["括号要用半角的 { } 和 [ ]"]
    found = []
    for line in sentence.split("\n"):
        if set(_CLAUSE.sub("", line)) & set("[]"):
            found.append("方括号不成对（也不能套用）")
            continue
        try:
            clauses = list(_clauses(line))
        except ValueError:
            found.append("花括号不成对，或者字段里有 : ! 等符号；要写花括号本身，写两个")
            continue
        for optional, pieces in clauses:
            named = [piece.field for piece in pieces if piece.field is not None]
            if optional and not named:
                found.append("方括号里没有字段；方括号表示其中的字段空着就不写这几个字")
            unknown = [name for name in named if name not in fields]
            if unknown:
                names = "、".join(f"{{{name}}}" for name in unknown)
                found.append(f"没有字段 {names}，可用的字段：{'、'.join(fields)}")
    return found


def _clauses(line: str) -> Iterator[tuple[bool, list[_Piece]]]:
    """Split a line into clauses: whether each is in square brackets, and its pieces."""
    for number, clause in enumerate(_CLAUSE.split(line)):
        if clause:
            yield number % 2 == 1, list(_pieces(clause))


def _pieces(clause: str) -> Iterator[_Piece]:
    """Split a clause into pieces.

    Raises `ValueError` for an unpaired brace or a field with a format or conversion.
    """
    for text, field, form, conversion in Formatter().parse(clause):
        if form or conversion:
            raise ValueError(clause)
        yield _Piece(text, None if field is None else field.strip())


def read(table: TomlTable, kinds: Iterable[DocumentKind]) -> Wording:
    """Read the sentences of `[documents.wording]`. Faults are recorded in the table."""
    found: dict[str, dict[str, str]] = {}
    for kind in kinds:
        if not kind.sentences:
            continue
        inner = table.table(kind.key)
        found[kind.key] = {}
        for key, fields in kind.sentences.items():
            sentence = inner.text(key, required=key not in _MAY_BE_EMPTY)
            for why in faults(sentence, fields):
                inner.fault(key, why)
            found[kind.key][key] = sentence
        inner.done()
    table.done()
    return found
