"""The one file that installs the program where there is no network, tried without one."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What a network namespace of its own has: no device but a loopback that is down.
WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")
BARE = ("env", "-i", "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file, made once. Skips where its wheels cannot be had, or no network be taken away."""
    tried = subprocess.run([*WITHOUT_NETWORK, "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("no network namespace can be made here")
    folder, bare = tmp_path_factory.mktemp("bundle"), shutil.which("python3", path="/usr/bin")
    if bare is None:
        pytest.skip("no interpreter of the system's own")
    made = subprocess.run(
        ["bash", ROOT / ".ci" / "offline" / "make.sh", folder],
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "PYTHON": bare},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"the wheels cannot be fetched: {made.stderr[-200:]}")
    return Path(made.stdout.split()[-1])


def bare_run(home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of this machine's settings, and without a network."""
    return subprocess.run(
        [*WITHOUT_NETWORK, *BARE, f"HOME={home}", *command],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(600)
def test_it_installs_and_runs_without_a_network(bundle: Path, tmp_path: Path) -> None:
    devices = bare_run(tmp_path, "cat", "/proc/net/dev").stdout.split("\n")[2:]
    assert [line.split(":")[0].strip() for line in devices if line] == ["lo"]

    done = bare_run(tmp_path, "sh", bundle)
    assert done.returncode == 0, done.stderr
    assert "已装好 ceping 0.1.0" in done.stdout
    ceping = tmp_path / ".local" / "bin" / "ceping"
    made = bare_run(tmp_path, ceping, "demo", "--no-open", "--directory", tmp_path / "demo")
    assert "示例机关已建好" in made.stdout, made.stderr
    database = ("--database", tmp_path / "demo" / "ceping.db")
    written = bare_run(tmp_path, ceping, *database, "export", "1", "--output", tmp_path / "out")
    assert "份文书" in written.stdout, written.stderr
    assert list((tmp_path / "out").rglob("*.docx"))


@pytest.mark.timeout(600)
def test_half_a_file_and_another_python_are_refused(bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    half = tmp_path / "half.sh"
    half.write_bytes(whole[: len(whole) // 2])
    done = bare_run(tmp_path, "sh", half)
    assert (done.returncode, done.stderr) == (
        1,
        "没有安装：安装文件不完整，请重新复制一份。\n",
    )
    other = tmp_path / "other.sh"
    other.write_bytes(whole.replace(b"\nminor=3.", b"\nminor=2.", 1))
    done = bare_run(tmp_path, "sh", other)
    assert done.returncode == 1
    assert done.stderr.startswith("没有安装：要 Python 2.")
    assert not list(tmp_path.rglob("bin/ceping"))
