"""How a sheet lies on the screen, as the paper lies on the desk: marks beside the names."""

from __future__ import annotations

from rich.cells import cell_len

from models.rounds.layout import BLANK, OVERALL, OVERVOTE, UNKEYED, SheetLayout

# The widest that a sheet is drawn: a mark is never far from its name.
PAPER = 90
_SHORT_CELLS = (6, 5)
_DIGIT_CELL = 3
_FEWEST_NAMES = 10  # columns of a post that are worth showing


class SheetView:
    """Rows, columns and their widths, and which row is on top.

    A sheet of one subject shows its lines as rows; otherwise subjects are rows and lines are
    columns. Shared by the widgets that draw it.
    """

    def __init__(self, sheet: SheetLayout) -> None:
        self.sheet = sheet
        self.single = len(sheet.subjects) == 1
        self.rows = len(sheet.lines) if self.single else len(sheet.subjects)
        self.columns = 1 if self.single else len(sheet.lines)
        self.top = 0
        self.name_size = 2 + max(cell_len(self.names(row)[0]) for row in range(self.rows)) + 1
        """The columns that the mark of the current row and a name take."""
        self._full = max(map(cell_len, sheet.scale.grades)) + 1
        self.cell = _SHORT_CELLS[0]
        self.name_width = self.name_size
        """The columns before the marks."""

    def fit(self, room: int) -> bool:
        """Share `room` columns among names and marks: full words where they fit beside the
        names, else short ones, else digits. Whether there is room for words."""
        room = min(room, PAPER)
        posts = 0 if self.single else max(cell_len(self.names(row)[1]) for row in range(self.rows))
        wanted = self.name_size + (posts + 1 if posts else 0)
        least = self.name_size + min(posts, _FEWEST_NAMES)
        for cell in (self._full, *_SHORT_CELLS, _DIGIT_CELL):
            self.cell = cell
            self.name_width = min(wanted, room - self.width)
            if self.name_width >= min(least, wanted):
                return cell > _DIGIT_CELL
        self.name_width = max(self.name_width, min(self.name_size, 8))
        return False

    @property
    def width(self) -> int:
        """The columns that a row of marks takes."""
        return self.cell * self.columns

    def where(self, place: int) -> tuple[int, int]:
        """The row and column of a place."""
        return (place, 0) if self.single else divmod(place, self.columns)

    def label(self, mark: str) -> str:
        """A mark as drawn in a cell."""
        if self.cell <= _DIGIT_CELL:
            return mark.strip()
        if mark in (BLANK, OVERVOTE, UNKEYED):
            return {BLANK: "弃权", OVERVOTE: "多选", UNKEYED: ""}[mark]
        scale = self.sheet.scale
        return (scale.grades if self.cell >= self._full else scale.short)[int(mark) - 1]

    def heading(self, column: int) -> str:
        """The title of a column."""
        if self.single:
            return "选项"
        line = self.sheet.lines[column]
        if line == OVERALL:
            return "总体" if self.cell > _DIGIT_CELL else "总"
        if self.cell <= _DIGIT_CELL:
            return str(line)
        title = self._title(line)
        return f"{line}{title}"[: self.cell // 2] if title else f"第{line}项"

    def names(self, row: int) -> tuple[str, str]:
        """What stands before a row: a subject's name and post, or a line's title and text."""
        if not self.single:
            subject = self.sheet.subjects[row]
            return subject.name, subject.post
        line = self.sheet.lines[row]
        if line == OVERALL:
            return "总体评价", ""
        item = self.sheet.items[row]
        return f"{line} {item.title}" if item.title else f"第{line}项", item.statement

    def subject_of(self, place: int) -> int:
        """The index of the subject that a place belongs to."""
        return self.sheet.places[min(place, len(self.sheet.places) - 1)].subject

    def item_of(self, place: int) -> int:
        """The number of the item that a place belongs to, or `OVERALL`."""
        return self.sheet.places[min(place, len(self.sheet.places) - 1)].item

    def place_text(self, place: int) -> str:
        """The subject and the line of a place."""
        line = self.item_of(place)
        subject = self.sheet.subjects[self.subject_of(place)]
        if line == OVERALL:
            return f"{subject.name}：总体评价"
        return f"{subject.name}：第{line}项 {self._title(line)}".rstrip()

    def statement(self, line: int) -> str:
        """An item as it is printed, with its number; empty for the overall line."""
        found = (item for item in self.sheet.items if item.number == line)
        return next((f"{item.number} {item.statement}" for item in found), "")

    def _title(self, line: int) -> str:
        return next(item.title for item in self.sheet.items if item.number == line)
