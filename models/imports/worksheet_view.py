"""What was understood of a roster file: its worksheets, their heads and columns, for a screen."""

from __future__ import annotations

from dataclasses import dataclass

from models.imports.roster_file import RosterFile, RosterSheet
from models.imports.source import Grid
from models.roster.columns import COLUMNS, UNIT_AND_TITLE, SheetKind


@dataclass(frozen=True)
class ColumnView:
    """A column of a worksheet."""

    place: int
    """Its place, from 0."""
    text: str
    """What stands over it."""
    sample: str
    """What stands in it in the first row under the head that has it."""
    field: str
    """The field it fills; empty if it is not read."""
    label: str
    """The name of the field; empty if it is not read."""

    @property
    def letter(self) -> str:
        """Its letter in a spreadsheet."""
        letters, number = "", self.place + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


@dataclass(frozen=True)
class WorksheetView:
    """A worksheet."""

    name: str
    """Its name; empty for a text file."""
    hidden: bool
    """Whether it is hidden."""
    taken: bool
    """Whether it is read."""
    kind: SheetKind | None
    """What its rows are; None if it is not read or has no head."""
    head_row: int
    """The row number of its head; 0 if there is none."""
    lines: int
    """Its rows, also those that hold no text."""
    rows: int
    """The units or people in it."""
    hidden_rows: int
    """Its hidden rows that hold text."""
    columns: tuple[ColumnView, ...]
    """Its columns with a head or a text."""


def fields(kind: SheetKind) -> tuple[tuple[str, str], ...]:
    """The fields that a column can be, with their names; the first is none."""
    found = [(column.field, column.label) for column in COLUMNS[kind]]
    both = [(UNIT_AND_TITLE, "单位及职务")] if kind is SheetKind.CADRES else []
    return (("", "不读"), *found, *both)


def worksheet_views(file: RosterFile) -> tuple[WorksheetView, ...]:
    """All worksheets of a file, in its order."""
    wanted = file.choices.sheets
    found = []
    for grid in file.source.grids:
        tables = [sheet for sheet in file.sheets if sheet.name == grid.name]
        taken = not grid.hidden if wanted is None else grid.name in wanted
        first = tables[0] if tables and taken else None
        found.append(
            WorksheetView(
                name=grid.name,
                hidden=grid.hidden,
                taken=taken,
                kind=first.header.kind if first else None,
                head_row=first.header_row if first else 0,
                lines=len(grid.cells),
                rows=sum(len(table.rows) for table in tables),
                hidden_rows=len(grid.hidden_rows),
                columns=_columns(grid, first) if first else (),
            )
        )
    return tuple(found)


def _columns(grid: Grid, table: RosterSheet) -> tuple[ColumnView, ...]:
    labels = dict(fields(table.header.kind))
    by_place = {place: field for field, place in table.header.places.items()}
    below = grid.cells[table.header_row : table.header_row + 100]
    found = []
    for place in range(max((len(row) for row in (table.cells, *below)), default=0)):
        text = " ".join(table.cells[place].split()) if place < len(table.cells) else ""
        sample = next((row[place] for row in below if place < len(row) and row[place].strip()), "")
        if text or sample:
            field = by_place.get(place, "")
            found.append(
                ColumnView(
                    place, text, " ".join(sample.split()), field, labels[field] if field else ""
                )
            )
    return tuple(found)
