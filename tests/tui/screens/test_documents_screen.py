"""文书: choosing, writing with progress, stopping, and files that somebody changed."""

from __future__ import annotations

import asyncio
import getpass
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from exports.documents.kinds import KINDS
from exports.writing import preparation
from exports.writing.job import Job
from exports.writing.preview import text_of
from models.database.store import Store
from models.results import register
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.disks import small_disk_in
from tests.exports.small import key_all, make_round, seal_all
from tests.tui.driving import Driver, drive
from tui.screens.documents.carried import CarriedScreen, copy_lines
from tui.screens.documents.changed_files import ChangedFiles
from tui.screens.documents.each_document import EachDocument, ReadDocument
from tui.screens.documents.writing import DocumentsScreen, RegisterScreen
from tui.widgets.frame import Help


@pytest.fixture
def info(store: Store, settings: Settings) -> RoundInfo:
    made = make_round(settings)
    key_all(made)
    return made


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the screen writes to if nobody says: 文书 under the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "文书"


async def shown(driver: Driver, info: RoundInfo) -> None:
    await driver.app.push_screen(DocumentsScreen(info.id, None))
    await driver.settle()
    # Nothing is chosen at first.
    assert {row[0] for row in driver.rows()} == {"[ ]"}
    await driver.burst("*")


async def until_said(driver: Driver, *words: str) -> None:
    """Wait for the message line, or for a question over it."""
    for _ in range(600):
        await driver.settle()
        if isinstance(driver.app.screen, ChangedFiles):
            return
        if any(word in driver.message for word in words):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(driver.message)


async def written(driver: Driver) -> None:
    await driver.burst("<f2>")
    await until_said(driver, "写出 ", "没有写", "停止")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def a_letter(folder: Path) -> Path:
    return min(path for path in folder.rglob("*.docx") if "反馈书" in path.parent.name)


def test_writes_registers_and_writes_nothing_twice(
    store: Store, settings: Settings, info: RoundInfo, folder: Path
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        assert [row[1] for row in driver.rows()] == [kind.name for kind in KINDS.values()]
        assert {row[0] for row in driver.rows()} == {"[x]"}
        await written(driver)
        before = contents(folder)
        assert f"写出 {len(before)} 份，在" in driver.message
        assert {document.path for document in register.documents(info.id)} == {
            str(path) for path in before
        }
        assert driver.rows()[list(KINDS).index("feedback")][2] == "3 份"
        await written(driver)
        assert driver.message.startswith(f"写出 0 份，原已写好 {len(before)} 份")
        assert contents(folder) == before
        await driver.burst("<f6>")
        driver.on(RegisterScreen)
        assert len(driver.rows()) == len(before)

    drive(store, settings, script)


@pytest.mark.parametrize("key", ["f2", "f3", "f4", "escape"])
def test_asks_once_about_a_changed_file(
    store: Store, settings: Settings, info: RoundInfo, folder: Path, key: str
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await written(driver)
        changed = a_letter(folder)
        changed.write_bytes(b"edited in Word")
        seal_all(info)
        before = contents(folder)
        await written(driver)
        driver.on(ChangedFiles)
        assert "这 1 个文件写出后有人改过" in driver.text()
        assert f"反馈书/{changed.name[:14]}" in driver.text()
        # Nothing is written before the answer.
        assert contents(folder) == before
        await driver.burst(f"<{key}>")
        await until_said(driver, "写出 ", "没有写")
        after = contents(folder)
        beside = changed.with_name(f"{changed.stem}_新版.docx")
        assert (after[changed] == b"edited in Word") == (key != "f4")
        assert beside.exists() == (key == "f3")
        assert (after == before) == (key == "escape")
        assert driver.message == "没有写。" or f"在 {folder}"[:20] in driver.message
        wanted = {"f2": "保留 1 份", "f3": "另存 1 份", "f4": "写出", "escape": "没有写"}[key]
        assert wanted in driver.message
        if key == "f3":
            # The next time the file beside is ours: it takes no third name.
            await written(driver)
            await driver.burst("<f3>")
            await until_said(driver, "另存 1 份")
            assert contents(folder) == after

    drive(store, settings, script)


def test_a_held_key_loses_nothing(
    store: Store, settings: Settings, info: RoundInfo, folder: Path
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await written(driver)
        changed = a_letter(folder)
        changed.write_bytes(b"edited in Word")
        await driver.burst(*["<f2>"] * 3)
        await until_said(driver, "写出 ")
        await driver.burst(*["<f2>"] * 3)
        await until_said(driver, "写出 ")
        assert changed.read_bytes() == b"edited in Word"

    drive(store, settings, script)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes a moment for each document."""
    quick = Job.written

    def write(self: Job, *arguments: object) -> object:
        time.sleep(0.4)
        return quick(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Job, "written", write)


@pytest.mark.usefixtures("slow")
def test_escape_stops_and_f2_goes_on(
    store: Store, settings: Settings, info: RoundInfo, folder: Path
) -> None:
    total = len(preparation.prepare(settings, info))

    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("<f2>")
        await until_said(driver, "还要约")
        assert f"/{total}  还要约" in driver.message
        assert "Esc 停止" in driver.line("hints")
        await driver.burst("<escape>")
        await until_said(driver, "停止")
        driver.on(DocumentsScreen)
        done = contents(folder)
        assert 0 < len(done) < total
        assert f"已写好的 {len(done)} 份留下，还有 {total - len(done)} 份" in driver.message
        assert len(register.documents(info.id)) == len(done)
        await written(driver)
        assert f"写出 {total - len(done)} 份，原已写好 {len(done)} 份" in driver.message
        assert len(contents(folder)) == len(register.documents(info.id)) == total

    drive(store, settings, script)


def test_a_full_disk_says_which_file_and_goes_on_when_there_is_room(
    store: Store, settings: Settings, info: RoundInfo, tmp_path: Path
) -> None:
    with small_disk_in(tmp_path, "1m") as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(1_000_000))

        async def script(driver: Driver) -> None:
            await shown(driver, info)
            driver.on(DocumentsScreen)._folder = disk / "文书"
            await driver.burst("<f2>")
            await until_said(driver, "磁盘已满")
            assert f"没有写成 {disk}" in driver.message
            done = contents(disk / "文书")
            assert len(register.documents(info.id)) == len(done)
            assert not [path for path in done if path.name.startswith(".")]
            ballast.unlink()
            await written(driver)
            assert f"原已写好 {len(done)} 份" in driver.message or not done

        drive(store, settings, script)


def test_a_folder_that_is_a_file(
    store: Store, settings: Settings, info: RoundInfo, folder: Path
) -> None:
    folder.write_text("x")

    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("<f2>")
        await until_said(driver, "没有写成")
        assert str(folder) in driver.message
        assert "同名" in driver.message

    drive(store, settings, script)


def test_a_template_that_is_none(
    store: Store, settings: Settings, info: RoundInfo, folder: Path, tmp_path: Path
) -> None:
    """Its documents are named with what is wrong; all others are written, nobody's file touched."""
    (tmp_path / "模板").mkdir()
    (tmp_path / "模板" / "反馈书.docx").write_bytes(b"no zip")
    own = replace(settings, documents=replace(settings.documents, templates=tmp_path / "模板"))
    (job, *more) = preparation.prepare(settings, info, None, ["feedback"])
    job.write(folder)
    job.path_in(folder).write_bytes(b"edited in Word")

    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("<f2>")
        await until_said(driver, "没有写成")
        driver.on(DocumentsScreen)
        assert f"没有写成 {1 + len(more)} 份：{job.relative_path.name}" in driver.message
        assert job.path_in(folder).read_bytes() == b"edited in Word"
        assert not [each for each in more if each.path_in(folder).exists()]
        others = [each for each in preparation.prepare(settings, info) if each.kind != "feedback"]
        assert all(each.path_in(folder).exists() for each in others)

    drive(store, own, script)


@pytest.mark.parametrize("key", ["<space>", "<enter>"])
def test_what_a_burst_chooses(
    store: Store, settings: Settings, info: RoundInfo, folder: Path, key: str
) -> None:
    """A key that chooses belongs to the row it was pressed on, however fast the next one comes."""

    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("*")
        assert {row[0] for row in driver.rows()} == {"[ ]"}
        await driver.burst(key, "<down>", "<down>", key, "<down>")
        marks = [row[0] for row in driver.rows()]
        assert [n for n, mark in enumerate(marks) if mark == "[x]"] == [0, 2]
        for _ in KINDS:
            await driver.burst("<up>")
        await driver.burst(*[key, "<down>", "<down>", key, "<up>"])
        assert {row[0] for row in driver.rows()} == {"[ ]"}
        await driver.burst("<f2>")
        assert "还没有选中文书" in driver.message
        assert not folder.exists()

    drive(store, settings, script)


def on_disk(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_one_by_one_by_unit_and_person_with_a_look_before(
    store: Store, settings: Settings, info: RoundInfo, folder: Path
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await driver.burst("*", *["<down>"] * list(KINDS).index("feedback"), "<f8>")
        driver.on(EachDocument)
        rows = driver.rows()
        assert {row[1] for row in rows} == {"反馈书"}
        assert {row[0] for row in rows} == {"[ ]"}
        await driver.burst("<f2>")
        assert "还没有选中" in driver.message
        await driver.burst("<enter>")
        driver.on(ReadDocument)
        assert f"{rows[0][3]}同志：" in driver.text()
        assert not folder.exists()
        await driver.burst("<escape>", "<down>", "<space>")
        assert driver.message == f"选中 1 / {len(rows)} 份"
        await driver.burst("<f2>")
        await until_said(driver, "写出 1 份")
        assert on_disk(folder) == {rows[1][4]}
        await driver.burst("<f8>", "<f7>")
        assert driver.message == f"选中 {len(rows)} / {len(rows)} 份"
        await driver.burst("*")
        assert driver.message == f"选中 0 / {len(rows)} 份"

    drive(store, settings, script)


def test_the_text_of_every_document_can_be_read(store: Store, settings: Settings) -> None:
    made = make_round(settings)
    key_all(made)
    seal_all(made)
    for job in preparation.prepare(settings, made):
        content = job.made()
        assert isinstance(content, bytes)
        text = text_of(content, job.relative_path)
        assert text.strip(), job.relative_path
        if job.relative_path.suffix == ".docx" and job.kind == "summary":
            assert "优秀" in text


def test_what_was_written_is_taken_away(
    store: Store, settings: Settings, info: RoundInfo, folder: Path
) -> None:
    async def script(driver: Driver) -> None:
        await shown(driver, info)
        await written(driver)
        before = contents(folder)
        await driver.burst("<f9>")
        driver.on(CarriedScreen)
        listed = {row[0] for row in driver.rows()}
        assert listed == {str(path.relative_to(folder)) for path in before}
        assert f"scp -r '{getpass.getuser()}@" in driver.text()
        await driver.burst("<end>")
        last = driver.rows()[-1][0]
        assert driver.message == f"共 {len(listed)} 个文件\n{last}", "the whole name is told"
        await driver.burst("<f2>")
        assert f"已打包 {len(before)} 个文件" in driver.message
        (packed,) = folder.glob("*.zip")
        with zipfile.ZipFile(packed) as found:
            assert {folder / name: found.read(name) for name in found.namelist()} == before
        # Again: the archive is the program's own, and is no document.
        await driver.burst("<f2>")
        assert f"已打包 {len(before)} 个文件" in driver.message
        await driver.burst("<escape>", "<f6>", "<enter>")
        driver.on(Help)
        row = register.documents(info.id)[0]
        shown_text = driver.text().replace("\n", "").replace(" ", "")
        assert row.sha256[:20] in shown_text
        assert Path(row.path).name.replace(" ", "")[:12] in shown_text

    drive(store, settings, script, size=(200, 40))


def test_the_line_that_fetches_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "文 书"
    monkeypatch.setenv("PATH", str(tmp_path))
    (line,) = copy_lines(
        folder, [folder / "a.docx"], {"SSH_CONNECTION": "10.0.0.9 5 10.0.0.1 2222"}
    )
    assert line.endswith(f"scp -r -P 2222 '{getpass.getuser()}@10.0.0.1:{folder}' .")
    sz = tmp_path / "sz"
    sz.write_text("")
    sz.chmod(0o700)
    lines = copy_lines(folder, [folder / "a b.docx"], {})
    assert lines[1].endswith(f"sz '{folder / 'a b.docx'}'")
