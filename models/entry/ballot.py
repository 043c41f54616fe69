"""测评票: one filled paper as a value."""

from __future__ import annotations

from typing import NamedTuple

from models.refusal import RefusedError
from models.rounds.layout import SheetLayout


class Ballot(NamedTuple):
    """A filled paper as it was keyed. No voter, no time and no place in the stack."""

    marks: str
    """One character a place in printed order; empty if the ballot is void."""
    void_reason: int = 0
    """Which of the office's reasons voids it, from 1; 0 if it is valid."""


class AlikeBallots(NamedTuple):
    """How many ballots of a stack are filled in alike. Their order is not kept."""

    ballot: Ballot
    n: int


def checked(sheet: SheetLayout, marks: str, void_reason: int) -> Ballot:
    """The ballot to store: a void one has no marks. Raises `RefusedError` if the marks do not fit
    the sheet."""
    if void_reason:
        return Ballot("", void_reason)
    if not sheet.fits(marks):
        raise RefusedError("这张票的选项与票种不符，没有存。")
    return Ballot(marks)
