"""The fields of a form as they are filled in: what keys do, and what is wrong. No screen."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from textual import events

from models.names import visible
from models.refusal import RefusedError
from tui.widgets.edit_text import EditText

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
    section: str = ""
    """The heading that it stands under with those after it; empty for that of the field before."""
    only_if: tuple[str, tuple[str, ...]] | None = None
    """The key of another field and the values of that under which this one applies; it is not
    shown, nor checked, under others. None: it always applies."""


class FaultyFieldsError(RefusedError):
    """What was typed is wrong: `faults` by the keys of their fields, in the order of the form.

    The form goes to the first and marks them all."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("；".join(faults.values()))
        self.faults = dict(faults)


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


class Answers:
    """What stands in the fields, which of them the caret is in, and what was refused."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = tuple(fields)
        self._edits = [EditText(field.value, _LONGEST) for field in fields]
        self._before = self.texts
        self.at = 0
        """The number of the field under the caret, from 0."""
        # The value under the caret has stood there from the start, and nothing was done to it yet.
        self.prefilled = self._stands_as_before()
        """Whether typing replaces the value under the caret."""
        self.faults: dict[str, str] = {}
        """What was wrong with fields when they were last refused, by their keys."""

    @property
    def field(self) -> Field:
        """The field under the caret."""
        return self.fields[self.at]

    @property
    def edit(self) -> EditText:
        """The text under the caret."""
        return self._edits[self.at]

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in each field, as it was typed."""
        return tuple(edit.text for edit in self._edits)

    @property
    def dirty(self) -> bool:
        """Whether anything was changed."""
        return self.texts != self._before

    @property
    def applying(self) -> list[int]:
        """The numbers of the fields that apply, as the others are filled in."""
        texts = {field.key: text for field, text in zip(self.fields, self.texts, strict=True)}
        return [
            number
            for number, field in enumerate(self.fields)
            if field.only_if is None or texts[field.only_if[0]] in field.only_if[1]
        ]

    def values(self) -> dict[str, str]:
        """The value of each field by its key, dates in ISO form. Raises `FaultyFieldsError` with
        every fault."""
        faults = {}
        found = {}
        applying = self.applying
        for number, (field, text) in enumerate(zip(self.fields, self.texts, strict=True)):
            text = visible(text)
            if number in applying and (fault := fault_of(field, text)):
                faults[field.key] = fault
            found[field.key] = iso_date(text) if field.kind is FieldKind.DATE else text
        if faults:
            raise FaultyFieldsError(faults)
        return found

    def mark(self, faults: Mapping[str, str]) -> None:
        """Mark these fields as wrong, each with its fault, and go to the first."""
        self.faults = {field.key: faults[field.key] for field in self.fields if field.key in faults}
        for number in self.applying:
            if self.fields[number].key in self.faults:
                self.go(number)
                return

    def go(self, number: int) -> None:
        """Go to a field, to the end of what stands there."""
        self.at = number
        self.edit.caret = len(self.edit.text)
        self.prefilled = self._stands_as_before()

    def step(self, by: int) -> None:
        """Go so many fields that apply on or back, as far as there are."""
        applying = self.applying
        here = applying.index(self.at)
        self.go(applying[min(max(here + by, 0), len(applying) - 1)])

    def press(self, event: events.Key) -> bool:
        """Change the value under the caret by a key; whether it is a key that may."""
        key, field = event.key, self.field
        if field.kind is FieldKind.CHOICE:
            self.edit.text = choice_by_key(field, self.edit.text, event)
            self.faults.pop(field.key, None)
        elif self.prefilled and key == "delete":
            self._clear()
            self._touched()
        elif self.edit.press(key):
            self._touched()
        elif event.character and event.is_printable:
            self.insert(typed(field, event.character))
        else:
            return False
        return True

    def paste(self, text: str) -> None:
        """A paste goes into the field as one line."""
        if self.field.kind is not FieldKind.CHOICE:
            self.insert("".join(typed(self.field, each) for each in visible(text)))

    def insert(self, text: str) -> None:
        """Type `text`, in place of a value that was there before."""
        if text and self.prefilled:
            self._clear()
        self.edit.insert(text)
        if text:
            self._touched()

    def _clear(self) -> None:
        self.edit.text, self.edit.caret = "", 0

    def _touched(self) -> None:
        """The value under the caret is the typist's own now."""
        self.prefilled = False
        self.faults.pop(self.field.key, None)

    def _stands_as_before(self) -> bool:
        text = self.edit.text
        stands = bool(text) and text == self._before[self.at]
        return stands and self.field.kind is not FieldKind.CHOICE
