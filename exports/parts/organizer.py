"""Which organ holds an evaluation, signs its papers and is reported to.

Regulation, clauses 一 and 三. A unit that tests itself (本级自测) does so under its own name and
reports to the office above it; a spot check (上级抽测) is the office's.
"""

from __future__ import annotations

from dataclasses import replace

from models.rounds.plan import CONDUCTED, RoundInfo
from models.rounds.polls import PollInfo
from models.settings.office import Office

_ITSELF = CONDUCTED[0]


def organizer(office: Office, round_info: RoundInfo, poll: PollInfo) -> Office:
    """Return the names of the organ that organizes a poll: the office, or the polled unit itself.

    Of the unit only the name is known; its names for other purposes are formed like the office's,
    and what cannot be formed is left to be filled in by hand.
    """
    unit = poll.unit_name
    if round_info.plan.conducted != _ITSELF or unit == office.name:
        return office
    return replace(
        office,
        name=unit,
        short_name=poll.short,
        party_group=_of_unit(office.party_group, office.name, unit) or f"{unit}党组",
        superior_party_group=office.party_group,
        signature=_of_unit(office.signature, office.name, unit),
        letterhead=_of_unit(office.letterhead, office.name, unit),
        document_code="",
        signer="",
        printer="",
        copies=(),
    )


def reporter(office: Office, poll: PollInfo) -> tuple[Office, str]:
    """Return whose name a report of the polled unit bears, and whom it is to: the organ that
    organized the poll or, if that is the unit, its superior."""
    unit = poll.unit_name
    if office.name == unit:
        return replace(office, signature=office.party_group), office.superior_party_group
    group = _of_unit(office.party_group, office.name, unit) or f"{unit}党组"
    return replace(office, name=unit, signature=group), office.party_group or office.name


def _of_unit(text: str, office: str, unit: str) -> str:
    """Return the office's wording with the unit's name in it; empty if it does not name itself."""
    return text.replace(office, unit) if office in text else ""
