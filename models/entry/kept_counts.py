"""Running counts stored beside the ballots, so that a tally never reads the ballots themselves.

Call these functions inside the transaction that changes the ballots.
"""

from __future__ import annotations

from models.database.tables import database
from models.entry.ballot import Ballot
from models.rounds import shown_counts
from models.rounds.stacks import Stack

_ADD_COUNT = """
INSERT INTO count (sheet_id, group_id, place, mark, n) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (sheet_id, group_id, place, mark) DO UPDATE SET n = n + excluded.n
"""
_ADD_ENTERED = """
INSERT INTO entered (batch_id, void_reason, n) VALUES (?, ?, ?)
ON CONFLICT (batch_id, void_reason) DO UPDATE SET n = n + excluded.n
"""


def count(stack: Stack, ballot: Ballot) -> None:
    """Add a ballot of the stack to the counts."""
    _add(stack, ballot, 1)
    shown_counts.follow(stack.sheet_id)


def uncount(stack: Stack, ballot: Ballot) -> None:
    """Remove a ballot of the stack from the counts."""
    _add(stack, ballot, -1)
    database.execute_sql(
        "DELETE FROM count WHERE sheet_id = ? AND group_id = ? AND n = 0",
        (stack.sheet_id, stack.group.id),
    )
    database.execute_sql("DELETE FROM entered WHERE n = 0")


def _add(stack: Stack, ballot: Ballot, n: int) -> None:
    if ballot.marks:
        key = (stack.sheet_id, stack.group.id)
        database.connection().executemany(
            _ADD_COUNT, [(*key, place, mark, n) for place, mark in enumerate(ballot.marks)]
        )
    database.execute_sql(_ADD_ENTERED, (stack.stack_id, ballot.void_reason, n))
