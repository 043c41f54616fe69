"""Messages of the keying pad, as codes with values. The screen supplies the wording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Notice(Enum):
    """A message. The docstring of each member lists the values that come with it."""

    # The current ballot.
    NO_USE = auto()
    NO_DIGITS = auto()
    NO_PASTE = auto()
    NO_WHEEL = auto()
    BROKEN_OFF = auto()
    NO_SUCH_GRADE = auto()
    """The mark; the number of grades."""
    SURPLUS = auto()
    """The number of places; the number of surplus marks."""
    NOTHING_TO_REPEAT = auto()
    NOTHING_LEFT = auto()
    AT_FIRST_PLACE = auto()
    AT_THE_END = auto()
    EMPTY = auto()
    """The number of places."""
    UNKEYED = auto()
    """The number of places not keyed."""
    DOUBTFUL = auto()
    """The number of surplus marks; 0 if something else went wrong."""
    ASK_VOID = auto()
    """The reasons."""
    VOID_CHOICES = auto()
    """The number of reasons."""
    VOIDED = auto()
    """The reason."""
    NOT_VOIDED = auto()
    VOID_TAKEN_BACK = auto()
    IS_VOID = auto()
    # The first entry of a stack.
    STORED = auto()
    """The ballot's position."""
    HALF_FOUND = auto()
    """The number of places keyed on the half-keyed ballot."""
    STACK_FULL = auto()
    """The number of ballots returned."""
    LOOK_FIRST = auto()
    NONE_EARLIER = auto()
    NONE_KEYED = auto()
    NONE_LATER = auto()
    BACK_TO_HAND = auto()
    LOOKING = auto()
    """The reason the ballot is void; empty if it is valid."""
    UNCHANGED = auto()
    ASK_CORRECT = auto()
    """The position; the reasons."""
    ASK_REMOVE = auto()
    """The position; the reasons."""
    STILL_LOOKING = auto()
    REASON_CHOICES = auto()
    """The number of reasons."""
    CORRECTED = auto()
    """The position."""
    REMOVED = auto()
    """The position."""
    REFUSED = auto()
    """The `RefusedError`."""
    # The second entry: keying the stack again.
    SAME_PERSON = auto()
    """The clerk's name."""
    DRAFT_FOUND = auto()
    FROM_THE_FIRST = auto()
    NEXT_PAPER = auto()
    """The ballot's number in the stack."""
    NEXT_SAMPLE = auto()
    """The ballot's number in the stack; the sampling step."""
    NO_LOOKING = auto()
    SURPLUS_LATER = auto()
    HALF_KEYED = auto()
    NOTHING_KEYED = auto()
    SAMPLE_SHORT = auto()
    """The number of ballots to key; how many of them are missing."""
    ASK_CHECK = auto()
    """The number of ballots in the second entry; in the first entry."""
    VERIFIED = auto()
    """The number of ballots verified."""
    AGREED = auto()
    DIFFERENT = auto()
    """The number of ballots that differ."""
    TOO_FEW = auto()
    """The number of ballots keyed; the number returned."""
    # The second entry: settling differences.
    GRADES_ONLY = auto()
    ALL_KEYED = auto()
    PLACES_LEFT = auto()
    """The number of places not keyed."""
    PRESSED_TOO_OFTEN = auto()
    ONE_BACK = auto()
    DIFFERING_ONLY = auto()
    CONFIRM = auto()
    ONE_BY_ONE = auto()
    """The number of ballots that differ."""
    NOTED = auto()
    """The ballot's number in the stack."""
    FIRST_DROPPED = auto()
    """The position in the first entry."""
    SECOND_DROPPED = auto()
    """The position in the second entry."""
    KEYED_BY_BOTH = auto()
    ASK_DROP_FIRST = auto()
    """The position in the first entry."""
    ASK_DROP_SECOND = auto()
    """The position in the second entry."""
    KEYED_BEFORE = auto()
    NOT_THE_SECOND = auto()
    SAME_NEARBY = auto()
    NO_LONGER_DIFFERENT = auto()
    NEITHER_PLACES = auto()
    """The sheet; the places."""
    NEITHER = auto()
    MISSING = auto()
    """The position in the first entry; the position of the ballot before it in the second entry,
    or 0 if the ballot would have the same position in both."""
    EXTRA = auto()
    """The position in the second entry."""
    VOID_DIFFERS = auto()
    """The ballot's number in the stack."""
    PLACES_DIFFER = auto()
    """The ballot's number in the stack; the sheet; the places."""


@dataclass(frozen=True)
class Said:
    """A notice with its values."""

    notice: Notice
    """The message."""
    values: tuple[object, ...] = ()
    """Its values, as listed under the notice."""
    then: Said | None = None
    """The message to show after it."""


def say(notice: Notice, *values: object, then: Said | None = None) -> Said:
    """Build a `Said` from a notice, its values and the message that follows."""
    return Said(notice, values, then)
