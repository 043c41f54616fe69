"""`ceping seal --text`: the sealed text, for a count by somebody else."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import pytest

from models.database import journal
from models.database.store import Store, writing
from models.database.tables import database
from models.recount.ceping_recount import main as recount
from models.refusal import RefusedError
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.offices import only_poll
from tests.sealing import keyed_round, sealed_round
from tui.command import main

Shown = pytest.CaptureFixture[str]


def run(store: Store, unit: str, file: Path) -> int:
    path = store.path
    store.close()
    return main(["--database", str(path), "seal", "1", "--unit", unit, "--text", str(file)])


def test_the_text_is_written_privately_and_counted(
    store: Store, settings: Settings, tmp_path: Path, capsys: Shown
) -> None:
    info, seal = sealed_round(settings, store)
    file = tmp_path / "封存.txt"
    unit = only_poll(info).unit_name
    assert run(store, unit, file) == 0
    assert "只留在本机关" in capsys.readouterr().out
    assert file.stat().st_mode & 0o777 == 0o600
    assert recount([str(file)]) == 0
    assert f"摘要 {seal.digest}" in capsys.readouterr().out
    assert main(["--database", str(store.path), "seal", "1", "--unit", unit, "--text", str(file)])
    assert "已经存在" in capsys.readouterr().err


def test_before_a_seal_there_is_none(
    store: Store, settings: Settings, tmp_path: Path, capsys: Shown
) -> None:
    unit = only_poll(keyed_round(settings)).unit_name
    assert run(store, unit, tmp_path / "封存.txt") == 1
    assert "还没有封存" in capsys.readouterr().err
    assert not (tmp_path / "封存.txt").exists()


def test_the_journal_says_so(store: Store, settings: Settings, tmp_path: Path) -> None:
    from models.seal import sealing

    info, _ = sealed_round(settings, store)
    sealing.write_text(only_poll(info).id, tmp_path / "封存.txt")
    (entry,) = journal.search(act="写出封存文本")
    assert str(tmp_path / "封存.txt") in entry.detail


def test_half_a_text_is_not_left(store: Store, settings: Settings, tmp_path: Path) -> None:
    from models.seal import sealing

    info, seal = sealed_round(settings, store)
    poll = only_poll(info).id
    with small_disk_in(tmp_path, "64k") as folder:
        ballast = folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(512))
        with pytest.raises(RefusedError, match="没有写成"):
            sealing.write_text(poll, folder / "封存.txt")
        assert not (folder / "封存.txt").exists()
        ballast.unlink()
        sealing.write_text(poll, folder / "封存.txt")
        text = (folder / "封存.txt").read_bytes()
        assert hashlib.sha256(text).hexdigest() == seal.digest


def test_a_text_that_cannot_be_read_is_not_written(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    from models.seal import sealing

    info, _ = sealed_round(settings, store)
    with writing():
        database.execute_sql("UPDATE seal SET canonical = x'00'")
    with pytest.raises(RefusedError, match="读不出来"):
        sealing.write_text(only_poll(info).id, tmp_path / "封存.txt")
    assert not (tmp_path / "封存.txt").exists()
