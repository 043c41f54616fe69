"""计票结果报告单 from a real seal: its counts, its digests, its names; what a second seal says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from exports.documents.kind import Waits
from exports.documents.kinds import KINDS
from exports.writing import preparation
from exports.writing.preparation import Job
from models.count.tally import tally
from models.database import clerk
from models.database.store import Store
from models.entry import first_entry
from models.entry.ballot import Ballot
from models.refusal import RefusedError
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import polls
from models.rounds.plan import RoundInfo
from models.rounds.stacks import stacks
from models.seal import correction, sealing
from models.seal.sealing import Teller
from models.settings.office import Settings
from tests.exports.reading import part, text
from tests.offices import only_poll, small_round

NASTY = "欧阳[/b]<w:t>&"
TELLERS = [Teller("监票人", NASTY), Teller("计票人", "李四")]


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    """A round of one unit, keyed to the end, one ballot in ten void."""
    made = small_round(settings, rules=RoundRules(verification=VerificationRule(every=0)))
    for stack in stacks(only_poll(made).id):
        entry = first_entry.enter(stack.stack_id)
        size = len(entry.sheet.places)
        for number in range(stack.returned):
            void = 2 if number == 9 else 0
            entry.commit("" if void else ("12*0" * size)[number % 4 :][:size], void)
    return made


def jobs(info: RoundInfo, settings: Settings, *wanted: str) -> list[Job]:
    return preparation.prepare(settings, info, None, wanted or None)


def test_there_is_none_before_the_seal(info: RoundInfo, settings: Settings) -> None:
    assert "count" not in {job.kind for job in jobs(info, settings)}
    with pytest.raises(RefusedError, match="封存后才有"):
        jobs(info, settings, "count")


def test_it_says_what_is_signed(
    info: RoundInfo, settings: Settings, store: Store, audit: Any
) -> None:
    made = sealing.seal(only_poll(info).id, TELLERS, store)
    (job,) = jobs(info, settings, "计票结果报告单")
    content = job.content()
    assert audit(content) == []
    assert content == jobs(info, settings, "count")[0].content()
    words = text(content)
    for digest in (made.digest, made.journal_head):
        groups = re.findall("....", digest)
        assert " ".join(groups[:8]) in words
        assert " ".join(groups[8:]) in words
    assert NASTY in words
    # Who keyed without signing in has an account of the machine, and signs by hand.
    assert "第一次录入（签名）：" in words
    assert "操作人（签名）：" in words
    assert clerk.current() not in words
    assert "本轮次不复核" in words
    voids = sum(stack.void for stack in stacks(only_poll(info).id))
    assert voids
    assert f"{settings.void_reasons[1]}{voids}" in words
    for level in tally(polls.polls(info.id)[0], info).values():
        for subject in level.subjects:
            for place in subject.places:
                row = "".join(map(str, (*place.grades, place.blank, place.overvote, place.valid)))
                assert row in re.sub(r"\s", "", words)


def test_every_run_names_its_face(info: RoundInfo, settings: Settings, store: Store) -> None:
    sealing.seal(only_poll(info).id, TELLERS, store)
    xml = part(jobs(info, settings, "count")[0].content())
    runs = re.findall(r"<w:r>(.*?)</w:r>", xml)
    assert runs
    assert all("w:eastAsia=" in run for run in runs)


def test_after_a_correction_every_document_says_so_and_the_report_has_the_digest(
    info: RoundInfo, settings: Settings, store: Store
) -> None:
    poll = only_poll(info)
    first = sealing.seal(poll.id, TELLERS, store)
    sealing.reopen(poll.id, "复看原票", ("王批", "赵准"))
    assert all(not job.official for job in jobs(info, settings))
    batch = stacks(poll.id)[0].stack_id
    old = next(b for b, _ in sealing.sealed_ballots(batch) if not b.void_reason)
    changed = ("2" if old.marks[0] != "2" else "1") + old.marks[1:]
    correction.correct(batch, Ballot(old.marks), Ballot(changed), Ballot(changed), "录入时看错")
    second = sealing.seal(poll.id, TELLERS, store)
    assert second.digest != first.digest
    groups = " ".join(re.findall("....", first.digest))
    later = [job for job in jobs(info, settings) if job.official]
    kinds_later = {job.kind for job in later}
    assert kinds_later == {
        kind.key for kind in KINDS.values() if kind.waits is not Waits.NOTHING and not kind.nobody
    }
    for job in later:
        if job.relative_path.suffix != ".docx":
            continue
        words = text(job.content())
        if job.kind == "count":
            assert groups[:39] in words
            assert "理由：复看原票，批准人：王批、赵准" in words
            continue
        assert groups[:9] not in words, job.relative_path
        if job.kind == "rectification":
            continue  # an empty form, which gives no result
        assert "更正" in words or "第2次封存" in words, job.relative_path
        if job.kind in ("feedback", "chief", "public", "summary", "archive"):
            assert words.count("本结果经更正，以本件为准。") == 1, job.relative_path


def test_names_of_people_stand_and_accounts_do_not(
    info: RoundInfo, settings: Settings, store: Store
) -> None:
    clerk.sign_in("周录")
    try:
        sealing.seal(only_poll(info).id, TELLERS, store)
    finally:
        clerk.sign_in("")
    (job,) = jobs(info, settings, "count")
    assert "操作人：周录" in text(job.content())
