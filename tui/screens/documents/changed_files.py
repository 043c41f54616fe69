"""Asks once what to do with files that somebody changed after this program wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.widgets.frame import Box, LeavesOnce
from tui.words.columns import shortened

_MOST_NAMED = 8
_WIDTH = 64  # of a file's name, without the round's folder; one line each on 80 columns


class Choice(Enum):
    """What becomes of the changed files."""

    KEEP = "keep"
    BESIDE = "beside"
    OVERWRITE = "overwrite"


class ChangedFiles(ModalScreen[Choice | None], LeavesOnce[Choice | None]):
    """The files, and three ways to go on; None if nothing is to be written. The key that began
    the writing, if still pressed, chooses the way that loses nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,enter,ctrl+j", "answer('keep')", show=False, priority=True),
        Binding("f3", "answer('beside')", show=False, priority=True),
        Binding("f4", "answer('overwrite')", show=False, priority=True),
        Binding("escape", "dismiss", show=False, priority=True),
    ]

    def __init__(self, files: Sequence[str], folder: Path) -> None:
        super().__init__()
        self._files = files
        self._folder = folder

    def compose(self) -> ComposeResult:
        """The question in a box."""
        named = [
            shortened("/".join(Path(file).relative_to(self._folder).parts[1:]), _WIDTH)
            for file in self._files[:_MOST_NAMED]
        ]
        more = len(self._files) - len(named)
        rest = [f"以及另外 {more} 个"] if more > 0 else []
        text = [
            f"这 {len(self._files)} 个文件写出后有人改过，或者不是本程序写的：",
            "",
            *named,
            *rest,
            "",
            "F2  保留，这几份不写（Enter 同）",
            "F3  保留，新的另存在旁边，文件名加“_新版”",
            "F4  覆盖，改动就没有了",
        ]
        yield Box("\n".join(text), "Esc 都不写")

    def action_answer(self, choice: str) -> None:
        """Hand the answer back."""
        self.dismiss(Choice(choice))
