"""备份: the checked copies of the database, to make, to write elsewhere and to restore."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from models.database import backup, copy_elsewhere, restore
from models.database.backup import BackupFile
from models.refusal import RefusedError
from tui.widgets.folder import path_of
from tui.widgets.forms import Field, FieldKind, FormScreen
from tui.widgets.frame import Frame, Line, confirmed
from tui.widgets.keys import ALWAYS, Key
from tui.widgets.listing import Listing
from tui.words.columns import visible_line

_HELP = """备份：录入期间每 30 分钟一份，封存、导入、恢复、升级前各一份。
每份都打开、核对、逐票重数过才留下。保留两天内的全部，此后每天、每周、每月一份。

封存会销毁录入顺序，封存前的备份随之覆盖删除。另存到别处的备份仍有录入
顺序，封存后由本机关销毁；另存过哪些，日志里查“备份”。
备份和数据库在同一个磁盘上，磁盘坏了都没有：请定期另存到别的机器。"""


class BackupsScreen(Frame):
    """The backups, newest first."""

    TITLE_TEXT: ClassVar[str] = "备份"
    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "恢复", "恢复光标所在的一份：现在的数据库另存，不删", weight=ALWAYS),
        Key("f2", "立即备份", "立即备份", "make"),
        Key("f3", "另存到别处", "另存一份到别处（可加口令，用 age 格式加密）", "elsewhere"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._files: dict[str, BackupFile] = {}

    def body(self) -> ComposeResult:
        """Their folder, then the list."""
        yield Line(id="round")
        yield Listing(
            (("时间", 16), ("原因", 8), ("大小", 10), ("文件", 24)),
            title="备份",
            right=(2,),
            falls=(3,),
        )

    def on_mount(self) -> None:
        """Show what there is."""
        self._fill()
        self.query_one(Listing).focus()
        if not self._files:
            self.say("还没有备份：按 F2 立即备份。")

    def _fill(self) -> None:
        database = self.session.store.path
        self.query_one("#round", Line).show(visible_line(f"在 {backup.folder_of(database)}"))
        self._files = {each.path.name: each for each in backup.listing(database)}
        self.query_one(Listing).fill(
            [
                (
                    name,
                    (
                        f"{each.at:%Y-%m-%d %H:%M}",
                        each.reason,
                        f"{each.size / 1024:,.0f} KB",
                        name,
                    ),
                )
                for name, each in self._files.items()
            ]
        )

    def action_make(self) -> None:
        """Make a backup now."""
        if self.writable():
            with self.refusals():
                made = backup.make(self.session.store.path, "手工")
                self._fill()
                self.say(f"已备份，打开核对无误：{made.name}")

    def action_elsewhere(self) -> None:
        """Write a copy to a path of the user's choice, encrypted if there is a passphrase."""
        if not self.writable():
            return

        def save(values: dict[str, str]) -> None:
            if values["passphrase"] != values["again"]:
                raise RefusedError("两次输的口令不同，没有另存")
            target = path_of(values["path"]).absolute()
            copy_elsewhere.copy_out(self.session.store.path, target, values["passphrase"])
            self._fill()
            self.say(f"已另存，打开核对无误：{visible_line(str(target))}")

        self.app.push_screen(
            FormScreen(
                "备份另存到别处",
                (
                    Field("path", "文件", hint="新文件的路径，不能已有同名文件", required=True),
                    Field(
                        "passphrase",
                        "口令",
                        FieldKind.HIDDEN,
                        hint="加密用，丢了口令就打不开；留空则不加密",
                    ),
                    Field("again", "再输一次", FieldKind.HIDDEN, hint="和上面的口令一样"),
                ),
                save,
                asks=False,
            )
        )

    def on_listing_row_selected(self) -> None:
        """Restore the backup under the cursor, after a question."""
        chosen = self._files.get(self.query_one(Listing).chosen or "")
        if chosen is None or not self.writable():
            return
        confirmed(
            self,
            f"恢复 {chosen.at:%Y-%m-%d %H:%M} 的备份？\n"
            "现在的数据库另存在旁边，不删；此后录的票不在恢复的数据库里。\n"
            "恢复后程序退出，请重新运行 ceping。",
            lambda: self._restore(chosen),
        )

    def _restore(self, chosen: BackupFile) -> None:
        """Close the database, restore and quit: the open screens hold what the old one had."""
        store = self.session.store
        backup.make(store.path, "恢复前")
        store.close()
        done = restore.restore(chosen.path, store.path)
        self.app.exit(
            message=f"已恢复并重新核对：{done.rounds} 个轮次，{done.ballots} 张票。"
            f"原数据库保留为 {done.replaced}\n请重新运行 ceping。"
        )
