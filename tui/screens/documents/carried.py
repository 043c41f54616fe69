"""取走: the files that were written, and how they come to another machine or onto a stick."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult

from exports.page import package
from exports.writing.carry import archive, standing_files
from exports.writing.file_names import safe_file_name
from models.rounds.plan import RoundInfo
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line


def copy_lines(
    folder: Path, files: Sequence[Path], environment: Mapping[str, str] = os.environ
) -> list[str]:
    """How to fetch the files: a line for the clerk's own machine, and one for here where the
    program for it is."""
    server = environment.get("SSH_CONNECTION", "").split()
    host, port = (server[2], server[3]) if len(server) == 4 else (socket.gethostname(), "22")
    other = "" if port == "22" else f"-P {port} "
    source = shlex.quote(f"{getpass.getuser()}@{host}:{folder}")
    found = [f"在自己的电脑上执行：scp -r {other}{source} ."]
    if files and shutil.which("sz"):
        found.append(f"或者退出后在这里执行：sz {shlex.quote(str(files[0]))}")
    return found


class CarriedScreen(Frame):
    """The documents of a round that stand in a folder."""

    HELP: ClassVar[str] = """取走：本轮次写在这个文件夹里的文件，位置从文件夹算起。

上面一行在自己的电脑上执行，把整个文件夹取过去。
F2 打成一个压缩包，拷到 U 盘；里面有测评结果，用后销毁。"""
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "打包", "把本轮次的文件打成一个压缩包，放在这个文件夹里", "pack", ALWAYS),
    )

    def __init__(self, info: RoundInfo, folder: Path) -> None:
        super().__init__()
        self._round = info
        self._folder = folder
        self._files: list[Path] = []

    def body(self) -> ComposeResult:
        """How they are fetched, then the files."""
        yield Line(id="round")
        yield Listing((("文件", 40),), title="已写的文件")

    def on_mount(self) -> None:
        """Show what stands there."""
        self.set_title(f"取走 > {self._round.title}")
        self._files = standing_files(self._round.id, self._folder)
        lines = copy_lines(self._folder, self._files)
        self.query_one("#round", Line).show(
            "\n".join(map(visible_line, (f"文件夹：{self._folder}", *lines)))
        )
        self.query_one(Listing).fill(
            [(str(path), (str(path.relative_to(self._folder)),)) for path in self._files]
        )
        self.query_one(Listing).focus()
        self.say(
            f"共 {len(self._files)} 个文件"
            if self._files
            else "这里还没有写过文书：Esc 返回，选好按 F2 写出。"
        )

    def on_listing_row_highlighted(self) -> None:
        """Say the whole name of the file under the cursor: its end is what tells it apart."""
        chosen = self.query_one(Listing).chosen
        if chosen is not None:
            path = Path(chosen).relative_to(self._folder)
            self.say(f"共 {len(self._files)} 个文件\n{visible_line(str(path))}")

    def action_pack(self) -> None:
        """One archive of all of them, beside them."""
        if not self._files:
            self.say("没有可打包的文件：Esc 返回后先写出。", refused=True)
            return
        target = self._folder / safe_file_name([self._round.title], ".zip")
        with self.refusals():
            ours = [digest] if (digest := package.digest_of(target)) else []
            package.write(target, archive(self._files, self._folder), ours)
            self.say(f"已打包 {len(self._files)} 个文件：{visible_line(str(target))}")
