"""问题与提示: what stands between a poll and its seal, and what is worth a look before it.

A finding has a number, says what it means and one thing to do. F1xx block the seal; W2xx ask for
a look, and never block a seal nor void a ballot. The rules are pure functions over `PollFacts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.database.tables import database
from models.entry import second_entry
from models.entry.second_entry import StackVerification
from models.regulation.rules import Quorum
from models.rounds import life, polls
from models.rounds.balance import Balance, BalanceRow, BalanceTable, unequal_places
from models.rounds.contents import frozen_contents
from models.rounds.layout import BLANK, OVERALL, SheetLayout
from models.rounds.plan import Gathering
from models.rounds.polls import PollInfo, PollState
from models.rounds.sheets import sheet_layout
from models.rounds.stacks import Stack, stacks
from models.seal.ballot_sense import BallotKind, all_alike, contradictory

# Shares from which blanks and void ballots ask for a look: 3 in 100.
LOOK_AT_PERCENT = 3
# Under so many valid ballots even a total tells who voted how.
FEW_BALLOTS = 10


@dataclass(frozen=True)
class Finding:
    """One finding. `where` names the stack, sheet or unit, `what` the fault with its numbers."""

    code: str
    blocking: bool
    where: str
    what: str
    meaning: str
    action: str


@dataclass(frozen=True)
class StackFacts:
    """A stack with what was found in it. `name` is its name within the poll; `second_drafted`
    says that a ballot of the second entry is half keyed."""

    stack: Stack
    name: str
    verification: StackVerification
    kinds: tuple[BallotKind, ...]
    second_drafted: bool = False


@dataclass(frozen=True)
class SheetFacts:
    """A sheet, its stacks in order, and the kept counts: for each voter group's id, place by
    place, how many ballots bear each mark."""

    name: str
    layout: SheetLayout
    stacks: tuple[StackFacts, ...]
    counts: Mapping[int, tuple[Mapping[str, int], ...]]

    @property
    def balance(self) -> Balance:
        """The paper of the sheet in sum."""
        return sum((each.stack.balance for each in self.stacks), Balance())


@dataclass(frozen=True)
class PollFacts:
    """All that findings are made from."""

    poll: PollInfo
    quorum: Quorum
    gathered: bool
    sampled: bool
    sheets: tuple[SheetFacts, ...]


def findings(poll_id: int) -> list[Finding]:
    """The findings of a poll: those that block its seal first, each kind in stack order."""
    return judge(read(poll_id))


def judge(facts: PollFacts) -> list[Finding]:
    """The findings that follow from the facts: those that block first."""
    found = [*_of_poll(facts)]
    for sheet in facts.sheets:
        found += _of_sheet(facts, sheet)
        for each in sheet.stacks:
            found += _of_stack(facts, each)
    return [each for each in found if each.blocking] + [each for each in found if not each.blocking]


def by_group(facts: PollFacts) -> dict[tuple[str, str], list[StackFacts]]:
    """The stacks under the names of their sheet and voter group, in order."""
    found: dict[tuple[str, str], list[StackFacts]] = {}
    for sheet in facts.sheets:
        for each in sheet.stacks:
            found.setdefault((sheet.name, each.stack.group.name), []).append(each)
    return found


def balance_table(facts: PollFacts) -> BalanceTable:
    """票数平衡 of the poll: its sheets and voter groups in order."""
    rows = []
    for (sheet, group), own in by_group(facts).items():
        void: dict[int, int] = {}
        for kind in (kind for each in own for kind in each.kinds):
            if kind.void_reason:
                void[kind.void_reason] = void.get(kind.void_reason, 0) + kind.n
        paper = tuple(each.stack.balance for each in own)
        rows.append(BalanceRow(sheet, group, paper, tuple(sorted(void.items()))))
    return BalanceTable(tuple(rows))


def quorate(quorum: Quorum, expected: int, present: int) -> bool:
    """Whether enough of the people expected were present. Numbers not recorded are not enough
    where a quorum is asked."""
    if quorum is Quorum.OFF:
        return True
    part, whole = (1, 2) if quorum is Quorum.HALF else (2, 3)
    return expected > 0 and present > 0 and present * whole >= expected * part


def _of_poll(facts: PollFacts) -> Iterator[Finding]:
    poll = facts.poll
    if not quorate(facts.quorum, poll.expected, poll.present):
        known = poll.expected and poll.present
        people = f"应到 {poll.expected} 人，实到 {poll.present} 人"
        yield _finding(
            "F108",
            poll.short,
            f"到会不足 {facts.quorum.value}（{people}）" if known else "应到、实到人数未登记",
        )


def _of_sheet(facts: PollFacts, sheet: SheetFacts) -> Iterator[Finding]:
    total = sheet.balance
    if not total.returned:
        yield _finding("F104", sheet.name, "各批都没有登记收回票数")
    yield from _paper_of_groups(sheet)
    present = facts.poll.present
    if facts.gathered and present and total.issued > present:
        yield _finding("W208", sheet.name, f"发出 {total.issued} 张，实到 {present} 人")
    if total.void and 100 * total.void >= LOOK_AT_PERCENT * total.entered:
        yield _finding("W202", sheet.name, f"无效 {total.void} 张 / 已录 {total.entered} 张")
    yield from _blanks(sheet)
    odd = sum(contradictory(sheet.layout, each.kinds) for each in sheet.stacks)
    if odd:
        yield _finding("W204", sheet.name, f"{odd} 张票总体与各项不符")
    if total.complete and 0 < total.valid < FEW_BALLOTS:
        yield _finding("W207", sheet.name, f"有效票只有 {total.valid} 张")


def _paper_of_groups(sheet: SheetFacts) -> Iterator[Finding]:
    names: dict[int, str] = {}
    papers: dict[int, Balance] = defaultdict(Balance)
    for each in sheet.stacks:
        group = each.stack.group
        names[group.id] = f"{sheet.name} {group.name}"
        papers[group.id] += each.stack.balance
    for group_id, paper in papers.items():
        name = names[group_id]
        if paper.returned > paper.issued:
            yield _finding("F101", name, f"发出 {paper.issued} 张，收回 {paper.returned} 张")
        wrong = _unequal_places(sheet, group_id, paper.valid)
        if wrong:
            more = f" 等 {len(wrong)} 项" if len(wrong) > 1 else ""
            yield _finding("F109", name, f"{wrong[0]}{more}，有效票 {paper.valid} 张")


def _unequal_places(sheet: SheetFacts, group_id: int, valid: int) -> list[str]:
    """The places of a voter group where grades, blanks and overvotes are not its valid ballots."""
    counts = sheet.counts.get(group_id, ())
    sums = [
        sum(counts[at].values()) if at < len(counts) else 0
        for at in range(len(sheet.layout.places))
    ]
    found = []
    for at in unequal_places(sums, valid):
        place = sheet.layout.places[at]
        person = sheet.layout.subjects[place.subject].name
        line = "总体" if place.item == OVERALL else f"第 {place.item} 项"
        found.append(f"{person} {line} {sums[at]} 票")
    return found


def _blanks(sheet: SheetFacts) -> Iterator[Finding]:
    blanks: dict[int, int] = dict.fromkeys(sheet.layout.lines, 0)
    marks = 0
    for counts in sheet.counts.values():
        for place, count in zip(sheet.layout.places, counts, strict=False):
            blanks[place.item] += count.get(BLANK, 0)
            marks += sum(count.values())
    total = sum(blanks.values())
    if total and 100 * total >= LOOK_AT_PERCENT * marks:
        worst = max(blanks, key=lambda line: blanks[line])
        line = "总体评价" if worst == OVERALL else f"第 {worst} 项"
        yield _finding(
            "W201", sheet.name, f"弃权 {total} / {marks} 项次，最多的是{line}（{blanks[worst]}）"
        )


def _of_stack(facts: PollFacts, each: StackFacts) -> Iterator[Finding]:
    stack, seen = each.stack, each.verification
    missing = stack.returned - stack.valid - stack.void
    if missing > 0:
        yield _finding("F102", each.name, f"收回 {stack.returned} 张，少录 {missing} 张")
    if missing < 0:
        yield _finding("F103", each.name, f"收回 {stack.returned} 张，多录 {-missing} 张")
    if stack.drafted or each.second_drafted:
        yield _finding(
            "F105", each.name, "复核有半张未录完" if not stack.drafted else "有半张未录完"
        )
    # What is not keyed once is not verified either: one thing to do at a time.
    if not seen.satisfied and missing <= 0:
        if seen.keyed < seen.needed:
            what = "复核未完" if seen.keyed else "未复核"
            yield _finding("F106", each.name, f"{what}，还有 {seen.needed - seen.keyed} 张")
        else:
            yield _finding("F107", each.name, "两次录入不同，尚未核对")
    if alike := all_alike(each.kinds):
        yield _finding("W203", each.name, f"{alike} 张有效票张张相同")
    if facts.sampled and seen.first_wrong:
        yield _finding("W205", each.name, f"抽查复核发现录入差错 {seen.first_wrong} 处")
    if seen.keyed and seen.same_person:
        yield _finding("W206", each.name, "两次录入是同一人")


def _finding(code: str, where: str, what: str) -> Finding:
    meaning, action = _WORDS[code]
    return Finding(code, code.startswith("F"), where, what, meaning, action)


def read(poll_id: int) -> PollFacts:
    """The facts of a poll. Raises `RefusedError` if it is gone."""
    poll = polls.find_by_id(poll_id)
    info = life.find_by_id(poll.round_id)
    contents = frozen_contents(info.id)
    paper = stacks(poll_id)
    seen = second_entry.of_poll(poll_id)
    kinds = _kinds(poll)
    counts = _counts(poll_id)
    waiting = _half_keyed_again(poll_id)
    by_sheet: dict[int, list[Stack]] = {}
    for stack in paper:
        by_sheet.setdefault(stack.sheet_id, []).append(stack)
    sheets = []
    for sheet_id, own in by_sheet.items():
        level = own[0].level
        name = contents[level].name + (f" {own[0].subject}" if own[0].subject else "")
        form = sheet_layout(contents[level], info, sheet_id)
        sheets.append(
            SheetFacts(
                name,
                form,
                tuple(
                    StackFacts(
                        stack,
                        f"{name} {stack.group.name}{_number(stack)}",
                        seen[stack.batch_id],
                        tuple(kinds[stack.batch_id]),
                        stack.batch_id in waiting,
                    )
                    for stack in own
                ),
                {
                    stack.group.id: tuple(
                        counts[sheet_id, stack.group.id].get(at, {})
                        for at in range(len(form.places))
                    )
                    for stack in own
                },
            )
        )
    return PollFacts(
        poll,
        info.rules.quorum,
        info.plan.gathering is Gathering.TOGETHER,
        info.rules.verification.sampled,
        tuple(sheets),
    )


def _number(stack: Stack) -> str:
    return f" 第 {stack.number} 批" if stack.number > 1 or not stack.last else ""


def _half_keyed_again(poll_id: int) -> set[int]:
    sql = """
    SELECT d.batch_id FROM second_draft d JOIN batch b ON b.id = d.batch_id
    JOIN sheet s ON s.id = b.sheet_id WHERE s.poll_id = ?
    """
    return {batch for (batch,) in database.execute_sql(sql, (poll_id,)).fetchall()}


_KEYED = """
SELECT v.batch_id, v.void_reason, v.marks, count(*) FROM ballot v
JOIN batch b ON b.id = v.batch_id JOIN sheet s ON s.id = b.sheet_id
WHERE s.poll_id = ? GROUP BY v.batch_id, v.void_reason, v.marks
"""
_SEALED = """
SELECT v.batch_id, v.void_reason, v.marks, v.n FROM sealed_ballot v
JOIN batch b ON b.id = v.batch_id JOIN sheet s ON s.id = b.sheet_id
WHERE s.poll_id = ? ORDER BY v.batch_id, v.void_reason, v.marks
"""


def _kinds(poll: PollInfo) -> dict[int, list[BallotKind]]:
    sql = _KEYED if poll.state is PollState.ENTRY else _SEALED
    found: dict[int, list[BallotKind]] = defaultdict(list)
    for batch, reason, marks, n in database.execute_sql(sql, (poll.id,)).fetchall():
        found[batch].append(BallotKind(reason, marks, n))
    return found


def _counts(poll_id: int) -> dict[tuple[int, int], dict[int, dict[str, int]]]:
    sql = """
    SELECT c.sheet_id, c.group_id, c.place, c.mark, c.n FROM count c
    JOIN sheet s ON s.id = c.sheet_id WHERE s.poll_id = ?
    """
    found: dict[tuple[int, int], dict[int, dict[str, int]]] = defaultdict(dict)
    for sheet, group, place, mark, n in database.execute_sql(sql, (poll_id,)).fetchall():
        found[sheet, group].setdefault(place, {})[mark] = n
    return found


# What each finding means, and the one thing to do.
_WORDS: Mapping[str, tuple[str, str]] = {
    "F101": (
        "收回的票多于发出的票，按规定本次测评无效。",
        "重数发出、收回的票，登记错了就在登记票数中改正；确实多出的，应重新测评。",
    ),
    "F102": (
        "登记收回的票比录入的多，还有票没有录，或收回数登记多了。",
        "数一数这一批纸票，把没有录的录完。",
    ),
    "F103": (
        "录入的票比登记收回的多，有票录了两次，或收回数登记少了。",
        "数一数这一批纸票，翻看并撤销多录的票。",
    ),
    "F104": (
        "这种票发出后收回多少没有登记，发出与收回对不上账。",
        "在登记票数中填写收回张数。",
    ),
    "F105": ("有一张票只录了一半，还没有存。", "打开这一批，把这张票录完。"),
    "F106": (
        "本轮次规定要复核：由另一人按纸票再录一遍，两遍一致才算数。",
        "按 F8 复核，录完这一批。",
    ),
    "F107": (
        "两次录入有不同的地方，哪一次对还没有按纸票核定。",
        "按 F8 复核，照纸票核对不同之处。",
    ),
    "F108": (
        "本轮次规定了最低到会人数，到会不足的测评不能作数。",
        "核对并登记应到、实到人数；确实不足的，应另行组织测评。",
    ),
    "F109": (
        "各项票数不平：各等次、弃权、多选之和应等于有效票。数据可能已损坏。",
        "停止录入，运行 ceping verify 查明后从备份恢复。",
    ),
    "W201": (
        "弃权达到 3%，可能漏录成弃权，也可能这一项不好填。",
        "抽几张纸票看看是否确为空白。",
    ),
    "W202": ("无效票达到 3%。", "请监票人重看作废的纸票，确认作废原因。"),
    "W203": (
        "这一批票的选项一张不差，可能录错，也可能不是各人自己填的。",
        "翻看这一批纸票，核对笔迹和选项。",
    ),
    "W204": (
        "有票的总体评价高于或低于它的每一个单项，可能录错了位；如纸票确是如此，票仍有效。",
        "抽这种票的几张纸票核对。",
    ),
    "W205": ("抽查的票里有录错的，没有抽到的票也可能有错。", "建议这一批全部复核。"),
    "W206": ("两次录入是同一人，复核不独立，同样的错可能录两次。", "由另一人重新复核为好。"),
    "W207": (
        "有效票不足 10 张，整体结果也容易认出个人。",
        "公布结果时从严掌握范围。",
    ),
    "W208": (
        "集中测评时，发出的票应不多于到会的人。",
        "核对发出票数和实到人数。",
    ),
}
