"""What the settings need to know about a kind of document.

The kinds themselves are defined in `exports.documents`. They are passed in when ceping.toml is
read, so that it can set each kind's sentences and retention period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """A kind of document, as far as the settings need it."""

    key: str
    """Its key in ceping.toml, on the command line and in the database, such as `feedback`."""
    name: str
    """Its Chinese name, such as 反馈书."""
    filed: bool = False
    """Whether it is kept in the office's archive for a retention period (DA/T 22-2015)."""
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The sentences that an office can reword, each with the fields it can use."""
