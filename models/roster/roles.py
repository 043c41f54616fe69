"""班子角色: a cadre's place in the leadership team, and the names that rosters have for it."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """班子角色: a cadre's place in the leadership team."""

    CHIEF = 1
    MEMBER = 2
    OTHER = 3

    @property
    def label(self) -> str:
        """The Chinese name of the role."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {Role.CHIEF: "正职", Role.MEMBER: "班子成员", Role.OTHER: "其他"}
_ROLE_SYNONYMS = {
    "班子正职": Role.CHIEF,
    "主要负责人": Role.CHIEF,
    "成员": Role.MEMBER,
    "领导班子成员": Role.MEMBER,
    "其它": Role.OTHER,
    "其他干部": Role.OTHER,
    "非班子成员": Role.OTHER,
}
ROLE_NAMES = "正职、成员（班子成员）、其他"


def role_named(text: str) -> Role | None:
    """The role with this name or synonym, or None."""
    for role, label in _ROLE_LABELS.items():
        if text == label:
            return role
    return _ROLE_SYNONYMS.get(text)
