"""文书: which documents, for which units, written where; progress, and a way to stop."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from exports.documents import own_templates
from exports.documents.kind import Kind
from exports.documents.kinds import KINDS
from exports.writing import preparation
from exports.writing.job import Job
from exports.writing.lapsed import LapsedFile, lapsed_files
from exports.writing.run import ExportRun
from exports.writing.write_out import Step, WriteOutcome
from models.refusal import RefusedError
from models.results import register
from models.rounds import life, polls
from models.settings.office import DocumentSettings
from tui.screens.documents.carried import CarriedScreen
from tui.screens.documents.changed_files import ChangedFiles, Choice
from tui.screens.documents.each_document import EachDocument
from tui.screens.documents.lapsed import LapsedScreen
from tui.screens.documents.register import RegisterScreen
from tui.widgets.forms import Field, FormScreen
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import ALWAYS, OFTEN, SELDOM, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line
from tui.words.remaining import progress_words
from tui.words.ways import SCREEN

_HELP = """文书：按轮次、单位写出 Word 文件，每人一份，放在各单位的文件夹里。

写出后有人改过的文件，不问过不会覆盖；内容没有变的不重写。
没有封存的单位，文书上标明“计票中，非正式结果”。
F8 逐份列出，可以先看文字、只写几个人的；F9 是写好的文件，怎样取到自己的电脑或 U 盘。
说明一栏：失效了几份；现在还写不了的，要等什么；本机关自己的模板。"""


def _outcome_words(outcomes: Counter[WriteOutcome]) -> str:
    """How a run ended: 写出 28 份，原已写好 1 份."""
    told = [
        f"{outcome.value} {outcomes[outcome]} 份"
        for outcome in WriteOutcome
        if outcomes[outcome] or outcome is WriteOutcome.WRITTEN
    ]
    return "，".join(told)


def _trouble(run: ExportRun, left_out: Sequence[str]) -> str:
    """What was not written though nobody stopped it; empty if all was."""
    said = []
    if left_out:
        said.append(f"与封存的不同，没有写：{'；'.join(left_out)}。运行 ceping verify 查明")
    if run.failed:
        path, why = next(iter(run.failed.items()))
        named = visible_line(f"{path.name}：{why}")
        said.append(f"{_outcome_words(run.outcomes)}：{named}")
    return "；".join(said)


def _template_words(documents: DocumentSettings, kind: Kind) -> str:
    """Whether the office's own template makes a kind."""
    try:
        found = own_templates.find(documents, kind)
    except RefusedError:
        return "模板文件夹不在"
    return "用本机关的模板" if found else ""


def _written(number: int) -> str:
    """How many of a kind are written; empty if none is."""
    return f"{number} 份" if number else ""


def _note(lapsed: int, note: str) -> str:
    """How many files of a kind no longer stand, and what else there is to say of it."""
    return "；".join(filter(None, (f"{lapsed} 份已失效" if lapsed else "", note)))


class DocumentsScreen(Frame):
    """Choose, write, and see what was written."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        # Priority keeps it in order with the arrows, when a slow line delivers both at once.
        Key("space", "选取", "选中、取消光标所在的文书（Enter 同）", "choose", ALWAYS, "idle"),
        Key("asterisk", "全选", "全部选中；都已选中时全部取消", "choose('*')", when="idle"),
        Key("f2", "写出", "写出选中的文书", "write", ALWAYS, "idle"),
        Key("f3", "文件夹", "改写到哪个文件夹", "folder", SELDOM, "idle"),
        Key("f4,tab", "范围", "本单位 / 全轮次（Tab 同）", "scope", when="idle"),
        Key(
            "f8",
            "逐份",
            "选中的（没有选中的，光标所在的）文书逐份列出：按单位、按人挑选，预览文字",
            "see('each')",
            when="idle",
        ),
        Key("f6", "登记", "已写文书登记", "see('written')", SELDOM, "idle"),
        Key(
            "f9",
            "取走",
            "已写的文件、取走的一行命令、打成一个压缩包",
            "see('carried')",
            when="idle",
        ),
        Key(
            "f7",
            "失效",
            "更正等使它不再是现在的结果的文件，可以移出",
            "see('lapsed')",
            OFTEN + 1,
            "idle",
        ),
        Key(
            "escape", "停止", "写的时候：停止；已写的留下，再按 F2 接着写", "leave", ALWAYS, "busy"
        ),
        Key("escape", "返回", "返回上一屏", "leave", ALWAYS, "idle"),
    )

    class Looked(Message):
        """These files are somebody else's: SHA-256 by path."""

        def __init__(self, run: ExportRun, found: dict[str, str]) -> None:
            super().__init__()
            self.run, self.found = run, found

    class Progressed(Message):
        """These documents are dealt with; so long it has taken."""

        def __init__(self, run: ExportRun, batch: list[Step], seconds: float) -> None:
            super().__init__()
            self.run, self.batch, self.seconds = run, batch, seconds

    class Finished(Message):
        """The writing ended: done, stopped or refused (`fault`)."""

        def __init__(self, run: ExportRun, fault: str) -> None:
            super().__init__()
            self.run, self.fault = run, fault

    def __init__(self, round_id: int, poll_id: int | None) -> None:
        super().__init__()
        self._round = life.find_by_id(round_id)
        self._poll_id = poll_id
        self._whole = poll_id is None
        self._chosen = dict.fromkeys(KINDS, False)
        self._folder = Path.cwd() / "文书"
        self._writing = False
        self._stopped = False
        self._fault = ""
        self._left_out: tuple[str, ...] = ()
        self._hints: tuple[str, ...] = ()
        self._lapsed: list[LapsedFile] = []

    def body(self) -> ComposeResult:
        """Scope and folder, then the kinds."""
        yield Line(id="round")
        columns = (("选", 3), ("文书", 20), ("已写", 6), ("说明", 20))
        yield Listing(columns, title="文书", right=(2,), falls=(2,))

    @property
    def _scope(self) -> list[int] | None:
        """The one poll that is written; None for the whole round."""
        return None if self._whole or self._poll_id is None else [self._poll_id]

    def now(self) -> set[str]:
        """What its keys depend on."""
        return {"busy" if self._writing else "idle"}

    def on_screen_resume(self) -> None:
        """Show the choice, at first and again: files may have been taken out."""
        if self.focused is None:
            self.query_one(Listing).focus()
        if not self._writing:
            self._draw(look=True)

    def _draw(self, *, look: bool = False) -> None:
        """Show scope, folder and kinds; with `look`, after looking for files that lapsed."""
        if look:
            with self.refusals():
                self._lapsed = lapsed_files(self.session.settings, self._round, self._scope)
        scope = "全轮次各单位"
        if not self._whole and self._poll_id is not None:
            scope = polls.find_by_id(self._poll_id).unit_name
        self.set_title(f"文书 > {self._round.title}")
        self.query_one("#round", Line).show(
            f"范围：{scope}\n写到：{visible_line(str(self._folder))}"
        )
        waiting = preparation.waiting_for(self._round, self._scope)
        documents = self.session.settings.documents
        lapsed = Counter(each.document.kind for each in self._lapsed)
        self.query_one(Listing).fill(
            [
                (
                    kind.key,
                    (
                        "[x]" if self._chosen[kind.key] else "[ ]",
                        kind.name,
                        _written(register.addressees_written(self._round.id, kind.name)),
                        _note(
                            lapsed[kind.name],
                            waiting.get(kind.key) or _template_words(documents, kind),
                        ),
                    ),
                )
                for kind in KINDS.values()
            ]
        )

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter chooses, as space does: the row it was pressed on."""
        self.action_choose(event.key)

    def action_choose(self, kind: str | None = None) -> None:
        """Choose or leave out a kind, the one under the cursor where none is named; `*`: all."""
        kind = kind or self.query_one(Listing).chosen
        if kind is None or self._writing:
            return
        if kind == "*":
            self._chosen = dict.fromkeys(KINDS, not all(self._chosen.values()))
        else:
            self._chosen[kind] = not self._chosen[kind]
        self._draw()

    def action_scope(self) -> None:
        """This unit or the whole round."""
        if self._poll_id is not None and not self._writing:
            self._whole = not self._whole
            self._draw(look=True)

    def action_folder(self) -> None:
        """Where to write."""

        def save(values: dict[str, str]) -> None:
            self._folder = Path(values["folder"]).expanduser().absolute()
            self._draw()

        if not self._writing:
            field = Field("folder", "文件夹", value=str(self._folder), required=True)
            self.app.push_screen(FormScreen("文书写到哪里", (field,), save, asks=False))

    def action_see(self, what: str) -> None:
        """已写文书登记 of the round, the files to take away, the documents of the chosen kinds (or
        of that under the cursor) one by one, or 失效文书 of the scope."""

        def picked(jobs: Sequence[Job] | None) -> None:
            if jobs:
                self.action_write(jobs)

        if what == "written":
            self.app.push_screen(RegisterScreen(self._round.id))
        elif what == "carried":
            self.app.push_screen(CarriedScreen(self._round, self._folder))
        elif what == "each" and not self._writing:
            here = self.query_one(Listing).chosen
            chosen = [kind for kind, on in self._chosen.items() if on] or ([here] if here else [])
            with self.refusals():
                found = preparation.prepare(self.session.settings, self._round, self._scope, chosen)
                self._left_out, self._hints = found.left_out, found.hints
                self.app.push_screen(EachDocument(found, self._round.title), picked)
        elif not self._writing:
            poll_id = None if self._whole else self._poll_id
            self.app.push_screen(LapsedScreen(self._round.id, poll_id))

    def action_write(self, jobs: Sequence[Job] | None = None) -> None:
        """Write the chosen documents in the background, or these; Esc stops."""
        if self._writing or not self.writable():
            return
        chosen = tuple(kind for kind, on in self._chosen.items() if on)
        if not chosen and jobs is None:
            self.say("还没有选中文书：用 Enter 选，* 全选。", refused=True)
            return
        self._writing, self._stopped, self._fault = True, False, ""
        self.show_keys()
        self.say("正在汇总得票情况……")
        # Reading a province takes a second: said before.
        self.call_after_refresh(self._begin, chosen, jobs)

    def _begin(self, chosen: Sequence[str], jobs: Sequence[Job] | None) -> None:
        """Read what the documents are made from, unless they are given, and see what stands in the
        folder."""
        settings = self.session.settings
        try:
            if jobs is None:
                found = preparation.prepare(settings, self._round, self._scope, chosen)
                jobs, self._left_out, self._hints = found, found.left_out, found.hints
            run = ExportRun.begin(jobs, self._folder)
        except RefusedError as error:
            self._end(SCREEN.refusal(error))
            return
        self.say(f"正在核对文件夹里已有的文件，共 {len(jobs)} 份……")
        self._look(run)

    @work(thread=True, exclusive=True)
    def _look(self, run: ExportRun) -> None:
        """Find the files of others, in a thread that never touches the database."""
        self.post_message(self.Looked(run, run.theirs()))

    def on_documents_screen_looked(self, event: Looked) -> None:
        """Ask once about files that somebody changed, then write."""

        def answered(choice: Choice | None) -> None:
            if choice is None:
                self._end("没有写。")
                return
            overwrite = event.found if choice is Choice.OVERWRITE else {}
            self._write(event.run, overwrite, choice is Choice.BESIDE)

        if self._stopped:
            self._end("已停止，没有写。")
        elif event.found:
            self.app.push_screen(ChangedFiles(list(event.found), self._folder), answered)
        else:
            answered(Choice.KEEP)

    @work(thread=True, exclusive=True)
    def _write(self, run: ExportRun, overwrite: Mapping[str, str], beside: bool) -> None:
        """Write in a thread that never touches the database; what is done comes to the screen in
        batches, several a second."""
        worker = get_current_worker()
        begun = time.monotonic()
        fault = ""
        batches = run.write(overwrite=overwrite, beside=beside, stopped=lambda: worker.is_cancelled)
        try:
            for batch in batches:
                self.post_message(self.Progressed(run, batch, time.monotonic() - begun))
        except RefusedError as error:
            fault = SCREEN.refusal(error)
        self.post_message(self.Finished(run, fault))

    def on_documents_screen_progressed(self, event: Progressed) -> None:
        """Enter what was written into the register; a bar, and how long it will take."""
        run = event.run
        try:
            run.enter(event.batch)
        except RefusedError as error:
            self._fault = SCREEN.refusal(error)
            self.workers.cancel_all()
        self.say(progress_words(run.done, len(run.jobs), event.seconds))

    def on_documents_screen_finished(self, event: Finished) -> None:
        """Say how it ended."""
        run = event.run
        fault = self._fault or event.fault
        if run.left:
            fault = fault or "已停止。"
            way = f"已写好的 {run.done} 份留下，还有 {run.left} 份；再按 F2 接着写。"
            if not run.done:
                way = "一份也没有写；再按 F2 就写。"
            self._end(f"{fault}{way}")
        else:
            self._end(fault)
        if not fault and (trouble := _trouble(run, self._left_out)):
            self.say(trouble, refused=True)
        elif not fault:
            open_folder = "（别的账号也能打开这个文件夹）" if run.seen_by_others else ""
            where = visible_line(str(self._folder))
            lapsed = f"另有 {len(self._lapsed)} 个文件已失效：按 F7。" if self._lapsed else ""
            hints = "".join(visible_line(f"{hint}。") for hint in self._hints[:1])
            if len(self._hints) > 1:
                hints = f"有 {len(self._hints)} 份没有有效票，不写；请研究是否重新测评。"
            written = f"{_outcome_words(run.outcomes)}，在 {where}{open_folder}。"
            self.say(f"{written}{hints}{lapsed}按 F9 取走")

    def _end(self, fault: str) -> None:
        """Nothing is being written any more."""
        self._writing = False
        self.show_keys()
        self._draw(look=True)
        self.say(fault, refused=bool(fault))

    def action_leave(self) -> None:
        """Stop the writing, or leave."""
        if self._writing:
            self._stopped = True
            self.workers.cancel_all()
        else:
            super().action_leave()
