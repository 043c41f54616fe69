"""One measured figure beside its budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, beside the bare program where there is one, against the budget."""

    what: str
    measured: float
    unit: str
    budget: str
    kept: bool | None = None
    bare: float | None = None

    def row(self) -> list[str]:
        """The cells of its line."""
        verdict = {True: "kept", False: "MISSED", None: ""}[self.kept]
        bare = "" if self.bare is None else f"{self.bare:,.2f}"
        return [self.what, f"{self.measured:,.2f}", bare, self.unit, self.budget, verdict]


def percentile(values: Sequence[float], part: float) -> float:
    """The value under which `part` of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]
