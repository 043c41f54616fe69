"""票数平衡 in words: the balance and its identities, how far it is verified, and the seals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.entry import error_rate
from models.rounds.balance import Balance, BalanceTable
from models.rounds.polls import PollState
from models.seal import facts, sealing
from models.seal.facts import PollFacts, StackFacts
from models.seal.findings import Finding
from models.seal.sealing import SealInfo
from tui.screens.seal.paper_check import digest_lines
from tui.widgets.look import State, Tone
from tui.words import findings as words

_MOST_NAMED = 5


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
        name = reasons[reason - 1] if reason <= len(reasons) else f"原因 {reason}"
        lines.append(f"{name}  {n} 张")
    return lines


def code_cell(finding: Finding) -> State:
    """What a finding is called, with the colour of what it means."""
    return State(Tone.WRONG if finding.blocking else Tone.WAITING, words.code_of(finding))


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


def summary(found: PollFacts, table: BalanceTable, findings: Sequence[Finding]) -> str:
    """The paper of the whole poll in a line, and how many findings there are before a seal."""
    total = table.total
    line = (
        f"发出 {total.issued}  收回 {total.returned}  未收回 {total.unreturned}  "
        f"有效 {total.valid}  无效 {total.void}"
    )
    if found.poll.state is PollState.SEALED:
        return line
    blocking = sum(each.blocking for each in findings)
    return f"{line}    问题 {blocking}  提示 {len(findings) - blocking}"


def rows(found: PollFacts, table: BalanceTable) -> list[tuple[str, tuple[str, ...]]]:
    """The balance line by line, then its sum; each with the key of its row."""
    stacks = facts.by_group(found)
    made = [
        (
            str(number),
            _row(
                (row.sheet, row.group),
                row.balance,
                verified(stacks[row.sheet, row.group]),
                row.difference,
            ),
        )
        for number, row in enumerate(table.rows)
    ]
    every = [each for own in stacks.values() for each in own]
    total = _row(("合计", ""), table.total, verified(every), difference(table))
    return [*made, ("total", total)]


def _row(names: tuple[str, str], paper: Balance, checked: str, wrong: str) -> tuple[str, ...]:
    numbers = (paper.issued, paper.returned, paper.unreturned, paper.valid, paper.void)
    return (*names, *map(str, numbers), checked, wrong)


def seal_lines(seals: Sequence[SealInfo]) -> list[str]:
    """Every version of a seal with who and why, the newest first."""
    lines = []
    for each in reversed(seals):
        at = each.at.replace("T", " ")
        if each.in_force:
            lines.append(f"第 {each.version} 版  在用  {at}  {each.who}")
            lines.append("  ".join(f"{teller.role} {teller.name}" for teller in each.tellers))
        else:
            lines.append(
                f"第 {each.version} 版  已开封  {each.reopened_at.replace('T', ' ')}  "
                f"{'、'.join(each.reopened_by)}：{each.reopened_reason}"
            )
        first, second = digest_lines(sealing.groups_of(each.digest))
        lines += [f"摘要 {first}", f"       {second}"]
    return lines


def warned(findings: Iterable[Finding]) -> str:
    """What is worth a look and was not looked at, before the last question."""
    looks = [each for each in findings if not each.blocking]
    if not looks:
        return "没有提示。\n"
    lines = [f"有 {len(looks)} 条提示，请先看一看："]
    lines += [
        f"  {words.code_of(each)} {each.where}：{words.what(each)}" for each in looks[:_MOST_NAMED]
    ]
    if len(looks) > _MOST_NAMED:
        lines.append(f"  等 {len(looks)} 条")
    return "\n".join(lines) + "\n"
