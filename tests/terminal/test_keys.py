"""Keys as terminals, multiplexers, input methods and slow lines really send them."""

import random
from pathlib import Path

import pytest

from models.recount import examination
from tests.offices import lines_of
from tests.terminal.driver import Terminal, enter
from tests.terminal.stored import GROUP, LEVEL, SIZE, UNIT, draft_in, let_in, lines_in

LINES = lines_of(UNIT, LEVEL, GROUP)
STACK = (UNIT, LEVEL, GROUP)


def started(terminal: Terminal) -> Terminal:
    terminal.wait_for("Enter 存票")
    return terminal


def test_ten_thousand_keys_written_at_once_are_the_right_ballots(office: Path) -> None:
    chosen = random.Random(2026)  # noqa: S311 - test data
    papers = ["".join(chosen.choices("01234*", k=SIZE)) for _ in range(625)]
    for at in range(0, 625, 25):
        papers[at] = chosen.choice(["1+", "2+", "/1", "/3"])
    typed = "".join(f"{paper}\r" for paper in papers)
    assert len(typed) > 9_600
    let_in(office, 625)
    with started(enter(office, *STACK)) as terminal:
        terminal.write(typed)
        terminal.wait_for("第 625 票已存")
    assert lines_in(office) == [
        paper[0] * SIZE if paper.endswith("+") else paper for paper in papers
    ]
    assert examination.differences(office) == []


def test_keys_typed_before_the_first_paint_are_kept(office: Path) -> None:
    """Type-ahead over a slow line, while the program asks the terminal for its width."""
    with enter(office, *STACK) as terminal:
        terminal.write("".join(f"{line}\r" for line in LINES))
        terminal.wait_for(f"第 {len(LINES)} 票已存")
    assert lines_in(office) == LINES


@pytest.mark.parametrize("count", [1, 3, 4])
def test_keys_that_overtake_the_answer_to_the_width_probe_are_kept(
    office: Path, count: int
) -> None:
    early = "".join(f"{line}\r" for line in LINES[:count])
    with enter(office, *STACK, before_answer=early) as terminal:
        started(terminal)
        terminal.write("".join(f"{line}\r" for line in LINES[count:]))
        terminal.wait_for(f"第 {len(LINES)} 票已存")
    assert lines_in(office) == LINES


@pytest.mark.parametrize("enter_key", ["\r", "\n", "\x1bOM"])
def test_enter_in_every_form(office: Path, enter_key: str) -> None:
    """Carriage return; line feed, as tmux sends the keypad's; application keypad mode."""
    with started(enter(office, *STACK)) as terminal:
        for number, line in enumerate(LINES[:3], 1):
            terminal.write(line + enter_key)
            terminal.wait_for(f"第 {number} 票已存")
    assert lines_in(office) == LINES[:3]


def test_full_width_digits_count_as_digits(office: Path) -> None:
    wide = LINES[1].translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
    assert wide != LINES[1]
    with started(enter(office, *STACK)) as terminal:
        terminal.write(wide + "\r")
        terminal.wait_for("第 1 票已存")
    assert lines_in(office) == [LINES[1]]


def test_a_paste_is_refused_and_enters_nothing(office: Path) -> None:
    with started(enter(office, *STACK)) as terminal:
        terminal.write("\x1b[200~" + LINES[0] + "\r\x1b[201~")
        terminal.wait_for("录票不接受粘贴")
        assert lines_in(office) == []
        assert draft_in(office) == ""
        terminal.write(LINES[0] + "\r")
        terminal.wait_for("第 1 票已存")


def test_bytes_of_a_gbk_terminal_do_not_end_the_program(office: Path) -> None:
    with started(enter(office, *STACK)) as terminal:
        terminal.write("王建国".encode("gbk") + b"\xff\xfe\x80")
        terminal.write(LINES[0] + "\r")
        terminal.wait_for("票已存")
        assert terminal.process.poll() is None
    assert lines_in(office) == LINES[:1]


def test_the_keypad_without_numlock_is_told(office: Path) -> None:
    with started(enter(office, *STACK)) as terminal:
        terminal.write("\x1b[H")
        terminal.wait_for("NumLock")
        assert draft_in(office) == ""


def test_letters_and_function_keys_do_nothing(office: Path) -> None:
    with started(enter(office, *STACK)) as terminal:
        terminal.write("qwx\x03\x11\x1a\x1b[15~")
        terminal.wait_for("这个键在录票时没有用处")
        terminal.write(LINES[0] + "\r")
        terminal.wait_for("第 1 票已存")
    assert lines_in(office) == LINES[:1]


def test_each_key_is_in_the_file_before_it_is_on_the_screen(office: Path) -> None:
    """What is drawn outlives the program, so no mark is shown that could still be lost."""
    with started(enter(office, *STACK)) as terminal:
        for number in range(1, SIZE):
            terminal.write("2")
            terminal.wait_for(lambda text, n=number: shown(text) >= n)
            assert draft_in(office) == "2" * number


def shown(text: str) -> int:
    """How many marks of grade 2 the pad shows on its three rows; the tally beside the last of them
    has its own label of it."""
    return sum(row.count("称职") for row in text.split("\n")[4:7]) - 1


def test_looking_back_and_correcting(office: Path) -> None:
    with started(enter(office, *STACK)) as terminal:
        terminal.write(f"{LINES[0]}\r{LINES[1]}\r")
        terminal.wait_for("第 2 票已存")
        terminal.write("\x1b[5~")
        terminal.wait_for("翻看")
        terminal.write("\x1b[5~")
        terminal.wait_for("翻看 第 1 票")
        terminal.write("4" * SIZE + "\r")
        terminal.wait_for("更正第 1 票，原因")
        terminal.write("1")
        terminal.wait_for("第 1 票已更正，原因已记入日志")
    assert lines_in(office) == ["4" * SIZE, LINES[1]]
    assert examination.differences(office) == []
