"""文书: which documents, for which units, written where; progress, and a way to stop."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.worker import get_current_worker

from exports import kinds
from exports.job import Job
from models import polls, register, rounds
from models.refusal import RefusedError
from models.register import WrittenDocument
from tui.columns import visible_line
from tui.forms import Field, FormScreen
from tui.frame import Frame, Line
from tui.listing import Listing

_HELP = """文书：按轮次、单位写出 Word 文件，每人一份，放在各单位的文件夹里。

空格或 Enter  选中、取消光标所在的文书
F2      写出选中的文书
F3      改写到哪个文件夹
F4      本单位 / 全轮次
F6      已写文书登记
Esc     写的时候按停止；已写的留下并已登记

没有封存的单位，文书上标明“计票中，非正式结果”。"""


class DocumentsScreen(Frame):
    """Choose, write, and see what was written."""

    HINTS: ClassVar[str] = "Enter选取  F2写出  F3文件夹  F4范围  F6登记  Esc返回  F1帮助"
    HELP: ClassVar[str] = _HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "choose", show=False),
        Binding("f2", "write", show=False, priority=True),
        Binding("f3", "folder", show=False, priority=True),
        Binding("f4", "scope", show=False, priority=True),
        Binding("f6", "written", show=False, priority=True),
    ]

    class Progressed(Message):
        """So many documents are written."""

        def __init__(self, done: int, total: int, seconds: float) -> None:
            super().__init__()
            self.done, self.total, self.seconds = done, total, seconds

    class Finished(Message):
        """The writing ended: done, stopped or refused (`fault`)."""

        def __init__(self, written: list[WrittenDocument], total: int, fault: str) -> None:
            super().__init__()
            self.written, self.total, self.fault = written, total, fault

    def __init__(self, round_id: int, poll_id: int | None) -> None:
        super().__init__()
        self._round = rounds.find_by_id(round_id)
        self._poll_id = poll_id
        self._whole = poll_id is None
        self._kinds = dict.fromkeys(kinds.KINDS, True)
        self._folder = Path.cwd() / "文书"
        self._writing = False

    def body(self) -> ComposeResult:
        """Scope and folder, then the kinds."""
        yield Line(id="round")
        yield Listing((("选", 4), ("文书", 40), ("已写给", 10)), right=(2,))

    def on_mount(self) -> None:
        """Show the choice."""
        self.query_one(Listing).focus()
        self._draw()

    def _draw(self) -> None:
        scope = "全轮次各单位"
        if not self._whole and self._poll_id is not None:
            scope = polls.find_by_id(self._poll_id).unit_name
        self.set_title(f"文书 > {self._round.title}")
        self.query_one("#round", Line).show(
            f"范围：{scope}\n写到：{visible_line(str(self._folder))}"
        )
        self.query_one(Listing).fill(
            [
                (
                    kind,
                    (
                        "[x]" if chosen else "[ ]",
                        kinds.KINDS[kind],
                        str(register.addressees_written(self._round.id, kinds.KINDS[kind])),
                    ),
                )
                for kind, chosen in self._kinds.items()
            ]
        )

    def action_choose(self) -> None:
        """Choose or leave out a kind."""
        kind = self.query_one(Listing).chosen
        if kind is not None and not self._writing:
            self._kinds[kind] = not self._kinds[kind]
            self._draw()

    def on_data_table_row_selected(self) -> None:
        """Enter chooses, as space does."""
        self.action_choose()

    def action_scope(self) -> None:
        """This unit or the whole round."""
        if self._poll_id is not None and not self._writing:
            self._whole = not self._whole
            self._draw()

    def action_folder(self) -> None:
        """Where to write."""

        def save(values: dict[str, str]) -> None:
            self._folder = Path(values["folder"]).expanduser().absolute()
            self._draw()

        if not self._writing:
            field = Field("folder", "文件夹", value=str(self._folder), required=True)
            self.app.push_screen(FormScreen("文书写到哪里", (field,), save))

    def action_written(self) -> None:
        """已写文书登记."""
        self.app.push_screen(RegisterScreen(self._round.id))

    def action_write(self) -> None:
        """Write the chosen documents in the background; Esc stops."""
        if self._writing or not self.writable():
            return
        chosen = tuple(kind for kind, on in self._kinds.items() if on)
        if not chosen:
            self.say("还没有选中文书：用 Enter 选。", refused=True)
            return
        with self.refusals():
            whole = self._whole or self._poll_id is None
            poll_ids = None if whole else [self._poll_id or 0]
            jobs = kinds.prepare(self.session.settings, self._round, poll_ids, chosen)
            self._writing = True
            self.set_hints("Esc停止")
            self.say(f"正在写 {len(jobs)} 份……")
            self._write(jobs)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _write(self, jobs: list[Job]) -> None:
        """Write in a thread that never touches the database; what is told to the screen goes
        by messages, at most five a second."""
        worker = get_current_worker()
        written: list[WrittenDocument] = []
        fault = ""
        begun = told = time.monotonic()
        for job in jobs:
            if worker.is_cancelled:
                fault = "已停止"
                break
            try:
                written.append(job.write(self._folder))
            except RefusedError as error:
                fault = str(error)
                break
            now = time.monotonic()
            if now - told > 0.2:
                told = now
                self.post_message(self.Progressed(len(written), len(jobs), now - begun))
        self.post_message(self.Finished(written, len(jobs), fault))

    def on_documents_screen_progressed(self, event: Progressed) -> None:
        """A bar, and how long it will take."""
        left = event.seconds / event.done * (event.total - event.done)
        filled = 30 * event.done // event.total
        self.say(
            f"[{'#' * filled}{'.' * (30 - filled)}] {event.done}/{event.total}"
            f"  还要约 {max(round(left), 1)} 秒"
        )

    def on_documents_screen_finished(self, event: Finished) -> None:
        """Enter what was written into the register, and say how it ended."""
        self._writing = False
        self.set_hints(self.HINTS)
        with self.refusals():
            register.record(event.written)
            self._draw()
            if event.fault:
                self.say(
                    f"{event.fault}。已写 {len(event.written)}/{event.total} 份。", refused=True
                )
            else:
                self.say(f"写好 {len(event.written)} 份，在 {visible_line(str(self._folder))}")

    def action_leave(self) -> None:
        """Stop the writing, or leave."""
        if self._writing:
            self.workers.cancel_all()
        else:
            self.dismiss()


class RegisterScreen(Frame):
    """已写文书登记 of a round, newest first."""

    HINTS: ClassVar[str] = "上下翻看  Esc返回"
    HELP: ClassVar[str] = "每写出一份文书登记一行：时间、文书、给谁、文件、SHA-256 前八位。"

    def __init__(self, round_id: int) -> None:
        super().__init__()
        self._round_id = round_id

    def body(self) -> ComposeResult:
        """The register."""
        yield Listing((("时间", 11), ("文书", 20), ("给谁", 14), ("摘要", 8), ("文件", 60)))

    def on_mount(self) -> None:
        """Show the last thousand."""
        self.set_title("已写文书登记")
        rows = register.documents(self._round_id)
        self.query_one(Listing).fill(
            [
                (
                    str(number),
                    (
                        row.at[5:16].replace("T", " "),
                        row.kind,
                        row.addressee,
                        row.sha256[:8],
                        row.path,
                    ),
                )
                for number, row in enumerate(rows)
            ]
        )
        self.query_one(Listing).focus()
        self.say("" if rows else "还没有写过文书：Esc 返回后按 F2 写出。")
