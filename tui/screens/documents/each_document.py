"""逐份: the documents that can be written, one a line, to be looked at and chosen one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from exports.writing.job import Job
from exports.writing.preview import text_of
from models.rounds import polls
from tui.widgets.frame import Frame, Line, ResultFrame
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing


class ReadDocument(Frame):
    """The text of one document, to be read; nothing is written."""

    HELP: ClassVar[str] = "一份文书的文字，只看，不写文件；版式以写出的 Word 文件为准。"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("up", "翻看", "往上、往下（翻页、Home、End 同）", weight=ALWAYS, named="上下"),
    )

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._name, self._text = name, text

    def body(self) -> ComposeResult:
        """The text, to scroll."""
        with VerticalScroll(id="numbers"):
            yield Line(self._text)

    def on_mount(self) -> None:
        """Keys scroll it."""
        self.set_title(f"预览 > {self._name}")
        self.query_one("#numbers").focus()


class EachDocument(ResultFrame[Sequence[Job]]):
    """The documents of some kinds; its result is those to write."""

    HELP: ClassVar[str] = """逐份：每份文书一行，按单位、按人挑选。

Enter 看这一份的文字，不写文件。/ 键入姓名、单位就到那一行。
F7 只选一个单位的，再按换下一个单位。"""
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "看文字", "看光标所在的一份的文字，不写文件", weight=ALWAYS),
        Key("space", "选取", "选中、取消光标所在的一份", "choose", ALWAYS),
        Key("asterisk", "全选", "全部选中；都已选中时全部取消", "choose_all"),
        Key("f7", "选单位", "只选中光标所在单位的全部；再按选下一个单位的", "choose_unit"),
        Key("f2", "写出", "写出选中的各份", "write", ALWAYS),
    )

    def __init__(self, jobs: Sequence[Job], title: str) -> None:
        super().__init__()
        self._jobs = {str(number): job for number, job in enumerate(jobs)}
        self._title_text = title
        self._units = {job.poll_id: "全轮次" for job in jobs}
        self._taken: set[str] = set()
        # The unit that F7 chose last.
        self._of: int | None = -1

    def body(self) -> ComposeResult:
        """The list."""
        columns = (("选", 3), ("文书", 14), ("单位", 12), ("给谁", 12), ("文件", 24))
        yield Listing(columns, title="逐份文书", falls=(4,))

    def on_mount(self) -> None:
        """Show them all."""
        for poll_id in self._units:
            if poll_id is not None:
                self._units[poll_id] = polls.find_by_id(poll_id).short
        self._draw()
        self.query_one(Listing).focus()

    def _draw(self) -> None:
        self.set_title(f"逐份文书 > {self._title_text}")
        self.query_one(Listing).fill(
            [
                (
                    key,
                    (
                        "[x]" if key in self._taken else "[ ]",
                        job.kind_name,
                        self._units[job.poll_id],
                        job.addressee,
                        job.relative_path.name,
                    ),
                )
                for key, job in self._jobs.items()
            ]
        )
        self.say(f"选中 {len(self._taken)} / {len(self._jobs)} 份")

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter: the text of the document, to read."""
        job = self._jobs.get(event.key)
        if job is not None:
            content = job.made()
            told = content if isinstance(content, str) else text_of(content, job.relative_path)
            self.app.push_screen(ReadDocument(job.relative_path.name, told))

    def action_choose(self) -> None:
        """Choose or leave out the one under the cursor."""
        self._taken ^= {self.query_one(Listing).chosen or ""} & set(self._jobs)
        self._draw()

    def action_choose_all(self) -> None:
        """Choose all; none, where all are chosen."""
        self._taken = set() if len(self._taken) == len(self._jobs) else set(self._jobs)
        self._draw()

    def action_choose_unit(self) -> None:
        """Choose those of the unit under the cursor and no others; again: of the next unit."""
        units = list(self._units)
        here = self._jobs.get(self.query_one(Listing).chosen or "")
        if here is None:
            return
        at = here.poll_id
        if at == self._of:
            at = units[(units.index(at) + 1) % len(units)]
        self._of = at
        self._taken = {key for key, job in self._jobs.items() if job.poll_id == at}
        self.query_one(Listing).choose(next(iter(sorted(self._taken, key=int))))
        self._draw()

    def action_write(self) -> None:
        """Hand the chosen ones back, to be written."""
        if not self._taken:
            self.say("还没有选中：空格选，* 全选。", refused=True)
            return
        self.dismiss([job for key, job in self._jobs.items() if key in self._taken])
