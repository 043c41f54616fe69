"""The same ballots keyed into others, one key at a time: vi, nano, sc, VisiData, a bare loop.

Who keys 24 marks and ends the line has keyed a ballot; what a peer cannot do (refuse a wrong mark,
say which place it stands on, count, keep half a ballot) is not measured here. A peer that is not
installed is left out.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.database import fill, key_more
from tests.benchmarks.figure import percentile
from tests.terminal.driver import CEPING, ClosedError, Terminal
from tests.terminal.stored import batch_of

_UNIT, _LEVEL, _GROUP, _PLACES = "白银市工商行政管理局", "个人廉洁自律", "班子成员", 24
_BALLOTS = 25
_QUIET = 0.05  # seconds without a byte, after which a key has done all it does
_LOOP = """
import sys
with open(sys.argv[1], "a") as file:
    while line := input("> "):
        file.write(line + chr(10))
        file.flush()
"""


@dataclass(frozen=True)
class Peer:
    """A program that ballots can be keyed into."""

    name: str
    """What it is called."""
    command: Callable[[Path, int], list[str]]
    """How it is begun on a file, with so many ballots before."""
    ready: str
    """What it draws once it can be typed into; empty if it only falls silent."""
    after_mark: str = ""
    """What is typed after each mark."""
    after_ballot: str = "\r"
    """What is typed at the end of a ballot."""
    most: int = 1_000_000
    """With more ballots than this before, its start is not waited for."""


def _ceping(path: Path, _: int) -> list[str]:
    stack = ["--unit", _UNIT, "--level", _LEVEL, "--group", _GROUP]
    return [CEPING, "--database", str(path), "enter", "1", *stack]


def _peers() -> Iterator[Peer]:
    """All that are installed here; VisiData may be named by VISIDATA."""
    yield Peer("ceping", _ceping, "存票")
    if vi := shutil.which("vi"):
        yield Peer(
            "vi", lambda path, _: [vi, "-c", "normal Go", "-c", "startinsert", str(path)], ""
        )
    if nano := shutil.which("nano"):
        yield Peer("nano", lambda path, before: [nano, f"+{before + 1}", str(path)], "")
    if sc := shutil.which("sc"):
        # The cursor goes right after each mark, and round to the next row by itself.
        yield Peer("sc", lambda path, _: [sc, str(path)], "(10 2 0)", "\r", "", most=10_000)
    if visidata := os.environ.get("VISIDATA") or shutil.which("vd"):
        # `ea`, then each mark and a tab: it is a table of cells, a row a ballot.
        yield Peer("VisiData", lambda path, _: [visidata, "-f", "csv", str(path)], "", "\t", "\r")
    yield Peer("input() loop", lambda path, _: [sys.executable, "-c", _LOOP, str(path)], "> ")


def _file(peer: Peer, office: Path, folder: Path, before: int) -> Path:
    """What the peer opens: a database, or as many lines of marks."""
    if peer.name == "ceping":
        path = Path(shutil.copy(office, folder / f"{before}.db"))
        fill(path, before)
        key_more(path, batch_of(path, _UNIT, _LEVEL, _GROUP), _BALLOTS)
        return path
    path = folder / f"{before}.csv"
    chosen = random.Random(3)  # noqa: S311 - test data
    comma = "," if peer.after_mark else ""
    if peer.name == "sc":
        return _spreadsheet(path.with_suffix(".sc"), before)
    with path.open("w", encoding="ascii") as lines:
        if comma:
            lines.write(comma.join(f"p{n}" for n in range(_PLACES)) + "\n")
        for _ in range(before):
            lines.write(comma.join(chosen.choices("123", k=_PLACES)) + "\n")
    return path


def _spreadsheet(path: Path, before: int) -> Path:
    """The same lines as sc writes them, with the cursor in the row after the last."""
    chosen = random.Random(3)  # noqa: S311 - test data
    columns = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:_PLACES]
    with path.open("w", encoding="ascii") as lines:
        lines.write(f"set numeric\nset craction = 2\nset autowrap\nset collimit = {_PLACES - 1}\n")
        for row in range(before):
            lines.writelines(f"let {column}{row} = {chosen.choice('123')}\n" for column in columns)
        lines.write(f"goto A{before}\n")
    return path


@contextmanager
def _begun(peer: Peer, path: Path, before: int) -> Iterator[tuple[Terminal, float]]:
    """The program, and after how many milliseconds it stood still."""
    began = time.perf_counter()
    with Terminal(peer.command(path, before), watched=False) as terminal:
        last = began
        while not last > began or peer.ready.encode() not in terminal.output:
            if terminal.read():
                last = time.perf_counter()
        while terminal.read(0.3):
            last = time.perf_counter()
        yield terminal, 1000 * (last - began)


def _strike(terminal: Terminal, keys: str) -> tuple[float, int]:
    """Type, and wait until nothing more comes of it: milliseconds to the last byte, and bytes."""
    before = last = time.perf_counter()
    terminal.write(keys)
    size = 0
    while data := terminal.read(_QUIET):
        last, size = time.perf_counter(), size + len(data)
    return 1000 * (last - before), size


def _cpu(terminal: Terminal) -> float:
    """Milliseconds of processor time that a program has had."""
    stat = Path(f"/proc/{terminal.process.pid}/stat").read_text(encoding="utf-8", errors="replace")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return 1000 * (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _row(peer: Peer, office: Path, folder: Path, before: int) -> list[str]:
    marks, ends, whole = [], [], []
    chosen = random.Random(1)  # noqa: S311 - test data
    path = _file(peer, office, folder, before)
    with _begun(peer, path, before) as (terminal, start):
        cpu = _cpu(terminal)
        if peer.name == "VisiData":
            # A new row after the last, and its first cell opened.
            _strike(terminal, "G")
            _strike(terminal, "a")
        for _ in range(_BALLOTS):
            if peer.name == "VisiData":
                _strike(terminal, "e")
            ballot = [
                _strike(terminal, chosen.choice("123") + peer.after_mark) for _ in range(_PLACES)
            ]
            ends.append(_strike(terminal, peer.after_ballot))
            marks += ballot
            whole.append(sum(size for _, size in ballot) + ends[-1][1])
        cpu = (_cpu(terminal) - cpu) / _BALLOTS
    return [
        peer.name,
        f"{before:,}",
        f"{start:,.0f}",
        f"{percentile([ms for ms, _ in marks], 0.5):.2f}",
        f"{percentile([ms for ms, _ in marks], 0.99):.2f}",
        f"{percentile([size for _, size in marks], 0.5):,.0f}",
        f"{percentile(whole, 0.5):,.0f}",
        f"{percentile([ms for ms, _ in ends], 0.5):.2f}",
        f"{cpu:,.0f}",
    ]


HEADS = (
    "",
    "ballots before",
    "start ms",
    "mark p50 ms",
    "p99 ms",
    "bytes a mark, p50",
    "bytes a ballot, p50",
    "end of a ballot p50 ms",
    "CPU ms a ballot",
)


def table(
    office: Path, folder: Path, before: tuple[int, ...] = (0, 10_000, 1_000_000)
) -> list[list[str]]:
    """A row for each peer and number of ballots before."""
    rows = []
    for peer in _peers():
        for number in before:
            if number > peer.most:
                continue
            try:
                rows.append(_row(peer, office, folder, number))
            except (ClosedError, TimeoutError) as error:
                rows.append([peer.name, f"{number:,}", f"failed: {error}"])
    return rows
