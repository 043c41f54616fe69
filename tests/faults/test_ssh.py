"""A lost connection over a real sshd: what was acknowledged is there, and the program is gone.

The server listens on loopback with a configuration, host key and authorized key of its own.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import re
import select
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.recount import examination
from tests.terminal.driver import CEPING, PATIENCE, ClosedError, Terminal
from tests.terminal.stored import GROUP, LEVEL, SIZE, UNIT, draft_in, let_in, lines_in

_SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_STORED = re.compile(r"第 (\d+) 票已存")
_CONFIGURATION = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
"""


@dataclass(frozen=True)
class Server:
    """A running sshd: where it listens, and the folder with its keys."""

    port: int
    folder: Path

    def command(self, *remote: str) -> list[str]:
        """The client's command line for a program on a terminal over there."""
        options = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
            "LogLevel": "ERROR",
        }
        named = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        key = str(self.folder / "client")
        where = f"{getpass.getuser()}@127.0.0.1"
        return [
            *("ssh", "-F", "none", "-tt", "-i", key, "-p", str(self.port), *named, where),
            "LC_ALL=C.UTF-8 " + shlex.join(remote),
        ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A real sshd; the test is skipped, and says why, where none can be had."""
    if _SSHD is None or not shutil.which("ssh") or not shutil.which("ssh-keygen"):
        pytest.skip("sshd, ssh or ssh-keygen is not installed")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "client"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "config").write_text(_CONFIGURATION.format(port=port, folder=folder))
    if os.geteuid() == 0:
        # The superuser's sshd wants an empty folder; the system makes it when the service starts.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    log = folder / "log"
    sshd = subprocess.Popen(
        [_SSHD, "-D", "-f", str(folder / "config"), "-E", str(log)], stderr=subprocess.STDOUT
    )
    try:
        made = Server(port, folder)
        _wait_until_it_listens(sshd, port, log)
        tried = subprocess.run(made.command("true"), capture_output=True, text=True, check=False)
        if tried.returncode:
            pytest.skip(f"no one can log in here: {tried.stderr.strip()}\n{log.read_text()}")
        yield made
    finally:
        sshd.terminate()
        sshd.wait()


def _wait_until_it_listens(sshd: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if sshd.poll() is not None:
            pytest.skip(f"sshd does not start here: {log.read_text() if log.exists() else ''}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("sshd runs but does not listen")


def enter_over(server: Server, office: Path) -> Terminal:
    """`ceping enter` on the usual stack, over the line."""
    stack = ("--unit", UNIT, "--level", LEVEL, "--group", GROUP)
    return Terminal(server.command(CEPING, "--database", str(office), "enter", "1", *stack))


def wait_until_gone(office: Path) -> None:
    """Sleep until nobody holds the writer's lock: the program over there has ended."""
    with office.with_name(office.name + ".lock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)


@pytest.mark.timeout(90)
def test_a_lost_line_keeps_the_ballots_and_the_draft(server: Server, office: Path) -> None:
    whole, half = "1" * SIZE, "2" * (SIZE // 2)
    with enter_over(server, office) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.write(f"{whole}\r")
        terminal.wait_for("第 1 票已存")
        terminal.write(half)
        terminal.wait_for(lambda text: len(re.findall("(?<!不|本)称职 ", text)) >= len(half))
        terminal.kill()
    wait_until_gone(office)
    assert lines_in(office) == [whole]
    assert draft_in(office) == half
    with enter_over(server, office) as terminal:
        terminal.wait_for("上次录到一半的票已找回")
        terminal.write("2" * (SIZE - len(half)) + "\r")
        terminal.wait_for("第 2 票已存")
    wait_until_gone(office)
    assert lines_in(office) == [whole, "2" * SIZE]
    assert examination.differences(office) == []


@pytest.mark.timeout(120)
def test_a_stalled_terminal_then_a_hangup(server: Server, office: Path) -> None:
    """The client shows nothing more while keys go on arriving; then the line is gone."""
    papers = [f"{n % 3 + 1}{n // 3 % 3 + 1}" + "1" * (SIZE - 2) for n in range(1500)]
    let_in(office, len(papers))
    with enter_over(server, office) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.write(f"{papers[0]}\r")
        terminal.wait_for("第 1 票已存")
        type_unread(terminal, "".join(f"{line}\r" for line in papers[1:]).encode())
        deadline = time.monotonic() + PATIENCE
        while len(lines_in(office)) < 100:
            assert time.monotonic() < deadline, "keys that nobody watches are not taken"
            time.sleep(0.05)
        terminal.process.kill()
        told = 1
        try:
            while terminal.read():
                for number in _STORED.findall(terminal.text):
                    told = max(told, int(number))
        except ClosedError:
            pass
    wait_until_gone(office)
    stored = lines_in(office)
    assert len(stored) >= max(told, 100)
    assert stored == papers[: len(stored)]
    half = draft_in(office)
    assert half == (papers[len(stored)][: len(half)] if half else "")
    assert examination.differences(office) == []


def type_unread(terminal: Terminal, keys: bytes) -> None:
    """Send keys and read nothing, until they are sent or the line takes no more."""
    line = terminal._master
    while keys and select.select([], [line], [], 2)[1]:
        keys = keys[os.write(line, keys[:1024]) :]
