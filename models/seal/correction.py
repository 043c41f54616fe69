"""Correct a ballot after the poll was sealed (封存后的更正).

Sealing destroys the order of ballots, so a ballot is identified by its content and not by its
position. Only a reopened poll can be corrected. The next seal is a new version.
"""

from __future__ import annotations

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import database
from models.entry import kept_counts
from models.entry.alignment import differing
from models.entry.ballot import Ballot
from models.names import visible
from models.refusal import RefusedError
from models.rounds import life, polls, stacks
from models.rounds.paper import stack_name
from models.rounds.polls import PollState
from models.rounds.sheets import stack_layout
from models.rounds.stacks import Stack

_ADD_BALLOT = """
INSERT INTO sealed_ballot (batch_id, void_reason, marks, n) VALUES (?, ?, ?, ?)
ON CONFLICT (batch_id, void_reason, marks) DO UPDATE SET n = n + excluded.n
"""


def correct(
    stack_id: int, old: Ballot | None, new: Ballot | None, again: Ballot, reason: str
) -> None:
    """Replace one ballot equal to `old` with `new`, for a reason.

    Without `old`, adds a ballot that was found later. Without `new`, removes a surplus one. Which
    of several equal ballots is meant makes no difference. `again` is the new ballot, or the surplus
    one, keyed a second time from the paper, as all paper is. Raises `RefusedError` if the two
    differ, if the poll is not reopened, if nothing would change, if the reason is missing, if the
    stack has no ballot equal to `old`, if the marks do not fit the sheet, or if the stack would
    hold more ballots than were returned.
    """
    once = old if new is None else new
    if once is None:
        raise RefusedError("原票和新票至少写一张。")
    if old and old == new:
        raise RefusedError("原票和新票一样，没有改动。")
    require_same(once, again)
    reason = visible(reason)
    if not reason:
        raise RefusedError("更正要有理由。")
    with writing():
        stack = stacks.find_stack(stack_id)
        poll = polls.find_by_id(stack.poll_id)
        if poll.state is not PollState.REOPENED:
            raise RefusedError(f"{poll.unit_name} 没有重新开封，不能更正。")
        sheet = stack_layout(life.find_by_id(poll.round_id), stack)
        for content in (old, new):
            if content is not None and not content.void_reason and not sheet.fits(content.marks):
                raise RefusedError(
                    f"选项与票种不符：本票应为 {len(sheet.places)} 项，每项 1 至 "
                    f"{len(sheet.scale.grades)}、0 弃权或 * 多选。"
                )
        if old is not None and not _has(stack_id, old):
            raise RefusedError("本批没有这样的一张票，请对照原票核对各项。")
        if old is None and stack.balance.missing <= 0:
            raise RefusedError(f"本批收回 {stack.returned} 张已满，不能再加。请先更正收回票数。")
        if old is not None:
            _change(stack, old, -1)
            kept_counts.uncount(stack, old)
        if new is not None:
            _change(stack, new, 1)
            kept_counts.count(stack, new)
        database.execute_sql("DELETE FROM sealed_ballot WHERE n = 0")
        what = "加入一张" if old is None else "去掉一张" if new is None else "以一张换一张"
        detail = f"{what}，两遍录入一致：{reason}"
        journal.record(JournalAct.CORRECT_SEALED, stack_name(poll, stack), detail)


def require_same(once: Ballot, again: Ballot) -> None:
    """Raise `RefusedError` with the places if a ballot keyed twice is not the same both times."""
    if once == again:
        return
    if once.void_reason or again.void_reason or len(once.marks) != len(again.marks):
        raise RefusedError("两遍录的不一样：作废或项数不同。请对照纸票再录。")
    places = "、".join(str(place + 1) for place in differing(once, again))
    raise RefusedError(f"两遍录的不一样：第 {places} 项。请对照纸票再录。")


def _has(stack_id: int, ballot: Ballot) -> bool:
    row = database.execute_sql(
        "SELECT 1 FROM sealed_ballot WHERE batch_id = ? AND void_reason = ? AND marks = ?",
        (stack_id, ballot.void_reason, ballot.marks),
    ).fetchone()
    return row is not None


def _change(stack: Stack, ballot: Ballot, n: int) -> None:
    database.execute_sql(_ADD_BALLOT, (stack.stack_id, ballot.void_reason, ballot.marks, n))
