"""核对纸质报告单: the digest of a seal, as it is printed, held against the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from tui.widgets.forms import Field, Form, FormScreen
from tui.widgets.frame import Line


class PaperCheck(FormScreen):
    """核对纸质报告单: the digest with two groups left out, which are typed from the paper."""

    HELP: ClassVar[str] = """核对纸质报告单：证明签字的纸和封存的数据是同一份。

对照纸质报告单上的摘要，把空着的两组各 4 位填上。
填得与封存的不同，说明纸上的不是这一版，不要签发。"""

    def __init__(
        self, groups: Sequence[str], asked: Sequence[int], save: Callable[[dict[str, str]], None]
    ) -> None:
        fields = tuple(
            Field(str(at), f"第 {at + 1} 组", required=True, hint="照纸质报告单填 4 位")
            for at in asked
        )
        super().__init__("核对纸质报告单", fields, save)
        self._groups = ["____" if at in asked else group for at, group in enumerate(groups)]

    def body(self) -> ComposeResult:
        """The digest with gaps, and the form."""
        lines = digest_lines(self._groups)
        yield Line("\n".join(lines), id="lines")
        yield Form(self._fields)


def digest_lines(groups: Sequence[str]) -> tuple[str, str]:
    """A digest's 16 groups in two lines of eight."""
    half = len(groups) // 2
    return " ".join(groups[:half]), " ".join(groups[half:])
