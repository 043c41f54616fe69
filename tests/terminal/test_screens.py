"""What the screens look like, and that they are silent while nothing happens.

The goldens are plain text, to be read in a review. `CEPING_GOLDEN=write` writes them anew.
"""

import contextlib
import os
import re
import unicodedata
from pathlib import Path

import pytest

from models.database.store import open_store
from models.database.tables import Round
from models.recount import examination
from models.rounds import life, polls
from models.seal import sealing
from tests.offices import lines_of
from tests.sealing import TELLERS
from tests.terminal.driver import Terminal, ceping, enter
from tests.terminal.stored import GROUP, LEVEL, UNIT, let_in, lines_in

GOLDEN = Path(__file__).parent / "golden"
LINES = lines_of(UNIT, LEVEL, GROUP)
STACK = (UNIT, LEVEL, GROUP)
SIZES = [(60, 20), (80, 24), (120, 40), (200, 50)]


def _lasting(text: str) -> str:
    """A screen without who is at the keyboard and what day it is."""
    return re.sub(r"(?m) +操作人 .*$", "    操作人 …", text.rstrip("\n"))


def same_as(name: str, terminal: Terminal) -> None:
    """Wait until the screen is the golden one; else show in what it differs."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("CEPING_GOLDEN") == "write":
        terminal.drain(0.5)
        file.write_text(_lasting(terminal.text) + "\n", encoding="utf-8")
    golden = file.read_text(encoding="utf-8").rstrip("\n")
    with contextlib.suppress(AssertionError):
        terminal.wait_for(lambda text: _lasting(text) == golden, patience=5)
    assert _lasting(terminal.text) == golden


def half_way(terminal: Terminal) -> None:
    """Three ballots and a half."""
    terminal.wait_for("Enter 存票")
    terminal.write("".join(f"{line}\r" for line in LINES[:3]))
    terminal.wait_for("第 3 票已存")
    terminal.write(LINES[3][:7])
    terminal.write("\x1b[D")
    terminal.wait_for("贾德义：第2项 了解")


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_the_pad(office: Path, columns: int, lines: int) -> None:
    with enter(office, *STACK, columns=columns, lines=lines) as terminal:
        half_way(terminal)
        same_as(f"pad-{columns}x{lines}", terminal)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_the_pad_of_one_subject(office: Path, columns: int, lines: int) -> None:
    with enter(office, UNIT, "领导班子", GROUP, columns=columns, lines=lines) as terminal:
        terminal.wait_for("Enter 存票")
        same_as(f"pad-team-{columns}x{lines}", terminal)


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_home_poll_and_tally(full_office: Path, columns: int, lines: int) -> None:
    with ceping(full_office, columns=columns, lines=lines) as terminal:
        terminal.wait_for("F10 退出")
        same_as(f"home-{columns}x{lines}", terminal)
        terminal.write("\x1b[C")
        terminal.wait_for("F2 登记票数")
        same_as(f"poll-{columns}x{lines}", terminal)
        terminal.write("\x1bOS")
        terminal.wait_for("F6 按类别")
        terminal.write("\x1b[C\x1b[C")
        terminal.wait_for("[班子成员]")
        same_as(f"tally-{columns}x{lines}", terminal)


@pytest.fixture
def sealed_office(full_office: Path) -> Path:
    """The sample office, all of it keyed, its first unit sealed without second entry."""
    opened = open_store(full_office)
    Round.update(verification="none").execute()
    (info,) = life.rounds()
    sealing.seal(polls.polls(info.id)[0].id, TELLERS, opened)
    opened.close()
    return full_office


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_results_deliveries_and_a_record(sealed_office: Path, columns: int, lines: int) -> None:
    with ceping(sealed_office, columns=columns, lines=lines) as terminal:
        terminal.wait_for("待办")
        same_as(f"home-sealed-{columns}x{lines}", terminal)
        terminal.write("\x1b[24~")
        terminal.wait_for("已登记等次")
        terminal.write("\x1b[B\x1b[B")
        terminal.wait_for("信任票45票")
        same_as(f"results-{columns}x{lines}", terminal)
        terminal.write("\r")
        terminal.wait_for("研究机关")
        same_as(f"determination-{columns}x{lines}", terminal)
        terminal.write("\x1b")
        terminal.wait_for("已登记等次")
        terminal.write("\x1bOR")
        terminal.wait_for("送达登记")
        same_as(f"deliveries-{columns}x{lines}", terminal)
        terminal.write("\x1b")
        terminal.wait_for("已登记等次")
        terminal.write("\x1b[17~")
        terminal.wait_for("廉政档案 >")
        same_as(f"record-{columns}x{lines}", terminal)


def ambiguous(text: str) -> set[str]:
    return {char for char in text if unicodedata.east_asian_width(char) == "A"}


def drawn(terminal: Terminal) -> str:
    """All that was ever drawn, the probe itself apart."""
    output = bytes(terminal.output).replace("\r─\x1b[6n".encode(), b"")
    # What is being drawn may end within a character.
    return output.decode(errors="ignore")


def tour(terminal: Terminal) -> None:
    """Home, a poll, its paper, its tally, back, quit."""
    terminal.wait_for("F10 退出")
    terminal.write("\x1b[C")
    terminal.wait_for("F2 登记票数")
    terminal.write("\x1bOQ")
    terminal.wait_for("填好第一个票种后按 +")
    terminal.write("\x1b")
    terminal.wait_for("F8 复核")
    terminal.write("\x1bOR")
    terminal.wait_for("测评日期")
    terminal.write("\x1b")
    terminal.wait_for("F4 得票")
    terminal.write("\x1bOS")
    terminal.wait_for("F6 按类别")
    terminal.write("\r")
    terminal.wait_for("7 办案")
    terminal.write("\x1bOP")
    terminal.wait_for("键入筛选")
    terminal.write("\x1b")
    terminal.wait_for(lambda text: "键入筛选" not in text)


def tour_of_results(terminal: Terminal) -> None:
    """Results, a form, the deliveries, a record and its course."""
    terminal.wait_for("待办")
    for keys, seen in (
        ("\x1b[24~", "已登记等次"),
        ("\r", "研究机关"),
        ("\x1b", "已登记等次"),
        ("\x1bOQ", "0 / 1000 字"),
        ("\x1b", "已登记等次"),
        ("\x1bOR", "送达登记"),
        ("\x1b", "已登记等次"),
        ("\x1b[B\x1b[17~", "廉政档案 >"),
        ("\x1bOS", "只并列"),
    ):
        terminal.write(keys)
        terminal.wait_for(seen)


def test_results_on_a_wide_terminal_have_no_ambiguous_characters(sealed_office: Path) -> None:
    with ceping(sealed_office, wide=True) as terminal:
        tour_of_results(terminal)
        assert ambiguous(drawn(terminal)) <= set("“”")


def test_results_are_silent_while_nothing_happens(sealed_office: Path) -> None:
    with ceping(sealed_office) as terminal:
        tour_of_results(terminal)
        silent = [quiet(terminal)]
        for _ in range(2):
            terminal.write("\x1b")
            silent.append(quiet(terminal))
    assert silent == [0, 0, 0]


def test_a_terminal_with_wide_ambiguous_characters_gets_none(full_office: Path) -> None:
    with ceping(full_office, wide=True) as terminal:
        tour(terminal)
        assert ambiguous(drawn(terminal)) <= set("“”")


def test_a_wide_terminal_gets_a_pad_without_them(office: Path) -> None:
    with enter(office, *STACK, wide=True) as terminal:
        half_way(terminal)
        terminal.write("0" * 30 + "\r/")
        terminal.wait_for("整票作废，原因")
        assert ambiguous(drawn(terminal)) == set()


def test_a_narrow_terminal_gets_the_fine_bars(full_office: Path) -> None:
    with ceping(full_office) as terminal:
        tour(terminal)
        assert "█" in drawn(terminal)


def test_a_tiny_window_still_keys(office: Path) -> None:
    with enter(office, *STACK, columns=40, lines=10) as terminal:
        terminal.wait_for("马华")
        terminal.write("".join(f"{line}\r" for line in LINES[:2]))
        terminal.wait_for("第 2 票已存")
        assert lines_in(office) == LINES[:2]


def test_resizing_to_nothing_and_back(office: Path) -> None:
    with enter(office, *STACK) as terminal:
        terminal.wait_for("Enter 存票")
        for columns, lines in ((20, 5), (1, 1), (200, 60), (80, 24)):
            terminal.resize(columns, lines)
            terminal.write(LINES[0][:1])
            terminal.drain(0.1)
        assert terminal.process.poll() is None
        terminal.write(LINES[0][4:] + "\r")
        terminal.wait_for("第 1 票已存")


def test_screens_are_silent_while_nothing_happens(full_office: Path) -> None:
    let_in(full_office, 20)
    with ceping(full_office) as terminal:
        silent = {}
        terminal.wait_for("F10 退出")
        silent["home"] = quiet(terminal)
        terminal.write("\x1b[C")
        terminal.wait_for("F2 登记票数")
        silent["poll"] = quiet(terminal)
        terminal.write("\x1bOS")
        terminal.wait_for("F6 按类别")
        silent["tally"] = quiet(terminal)
        terminal.write("\x1b")
        terminal.wait_for("差 5 张")
        terminal.write("\r")
        terminal.wait_for("Enter 存票")
        silent["entry"] = quiet(terminal)
    assert silent == {"home": 0, "poll": 0, "tally": 0, "entry": 0}


def quiet(terminal: Terminal) -> int:
    """Bytes drawn in two seconds after the screen has come to rest."""
    terminal.drain(0.5)
    return len(terminal.read(2.0))


def test_no_screen_draws_wider_than_the_window(full_office: Path) -> None:
    """A line that wraps would push the last line out; the hints are always on the last one."""
    with ceping(full_office) as terminal:
        terminal.wait_for("F10 退出")
        assert re.search("F10 退出", terminal.text.split("\n")[-1])
    assert examination.differences(full_office) == []
