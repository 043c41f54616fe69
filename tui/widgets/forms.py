"""Forms as data: fields with labels and kinds, in one widget that takes every key in order.

One widget, because a burst of keys (what a slow line delivers) scatters over separate input
widgets. Up, Down and Enter move between fields, F2 saves, Esc leaves.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.names import visible
from models.refusal import RefusedError
from tui.widgets.frame import Confirm, Frame
from tui.words.columns import fit, shortened, visible_line

_HELP = """填表：光标所在的一项怎么填，写在下面的提示里。

Enter 下键  下一项            上键  上一项
左右键      在文字里移动；在选择项上换一个
数字        在选择项上直接选
Delete、退格  删字
F2          保存；有填得不对的项时不保存，并到第一处
Esc         不保存，返回

只有一项的表，按 Enter 就是确定。"""


class Kind(Enum):
    """What a field takes."""

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One field. `choices` are (value, label) for `Kind.CHOICE`; `hint` says what to type."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    value: str = ""
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


def fault_of(field: Field, value: str) -> str:
    """What is wrong with a field's value, in words; empty if nothing is."""
    if not value:
        return f"{field.label}：不能为空" if field.required else ""
    if field.kind is Kind.INTEGER and not value.isdecimal():
        return f"{field.label}：应为整数"
    if field.kind is Kind.DATE and not iso_date(value):
        return f"{field.label}：应为日期，如 2026-11-05 或 20261105"
    return ""


def iso_date(text: str) -> str:
    """A date as people type it (2026-11-5, 20261105, 2026.11.5, 2026年11月5日) in ISO form; empty
    if it is none."""
    digits = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text) or re.fullmatch(
        r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?", text
    )
    try:
        return datetime.date(*map(int, digits.groups())).isoformat() if digits else ""
    except ValueError:
        return ""


class Form(Widget, can_focus=True):
    """The fields, one a line. Posts nothing by itself: the screen asks for `values`."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True

    class Changed(Message):
        """The field under the caret changed, or the caret moved to another."""

    class Done(Message):
        """Enter was pressed in the last field."""

    def __init__(self, fields: Sequence[Field], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.fields = tuple(fields)
        self._texts = [visible_line(field.value) for field in fields]
        self._before = tuple(self._texts)
        self._at = 0
        self._caret = len(self._texts[0]) if fields else 0
        self._first = 0
        self._label_width = max((cell_len(field.label) for field in fields), default=0) + 2

    @property
    def field(self) -> Field:
        """The field under the caret."""
        return self.fields[self._at]

    @property
    def place(self) -> tuple[int, int]:
        """Which field the caret is in, from 1, and of how many."""
        return self._at + 1, len(self.fields)

    @property
    def dirty(self) -> bool:
        """Whether anything was changed."""
        return tuple(self._texts) != self._before

    def values(self) -> dict[str, str]:
        """What the fields hold, dates in ISO form. Raises `RefusedError` naming every fault, and
        moves to the first."""
        faults: list[str] = []
        found = {}
        for number, field in enumerate(self.fields):
            text = visible(self._texts[number])
            if fault := fault_of(field, text):
                if not faults:
                    self._go(number)
                faults.append(fault)
            found[field.key] = iso_date(text) if field.kind is Kind.DATE else text
        if faults:
            raise RefusedError("；".join(faults))
        return found

    def on_focus(self) -> None:
        """Show where an input method opens its window."""
        self._place_cursor()

    async def _on_key(self, event: events.Key) -> None:
        self.take(event)

    def take(self, event: events.Key) -> None:
        """Handle one key, if it means something in a form."""
        last = self._at == len(self.fields) - 1
        message: Message | None = None
        if last and event.key in ("enter", "ctrl+j"):
            message = self.Done()
        elif self._take(event):
            message = self.Changed()
        if message is not None:
            event.stop()
            event.prevent_default()
            self.post_message(message)

    def on_resize(self) -> None:
        """Keep the caret's field in sight."""
        self._show()

    def on_paste(self, event: events.Paste) -> None:
        """A paste goes into the field as one line."""
        event.stop()
        for character in visible(event.text):
            self._insert(character)
        self._show()

    def _take(self, event: events.Key) -> bool:
        key = event.key
        field = self.field
        if key in ("enter", "ctrl+j", "down", "tab"):
            self._go(min(self._at + 1, len(self.fields) - 1))
        elif key in ("up", "shift+tab"):
            self._go(max(self._at - 1, 0))
        elif key == "pagedown":
            self._go(min(self._at + self.size.height, len(self.fields) - 1))
        elif key == "pageup":
            self._go(max(self._at - self.size.height, 0))
        elif field.kind is Kind.CHOICE and self._choose(event):
            pass
        elif key in ("left", "right"):
            step = -1 if key == "left" else 1
            self._caret = min(max(self._caret + step, 0), len(self._texts[self._at]))
        elif key == "home":
            self._caret = 0
        elif key == "end":
            self._caret = len(self._texts[self._at])
        elif key == "backspace" and self._caret:
            self._cut(self._caret - 1)
        elif key == "delete":
            self._cut(self._caret)
        elif event.character and event.is_printable:
            self._insert(event.character)
        else:
            return key == "backspace"
        self._show()
        return True

    def _choose(self, event: events.Key) -> bool:
        values = [value for value, _ in self.field.choices]
        chosen = self._texts[self._at]
        # Where nothing is chosen yet, right begins with the first and left with the last.
        here = values.index(chosen) if chosen in values else -(event.key != "left")
        character = unicodedata.normalize("NFKC", event.character or "")
        if event.key in ("left", "right", "space"):
            here = (here + (-1 if event.key == "left" else 1)) % len(values)
        elif character.isdecimal() and 1 <= int(character) <= len(values):
            here = int(character) - 1
        else:
            return event.key not in ("home", "end")
        self._texts[self._at] = values[here]
        return True

    def _insert(self, character: str) -> None:
        if self.field.kind is Kind.CHOICE:
            return
        if self.field.kind is not Kind.TEXT:
            character = unicodedata.normalize("NFKC", character)
            if self.field.kind is Kind.INTEGER and not character.isdecimal():
                return
        text = self._texts[self._at]
        if len(text) < 200:
            self._texts[self._at] = text[: self._caret] + character + text[self._caret :]
            self._caret += len(character)

    def _cut(self, place: int) -> None:
        if self.field.kind is Kind.CHOICE:
            return
        text = self._texts[self._at]
        self._texts[self._at] = text[:place] + text[place + 1 :]
        self._caret = min(place, len(self._texts[self._at]))

    def _go(self, number: int) -> None:
        old, self._at = self._at, number
        self._caret = len(self._texts[number])
        self._refresh_row(old)
        self._show()

    def _show(self) -> None:
        height = max(self.size.height, 1)
        first = min(max(self._first, self._at - height + 1), self._at)
        if first != self._first:
            self._first = first
            self.refresh()
        self._refresh_row(self._at)
        self._place_cursor()

    def _refresh_row(self, number: int) -> None:
        self.refresh(Region(0, number - self._first, self.size.width, 1))

    def _place_cursor(self) -> None:
        before = cell_len(self._texts[self._at][: self._caret]) - self._shift(self._at)
        self.app.cursor_position = self.content_region.offset + Offset(
            self._label_width + before, self._at - self._first
        )

    def _shift(self, number: int) -> int:
        """How many columns of a long value are scrolled out on the left."""
        if number != self._at:
            return 0
        width = max(self.size.width - self._label_width - 2, 1)
        return max(cell_len(self._texts[number][: self._caret]) - width, 0)

    def render_line(self, y: int) -> Strip:
        """One field: label, value, caret."""
        number = y + self._first
        width = self.size.width
        base = self.rich_style
        if number >= len(self.fields):
            return Strip.blank(width, base)
        field, text = self.fields[number], self._texts[number]
        here = number == self._at and self.has_focus
        label = Segment(fit(field.label, self._label_width), base + Style(bold=here))
        if field.kind is Kind.CHOICE:
            segments = [label, *self._choice_segments(field, text, base, here)]
        else:
            segments = [label, *self._text_segments(number, text, base, here)]
        return Strip(segments).adjust_cell_length(width, base)

    def _choice_segments(self, field: Field, text: str, base: Style, here: bool) -> list[Segment]:
        segments = []
        for number, (value, name) in enumerate(field.choices, 1):
            chosen = value == text
            style = base + Style(reverse=chosen and here, bold=chosen, dim=not chosen)
            mark = f"{number}{name}"
            segments += [Segment(f"[{mark}]" if chosen else f" {mark} ", style), Segment(" ", base)]
        return segments

    def _text_segments(self, number: int, text: str, base: Style, here: bool) -> list[Segment]:
        if not here:
            return [Segment(shortened(text, self.size.width - self._label_width), base)]
        shift = self._shift(number)
        while shift > 0 and text:
            shift -= cell_len(text[0])
            text = text[1:]
        caret = self._caret - (len(self._texts[number]) - len(text))
        line = Style(underline=True)
        return [
            Segment(text[:caret], base + line),
            Segment(text[caret : caret + 1] or " ", base + Style(reverse=True)),
            Segment(text[caret + 1 :], base + line),
        ]


class FormScreen(Frame):
    """A form with a title. `save` gets the values; what it refuses is shown and the form stays."""

    HINTS: ClassVar[str] = "Enter下一项  上键上一项  F2保存  Esc取消  F1帮助"
    HELP: ClassVar[str] = _HELP
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "save", show=False, priority=True)]

    def __init__(
        self, title: str, fields: Sequence[Field], save: Callable[[dict[str, str]], None]
    ) -> None:
        super().__init__()
        self._title_text = title
        self._fields = fields
        self._save = save

    def body(self) -> ComposeResult:
        """The form."""
        yield Form(self._fields)

    def on_mount(self) -> None:
        """Start in the first field."""
        if len(self._fields) == 1:
            self.set_hints("Enter确定  Esc取消  F1帮助")
        self.query_one(Form).focus()
        self.on_form_changed()

    def on_key(self, event: events.Key) -> None:
        """Keys typed while the form was being drawn belong in it too."""
        form = self.query_one(Form)
        if not form.has_focus:
            form.take(event)

    def on_form_changed(self) -> None:
        """Say what the field takes."""
        field = self.query_one(Form).field
        hint = field.hint
        if field.kind is Kind.CHOICE:
            hint = hint or "按数字或左右键选"
        number, total = self.query_one(Form).place
        self.set_title(f"{self._title_text}  {number}/{total}" if total > 1 else self._title_text)
        self.say(hint)

    def on_form_done(self) -> None:
        """Enter in the last field saves a form of one field; a longer one is saved by F2 alone,
        for a hand that runs down the fields must not save by the way."""
        if len(self._fields) == 1:
            self.action_save()
        else:
            self.say("最后一项了：F2 保存，Esc 取消")

    def action_save(self) -> None:
        """Check and hand the values over; leave if they are taken."""
        with self.refusals():
            self._save(self.query_one(Form).values())
            self.dismiss()

    def action_leave(self) -> None:
        """Leave; ask first if something would be lost."""
        if not self.query_one(Form).dirty:
            self.dismiss()
            return
        self.app.push_screen(Confirm("有改动没有保存，放弃吗？"), self._left)

    def _left(self, yes: bool | None) -> None:
        if yes:
            self.dismiss()
