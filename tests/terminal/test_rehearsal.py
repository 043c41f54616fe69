"""演练 in a real terminal: its banner, the refused seal, and a folder that is gone afterwards."""

from __future__ import annotations

import hashlib
from pathlib import Path

from models.database import rehearsal
from tests.terminal.driver import ceping

RIGHT, F6, F10 = "\x1b[C", "\x1b[17~", "\x1b[21~"


def test_a_rehearsal_is_told_everywhere_and_leaves_nothing(office: Path) -> None:
    before = hashlib.sha256(office.read_bytes()).hexdigest()
    folder = rehearsal.folder_of(office)
    with ceping(office, "rehearse", "1") as terminal:
        terminal.wait_for(lambda text: text.count("【演练】") == 2 and "F10 退出" in text)
        assert folder.exists()
        terminal.write(RIGHT)
        terminal.wait_for(lambda text: "【演练】2026年度" in text and "F2 登记票数" in text)
        terminal.write(F6)
        terminal.wait_for("【演练】平衡封存")
        terminal.write(F10)
        terminal.wait_for("退出测评")
        terminal.write("\r")
        assert terminal.wait_end() == 0
    assert not folder.exists()
    assert hashlib.sha256(office.read_bytes()).hexdigest() == before


def test_what_a_killed_rehearsal_left_is_wiped(office: Path) -> None:
    folder = rehearsal.folder_of(office)
    with ceping(office, "rehearse", "1") as terminal:
        terminal.wait_for("【演练】")
        terminal.kill()
    assert folder.exists()
    with ceping(office, "rehearse") as terminal:
        terminal.wait_for("上次的演练已抹掉")
        assert terminal.wait_end() == 0
    assert not folder.exists()
