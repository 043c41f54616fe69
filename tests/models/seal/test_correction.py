"""封存后的更正: a sheet is replaced by what is on it, and every number follows."""

from pathlib import Path

import pytest

from models.database import journal
from models.database.store import Store
from models.entry.ballot import Ballot
from models.recount import examination
from models.refusal import RefusedError
from models.rounds.stacks import Stack, stacks
from models.seal import sealing
from models.seal.correction import correct
from models.seal.sealing import SealInfo
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import TELLERS, TWO, papers, rows, sealed_round


def sheet(line: str) -> Ballot:
    """A sheet by its line; its position means nothing."""
    return Ballot("", int(line[1:])) if line[0] == "/" else Ballot(line, 0)


@pytest.fixture
def opened(store: Store, settings: Settings) -> tuple[Stack, list[str], SealInfo]:
    """A stack of a poll that was opened again, its lines, and the seal it had."""
    info, held = sealed_round(settings, store)
    stack = stacks(only_poll(info).id)[0]
    sealing.reopen(only_poll(info).id, "发现错录", TWO)
    (size,) = {
        len(each.ballot.marks)
        for each in sealing.sealed_ballots(stack.stack_id)
        if each.ballot.marks
    }
    return stack, papers(size), held


def held_lines(stack_id: int) -> list[str]:
    return sorted(
        f"/{ballot.void_reason}" if ballot.void_reason else ballot.marks
        for ballot, n in sealing.sealed_ballots(stack_id)
        for _ in range(n)
    )


def counted(path: Path, stack: Stack) -> dict[tuple[object, object], object]:
    found = rows(
        path,
        f"SELECT place, mark, n FROM count WHERE sheet_id = {stack.sheet_id} "  # noqa: S608
        f"AND group_id = {stack.group.id}",
    )
    return {(place, mark): n for place, mark, n in found}


def expected(lines: list[str]) -> dict[tuple[object, object], object]:
    found: dict[tuple[object, object], object] = {}
    for place in range(len(lines[0])):
        for mark in "0*123":
            n = sum(line[place] == mark for line in lines if line[0] != "/")
            if n:
                found[place, mark] = n
    return found


def test_sheets_are_replaced_taken_away_and_added(
    store: Store, opened: tuple[Stack, list[str], SealInfo]
) -> None:
    stack, lines, before = opened
    size = len(lines[0])
    changes = [
        (lines[0], "3" * size),
        ("1" * size, "2" * size),
        (lines[1], "/1"),
        ("/2", "0" * size),
        (lines[2], None),
        ("/1", None),
        (None, "*" * size),
        (None, "3" * size),
    ]
    for old, new in changes:
        pair = [sheet(line) if line else None for line in (old, new)]
        correct(stack.stack_id, *pair, sheet(new or old or ""), "错录")
        if old:
            lines.remove(old)
        if new:
            lines.append(new)
        assert held_lines(stack.stack_id) == sorted(lines)
        assert counted(store.path, stack) == expected(lines)
        assert examination.differences(store.path) == []
    told = journal.search(act="封存后更正")
    assert len(told) == len(changes)
    assert not [each for each in told if any(line in each.detail for line in lines)]
    again = sealing.seal(before.poll_id, TELLERS, store)
    assert (again.version, sealing.seals(before.poll_id)[0].digest) == (2, before.digest)
    assert examination.differences(store.path) == []


def test_what_does_not_fit_is_refused_and_nothing_changes(
    store: Store, opened: tuple[Stack, list[str], SealInfo]
) -> None:
    stack, lines, _ = opened
    one, size = sheet(lines[0]), len(lines[0])
    absent = "0" * size
    for old, new, reason, says in (
        (None, None, "错录", "至少写一张"),
        (one, one, "错录", "没有改动"),
        (one, sheet(absent), "", "理由"),
        (sheet(absent), one, "错录", "没有这样的一张票"),
        (sheet("/3"), one, "错录", "没有这样的一张票"),
        (one, sheet("1" * (size - 1)), "错录", "选项与票种不符"),
        (one, sheet("9" * size), "错录", "选项与票种不符"),
        (None, one, "错录", "已满"),
    ):
        with pytest.raises(RefusedError, match=says):
            correct(stack.stack_id, old, new, new or one, reason)
    assert held_lines(stack.stack_id) == sorted(lines)
    assert journal.search(act="封存后更正") == []
    assert examination.differences(store.path) == []


def test_a_seal_in_force_is_not_corrected(store: Store, settings: Settings) -> None:
    info, held = sealed_round(settings, store)
    stack = stacks(only_poll(info).id)[0]
    one = next(b for b, _ in sealing.sealed_ballots(stack.stack_id) if b.marks)
    with pytest.raises(RefusedError, match="没有重新开封"):
        correct(stack.stack_id, Ballot(one.marks), None, Ballot(one.marks), "错录")
    assert sealing.in_force(only_poll(info).id) == held
    assert examination.differences(store.path) == []


def test_too_few_sheets_are_not_sealed_again(
    store: Store, opened: tuple[Stack, list[str], SealInfo]
) -> None:
    stack, lines, held = opened
    correct(stack.stack_id, sheet(lines[0]), None, sheet(lines[0]), "多录")
    with pytest.raises(RefusedError, match="F102"):
        sealing.seal(held.poll_id, TELLERS, store)


@pytest.mark.parametrize(
    ("again", "says"),
    [("21", "第 1、2 项"), ("/1", "作废或项数不同"), ("112", "作废或项数不同")],
)
def test_a_ballot_that_is_not_the_same_twice_is_not_taken(
    store: Store, opened: tuple[Stack, list[str], SealInfo], again: str, says: str
) -> None:
    stack, lines, _ = opened
    with pytest.raises(RefusedError, match=says):
        correct(stack.stack_id, sheet(lines[0]), sheet("12"), sheet(again), "错录")
    assert held_lines(stack.stack_id) == sorted(lines)
