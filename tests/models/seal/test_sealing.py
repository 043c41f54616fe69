"""封存: refused with all that is missing, locks what it seals, changes no number, can be opened."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.database import journal
from models.database.store import Store, open_store, writing
from models.database.tables import Round
from models.entry import first_entry
from models.recount import examination
from models.refusal import RefusedError
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import life, paper, polls
from models.rounds.polls import PollState
from models.rounds.stacks import stacks
from models.seal import sealing
from models.seal.sealing import Teller
from models.settings.office import Settings
from tests.models.second_clerk import key_lines, keying_of, settle
from tests.offices import key_everything, only_poll, sample_round, small_round
from tests.sealing import TELLERS, TWO, key, keyed_round, papers, rows, sealed_round, size_of

KEPT = "SELECT * FROM count ORDER BY 1, 2, 3, 4"
ENTERED = "SELECT * FROM entered ORDER BY 1, 2"


def test_a_seal_is_refused_with_all_that_is_missing(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",))
    poll = only_poll(info)
    first, second, *rest = stacks(poll.id)
    key(first, papers(size_of(first), 9))
    for stack in [second, *rest]:
        key(stack, papers(size_of(stack)))
    before = journal.head()
    with pytest.raises(RefusedError) as refused:
        sealing.seal(poll.id, [Teller("唱票人", "孙丙"), Teller("监票人", " ")], store)
    said = str(refused.value)
    assert poll.unit_name in said
    assert said.count("F102") == 1
    assert said.count("F106") == len(rest) + 1
    assert "没有监票人的姓名" in said
    assert "没有计票人的姓名" in said
    assert journal.head() == before
    assert sealing.seals(poll.id) == ()
    assert polls.find_by_id(poll.id).state is PollState.ENTRY


def test_an_unknown_role_is_refused(store: Store, settings: Settings) -> None:
    poll = only_poll(keyed_round(settings))
    with pytest.raises(RefusedError, match="没有“书记”这一分工"):
        sealing.seal(poll.id, [*TELLERS, Teller("书记", "李丁")], store)


def test_a_seal_changes_no_number(store: Store, settings: Settings) -> None:
    poll = only_poll(keyed_round(settings))
    numbers = rows(store.path, KEPT), rows(store.path, ENTERED)
    balances = [stack.balance for stack in stacks(poll.id)]
    held = sealing.seal(poll.id, TELLERS, store)
    assert (rows(store.path, KEPT), rows(store.path, ENTERED)) == numbers
    assert numbers[0]
    assert [stack.balance for stack in stacks(poll.id)] == balances
    assert polls.find_by_id(poll.id).state is PollState.SEALED
    assert held.in_force
    assert held.version == 1
    assert held.tellers == TELLERS
    assert sealing.in_force(poll.id) == held
    assert rows(store.path, "SELECT count(*) FROM ballot") == [(0,)]
    assert rows(store.path, "SELECT sum(n) FROM sealed_ballot") == [
        (sum(stack.returned for stack in stacks(poll.id)),)
    ]
    assert examination.differences(store.path) == []
    assert "".join(sealing.groups_of(held.digest)) == held.digest
    assert len(sealing.groups_of(held.digest)) == 16


def test_the_digest_knows_the_ballots_but_not_their_order(
    tmp_path: Path, settings: Settings
) -> None:
    digests = []
    for name, backwards, changed in (("a", False, 0), ("b", True, 0), ("c", False, 1)):
        store = open_store(tmp_path / name / "ceping.db")
        try:
            info = keyed_round(settings, backwards=backwards)
            if changed:
                # The journal differs, the ballots do not; then one ballot does.
                stack = stacks(only_poll(info).id)[0]
                line = papers(size_of(stack))[0]
                other = ("2" if line[0] == "1" else "1") + line[1:]
                first_entry.enter(stack.stack_id).correct(1, other, 0, "录错")
            digests.append(sealing.seal(only_poll(info).id, TELLERS, store).digest)
            assert examination.differences(store.path) == []
        finally:
            store.close()
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_a_sealed_poll_takes_no_ballot_and_no_paper(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    stack = stacks(poll.id)[0]
    with pytest.raises(RefusedError, match="封存"):
        first_entry.enter(stack.stack_id)
    with pytest.raises(RefusedError, match="封存"):
        polls.change_poll(poll.id, date="2026-11-06", place="", expected=99, present=99)
    counts = {(stack.level, stack.group.name): 11}
    with pytest.raises(RefusedError, match="封存"):
        paper.record_paper(poll.id, counts, counts)
    with pytest.raises(RefusedError, match="已经封存"):
        sealing.seal(poll.id, TELLERS, store)
    sealing.reopen(poll.id, "发现错录", TWO)
    with pytest.raises(RefusedError, match="封存过"):
        first_entry.enter(stack.stack_id)
    assert examination.differences(store.path) == []


def test_a_ballot_in_hand_when_the_poll_is_sealed_is_refused(
    store: Store, settings: Settings
) -> None:
    info = keyed_round(settings)
    poll = only_poll(info)
    entry = first_entry.enter(stacks(poll.id)[0].stack_id)
    sealing.seal(poll.id, TELLERS, store)
    with pytest.raises(RefusedError):
        entry.commit("1" * len(entry.sheet.places))
    assert examination.differences(store.path) == []


@pytest.mark.parametrize(
    ("reason", "names", "says"),
    [
        ("", TWO, "理由"),
        (" \t", TWO, "理由"),
        ("发现错录", ("赵甲",), "两个人"),
        ("发现错录", ("赵甲", "赵甲 "), "两个人"),
        ("发现错录", ("赵甲", " "), "两个人"),
        ("发现错录", ("赵甲", "钱乙", "孙丙"), "两个人"),
    ],
)
def test_reopening_needs_a_reason_and_two_people(
    store: Store, settings: Settings, reason: str, names: tuple[str, ...], says: str
) -> None:
    info, held = sealed_round(settings, store)
    with pytest.raises(RefusedError, match=says):
        sealing.reopen(only_poll(info).id, reason, names)
    assert sealing.in_force(only_poll(info).id) == held
    assert only_poll(info).state is PollState.SEALED


def test_a_new_version_leaves_the_old_one_standing(store: Store, settings: Settings) -> None:
    info, first = sealed_round(settings, store)
    poll = only_poll(info)
    sealing.reopen(poll.id, "发现错录", TWO)
    assert only_poll(info).state is PollState.REOPENED
    assert sealing.in_force(poll.id) is None
    assert examination.differences(store.path) == []
    with pytest.raises(RefusedError, match="没有封存"):
        sealing.reopen(poll.id, "再来", TWO)
    second = sealing.seal(poll.id, TELLERS, store)
    old, new = sealing.seals(poll.id)
    assert (old.version, old.digest, old.journal_head) == (1, first.digest, first.journal_head)
    assert (old.reopened_reason, old.reopened_by) == ("发现错录", TWO)
    assert old.reopened_at
    assert new == second
    assert (new.version, new.in_force) == (2, True)
    assert new.digest != old.digest
    assert examination.differences(store.path) == []
    assert [entry.act for entry in journal.entries() if "封" in entry.act][:3] == [
        "封存",
        "重新开封",
        "封存",
    ]


def test_a_closed_round_is_not_reopened(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    life.close_round(info.id)
    with pytest.raises(RefusedError, match="办结"):
        sealing.reopen(only_poll(info).id, "发现错录", TWO)


def test_a_verified_poll_is_sealed_again(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",), RoundRules(verification=VerificationRule(every=1)))
    poll = only_poll(info)
    for stack in stacks(poll.id):
        lines = papers(size_of(stack))
        key(stack, lines)
        again = keying_of(stack.stack_id)
        key_lines(again, lines)
        settle(again, lines)
    sealing.seal(poll.id, TELLERS, store)
    assert examination.differences(store.path) == []
    sealing.reopen(poll.id, "发现错录", TWO)
    assert sealing.seal(poll.id, TELLERS, store).version == 2
    assert examination.differences(store.path) == []


def test_the_signed_paper_is_held_against_the_seal(store: Store, settings: Settings) -> None:
    info, held = sealed_round(settings, store)
    poll = only_poll(info)
    groups = sealing.groups_of(held.digest)
    wrong = "0000" if groups[15] != "0000" else "1111"
    for typed in ({0: groups[0], 15: wrong}, {}):
        with pytest.raises(RefusedError, match="不同"):
            sealing.confirm_paper(poll.id, typed)
        assert sealing.paper_confirmed(poll.id) == ""
    with pytest.raises(RefusedError, match="第 16 组"):
        sealing.confirm_paper(poll.id, {15: wrong})
    sealing.confirm_paper(poll.id, {0: f" {groups[0].upper()} ", 15: groups[15]})
    assert sealing.paper_confirmed(poll.id)
    sealing.reopen(poll.id, "发现错录", TWO)
    with pytest.raises(RefusedError, match="没有封存"):
        sealing.confirm_paper(poll.id, {0: groups[0]})
    sealing.seal(poll.id, TELLERS, store)
    assert sealing.paper_confirmed(poll.id) == ""


def test_a_seal_that_cannot_be_written_leaves_the_poll_open(
    store: Store, settings: Settings
) -> None:
    info = keyed_round(settings)
    poll = only_poll(info)
    with closing(sqlite3.connect(store.path)) as file, file:
        file.execute(
            "CREATE TRIGGER full BEFORE INSERT ON erasure BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    before = journal.head()
    with pytest.raises(RefusedError):
        sealing.seal(poll.id, TELLERS, store)
    assert only_poll(info).state is PollState.ENTRY
    assert sealing.seals(poll.id) == ()
    assert journal.head() == before
    assert rows(store.path, "SELECT count(*) FROM sealed_ballot") == [(0,)]
    assert examination.damage(store.path) == []


def test_a_ballot_that_went_since_it_was_read_is_noticed(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    poll = only_poll(info)
    ballots = rows(store.path, "SELECT count(*) FROM ballot")
    with closing(sqlite3.connect(store.path)) as file, file:
        file.execute(
            "CREATE TRIGGER thief AFTER INSERT ON sealed_ballot BEGIN "
            "DELETE FROM ballot WHERE position = 1; END"
        )
    with pytest.raises(RefusedError, match="没有封存"):
        sealing.seal(poll.id, TELLERS, store)
    assert rows(store.path, "SELECT count(*) FROM ballot") == ballots
    assert rows(store.path, "SELECT count(*) FROM sealed_ballot") == [(0,)]
    assert only_poll(info).state is PollState.ENTRY


def test_opening_one_unit_leaves_the_seals_of_others_alone(
    store: Store, settings: Settings
) -> None:
    round_id = sample_round(settings, store)
    Round.update(verification="none").execute()
    with writing():
        key_everything(round_id)
    first, second, _ = polls.polls(round_id)
    for poll in (first, second):
        sealing.seal(poll.id, TELLERS, store)
    sealing.reopen(second.id, "发现错录", TWO)
    assert sealing.in_force(first.id) is not None
    assert sealing.in_force(second.id) is None
    assert examination.differences(store.path) == []
    sealing.reopen(first.id, "也发现错录", TWO)
    assert sealing.seals(second.id)[0].reopened_reason == "发现错录"
    assert examination.differences(store.path) == []


def test_a_seal_tells_when_by_whom_and_the_journal_behind_it(
    store: Store, settings: Settings
) -> None:
    info, made = sealed_round(settings, store)
    entry = next(each for each in journal.entries() if each.act == "封存")
    for found in (made, sealing.in_force(only_poll(info).id)):
        assert found
        assert (found.at, found.who, found.journal_head) == (entry.at, entry.who, entry.digest)
    assert sealing.seals(only_poll(info).id) == (made,)
