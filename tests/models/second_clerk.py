"""A clerk with the paper in hand: keys stacks a second time and settles what differs."""

from __future__ import annotations

from collections.abc import Sequence

from models.database.tables import BallotRow
from models.entry import second_entry
from models.entry.alignment import DifferenceKind
from models.entry.first_entry import FirstEntry
from models.entry.keying import Effect, Reply
from models.entry.second_keying import DifferingPlaces, SecondKeying
from tests.models.layouts import VOID_REASONS
from tui.keypad import act_of
from tui.words.keying import words


def key_first(entry: FirstEntry, lines: Sequence[str]) -> None:
    """Key lines as the first entry; `/n` is a void ballot."""
    for line in lines:
        if line.startswith("/"):
            entry.commit("", int(line[1:]))
        else:
            entry.commit(line)


def stored_lines(stack_id: int) -> list[str]:
    """The first entry as lines."""
    rows = BallotRow.select().where(BallotRow.batch == stack_id).order_by(BallotRow.position)
    return [f"/{row.void_reason}" if row.void_reason else row.marks for row in rows]


def keying_of(stack_id: int, void_reasons: tuple[str, ...] = VOID_REASONS) -> SecondKeying:
    """A stack opened for its second entry."""
    return SecondKeying(second_entry.verify(stack_id), void_reasons)


def press(keying: SecondKeying, *keys: str) -> Reply:
    """Press keys in order, then wait; the last answer."""
    for key in keys:
        reply = keying.press(act_of(key))
    return keying.keep() or reply


def key_lines(keying: SecondKeying, lines: Sequence[str]) -> None:
    """Key lines without looking up."""
    for line in lines:
        assert press(keying, *line, "enter").effect is Effect.STORED


def settle(keying: SecondKeying, paper: Sequence[str], *, most: int = 1000) -> int:
    """Press F2 and settle every difference from `paper`, which the first entry has sheet for
    sheet; how many sheets were keyed a third time."""
    keyed = 0
    reply = press(keying, "f2")
    if reply.effect is Effect.ASKED:
        press(keying, "f2")
    while keying.difference is not None:
        assert keyed < most, words(keying.statement())
        keyed += 1
        different = keying.difference
        if different.kind is DifferenceKind.EXTRA:
            press(keying, "delete", "f2")
            continue
        line = paper[different.first - 1]
        if isinstance(keying.ballot, DifferingPlaces):
            while keying.ballot.cursor < keying.ballot.size:
                press(keying, line[keying.ballot.cursor])
        else:
            press(keying, *line)
        reply = press(keying, "enter")
        if "再按 Enter" in words(reply.said):
            reply = press(keying, "enter")
        assert reply.effect is Effect.STORED, reply
    return keyed
