"""What the pad has to say, as codes with values. The sentences are the screen's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Notice(Enum):
    """One thing to say; the values that go with it stand behind."""

    # The ballot in hand.
    NO_USE = auto()
    NO_DIGITS = auto()
    NO_PASTE = auto()
    NO_WHEEL = auto()
    BROKEN_OFF = auto()
    NO_SUCH_GRADE = auto()
    """The mark, the number of grades."""
    SURPLUS = auto()
    """The number of places, how many marks too many."""
    NOTHING_TO_REPEAT = auto()
    NOTHING_LEFT = auto()
    AT_FIRST_PLACE = auto()
    AT_THE_END = auto()
    EMPTY = auto()
    """The number of places."""
    UNKEYED = auto()
    """How many places are not keyed."""
    DOUBTFUL = auto()
    """How many marks too many; 0 if something else went wrong."""
    ASK_VOID = auto()
    """The reasons."""
    VOID_CHOICES = auto()
    """How many reasons there are."""
    VOIDED = auto()
    """The reason."""
    NOT_VOIDED = auto()
    VOID_TAKEN_BACK = auto()
    IS_VOID = auto()
    # The first entry of a stack.
    STORED = auto()
    """The ballot's position."""
    HALF_FOUND = auto()
    """How many places of the half-keyed ballot are keyed."""
    STACK_FULL = auto()
    """How many ballots came back."""
    LOOK_FIRST = auto()
    NONE_EARLIER = auto()
    NONE_KEYED = auto()
    NONE_LATER = auto()
    BACK_TO_HAND = auto()
    LOOKING = auto()
    """Why the ballot is void; empty if it is not."""
    UNCHANGED = auto()
    ASK_CORRECT = auto()
    """The position, the reasons."""
    ASK_REMOVE = auto()
    """The position, the reasons."""
    STILL_LOOKING = auto()
    REASON_CHOICES = auto()
    """How many reasons there are."""
    CORRECTED = auto()
    """The position."""
    REMOVED = auto()
    """The position."""
    REFUSED = auto()
    """The `RefusedError`."""
    # The second entry: keying again.
    SAME_PERSON = auto()
    """The name."""
    DRAFT_FOUND = auto()
    FROM_THE_FIRST = auto()
    NEXT_PAPER = auto()
    """Which paper."""
    NEXT_SAMPLE = auto()
    """Which paper, every how many."""
    NO_LOOKING = auto()
    SURPLUS_LATER = auto()
    HALF_KEYED = auto()
    NOTHING_KEYED = auto()
    SAMPLE_SHORT = auto()
    """How many are to be keyed, how many are missing."""
    ASK_CHECK = auto()
    """How many ballots the second entry has, how many the first."""
    VERIFIED = auto()
    """How many ballots."""
    AGREED = auto()
    DIFFERENT = auto()
    """In how many ballots."""
    TOO_FEW = auto()
    """How many ballots are in, how many came back."""
    # The second entry: settling what differs.
    GRADES_ONLY = auto()
    ALL_KEYED = auto()
    PLACES_LEFT = auto()
    """How many places are not keyed."""
    PRESSED_TOO_OFTEN = auto()
    ONE_BACK = auto()
    DIFFERING_ONLY = auto()
    CONFIRM = auto()
    ONE_BY_ONE = auto()
    """How many ballots differ."""
    NOTED = auto()
    """Which paper."""
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
    """The sheet, the places."""
    NEITHER = auto()
    MISSING = auto()
    """The position in the first entry, that of the ballot before it in the second; 0 if both
    entries stand at the same paper."""
    EXTRA = auto()
    """The position in the second entry."""
    VOID_DIFFERS = auto()
    """Which paper."""
    PLACES_DIFFER = auto()
    """Which paper, the sheet, the places."""


@dataclass(frozen=True)
class Said:
    """A notice with its values."""

    notice: Notice
    values: tuple[object, ...] = ()
    then: Said | None = None
    """What is said after it."""


def say(notice: Notice, *values: object, then: Said | None = None) -> Said:
    """A notice with its values, and what follows it."""
    return Said(notice, values, then)
