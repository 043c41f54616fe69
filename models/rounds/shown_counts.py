"""What others may see of the counts while paper is keyed: a copy of each sheet's counts that
follows in steps, all voter groups together.

Two looks that are one ballot apart are that ballot. So a copy is taken in the transaction of the
ballot with which enough have been added since the last, and only while enough are left; and again
when the sheet is complete. No order of ballots is kept for it, and none is needed. A poll that was
opened again after its seal shows what the seal had until it is sealed anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from models.database import proof
from models.database.tables import database

# All that a step rests on, of one sheet; the state is that of a poll that was never sealed.
_FACTS = """
SELECT r.minimum_group, p.state = 1,
       (SELECT total(returned) FROM batch WHERE sheet_id = s.id),
       (SELECT total(e.n) FROM entered e JOIN batch b ON b.id = e.batch_id
        WHERE b.sheet_id = s.id),
       (SELECT total(e.n) FROM entered e JOIN batch b ON b.id = e.batch_id
        WHERE b.sheet_id = s.id AND e.void_reason = 0),
       (SELECT valid FROM shown_counts WHERE sheet_id = s.id),
       NOT EXISTS (SELECT 1 FROM batch WHERE sheet_id = s.id AND NOT registered)
FROM sheet s JOIN poll p ON p.id = s.poll_id JOIN round r ON r.id = p.round_id
WHERE s.id = ?
"""
_KEEP = """
INSERT INTO shown_counts (sheet_id, valid, void, counts, proof) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (sheet_id) DO UPDATE SET valid = excluded.valid, void = excluded.void,
counts = excluded.counts, proof = excluded.proof
"""
_PROGRESS = """
SELECT s.poll_id, (SELECT total(returned) FROM batch WHERE sheet_id = s.id),
       CASE p.state WHEN 3 THEN
           (SELECT total(e.n) FROM entered e JOIN batch b ON b.id = e.batch_id
            WHERE b.sheet_id = s.id)
       ELSE (SELECT total(valid + void) FROM shown_counts WHERE sheet_id = s.id) END
FROM sheet s JOIN poll p ON p.id = s.poll_id WHERE p.round_id = ?
"""
_SHEETS = "SELECT id FROM sheet WHERE poll_id = ?"


@dataclass(frozen=True)
class ShownCounts:
    """The copy of one sheet's counts."""

    valid: int = 0
    """Valid ballots in it."""
    void: int = 0
    """Void ballots in it."""
    marks: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """The number of valid ballots by place and mark."""


NOTHING_SHOWN = ShownCounts()


def due(
    *, valid: int, entered: int, returned: int, copied: int, minimum: int, registered: bool
) -> bool:
    """Whether a copy is to be taken now.

    `valid` and `entered` ballots of `returned` are keyed, `copied` valid ones are in the last
    copy; `registered` tells whether every stack's paper is. Any two copies are then at least
    `minimum` valid ballots apart, and as many sheets are left for the last; a sheet with fewer in
    all shows nothing before it is complete.
    """
    if entered == returned and registered:
        return True
    return valid >= copied + minimum and returned - entered >= minimum


def follow(sheet_id: int) -> None:
    """Take a copy of a sheet's counts if one is due. Call it inside the transaction that changed
    them."""
    row = database.execute_sql(_FACTS, (sheet_id,)).fetchone()
    if row is None:
        return
    minimum, keying, returned, entered, valid, copied, registered = row
    step = due(
        valid=int(valid),
        entered=int(entered),
        returned=int(returned),
        copied=copied or 0,
        minimum=minimum,
        registered=bool(registered),
    )
    if keying and step:
        _keep(sheet_id, int(valid), int(entered) - int(valid))


def follow_poll(poll_id: int) -> None:
    """The same for every sheet of a poll, after its paper was registered."""
    for (sheet_id,) in database.execute_sql(_SHEETS, (poll_id,)).fetchall():
        follow(sheet_id)


def keep_sealed(poll_id: int) -> None:
    """Take a copy of what a seal held, before the poll is opened again."""
    for (sheet_id,) in database.execute_sql(_SHEETS, (poll_id,)).fetchall():
        _, _, _, entered, valid, *_ = database.execute_sql(_FACTS, (sheet_id,)).fetchone()
        _keep(sheet_id, int(valid), int(entered) - int(valid))


def drop(poll_id: int) -> None:
    """Forget the copies of a poll that is sealed: its counts are public now."""
    database.execute_sql(
        "DELETE FROM shown_counts WHERE sheet_id IN (SELECT id FROM sheet WHERE poll_id = ?)",
        (poll_id,),
    )


def read(poll_id: int) -> dict[int, ShownCounts]:
    """What others may see of a poll, by sheet id; a sheet without a copy is left out."""
    rows = database.execute_sql(
        "SELECT c.sheet_id, c.valid, c.void, c.counts FROM shown_counts c "
        "JOIN sheet s ON s.id = c.sheet_id WHERE s.poll_id = ?",
        (poll_id,),
    ).fetchall()
    found = {}
    for sheet_id, valid, void, counts in rows:
        marks: dict[int, dict[str, int]] = {}
        for place, mark, n in json.loads(counts):
            marks.setdefault(place, {})[mark] = n
        found[sheet_id] = ShownCounts(valid, void, marks)
    return found


def progress(round_id: int) -> dict[int, tuple[int, int]]:
    """How many ballots of each poll of a round others may know to be keyed, and how many came
    back, by poll id: all that are keyed once it is sealed, before that those in the copies."""
    found: dict[int, tuple[int, int]] = {}
    for poll, returned, shown in database.execute_sql(_PROGRESS, (round_id,)).fetchall():
        before = found.get(poll, (0, 0))
        found[poll] = (before[0] + int(shown), before[1] + int(returned))
    return found


def _keep(sheet_id: int, valid: int, void: int) -> None:
    counts = database.execute_sql(proof.SHEET_COUNTS, (sheet_id,)).fetchone()[0]
    told = proof.of_shown_counts(sheet_id, valid, void, counts)
    database.execute_sql(_KEEP, (sheet_id, valid, void, counts, told))
