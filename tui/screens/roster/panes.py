"""The two lists of 单位人员: units, and the cadres of one or of a search."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message

from models.roster import cadres
from models.roster.cadres import CadreRow
from models.roster.units import UnitNode, unit_tree
from tui.widgets.keys import NEVER, Key, bindings
from tui.widgets.listing import Listing, SearchedListing
from tui.widgets.search_line import MOST_FOUND

# Under this width the lists do not fit beside each other.
_NARROW = 64


class RosterPanes(Horizontal):
    """The unit tree, and beside it the cadres of the unit under the cursor or those that a search
    found. In a narrow window only the list with the focus shows."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "tab,shift+tab,left,right",
            "换栏",
            "换栏（左右键同）：左栏单位，右栏该单位的人员",
            "other_pane",
        ),
        # The list of units has a / of its own, which is bound before.
        Key("slash", "查找", "在全部人员里查找", "screen.search", NEVER, first=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    class Moved(Message):
        """Something else is under the cursor."""

    def __init__(self) -> None:
        super().__init__(id="panes")
        self._unit_list = Listing([("单位", 14), ("人", 3)], title="单位", right=(1,), id="units")
        self._cadre_list = SearchedListing(
            [
                ("姓名", 8),
                ("职务", 12),
                ("班子角色", 8),
                ("排序", 4),
                ("职级", 6),
                ("任现职", 7),
            ],
            title="人员",
            right=(3,),
            falls=(5, 4, 3),
            id="cadres",
        )
        self._units: dict[str, UnitNode] = {}
        self._cadres: dict[str, CadreRow] = {}
        self._wanted: str | None = None
        # What the cadres shown belong to: the key of a unit, or a search.
        self._shown: str | None = None

    def compose(self) -> ComposeResult:
        """Units on the left, cadres on the right."""
        yield self._unit_list
        yield self._cadre_list

    def on_mount(self) -> None:
        """Share the width among the lists."""
        self._lay_out()

    def on_resize(self) -> None:
        """Share the width among the lists."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.app.size.width
        narrow = width < _NARROW
        self._unit_list.styles.width = "1fr" if narrow else max(22, min(width * 3 // 10, 48))
        self._unit_list.display = not narrow or self.in_units
        self._cadre_list.display = not narrow or not self.in_units

    # ── what is under the cursor ──

    @property
    def in_units(self) -> bool:
        """Whether the cursor is in the list of units."""
        return self.screen.focused is not self._cadre_list

    @property
    def unit(self) -> UnitNode | None:
        """The unit under the cursor."""
        return self._units.get(self._unit_list.chosen or "")

    @property
    def unit_above(self) -> UnitNode | None:
        """The unit above the one under the cursor."""
        return self._units.get(str(self.unit.parent_id)) if self.unit else None

    @property
    def cadre(self) -> CadreRow | None:
        """The cadre under the cursor."""
        return self._cadres.get(self._cadre_list.chosen or "")

    @property
    def in_full(self) -> str:
        """What is under the cursor in a line: the columns are narrow."""
        row, unit = self.cadre, self.unit
        if not self.in_units and row is not None:
            told = (row.gender, f"{row.born}生" if row.born else "", row.education, row.archive_no)
            return "  ".join(filter(None, (row.name, row.unit_name, row.title, *told)))
        if unit is not None:
            return "  ".join(filter(None, (unit.name, unit.kind, "已撤销" if unit.closed else "")))
        return ""

    # ── what is shown ──

    def read(self, unit_id: int | None = None, cadre_id: int | None = None) -> list[UnitNode]:
        """Read the roster again and put the cursors on a unit and a cadre; all its units."""
        self._units = {str(unit.id): unit for unit in unit_tree()}
        self._unit_list.fill([(key, _unit_cells(unit)) for key, unit in self._units.items()])
        if unit_id is not None:
            self._unit_list.choose(str(unit_id))
        self._shown = None
        self._show_cadres()
        if cadre_id is not None:
            self._cadre_list.choose(str(cadre_id))
        self.post_message(self.Moved())
        return list(self._units.values())

    def look_for(self, wanted: str | None) -> int:
        """Show the cadres that `wanted` finds, or with None those of the unit again; how many
        there are."""
        self._wanted = wanted
        self._show_cadres()
        self.post_message(self.Moved())
        return len(self._cadres)

    def _show_cadres(self) -> None:
        """Fill the right list, if it shows something else."""
        chosen, wanted = self._unit_list.chosen, self._wanted
        shown = chosen if wanted is None else f"?{wanted}"
        if shown == self._shown and shown is not None:
            return
        rows: tuple[CadreRow, ...] = ()
        if wanted is not None:
            rows = cadres.search(wanted, MOST_FOUND)
        elif chosen is not None:
            rows = cadres.cadres_of(int(chosen))
        self._cadres = {str(row.id): row for row in rows}
        kept = self._cadre_list.chosen in self._cadres
        found = wanted is not None
        self._cadre_list.fill(
            [(key, _cadre_cells(row, with_unit=found)) for key, row in self._cadres.items()]
        )
        if rows and not kept:
            self._cadre_list.move_cursor(row=0)
        self._shown = shown

    # ── moving about ──

    def go_to_units(self) -> None:
        """Move the focus to the units."""
        self._go_to(self._unit_list)

    def go_to_cadres(self) -> None:
        """Move the focus to the cadres."""
        self._go_to(self._cadre_list)

    def action_other_pane(self) -> None:
        """Move the focus to the other list."""
        self._go_to(self._cadre_list if self.in_units else self._unit_list)

    def _go_to(self, listing: Listing) -> None:
        # The cursor's move may not have been told yet: the list must be the right one now.
        self._show_cadres()
        listing.display = True
        self.screen.set_focus(listing)
        self._lay_out()
        self.post_message(self.Moved())

    def on_listing_row_highlighted(self) -> None:
        """The cursor moved: the right list follows the left."""
        self._show_cadres()
        self.post_message(self.Moved())

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter on a unit leads to its cadres; on a cadre, the screen knows what to do."""
        if event.listing is self._unit_list:
            event.stop()
            self.go_to_cadres()


def _unit_cells(unit: UnitNode) -> tuple[str, str]:
    name = "  " * unit.depth + (unit.short_name or unit.name)
    return name, "撤销" if unit.closed else str(unit.cadres or "")


def _cadre_cells(row: CadreRow, *, with_unit: bool) -> tuple[str, ...]:
    if row.post_id is None:
        return row.name, "已免职或退休", "", "", "", ""
    place = f"{row.unit_short_name or row.unit_name} " if with_unit else ""
    rank = str(row.rank) if row.rank < cadres.PostDetails.rank else ""
    return row.name, place + row.title, row.role.label, rank, row.tier, row.since
