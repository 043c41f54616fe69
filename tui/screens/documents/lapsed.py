"""失效文书: files that today's results no longer give, and a way to take them out of the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult

from exports.writing.lapsed import FOLDER, LapsedFile, lapsed_files, move_aside
from models.rounds import life
from tui.widgets.frame import Frame, Help, Line, confirmed
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line

_HELP = """失效文书：已写出、已登记，而现在的结果不再给出的文件。

为什么一栏：
  现在的结果没有这一份    如信任票已达到标准的人的呈批件、已不是被测评对象的人的反馈书
  按更正以前的封存写出    重新写出到同一个文件夹，就换成新的
  所据的封存已重新开封    更正、重新封存以后再写
  计票中写出，现已封存    重新写出到同一个文件夹，就换成新的
  轮次的单位有增减        重新写出到同一个文件夹，就换成新的

写出后有人改过的文件不移，只列出。
已经送出的纸件要收回或另行说明；更正后要重新送达的，看送达登记。"""


class LapsedScreen(Frame):
    """The files of a round, or of one poll of it, with why each no longer stands."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "delete",
            "移出",
            f"移到轮次文件夹里的“{FOLDER}”，不删除，记入日志（要确认）",
            "move_aside",
            ALWAYS,
        ),
    )

    def __init__(self, round_id: int, poll_id: int | None) -> None:
        super().__init__()
        self._round = life.find_by_id(round_id)
        self._polls = None if poll_id is None else [poll_id]
        self._files: list[LapsedFile] = []

    def body(self) -> ComposeResult:
        """How many there are, the list, and the path of the file under the cursor."""
        yield Line(id="round")
        yield Listing(
            (("文书", 12), ("给谁", 10), ("为什么", 22), ("文件", 20)),
            title="失效文书",
            falls=(3, 1),
            id="lapsed",
        )
        yield Line(id="detail")

    def on_mount(self) -> None:
        """List them."""
        self.set_title(f"失效文书 > {self._round.title}")
        self.query_one(Listing).focus()
        with self.refusals():
            self._fill()

    def _fill(self) -> None:
        self._files = lapsed_files(self.session.settings, self._round, self._polls)
        changed = sum(not each.intact for each in self._files)
        told = f"{len(self._files)} 个文件不再是现在的结果，不要再用"
        more = f"；其中 {changed} 个写出后有人改过，不移" if changed else ""
        self.query_one("#round", Line).show(f"{told}{more}" if self._files else "没有失效的文书。")
        self.query_one(Listing).fill(
            [
                (
                    str(each.document.number),
                    (
                        each.document.kind,
                        each.document.addressee,
                        each.why.value,
                        Path(each.document.path).name if each.intact else "有人改过",
                    ),
                )
                for each in self._files
            ]
        )
        self._describe()

    def _describe(self) -> None:
        chosen = self.query_one(Listing).chosen
        paths = {str(each.document.number): each.document.path for each in self._files}
        self.query_one("#detail", Line).show(visible_line(paths.get(chosen or "", "")))

    def on_listing_row_highlighted(self) -> None:
        """The cursor moved."""
        self._describe()

    def action_move_aside(self) -> None:
        """移出 all that are intact, after asking."""
        intact = [each for each in self._files if each.intact]
        if not intact:
            self.say("没有可以移出的文件。", refused=True)
            return
        if not self.writable():
            return

        def move() -> None:
            moved, left = move_aside(intact)
            self._fill()
            self.say(
                f"已移出 {len(moved)} 个，记入日志。" + (f"没有移 {len(left)} 个。" * bool(left))
            )
            if left:
                self.app.push_screen(Help("没有移的：\n\n" + "\n".join(map(visible_line, left))))

        confirmed(self, f"{_question(intact)}\n\n文件不删除；记入日志。", move)


def _question(files: Sequence[LapsedFile]) -> str:
    """What is moved, and where to."""
    return f"把这 {len(files)} 个失效的文件移到轮次文件夹里的“{FOLDER}”？"


def tell_lapsed(frame: Frame, round_id: int, poll_id: int) -> None:
    """Show over `frame` the files that a poll's reopening or new seal made invalid, if any."""
    info = life.find_by_id(round_id)
    with frame.refusals():
        if lapsed_files(frame.session.settings, info, [poll_id]):
            frame.app.push_screen(LapsedScreen(round_id, poll_id))
