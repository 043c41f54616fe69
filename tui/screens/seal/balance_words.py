"""票数平衡 in words: the identities of some paper, and how far it is verified."""

from __future__ import annotations

from collections.abc import Sequence

from models.entry import error_rate
from models.rounds.balance import BalanceTable
from models.seal.facts import StackFacts


def identities(table: BalanceTable, reasons: Sequence[str]) -> list[str]:
    """The identities of a table with their numbers, and void ballots by reason (from 1)."""
    paper = table.total
    lines = [
        f"发出 {paper.issued} = 收回 {paper.returned} + 未收回 {paper.unreturned}",
        f"已录 {paper.entered} = 有效 {paper.valid} + 无效 {paper.void}",
        f"收回 {paper.returned}，已录 {paper.entered}：{difference(table)}",
    ]
    if table.void:
        lines += ["", "无效票原因"]
    for reason, n in table.void.items():
        words = reasons[reason - 1] if reason <= len(reasons) else f"原因 {reason}"
        lines.append(f"{words}  {n} 张")
    return lines


def difference(table: BalanceTable) -> str:
    """What is short or over where, in a few words."""
    if table.balanced:
        return "平"
    return table.rows[0].difference if len(table.rows) == 1 else "不平"


def verified(stacks: Sequence[StackFacts]) -> str:
    """How far stacks are verified, in a word."""
    needed = sum(each.verification.needed for each in stacks)
    if not needed:
        return "不要求"
    if all(each.verification.satisfied for each in stacks):
        return "一致"
    keyed = sum(min(each.verification.keyed, each.verification.needed) for each in stacks)
    return "待核对" if keyed == needed else f"{keyed}/{needed}"


def verification(stacks: Sequence[StackFacts]) -> list[str]:
    """Who keyed, how much of it twice, and what was found."""
    seen = [each.verification for each in stacks]
    first = sorted({name for each in seen for name in each.first_keyers})
    second = sorted({name for each in seen for name in each.second_keyers})
    lines = [f"录入：{'、'.join(first) or '没有记录'}"]
    if not any(each.needed for each in seen):
        return [*lines, "复核：本轮次不要求"]
    same = "（有同一人两次都录的）" if any(each.same_person for each in seen) else ""
    lines.append(f"复核：{'、'.join(second) or '还没有'}{same}")
    compared = sum(each.compared for each in seen)
    if compared:
        lines.append(error_rate.words(sum(each.differences for each in seen), compared))
    return lines
