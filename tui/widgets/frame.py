"""The frame of every screen: a title line, the body, a message line, a line of keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from models.refusal import RefusedError
from tui.session import Session, SessionApp
from tui.words.columns import plain
from tui.words.ways import SCREEN

Result = TypeVar("Result")


class Line(Static):
    """Some lines of plain text."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(_plain_lines(text), id=id)
        self.text = text

    def show(self, text: str) -> None:
        """Show `text`, unless it is what is shown already."""
        if text != self.text:
            self.text = text
            # A line of fixed height moves nothing else: no new layout, which costs 10 ms.
            height = self.styles.height
            self.update(_plain_lines(text), layout=height is None or height.is_auto)


def _plain_lines(text: str) -> Content:
    return Content("\n").join(plain(line) for line in text.split("\n"))


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


class ResultFrame(LeavesOnce[Result]):
    """A screen that is dismissed with a `Result`, or with None when the user leaves it."""

    TITLE_TEXT: ClassVar[str] = ""
    """The title line at first."""
    HINTS: ClassVar[str] = "Esc返回  F1帮助"
    """The last line at first: the keys that matter."""
    HELP: ClassVar[str] = ""
    """What F1 shows; the hints where it is empty."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("f1", "help", show=False, priority=True),
    ]

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
        yield Line(self.TITLE_TEXT, id="title")
        yield from self.body()
        yield Line(id="message")
        yield Line(self.HINTS, id="hints")

    def body(self) -> ComposeResult:
        """The widgets between title and message."""
        yield from ()

    def set_title(self, text: str) -> None:
        """Show `text` on the title line."""
        self.query_one("#title", Line).show(text)

    def say(self, text: str, *, refused: bool = False) -> None:
        """Show `text` on the message line, in red if something was `refused`."""
        line = self.query_one("#message", Line)
        line.set_class(refused, "refused")
        line.show(text)

    def set_hints(self, text: str) -> None:
        """Show `text` on the line of keys."""
        self.query_one("#hints", Line).show(text)

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
        second, and only while this screen is on top."""

        def look() -> None:
            if not self.is_current:
                return
            with self.refusals():
                if self.session.store.changed():
                    redraw()

        self.set_interval(0.5, look)

    def writable(self) -> bool:
        """Whether this program may write to the database; if not, says why."""
        if self.session.store.read_only:
            self.say(f"只读：数据库由 {self.session.store.holder} 使用", refused=True)
            return False
        return True

    def leave_unsaved(self, *, dirty: bool) -> None:
        """Leave; if `dirty`, ask first, for what was changed is lost."""
        if dirty:
            confirmed(self, "有改动没有保存，放弃吗？", self.dismiss)
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Back to the screen before."""
        self.dismiss()

    def action_help(self) -> None:
        """Show what this screen is for and its keys."""
        self.app.push_screen(Help(self.HELP or self.HINTS))


class Frame(ResultFrame[None]):
    """A screen that gives nothing back."""


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


class Box(VerticalScroll):
    """A text in a frame; it scrolls where it does not fit, and the keys under it always show."""

    def __init__(self, text: str, keys: str) -> None:
        super().__init__(id="box")
        self._text = text
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The text, and the keys."""
        yield Line(self._text, id="text")
        yield Line(self._keys, id="keys")

    def on_mount(self) -> None:
        """Name the keys that scroll, where there is more to read."""
        self.call_after_refresh(self._name_keys)

    def _name_keys(self) -> None:
        if self.max_scroll_y:
            self.query_one("#keys", Line).show(f"{self._keys}    上下键翻看")


class Confirm(ModalScreen[bool], LeavesOnce[bool]):
    """A question before an act that cannot be undone; its result is the answer. F2 confirms, a
    key that nobody presses in passing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "answer(True)", show=False, priority=True),
        Binding("escape", "answer(False)", show=False, priority=True),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question in a box."""
        yield Box(self._question, "F2 确认    Esc 取消")

    def action_answer(self, yes: bool) -> None:
        """Hand the answer back."""
        self.dismiss(yes)


def confirmed(frame: ResultFrame[Any], question: str, act: Callable[[], object]) -> None:
    """Ask `question` over `frame`; on yes call `act`, and show a refusal on the frame."""

    def answered(yes: bool | None) -> None:
        if yes:
            with frame.refusals():
                act()

    frame.app.push_screen(Confirm(question), answered)
