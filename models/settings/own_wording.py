"""The office's own wording: the sentences of letters as ceping.toml has them, with fields.

A sentence names what the program fills in between half-width braces, `{姓名}同志：`. What stands
in half-width square brackets is left out where a field in it is empty: `[根据{依据}，]`. `\\n`
begins a new line (of a title) or paragraph. Filling puts plain text in plain text: a field has
neither attributes, indexes, conversions nor formats, and what was filled in is not read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from models.settings.document_kind import DocumentKind
from models.settings.toml_file import TomlTable

# A letter without its closing words or return slip is a letter; without the others it is not.
_MAY_BE_EMPTY = ("closing", "objection", "receipt")
_CLAUSE = re.compile(r"\[([^\[\]]*)\]")

# By kind and key: the sentence with its fields.
Wording = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _Piece:
    """Plain text followed by a field; None where a text ends without one."""

    text: str
    field: str | None


def fill(sentence: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The lines of a sentence that passed `faults`, filled with `values`; none of an empty one."""
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
    """What is wrong with a sentence that may name `fields`, in Chinese; empty for a good one."""
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
    """The clauses of a line: whether each stands in square brackets, and its pieces."""
    for number, clause in enumerate(_CLAUSE.split(line)):
        if clause:
            yield number % 2 == 1, list(_pieces(clause))


def _pieces(clause: str) -> Iterator[_Piece]:
    """Raises ValueError for an unpaired brace and for a field with a format or conversion."""
    for text, field, form, conversion in Formatter().parse(clause):
        if form or conversion:
            raise ValueError(clause)
        yield _Piece(text, None if field is None else field.strip())


def read(table: TomlTable, kinds: Iterable[DocumentKind]) -> Wording:
    """The sentences of `[documents.wording]`. Notes faults in the table."""
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
