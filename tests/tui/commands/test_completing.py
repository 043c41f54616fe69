"""The scripts of `ceping completion`, tried in each shell that is there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.terminal.driver import CEPING, Terminal


def script(shell: str, folder: Path) -> Path:
    """The script for a shell, as a file."""
    file = folder / f"completion.{shell}"
    done = subprocess.run([CEPING, "completion", shell], check=True, capture_output=True)
    file.write_bytes(done.stdout)
    return file


def need(shell: str) -> str:
    """The shell's program; the test is skipped where it is not installed."""
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    return found


def told(*command: str, folder: Path) -> list[str]:
    """What a shell prints, word by word."""
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    return done.stdout.split()


def test_bash(tmp_path: Path) -> None:
    file = script("bash", tmp_path)
    (tmp_path / "roster.xlsx").touch()

    def completed(*words: str) -> list[str]:
        typed = " ".join(f"'{word}'" for word in words)
        return told(
            need("bash"),
            "-c",
            f"source {file}; COMP_WORDS=(ceping {typed}); COMP_CWORD={len(words)}; "
            "_shtab_ceping; echo ${COMPREPLY[@]}",
            folder=tmp_path,
        )

    assert completed("wa") == ["watch"]
    assert completed("tally", "1", "--fo") == ["--format"]
    assert completed("tally", "1", "--format", "") == ["plain", "github", "csv", "json"]
    assert completed("import", "ro") == ["roster.xlsx"]


def test_fish(tmp_path: Path) -> None:
    fish, file = need("fish"), script("fish", tmp_path)
    (tmp_path / "roster.xlsx").touch()

    def completed(line: str) -> list[str]:
        return told(
            fish, "-N", "-c", f"source {file}; complete -C 'ceping {line}'", folder=tmp_path
        )

    assert "watch" in completed("wa")
    assert "--format" in completed("tally 1 --fo")
    assert {"plain", "github", "csv", "json"} <= set(completed("tally 1 --format "))
    assert "roster.xlsx" in completed("import ro")


def test_zsh(tmp_path: Path) -> None:
    zsh, file = need("zsh"), script("zsh", tmp_path)
    (tmp_path / "roster.xlsx").touch()
    with Terminal([zsh, "-f"], folder=tmp_path, environment={"PS1": "ready> "}) as terminal:
        terminal.wait_for("ready>")
        terminal.write(f'autoload -U compinit; compinit -u -D; eval "$(<{file})"; clear\r')
        terminal.wait_for(lambda text: text.startswith("ready>") and "autoload" not in text)
        for typed, shown in (
            ("ceping wa\t", "ceping watch"),
            ("ceping tally 1 --fo\t", "ceping tally 1 --format"),
            ("ceping import ro\t", "ceping import roster.xlsx"),
        ):
            terminal.write(typed)
            terminal.wait_for(shown)
            terminal.write("\x15")
            terminal.wait_for(lambda text, shown=shown: shown not in text)
