"""Ways out of a refusal or a finding, in words.

A screen names the key that leads on, the command line the command; nothing below names either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.refusal import RefusedError, Way


@dataclass(frozen=True)
class Surface:
    """Where words are shown, and how one goes on from there."""

    ways: Mapping[Way, str]
    """A clause for each way, without its full stop; `{}` is what the way is taken with."""

    def way(self, way: Way, target: str = "") -> str:
        """The clause that leads along a way, taken with `target`."""
        return self.ways[way].format(target or _UNNAMED)

    def refusal(self, error: RefusedError) -> str:
        """The whole of a refusal: what is wrong, and the way out."""
        return f"{error}{self.way(error.way, error.target)}。" if error.way else str(error)


# Only a backup is ever taken along; where none was found, any will do.
_UNNAMED = "备份文件"
_RECOUNT = "运行 ceping verify 查明"

SCREEN = Surface(
    {
        Way.RESTORE: "按 F10 退出，再用 ceping restore {} 恢复核对过的备份",
        Way.LIST_ROUNDS: "在首页按 F2 看全部轮次",
        Way.CORRECT_SEALED: "更正在平衡封存（F6）里按 F4",
        Way.SEAL: "请先在平衡封存（F6）里封存",
        Way.COUNT_PAPER: "实有更多就按 Esc 先改收回数；第二遍重复录了就按 Delete",
        Way.WHOLE_ROUND: "请选全轮次（F4）再写",
        Way.SECOND_ENTRY: "按 F8 复核",
        Way.RECOUNT: _RECOUNT,
        Way.NEW_DATABASE: "按 F10 退出，再运行 ceping 建立",
        Way.OTHER_DATABASE: "按 F10 退出，再用 --database 指定别的数据库文件",
        Way.IMPORT_ROSTER: "在首页按 F3 导入",
        Way.HOLDER_LEAVES: "请对方按 F10 退出",
        Way.OF_ANOTHER: "退出后用 ceping restore {} --of-another",
        Way.NAME_SUBJECT: "请选定其中一人",
    }
)
COMMAND_LINE = Surface(
    {
        Way.RESTORE: "用 ceping restore {} 恢复核对过的备份",
        Way.LIST_ROUNDS: "用 ceping rounds 列出全部轮次",
        Way.CORRECT_SEALED: "更正要运行 ceping，在平衡封存里办",
        Way.SEAL: "请先用 ceping seal 封存",
        Way.COUNT_PAPER: "实有更多就先改收回数",
        Way.WHOLE_ROUND: "请去掉 --unit 再写",
        Way.SECOND_ENTRY: "用 ceping enter --verify 复核",
        Way.RECOUNT: _RECOUNT,
        Way.NEW_DATABASE: "先运行 ceping 或 ceping import 建立",
        Way.OTHER_DATABASE: "可用 --database 指定别的数据库文件",
        Way.IMPORT_ROSTER: "用 ceping import 文件 导入",
        Way.HOLDER_LEAVES: "请对方退出后再试",
        Way.OF_ANOTHER: "加 --of-another",
        Way.NAME_SUBJECT: "请用 --subject 指明",
    }
)
