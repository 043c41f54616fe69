"""首页: the current round and its units as rows of text. Pure: made of what was read."""

from __future__ import annotations

from models.entry import progress
from models.entry.progress import PollProgress
from models.regulation.levels import Level
from models.rounds.plan import RoundInfo, RoundState

_GAUGE, _SHORT_GAUGE = 10, 6


def round_line(info: RoundInfo) -> str:
    """A round's title, state and period."""
    plan = info.plan
    period = f"  {plan.starts} 至 {plan.ends}" if plan.starts else ""
    return f"{plan.title}    {info.state.label}{period}"


def cells(found: PollProgress, info: RoundInfo, names: dict[Level, str]) -> tuple[str, ...]:
    """A unit on one line: issued, returned, how far both entries are, and the next step. `names`
    are those of the levels."""
    issued, returned = found.sets
    done, whole = found.balance.entered, found.balance.returned
    draft = info.state is RoundState.DRAFT
    return (
        found.poll.short,
        "" if issued is None else str(issued),
        "" if returned is None else str(returned),
        gauge(done, whole, _GAUGE),
        f"{done}/{whole}",
        gauge(found.verified, found.to_verify, _SHORT_GAUGE) if found.to_verify else "不要求",
        "等待启动轮次" if draft else progress.next_step(found, names),
    )


def gauge(part: int, whole: int, width: int) -> str:
    """`part` of `whole` as a bar of `width` columns, in ASCII, which is as wide everywhere."""
    filled = width * part // whole if whole else 0
    return "#" * filled + "." * (width - filled)
