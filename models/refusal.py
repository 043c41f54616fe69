"""The one exception for what the program will not do: why, and the way out."""

from __future__ import annotations

from enum import Enum, auto


class Way(Enum):
    """A way out of a refusal or a finding: what the user can do next.

    Models and exports name the way; a screen adds the key that leads there, the command line the
    command (`tui.words.ways`).
    """

    RESTORE = auto()
    """Put a checked backup in the place of the database."""
    LIST_ROUNDS = auto()
    """See which rounds there are."""
    CORRECT_SEALED = auto()
    """Correct a ballot of a poll that was sealed and opened again."""
    SEAL = auto()
    """Balance the paper of a poll and seal it."""
    COUNT_PAPER = auto()
    """Count the paper again: change how much came back, or take out a ballot keyed twice."""
    WHOLE_ROUND = auto()
    """Choose the whole round instead of one unit."""
    SECOND_ENTRY = auto()
    """Key a stack a second time, or settle where its entries differ."""
    RECOUNT = auto()
    """Recompute everything in the file and see what does not agree."""
    NEW_DATABASE = auto()
    """Begin a database."""
    OTHER_DATABASE = auto()
    """Name another database file."""
    IMPORT_ROSTER = auto()
    """Import the list of units."""
    HOLDER_LEAVES = auto()
    """Have whoever holds the database leave the program."""
    NAME_SUBJECT = auto()
    """Say which subject's ballots are meant."""


class RefusedError(Exception):
    """Something was refused; nothing was changed. The message is Chinese and names what is wrong;
    `way` is the way out, None where the message says all; `target` is what the way is taken with,
    such as the backup to restore."""

    def __init__(self, message: str, way: Way | None = None, target: str = "") -> None:
        super().__init__(message)
        self.way = way
        self.target = target
