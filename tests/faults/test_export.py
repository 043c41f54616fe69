"""`ceping export` killed, stopped, out of room or refused a folder: nothing half written, nothing
of anybody's lost, and the next run goes on. `CEPING_KILLS` says how often to kill."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from models.database.store import open_store
from models.database.tables import database
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.exports.small import Team, key_all, make_round, seal_all
from tests.faults.test_disk import as_an_ordinary_user
from tests.terminal.driver import CEPING, Terminal

KILLS = int(os.environ.get("CEPING_KILLS", "40")) // 8
# Names that a file system could take for one another, and such as it cannot hold.
_MEMBERS = ("李一", "李 一", "Ａli", "Ali", "ali", "../李", "con", "张" * 90)
_UNITS = 4


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """Units enough that writing takes a while; some sealed. Copy it."""
    store = open_store(tmp_path_factory.mktemp("province") / "ceping.db")
    with database.atomic():
        teams = [
            Team(f"第{n}县工商行政管理局", f"第{n}县局", members=_MEMBERS)
            for n in range(1, _UNITS + 1)
        ]
        info = make_round(settings, teams=teams, returned=1)
        key_all(info)
        seal_all(info)
    store.close()
    return store.path


@pytest.fixture
def base(province: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(province, tmp_path / "ceping.db"))


@pytest.fixture(scope="module")
def reference(province: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an undisturbed run writes."""
    folder = tmp_path_factory.mktemp("reference")
    copy = Path(shutil.copy(province, folder / "ceping.db"))
    done = run(copy, folder / "out")
    assert done.returncode == 0, done.stderr
    return files(folder / "out")


def command(office: Path, folder: Path, *more: str) -> list[str]:
    return [CEPING, "--database", str(office), "export", "1", "--output", str(folder), *more]


def run(office: Path, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(office, folder, *more), capture_output=True, text=True)


def files(folder: Path) -> dict[str, bytes]:
    """Everything that lies in a folder, by its path there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def count(folder: Path) -> int:
    return sum(path.suffix != ".tmp" for path in folder.rglob("*") if path.is_file())


def registered(office: Path, folder: Path) -> dict[str, str]:
    """The register, by path under the folder."""
    with closing(sqlite3.connect(office)) as file:
        rows = file.execute("SELECT path, sha256 FROM written ORDER BY id").fetchall()
    return {str(Path(path).relative_to(folder)): sha256 for path, sha256 in rows}


def begun(office: Path, folder: Path, many: int) -> subprocess.Popen[str]:
    """A run that has written so many documents, and is writing on."""
    process = subprocess.Popen(
        command(office, folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while count(folder) < many and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.003)
    return process


@pytest.mark.timeout(120 + 20 * KILLS)
def test_killed_again_and_again_it_finishes(
    base: Path, tmp_path: Path, reference: dict[str, bytes]
) -> None:
    seed = int(os.environ.get("CEPING_SEED", "0")) or random.SystemRandom().randrange(10**6)
    chosen = random.Random(seed)  # noqa: S311 - moments, not secrets
    folder = tmp_path / "out"
    killed = 0
    for _ in range(KILLS):
        before = count(folder)
        if before >= len(reference) - 1:
            break
        process = begun(base, folder, chosen.randint(before + 1, before + 1 + len(reference) // 8))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        for name, content in files(folder).items():
            assert name.endswith(".tmp") or content == reference[name], f"seed {seed}: {name}"
    assert killed, f"seed {seed}: never killed while writing"
    standing = count(folder)
    done = run(base, folder)
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    assert f"另有 {standing} 份原已写好" in done.stdout
    assert f"写出 {len(reference) - standing} 份" in done.stdout
    assert files(folder) == reference
    assert registered(base, folder).keys() == reference.keys()
    for path in folder.rglob("*.docx"):
        assert zipfile.is_zipfile(path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_it_registers_says_so_and_goes_on(
    base: Path, tmp_path: Path, reference: dict[str, bytes], number: signal.Signals
) -> None:
    folder = tmp_path / "out"
    process = begun(base, folder, 20)
    process.send_signal(number)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 1, error
    done = files(folder)
    assert len(done) < len(reference)
    assert registered(base, folder).keys() == done.keys()
    assert f"写出 {len(done)} 份文书" in out
    assert "已停止" in error
    assert f"还有 {len(reference) - len(done)} 份没有写" in error
    assert "Traceback" not in error
    again = run(base, folder)
    assert again.returncode == 0, again.stderr
    assert files(folder) == reference


def test_a_changed_file_is_kept_and_named(
    base: Path, tmp_path: Path, reference: dict[str, bytes]
) -> None:
    folder = tmp_path / "out"
    assert run(base, folder).returncode == 0
    first, second, gone = sorted(name for name in reference if name.endswith(".docx"))[:3]
    (folder / first).write_bytes(b"edited in Word")
    (folder / gone).unlink()
    done = run(base, folder)
    assert done.returncode == 1
    assert str(folder / first) in done.stderr
    assert second not in done.stderr
    assert files(folder) == reference | {first: b"edited in Word"}
    done = run(base, folder, "--overwrite")
    assert done.returncode == 0, done.stderr
    assert files(folder) == reference


def test_files_of_another_database_are_anothers(
    base: Path, tmp_path: Path, reference: dict[str, bytes]
) -> None:
    """The register of another database does not know what lies here; equal bytes are ours."""
    folder = tmp_path / "out"
    assert run(base, folder).returncode == 0
    with closing(sqlite3.connect(base)) as file, file:
        file.execute("DELETE FROM written")
    done = run(base, folder)
    assert done.returncode == 0, done.stderr
    assert f"写出 0 份文书，另有 {len(reference)} 份原已写好" in done.stdout
    assert registered(base, folder).keys() == reference.keys()
    with closing(sqlite3.connect(base)) as file, file:
        file.execute("DELETE FROM written")
        file.execute("UPDATE round SET title = title")
        file.execute("UPDATE poll SET place = '别处'")
    done = run(base, folder, "--kind", "summary")
    assert done.returncode == 1
    assert "没有覆盖" in done.stderr
    assert files(folder) == reference


def test_a_full_disk(base: Path, tmp_path: Path, reference: dict[str, bytes]) -> None:
    size = sum(map(len, reference.values()))
    with small_disk_in(tmp_path, f"{size // 2048}k") as disk:
        done = run(base, disk / "out")
        assert done.returncode == 1
        assert "磁盘已满" in done.stderr
        assert f"没有写成 {disk}" in done.stderr
        assert "再运行一次" in done.stderr
        written = files(disk / "out")
        assert 0 < len(written) < len(reference)
        assert all(reference[name] == content for name, content in written.items())
        assert registered(base, disk / "out").keys() == written.keys()
        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        assert run(base, disk / "out").returncode == 0
        assert files(disk / "out") == reference


def test_a_folder_that_cannot_be_written(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir(mode=0o500)
    done = subprocess.run(
        command(base, folder), capture_output=True, text=True, preexec_fn=as_an_ordinary_user
    )
    if done.returncode == 0 and os.geteuid() == 0:
        pytest.skip("the superuser's rights cannot be given up here")
    assert done.returncode == 1
    assert "没有写权限" in done.stderr
    assert str(folder) in done.stderr
    assert files(folder) == {}


def test_progress_on_a_terminal_and_ctrl_c(
    base: Path, tmp_path: Path, reference: dict[str, bytes]
) -> None:
    folder = tmp_path / "out"
    with Terminal(command(base, folder)) as terminal:
        terminal.wait_for("正在汇总")
        terminal.wait_for(f"/{len(reference)}  还要约")
        terminal.write("\x03")
        assert terminal.wait_end() == 1
        shown = terminal.text
    assert "已停止" in shown
    assert "###" not in shown
    assert "正在汇总" not in shown
    assert registered(base, folder).keys() == files(folder).keys()
    with Terminal(command(base, folder)) as terminal:
        assert terminal.wait_end() == 0
        assert "份原已写好" in terminal.text
    assert files(folder) == reference


def test_hostile_names_make_a_file_each(reference: dict[str, bytes]) -> None:
    letters = [name for name in reference if "反馈书/" in name]
    assert len(letters) == _UNITS * (len(_MEMBERS) + 1)
    assert len({name.casefold() for name in reference}) == len(reference)
    assert all(len(part.encode()) <= 200 for name in reference for part in Path(name).parts)
