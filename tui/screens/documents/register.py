"""已写文书登记: the documents of a round that were written, newest first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from models.results import register
from tui.widgets.frame import Frame
from tui.widgets.listing import Listing


class RegisterScreen(Frame):
    """已写文书登记 of a round, newest first."""

    HELP: ClassVar[str] = "每写出一份文书登记一行：时间、文书、给谁、文件、SHA-256 前八位。"

    def __init__(self, round_id: int) -> None:
        super().__init__()
        self._round_id = round_id

    def body(self) -> ComposeResult:
        """The register."""
        columns = (("时间", 11), ("文书", 12), ("给谁", 8), ("摘要", 8), ("文件", 20))
        yield Listing(columns, title="已写文书", falls=(3, 4))

    def on_mount(self) -> None:
        """Show the last thousand."""
        self.set_title("已写文书登记")
        rows = register.documents(self._round_id)
        self.query_one(Listing).fill(
            [
                (
                    str(number),
                    (
                        row.at[5:16].replace("T", " "),
                        row.kind,
                        row.addressee,
                        row.sha256[:8],
                        row.path,
                    ),
                )
                for number, row in enumerate(rows)
            ]
        )
        self.query_one(Listing).focus()
        self.say("" if rows else "还没有写过文书：Esc 返回后按 F2 写出。")
