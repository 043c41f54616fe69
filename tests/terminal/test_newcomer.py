"""A newcomer's first day by keys alone, from an empty database to a sealed unit and its letters.

No file is edited, and no key is pressed that the screen before it does not name.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from exports.documents.kinds import load_settings
from models.database import journal
from models.database.store import open_store
from models.recount import examination
from models.rounds import polls
from models.rounds.plan import propose
from models.rounds.polls import PollState
from models.settings.office import shipped_file
from tests.terminal.driver import Terminal, ceping
from tui.screens.rounds import round_form

F2, F3, F4, F5, F6, F8, F9 = (
    "\x1bOQ",
    "\x1bOR",
    "\x1bOS",
    "\x1b[15~",
    "\x1b[17~",
    "\x1b[19~",
    "\x1b[20~",
)
DOWN, RIGHT, ESCAPE = "\x1b[B", "\x1b[C", "\x1b"
SHEETS, BALLOTS = 5, 3


class Newcomer:
    """Hands that press what the screen names, and then read."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def press(self, keys: str, seen: str, named: str = "") -> str:
        """Press `keys`, which the screen names as `named`, and read on until `seen`."""
        if named:
            self.terminal.wait_for(named)
        self.terminal.write(keys)
        return self.terminal.wait_for(seen)


def begin(hand: Newcomer) -> None:
    """Who is at the keyboard and what the office is called; a unit with its team."""
    hand.press("李四", "李四", "操作人")
    hand.press(F2, "现在：按 F3", "F2 保存")
    hand.press(F3, "F4 增单位", "F3 人员")
    hand.press(F4, "单位全称", "F4 增单位")
    hand.press(f"甲县工商行政管理局{DOWN}甲县局{F2}", "甲县局")
    for name, title, role in (
        ("王正", "局长", "1"),
        ("李一", "副局长", "2"),
        ("李二", "副局长", "2"),
    ):
        hand.press(F2, "新增人员", "F2 增人")
        hand.press(f"{name}{DOWN}{title}{DOWN}{role}{F2}", "F2 增人")
        hand.terminal.wait_for(name)
    hand.press(ESCAPE, "F2 新建轮次")


def plan(hand: Newcomer) -> None:
    """A round of that unit, opened."""
    hand.press(F2, "F2 新建", "F2 轮次")
    hand.press(F2, "新建轮次 > 一  基本", "F2 新建")
    proposed = propose(load_settings(shipped_file()), [], 2026)
    shown = [field.key for field in round_form.fields(proposed, load_settings(shipped_file()))]
    down = shown.index("groups") - shown[: shown.index("groups")].count("every")
    hand.press(DOWN * down, "要加权就每类写")
    hand.press("全体职工", "全体职工")
    hand.press(F2, "F3 加单位", "F2 保存")
    hand.press(F3, "F2 确定", "F3 加单位")
    hand.press(" ", "甲县")
    hand.press(F2, "齐了按 F9 启动", "F2 确定")
    hand.press(F9, "启动后以下内容固定", "F9 启动")
    hand.press(F2, "登记票数", "F2 确认")


def register(hand: Newcomer) -> None:
    """When it was, who came, how much paper."""
    hand.press(RIGHT, "F2 登记票数", "右 单位")
    hand.press(F3, "测评日期")
    hand.press(f"20261105{DOWN}三楼{DOWN}{BALLOTS}{DOWN}{BALLOTS}{F2}", "2026-11-05  三楼")
    hand.press(F2, "填好第一个票种后按 +", "F2 登记票数")
    hand.press(f"{BALLOTS}\r{BALLOTS}+", "已照本票种填入")
    hand.press(F2, f"还有 {SHEETS * BALLOTS} 张没有录入", "F2 保存")


def key_all(hand: Newcomer) -> None:
    """Every stack once, and once more."""
    hand.press("\r", "Enter 存票", "Enter 录票")
    for sheet in range(SHEETS):
        for ballot in range(1, BALLOTS + 1):
            hand.press("1+\r", f"第 {ballot} 票已存")
        more = sheet + 1 < SHEETS
        hand.press(F2 if more else ESCAPE, "第 1 票" if more else "F8 复核", "F2 录下一批")
    hand.press("\x1b[H", "▸ 领导班子")
    hand.press(F8, "复核 >", "F8 复核")
    for sheet in range(SHEETS):
        for ballot in range(BALLOTS):
            hand.terminal.write("1+\r")
            hand.terminal.wait_for(f"已录 {ballot + 1}/{BALLOTS}")
        more = sheet + 1 < SHEETS
        hand.press(F2 if more else ESCAPE, "已录 0/" if more else "F6 封存", "F2 复核下一批")


def seal(hand: Newcomer) -> None:
    """The balance, the tellers, the seal."""
    hand.press(F6, "可以封存", "F6 封存")
    hand.press(F2, "监票人 1", "F2 封存")
    hand.press(f"监甲{DOWN}{DOWN}计甲{F2}", "先后顺序随即销毁")
    hand.press(F2, "已封存 第 1 版", "F2 确认")


def letters(hand: Newcomer) -> None:
    """All documents."""
    hand.press(F5, "* 全选", "F5 文书")
    hand.press("*", "[x] 测评票", "* 全选")
    hand.press(F2, "份，在", "F2 写出")
    hand.press(F9, "scp -r")


def test_a_first_day_by_keys_alone(tmp_path: Path) -> None:
    database, folder = tmp_path / "ceping.db", tmp_path / "desk"
    folder.mkdir()
    own = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}
    with ceping(database, folder=folder, environment=own) as terminal:
        hand = Newcomer(terminal)
        for step in (begin, plan, register, key_all, seal, letters):
            step(hand)
    written = {path.name for path in folder.rglob("*.docx")}
    for person in ("王正", "李一", "李二"):
        assert [name for name in written if person in name and "登记表" not in name]
    assert examination.differences(database) == []
    with closing(open_store(database, write=False)):
        assert polls.find_by_id(1).state is PollState.SEALED
        # Every record has the name that was asked for at first, and none the account's.
        assert {entry.who for entry in journal.entries(500)} == {"李四"}
