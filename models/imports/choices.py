"""What the user chose about how a roster file is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choices:
    """Choices about one file. Without any, all is read as its layout tells."""

    sheets: frozenset[str] | None = None
    """The worksheets to read, hidden ones too; None for all that are not hidden."""
    heads: Mapping[str, int] = field(default_factory=dict)
    """The row number of the head, by worksheet."""
    columns: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """What a column is, by worksheet and place from 0: a field, or empty to leave it out."""
    hidden_rows: bool = False
    """Whether hidden rows are read."""
    odd_names: bool = False
    """Whether names that hardly look like names are right as they are."""
