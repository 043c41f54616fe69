"""A full disk, a folder that cannot be written, a file in use: told in Chinese, nothing lost."""

import ctypes
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from models.database.store import open_store
from models.recount import examination
from models.refusal import RefusedError
from tests.disks import small_disk_in
from tests.offices import lines_of
from tests.terminal.driver import CEPING, Terminal, ceping, enter
from tests.terminal.stored import GROUP, LEVEL, SIZE, UNIT, draft_in, let_in, lines_in
from tui.commands.demo import SAMPLE_OFFICE

STACK = (UNIT, LEVEL, GROUP)
LINES = lines_of(*STACK)


def as_an_ordinary_user() -> None:
    """Give up the superuser's right to write whatever the permissions say (in the child)."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def run(office: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CEPING, "--database", str(office), *arguments],
        capture_output=True,
        text=True,
        preexec_fn=as_an_ordinary_user,
    )


@pytest.fixture
def small_disk(tmp_path: Path, sample_office: Path) -> Iterator[Path]:
    """The sample office on a disk of its own with little room left."""
    with small_disk_in(tmp_path, "2m") as folder:
        yield Path(shutil.copy(sample_office, folder / "ceping.db"))


def fill_up(folder: Path) -> Path:
    """Take all the room there is; the file to delete for room."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return ballast


def test_who_found_no_room_for_the_lock_may_write_once_there_is(small_disk: Path) -> None:
    ballast = fill_up(small_disk.parent)
    with pytest.raises(RefusedError, match="不能写"):
        open_store(small_disk)
    ballast.unlink()
    store = open_store(small_disk)
    assert not store.read_only, store.holder
    store.close()


def key_until_refused(terminal: Terminal, papers: list[str], first: int = 0) -> int:
    """Type ballots one by one until one is refused; how many are acknowledged."""
    for number, line in enumerate(papers[first:], first + 1):
        terminal.write(f"{line}\r")
        text = terminal.wait_for(
            lambda text, n=number: f"第 {n} 票已存" in text or "已存的票都在" in text
        )
        if f"第 {number} 票已存" not in text:
            return number - 1
    pytest.fail("nothing was ever refused: the test tested nothing")


def test_a_full_disk_keeps_the_ballot_on_the_screen(small_disk: Path) -> None:
    papers = [f"{n % 4 + 1}" * SIZE for n in range(2000)]
    let_in(small_disk, len(papers))
    with enter(small_disk, *STACK) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.write(f"{papers[0]}\r")
        terminal.wait_for("第 1 票已存")
        ballast = fill_up(small_disk.parent)
        done = key_until_refused(terminal, papers, 1)
        assert f"磁盘已满，没有存上：{small_disk}" in terminal.text.replace("\n ", "")
        assert lines_in(small_disk) == papers[:done]
        ballast.unlink()
        terminal.write("\r")
        terminal.wait_for(f"第 {done + 1} 票已存")
    assert lines_in(small_disk) == papers[: done + 1]
    assert examination.differences(small_disk) == []


def test_a_file_that_may_grow_no_more(office: Path) -> None:
    """The same by a limit on the size of files, which needs no right to mount."""
    papers = [f"{n % 4 + 1}" * SIZE for n in range(2000)]
    let_in(office, len(papers))
    limit = office.stat().st_size + 200_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    with enter(office, *STACK, prepare=limited) as terminal:
        terminal.wait_for("Enter 存票")
        done = key_until_refused(terminal, papers)
        assert terminal.process.poll() is None
        terminal.kill()
    assert lines_in(office) == papers[:done]
    assert examination.differences(office) == []
    with enter(office, *STACK) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.write(f"{papers[done].removeprefix(draft_in(office))}\r")
        terminal.wait_for(f"第 {done + 1} 票已存")


def test_a_folder_that_cannot_be_written(office: Path) -> None:
    before = office.read_bytes()
    office.parent.chmod(0o500)
    try:
        done = run(office, "import", str(SAMPLE_OFFICE / "roster.xlsx"))
        if done.returncode == 1 and "不能写" not in done.stderr and os.geteuid() == 0:
            pytest.skip("the superuser's rights cannot be given up here")
        assert done.returncode == 1
        assert f"数据库所在文件夹不能写：{office.parent}" in done.stderr
        with ceping(office, prepare=as_an_ordinary_user) as terminal:
            terminal.wait_for("数据库所在文件夹不能写")
            assert terminal.wait_end() == 1
    finally:
        office.parent.chmod(0o700)
    assert office.read_bytes() == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(tmp_path / "file" / "ceping.db", "rounds")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    done = run(tmp_path / "file" / "ceping.db", "import", str(SAMPLE_OFFICE / "roster.xlsx"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stderr


def test_a_second_start_names_the_first_and_only_reads(office: Path) -> None:
    with enter(office, *STACK) as first:
        first.wait_for("Enter 存票")
        done = run(office, "import", str(SAMPLE_OFFICE / "roster.xlsx"))
        assert done.returncode == 1
        assert f"进程 {first.process.pid}" in done.stderr
        with enter(office, *STACK) as second:
            assert second.wait_end() == 1
            assert f"进程 {first.process.pid}" in second.output.decode()
        with ceping(office) as reader:
            reader.wait_for(f"进程 {first.process.pid}")
            reader.write("\r")
            reader.wait_for("F2 登记票数")
            reader.write("\r")
            reader.wait_for("只读：数据库由")
        first.write(f"{LINES[0]}\r")
        first.wait_for("第 1 票已存")
    assert lines_in(office) == LINES[:1]


def test_taking_over_ends_the_program_left_behind(office: Path) -> None:
    with enter(office, *STACK) as first:
        first.wait_for("Enter 存票")
        first.write(LINES[0][:4] + "\x1b[D")
        first.wait_for("第4项")
        with ceping(office) as second:
            second.wait_for("F9 接管")
            second.write("\x1b[20~")
            second.wait_for("接管数据库？")
            second.write("\x1bOQ")
            second.wait_for(lambda text: "只读" not in text and "接管" not in text)
            assert first.wait_end() == 0
    assert draft_in(office) == LINES[0][:4]


def test_a_locked_database_refuses_and_keeps_the_ballot(office: Path) -> None:
    """Another program (a backup, a curious administrator) holds the file for a moment."""
    with enter(office, *STACK) as terminal:
        terminal.wait_for("Enter 存票")
        terminal.write(LINES[0])
        with closing(sqlite3.connect(office, isolation_level=None)) as other:
            terminal.write("\x1b[D\x1b[C")
            terminal.wait_for("总体评价")
            other.execute("BEGIN IMMEDIATE")
            terminal.write("\r")
            terminal.wait_for("数据库正被另一程序占用")
            terminal.wait_for(lambda text: str(office) in text.replace("\n ", ""))
            other.execute("ROLLBACK")
        assert lines_in(office) == []
        terminal.write("\r")
        terminal.wait_for("第 1 票已存")
    assert lines_in(office) == LINES[:1]
    assert examination.differences(office) == []


def test_a_damaged_database_is_refused_and_left_alone(office: Path) -> None:
    body = bytearray(office.read_bytes())
    body[100:8192] = b"\x5a" * 8092
    office.write_bytes(body)
    for arguments in (["rounds"], ["tally", "1"]):
        done = run(office, *arguments)
        assert done.returncode == 1
        assert "数据库" in done.stderr
        assert "Traceback" not in done.stderr
    with ceping(office) as terminal:
        terminal.wait_for("数据库")
        assert terminal.wait_end() == 1
    assert office.read_bytes() == bytes(body)
