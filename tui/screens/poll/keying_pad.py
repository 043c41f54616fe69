"""The pad on one stack: 录票, and 复核 with what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import AwaitMount

from models.entry import first_entry, progress, second_entry
from models.entry.first_keying import FirstKeying
from models.entry.keying import Act, Effect, Reply, refused
from models.entry.notices import Notice
from models.entry.second_entry import SecondEntry
from models.entry.second_keying import SecondKeying
from models.rounds.contents import void_reasons
from tui.screens.poll.sitting import Sitting
from tui.session import Session
from tui.widgets.frame import Line, ResultFrame
from tui.widgets.keys import ALWAYS, OFTEN, SELDOM, Key
from tui.widgets.pad import MarkGrid
from tui.widgets.sheet_parts import LineTexts, NameColumn, SheetFoot, StackProgress
from tui.widgets.sheet_view import PAPER, SheetView
from tui.widgets.stack_panel import LastBallots, StackPanel
from tui.words.keying import words

_PANEL = 24
_GAP = 2
_LAST, _MOST_LAST = 16, 60
_ROOM_FOR_PANEL = 72
_WIDE = 120  # columns from which the last ballots stand beside
_TEXTS = 52  # columns that the items are readable in
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
        Key("f3", "本次", "这一次坐下来录了多少、多快", "figures", SELDOM, "marking"),
        Key("escape", "离开", "离开；录到一半的票自动保留，下次接着录", "leave", ALWAYS, "marking"),
        Key("escape", "返回", "从翻看、提问回到正在录的票", "leave", ALWAYS, "aside"),
    )
    PANEL_TITLE: ClassVar[str]
    LOOKS_BACK: ClassVar[bool] = True
    """Whether the ballots keyed last may be shown."""
    LINES_AROUND: ClassVar[int] = 8
    """Title, progress, statement, message and keys, and the legend."""

    def __init__(self, keying: FirstKeying | SecondKeying) -> None:
        super().__init__()
        self._pad = keying
        self._view = SheetView(keying.entry.sheet)
        self._sitting = Sitting(keying.entry.entered)
        self._before: set[str] = set()
        self._told_rows = 3
        # What is drawn once no key waits: the counts, and what else more than a mark changes.
        self._counted, self._more_changed = False, True

    def body(self) -> ComposeResult:
        """How far the stack is; the sheet with its foot, the live tally, the last ballots."""
        glyphs, view = self.session.glyphs, self._view
        # Kept at hand: to look for a widget costs more than to draw it.
        self._progress = StackProgress(glyphs)
        self._names, self._grid = NameColumn(view, glyphs), MarkGrid(self._pad, view, self)
        self._texts, self._foot = LineTexts(view), SheetFoot(view)
        self._panel = StackPanel(self._pad, glyphs, self.PANEL_TITLE)
        self._last = LastBallots(view.sheet, glyphs)
        self._told = Line(id="statement")
        yield self._progress
        with Horizontal(id="pad"):
            with Vertical(id="sheet"):
                with Horizontal(id="marks"):
                    yield self._names
                    yield self._grid
                    if view.single:
                        yield self._texts
                yield self._foot
            yield self._panel
            if self.LOOKS_BACK:
                yield self._last
        yield self._told

    def on_mount(self) -> None:
        """Show what waits on this stack."""
        self._lay_out()
        self._grid.focus()
        self.settled()
        greeting = words(self._pad.greeting())
        self.state(greeting or self._view.place_text(self._pad.ballot.cursor))

    def no_use(self, name: str) -> None:
        """A key that means nothing is told where the pad speaks."""
        self.state(words(refused(Notice.NO_USE).said))

    def on_resize(self) -> None:
        """Fit names, marks and tally into the width there is."""
        self._lay_out()

    def _lay_out(self) -> None:
        width, height = self.app.size.width, self.app.size.height
        view = self._view
        beside = _PANEL + _GAP
        panel = width >= _ROOM_FOR_PANEL and view.fit(width - beside - 1)
        if not panel:
            view.fit(width - 1)
        last = self.LOOKS_BACK and panel and width >= _WIDE
        sheet = view.name_width + view.width
        if view.single or last or not panel:
            # What the sheet leaves goes to the texts.
            taken = beside * bool(panel) + (_LAST + _GAP) * bool(last)
            sheet = max(sheet, min(PAPER, width - 1 - taken))
        sheet = max(sheet, min(PAPER, width - 1 - beside * bool(panel), _TEXTS))
        self._names.styles.width = view.name_width
        self._grid.styles.width = view.width
        self.query_one("#sheet").styles.width = sheet
        room = max(height - self.LINES_AROUND, 2)
        self.query_one("#marks").styles.height = min(view.rows + 1, room)
        self._told.styles.height = self._told_rows = 2 if height < 30 and width >= 80 else 3
        self._panel.display = bool(panel)
        self._panel.update(changed=True)
        self._last.display = bool(last)
        self._last.styles.width = max(min(width - sheet - beside - _GAP, _MOST_LAST), _LAST)
        if last:
            self.call_after_refresh(_show_last, self._last, self._pad)

    def state(self, text: str, *, refused: bool = False) -> None:
        """Show the place that is keyed, what to do, a question or a refusal."""
        line, rows = self._told, self._told_rows
        if refused:
            # What went wrong is read in full, a long path in it too.
            rows = max(rows, -(-cell_len(text) // max(self.app.size.width - 4, 1)))
        line.styles.height = rows
        line.set_class(refused, "refused")
        line.show(text)

    def say(self, text: str, *, refused: bool = False) -> None:
        """Say what became of a ballot on a line of its own, a refusal above it."""
        if refused:
            self.state(text, refused=True)
        else:
            super().say(text)

    def heading(self) -> str:
        """The unit, sheet, voter group and number of the stack."""
        entry = self._pad.entry
        number = f" 第{entry.stack.number}批" if entry.stack.number > 1 else ""
        subject = f"{entry.stack.subject} " if entry.stack.subject else ""
        return (
            f"{entry.poll.short} > {subject}{entry.level_name}票 > {entry.stack.group.name}{number}"
        )

    def place(self) -> str:
        """Which ballot of how many is on the screen."""
        return f"第 {self._pad.position} 票 / 收回 {self._pad.entry.returned}"

    def statement(self) -> str:
        """What stands above the keys after a ballot was stored."""
        return ""

    # ── what came of a key ──

    def answered(self, reply: Reply) -> None:
        """Say what came of a key: a stored ballot on its own line, all else above it."""
        if reply.effect is Effect.STORED:
            self.say(words(reply.said))
            self.state(self.statement())
            self._sitting.stored()
            self._counted = True
        elif reply.said:
            self.state(words(reply.said), refused=reply.effect is Effect.REFUSED)
        elif reply.effect is Effect.MOVED:
            self.state(self.statement() or self._view.place_text(self._pad.shown.cursor))
        else:
            self.state(self.statement())
        self._more_changed = True

    def _show_keys_of_now(self) -> None:
        if (now := self.now()) != self._before:
            self._before = now
            self.show_keys()

    def settled(self) -> None:
        """Light the row that is keyed now; show the tally of its subject, and what a stored
        ballot changed."""
        self._names.light(self._grid.row)
        self._panel.update(changed=self._counted)
        if self._counted:
            _show_last(self._last, self._pad)
        if self._more_changed:
            entry = self._pad.entry
            wanted = entry.needed if isinstance(entry, SecondEntry) else entry.returned
            self.set_title(self.heading())
            self._progress.show(self.place(), entry.entered, wanted)
            self._show_keys_of_now()
        self._counted = self._more_changed = False

    def scrolled(self) -> None:
        """Keep the names beside their marks."""
        self._names.refresh()
        self._texts.refresh()

    def asked(self, number: str | None) -> None:
        """Ask for the number of a row, as far as it is typed."""
        view = self._view
        if number is None:
            self.state(self.statement() or view.place_text(self._pad.shown.cursor))
        else:
            what = "项" if view.single else "人"
            self.state(f"找第几{what}（1 至 {view.rows}）：{number}_  Enter到  .不找")
        self._show_keys_of_now()

    def action_figures(self) -> None:
        """F3: what was keyed since the pad was opened."""
        sheet = self._view.sheet
        self.state(self._sitting.words(self._pad.entry.entered, len(sheet.places)))

    def rest(self) -> bool:
        """The hand has rested: the item that is keyed in full, where not all are shown. Whether
        that was said on the line above the keys, and is to be taken back."""
        if self.left:
            return False
        view, cursor = self._view, self._pad.shown.cursor
        line, here = view.item_of(cursor), view.place_text(cursor)
        shown = self._foot.rest_on(line)
        if shown or self._told.text not in ("", here):
            return False
        self.state(f"{here}  {view.statement(line).partition(' ')[2]}".rstrip())
        return True

    def now(self) -> set[str]:
        """What its keys depend on: one of seeking a row, asking, looking back, marking."""
        pad = self._pad
        if self._grid.seeking:
            return {"seeking", "aside"}
        if pad.asking or pad.shown.asking_void:
            return {"asking", "aside"}
        if pad.looking:
            return {"looking", "aside"}
        return {"marking", "finished" if pad.finished else "unfinished"}

    def action_leave(self) -> None:
        """Back from a question or an earlier ballot; else leave: all that was keyed is kept
        already."""
        if not self._grid.step_back():
            self.dismiss()


def _show_last(last: LastBallots, keying: FirstKeying | SecondKeying) -> None:
    """The last ballots of the stack, where there is room for them."""
    if last.is_attached and last.display:
        last.update(keying.entry.entered, keying.entry.ballots.find)


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

    def heading(self) -> str:
        """The year before the stack."""
        return f"{self._keying.entry.round.plan.year}年度 > {super().heading()}"

    def place(self) -> str:
        """Whether an earlier ballot is looked at."""
        return f"{'翻看 ' if self._keying.looking else ''}{super().place()}"

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
    PANEL_TITLE = "第二遍得票"
    LOOKS_BACK = False

    def __init__(self, keying: SecondKeying) -> None:
        super().__init__(keying)
        self._keying = keying

    def heading(self) -> str:
        """The stack."""
        return f"复核 > {super().heading()}"

    def place(self) -> str:
        """Which paper of how many, of a sample too; never one more than there are."""
        entry, position = self._keying.entry, self._keying.position
        if self._keying.difference is not None:
            return f"核对 第 {position} 张 / 收回 {entry.returned}"
        if entry.reached and not self._keying.finished and self._keying.ballot.empty:
            return f"第二遍已录完 / 收回 {entry.returned}"
        if entry.sampled:
            number = min(entry.entered + 1, entry.needed)
            return f"第 {position} 张（抽查 {number}/{entry.needed}）/ 收回 {entry.returned}"
        return f"第 {min(position, entry.returned)} 票 / 收回 {entry.returned}"

    def now(self) -> set[str]:
        """Also whether a difference is being settled, or a question is answered by F2."""
        names = super().now()
        if self._keying.asking:
            names.add("asking_check")
        elif self._keying.difference is not None and "marking" in names:
            names = names - {"unfinished"} | {"settling"}
        return names

    def statement(self) -> str:
        """What differs, while that is settled; else what is left to do once all is done."""
        settling = self._keying.difference is not None
        # On a short stack the tally would give away what was keyed.
        self._panel.visible = not settling
        return words(self._keying.statement()) if settling or self._keying.finished else ""

    def action_go_on(self) -> None:
        """On to the differences, or to the unit's next stack once this one is verified."""
        if not self._keying.finished:
            self._grid.take(Act.CHECK)
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
