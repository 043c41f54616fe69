"""Forms as data: fields with labels and kinds, in one widget that takes every key in order.

One widget, because a burst of keys (what a slow line delivers) scatters over separate input
widgets. Up, Down and Enter move between fields, F2 saves, Esc leaves.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from models.names import visible
from models.refusal import RefusedError
from tui.widgets.edit_text import EditText, caret_segments
from tui.widgets.frame import Frame
from tui.widgets.keys import ALWAYS, NEVER, OFTEN, Key
from tui.words.columns import fit, shortened

_HELP = """填表：光标所在的一项怎么填，写在下面的提示里。
有填得不对的项时不保存，并到第一处。"""
# Characters in a field: more than any title of a round has.
_LONGEST = 200


class FieldKind(Enum):
    """What a field takes."""

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    CHOICE = "choice"
    HIDDEN = "hidden"
    """Text that is not shown, a passphrase."""


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    key: str
    """The name of its value among `Form.values`."""
    label: str
    """Its name on the screen."""
    kind: FieldKind = FieldKind.TEXT
    """What it takes."""
    value: str = ""
    """What stands in it at first."""
    hint: str = ""
    """What to type, said while the caret is in it."""
    required: bool = False
    """Whether it must not be empty."""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, label) of each choice, for `FieldKind.CHOICE`."""


def fault_of(field: Field, value: str) -> str:
    """What is wrong with a field's value, in words; empty if nothing is."""
    if not value:
        return f"{field.label}：不能为空" if field.required else ""
    if field.kind is FieldKind.INTEGER and not value.isdecimal():
        return f"{field.label}：应为整数"
    if field.kind is FieldKind.DATE and not iso_date(value):
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


def typed(field: Field, character: str) -> str:
    """What a typed character puts into a field, figures in half width; empty if it does not
    belong there."""
    if field.kind in (FieldKind.TEXT, FieldKind.HIDDEN):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if field.kind is FieldKind.DATE or (field.kind is FieldKind.INTEGER and plain.isdecimal()):
        return plain
    return ""


def choice_by_key(field: Field, chosen: str, event: events.Key) -> str:
    """The value of a field of choices after a key: `chosen`, as before, if the key chooses none."""
    values = [value for value, _ in field.choices]
    character = unicodedata.normalize("NFKC", event.character or "")
    if event.key in ("left", "right", "space"):
        # Where nothing is chosen yet, right begins with the first and left with the last.
        here = values.index(chosen) if chosen in values else -(event.key != "left")
        return values[(here + (-1 if event.key == "left" else 1)) % len(values)]
    if character.isdecimal() and 1 <= int(character) <= len(values):
        return values[int(character) - 1]
    return chosen


class Form(Widget, can_focus=True):
    """The fields, one a line. The screen asks for their `values`."""

    # Takes every key itself, in its own queue.
    keeps_order: ClassVar[bool] = True
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "确定", "只有一项的表：确定", weight=ALWAYS, when="single"),
        Key("enter", "下一项", "下一项（下键、Tab 同）", weight=OFTEN, when="longer"),
        Key("up", "上一项", "上一项", weight=OFTEN, when="longer", named="上"),
        Key(
            "left",
            "选",
            "在选择项上换一个；数字直接选",
            weight=OFTEN,
            when="choosing",
            named="左右",
        ),
        Key("left", "", "在文字里移动（Home、End 到头尾）", weight=NEVER, named="左右"),
        Key("backspace", "", "删字（Delete 删后面的）", weight=NEVER, named="退格"),
    )

    class Changed(Message):
        """The field under the caret changed, or the caret moved to another."""

    class Done(Message):
        """Enter was pressed in the last field."""

    def __init__(self, fields: Sequence[Field], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.fields = tuple(fields)
        self._edits = [EditText(field.value, _LONGEST) for field in fields]
        self._before = self.texts
        self._at = 0
        self._first = 0
        self._label_width = max((cell_len(field.label) for field in fields), default=0) + 2

    @property
    def field(self) -> Field:
        """The field under the caret."""
        return self.fields[self._at]

    def now(self) -> set[str]:
        """What its keys depend on."""
        choosing = {"choosing"} if self.field.kind is FieldKind.CHOICE else set()
        return {"single" if len(self.fields) == 1 else "longer"} | choosing

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in each field, as it was typed."""
        return tuple(edit.text for edit in self._edits)

    @property
    def place(self) -> tuple[int, int]:
        """Which field the caret is in, from 1, and of how many."""
        return self._at + 1, len(self.fields)

    @property
    def dirty(self) -> bool:
        """Whether anything was changed."""
        return self.texts != self._before

    def values(self) -> dict[str, str]:
        """The value of each field by its key, dates in ISO form. Raises `RefusedError` that names
        every fault, after moving the caret to the first."""
        faults: list[str] = []
        found = {}
        for number, (field, edit) in enumerate(zip(self.fields, self._edits, strict=True)):
            text = visible(edit.text)
            if fault := fault_of(field, text):
                if not faults:
                    self._go(number)
                faults.append(fault)
            found[field.key] = iso_date(text) if field.kind is FieldKind.DATE else text
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
            self._edits[self._at].insert(typed(self.field, character))
        self._show()

    def _take(self, event: events.Key) -> bool:
        key, field, edit = event.key, self.field, self._edits[self._at]
        if key in ("enter", "ctrl+j", "down", "tab"):
            self._go(min(self._at + 1, len(self.fields) - 1))
        elif key in ("up", "shift+tab"):
            self._go(max(self._at - 1, 0))
        elif key == "pagedown":
            self._go(min(self._at + self.size.height, len(self.fields) - 1))
        elif key == "pageup":
            self._go(max(self._at - self.size.height, 0))
        elif field.kind is FieldKind.CHOICE:
            edit.text = choice_by_key(field, edit.text, event)
        elif edit.press(key):
            pass
        elif event.character and event.is_printable:
            edit.insert(typed(field, event.character))
        else:
            return False
        self._show()
        return True

    def _go(self, number: int) -> None:
        old, self._at = self._at, number
        self._edits[number].caret = len(self._edits[number].text)
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
        before = cell_len(self._edits[self._at].before_caret) - self._shift
        self.app.cursor_position = self.content_region.offset + Offset(
            self._label_width + before, self._at - self._first
        )

    @property
    def _shift(self) -> int:
        """How many columns of the value under the caret are scrolled out on the left."""
        width = max(self.size.width - self._label_width - 2, 1)
        before = _shown(self.field, self._edits[self._at].before_caret)
        return max(cell_len(before) - width, 0)

    def render_line(self, y: int) -> Strip:
        """One field: label, value, caret."""
        number = y + self._first
        width = self.size.width
        base = self.rich_style
        if number >= len(self.fields):
            return Strip.blank(width, base)
        field = self.fields[number]
        text = _shown(field, self._edits[number].text)
        here = number == self._at and self.has_focus
        label = Segment(fit(field.label, self._label_width), base + Style(bold=here))
        if field.kind is FieldKind.CHOICE:
            segments = [label, *_choice_segments(field, text, base, here=here)]
        elif here:
            segments = [label, *self._caret_segments(text, base)]
        else:
            segments = [label, Segment(shortened(text, width - self._label_width), base)]
        return Strip(segments).adjust_cell_length(width, base)

    def _caret_segments(self, text: str, base: Style) -> list[Segment]:
        shift, caret = self._shift, self._edits[self._at].caret
        while shift > 0 and text:
            shift -= cell_len(text[0])
            text, caret = text[1:], caret - 1
        return caret_segments(text, caret, base, base + Style(underline=True))


def _shown(field: Field, text: str) -> str:
    """A value as it is drawn."""
    return "*" * len(text) if field.kind is FieldKind.HIDDEN else text


def _choice_segments(field: Field, text: str, base: Style, *, here: bool) -> list[Segment]:
    """The choices with their figures, the chosen one in brackets."""
    segments = []
    for number, (value, name) in enumerate(field.choices, 1):
        chosen = value == text
        style = base + Style(reverse=chosen and here, bold=chosen, dim=not chosen)
        mark = f"{number}{name}"
        segments += [Segment(f"[{mark}]" if chosen else f" {mark} ", style), Segment(" ", base)]
    return segments


class FormScreen(Frame):
    """A form with a title. `save` gets the values; where it raises `RefusedError`, the form shows
    it and stays. `advice` says what asks for a look on a field, by its key and what is typed."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "保存", "保存", "save", ALWAYS, "longer"),
        Key("escape", "取消", "不保存，返回（有改动要问）", "leave", ALWAYS),
    )

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[dict[str, str]], None],
        advice: Callable[[str, Mapping[str, str]], str] = lambda *_: "",
    ) -> None:
        super().__init__()
        self._title_text = title
        self._fields = fields
        self._save = save
        self._advice = advice

    def body(self) -> ComposeResult:
        """The form."""
        yield Form(self._fields)

    def on_mount(self) -> None:
        """Start in the first field."""
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
        if field.kind is FieldKind.CHOICE:
            hint = hint or "按数字或左右键选"
        form = self.query_one(Form)
        keys = (each.key for each in self._fields)
        said = self._advice(field.key, dict(zip(keys, form.texts, strict=True)))
        self._show_place()
        self.say(f"{hint}。{said}" if said else hint)

    def _show_place(self) -> None:
        number, total = self.query_one(Form).place
        self.set_title(f"{self._title_text}  {number}/{total}" if total > 1 else self._title_text)
        self.show_keys()

    def on_form_done(self) -> None:
        """Save a form of one field. A longer one is saved by F2 alone, so that running down its
        fields with Enter does not save it."""
        if len(self._fields) == 1:
            self.action_save()
        else:
            self.say("最后一项了：F2 保存，Esc 取消")

    def action_save(self) -> None:
        """Check the values and save them; leave, unless they are refused."""
        if self.left:
            return
        with self.refusals():
            self._save(self.query_one(Form).values())
            self.dismiss()
        # A field that is filled in wrongly has the caret now.
        self._show_place()

    def action_leave(self) -> None:
        """Leave; ask first if something would be lost."""
        self.leave_unsaved(dirty=self.query_one(Form).dirty)
