"""怎样读: the worksheets of a roster file, their heads and columns, each to be changed by a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from models.imports import roster_import
from models.imports.choices import Choices
from models.imports.roster_import import ImportPlan
from models.imports.source import Source
from models.imports.worksheet_view import ColumnView, WorksheetView, fields
from tui.widgets.frame import ResultFrame
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line

_HELP = """怎样读：每张工作表一行，它的各列在下面。

在工作表上：空格读、不读；左右键换表头所在的行。
在列上：左右键换这一列是什么。"""


def read_as(views: Sequence[WorksheetView]) -> str:
    """How a file is read, in a line."""
    return visible_line("；".join(filter(None, map(_in_words, views))))


def _in_words(view: WorksheetView) -> str:
    name = f"“{view.name}”" if view.name else "读作"
    if not view.taken:
        return f"{name}{'隐藏，' * view.hidden}不读"
    if view.kind is None:
        return f"{name}没有表头" if view.lines else ""
    return f"{name}{view.kind}，表头第 {view.head_row} 行，{view.rows} 行"


class ReadingScreen(ResultFrame[Choices]):
    """How a roster file is read; its result are the choices. `plan` is the one made of it before,
    if there is one."""

    HELP: ClassVar[str] = _HELP
    TITLE_TEXT: ClassVar[str] = "怎样读"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "确定", "这样读", "take", ALWAYS),
        Key("space", "读/不读", "在工作表上：读、不读", "pick", when="on_sheet"),
        Key(
            "right",
            "换",
            "换表头所在的行，或这一列是什么",
            "next",
            named="左右",
            also=(("left", "before"),),
        ),
        Key("f4", "隐藏的行", "隐藏的行读、不读", "hidden_rows", SELDOM, "hides"),
        Key("escape", "取消", "不改，返回", "leave", ALWAYS),
    )

    def __init__(self, plan: ImportPlan | None, source: Source, choices: Choices) -> None:
        super().__init__()
        self._plan = plan
        self._source = source
        self._choices = choices
        self._views: tuple[WorksheetView, ...] = ()

    def body(self) -> ComposeResult:
        """Worksheets and columns."""
        yield Listing(
            [("工作表、列", 14), ("表头", 10), ("读作", 10), ("第一格", 10)],
            title="工作表和列",
            falls=(3,),
        )

    def on_mount(self) -> None:
        """Show how it is read."""
        self.set_focus(self.query_one(Listing))
        self._show()

    def now(self) -> set[str]:
        """What its keys depend on."""
        view, column = self._here
        found = {"on_sheet"} if view and column is None else set()
        return found | ({"hides"} if any(each.hidden_rows for each in self._views) else set())

    def _show(self) -> None:
        self._views = roster_import.view(self._plan, self._source, self._choices)
        rows = []
        for number, view in enumerate(self._views):
            head = f"第 {view.head_row} 行" if view.head_row else "没有表头"
            kind = f"{view.kind} {view.rows} 行" if view.kind else "读" if view.taken else "不读"
            hidden = "（隐藏）" if view.hidden else ""
            name = (view.name or "全部") + hidden
            rows.append((f"{number}", (name, head if view.taken else "", kind, "")))
            rows += [
                (f"{number} {each.place}", (f"  {each.letter} 列", each.text, *_read(each)))
                for each in view.columns
            ]
        self.query_one(Listing).fill(rows)
        self._say_place()
        self.show_keys()

    @property
    def _here(self) -> tuple[WorksheetView | None, ColumnView | None]:
        """The worksheet and the column under the cursor."""
        chosen = (self.query_one(Listing).chosen or "").split()
        if not chosen:
            return None, None
        view = self._views[int(chosen[0])]
        place = int(chosen[1]) if len(chosen) > 1 else None
        return view, next((each for each in view.columns if each.place == place), None)

    def on_listing_row_highlighted(self) -> None:
        """The keys differ between worksheets and columns."""
        self._say_place()
        self.show_keys()

    def _say_place(self) -> None:
        view, column = self._here
        if column is not None:
            self.say(f"{column.letter} 列“{visible_line(column.text)}”：左右键换它是什么")
        elif view is not None:
            hidden = f"；有 {view.hidden_rows} 行隐藏，" if view.hidden_rows else ""
            state = ("F4 不读它们" if self._choices.hidden_rows else "F4 读它们") if hidden else ""
            self.say(f"空格：读、不读；左右键：换表头所在的行{hidden}{state}")

    # ── changes ──

    def action_pick(self) -> None:
        """Read the worksheet under the cursor, or not."""
        view, column = self._here
        if view is None or column is not None:
            return
        taken = {each.name for each in self._views if each.taken} ^ {view.name}
        self._change(replace(self._choices, sheets=frozenset(taken)))

    def on_listing_row_selected(self) -> None:
        """Enter does what the blank does."""
        self.action_pick()

    def action_hidden_rows(self) -> None:
        """Read hidden rows, or not."""
        self._change(replace(self._choices, hidden_rows=not self._choices.hidden_rows))

    def action_before(self) -> None:
        """The row before as the head, or the field before for the column."""
        self._step(-1)

    def action_next(self) -> None:
        """The row after as the head, or the field after for the column."""
        self._step(1)

    def _step(self, by: int) -> None:
        view, column = self._here
        if view is None or not view.taken:
            return
        if column is None:
            row = min(max(view.head_row + by, 1), view.lines)
            heads = {**self._choices.heads, view.name: row}
            columns = {at: each for at, each in self._choices.columns.items() if at[0] != view.name}
            self._change(replace(self._choices, heads=heads, columns=columns))
        elif view.kind is not None:
            names = [field for field, _ in fields(view.kind)]
            field = names[(names.index(column.field) + by) % len(names)]
            columns = {**self._choices.columns, (view.name, column.place): field}
            self._change(replace(self._choices, columns=columns))

    def _change(self, choices: Choices) -> None:
        self._choices = choices
        self._show()

    def action_take(self) -> None:
        """Leave with the choices."""
        self.dismiss(self._choices)


def _read(column: ColumnView) -> tuple[str, str]:
    return column.label or "不读", column.sample
