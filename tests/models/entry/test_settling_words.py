"""What the journal says of a sheet that was settled: which, and what was wrong; never its marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from models.database import clerk, journal
from models.database.store import Store
from models.entry import first_entry, second_entry
from models.entry.alignment import DifferenceKind
from models.entry.ballot import Ballot
from models.entry.second_entry import SecondEntry
from models.recount import examination
from models.regulation.levels import Level
from models.regulation.rules import RoundRules
from models.settings.office import Settings
from tests.models.second_clerk import key_first, key_lines, keying_of
from tests.offices import small_round, stack_of

GROUP = "中层干部"
PAPER = ["1212121212", "1111122222", "2121212121", "3333311111"]


@pytest.fixture(autouse=True)
def signed_out() -> Iterator[None]:
    yield
    clerk.sign_in("")


DOUBLED = [PAPER[0], PAPER[1], PAPER[1], PAPER[2]]
SKIPPING = [PAPER[0], *PAPER[2:]]


@pytest.mark.parametrize(
    ("first", "second", "act", "says"),
    [
        (PAPER, SKIPPING, SecondEntry.add_second, "第二遍漏录，已补录"),
        (DOUBLED, PAPER[:3], SecondEntry.drop_first, "第一次重复录入，已去掉"),
    ],
)
def test_a_missing_sheet(
    store: Store,
    settings: Settings,
    first: list[str],
    second: list[str],
    act: Callable[..., None],
    says: str,
) -> None:
    batch = keyed_twice(settings, first, second)
    entry = second_entry.verify(batch)
    (difference,) = entry.differences()
    assert difference.kind is DifferenceKind.MISSING
    third = [Ballot(first[difference.first - 1], 0)] if act is SecondEntry.add_second else []
    act(entry, difference, *third)
    assert told(difference.first, says)
    assert examination.differences(store.path) == []


@pytest.mark.parametrize(
    ("lines", "act", "says"),
    [
        (PAPER, SecondEntry.add_first, "第一次漏录，已补录"),
        (DOUBLED, SecondEntry.drop_second, "第二遍重复录入，已去掉"),
    ],
)
def test_an_extra_sheet(
    store: Store, settings: Settings, lines: list[str], act: Callable[..., None], says: str
) -> None:
    """The first entry loses a sheet after both agreed."""
    batch = keyed_twice(settings, lines, lines)
    first_entry.enter(batch).remove(2, "重复录入")
    entry = second_entry.verify(batch)
    (difference,) = entry.differences()
    assert difference.kind is DifferenceKind.EXTRA
    third = [Ballot(lines[difference.second - 1], 0)] if act is SecondEntry.add_first else []
    act(entry, difference, *third)
    assert told(difference.second, says)
    assert examination.differences(store.path) == []


def keyed_twice(settings: Settings, first: list[str], second: list[str]) -> int:
    """A stack keyed by 甲 and then by 乙; its id."""
    info = small_round(settings, (GROUP,), RoundRules(), returned=len(first))
    batch = stack_of(info, Level.MEMBER, GROUP).stack_id
    clerk.sign_in("甲")
    key_first(first_entry.enter(batch), first)
    clerk.sign_in("乙")
    key_lines(keying_of(batch), second)
    return batch


def told(position: int, says: str) -> bool:
    """Whether the journal has it, of the sheet at this position."""
    words = f"第 {position} 张：{says}"
    return words in [each.detail for each in journal.entries() if each.act == "复核更正"]
