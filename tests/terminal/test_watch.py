"""The second screen beside a keyer: in steps, silent between them, and in nobody's way."""

import re
import shutil
import signal
import sqlite3
import subprocess
import termios
from collections import Counter
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.offices import lines_of
from tests.terminal.driver import CEPING, Terminal, ceping, enter
from tests.terminal.stored import GROUP, LEVEL, SIZE, UNIT, let_in
from tests.terminal.test_ends import restored
from tests.terminal.test_screens import same_as

STACK = (UNIT, LEVEL, GROUP)
LINES = lines_of(*STACK)
ESCAPE, F10 = "\x1b", "\x1b[21~"
# The round's smallest group, and with it the least between two steps.
STEP = 10
# The program looks twice a second: after as long as this it has looked.
LOOKED = 1.5


def watch(office: Path, *arguments: str, **options: object) -> Terminal:
    """`ceping watch` of round 1."""
    return ceping(office, "watch", "1", *arguments, **options)


def watch_stack(office: Path) -> Terminal:
    """The second screen on the level of the stack that is keyed."""
    terminal = watch(office, "--unit", UNIT)
    terminal.wait_for("F10 退出")
    # Team and chief stand before the members.
    terminal.write("\x1b[C\x1b[C")
    terminal.wait_for("[班子成员]")
    terminal.drain(0.3)
    return terminal


def excellent(ballots: list[str]) -> str:
    """The share of the best grade on the first person's last line, as printed."""
    marks = Counter(line[SIZE // 3 - 1] for line in ballots)
    share = Decimal(100 * marks["1"]) / len(ballots)
    return f"优秀 {share.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def test_a_whole_stack_is_seen_in_steps_and_nothing_between_them(office: Path) -> None:
    total = 3 * STEP + 3
    let_in(office, total)
    typed = [LINES[number % len(LINES)] for number in range(total)]
    with watch_stack(office) as second, enter(office, *STACK) as keyer:
        keyer.wait_for("Enter 存票")
        second.output.clear()
        for number, line in enumerate(typed, 1):
            keyer.write(f"{line}\r")
            keyer.wait_for(f"第 {number} 票已存" if number < total else "录完")
            if number % STEP == 0:
                second.wait_for(f"计入 {number}/")
                second.wait_for(excellent(typed[:number]))
                second.drain(LOOKED)
                second.output.clear()
            elif number % STEP == STEP - 1 or number == total:
                assert second.drain(LOOKED) == 0, "a ballot between two steps is seen"
        assert f"计入 {3 * STEP}/" in second.text
        assert "计票中，非正式结果" in second.text


def test_it_is_silent_when_idle(full_office: Path) -> None:
    for arguments in ((), ("--unit", UNIT)):
        with watch(full_office, *arguments) as terminal:
            terminal.wait_for("F10 退出")
            terminal.drain(0.5)
            assert terminal.read(2.5) == b""


def test_it_keeps_nobody_from_writing_and_a_kill_leaves_nothing(office: Path) -> None:
    with enter(office, *STACK) as keyer:
        keyer.wait_for("Enter 存票")
        keyer.write(f"{LINES[0]}\r")
        keyer.wait_for("第 1 票已存")
        before = sorted(office.parent.iterdir())
        with watch_stack(office) as second:
            lock = Path(f"{office}.lock").read_bytes()
            second.kill()
            assert Path(f"{office}.lock").read_bytes() == lock
        assert sorted(office.parent.iterdir()) == before
        keyer.write(f"{LINES[1]}\r")
        keyer.wait_for("第 2 票已存")
    # Whoever comes after a killed one that was alone finds the writer's place free.
    with watch_stack(office) as alone, enter(office, *STACK) as keyer:
        keyer.wait_for("Enter 存票")
        alone.kill()
        keyer.write(f"{LINES[2]}\r")
        keyer.wait_for("第 3 票已存")


def test_a_restored_file_is_followed(office: Path, keyed_office: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(keyed_office, tmp_path / "keyed.db"))
    with watch_stack(office) as second:
        assert "计入 0/" in second.text
        command = [CEPING, "--database", str(office), "restore", str(other), "--of-another"]
        subprocess.run(command, check=True, capture_output=True)
        second.wait_for(lambda text: re.search(r"计入 (\d+)/\1 张", text) is not None)


def test_a_file_that_is_gone_is_told_until_it_is_back(office: Path, tmp_path: Path) -> None:
    with watch_stack(office) as second:
        away = tmp_path / "away"
        away.mkdir()
        shutil.move(office, away / office.name)
        second.wait_for("数据库文件被移走或删除了")
        second.drain(0.5)
        assert second.read(LOOKED) == b""
        shutil.move(away / office.name, office)
        second.wait_for(lambda text: "移走或删除" not in text and "注：得票率" in text)


@pytest.mark.parametrize("key", [ESCAPE, F10])
@pytest.mark.parametrize("arguments", [(), ("--unit", UNIT)])
def test_one_key_leaves(office: Path, key: str, arguments: tuple[str, ...]) -> None:
    with watch(office, *arguments) as terminal:
        before = terminal.attributes()
        terminal.wait_for("F10 退出")
        assert not terminal.attributes()[3] & termios.ECHO
        terminal.write(key)
        assert terminal.wait_end() == 0
        restored(terminal, before)


def test_a_termination_leaves_the_terminal_clean(office: Path) -> None:
    with watch(office) as terminal:
        before = terminal.attributes()
        terminal.wait_for("F10 退出")
        terminal.send_signal(signal.SIGTERM)
        assert terminal.wait_end() == 0
        restored(terminal, before)


def test_a_level_that_had_a_step_comes_up_unless_another_was_chosen(office: Path) -> None:
    with watch(office, "--unit", UNIT) as second, enter(office, *STACK) as keyer:
        second.wait_for("[领导班子]")
        keyer.wait_for("Enter 存票")
        keyer.write("".join(f"{line}\r" for line in LINES[:STEP]))
        keyer.wait_for(f"第 {STEP} 票已存")
        second.wait_for("[班子成员]")
        second.write("\x1b[D")
        second.wait_for("[正职]")
        second.wait_for("Enter 随计票")


@pytest.mark.parametrize(("columns", "lines"), [(60, 20), (80, 24), (120, 40)])
def test_the_second_screen(full_office: Path, columns: int, lines: int) -> None:
    with watch(full_office, columns=columns, lines=lines) as terminal:
        terminal.wait_for("Enter 看单位")
        same_as(f"watch-round-{columns}x{lines}", terminal)
        terminal.write("\r")
        terminal.wait_for("[领导班子]")
        same_as(f"watch-team-{columns}x{lines}", terminal)
        terminal.write("\x1b[C\x1b[C")
        terminal.wait_for("[班子成员]")
        same_as(f"watch-members-{columns}x{lines}", terminal)


def test_a_terminal_of_wide_glyphs_has_plain_ones(full_office: Path) -> None:
    with watch(full_office, "--unit", UNIT, wide=True) as terminal:
        terminal.wait_for("####")
        assert not set("█▓▒░▀▄━─") & set(terminal.text)


def test_what_cannot_be_watched_is_refused(office: Path) -> None:
    with watch(office, "--unit", "没有的局") as terminal:
        assert terminal.wait_end() == 1
        assert "本轮次没有单位“没有的局”" in terminal.text


def test_a_seal_beside_it_is_whole_and_shown(full_office: Path) -> None:
    """Its connection is in the way neither of the seal nor of the order being taken out."""
    with closing(sqlite3.connect(full_office)) as file, file:
        file.execute("UPDATE round SET verification = 'none'")
    with watch_stack(full_office) as second:
        second.wait_for("计票中，非正式结果")
        tellers = ("--teller", "监票人=赵甲", "--teller", "计票人=钱乙")
        command = [CEPING, "--database", full_office, "seal", "1", "--unit", UNIT, *tellers]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert done.stderr == ""
        second.wait_for(lambda text: "● 已封存" in text and "计票中" not in text)
        with closing(sqlite3.connect(full_office)) as file:
            assert file.execute("SELECT * FROM erasure").fetchall() == []
            assert file.execute("PRAGMA freelist_count").fetchone() == (0,)
        log = full_office.with_name(f"{full_office.name}-wal")
        assert not log.exists() or log.stat().st_size == 0
