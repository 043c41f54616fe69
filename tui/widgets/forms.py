"""Forms as data: fields with labels and kinds, in one widget that takes every key in order.

One widget, because a burst of keys (what a slow line delivers) scatters over separate input
widgets. Up, Down and Enter move between fields, F2 saves, Esc leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

from models.refusal import RefusedError
from tui.widgets.edit_text import caret_segments
from tui.widgets.fields import Answers
from tui.widgets.fields import FaultyFieldsError as FaultyFieldsError
from tui.widgets.fields import Field as Field
from tui.widgets.fields import FieldKind as FieldKind
from tui.widgets.frame import Frame, confirmed
from tui.widgets.keys import ALWAYS, NEVER, OFTEN, Key
from tui.widgets.look import DIM, TITLE, Tone
from tui.words.columns import fit, shortened

_HELP = """填表：光标所在的一项怎么填，写在下面的提示里。
原来就有的字反显：键入即换掉，按 End、左右键或退格就接着改。
有填得不对的项时不保存，到第一处，并用 ! 标出各处。"""
# Columns of the box around a value that cannot be long.
_BOXES = {FieldKind.INTEGER: 8, FieldKind.DATE: 14}
_LONGEST_BOX = 60
_LEAST_HINT = 12  # columns that an explanation beside a field is worth


class Form(Widget, can_focus=True):
    """The fields, one a line under the headings of their sections. The screen asks for their
    `values`."""

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
        Key(
            "end",
            "接着改",
            "原有的字：键入即换掉，End、左右键、退格接着改",
            when="prefilled",
            named="End",
        ),
        Key("left", "", "在文字里移动（Home、End 到头尾）", weight=NEVER, named="左右"),
        Key(
            "backspace",
            "",
            "删字（Delete 删后面的，或反显的全部）",
            weight=NEVER,
            named="退格",
        ),
    )

    class Changed(Message):
        """The field under the caret changed, or the caret moved to another."""

    class Done(Message):
        """Enter was pressed in the last field."""

    def __init__(self, fields: Sequence[Field], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.answers = Answers(fields)
        self._first = 0
        # What the lines show: a heading, or the number of a field.
        self._lines: list[str | int] = []
        self._label_width = max((cell_len(field.label) for field in fields), default=0) + 3
        self._lay_lines()

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, those that do not apply too."""
        return self.answers.fields

    @property
    def field(self) -> Field:
        """The field under the caret."""
        return self.answers.field

    def now(self) -> set[str]:
        """What its keys depend on."""
        names = {"single" if len(self.fields) == 1 else "longer"}
        if self.field.kind is FieldKind.CHOICE:
            names.add("choosing")
        if self.answers.prefilled:
            names.add("prefilled")
        return names

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in each field, as it was typed."""
        return self.answers.texts

    @property
    def place(self) -> tuple[int, int]:
        """Which field the caret is in, from 1, and of how many that apply."""
        applying = self.answers.applying
        return applying.index(self.answers.at) + 1, len(applying)

    def mark(self, faults: Mapping[str, str]) -> None:
        """Mark these fields as wrong, each with its fault, and go to the first."""
        self.answers.mark(faults)
        self._show()
        self.refresh()

    def on_focus(self) -> None:
        """Show where an input method opens its window."""
        self._place_cursor()

    async def _on_key(self, event: events.Key) -> None:
        self.take(event)

    def take(self, event: events.Key) -> None:
        """Handle one key, if it means something in a form."""
        last = self.answers.at == self.answers.applying[-1]
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
        self.answers.paste(event.text)
        self._show()
        self.post_message(self.Changed())

    def _take(self, event: events.Key) -> bool:
        key, answers, height = event.key, self.answers, self.size.height
        steps = {"pagedown": height, "pageup": -height, "up": -1, "shift+tab": -1}
        steps |= dict.fromkeys(("enter", "ctrl+j", "down", "tab"), 1)
        old = answers.at
        if key in steps:
            answers.step(steps[key])
            self._refresh_row(old)
        elif not answers.press(event):
            return False
        if self._lay_lines():
            self.refresh()
        self._show()
        return True

    def _lay_lines(self) -> bool:
        """Which lines there are now; whether they are others than before."""
        lines: list[str | int] = []
        section = ""
        for number in self.answers.applying:
            heading = self.fields[number].section
            if heading and heading != section:
                section = heading
                lines.append(heading)
            lines.append(number)
        changed, self._lines = lines != self._lines, lines
        return changed

    def _show(self) -> None:
        height, here = max(self.size.height, 1), self._lines.index(self.answers.at)
        # A heading above the first field of its section comes into sight with it.
        above = here - 1 if here and isinstance(self._lines[here - 1], str) and height > 1 else here
        first = min(max(self._first, here - height + 1), above)
        if first != self._first:
            self._first = first
            self.refresh()
        self._refresh_row(self.answers.at)
        self._place_cursor()

    def _refresh_row(self, number: int) -> None:
        if number in self._lines:
            row = self._lines.index(number) - self._first
            self.refresh(Region(0, row, self.size.width, 1))

    def _place_cursor(self) -> None:
        before = cell_len(self.answers.edit.before_caret) - self._shift
        if self.answers.prefilled:
            before = min(before, self._box(self.field) - 1)
        row = self._lines.index(self.answers.at) - self._first
        self.app.cursor_position = self.content_region.offset + Offset(
            self._label_width + 1 + before, row
        )

    def _box(self, field: Field) -> int:
        """The columns within the box around a value."""
        room = max(self.size.width - self._label_width - 2, 1)
        return min(_BOXES.get(field.kind, _LONGEST_BOX), room)

    @property
    def _shift(self) -> int:
        """How many columns of the value under the caret are scrolled out on the left."""
        if self.answers.prefilled:
            # A value that was there is read from its beginning.
            return 0
        before = _shown(self.field, self.answers.edit.before_caret)
        return max(cell_len(before) + 1 - self._box(self.field), 0)

    def render_line(self, y: int) -> Strip:
        """A heading, or one field: label, value in its box, caret, and its explanation beside it
        where there is room. A faulty one has a mark before its label."""
        width, base = self.size.width, self.rich_style
        if y + self._first >= len(self._lines):
            return Strip.blank(width, base)
        number = self._lines[y + self._first]
        if isinstance(number, str):
            heading = Segment(fit(number, width), base + TITLE)
            return Strip([heading]).adjust_cell_length(width, base)
        field = self.fields[number]
        text = _shown(field, self.texts[number])
        here = number == self.answers.at and self.has_focus
        faulty = field.key in self.answers.faults
        style = base + (Tone.WRONG.style if faulty else Style(bold=here))
        label = Segment(fit(f"{'!' if faulty else ' '}{field.label}", self._label_width), style)
        if field.kind is FieldKind.CHOICE:
            segments = [label, *_choice_segments(field, text, base, here=here)]
        else:
            within = self._within(field, text, base, here=here)
            edge = base if here else base + DIM
            segments = [label, Segment("[", edge), *within, Segment("]", edge)]
        room = width - sum(each.cell_length for each in segments) - 2
        if field.hint and room >= _LEAST_HINT:
            segments += [Segment("  ", base), Segment(shortened(field.hint, room), base + DIM)]
        return Strip(segments).adjust_cell_length(width, base)

    def _within(self, field: Field, text: str, base: Style, *, here: bool) -> list[Segment]:
        """The value within its box, with the caret in it or all of it reversed."""
        box, line = self._box(field), base + Style(underline=True)
        if not here:
            return [Segment(fit(shortened(text, box), box), line)]
        shift, caret = self._shift, self.answers.edit.caret
        while shift > 0 and text:
            shift -= cell_len(text[0])
            text, caret = text[1:], caret - 1
        if self.answers.prefilled:
            reverse = base + Style(reverse=True)
            segments = [Segment(shortened(text, box - 1), reverse), Segment(" ", line)]
        else:
            segments = caret_segments(text, caret, base, line)
        return list(Strip(segments).adjust_cell_length(box, line))


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
    it and stays. `advice` says what asks for a look on a field, by its key and what is typed.
    Without `asks` it is left without a question: a path is soon typed again. With
    `review` Enter in the last field shows what that makes of the values, to be confirmed."""

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
        *,
        asks: bool = True,
        review: Callable[[dict[str, str]], str] | None = None,
    ) -> None:
        super().__init__()
        self._asks = asks
        self._review = review
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
        """Say what the field takes; on one that was refused and stands as it was, why."""
        field = self.query_one(Form).field
        hint = field.hint
        if field.kind is FieldKind.CHOICE:
            hint = hint or "按数字或左右键选"
        form = self.query_one(Form)
        self._show_place()
        if fault := form.answers.faults.get(field.key):
            number = len(form.answers.faults)
            more = f"（标 ! 的共 {number} 项）" if number > 1 else ""
            self.say(fault + more, refused=True)
            return
        keys = (each.key for each in self._fields)
        said = self._advice(field.key, dict(zip(keys, form.texts, strict=True)))
        self.say(f"{hint}。{said}" if said else hint)

    def _show_place(self) -> None:
        number, total = self.query_one(Form).place
        title = (
            f"{self._title_text} > {section}" if (section := self._section()) else self._title_text
        )
        self.set_title(f"{title}  {number}/{total}" if total > 1 else title)
        self.show_keys()

    def _section(self) -> str:
        """The step that the caret is in."""
        at = self.query_one(Form).answers.at
        return next((each.section for each in reversed(self._fields[: at + 1]) if each.section), "")

    def on_form_done(self) -> None:
        """Save a form of one field. A longer one is saved by F2 alone, so that running down its
        fields with Enter does not save it."""
        if len(self._fields) == 1:
            self.action_save()
        elif self._review is not None:
            with self.refusals():
                told = self._review(self.query_one(Form).answers.values())
                confirmed(self, told, self.action_save)
        else:
            self.say("最后一项了：F2 保存，Esc 取消")

    def action_save(self) -> None:
        """Check the values and save them; leave, unless they are refused."""
        if self.left:
            return
        with self.refusals():
            self._save(self.query_one(Form).answers.values())
            self.dismiss()

    def refuse(self, error: RefusedError) -> None:
        """Show a refusal; where it names fields, go to the first and mark them."""
        form = self.query_one(Form)
        form.mark(error.faults if isinstance(error, FaultyFieldsError) else {})
        if form.answers.faults:
            self.on_form_changed()
        else:
            self._show_place()
            super().refuse(error)

    def action_leave(self) -> None:
        """Leave; ask first if something would be lost that was work to type."""
        self.leave_unsaved(dirty=self._asks and self.query_one(Form).answers.dirty)
