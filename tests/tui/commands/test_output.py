"""No traceback where output cannot be written; no slip in the name of a settings file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.offices import write
from tests.terminal.driver import Terminal
from tui.command import main
from tui.commands.demo import SAMPLE_OFFICE

ROOT = Path(__file__).parents[3]

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


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import nowhere.xlsx", "没有文件 nowhere.xlsx"),
        ("restore nowhere.db", "没有这个文件或文件夹"),
        ("round /", "是文件夹，不是文件"),
        ("backup {database}/x.db", "（不是文件夹）。请检查路径、权限和磁盘空间"),
        ("enter 1 --unit U --level L --group G --stack x", "要写整数，现为 'x'"),
        ("tally 1 --by-group=3", "后面不带值，不认识：'3'"),
        ("--ver", "ceping "),
        ("import a --c=1", "后面不带值"),
        ("tally 1 --format csv --json", "不能同时用"),
        ("completion tcsh", "没有这个选项：'tcsh'"),
        ("templates --list --check", "不能同时用"),
        ("tally 1 --format", "后面要跟一个值"),
        ("tally 1 --format x", "（可选：'plain'"),
        ("rounds --j=1 --", "后面不带值"),
    ],
)
def test_no_word_of_the_system_is_english(keyed_office: Path, line: str, says: str) -> None:
    done = run(keyed_office, line.format(database=keyed_office))
    said = done.stderr + done.stdout
    assert says in said
    english = ("No such", "denied", "irectory", "invalid", "argument", "expected", "error", "usage")
    assert not [word for word in english if word in said.replace("[-h]", "")], said


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_what_may_not_be_read_is_named(keyed_office: Path, tmp_path: Path) -> None:
    """Also where the tests run as root, who may read everything."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o000)
    drop = "-dac_override,-dac_read_search"
    without = f"setpriv --bounding-set {drop} --inh-caps {drop}" if os.getuid() == 0 else ""
    for line in (
        f"--database {locked}/x.db rounds",
        f"--database {keyed_office} backup {locked}/x.db",
        f"--database {keyed_office} restore {locked}/x.db",
        f"--config {locked}/x.toml rounds",
        f"demo --no-open --directory {locked}/x",
    ):
        command = f"{without} {sys.executable} -m tui.command {line}"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "没有权限" in done.stderr
        assert str(locked) in done.stderr


def test_every_list_is_there_as_json(keyed_office: Path, tmp_path: Path) -> None:
    roster = SAMPLE_OFFICE / "roster.xlsx"
    for line in (
        "rounds --json",
        "tally 1 --json",
        "verify --json",
        "templates --json",
        "templates --fields 反馈书 --json",
        f"import {roster} --dry-run --json",
    ):
        done = run(keyed_office, line)
        assert (done.returncode, done.stderr) == (0, ""), line
        assert json.loads(done.stdout)
    slips = write(tmp_path, "slips.csv", "单位名称,简称\n,甲\n乙局,乙\n")
    done = run(keyed_office, f"import {slips} --dry-run --json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["refused"], found["imported"]) == (1, False)
    assert found["remarks"][0]["row"] == 2


def test_long_work_is_told_only_to_a_terminal(tmp_path: Path) -> None:
    """What takes long says what it does and for how long, and leaves nothing of it on the line."""
    held = tmp_path / "held.py"
    held.write_text(
        "import sys\n"
        "from tui.commands.waiting import working\n"
        "with working('正在备份'):\n"
        "    sys.stdin.read()\n"
        "print('好了')\n"
    )
    with Terminal([sys.executable, str(held)], folder=ROOT) as terminal:
        terminal.wait_for("正在备份…… 1 秒")
        terminal.wait_for("正在备份…… 2 秒")
        terminal.write("\x04")  # the end of what it reads, which is not echoed
        terminal.wait_for("好了")
        assert "正在备份" not in terminal.text
    done = subprocess.run([sys.executable, held], input=b"\n", capture_output=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, b"")


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
