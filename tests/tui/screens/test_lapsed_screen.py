"""失效文书: named on the screens of documents and seals and by the commands, and taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports.writing.preparation import prepare
from exports.writing.run import ExportRun
from models.database import journal
from models.database.store import Store
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.offices import only_poll
from tests.sealing import one_more, short_of_half
from tests.tui.driving import Driver, drive
from tui.command import main
from tui.screens.documents.lapsed import LapsedScreen
from tui.screens.documents.register import RegisterScreen
from tui.screens.documents.writing import DocumentsScreen
from tui.screens.seal.balance import SealScreen
from tui.widgets.frame import Confirm, Palette


@pytest.fixture
def info(store: Store, settings: Settings, tmp_path: Path) -> RoundInfo:
    """A sealed unit whose documents are written."""
    made = short_of_half(settings, store)
    run = ExportRun.begin(prepare(settings, made), tmp_path / "文书")
    for batch in run.write():
        run.enter(batch)
    return made


def prompts(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*责任追究呈批件/*李一*.docx"))


def test_named_at_the_reopening(info: RoundInfo, store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.app.push_screen(SealScreen(only_poll(info).id))
        await driver.settle()
        await driver.burst("<f9>", "漏点", "<enter>", "赵甲", "<enter>", "钱乙", "<f2>", "<f2>")
        driver.on(LapsedScreen)
        assert ["责任追究呈批件", "李一", "所据的封存已重新开封"] in [r[:3] for r in driver.rows()]
        await driver.burst("<escape>")
        driver.on(SealScreen)

    drive(store, settings, script)


def test_taken_out_only_after_a_question_and_only_what_nobody_changed(
    info: RoundInfo, store: Store, settings: Settings, tmp_path: Path
) -> None:
    one_more(info, store)
    (form,) = prompts(tmp_path)
    letter = min(tmp_path.rglob("*05_反馈书/*李二*.docx"))
    letter.write_bytes(b"somebody's")

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(DocumentsScreen(info.id, None))
        await driver.settle()
        notes = {row[1]: row[3] for row in driver.rows()}
        assert notes["责任追究呈批件"] == "2 份已失效"
        assert "失效" not in notes["测评票"]
        await driver.burst("<f7>", "<delete>", "<escape>")
        driver.on(LapsedScreen)
        assert form.exists()
        assert [row[3] for row in driver.rows() if row[:2] == ["反馈书", "李二"]] == ["有人改过"]
        await driver.burst("<delete>")
        driver.on(Confirm)
        await driver.burst("<f2>")
        driver.on(LapsedScreen)
        assert "已移出" in driver.message
        assert [row[:2] for row in driver.rows()] == [["反馈书", "李二"]]
        await driver.burst("<delete>")
        assert "没有可以移出的文件" in driver.message
        await driver.burst("<escape>", "<f6>")
        driver.on(RegisterScreen)
        shown = {(row[1], row[2]): row[3] for row in reversed(driver.rows())}
        assert shown["责任追究呈批件", "李一"] == "已移出"
        assert shown["反馈书", "李二"] == "已失效"
        assert shown["实施方案", info.title] == ""

    drive(store, settings, script, (120, 40))
    assert not form.exists()
    assert letter.read_bytes() == b"somebody's"
    (moved,) = prompts(tmp_path)
    assert "已失效" in moved.parts
    assert any(each.act == "移出失效文书" for each in journal.entries())


def test_the_commands_name_them_and_take_them_out_if_told(
    info: RoundInfo,
    store: Store,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one_more(info, store)
    store.close()
    (form,) = prompts(tmp_path)
    common = ["--database", str(store.path), "export", str(info.id)]
    common += ["--output", str(tmp_path / "文书")]
    assert main([*common, "--kind", "反馈书"]) == 0
    said = capsys.readouterr().err
    assert f"现在的结果没有这一份：{form}" in said
    assert "05_反馈书" not in said
    assert main([*common, "--take-out"]) == 0
    said = capsys.readouterr().err
    assert f"现在的结果没有这一份：{form}" in said
    assert "失效的文件移出 1 个" in said
    assert not form.exists()
    assert main(common) == 0
    assert "不再是现在的结果" not in capsys.readouterr().err


def test_a_kind_for_nobody_is_refused_and_its_file_of_before_is_named(
    info: RoundInfo,
    store: Store,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one_more(info, store)
    one_more(info, store)
    unit = only_poll(info).unit_name
    store.close()
    common = ["--database", str(store.path), "export", str(info.id), "--unit", unit]
    main([*common, "--output", str(tmp_path / "文书"), "--kind", "accountability"])
    assert str(prompts(tmp_path)[0]) in capsys.readouterr().err


def test_help_and_small_windows(info: RoundInfo, store: Store, settings: Settings) -> None:
    one_more(info, store)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(LapsedScreen(info.id, None))
        await driver.settle()
        await driver.burst("<f1>")
        driver.on(Palette)
        await driver.burst("<escape>", "<down>", "<end>", "<escape>")

    drive(store, settings, script, (40, 10))
