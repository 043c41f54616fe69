"""Choose a file: a path to type, and below it what its folder holds, newest first."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Offset

from models.names import visible
from models.refusal import RefusedError
from tui.widgets import folder
from tui.widgets.folder import InFolder
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import ALWAYS, Key, bindings
from tui.widgets.listing import SearchedListing
from tui.words.columns import visible_line

_HELP = """选文件：用上下键选，或键入文件名的一部分、拼音、整个路径。
最近改过的文件在最前面；下次从这次的文件夹开始。"""
_UP = ".."


class FileList(SearchedListing, inherit_bindings=False):
    """The files of a folder. Enter is the screen's also where there is none."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("tab", "补全", "补全键入的名称", "screen.complete", first=False),
        *SearchedListing.KEYS,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def action_select_cursor(self) -> None:
        """Enter."""
        self.post_message(self.RowSelected(self, self.chosen or ""))


class FileChooser(Frame):
    """A file that exists, for `take`, which gets its path; where it raises `RefusedError` the
    screen stays. `last` is the path chosen before: what is typed replaces it."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "选定", "选定这个文件；在文件夹上：打开它", weight=ALWAYS),
        Key("escape", "返回", "不选，返回", "leave", ALWAYS),
    )

    def __init__(
        self, title: str, last: str, suffixes: tuple[str, ...], take: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._title_text = title
        self._suffixes = suffixes
        self._take = take
        self._typed = last
        self._fresh = bool(last)
        """Whether the path is still the one of before."""
        self._folder = folder.remembered()
        self._found: dict[str, InFolder] = {}

    def body(self) -> ComposeResult:
        """The path, then the folder."""
        yield Line(id="path")
        yield FileList(
            (("文件", 20), ("改于", 16), ("大小", 9)), title="文件夹", right=(2,), falls=(2, 1)
        )

    def on_mount(self) -> None:
        """Show the folder, with the file of before under the cursor."""
        self.set_title(self._title_text)
        self.set_focus(self.query_one(FileList))
        self._show()

    # ── typing ──

    def on_key(self, event: events.Key) -> None:
        """What is typed is a part of a name, or a path."""
        if event.key == "backspace":
            self._type("" if self._fresh else self._typed[:-1])
        elif event.character and event.is_printable:
            self._type(("" if self._fresh else self._typed) + event.character)
        else:
            return
        event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """A paste is typed text."""
        event.stop()
        self._type(("" if self._fresh else self._typed) + visible(event.text))

    def action_complete(self) -> None:
        """Complete what is typed as far as it is clear."""
        part = folder.begun(self._typed, self._folder)[1]
        before = self._typed[: len(self._typed) - len(part)] if part else self._typed
        entries = [each for name, each in self._found.items() if name != _UP]
        self._type(before + folder.completed(part, entries))

    def _type(self, text: str) -> None:
        self._typed, self._fresh = text, False
        self._show()

    def _show(self) -> None:
        """Show what is typed and what it may mean."""
        self.query_one("#path", Line).show(f"文件：{visible_line(self._typed)}_")
        self.app.cursor_position = Offset(1 + cell_len(f"文件：{self._typed}"), 1)
        wanted = "" if self._fresh else self._typed
        try:
            where, part = folder.begun(wanted, self._folder)
            if self._fresh:
                where = folder.path_of(self._typed).absolute().parent
            found = folder.entries(where, self._suffixes, part)
        except RefusedError as error:
            where, part, found = self._folder, wanted, []
            self.refuse(error)
        else:
            kinds = "、".join(self._suffixes)
            files = sum(not each.folder for each in found)
            folders = len(found) - files
            some = [f"{files} 个文件"] * bool(files) + [f"{folders} 个文件夹"] * bool(folders)
            none = f"没有叫“{part}”的文件" if part else f"这个文件夹里没有 {kinds} 文件"
            self.say("，".join(some) or f"{none}，请键入路径", refused=not found)
        self._found = {} if part else {_UP: InFolder(where.parent, True, 0, 0)}
        self._found |= {each.path.name: each for each in found}
        listing = self.query_one(FileList)
        listing.retitle(visible_line(str(where)))
        listing.fill([(name, _cells(name, each)) for name, each in self._found.items()])
        name = Path(self._typed).name if self._fresh else ""
        if name in self._found:
            listing.choose(name)
        elif found:
            listing.choose(found[0].path.name)

    # ── choosing ──

    def on_listing_row_selected(self, event: FileList.RowSelected) -> None:
        """Take the file that is typed in full, or else the one under the cursor; open a folder."""
        if self.left:
            return
        with self.refusals():
            typed = self._folder / folder.path_of(self._typed) if self._typed else None
            if typed is not None and _is_file(typed):
                self._done(self._typed if self._fresh else str(typed))
                return
            entry = self._found.get(event.key)
            if entry is None:
                raise RefusedError(f"没有文件 {self._typed}，或打不开它。请检查路径。")
            if entry.folder:
                self._type(f"{entry.path}/")
            else:
                self._done(str(entry.path))

    def _done(self, path: str) -> None:
        self._take(path)
        folder.remember((self._folder / folder.path_of(path)).absolute().parent)
        self.dismiss()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _cells(name: str, entry: InFolder) -> tuple[str, str, str]:
    if name == _UP:
        return "..  上一级", "", ""
    if entry.folder:
        return f"{name}/", "", ""
    at = datetime.datetime.fromtimestamp(entry.changed)
    return name, f"{at:%Y-%m-%d %H:%M}", f"{max(entry.size / 1024, 1):,.0f} KB"
