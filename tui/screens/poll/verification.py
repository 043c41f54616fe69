"""复核: the pad on the second, blind entry of one stack, and on what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import AwaitMount

from models.entry import second_entry
from models.entry.keying import Act
from models.entry.second_entry import SecondEntry
from models.entry.second_keying import SecondKeying
from models.rounds.stacks import stacks
from tui.widgets.frame import Line, ResultFrame
from tui.widgets.pad import MarkGrid, NameColumn, SheetView
from tui.widgets.stack_panel import StackPanel

_PANEL = 23
_KEYS = "0弃权 *多选 +余同 -退格 /作废 Enter存票"
_HELP = """复核：把整批纸票照原来的次序再录一遍，看不到第一次录的内容。

1 至 9   选等次     0 弃权     *  多选     +  其余各项同上一项
-        退一格     /  整票作废     Enter  存票
F2       录完后核对：两次不同的票，一张一张照纸票再录
Esc      离开；录了的都保留，下次接着

核对时只录不同的各处，两次录的内容都不显示；
再录的必须与其中一次相同，就以它为准，两次都改成它。
两次都录错的：Esc 离开，到录票里翻看更正第一次录入，再来核对。
Delete   漏录、多录的票核对时：第一次重复录了，从第一次去掉；
         第二遍重复录了，从第二遍去掉（F2 确认）
F2       本批复核一致后，复核本单位的下一批

每按一键即存。断线、关机都不丢。"""


class VerificationScreen(ResultFrame[int]):
    """Keys one stack a second time and settles what differs; dismissed with the stack to verify
    next, or None."""

    HELP: ClassVar[str] = _HELP
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "go_on", show=False, priority=True)]

    def __init__(self, entry: SecondEntry) -> None:
        super().__init__()
        self._entry = entry

    def body(self) -> ComposeResult:
        """Names, marks, the second entry's own tally."""
        self._keying = SecondKeying(self._entry, self.session.settings.void_reasons)
        self._view = SheetView(self._entry.sheet)
        with Horizontal(id="pad"):
            yield NameColumn(self._view)
            yield MarkGrid(self._keying, self._view)
            yield StackPanel(self._keying, self.session.glyphs, "第二遍")
        yield Line(id="statement")

    def on_mount(self) -> None:
        """Show what waits on this stack."""
        self._settling = False
        self._lay_out()
        self.query_one(MarkGrid).focus()
        grades = " ".join(f"{n}{name}" for n, name in enumerate(self._entry.sheet.scale.grades, 1))
        self.set_hints(f"{grades}  {_KEYS}")
        self._show_title()
        self._state(self._keying.greeting)

    def on_resize(self) -> None:
        """Fit names, marks and tally into the width there is."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.app.size.width
        self._view.fit_cells(width - _PANEL - 22)
        panel = _PANEL if width - self._view.width - _PANEL >= 14 else 0
        names = max(width - self._view.width - panel, 8)
        self.query_one(NameColumn).styles.width = names
        self.query_one(MarkGrid).styles.width = self._view.width
        stack_panel = self.query_one(StackPanel)
        # On a short stack the tally would give away what was keyed, while differences are settled.
        stack_panel.display = bool(panel)
        stack_panel.visible = self._keying.difference is None
        stack_panel.styles.width = panel or 1
        stack_panel.update(changed=True)

    def _state(self, text: str, *, refused: bool = False) -> None:
        """Show the place that is keyed, what to do, a question or a refusal."""
        line = self.query_one("#statement", Line)
        line.set_class(refused, "refused")
        line.show(text)

    def _show_title(self) -> None:
        entry = self._entry
        number = f" 第{entry.stack.number}批" if entry.stack.number > 1 else ""
        subject = f"{entry.stack.subject} " if entry.stack.subject else ""
        left = (
            f"复核 > {entry.poll.short} > {subject}{entry.level_name}票"
            f" > {entry.stack.group.name}{number}"
        )
        if entry.step > 1:
            right = f"第 {self._keying.position} 张（每 {entry.step} 张抽 1 张）/ {entry.returned}"
        else:
            right = f"第 {self._keying.position} 票 / 收回 {entry.returned}"
        state = "核对 " if self._keying.difference is not None else ""
        self.set_title(f"{left}    {state}{right}")

    def on_mark_grid_answered(self, event: MarkGrid.Answered) -> None:
        """Say what came of a key: what was stored on its own line, what to do above it."""
        reply, keying = event.reply, self._keying
        if reply.act is Act.COMMIT:
            self.say(reply.message)
            settling = keying.difference is not None
            if settling != self._settling:
                self._settling = settling
                self.query_one(StackPanel).visible = not settling
            self._state(keying.statement if settling or keying.finished else "")
        elif reply.message:
            self._state(reply.message, refused=reply.act is Act.REFUSED)
        elif keying.difference is not None:
            self._state(keying.statement)
        elif reply.act is Act.MOVED:
            self._state(self._view.place_text(keying.shown.cursor))
        else:
            self._state("")
        if reply.act in (Act.COMMIT, Act.MOVED, Act.ASKED):
            self._show_title()
        self.query_one(StackPanel).update(changed=reply.act is Act.COMMIT)

    def on_mark_grid_next_subject(self) -> None:
        """Show the tally of the subject that is keyed now."""
        self.query_one(StackPanel).update(changed=False)

    def on_mark_grid_scrolled(self) -> None:
        """Keep the names beside their marks."""
        self.query_one(NameColumn).refresh()

    def action_go_on(self) -> None:
        """On to the differences, or to the unit's next stack once this one is verified."""
        if not self._keying.finished:
            self.query_one(MarkGrid).take("f2")
            return
        following = next_to_verify(self._entry.poll.id)
        if following is None:
            self._state("本单位录完的各批都已复核一致：Esc返回")
        else:
            self.dismiss(following)

    def action_leave(self) -> None:
        """Back from a question; else leave: all that was keyed is kept already."""
        if not self.query_one(MarkGrid).step_back():
            self.dismiss()


def next_to_verify(poll_id: int) -> int | None:
    """The poll's first stack that is keyed and not verified yet."""
    states = second_entry.of_poll(poll_id)
    for stack in stacks(poll_id):
        keyed = stack.returned > 0 and stack.balance.missing <= 0
        if keyed and not states[stack.stack_id].satisfied:
            return stack.stack_id
    return None


def verify_stack(app: App[None], stack_id: int, then: Callable[[], object]) -> AwaitMount:
    """Open a stack's second entry, and the next one for as long as that is asked for; `then` is
    called when the pad is left. Raises `RefusedError` if the stack cannot be verified."""

    def left(following: int | None) -> None:
        if following is None:
            then()
        else:
            verify_stack(app, following, then)

    return app.push_screen(VerificationScreen(second_entry.verify(stack_id)), left)
