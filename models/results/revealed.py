"""What opening a seal again will reveal, and to whom (重新开封以前的提醒).

Whoever has the first version of a result takes it from the second: what is left are the corrected
ballots, and the fewer there are the plainer they are. Nothing hides that, so it is
said before it happens, with who has the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.database.tables import database
from models.results import delivery
from models.results.delivery import Handover
from models.rounds.polls import PollInfo

_WRITTEN = """
SELECT kind, count(DISTINCT path) FROM written
WHERE round_id = ? AND (poll_id = ? OR poll_id IS NULL) AND official AND at >= ?
GROUP BY kind ORDER BY min(id)
"""
_SEALED_AT = "SELECT max(substr(at, 1, 19)) FROM seal WHERE poll_id = ? AND reopened_at = ''"


@dataclass(frozen=True)
class Holders:
    """Who may have the version of a poll's result that is in force."""

    written: tuple[tuple[str, int], ...]
    """Kinds of documents written since it was sealed, with how many of each; those of the whole
    round as well."""
    delivered: tuple[tuple[Handover, tuple[str, ...]], ...]
    """Whom what was handed over, by kind of delivery."""

    @property
    def nobody(self) -> bool:
        """Whether nothing of it left the program."""
        return not (self.written or self.delivered)


def holders(poll: PollInfo) -> Holders:
    """Who may have the version in force of a sealed poll."""
    (sealed_at,) = database.execute_sql(_SEALED_AT, (poll.id,)).fetchone()
    rows = database.execute_sql(_WRITTEN, (poll.round_id, poll.id, sealed_at or "")).fetchall()
    names: dict[Handover, list[str]] = {}
    for due in delivery.dues(poll):
        if due.delivery is not None:
            names.setdefault(due.kind, []).append(due.addressee)
    return Holders(
        tuple((str(kind), int(n)) for kind, n in rows),
        tuple((kind, tuple(found)) for kind, found in names.items()),
    )
