"""The names of void reasons stay with a round, whatever the settings say later."""

from __future__ import annotations

from dataclasses import replace

from models.database import journal
from models.database.store import Store
from models.database.tables import Round
from models.entry import first_entry
from models.entry.first_keying import FirstKeying
from models.entry.keying import Act
from models.rounds import life
from models.rounds.contents import void_reasons
from models.rounds.stacks import stacks
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import keyed_round


def test_an_open_round_keeps_its_reasons(store: Store, settings: Settings) -> None:
    info = keyed_round(settings)
    later = replace(settings, void_reasons=tuple(reversed(settings.void_reasons))[:2])
    assert void_reasons(info, later) == settings.void_reasons


def test_a_round_of_before_gets_them_once_and_the_journal_says_so(
    store: Store, settings: Settings
) -> None:
    info = keyed_round(settings)
    Round.update(void_reasons="").execute()
    assert void_reasons(info, settings) == settings.void_reasons
    assert life.complete_frozen(settings) == [info.title]
    assert life.complete_frozen(settings) == []
    later = replace(settings, void_reasons=("别的",))
    assert life.complete_frozen(later) == []
    assert void_reasons(info, later) == settings.void_reasons
    (entry,) = journal.search(act="固定无效原因")
    assert entry.subject == info.title
    assert settings.void_reasons[0] in entry.detail


def test_a_shorter_list_does_not_end_the_pad(store: Store, settings: Settings) -> None:
    """A round of before whose ballots bear numbers that its copy does not reach."""
    info = keyed_round(settings)
    for stack in stacks(only_poll(info).id):
        entry = first_entry.enter(stack.stack_id)
        keying = FirstKeying(entry, ("只剩一条",), ("改",))
        for _ in range(entry.entered):
            keying.press(Act.LOOK_BACK)
