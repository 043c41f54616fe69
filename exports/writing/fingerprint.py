"""Tell whether a document would be made of the same as before, without making it.

A document is a function of the values handed to its writer, of the program, and of the office's
own template. The fingerprint is a SHA-256 over all of them:

- the writer and every value handed to it, whole and down to its last field. No list says which
  values matter, so none can be forgotten: a value that the document does not show changes the
  fingerprint as well, and then the document is made again and compared as before.
- the program: the files of `models` and `exports`, and the versions of Python, of zlib and of all
  installed libraries. A version number alone would not do, because the layout also changes between
  two releases; so whatever changes in the program, documents are made again once.
- the bytes of the template.

Two equal fingerprints give equal bytes, because a writer reads neither the clock nor the database.
A document of which anything cannot be told has no fingerprint and is always made again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sys
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from importlib import metadata
from pathlib import Path, PurePath
from types import FunctionType
from typing import Any

import exports
import models
from exports.writing.job import Job
from models.database.store import LOADED_AT
from models.refusal import RefusedError

# What their `repr` tells apart whole.
_PLAIN = frozenset(
    (type(None), bool, int, float, str, bytes, Decimal, Fraction, date, datetime),
)
_PACKAGES = (models, exports)
_COMPILED = "__pycache__"


class _UntoldError(Exception):
    """A value of which cannot be told whether it is the same as another."""


class Fingerprints:
    """The fingerprints of the documents of one run, which share most of their values."""

    def __init__(self) -> None:
        self._program = _program()
        # With the value itself, so that no other one gets its place in memory.
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, job: Job) -> str:
        """Return the fingerprint of a document, in hex; empty if it must be made to be known."""
        if self._program is None:
            return ""
        try:
            template = job.template() if job.template else None
            told = self._told((job.content, template))
        except (_UntoldError, RefusedError):
            return ""
        return hashlib.sha256(self._program + told).hexdigest()

    def _told(self, value: Any) -> bytes:
        """Text that only this value has: its type, and its parts each with its length."""
        kind = type(value)
        if kind in _PLAIN:
            return _named(value, repr(value).encode())
        if dataclasses.is_dataclass(kind):
            return self._of_fields(value)
        if issubclass(kind, tuple) or kind is list:
            return _named(value, *map(self._told, value))
        if kind is dict:
            return _named(value, *(self._told(part) for pair in value.items() for part in pair))
        if kind in (set, frozenset):
            return _named(value, *sorted(map(self._told, value)))
        if isinstance(value, Enum):
            return _named(value, value.name.encode())
        if isinstance(value, PurePath):
            return _named(value, repr(str(value)).encode())
        if kind is partial:
            return _named(value, *map(self._told, (value.func, value.args, value.keywords)))
        if kind is FunctionType and _is_ours(value):
            return _named(value, f"{value.__module__}.{value.__qualname__}".encode())
        raise _UntoldError

    def _of_fields(self, value: Any) -> bytes:
        """The digest of a dataclass over all its fields; reckoned once in a run."""
        known = self._known.get(id(value))
        if known is None:
            parts = (self._told(getattr(value, each.name)) for each in dataclasses.fields(value))
            known = value, hashlib.sha256(_named(value, *parts)).digest()
            self._known[id(value)] = known
        return known[1]


def _named(value: object, *parts: bytes) -> bytes:
    kind = type(value)
    told = [f"{kind.__module__}.{kind.__qualname__}".encode(), *parts]
    return b"".join(b"%d:%b" % (len(part), part) for part in told)


def _is_ours(function: FunctionType) -> bool:
    """Whether a function is of the program and has no values of its own."""
    package = function.__module__.partition(".")[0]
    ours = package in {each.__name__ for each in _PACKAGES}
    return ours and function.__closure__ is None and "<" not in function.__qualname__


def _program() -> bytes | None:
    """The digest of the program that runs, or None if that is not the one on the disk: it was
    exchanged since it was loaded."""
    told = hashlib.sha256(f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION}".encode())
    for name, version in sorted(_libraries()):
        told.update(f" {name} {version}".encode())
    for path in _files():
        try:
            if path.stat().st_ctime > LOADED_AT:
                return None
            content = path.read_bytes()
        except OSError:
            return None
        told.update(f" {path.name} {len(content)} ".encode() + content)
    return told.digest()


def _libraries() -> Iterator[tuple[str, str]]:
    for each in metadata.distributions():
        yield each.metadata["Name"], each.version


def _files() -> list[Path]:
    found = [
        path
        for package in _PACKAGES
        for path in sorted(Path(str(package.__file__)).parent.rglob("*"))
    ]
    return [path for path in found if _COMPILED not in path.parts and path.is_file()]
