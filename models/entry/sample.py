"""Which papers of a stack are keyed a second time when only a sample is (抽查).

The sample is drawn once the first entry is whole, by a seed that is recorded, so that nobody knows
it while keying and anybody can draw it again: of the papers 1 to n those with the smallest SHA-256
of the text `seed paper` are taken. The manual describes it with an example.
"""

from __future__ import annotations

import hashlib
import os

from models.database import journal
from models.database.journal import JournalAct
from models.database.tables import Verification, database
from models.regulation.rules import VerificationRule
from models.rounds import paper
from models.rounds.balance import to_verify
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack

_SEED_BYTES = 8
_SEED = "SELECT seed FROM verification WHERE batch_id = ?"
_BEGUN = "SELECT 1 FROM second_ballot WHERE batch_id = ? LIMIT 1"
_FORGET = (
    "DELETE FROM second_ballot WHERE batch_id = ?",
    "DELETE FROM second_draft WHERE batch_id = ?",
)


def drawn(seed: str, returned: int, wanted: int) -> tuple[int, ...]:
    """The papers of a sample in the order of the stack: `wanted` of the papers 1 to `returned`."""
    keys = {n: hashlib.sha256(f"{seed} {n}".encode()).digest() for n in range(1, returned + 1)}
    return tuple(sorted(sorted(keys, key=keys.__getitem__)[:wanted]))


def papers(rule: VerificationRule, seed: str, returned: int) -> tuple[int, ...]:
    """The papers that are keyed a second time, in the order of the stack. Without a seed, those of
    a sample that was begun by a program that took every n-th paper; all if all are keyed."""
    if rule.sampled and seed:
        return drawn(seed, returned, to_verify(rule, returned))
    return tuple(range(1, returned + 1, rule.step))


def seed_of(stack_id: int) -> str:
    """The recorded seed of a stack's sample; empty if none is drawn."""
    row = database.execute_sql(_SEED, (stack_id,)).fetchone()
    return str(row[0]) if row else ""


def draw(rule: VerificationRule, poll: PollInfo, stack: Stack) -> None:
    """Draw the sample of a stack whose first entry is whole, if it has none yet or one of another
    number of papers. One that was begun without a seed is left as it is. Call it inside a
    transaction."""
    if not rule.sampled:
        return
    known = seed_of(stack.stack_id)
    if known and not known.endswith(f"-{stack.returned}"):
        forget(rule, poll, stack)
        known = ""
    if known or database.execute_sql(_BEGUN, (stack.stack_id,)).fetchone():
        return
    # With the number of papers that it was drawn for.
    seed = f"{os.urandom(_SEED_BYTES).hex()}-{stack.returned}"
    Verification.insert(batch=stack.stack_id).on_conflict_ignore().execute()
    Verification.update(seed=seed).where(Verification.batch == stack.stack_id).execute()
    detail = f"收回 {stack.returned} 张抽 {to_verify(rule, stack.returned)} 张，种子 {seed}"
    journal.record(JournalAct.DRAW_SAMPLE, paper.stack_name(poll, stack), detail)


def forget(rule: VerificationRule, poll: PollInfo, stack: Stack) -> None:
    """Give up a sample, because papers are no longer at the numbers for which it was drawn. Call
    it inside a transaction."""
    if not rule.sampled:
        return
    for statement in _FORGET:
        database.execute_sql(statement, (stack.stack_id,))
    if seed_of(stack.stack_id):
        Verification.update(seed="").where(Verification.batch == stack.stack_id).execute()
        detail = "票的张数变了，抽查的样本作废，录完再抽"
        journal.record(JournalAct.DRAW_SAMPLE, paper.stack_name(poll, stack), detail)
