"""The pad on one stack: 录票, and 复核 with what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widget import AwaitMount

from models.entry import first_entry, progress, second_entry
from models.entry.first_keying import FirstKeying
from models.entry.keying import Act, Effect
from models.entry.second_keying import SecondKeying
from models.rounds.contents import void_reasons
from tui.session import Session
from tui.widgets.frame import Line, ResultFrame
from tui.widgets.keys import ALWAYS, OFTEN, Key
from tui.widgets.pad import MarkGrid, NameColumn, SheetView
from tui.widgets.stack_panel import StackPanel
from tui.words.keying import words

_PANEL = 23
_FIRST_HELP = """录票：照纸票逐项录入，录满一票按 Enter 存票。整票一样的票按 1 + Enter。

每按一键即存。断线、关机都不丢已录的票。"""
_SECOND_HELP = """复核：把整批纸票照原来的次序再录一遍，看不到第一次录的内容。

核对时只录不同的各处，两次录的内容都不显示；
再录的必须与其中一次相同，就以它为准，两次都改成它。
两次都录错的：Esc 离开，到录票里翻看更正第一次录入，再来核对。

每按一键即存。断线、关机都不丢。"""


class PadScreen(ResultFrame[int]):
    """Keys one stack; dismissed with the stack to go on with, or None. What a first and a second
    entry do differently stands in its two classes."""

    RUNS_KEYS: ClassVar[bool] = False
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("escape", "离开", "离开；录到一半的票自动保留，下次接着录", "leave", ALWAYS, "marking"),
        Key("escape", "返回", "从翻看、提问回到正在录的票", "leave", ALWAYS, "aside"),
    )
    PANEL_TITLE: ClassVar[str]

    def __init__(self, keying: FirstKeying | SecondKeying) -> None:
        super().__init__()
        self._pad = keying
        self._view = SheetView(keying.entry.sheet)
        self._mode: tuple[bool, ...] = ()

    def body(self) -> ComposeResult:
        """Names, marks, live tally."""
        with Horizontal(id="pad"):
            yield NameColumn(self._view)
            yield MarkGrid(self._pad, self._view)
            yield StackPanel(self._pad, self.session.glyphs, self.PANEL_TITLE)
        yield Line(id="statement")

    def on_mount(self) -> None:
        """Show what waits on this stack."""
        self._lay_out()
        self.query_one(MarkGrid).focus()
        self._show_title()
        greeting = words(self._pad.greeting())
        self.state(greeting or self._view.place_text(self._pad.ballot.cursor))

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
        stack_panel.display = bool(panel)
        stack_panel.styles.width = panel or 1
        stack_panel.update(changed=True)

    def state(self, text: str, *, refused: bool = False) -> None:
        """Show the place that is keyed, what to do, a question or a refusal."""
        line = self.query_one("#statement", Line)
        line.set_class(refused, "refused")
        line.show(text)

    def stack_name(self) -> str:
        """The unit, sheet, voter group and number of the stack."""
        entry = self._pad.entry
        number = f" 第{entry.stack.number}批" if entry.stack.number > 1 else ""
        subject = f"{entry.stack.subject} " if entry.stack.subject else ""
        return (
            f"{entry.poll.short} > {subject}{entry.level_name}票 > {entry.stack.group.name}{number}"
        )

    def heading(self) -> tuple[str, str]:
        """What is keyed, and which ballot of how many is on the screen."""
        return self.stack_name(), f"第 {self._pad.position} 票 / 收回 {self._pad.entry.returned}"

    def _show_title(self) -> None:
        self.set_title("    ".join(self.heading()))

    def statement(self) -> str:
        """What stands above the keys after a ballot was stored."""
        return ""

    def on_mark_grid_answered(self, event: MarkGrid.Answered) -> None:
        """Say what came of a key: a stored ballot on its own line, all else above it."""
        reply = event.reply
        if reply.effect is Effect.STORED:
            self.say(words(reply.said))
            self.state(self.statement())
        elif reply.said:
            self.state(words(reply.said), refused=reply.effect is Effect.REFUSED)
        elif reply.effect is Effect.MOVED:
            self.state(self.statement() or self._view.place_text(self._pad.shown.cursor))
        else:
            self.state(self.statement())
        if reply.effect in (Effect.STORED, Effect.MOVED, Effect.ASKED):
            self._show_title()
        self.query_one(StackPanel).update(changed=reply.effect is Effect.STORED)
        if (mode := self._now) != self._mode:
            self._mode = mode
            self.show_keys()

    # ── what the keys mean now ──

    @property
    def _now(self) -> tuple[bool, ...]:
        return self.looking, self.asking, self.marking, self.finished

    @property
    def looking(self) -> bool:
        """Whether an earlier ballot is on the screen, and nothing is asked."""
        return bool(self._pad.looking) and not self.asking

    @property
    def asking(self) -> bool:
        """Whether a question waits for its answer."""
        return self._pad.shown.asking_void or self._pad.asking

    @property
    def aside(self) -> bool:
        """Whether Esc leads back to the ballot in hand."""
        return self.looking or self.asking

    @property
    def finished(self) -> bool:
        """Whether all of the stack is keyed."""
        return self._pad.finished and not self.aside

    @property
    def unfinished(self) -> bool:
        """Whether it is not."""
        return not self._pad.finished and not self.aside

    @property
    def marking(self) -> bool:
        """Whether marks are keyed: nothing is asked, and no earlier ballot looked at."""
        return not self.aside

    def on_mark_grid_next_subject(self) -> None:
        """Show the tally of the subject that is keyed now."""
        self.query_one(StackPanel).update(changed=False)

    def on_mark_grid_scrolled(self) -> None:
        """Keep the names beside their marks."""
        self.query_one(NameColumn).refresh()

    def action_leave(self) -> None:
        """Back from a question or an earlier ballot; else leave: all that was keyed is kept
        already."""
        if not self.query_one(MarkGrid).step_back():
            self.dismiss()


class FirstPad(PadScreen):
    """录票: keys a stack to the end."""

    HELP: ClassVar[str] = _FIRST_HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "录下一批", "本批录完后：录本单位的下一批", "go_on", ALWAYS, "finished"),
        Key("pageup", "翻看", "翻看本批已录的票；改动后按 Enter 更正，要选原因", when="marking"),
        Key("pageup", "往前", "翻看时：再往前一票", when="looking"),
        Key("pagedown", "往后", "翻看时：往后一票", when="looking", named="PgDn"),
        Key("delete", "撤销本票", "翻看时：撤销这一票（重复录入），要选原因", when="looking"),
    )
    PANEL_TITLE = "本批得票"

    def __init__(self, keying: FirstKeying) -> None:
        super().__init__(keying)
        self._keying = keying

    def heading(self) -> tuple[str, str]:
        """The year before the stack; whether an earlier ballot is looked at."""
        stack, place = super().heading()
        state = "翻看 " if self._keying.looking else ""
        return f"{self._keying.entry.round.plan.year}年度 > {stack}", f"{state}{place}"

    def action_go_on(self) -> None:
        """On to the next stack of this unit: by a key that no hand presses while keying."""
        following = progress.next_stack(self._keying.entry.poll.id)
        if not self._keying.finished:
            self.state("本批还没有录完：录完再录下一批，或按 Esc 返回", refused=True)
        elif following is None:
            self.state("本单位各批都已录完：Esc返回")
        else:
            self.dismiss(following.stack_id)


class SecondPad(PadScreen):
    """复核: keys a stack a second time and settles what differs."""

    HELP: ClassVar[str] = _SECOND_HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "确认", "回答提问", "go_on", ALWAYS, "asking_check"),
        Key("f2", "复核下一批", "本批复核一致后：复核本单位的下一批", "go_on", ALWAYS, "finished"),
        Key("f2", "核对", "录完后：两次不同的票，一张一张照纸票再录", "go_on", OFTEN, "unfinished"),
        Key("delete", "没有这张", "核对漏录、多录的票时：去掉重复录的一张", when="settling"),
    )
    PANEL_TITLE = "第二遍"

    def __init__(self, keying: SecondKeying) -> None:
        super().__init__(keying)
        self._keying = keying

    def heading(self) -> tuple[str, str]:
        """The stack; which paper of how many, of a sample too."""
        stack, place = super().heading()
        step = self._keying.entry.step
        if step > 1:
            returned = self._keying.entry.returned
            place = f"第 {self._keying.position} 张（每 {step} 张抽 1 张）/ {returned}"
        state = "核对 " if self._keying.difference is not None else ""
        return f"复核 > {stack}", f"{state}{place}"

    @property
    def settling(self) -> bool:
        """Whether a difference is being settled."""
        return self._keying.difference is not None and not self.aside

    @property
    def asking_check(self) -> bool:
        """Whether a question is answered by F2."""
        return self._keying.asking

    @property
    def unfinished(self) -> bool:
        """Whether the second entry goes on."""
        return super().unfinished and not self.settling

    @property
    def _now(self) -> tuple[bool, ...]:
        return *super()._now, self.settling, self.asking_check

    def statement(self) -> str:
        """What differs, while that is settled; else what is left to do once all is done."""
        settling = self._keying.difference is not None
        # On a short stack the tally would give away what was keyed.
        self.query_one(StackPanel).visible = not settling
        return words(self._keying.statement()) if settling or self._keying.finished else ""

    def action_go_on(self) -> None:
        """On to the differences, or to the unit's next stack once this one is verified."""
        if not self._keying.finished:
            self.query_one(MarkGrid).take(Act.CHECK)
            return
        following = second_entry.next_to_verify(self._keying.entry.poll.id)
        if following is None:
            self.state("本单位录完的各批都已复核一致：Esc返回")
        else:
            self.dismiss(following.stack_id)


def key_stack(
    app: App[Any], session: Session, stack_id: int, then: Callable[[], object]
) -> AwaitMount:
    """Open the pad on a stack, and on the next one for as long as that is asked for; `then` is
    called when the pad is left. Raises `RefusedError` if the stack cannot be keyed."""
    settings = session.settings

    def pad(stack: int) -> FirstPad:
        entry = first_entry.enter(stack)
        reasons = void_reasons(entry.round, settings)
        return FirstPad(FirstKeying(entry, reasons, settings.correction_reasons))

    return _open(app, pad, stack_id, then)


def verify_stack(
    app: App[Any], session: Session, stack_id: int, then: Callable[[], object]
) -> AwaitMount:
    """The same for a stack's second entry."""
    settings = session.settings

    def pad(stack: int) -> SecondPad:
        entry = second_entry.verify(stack)
        return SecondPad(SecondKeying(entry, void_reasons(entry.round, settings)))

    return _open(app, pad, stack_id, then)


def _open(
    app: App[Any], pad: Callable[[int], PadScreen], stack_id: int, then: Callable[[], object]
) -> AwaitMount:
    def left(following: int | None) -> None:
        if following is None:
            then()
        else:
            _open(app, pad, following, then)

    return app.push_screen(pad(stack_id), left)
