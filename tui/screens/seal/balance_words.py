"""票数平衡 in words: the balance and its identities, how far it is verified, and the seals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exports.documents.kinds import KINDS
from exports.parts import wording
from models.entry import error_rate, error_words
from models.regulation.rules import VerificationRule
from models.results.delivery import Handover
from models.results.revealed import Holders
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
        f"收回还有 {paper.unregistered} 批没有登记"
        if paper.unregistered
        else f"发出 {paper.issued} = 收回 {paper.returned} + 未收回 {paper.unreturned}",
        f"已录 {paper.entered} = 有效 {paper.valid} + 无效 {paper.void}",
        f"收回 {paper.returned}，已录 {paper.entered}：{table.difference}",
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


def verified(stacks: Sequence[StackFacts], rule: VerificationRule) -> str:
    """How far stacks are verified, in a word; empty where there is no paper to verify yet."""
    needed = sum(each.verification.needed for each in stacks)
    if not needed:
        return "" if rule.every else "不要求"
    if all(each.verification.satisfied for each in stacks):
        return "一致"
    keyed = sum(min(each.verification.keyed, each.verification.needed) for each in stacks)
    return "待核对" if keyed == needed else f"{keyed}/{needed}"


def verification(stacks: Sequence[StackFacts], rule: VerificationRule) -> list[str]:
    """Who keyed, how much of it twice, and what was found."""
    seen = [each.verification for each in stacks]
    first = sorted({name for each in seen for name in each.first_keyers})
    second = sorted({name for each in seen for name in each.second_keyers})
    lines = [f"录入：{'、'.join(first) or '没有记录'}"]
    if not any(each.needed for each in seen):
        return lines if rule.every else [*lines, "复核：本轮次不要求"]
    same = "（有同一人两次都录的）" if any(each.same_person for each in seen) else ""
    lines.append(f"复核：{'、'.join(second) or '还没有'}{same}")
    compared = sum(each.compared for each in seen)
    if compared:
        lines.append(error_rate.words(sum(each.differences for each in seen), compared))
        lines += error_words.lines(seen)
    lines += [f"抽查种子 {each.seed}" for each in seen if each.seed]
    return lines


def summary(
    found: PollFacts, table: BalanceTable, findings: Sequence[Finding], *, whole: bool = True
) -> str:
    """The paper of the whole poll in a line, and how many findings there are before a seal.

    Not `whole` is what others than the keyer see: nothing of what is on the ballots.
    """
    total = table.total
    line = f"发出 {total.issued}  收回 {total.returned}  {total.rest}"
    if not whole:
        return line
    line += f"  有效 {total.valid}  无效 {total.void}"
    if found.poll.state is PollState.SEALED:
        return line
    blocking = sum(each.blocking for each in findings)
    return f"{line}    问题 {blocking}  提示 {len(findings) - blocking}"


def rows(
    found: PollFacts, table: BalanceTable, *, whole: bool = True
) -> list[tuple[str, tuple[str, ...]]]:
    """The balance line by line, then its sum; each with the key of its row. Not `whole` is as in
    `summary`."""
    stacks, rule = facts.by_group(found), found.round.rules.verification
    made = [
        (
            str(number),
            _row(
                (row.sheet, row.group),
                _numbers(row.balance, whole),
                verified(stacks[row.sheet, row.group], rule),
                row.difference,
            ),
        )
        for number, row in enumerate(table.rows)
    ]
    every = [each for own in stacks.values() for each in own]
    numbers = _numbers(table.total, whole)
    total = _row(("合计", ""), numbers, verified(every, rule), table.difference)
    return [*made, ("total", total)]


def _numbers(paper: Balance, whole: bool) -> tuple[str, ...]:
    issued, back, kept = str(paper.issued), wording.returned_words(paper), str(paper.unreturned)
    if paper.unregistered:
        # Not known, which a number would deny; the last column says so.
        issued, kept = issued if paper.issued or paper.returned else "", ""
        back = back if paper.returned else ""
    return (issued, back, kept, *((str(paper.valid), str(paper.void)) if whole else ("", "")))


def _row(
    names: tuple[str, str], numbers: tuple[str, ...], checked: str, wrong: str
) -> tuple[str, ...]:
    return (*names, *numbers, checked, wrong)


def revealed(found: Holders) -> str:
    """What a corrected version will tell whoever has the one before, and who that may be."""
    lines = [
        "拿到前后两版的人，两相对照就是更正的那些票：改一张就看得出是哪一张，改得越少越清楚。",
    ]
    if found.nobody:
        return f"{lines[0]}\n这一版还没有写出文书，也没有送达。"
    if found.written:
        kinds = "、".join(f"{kind} {n} 份" for kind, n in found.written)
        lines.append(f"这一版已写出：{kinds}。")
    for kind, names in found.delivered:
        more = f"等 {len(names)} 处" if len(names) > _MOST_NAMED else ""
        done = "已归档" if kind is Handover.ARCHIVE else "已送达"
        lines.append(f"{KINDS[kind.value].name}{done}：{'、'.join(names[:_MOST_NAMED])}{more}。")
    return "\n".join(lines)


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
        lines += [f"摘要 {first}", f"     {second}"]
    return lines


def without_paper(table: BalanceTable) -> str:
    """Which voter groups are registered as 无票, before the last question; empty if none is."""
    none = [f"{row.sheet} {row.group}" for row in table.rows if row.balance.none]
    if not none:
        return ""
    more = f" 等 {len(none)} 类" if len(none) > _MOST_NAMED else ""
    return f"登记为无票的：{'、'.join(none[:_MOST_NAMED])}{more}。\n"


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
