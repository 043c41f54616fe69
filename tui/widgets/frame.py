"""The frame of every screen: a title line, the body, a message line, a line of keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import App, ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget

from models.database.store import reading
from models.refusal import RefusedError
from tui.session import Session, SessionApp
from tui.widgets.command_list import CommandList
from tui.widgets.cursor_list import CursorList
from tui.widgets.keys import ALWAYS, NEVER, OFTEN, SELDOM, Key, KeyLine, bindings, merged
from tui.widgets.look import BAR
from tui.widgets.row_finder import RowFinder
from tui.words.columns import fit, shortened, visible_line, wrap
from tui.words.ways import SCREEN

Result = TypeVar("Result")

EVERYWHERE = (Key("f10", "退出", "退出程序（要确认）；已录的票都已存好", "leave_program", SELDOM),)
"""The keys of the application, which mean the same on every screen."""


class Line(Widget):
    """Some lines of plain text, broken at any character as Chinese is, and not at blanks first."""

    DEFAULT_CSS = "Line { height: auto; }"

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.text = text

    def show(self, text: str) -> None:
        """Show `text`, unless it is what is shown already."""
        if text != self.text:
            self.text = text
            # A line of fixed height moves nothing else: no new layout, which costs 10 ms.
            height = self.styles.height
            self.refresh(layout=height is None or height.is_auto)

    def _lines(self, width: int) -> list[str]:
        lines = [visible_line(line) for line in self.text.split("\n")]
        if all(cell_len(line) <= width for line in lines):
            return lines
        # A blank at which a line was broken is not drawn.
        return [
            piece.lstrip(" ") if number else piece
            for line in lines
            for number, piece in enumerate(wrap(line, width))
        ]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the longest line."""
        return max(cell_len(visible_line(line)) for line in self.text.split("\n"))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it takes."""
        return len(self._lines(width))

    def render(self) -> str:
        """The lines as text."""
        return "\n".join(visible_line(line) for line in self.text.split("\n"))

    def render_line(self, y: int) -> Strip:
        """One of them, broken to the width there is."""
        style, width = self.rich_style, self.size.width
        lines = self._lines(width)
        text = lines[y] if y < len(lines) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)


class TitleBar(Widget):
    """The first line: where one is, over the whole width."""

    def __init__(self, text: str) -> None:
        super().__init__(id="title")
        self._text = text
        self._right = ""

    def show(self, text: str, right: str = "") -> None:
        """Show `text`, and another at the right end, unless they are what is shown already."""
        if (text, right) != (self._text, self._right):
            self._text, self._right = text, right
            self.refresh()

    def render(self) -> str:
        """The line as text."""
        return f"{self._text}    {self._right}".rstrip()

    def render_line(self, y: int) -> Strip:
        """The texts, and the rest of the line in their colour."""
        room = self.size.width - 2
        right = shortened(self._right, room // 2)
        left = room - cell_len(right) - 2 * bool(right)
        text = f" {fit(shortened(self._text, left), left)}{'  ' if right else ''}{right} "
        return Strip([Segment(fit(text, self.size.width), BAR)])


def _titled(text: str, session: Session) -> str:
    """A title; in a rehearsal it says so."""
    return f"【演练】{text}" if session.store.rehearsal else text


class LeavesOnce(Screen[Result]):
    """A screen that is left once, however often the key for it comes in a burst."""

    left: bool = False
    """Whether it was left; it may still be on the screen for a moment."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with a result; nothing happens the second time, or under another screen."""
        if self.left or not self.is_current:
            return AwaitComplete()
        self.left = True
        return super().dismiss(result)


class Telling(LeavesOnce[Result]):
    """A screen with a message line, which tells also of a search in its list."""

    _missing = False  # whether the message line says that a search found nothing

    def say(self, text: str, *, refused: bool = False) -> None:
        """Show `text` on the message line, in red if something was `refused`."""
        line = self.query_one("#message", Line)
        line.set_class(refused, "refused")
        line.show(text)

    def no_use(self, name: str) -> None:
        """Say that the key of this name means nothing here."""
        self.say(f"{name}在这里没有用处；按 F1 看这里有哪些键")

    def step_back(self) -> bool:
        """End a search in the list with the focus; whether there was one. Esc goes up one step."""
        focused = self.focused
        if not (isinstance(focused, RowFinder) and focused.end_finding()):
            return False
        if self._missing:
            self._missing = False
            self.say("")
        return True

    def on_row_finder_sought(self, event: RowFinder.Sought) -> None:
        """Say that no row has what is typed, and no longer once one has."""
        if event.missing:
            self.say(f"没有“{event.missing}”。退格改，Esc 结束查找", refused=True)
        elif self._missing:
            self.say("")
        self._missing = bool(event.missing)


class ResultFrame(Telling[Result]):
    """A screen that is dismissed with a `Result`, or with None when the user leaves it."""

    TITLE_TEXT: ClassVar[str] = ""
    """The title line at first."""
    HELP: ClassVar[str] = ""
    """What it is for, and what is to be known there. The keys are told by `KEYS`."""
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("escape", "返回", "返回上一屏", "leave", ALWAYS),
        Key("f1", "帮助", "这里的帮助和全部的键", "help", ALWAYS + 1),
    )
    """Its keys; those of the classes above and of what has the focus are added."""
    RUNS_KEYS: ClassVar[bool] = True
    """Whether the keys on F1 can be chosen and filtered, or only read."""

    def __init_subclass__(cls, **options: Any) -> None:
        if "KEYS" in cls.__dict__:
            cls.BINDINGS = bindings(cls.KEYS)
        super().__init_subclass__(**options)

    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self) -> None:
        super().__init__()
        # Cleared while a screen does work that no key began, such as reading a file: keys wait.
        self.ready = asyncio.Event()
        self.ready.set()

    @property
    def session(self) -> Session:
        """The store, the settings and the terminal's glyphs."""
        assert isinstance(self.app, SessionApp)  # noqa: S101 - tells the type checker
        return self.app.session

    def compose(self) -> ComposeResult:
        """Title, body, message, keys."""
        yield TitleBar(_titled(self.TITLE_TEXT, self.session))
        yield from self.body()
        yield Line(id="message")
        yield KeyLine(id="hints")

    def body(self) -> ComposeResult:
        """The widgets between title and message."""
        yield from ()

    def set_title(self, text: str, right: str = "") -> None:
        """Show `text` on the title line, and another at its right end."""
        self.query_one(TitleBar).show(_titled(text, self.session), right)

    @classmethod
    def own_keys(cls) -> list[Key]:
        """All keys of this kind of screen, those of the classes above it last."""
        return merged(*(base.__dict__.get("KEYS", ()) for base in cls.__mro__))

    def all_keys(self) -> list[Key]:
        """All keys that mean something here: its own, and those of what has the focus."""
        own, focused = self.own_keys(), self.focused
        base = {key.name for key in ResultFrame.KEYS}
        last = [key for key in own if key.name in base]
        first = [key for key in own if key.name not in base]
        within = merged(first, *keys_within(focused))[len(merged(first)) :]
        named = [key for key in within if key.weight >= OFTEN]
        seldom = [key for key in within if NEVER < key.weight < OFTEN]
        said = {key.name for key in first}
        quiet = [key for key in within if key.weight == NEVER and key.name not in said]
        return merged([*named, *first, *seldom], quiet, last, EVERYWHERE)

    def now(self) -> set[str]:
        """The names of what is true now and keys depend on (`Key.when`)."""
        return set()

    def show_keys(self) -> None:
        """Show the keys that are of use now; called when that may have changed."""
        if not self.is_mounted or self.left:
            return
        if isinstance(self.app, SessionApp):
            self.app.in_list = isinstance(self.focused, CursorList)
        names = self.now()
        if self.focused is not None:
            for node in self.focused.ancestors_with_self:
                names |= getattr(node, "now", set)() if node is not self else set()
        keys = [key for key in self.all_keys() if not key.when or key.when in names]
        # One meaning a key: what it means now goes before what it means as a rule.
        self.query_one("#hints", KeyLine).show(merged(*([replace(key, when="")] for key in keys)))

    def watch_focused(self) -> None:
        """Other keys mean something now."""
        self.show_keys()

    def on_screen_resume(self) -> None:
        """What may be done may have changed meanwhile. Textual calls it after that of the screen
        itself, which need not."""
        self.show_keys()

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Show a `RefusedError` raised within on the message line, and go on after it."""
        try:
            yield
        except RefusedError as error:
            self.refuse(error)

    def refuse(self, error: RefusedError) -> None:
        """Show a refusal on the message line, with the key that leads out of it."""
        self.say(SCREEN.refusal(error), refused=True)

    def follow_database(self, redraw: Callable[[], None]) -> None:
        """Call `redraw` whenever another program has written to the database; looks twice a
        second, and only while this screen is on top. What could not be read is said, and read
        again at the next look."""
        unread = False

        def look() -> None:
            nonlocal unread
            if not self.is_current:
                return
            again, unread = unread, True
            with self.refusals(), reading():
                if self.session.store.changed() or again:
                    redraw()
                unread = False

        self.set_interval(0.5, look)

    def writable(self) -> bool:
        """Whether this program may write to the database; if not, says why."""
        if self.session.store.read_only:
            self.say(
                f"只读：数据库由 {self.session.store.holder} 使用。要接管，回首页按 F9",
                refused=True,
            )
            return False
        return True

    def leave_unsaved(self, *, dirty: bool) -> None:
        """Leave; if `dirty`, ask first, for what was changed is lost."""
        if dirty:
            confirmed(self, "有改动没有保存，放弃吗？", self.dismiss, yes="放弃改动")
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Back from a search, or to the screen before."""
        if not self.step_back():
            self.dismiss()

    def action_help(self) -> None:
        """Show what this screen is for and its keys; press the one that is chosen there."""

        def chosen(key: Key | None) -> None:
            if key is not None:
                name = key.typed
                character = key.name if len(key.name) == 1 else None
                self.app.post_message(events.Key(name, character))

        self.app.push_screen(Palette(self.HELP, self.all_keys(), runs=self.RUNS_KEYS), chosen)


def keys_within(focused: Widget | None) -> list[tuple[Key, ...]]:
    """The keys of what has the focus and of what it stands in, the screen apart."""
    if focused is None:
        return []
    nodes = (node for node in focused.ancestors_with_self if not isinstance(node, Screen | App))
    return [getattr(node, "KEYS", ()) for node in nodes]


class Frame(ResultFrame[None]):
    """A screen that gives nothing back."""


class Palette(ModalScreen[Key | None], LeavesOnce[Key | None]):
    """F1 of a screen: its help, and below it all keys, to be chosen from if it `runs` them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False, priority=True),
        Binding("f1", "dismiss", show=False, priority=True),
    ]

    def __init__(self, text: str, keys: Sequence[Key], *, runs: bool) -> None:
        super().__init__()
        self._list = CommandList(text, keys, runs=runs)
        self._runs = runs

    def compose(self) -> ComposeResult:
        """The list in a frame."""
        with Vertical(id="palette"):
            yield self._list
            yield Line("Esc 返回  上下键翻看" + ("  Enter 执行" if self._runs else ""), id="keys")

    def on_mount(self) -> None:
        """Keys go to the list."""
        self._list.focus()

    def on_command_list_chosen(self, event: CommandList.Chosen) -> None:
        """Leave, and have it pressed."""
        self.dismiss(event.key)

    def action_back(self) -> None:
        """Take back what was typed, or leave."""
        if self._list.wanted:
            self._list.look_for("")
        else:
            self.dismiss()


class Help(ModalScreen[None], LeavesOnce[None]):
    """帮助 of one screen, or another text to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,enter,ctrl+j", "dismiss", show=False, priority=True)
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a box."""
        yield Box(self._text, "Esc 返回")


class Box(Vertical):
    """A text in a frame; it scrolls where it does not fit, and the keys under it always show."""

    _AROUND = 6  # lines of the frame and of the keys

    def __init__(self, text: str, keys: str) -> None:
        super().__init__(id="box")
        self._text = text
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The text, and the keys."""
        with VerticalScroll(id="scrolled"):
            yield Line(self._text, id="text")
        yield Line(self._keys, id="keys")

    def on_mount(self) -> None:
        """Keep the text within the window."""
        self._fit(self.app.size.height)

    def on_resize(self) -> None:
        """Keep the text within the window."""
        self._fit(self.app.size.height)

    def _fit(self, lines: int) -> None:
        """Leave room for the keys; name those that scroll, where there is more to read."""
        self.query_one("#scrolled").styles.max_height = max(lines * 9 // 10 - self._AROUND, 1)
        self.call_after_refresh(self._name_keys)

    def _name_keys(self) -> None:
        more = "    上下键翻看" if self.query_one("#scrolled").max_scroll_y else ""
        self.query_one("#keys", Line).show(f"{self._keys}{more}")


class Confirm(ModalScreen[bool], LeavesOnce[bool]):
    """A question before an act; its result is the answer. F2 confirms, a key that nobody presses
    in passing; where nothing can be lost (`safe`) Enter does too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "answer(True)", show=False, priority=True),
        Binding("enter,ctrl+j", "answer_safely", show=False, priority=True),
        Binding("escape", "answer(False)", show=False, priority=True),
    ]

    def __init__(self, question: str, *, safe: bool = False, yes: str = "确认") -> None:
        super().__init__()
        self._question = question
        self._safe = safe
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question in a box."""
        key = "Enter" if self._safe else "F2"
        yield Box(self._question, f"{key} {self._yes}    Esc 取消")

    def action_answer_safely(self) -> None:
        """Enter: a yes where nothing can be lost."""
        if self._safe:
            self.dismiss(True)

    def action_answer(self, yes: bool) -> None:
        """Hand the answer back."""
        self.dismiss(yes)


def confirmed(
    frame: ResultFrame[Any], question: str, act: Callable[[], object], *, yes: str = "确认"
) -> None:
    """Ask `question` over `frame`; on `yes`, the word for what is then done, call `act`, and show a
    refusal on the frame."""

    def answered(yes: bool | None) -> None:
        if yes:
            with frame.refusals():
                act()

    frame.app.push_screen(Confirm(question, yes=yes), answered)
