"""首页: the round and its units as text. Pure: made of what was read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from models.entry.progress import Need, PollProgress, need_of, next_step
from models.regulation.levels import Level
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.stacks import Stack
from tui.widgets.listing import Cell
from tui.widgets.look import Gauge, Piece, State, Told, Tone
from tui.widgets.second_pane import Detail
from tui.words.columns import fit

COLUMNS = (("单位", 14), ("人", 4), ("录入", 9), ("进度", 10), ("复核", 8), ("下一步", 24))
RIGHT, FALLS = (1, 2), (3, 1, 4)
"""The columns with numbers; those that fall away where there is no room."""
_LONG_GAUGE, _SHORT_GAUGE = 20, 8
# With more batches than this the second pane tells of the levels alone.
_MOST_BATCHES = 24
_LEVEL_NAME, _GROUP_NAME = 13, 20
_TONES = {
    Need.REGISTER: Tone.IDLE,
    Need.KEY: Tone.WAITING,
    Need.VERIFY: Tone.WAITING,
    Need.SEAL: Tone.WAITING,
    Need.NONE: Tone.DONE,
}


def round_line(info: RoundInfo, *, narrow: bool) -> str:
    """A round's title, state and period, which falls away in a `narrow` window."""
    plan = info.plan
    period = f"  {plan.starts}{f' 至 {plan.ends}' if plan.ends else ' 起'}" if plan.starts else ""
    return f"{plan.title}  {info.state.label}{'' if narrow else period}"


def days_left(info: RoundInfo | None, today: datetime.date) -> str:
    """How long an open round still is; empty where there is nothing to say."""
    if info is None or info.state is not RoundState.OPEN or not info.plan.ends:
        return ""
    left = (datetime.date.fromisoformat(info.plan.ends) - today).days
    if left < 0:
        return f"已过截止 {-left} 天"
    return f"离截止还有 {left} 天" if left else "今天截止"


def totals(found: Sequence[PollProgress]) -> list[Piece]:
    """How many units need what."""
    counted = Counter(need_of(each) for each in found)
    pieces: list[Piece] = [f"{len(found)} 个单位"]
    for need in reversed(Need):
        if counted[need]:
            pieces += ["  ", State(_TONES[need], f"{need.value} {counted[need]}")]
    return pieces


def gauge_line(found: Sequence[PollProgress]) -> list[Piece]:
    """How much of the round's paper is keyed."""
    done = sum(each.balance.entered for each in found)
    whole = sum(each.balance.returned for each in found)
    return ["录入 ", Gauge(done, whole, _LONG_GAUGE), f" {done:,}/{whole:,} 张"]


def cells(
    found: PollProgress,
    info: RoundInfo,
    names: dict[Level, str],
    *,
    depth: int = 0,
) -> tuple[Cell, ...]:
    """A unit on one line: sets of ballots returned, how far both entries are, the next step.
    `names` are those of the levels; `depth` is how far its name is moved in."""
    _, returned = found.sets
    done, whole = found.balance.entered, found.balance.returned
    draft = info.state is RoundState.DRAFT
    following = State(Tone.IDLE, "等待启动轮次") if draft else _following(found, names)
    return (
        "  " * depth + found.poll.short,
        "" if returned is None else str(returned),
        f"{done}/{whole}" if whole else "",
        Gauge(done, whole) if whole else "",
        _verified(found, info),
        following,
    )


def _following(found: PollProgress, names: dict[Level, str]) -> State:
    now = need_of(found)
    begun = (now is Need.KEY and found.balance.entered) or (now is Need.VERIFY and found.verified)
    return State(Tone.PART if begun else _TONES[now], next_step(found, names))


def _verified(found: PollProgress, info: RoundInfo) -> str:
    if not found.to_verify:
        # Without paper registered it is not known how much is to be verified.
        return "" if info.rules.verification.every else "不要求"
    if found.verified == found.to_verify and not found.next_second:
        return "一致"
    return f"{found.verified}/{found.to_verify}"


def going_on(found: PollProgress, info: RoundInfo, names: dict[Level, str]) -> str:
    """What Enter on a unit opens, in a sentence."""
    if info.state is RoundState.DRAFT:
        return f"{found.poll.short}：轮次还在筹备，Enter 接着筹备"
    now, stack = need_of(found), found.next_stack or found.next_second
    if stack is None or now in (Need.SEAL, Need.NONE, Need.REGISTER):
        return f"{found.poll.short}：{_OPENS[now]}"
    whose = f"{stack.subject} " if stack.subject else ""
    place = f"{whose}{names.get(stack.level, '')}票 {stack.group.name}"
    if now is Need.VERIFY:
        what = "核对两次录入不同的票" if found.differing else "再录一遍"
        return f"{found.poll.short}：复核 {place}，{what}"
    number = stack.balance.entered + 1
    half = "（半张）" if stack.drafted else ""
    begun = "接着录" if number > 1 or stack.drafted else "录"
    return f"{found.poll.short}：{begun} {place} 第 {number} 张{half}"


_OPENS = {
    Need.REGISTER: "登记各批发出、收回多少张",
    Need.SEAL: "核对票数平衡，封存",
    Need.NONE: "登记等次、送达，看结果",
}


def unit_detail(found: PollProgress, names: dict[Level, str]) -> Detail:
    """A unit's paper, level by level and batch by batch, for the second pane."""
    poll = found.poll
    out, back = found.sets
    people = f"应到 {poll.expected} 人  实到 {poll.present} 人" if poll.expected else ""
    lines: list[Told] = [
        f"{poll.date or '日期未登记'}  {poll.place or '地点未登记'}",
        *([people] if people else []),
        f"发出 {'未登记' if out is None else f'{out} 套'}"
        f"  收回 {'未登记' if back is None else f'{back} 套'}",
    ]
    whole_list = len(found.stacks) <= _MOST_BATCHES
    for level, name in names.items():
        of_level = [stack for stack in found.stacks if stack.level is level]
        if of_level:
            lines += ["", _level_line(of_level, name)]
            lines += [_batch_line(stack) for stack in of_level] if whole_list else []
    return Detail(poll.unit_name, lines)


def _level_line(paper: Sequence[Stack], name: str) -> tuple[Piece, ...]:
    done = sum(stack.balance.entered for stack in paper)
    whole = sum(stack.balance.returned for stack in paper)
    return fit(name, _LEVEL_NAME), Gauge(done, whole, _SHORT_GAUGE), f" {done}/{whole} 张"


def _batch_line(stack: Stack) -> tuple[Piece, ...]:
    number = f" {stack.number}批" if stack.number > 1 or not stack.last else ""
    balance = stack.balance
    if stack.drafted:
        state = State(Tone.PART, "有半张")
    elif balance.unregistered:
        state = State(Tone.IDLE, "未登记")
    elif balance.missing > 0:
        state = State(Tone.WAITING, f"差 {balance.missing} 张")
    else:
        state = State(Tone.DONE, "录完" if stack.returned else "无票")
    return "  ", fit(f"{stack.group.name}{number}", _GROUP_NAME), state
