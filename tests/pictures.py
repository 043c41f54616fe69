"""The pictures of manual and README: each screen as a terminal shows it on a walk through the
sample office. `python -m tests.manual` writes them anew into `docs/pictures/`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exports.documents.kinds import load_settings
from exports.writing.preparation import prepare
from exports.writing.run import ExportRun
from models.database.store import open_store
from models.database.tables import Round
from models.rounds import life, polls
from models.seal import sealing
from models.settings.office import shipped_file
from tests.offices import key_everything, sample_round
from tests.screen_picture import picture
from tests.sealing import TELLERS, TWO, one_more, short_of_half
from tests.terminal.driver import Terminal, ceping
from tui.commands.demo import SAMPLE_OFFICE, make

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
ENTER, ESCAPE, UP, DOWN, RIGHT = "\r", "\x1b", "\x1b[A", "\x1b[B", "\x1b[C"
F1, F2, F3, F4, F5 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
F6, F7, F8 = "\x1b[17~", "\x1b[18~", "\x1b[19~"
F9, F12 = "\x1b[20~", "\x1b[24~"
HOME = "F10 退出"
UNIT = "天水市工商行政管理局"
STACK = ("--level", "班子成员", "--group", "服务对象代表")

Step = tuple[str, str, str]
"""Keys, a text that is then on the screen, and the picture that is taken of it, if one is."""

# In the sample office as it ships: one unit keyed, one half keyed.
_AT_WORK: tuple[Step, ...] = (
    ("", HOME, "HomeScreen"),
    (F1, "键入筛选", "help"),
    (ESCAPE, HOME, ""),
    (RIGHT, "F2 登记票数", "PollScreen"),
    (F2, "填好第一个票种后按 +", "PaperScreen"),
    (ESCAPE, "F8 复核", ""),
    (F3, "测评日期", "FormScreen"),
    (ESCAPE, "F4 得票", ""),
    (F4, "F6 按类别", ""),
    (RIGHT + RIGHT, "[班子成员]", "TallyScreen"),
    (ESCAPE, "F8 复核", ""),
    (ESCAPE, HOME, ""),
    (F3, "F5 导入", "RosterScreen"),
    (F5, "Tab 补全", "FileChooser"),
    (f"roster.xlsx{ENTER}", "不变 448", "RosterImportScreen"),
    (F3, "工作表和列", "ReadingScreen"),
    (ESCAPE, "不变 448", ""),
    (ESCAPE, "F5 导入", ""),
    (ESCAPE, HOME, ""),
    (F6, "档案", ""),
    ("zqd", "张青东", "ArchiveScreen"),
    (ESCAPE, HOME, ""),
    (F5, "F2 写出", "DocumentsScreen"),
    (F6, "还没有写过文书", "RegisterScreen"),
    (ESCAPE, "F2 写出", ""),
    (DOWN * 4 + F8, "选中 0", "EachDocument"),
    (ENTER, "预览 >", "ReadDocument"),
    (ESCAPE, "选中 0", ""),
    (ESCAPE, "F8 逐份", ""),
    (ESCAPE, HOME, ""),
    ("*", "练习用的票样", "PracticeScreen"),
    # Made-up paper is another each time: with one's own the pad is the same.
    (DOWN + DOWN + F2, "【练习 不存】", "PracticePad"),
    (ESCAPE, "练习用的票样", ""),
    (ESCAPE, HOME, ""),
    (F7, "操作日志", "JournalScreen"),
    (ESCAPE, HOME, ""),
    (F8, "还没有备份", ""),
    (F2, "手工", "BackupsScreen"),
)
# All of it keyed; one unit sealed, one opened again.
_AFTER: tuple[Step, ...] = (
    ("", "待办", ""),
    (F12, "已登记等次", ""),
    (DOWN + DOWN, "信任票", "ResultsScreen"),
    (F2, "1000 字", "OpinionScreen"),
    (ESCAPE, "已登记等次", ""),
    (F3, "送达登记", "DeliveryScreen"),
    (ESCAPE, "已登记等次", ""),
    (F6, "廉政档案 >", "CadreRecordScreen"),
    (ESCAPE, "已登记等次", ""),
    (ESCAPE, HOME, ""),
    (RIGHT, "F6 封存", ""),
    (F6, "平衡封存", "SealScreen"),
    (ESCAPE, "F4 得票", ""),
    (ESCAPE, HOME, ""),
    (DOWN + RIGHT, "重新开封", ""),
    (F6, "平衡封存", ""),
    (F4, "更正", "SealedCorrectionScreen"),
    (ESCAPE, "平衡封存", ""),
    (ESCAPE, "F4 得票", ""),
    (ESCAPE, HOME, ""),
)
# The office as it ships, with a second round in preparation.
_PREPARING: tuple[Step, ...] = (
    ("", HOME, ""),
    (F2, "F3 从文件建", "RoundsScreen"),
    (ENTER, "F3 加单位", "DraftScreen"),
    (F3, "还没有选", "UnitPicker"),
    (ESCAPE, "F3 加单位", ""),
    (ENTER, "按名册重列", "SubjectsScreen"),
    (DOWN + DOWN + F3, "Esc 取消", "CadrePicker"),
)
# A unit that was sealed again after its documents were written.
_LAPSED: tuple[Step, ...] = (
    ("", HOME, ""),
    (F5, "3 份已失效", ""),
    (F9, "scp -r", "CarriedScreen"),
    (ESCAPE, "3 份已失效", ""),
    (F7, "Delete 移出", "LapsedScreen"),
)
_KEYING: tuple[Step, ...] = (("", "请对照纸票接着录", "FirstPad"),)
_AGAIN: tuple[Step, ...] = (("", "复核", ""), ("11121", "复核", "SecondPad"))
_WATCHED: tuple[Step, ...] = (("", "张青东", "WatchedUnit"),)
_ALL_WATCHED: tuple[Step, ...] = (("", "天水市局", "WatchedRound"),)


def pictures() -> dict[str, str]:
    """All pictures, by the names of the screens' classes."""
    # A name as long on every machine: a path may be broken into lines.
    with TemporaryDirectory(dir="/tmp") as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "limin")
        patch.setenv("HOME", name)
        patch.setenv("SSH_CONNECTION", "10.0.0.2 50000 10.0.0.1 22")
        patch.setenv("PATH", name)  # without `sz`, wherever the pictures are taken
        patch.delenv("XDG_STATE_HOME", raising=False)
        folder = Path(name)
        settings = load_settings(shipped_file())
        office = make(folder / "one", settings)
        shutil.copy(SAMPLE_OFFICE / "roster.xlsx", office.parent)
        after = _after(folder / "two")
        enter = ("enter", "1", "--unit", UNIT, *STACK)
        again = ("enter", "1", "--unit", "白银市局", *STACK, "--verify")
        watch = ("watch", "1")
        found = dict(
            [
                *_walk(office, _AT_WORK),
                *_walk(office, _KEYING, *enter),
                *_walk(office, _AGAIN, *again),
                *_walk(office, _ALL_WATCHED, *watch),
                *_walk(office, _WATCHED, *watch, "--unit", UNIT),
                *_walk(after, _AFTER),
                *_walk(_written_before(folder / "three"), _LAPSED),
            ]
        )
        _prepare_another(office)
        return found | dict(_walk(office, _PREPARING))


def _after(folder: Path) -> Path:
    """The sample office when everything is keyed."""
    settings = load_settings(shipped_file())
    folder.mkdir()
    store = open_store(folder / "ceping.db")
    try:
        round_id = sample_round(settings, store)
        key_everything(round_id)
        Round.update(verification="none").execute()
        first, second, _ = polls.polls(round_id)
        for poll in (first, second):
            sealing.seal(poll.id, TELLERS, store)
        sealing.reopen(second.id, "录错一张", TWO)
    finally:
        store.close()
    return store.path


def _written_before(folder: Path) -> Path:
    """A small office whose one unit was corrected after its documents were written."""
    settings = load_settings(shipped_file())
    folder.mkdir()
    store = open_store(folder / "ceping.db")
    try:
        info = short_of_half(settings, store)
        kinds = ("feedback", "accountability")
        run = ExportRun.begin(prepare(settings, info, kinds=kinds), folder / "文书")
        for batch in run.write():
            run.enter(batch)
        one_more(info, store)
    finally:
        store.close()
    return store.path


def _prepare_another(office: Path) -> None:
    """A second round in preparation, in the sample office."""
    store = open_store(office)
    try:
        (info,) = life.rounds()
        another = replace(info.plan, title="2026年度不定期测评", kind="不定期")
        polls.add_polls(life.create(another), [poll.unit_id for poll in polls.polls(info.id)])
    finally:
        store.close()


def _walk(database: Path, steps: Sequence[Step], *arguments: str) -> Iterator[tuple[str, str]]:
    """The pictures of one walk."""
    with ceping(database, *arguments, folder=database.parent) as terminal:
        for keys, seen, name in steps:
            terminal.write(keys)
            terminal.wait_for(seen)
            _rest(terminal)
            if name:
                yield name, picture(terminal.screen)


def _rest(terminal: Terminal) -> None:
    """Wait until what the keys began is drawn."""
    terminal.drain(0.3)


def write() -> None:
    """Write all pictures, and take away those of screens that there are no more."""
    FOLDER.mkdir(exist_ok=True)
    drawn = pictures()
    for file in FOLDER.glob("*.svg"):
        if file.stem not in drawn:
            file.unlink()
    for name, text in drawn.items():
        (FOLDER / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
