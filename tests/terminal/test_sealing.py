"""封存 by keyboard in a real terminal: refused while a ballot is missing, then the digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.database import journal
from models.database.store import open_store
from models.regulation.levels import Level
from models.regulation.rules import RoundRules, VerificationRule
from models.rounds import life, polls
from models.rounds.polls import PollState
from models.seal import sealing
from models.settings.office import Settings
from tests.offices import GROUPS, entry_of, small_round
from tests.terminal.driver import Terminal, ceping

F2, F3, F6, F9 = "\x1bOQ", "\x1bOR", "\x1b[17~", "\x1b[20~"


@pytest.fixture
def almost(tmp_path: Path, settings: Settings) -> Path:
    """A round without second entry, keyed to the last ballot but one."""
    store = open_store(tmp_path / "ceping.db")
    info = small_round(
        settings, rules=RoundRules(verification=VerificationRule(every=0)), returned=10
    )
    last = (Level.INTEGRITY, GROUPS[-1])
    for level in Level:
        for group in GROUPS:
            entry = entry_of(info, level, group)
            for n in range(10 - ((level, group) == last)):
                entry.commit(str(1 + n % 2) * len(entry.sheet.places))
    store.close()
    return store.path


def to_seal_screen(terminal: Terminal) -> None:
    terminal.wait_for("F10 退出")
    terminal.write("\x1b[C")
    terminal.wait_for("F6 封存")
    terminal.write(F6)
    terminal.wait_for("平衡封存")


def key_the_last(database: Path) -> None:
    store = open_store(database)
    entry = entry_of(life.rounds()[0], Level.INTEGRITY, GROUPS[-1])
    entry.commit("1" * len(entry.sheet.places))
    store.close()


def test_refused_then_sealed_then_held_against_the_paper(almost: Path) -> None:
    with ceping(almost) as terminal:
        to_seal_screen(terminal)
        terminal.wait_for("差 1 张")
        terminal.write(F2)
        terminal.wait_for(lambda text: "不能封存" in text and "问题102" in text)
        terminal.kill()
    key_the_last(almost)
    with ceping(almost) as terminal:
        to_seal_screen(terminal)
        terminal.wait_for("可以封存")
        # The whole form at once, as a slow line delivers it.
        terminal.write(f"{F2}监甲\x1b[B监乙\x1b[B计甲{F2}")
        terminal.wait_for("先后顺序随即销毁")
        terminal.write(F2)
        terminal.wait_for("已封存 第 1 版")
        store = open_store(almost, write=False)
        sealed = sealing.in_force(1)
        assert sealed is not None
        store.close()
        groups = sealing.groups_of(sealed.digest)
        shown = terminal.wait_for(" ".join(groups[8:]))
        assert " ".join(groups[:8]) in shown
        terminal.write(F3)
        shown = terminal.wait_for(lambda text: text.count("____") == 2 and "核对纸质" in text)
        lines = shown.split("\n")[1:3]
        typed = [groups[at] for at, group in enumerate(" ".join(lines).split()) if group == "____"]
        terminal.write(f"{typed[0]}\x1b[B{typed[1]}{F2}")
        terminal.wait_for("与封存数据一致")
        terminal.write(F9)
        terminal.wait_for("批准人")
    store = open_store(almost)
    assert polls.find_by_id(1).state is PollState.SEALED
    acts = [entry.act for entry in journal.entries(20)]
    assert acts[0] == "核对纸质报告单"
    store.close()
