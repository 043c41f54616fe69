"""Start, keys, bytes, idle and memory, measured in a pty beside bare Textual programs."""

from __future__ import annotations

import random
import shutil
import sys
import time
from pathlib import Path

from tests.benchmarks.figure import Figure, percentile
from tests.terminal.driver import CEPING, Terminal
from tests.terminal.stored import GROUP, LEVEL, SIZE, UNIT, let_in

_BARE = str(Path(__file__).with_name("bare.py"))
# A frame is over when nothing more comes for this long.
_QUIET = 0.02


def _until(terminal: Terminal, text: str) -> None:
    """Read until a text has been drawn."""
    while text.encode() not in terminal.output[-20000:]:
        if not terminal.read():
            raise TimeoutError(f"never drawn: {text}")


def _start(*command: str, until: str) -> Terminal:
    terminal = Terminal(command, watched=False)
    _until(terminal, until)
    return terminal


def _bare(name: str) -> Terminal:
    return _start(sys.executable, _BARE, name, until="ready")


def _home(database: Path) -> Terminal:
    return _start(CEPING, "--database", str(database), until="退出")


def _pad(database: Path) -> Terminal:
    stack = ("--unit", UNIT, "--level", LEVEL, "--group", GROUP)
    return _start(CEPING, "--database", str(database), "enter", "1", *stack, until="存票")


def starts(database: Path, times: int = 15) -> list[Figure]:
    """Start to first paint, in turns."""
    bare, ours = [], []
    for _ in range(times + 1):
        for found, begin in ((bare, lambda: _bare("hello")), (ours, lambda: _home(database))):
            before = time.perf_counter()
            with begin():
                found.append(1000 * (time.perf_counter() - before))
    # The first of each filled the caches.
    one, other = percentile(ours[1:], 0.5), percentile(bare[1:], 0.5)
    ratio = one / other
    return [
        Figure("start to first paint, p50", one, "ms", "", bare=other),
        Figure("  as a ratio", ratio, "x bare", "<= 1.4", ratio <= 1.4),
    ]


def _strike(terminal: Terminal, key: str, shows: str) -> tuple[float, int]:
    """Send a key; milliseconds until what it shows is drawn, and all bytes that it costs."""
    wanted, data = shows.encode(), bytearray()
    before = time.perf_counter()
    terminal.write(key)
    while wanted not in data:
        data += terminal.read()
    painted = time.perf_counter() - before
    return 1000 * painted, len(data) + terminal.drain(_QUIET)


def keys(database: Path, ballots: int = 40) -> list[Figure]:
    """One key after another, each awaited; the bare pad's and ours in turns."""
    let_in(database, ballots)
    labels = {"1": "优秀", "2": "称职", "3": "基称", "4": "不称"}
    chosen = random.Random(1)  # noqa: S311 - test data
    bare, marks, enters, whole = [], [], [], []
    with _bare("pad") as other, _pad(database) as terminal:
        other.drain(0.3)
        terminal.drain(0.3)
        for number in range(1, ballots + 1):
            ballot = []
            for _ in range(SIZE):
                key = chosen.choice("1234")
                bare.append(_strike(other, key, key))
                ballot.append(_strike(terminal, key, labels[key]))
            enters.append(_strike(terminal, "\r", f"第 {number} 票已存"))
            marks += ballot
            whole.append(sum(size for _, size in ballot) + enters[-1][1])
    p50, p99 = (percentile([ms for ms, _ in marks], part) for part in (0.5, 0.99))
    bare50, bare99 = (percentile([ms for ms, _ in bare], part) for part in (0.5, 0.99))
    size, bare_size = (sum(size for _, size in of) / len(of) for of in (marks, bare))
    most = max(size for _, size in marks)
    enter50 = percentile([ms for ms, _ in enters], 0.5)
    enter_size = sum(size for _, size in enters) / len(enters)
    return [
        Figure("key to painted, mid-ballot, p50", p50, "ms", "", bare=bare50),
        Figure("  as a ratio", p50 / bare50, "x bare", "<= 1.5", p50 / bare50 <= 1.5),
        Figure("key to painted, mid-ballot, p99", p99, "ms", "< 10", p99 < 10, bare99),
        Figure("bytes a mid-ballot key, mean", size, "bytes", "<= 120", size <= 120, bare_size),
        Figure("bytes a mid-ballot key, most", most, "bytes", ""),
        Figure("Enter to its echo (durable), p50", enter50, "ms", ""),
        Figure("bytes of a finishing Enter", enter_size, "bytes", "<= 2500", enter_size <= 2500),
        Figure("bytes of a whole ballot", sum(whole) / len(whole), "bytes", ""),
    ]


def beside_watch(database: Path, ballots: int = 40) -> list[Figure]:
    """Keys beside a second screen on the same database, and keys without one, in turns."""
    let_in(database, ballots)
    alone = Path(shutil.copy(database, database.with_name("alone.db")))
    labels = {"1": "优秀", "2": "称职", "3": "基称", "4": "不称"}
    chosen = random.Random(3)  # noqa: S311 - test data
    marks: tuple[list[float], list[float]] = ([], [])
    enters: tuple[list[float], list[float]] = ([], [])
    watch = (CEPING, "--database", str(database), "watch", "1", "--unit", UNIT)
    with _start(*watch, until="退出") as second, _pad(database) as with_it, _pad(alone) as without:
        pair = (with_it, without)
        for number in range(1, ballots + 1):
            for place in range(SIZE):
                key = chosen.choice("1234")
                for which in (0, 1) if place % 2 else (1, 0):
                    marks[which].append(_strike(pair[which], key, labels[key])[0])
            for which in (0, 1) if number % 2 else (1, 0):
                enters[which].append(_strike(pair[which], "\r", f"第 {number} 票已存")[0])
                second.drain(0)
    found = []
    for name, (with_watch, bare) in (("key", marks), ("Enter", enters)):
        for part in (0.5, 0.99):
            one, other = percentile(with_watch, part), percentile(bare, part)
            found.append(
                Figure(f"{name} beside watch, p{100 * part:.0f}", one, "ms", "", bare=other)
            )
    return found


def burst(database: Path, total: int = 10_000) -> list[Figure]:
    """Keys written at once, until the last ballot's echo."""
    ballots = total // (SIZE + 1)
    let_in(database, ballots)
    chosen = random.Random(2)  # noqa: S311 - test data
    typed = "".join("".join(chosen.choices("1234", k=SIZE)) + "\r" for _ in range(ballots))
    with _pad(database) as terminal:
        before = time.perf_counter()
        terminal.write(typed)
        _until(terminal, f"第 {ballots} 票已存")
        speed = len(typed) / (time.perf_counter() - before)
    return [Figure(f"{len(typed):,} keys at once", speed, "keys/s", ">= 3000", speed >= 3000)]


def idle(database: Path, seconds: float = 3.0) -> list[Figure]:
    """Bytes a second while nothing happens, on each screen."""
    found = []
    with _home(database) as terminal:
        for name, way, until in (
            ("home", "", ""),
            ("poll", "\x1b[C", "登记票数"),
            ("tally", "\x1bOS", "按类别"),
        ):
            terminal.write(way)
            _until(terminal, until)
            terminal.drain(0.5)
            drawn = len(terminal.read(seconds)) / seconds
            found.append(Figure(f"idle, {name}", drawn, "bytes/s", "0", drawn == 0))
    with _pad(database) as terminal:
        terminal.drain(0.5)
        drawn = len(terminal.read(seconds)) / seconds
    return [*found, Figure("idle, entry", drawn, "bytes/s", "0", drawn == 0)]


def memory(database: Path) -> list[Figure]:
    """The most memory a program ever held."""

    def most(terminal: Terminal) -> float:
        status = Path(f"/proc/{terminal.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.split("\n") if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    with _bare("hello") as terminal:
        terminal.drain(0.3)
        bare = most(terminal)
    let_in(database, 200)
    found = []
    with _home(database) as terminal:
        terminal.drain(0.3)
        found.append(("home", most(terminal)))
    with _pad(database) as terminal:
        terminal.write(("1" * SIZE + "\r") * 200)
        _until(terminal, "第 200 票已存")
        found.append(("entry, 200 ballots keyed", most(terminal)))
    return [
        Figure(f"memory, {name}", mib, "MiB", "<= bare + 25", mib <= bare + 25, bare)
        for name, mib in found
    ]


def all_figures(database: Path, folder: Path) -> list[Figure]:
    """Everything, each on a fresh copy of the database."""
    found = []
    for number, measure in enumerate((starts, keys, beside_watch, burst, idle, memory)):
        own = folder / str(number)
        own.mkdir(mode=0o700)
        found += measure(Path(shutil.copy(database, own / "ceping.db")))
    return found
