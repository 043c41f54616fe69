"""Read the other rounds that a round is held against, and what then asks for a look."""

from __future__ import annotations

from models.database.tables import database
from models.rounds import life, polls
from models.rounds.looks import Look, Neighbour, of_poll, of_round


def neighbours(round_id: int) -> tuple[Neighbour, ...]:
    """Return the other rounds with their units, drafts included, oldest first."""
    sql = """
    SELECT r.id, r.title, r.kind, r.year, p.unit_id FROM round r
    LEFT JOIN poll p ON p.round_id = r.id WHERE r.id <> ? ORDER BY r.id
    """
    units: dict[tuple[int, str, str, int], set[int]] = {}
    for number, title, kind, year, unit in database.execute_sql(sql, (round_id,)).fetchall():
        units.setdefault((number, title, kind, year), set()).add(unit or 0)
    return tuple(
        Neighbour(title, kind, year, frozenset(found))
        for (_, title, kind, year), found in units.items()
    )


def looks(round_id: int) -> list[tuple[str, Look]]:
    """Return what of a round and of its polls asks for a look, each with the name of its unit, or
    an empty name for the round itself.

    That a unit is in a second round is said once, of the round. Raises `RefusedError` if the round
    does not exist.
    """
    plan, others = life.find_by_id(round_id).plan, neighbours(round_id)
    found = polls.polls(round_id)
    of_units = [
        (poll.short, look) for poll in found for look in of_poll(plan, poll.unit_id, poll.date, ())
    ]
    return [("", look) for look in of_round(plan, [p.unit_id for p in found], others)] + of_units
