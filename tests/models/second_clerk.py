"""A clerk with the paper in hand: keys stacks a second time and settles what differs."""

from __future__ import annotations

from collections.abc import Sequence

from models.database.tables import Ballot
from models.entry import second_entry
from models.entry.alignment import Kind
from models.entry.ballots import StackEntry
from models.entry.keying import Act, Reply
from models.entry.second_keying import DifferingPlaces, SecondKeying
from tests.models.layouts import VOID_REASONS


def key_first(entry: StackEntry, lines: Sequence[str]) -> None:
    """Key lines as the first entry; `/n` is a void ballot."""
    for line in lines:
        if line.startswith("/"):
            entry.commit("", int(line[1:]))
        else:
            entry.commit(line)


def stored_lines(stack_id: int) -> list[str]:
    """The first entry as lines."""
    rows = Ballot.select().where(Ballot.batch == stack_id).order_by(Ballot.position)
    return [f"/{row.void_reason}" if row.void_reason else row.marks for row in rows]


def keying_of(stack_id: int, void_reasons: tuple[str, ...] = VOID_REASONS) -> SecondKeying:
    """A stack opened for its second entry."""
    return SecondKeying(second_entry.verify(stack_id), void_reasons)


def press(keying: SecondKeying, *keys: str) -> Reply:
    """Press keys in order; the last answer."""
    for key in keys:
        reply = keying.press(key)
    return reply


def key_lines(keying: SecondKeying, lines: Sequence[str]) -> None:
    """Key lines without looking up."""
    for line in lines:
        assert press(keying, *line, "enter").act is Act.COMMIT


def settle(keying: SecondKeying, paper: Sequence[str], *, most: int = 1000) -> int:
    """Press F2 and settle every difference from `paper`, which the first entry has sheet for
    sheet; how many sheets were keyed a third time."""
    keyed = 0
    reply = press(keying, "f2")
    if reply.act is Act.ASKED:
        press(keying, "f2")
    while keying.difference is not None:
        assert keyed < most, keying.statement
        keyed += 1
        different = keying.difference
        if different.kind is Kind.EXTRA:
            press(keying, "delete", "f2")
            continue
        line = paper[different.first - 1]
        if isinstance(keying.ballot, DifferingPlaces):
            while keying.ballot.cursor < keying.ballot.size:
                press(keying, line[keying.ballot.cursor])
        else:
            press(keying, *line)
        reply = press(keying, "enter")
        if "再按 Enter" in reply.message:
            reply = press(keying, "enter")
        assert reply.act is Act.COMMIT, reply
    return keyed
