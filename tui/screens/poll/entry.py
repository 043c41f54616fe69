"""录票: the pad on one stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import AwaitMount

from models.entry import ballots, progress
from models.entry.ballots import StackEntry
from models.entry.keying import Act
from models.entry.stack_keying import StackKeying
from tui.widgets.frame import Line, ResultFrame
from tui.widgets.pad import MarkGrid, NameColumn, SheetView
from tui.widgets.stack_panel import StackPanel

_PANEL = 23
_HELP = """录票：照纸票逐项录入，录满一票按 Enter 存票。

1 至 9   选等次，自动到下一项（票上没有的等次不收）
0        弃权（该项没有划）
*        多选（该项无效）
+        其余各项同上一项：整票一样的票按 1 + Enter
-        退一格并清除（Backspace 同）
/        整票作废，再按数字选原因
Enter    存票；有未录的项时不存，并到第一处
方向键   移动；在已录的项上再录即替换
F2       本批录完后，录本单位的下一批
PageUp   翻看本批已录的票；改动后按 Enter 更正，要选原因
Delete   翻看时撤销这一票（重复录入），要选原因
Esc      离开；录到一半的票自动保留，下次接着录

每按一键即存。断线、关机都不丢已录的票。"""


class EntryScreen(ResultFrame[int]):
    """Keys one stack to the end; dismissed with the stack to key next, or None."""

    HELP: ClassVar[str] = _HELP
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "next_stack", show=False, priority=True)]

    def __init__(self, entry: StackEntry) -> None:
        super().__init__()
        self._entry = entry

    def body(self) -> ComposeResult:
        """Names, marks, live tally."""
        settings = self.session.settings
        self._keying = StackKeying(self._entry, settings.void_reasons, settings.correction_reasons)
        self._view = SheetView(self._entry.sheet)
        with Horizontal(id="pad"):
            yield NameColumn(self._view)
            yield MarkGrid(self._keying, self._view)
            yield StackPanel(self._keying, self.session.glyphs)
        yield Line(id="statement")

    def on_mount(self) -> None:
        """Show what waits on this stack."""
        self._lay_out(self.app.size.width)
        grid = self.query_one(MarkGrid)
        grid.focus()
        grades = " ".join(f"{n}{name}" for n, name in enumerate(self._entry.sheet.scale.grades, 1))
        self.set_hints(f"{grades}  0弃权 *多选 +余同 -退格 /作废 Enter存票")
        self._show_title()
        if not self._keying.ballot.empty:
            done = self._keying.ballot.size - self._keying.ballot.unkeyed
            self._state(f"上次录到一半的票已找回：已录 {done} 项，请对照纸票接着录")
        elif self._keying.finished:
            self._state(self._keying.finished_words)
        else:
            self._state(self._view.place_text(self._keying.ballot.cursor))

    def on_resize(self) -> None:
        """Fit names, marks and tally into the width there is."""
        self._lay_out(self.app.size.width)

    def _lay_out(self, width: int) -> None:
        self._view.fit_cells(width - _PANEL - 22)
        panel = _PANEL if width - self._view.width - _PANEL >= 14 else 0
        names = max(width - self._view.width - panel, 8)
        self.query_one(NameColumn).styles.width = names
        self.query_one(MarkGrid).styles.width = self._view.width
        stack_panel = self.query_one(StackPanel)
        stack_panel.display = bool(panel)
        stack_panel.styles.width = panel or 1
        stack_panel.update(changed=True)

    def _state(self, text: str, *, refused: bool = False) -> None:
        """Show the place that is keyed, a question or a refusal."""
        line = self.query_one("#statement", Line)
        line.set_class(refused, "refused")
        line.show(text)

    def _show_title(self) -> None:
        entry = self._entry
        number = f" 第{entry.stack.number}批" if entry.stack.number > 1 else ""
        subject = f"{entry.stack.subject} " if entry.stack.subject else ""
        state = "翻看 " if self._keying.looking else ""
        left = (
            f"{entry.round.plan.year}年度 > {entry.poll.short} > {subject}{entry.level_name}票"
            f" > {entry.stack.group.name}{number}"
        )
        right = f"{state}第 {self._keying.position} 票 / 收回 {entry.returned}"
        self.set_title(f"{left}    {right}")

    def on_mark_grid_answered(self, event: MarkGrid.Answered) -> None:
        """Say what came of a key: a stored ballot on its own line, all else above it."""
        reply = event.reply
        if reply.act is Act.COMMIT:
            self._state("")
            self.say(reply.message)
        elif reply.act is Act.MOVED and not reply.message:
            self._state(self._view.place_text(self._keying.shown.cursor))
        else:
            self._state(reply.message, refused=reply.act is Act.REFUSED)
        if reply.act in (Act.COMMIT, Act.MOVED, Act.ASKED):
            self._show_title()
        self.query_one(StackPanel).update(changed=reply.act is Act.COMMIT)

    def on_mark_grid_next_subject(self) -> None:
        """Show the tally of the subject that is keyed now."""
        self.query_one(StackPanel).update(changed=False)

    def on_mark_grid_scrolled(self) -> None:
        """Keep the names beside their marks."""
        self.query_one(NameColumn).refresh()

    def action_next_stack(self) -> None:
        """On to the next stack of this unit: by a key that no hand presses while keying."""
        following = progress.next_stack(self._entry.poll.id)
        if not self._keying.finished:
            self._state("本批还没有录完：录完再录下一批，或按 Esc 返回", refused=True)
        elif following is None:
            self._state("本单位各批都已录完：Esc返回")
        else:
            self.dismiss(following.stack_id)

    def action_leave(self) -> None:
        """Back from a question or an earlier ballot; else leave: the half-keyed ballot is kept
        already."""
        if not self.query_one(MarkGrid).step_back():
            self.dismiss()


def key_stack(app: App[None], stack_id: int, then: Callable[[], object]) -> AwaitMount:
    """Open the pad on a stack, and on the next one for as long as that is asked for; `then` is
    called when the pad is left. Raises `RefusedError` if the stack cannot be keyed."""

    def left(following: int | None) -> None:
        if following is None:
            then()
        else:
            key_stack(app, following, then)

    return app.push_screen(EntryScreen(ballots.enter(stack_id)), left)
