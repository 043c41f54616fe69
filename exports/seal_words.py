"""What a document says of the seals behind it: digests in groups, versions, reopenings."""

from __future__ import annotations

from collections.abc import Sequence

from exports.wording import date_words
from models.seal import SealInfo, groups_of

_GROUPS_A_LINE = 8


def digest_lines(digest: str) -> list[str]:
    """A SHA-256 as people compare it: 16 groups of 4, eight a line."""
    groups = groups_of(digest)
    return [
        " ".join(groups[at : at + _GROUPS_A_LINE]) for at in range(0, len(groups), _GROUPS_A_LINE)
    ]


def moment_words(iso: str) -> str:
    """`2026-11-05T09:30:00` as 2026年11月5日9时30分."""
    date, _, time = iso.partition("T")
    hour, minute = time.split(":")[:2]
    return f"{date_words(date)}{int(hour)}时{int(minute)}分"


def reopening_words(seal: SealInfo) -> str:
    """When, why and by whom a seal was opened again; empty for the one in force."""
    if seal.in_force:
        return ""
    return (
        f"{moment_words(seal.reopened_at)}重新开封，理由：{seal.reopened_reason}，"
        f"批准人：{'、'.join(seal.reopened_by)}"
    )


def correction_notes(seals: Sequence[SealInfo]) -> list[str]:
    """What every document of a poll sealed more than once says: which seal it rests on, and the
    digests of those before. Nothing for a first seal or none in force."""
    if len(seals) < 2 or not seals[-1].in_force:
        return []
    earlier = "；".join(
        f"第{each.version}次封存摘要 {' '.join(groups_of(each.digest))}" for each in seals[:-1]
    )
    return [f"本结果为第{seals[-1].version}次封存（更正后）。{earlier}。"]
