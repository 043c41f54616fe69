"""复核 in a terminal: a whole stack in one burst, differences settled, kills in between."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.recount import examination
from tests.offices import lines_of
from tests.terminal.driver import Terminal, ceping
from tests.terminal.stored import GROUP, LEVEL, UNIT, batch_of, lines_in

LINES = lines_of(UNIT, LEVEL, GROUP)
STACK = ("--unit", UNIT, "--level", LEVEL, "--group", GROUP)
VALID = next(n for n, line in enumerate(LINES) if len(line) > 2 and n > 2)


def verify(office: Path) -> Terminal:
    return ceping(office, "enter", "1", *STACK, "--verify")


def second_lines(office: Path) -> list[str]:
    """The second entry as it stands in the file."""
    with closing(sqlite3.connect(office)) as file:
        rows = file.execute(
            "SELECT CASE void_reason WHEN 0 THEN marks ELSE '/' || void_reason END "
            "FROM second_ballot WHERE batch_id = ? ORDER BY position",
            (batch_of(office),),
        ).fetchall()
    return [line for (line,) in rows]


def verification(office: Path) -> tuple[int, ...]:
    """(agreed, first wrong, second wrong) of the stack."""
    with closing(sqlite3.connect(office)) as file:
        row = file.execute(
            "SELECT agreed, first_wrong, second_wrong FROM verification WHERE batch_id = ?",
            (batch_of(office),),
        ).fetchone()
    return tuple(row)


def typed(lines: list[str]) -> str:
    return "".join(f"{line}\r" for line in lines)


def other(mark: str) -> str:
    return "2" if mark == "1" else "1"


def test_a_stack_in_one_burst_agrees(full_office: Path) -> None:
    with verify(full_office) as terminal:
        terminal.wait_for("同一人复核")
        terminal.write(typed(LINES))
        terminal.wait_for(f"本批 {len(LINES)} 票复核一致")
        terminal.write("\x1b")
        assert terminal.wait_end() == 0
    assert verification(full_office) == (1, 0, 0)
    assert second_lines(full_office) == []
    assert lines_in(full_office) == LINES


def test_keys_typed_before_the_screen_stands_are_the_first_ballots(full_office: Path) -> None:
    with verify(full_office) as terminal:
        terminal.write(typed(LINES))
        terminal.wait_for("票复核一致")
    assert verification(full_office) == (1, 0, 0)


def test_a_burst_with_a_wrong_mark_and_its_mending(full_office: Path) -> None:
    line = LINES[VALID]
    wrong = [*LINES[:VALID], other(line[0]) + line[1:], *LINES[VALID + 1 :]]
    with verify(full_office) as terminal:
        terminal.write(typed(wrong) + "\x1bOQ")
        terminal.wait_for(f"第 {VALID + 1} 张纸票")
        terminal.write(f"{line[0]}\r")
        terminal.wait_for("票复核一致")
    assert verification(full_office) == (1, 0, 1)
    assert lines_in(full_office) == LINES
    assert examination.differences(full_office) == []


@pytest.mark.parametrize("keys", [1, 7])
def test_a_kill_in_mid_ballot_loses_nothing(full_office: Path, keys: int) -> None:
    with verify(full_office) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.write(typed(LINES[:VALID]))
        terminal.wait_for(f"第 {VALID} 票已存")
        terminal.write(LINES[VALID][:keys] + "\x1b[D")
        # The step back tells when all keys are in.
        terminal.wait_for("第1项" if keys == 1 else "第2项")
        terminal.kill()
    assert second_lines(full_office) == LINES[:VALID]
    with verify(full_office) as terminal:
        terminal.wait_for("录到一半的票已找回")
        terminal.write("\x1b[C" + LINES[VALID][keys:] + "\r" + typed(LINES[VALID + 1 :]))
        terminal.wait_for("票复核一致")
    assert verification(full_office) == (1, 0, 0)


def test_a_kill_between_two_differences_keeps_the_one_that_is_settled(full_office: Path) -> None:
    wrong = [
        other(line[0]) + line[1:] if n in (VALID, VALID + 1) else line
        for n, line in enumerate(LINES)
    ]
    assert len(LINES[VALID + 1]) > 2
    with verify(full_office) as terminal:
        terminal.write(typed(wrong) + "\x1bOQ")
        terminal.wait_for(f"第 {VALID + 1} 张纸票")
        terminal.write(f"{LINES[VALID][0]}\r")
        terminal.wait_for(f"第 {VALID + 2} 张纸票")
        terminal.kill()
    assert verification(full_office) == (0, 0, 1)
    with verify(full_office) as terminal:
        terminal.wait_for("两次录入有 1 张不同")
        terminal.write(f"\x1bOQ{LINES[VALID + 1][0]}\r")
        terminal.wait_for("票复核一致")
    assert verification(full_office) == (1, 0, 2)
    assert lines_in(full_office) == LINES
    assert examination.differences(full_office) == []


def test_what_cannot_be_verified_is_refused_at_once(office: Path) -> None:
    with verify(office) as terminal:
        terminal.wait_for("录完再复核")
        assert terminal.wait_end() == 1
