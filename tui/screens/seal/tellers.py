"""监票人、计票人 and the others who answer for a count, as the form of a seal asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.seal.sealing import Teller
from tui.widgets.forms import Field

# A field's key, its label, the role.
_FIELDS = (
    ("watch1", "监票人 1", "监票人"),
    ("watch2", "监票人 2", "监票人"),
    ("count1", "计票人 1", "计票人"),
    ("count2", "计票人 2", "计票人"),
    ("call", "唱票人", "唱票人"),
    ("chair", "主持人", "主持人"),
)
_REQUIRED = ("watch1", "count1")


def teller_fields(before: Sequence[Teller]) -> tuple[Field, ...]:
    """The fields of the form, filled with the tellers of the seal before."""
    names: dict[str, list[str]] = {}
    for teller in before:
        names.setdefault(teller.role, []).append(teller.name)
    return tuple(
        Field(
            key,
            label,
            value=names[role].pop(0) if names.get(role) else "",
            required=key in _REQUIRED,
            hint="必填：在报告单上签名的人" if key in _REQUIRED else "没有就空着",
        )
        for key, label, role in _FIELDS
    )


def tellers_named(values: Mapping[str, str]) -> tuple[Teller, ...]:
    """The tellers that the form names."""
    return tuple(Teller(role, values[key]) for key, _, role in _FIELDS if values[key])
