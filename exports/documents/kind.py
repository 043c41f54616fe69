"""A kind of document: its name, what it covers, and what it requires.

These are plain values, so that every kind is known at startup. The module that writes a kind is
loaded only when needed (`exports.documents.writer`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from models.settings.document_kind import DocumentKind

SUFFIX = ".docx"


class Scope(Enum):
    """What a single document of a kind covers."""

    PERSON = "person"
    UNIT = "unit"
    UNIT_ALONE = "unit alone"
    """One unit written by itself; otherwise the round has one document for all units."""
    ROUND = "round"


class Waits(Enum):
    """What must be complete before a document can be written, for a unit or for the round."""

    NOTHING = "nothing"
    """Written before the vote; contains no results."""
    BALLOTS = "ballots"
    """Some ballots; marked unofficial until the unit is sealed."""
    SEAL = "seal"
    """The unit's seal; for a round, the seal of any unit."""
    ALL_SEALS = "all seals"
    """The seals of all units covered."""


@dataclass(frozen=True, kw_only=True)
class Kind(DocumentKind):
    """One kind of document."""

    scopes: tuple[Scope, ...]
    """What its documents cover; several if it is written for both units and the round."""
    waits: Waits
    """What it requires."""
    module: str
    """The module that defines its `WRITER`, such as `exports.documents.feedback`."""
    template: bool = False
    """Whether an office can have its own Word template for it."""
    handed_over: str = ""
    """What delivering it does, such as 反馈本人.

    Only for kinds whose delivery `models.results.delivery` records under this key.
    """
    nobody: str = ""
    """Why there may be no documents to write although all requirements are met."""
