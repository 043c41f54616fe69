"""A cadre's record in the integrity archive: every evaluation over the years."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from exports.parts.wording import UNOFFICIAL, is_official
from models.results import archive
from models.results.outcome import outcome
from models.roster import cadres
from tui.screens.results import record_words
from tui.widgets.frame import Frame, Line
from tui.widgets.keys import SELDOM, Key

_HELP = """廉政档案中的民主测评：一名干部历年的测评结果，最近的在前。

提高、下降几个百分点：只在两次都已封存、等次和口径相同时才比；
不然写明口径不同，不作比较。
研究确定的等次、意见归纳、送达在“结果”里登记（首页 F12，或单位里 F9）。"""


class CadreRecordScreen(Frame):
    """The person, then the evaluations or the course of the grades."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f4,tab", "走势", "各等次得票率的历年走势（Tab 同）", "course", when="by_evaluation"),
        Key("f4,tab", "逐次", "逐次的结果", "course", when="by_course"),
        Key(
            "up,down", "翻看", "翻看（PageUp、PageDown、Home、End 同）", named="上下", weight=SELDOM
        ),
    )

    def __init__(self, cadre_id: int) -> None:
        super().__init__()
        self._cadre_id = cadre_id
        self._course = False
        self._known: cadres.CadreHistory | None = None

    def body(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(id="numbers"):
            yield Line(id="lines")

    def on_mount(self) -> None:
        """Read and draw; look whether another program writes."""
        self.query_one("#numbers", VerticalScroll).focus()
        self._read()
        self.follow_database(self._read)

    def on_resize(self) -> None:
        """Bars follow the width."""
        self._draw()

    def _read(self) -> None:
        with self.refusals():
            self._known = cadres.cadre(self._cadre_id)
            self._past = archive.evaluations(self._cadre_id)
            self._outcomes = [outcome(each) for each in self._past]
            self._draw()

    def _draw(self) -> None:
        if self._known is None:
            return
        self.set_title(f"廉政档案 > {self._known.row.name}")
        width, glyphs = self.app.size.width - 2, self.session.glyphs
        lines = record_words.person_lines(self._known)
        if self._course:
            lines += ["", *record_words.course_lines(self._past, width, glyphs)]
        else:
            for at, known in enumerate(self._outcomes):
                lines += [
                    "",
                    *record_words.evaluation_lines(self._past, at, known, width, glyphs),
                ]
        self.query_one("#lines", Line).show("\n".join(lines))
        if not self._past:
            self.say("还没有参加过测评：列为被测评对象的轮次启动以后，结果列在这里。")
        elif not all(is_official(each.poll) for each in self._past):
            self.say(f"共 {len(self._past)} 次测评，其中有{UNOFFICIAL}的")
        else:
            self.say(f"共 {len(self._past)} 次测评")

    def now(self) -> set[str]:
        """What its keys depend on."""
        return {"by_course" if self._course else "by_evaluation"}

    def action_course(self) -> None:
        """The course of each grade over the years, or the evaluations again."""
        self._course = not self._course
        self.show_keys()
        self._draw()
        self.query_one("#numbers", VerticalScroll).scroll_to(y=0, animate=False)
