"""导入名册: what a file would change, before it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult

from models.imports import findings_file, roster_import
from models.imports.choices import Choices
from models.imports.roster_import import ImportPlan
from models.imports.source import Source, load
from models.refusal import RefusedError
from tui.screens.roster.reading import ReadingScreen, read_as
from tui.widgets.frame import Line, ResultFrame, confirmed
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line
from tui.words.import_report import Remark, everything
from tui.words.ways import SCREEN

_HELP = """导入名册：先核对，后写入。

拒绝     这一行不能导入，要在名册里改正
请核对   不像姓名的：改正名册；确实是姓名的按 F6
提示     读入时作了整理，或有没读入的行
变更     已有的单位或人员将改成文件里的内容
新增     将要新增的单位和人员

读错了表、表头或列，按 F3 改。按 F2 或 F9 之前，花名册没有任何改动。"""


class RosterImportScreen(ResultFrame[str]):
    """The plan of one file; its result is what was imported, in words."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "导入", "全部导入（没有拒绝时）", "import_all", ALWAYS, "clean"),
        Key(
            "f9",
            "只导入无误部分",
            "只导入无误的部分；被拒绝的行不导入",
            "import_part",
            when="faulty",
        ),
        Key("f6", "姓名无误", "“请核对”的都确实是姓名", "names_right", when="asked"),
        Key("f3", "怎样读", "选工作表，改表头在哪一行、每列是什么", "change_reading", when="read"),
        Key("f5", "存清单", "把须改正的清单存成文件，好退给制表的人", "write_list", when="listed"),
        Key("escape", "返回", "不导入，返回", "leave", ALWAYS),
    )

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._source: Source | None = None
        self._choices = Choices()
        self._plan: ImportPlan | None = None
        self._remarks: tuple[Remark, ...] = ()

    def body(self) -> ComposeResult:
        """Figures and how the file was read, then every remark."""
        yield Line(id="figures")
        yield Listing(
            [("怎样", 4), ("工作表", 6), ("行", 4), ("列", 6), ("值", 8), ("原因", 24)],
            title="逐行核对",
            right=(2,),
            falls=(4, 1),
        )

    def on_mount(self) -> None:
        """Say that the file is being read, and read it once that is drawn."""
        self.set_title(f"导入名册  {self._path.name}")
        self.say("正在读取，请稍候")
        self.ready.clear()
        self.set_focus(self.query_one(Listing))
        self.call_after_refresh(self._read)

    def now(self) -> set[str]:
        """What its keys depend on."""
        plan = self._plan
        found = {"read"} if self._source else set()
        if plan is None:
            return found
        found |= {"listed"} if plan.findings else set()
        found |= {"asked"} if plan.asked else set()
        if not plan.counts.nothing:
            found.add("faulty" if plan.refused else "clean")
        return found

    def _read(self) -> None:
        try:
            self._source = self._source or load(self._path)
            self._show(roster_import.plan_source(self._source, self._choices))
        except RefusedError as error:
            self._plan, self._remarks = None, ()
            self.query_one(Listing).fill([])
            way = "按 F3 看怎样读的；" if self._source else ""
            self.say(f"{SCREEN.refusal(error)}\n{way}没有导入。", refused=True)
            self.show_keys()
        finally:
            self.ready.set()

    def _show(self, plan: ImportPlan) -> None:
        self._plan = plan
        self._remarks = everything(plan)
        self.show_keys()
        views = roster_import.view(plan, plan.file.source, self._choices)
        self.query_one("#figures", Line).show(f"{plan.counts}\n{read_as(views)}")
        self.query_one(Listing).fill(
            [(str(number), remark.cells) for number, remark in enumerate(self._remarks)]
        )
        if plan.refused:
            rest = "其余没有要导入的。" if plan.counts.nothing else "或按 F9 只导入无误的部分。"
            self.say(f"{len(plan.refused)} 处须改正。改好名册再导，{rest}")
        elif plan.counts.nothing:
            self.say("名册和已有的内容一致，没有要改的。Esc 返回")
        else:
            self.say("没有须改正的。按 F2 导入。")

    def action_change_reading(self) -> None:
        """怎样读: which worksheets, which head, which columns."""
        if self._source is None:
            return
        source = self._source

        def changed(choices: Choices | None) -> None:
            if choices is not None:
                self._choices = choices
                self._read()

        self.app.push_screen(ReadingScreen(self._plan, source, self._choices), changed)

    def action_names_right(self) -> None:
        """The names that were asked about are right."""
        if self._plan is not None and self._plan.asked:
            self._choices = replace(self._choices, odd_names=True)
            self._read()

    def action_write_list(self) -> None:
        """Write what is to be corrected into a file beside the roster."""
        if self._plan is not None and self._plan.findings:
            with self.refusals():
                path = findings_file.write_findings(self._plan)
                self.say(f"已存成 {visible_line(str(path))}")

    def on_listing_row_highlighted(self) -> None:
        """Say the remark under the cursor in full, once the cursor has moved: until then the
        message line says what to do."""
        listing = self.query_one(Listing)
        if listing.chosen is None or (listing.cursor_row == 0 and not listing.scroll_y):
            return
        remark = self._remarks[int(listing.chosen)]
        row = f"第 {remark.row} 行 " if remark.row else ""
        value = f"“{remark.value}”" if remark.value else ""
        self.say(f"{remark.kind}：{remark.sheet} {row}{remark.column}{value} {remark.reason}")

    def action_import_all(self) -> None:
        """导入, if nothing is refused."""
        plan = self._plan
        if plan is None or not self.writable():
            return
        if plan.refused:
            rest = "" if plan.counts.nothing else "，或按 F9 只导入无误部分"
            self.say(
                f"{len(plan.refused)} 处须改正，不能全部导入：改好名册再导{rest}", refused=True
            )
            return
        self._apply(plan)

    def action_import_part(self) -> None:
        """只导入无误部分, after asking."""
        plan = self._plan
        if plan is None or not self.writable():
            return
        if not plan.refused:
            self._apply(plan)
            return
        if plan.counts.nothing:
            self.say("其余没有要导入的：改好名册再导。", refused=True)
            return
        question = (
            f"只导入无误的部分？\n{plan.counts}\n"
            f"有问题的 {plan.refused_rows} 行不导入，改好以后可以再导一次。"
        )
        confirmed(self, question, lambda: self._apply(plan))

    def _apply(self, plan: ImportPlan) -> None:
        with self.refusals():
            counts = roster_import.apply(plan, self.session.store, clean_part=bool(plan.refused))
            self.dismiss("名册没有变化" if counts.nothing else f"已导入。{counts}")
