"""When a registered document no longer stands: what it was made from is not what counts now.

A document rests on versions of the seals of the polls whose results it gives. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum

# Poll id and version of its seal, 0 while it is not sealed; sorted.
Basis = tuple[tuple[int, int], ...]


class Lapse(Enum):
    """Why a document no longer stands; the values are the words of the register."""

    GONE = "现在的结果没有这一份"
    """Today's results give no such document: a person is no subject any more, or meets the
    standard now."""
    REOPENED = "所据的封存已重新开封"
    """A poll that it rests on is open for correction."""
    CORRECTED = "按更正以前的封存写出"
    """A poll that it rests on was sealed again."""
    UNSEALED = "计票中写出，现已封存"
    """A poll that it rests on was not sealed then."""
    UNITS = "轮次的单位有增减"
    """It is of the whole round, whose units are others now."""


def basis_text(basis: Basis) -> str:
    """A basis as it is kept in the register: `12:1 13:2`."""
    return " ".join(f"{poll}:{version}" for poll, version in basis)


def basis_of(text: str) -> Basis:
    """The basis that is kept as `text`."""
    pairs = (each.split(":") for each in text.split())
    return tuple((int(poll), int(version)) for poll, version in pairs)


def lapse(
    basis: Basis, versions: Mapping[int, int], everyone: Collection[int] | None = None
) -> Lapse | None:
    """Return why a document that rests on `basis` no longer stands, or None if it does.

    `versions` has the seals in force by poll id. `everyone` are the polls of the round, for a
    document about all of them. A document that gives no results rests on nothing and always
    stands.
    """
    if not basis:
        return None
    pairs = [(version, versions.get(poll, 0)) for poll, version in basis]
    if any(then and not now for then, now in pairs):
        return Lapse.REOPENED
    if any(then and now != then for then, now in pairs):
        return Lapse.CORRECTED
    if any(now and not then for then, now in pairs):
        return Lapse.UNSEALED
    if everyone is not None and {poll for poll, _ in basis} != set(everyone):
        return Lapse.UNITS
    return None
