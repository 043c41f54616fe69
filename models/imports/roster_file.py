"""A roster file as read: worksheets with a known header, and what was left out of them.

Cells are texts as they are; `models.imports.roster_check` cleans and checks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.imports.choices import Choices
from models.imports.source import Source
from models.roster.columns import Header


@dataclass(frozen=True)
class RosterRow:
    """One row of a worksheet."""

    number: int
    """Row number, as the spreadsheet shows it."""
    values: Mapping[str, str]
    """Text by field; empty fields are left out."""
    formulas: frozenset[str] = frozenset()
    """Fields whose cell holds an error value, or a formula without a value."""
    unseen: frozenset[str] = frozenset()
    """Fields whose cell holds a number that the spreadsheet may show otherwise."""


@dataclass(frozen=True)
class RosterSheet:
    """One table with a known header; most worksheets have one."""

    name: str
    """Name of the worksheet; empty for a text file."""
    header_row: int
    """Row number of the header; of its last line if it has several."""
    header: Header
    """The header."""
    rows: tuple[RosterRow, ...]
    """The rows below the header that hold a unit or a person."""
    cells: tuple[str, ...]
    """The text of the header over each column."""
    supplied: Mapping[str, str]
    """Where fields without a column come from, in words."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that its rows can have."""
        places = self.header.places
        return (*places, *(field for field in self.supplied if field not in places))


@dataclass(frozen=True)
class LeftOut:
    """A row or a whole worksheet that is not read as a unit or a person."""

    sheet: str
    """Name of the worksheet; empty for a text file."""
    row: int
    """Row number; 0 for the whole worksheet."""
    text: str
    """What stands there."""
    reason: str
    """Why, in Chinese."""


@dataclass(frozen=True)
class RosterFile:
    """A roster file as read."""

    source: Source
    """The file as cells of text."""
    choices: Choices
    """What the user chose."""
    sheets: tuple[RosterSheet, ...]
    """The tables with a known header."""
    left_out: tuple[LeftOut, ...] = ()
    """What was left out."""
