"""意见归纳: the office's own summary of what voters wrote about one subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from models.results.opinions import LONGEST
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.passage import Passage

_RULE = (
    "用本机关自己的话归纳，不照抄票上的原话；\n"
    "不与任何一张票对应，不写哪一类人、几个人这样说：原话和笔迹会说出是谁写的。"
)


class OpinionScreen(Frame):
    """The summary, and the rule above it. `save` gets the text; where it raises `RefusedError`,
    the screen shows it and stays."""

    HELP: ClassVar[str] = f"""意见归纳：测评票上所写意见的归纳，写进反馈书和廉政档案。

{_RULE}"""
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", "保存", "保存；全部删去再保存，就是没有意见", "save", ALWAYS),
        Key("escape", "取消", "不保存，返回", "leave", ALWAYS),
    )

    def __init__(self, name: str, text: str, save: Callable[[str], None]) -> None:
        super().__init__()
        self._name = name
        self._text = text
        self._save = save

    def body(self) -> ComposeResult:
        """The rule, then the text."""
        yield Line(_RULE, id="round")
        yield Passage(self._text, LONGEST)

    def on_mount(self) -> None:
        """Start at the end of the text."""
        self.set_title(f"意见归纳 > {self._name}")
        self.query_one(Passage).focus()
        self._count()

    def on_key(self, event: events.Key) -> None:
        """Keys typed while the screen was being drawn belong in the text too."""
        passage = self.query_one(Passage)
        if not passage.has_focus:
            passage.take(event)

    def on_passage_changed(self, event: Passage.Changed) -> None:
        """Say how long it is."""
        self._count()
        if event.full:
            self.say(f"已满 {LONGEST} 字，请再归纳。", refused=True)

    def _count(self) -> None:
        self.say(f"{len(self.query_one(Passage).text)} / {LONGEST} 字")

    def action_save(self) -> None:
        """Save the text; leave, unless it is refused."""
        with self.refusals():
            self._save(self.query_one(Passage).text)
            self.dismiss()

    def action_leave(self) -> None:
        """Leave; ask first if something would be lost."""
        self.leave_unsaved(dirty=self.query_one(Passage).dirty)
