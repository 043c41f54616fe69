"""No traceback where output cannot be written; no slip in the name of a settings file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui.command import main

COMMAND = f"{sys.executable} -m tui.command --database {{database}}"


def run(office: Path, line: str) -> subprocess.CompletedProcess[str]:
    command = f"{COMMAND.format(database=office)} {line}"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tally 1 --format csv >/dev/full", "没有写全"),
        ("rounds >&-", "标准输出已经关闭"),
        ("--config /nowhere/ceping.toml rounds", "/nowhere/ceping.toml"),
    ],
)
def test_a_sentence_and_status_one(keyed_office: Path, line: str, says: str) -> None:
    done = run(keyed_office, line)
    assert (done.returncode, says in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_without_utf8(keyed_office: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND.format(database=keyed_office)} rounds"],
        env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert "LC_ALL=C.UTF-8" in done.stderr.decode()


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    done = run(tmp_path / "a", "rounds $(printf '\\377')")
    assert "Traceback" not in done.stderr


def test_both_streams_closed_is_no_crash(keyed_office: Path) -> None:
    assert run(keyed_office, "rounds >&- 2>&-").returncode == 1


def test_a_command_that_there_is_not_names_those_like_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for typed, named in (("taly", "有：tally。"), ("什么", "有：demo、import、round")):
        with pytest.raises(SystemExit) as ended:
            main([typed])
        assert ended.value.code == 2
        said = capsys.readouterr().err
        assert f"没有这个子命令：{typed}。{named}" in said
        assert "invalid" not in said
