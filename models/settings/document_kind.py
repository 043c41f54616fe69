"""What the settings know of a kind of document.

The kinds themselves stand where documents are made; they are handed down when ceping.toml is
read, so that it may set the sentences and the term of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """One kind of document."""

    key: str
    """Its name in ceping.toml, on the command line and in the database, `feedback`."""
    name: str
    """Its name in Chinese, 反馈书."""
    filed: bool = False
    """Whether it goes into the office's archive, for a term (DA/T 22-2015)."""
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The sentences that an office may word itself, each with the fields it may name."""
