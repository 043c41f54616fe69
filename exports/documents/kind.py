"""A kind of document as a value: what it is called, what it is of, and what it waits for.

Values only, so that the program can know every kind when it starts; what writes one is loaded
when it is written (`exports.documents.writer`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from models.settings.document_kind import DocumentKind

SUFFIX = ".docx"


class Scope(Enum):
    """What one document of a kind is about."""

    PERSON = "person"
    UNIT = "unit"
    UNIT_ALONE = "unit alone"
    """A unit that is written by itself; else the round has one that holds all units."""
    ROUND = "round"


class Waits(Enum):
    """What must be there before a document can be written, for a unit and for the round."""

    NOTHING = "nothing"
    """It is written before the vote, and holds no result."""
    BALLOTS = "ballots"
    """Some ballots; the document says that it is no result until the unit is sealed."""
    SEAL = "seal"
    """The unit's seal; for the round, that of any unit."""
    ALL_SEALS = "all seals"
    """The seal of every unit that it is about."""


@dataclass(frozen=True, kw_only=True)
class Kind(DocumentKind):
    """One kind of document."""

    scopes: tuple[Scope, ...]
    """What there is one of; several for a kind that is made of units and of the round."""
    waits: Waits
    """What it waits for."""
    module: str
    """The module with its `WRITER`, `exports.documents.feedback`."""
    template: bool = False
    """Whether an office may have a Word template of its own for it."""
    handed_over: str = ""
    """For what `models.results.delivery` registers by this key: what handing it over does,
    反馈本人."""
    nobody: str = ""
    """Why there may be none to write although everything is there."""
