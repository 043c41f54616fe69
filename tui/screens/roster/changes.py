"""What the forms and questions of 单位人员 tell its screen once they have changed the roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Values = Mapping[str, str]
"""What was typed in a form, by the keys of its fields."""


@dataclass(frozen=True)
class RosterChange:
    """A change that was made and is stored."""

    told: str
    """The sentence for the message line."""
    unit_id: int | None = None
    """The unit to put the cursor on; None leaves it where it is."""
    cadre_id: int | None = None
    """The cadre to put the cursor on; None leaves it where it is."""


Changed = Callable[[RosterChange], None]
"""Called with each change, to show it."""
