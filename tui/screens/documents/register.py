"""已写文书登记: the documents of a round that were written, newest first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from exports.writing.lapsed import lapsed_files
from models.results import register
from models.results.register import WrittenDocument
from models.rounds import life
from tui.widgets.frame import Frame, Help
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line


def in_full(row: WrittenDocument) -> str:
    """All that the register says of a document, nothing shortened."""
    moved = [f"移到  {row.moved_to}"] if row.moved_to else []
    lines = [
        f"时间  {row.at.replace('T', ' ')}",
        f"文书  {row.kind}{'' if row.official else '（计票中，非正式结果）'}",
        f"给谁  {row.addressee}",
        f"文件  {row.path}",
        *moved,
        f"摘要  {row.sha256}",
    ]
    return "\n".join(map(visible_line, lines))


class RegisterScreen(Frame):
    """已写文书登记 of a round, newest first."""

    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "看全", "光标所在的一份：完整的位置和摘要", weight=ALWAYS),
    )
    HELP: ClassVar[str] = """每写出一份文书登记一行：时间、文书、给谁、现状、文件、SHA-256 前八位。

现状：空着的在用；已重写：同一个文件后来又写过；已失效：现在的结果不再给出；
已移出：失效后移到了“已失效”文件夹，文件一栏是现在的位置。"""

    def __init__(self, round_id: int) -> None:
        super().__init__()
        self._round_id = round_id
        self._in_full: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """The register."""
        columns = (("时间", 11), ("文书", 12), ("给谁", 8), ("现状", 6), ("摘要", 8), ("文件", 20))
        yield Listing(columns, title="已写文书", falls=(4, 5))

    def on_mount(self) -> None:
        """Show the last thousand."""
        self.set_title("已写文书登记")
        rows = register.documents(self._round_id)
        states = self._states()
        self._in_full = {str(number): in_full(row) for number, row in enumerate(rows)}
        self.query_one(Listing).fill(
            [
                (
                    str(number),
                    (
                        row.at[5:16].replace("T", " "),
                        row.kind,
                        row.addressee,
                        "已移出" if row.moved_to else states.get(row.number, "已重写"),
                        row.sha256[:8],
                        row.moved_to or row.path,
                    ),
                )
                for number, row in enumerate(rows)
            ]
        )
        self.query_one(Listing).focus()
        self.say("" if rows else "还没有写过文书：Esc 返回后按 F2 写出。")

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter: all of one entry."""
        if event.key in self._in_full:
            self.app.push_screen(Help(self._in_full[event.key]))

    def _states(self) -> dict[int, str]:
        """Whether what was written last at each path still stands, by number in the register."""
        found = {each.number: "" for each in register.last_at_each_path()}
        info = life.find_by_id(self._round_id)
        lapsed = lapsed_files(self.session.settings, info)
        return found | {each.document.number: "已失效" for each in lapsed}
