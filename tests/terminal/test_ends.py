"""How the program ends, and what is there when it starts again."""

import signal
import termios
from pathlib import Path

from tests.offices import lines_of
from tests.terminal.driver import Terminal, ceping, enter
from tests.terminal.stored import GROUP, LEVEL, UNIT, draft_in, lines_in

LINES = lines_of(UNIT, LEVEL, GROUP)
STACK = (UNIT, LEVEL, GROUP)


def half_keyed(office: Path) -> Terminal:
    """A program that has stored one ballot and seven marks of the next."""
    terminal = enter(office, *STACK)
    terminal.wait_for("Enter 存票")
    terminal.write(f"{LINES[0]}\r")
    terminal.wait_for("第 1 票已存")
    terminal.write(LINES[1][:7])
    # Two places back, so that the screen tells when all seven keys are in.
    terminal.write("\x1b[D\x1b[D")
    terminal.wait_for("贾德义：第1项")
    return terminal


def offered(office: Path) -> None:
    """The next start offers the seven marks; the ballot ends as if nothing had happened."""
    assert lines_in(office) == LINES[:1]
    assert draft_in(office) == LINES[1][:7]
    with enter(office, *STACK) as terminal:
        terminal.wait_for("上次录到一半的票已找回：已录 7 项")
        terminal.write("\x1b[C\x1b[C" + LINES[1][7:] + "\r")
        terminal.wait_for("第 2 票已存")
    assert lines_in(office) == LINES[:2]


def test_a_kill_in_mid_ballot(office: Path) -> None:
    with half_keyed(office) as terminal:
        terminal.kill()
    offered(office)


def test_a_lost_line_ends_the_program(office: Path) -> None:
    with half_keyed(office) as terminal:
        terminal.hang_up()
        assert terminal.process.wait(30) == -signal.SIGHUP
    offered(office)


def test_hangup_ends_the_program_even_where_it_was_ignored(office: Path) -> None:
    """nohup and some shells hand down an ignored SIGHUP, under which it would spin for ever."""

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with enter(office, *STACK, prepare=ignore) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.hang_up()
        assert terminal.process.wait(30) == -signal.SIGHUP


def restored(terminal: Terminal, before: list[object]) -> None:
    """The terminal is as the shell left it: echo, line mode, main screen, cursor, no modes."""
    after = terminal.attributes()
    for flag in (termios.ECHO, termios.ICANON, termios.ISIG):
        assert after[3] & flag == before[3] & flag
        assert after[3] & flag
    ending = bytes(terminal.output)
    for on, off in (
        (b"\x1b[?1049h", b"\x1b[?1049l"),
        (b"\x1b[?25l", b"\x1b[?25h"),
        (b"\x1b[?2004h", b"\x1b[?2004l"),
        (b"\x1b[?1004h", b"\x1b[?1004l"),
    ):
        assert ending.rfind(on) < ending.rfind(off), (on, off)
    assert b"\x1b[?1000h" not in ending, "the mouse is left to the terminal"


def test_a_termination_leaves_the_terminal_clean(office: Path) -> None:
    with half_keyed(office) as terminal:
        before = [0, 0, 0, termios.ECHO | termios.ICANON | termios.ISIG]
        terminal.send_signal(signal.SIGTERM)
        assert terminal.wait_end() == 0
        restored(terminal, before)
    offered(office)


def test_leaving_by_the_keys(office: Path) -> None:
    with ceping(office) as terminal:
        before = terminal.attributes()
        terminal.wait_for("F10 退出")
        assert not terminal.attributes()[3] & termios.ECHO
        terminal.write("\x1b[21~")
        terminal.wait_for("退出测评？已录的票都已存好。")
        terminal.write("\x1b[12~")
        assert terminal.wait_end() == 0
        restored(terminal, before)


def test_escape_leaves_a_stack_and_keeps_the_half_keyed_ballot(office: Path) -> None:
    with half_keyed(office) as terminal:
        terminal.write("\x1b")
        assert terminal.wait_end() == 0
    offered(office)
