"""One filled ballot (测评票) as a value."""

from __future__ import annotations

from typing import NamedTuple

from models.refusal import RefusedError
from models.rounds.layout import SheetLayout


class Ballot(NamedTuple):
    """A ballot as keyed. Holds no voter, no time and no position in the stack."""

    marks: str
    """One character per place in printed order; empty if the ballot is void."""
    void_reason: int = 0
    """Number of the office's void reason, from 1; 0 if the ballot is valid."""


class AlikeBallots(NamedTuple):
    """Identical ballots of a stack. Their order is not kept."""

    ballot: Ballot
    """The ballot."""
    n: int
    """How many there are."""


def checked(sheet: SheetLayout, marks: str, void_reason: int) -> Ballot:
    """The ballot to store. A void one loses its marks.

    Raises `RefusedError` if the marks do not fit the sheet.
    """
    if void_reason:
        return Ballot("", void_reason)
    if not sheet.fits(marks):
        raise RefusedError("这张票的选项与票种不符，没有存。")
    return Ballot(marks)
