"""研究确定的等次: the form of one subject's grade, as a meeting fixed it."""

from __future__ import annotations

from collections.abc import Callable

from models.regulation.levels import GradeScale
from models.results.determination import Determination
from tui.widgets.forms import Field, FieldKind, Form, FormScreen
from tui.widgets.frame import confirmed


class DeterminationForm(FormScreen):
    """The grade by digit, then date, meeting, body and basis.

    `known` is what was entered for the subject before, and is replaced only after a question.
    `latest`, entered last for another one, proposes everything but the grade. `counts` are the
    subject's votes in words."""

    HELP = """研究确定的等次：会议定了什么就登记什么，程序不提出等次。

等次        按数字选
日期        会议日期，如 20261120
会议        如 局党组第21次会议
研究机关    研究确定的机关，如 甘肃省工商行政管理局党组
依据        可留空

日期、会议、研究机关、依据沿用上一次登记的，一次会议定多人时，
每人只按一个数字再按 F2。改已登记的要确认。"""

    def __init__(
        self,
        name: str,
        counts: str,
        scale: GradeScale,
        known: Determination | None,
        latest: Determination | None,
        save: Callable[[dict[str, str]], None],
    ) -> None:
        super().__init__(f"研究确定的等次 > {name}", _fields(counts, scale, known, latest), save)
        self._known = known

    def action_save(self) -> None:
        """Save; ask first if a grade that was entered before would be replaced."""
        with self.refusals():
            values = self.query_one(Form).answers.values()
            known = self._known
            if known is None:
                self._finish(values)
                return
            before = "" if known.in_force else "（按以前的封存所定）"
            confirmed(
                self,
                f"改已登记的等次？\n\n原登记  {known.grade}  {known.on}  {known.meeting}{before}\n"
                f"改为    {values['grade']}  {values['on']}  {values['meeting']}",
                lambda: self._finish(values),
            )

    def _finish(self, values: dict[str, str]) -> None:
        self._save(values)
        self.dismiss()


def _fields(
    counts: str, scale: GradeScale, known: Determination | None, latest: Determination | None
) -> list[Field]:
    before = known or latest
    on, meeting, by, basis = (
        (before.on, before.meeting, before.by, before.basis) if before else ("", "", "", "")
    )
    return [
        Field(
            "grade",
            "等次",
            FieldKind.CHOICE,
            known.grade if known else "",
            f"按数字选会议确定的等次。得票：{counts}",
            required=True,
            choices=tuple((grade, grade) for grade in scale.grades),
        ),
        Field("on", "日期", FieldKind.DATE, on, "会议日期，如 20261120", required=True),
        Field("meeting", "会议", value=meeting, hint="如 局党组第21次会议", required=True),
        Field("by", "研究机关", value=by, hint="研究确定等次的机关，如 某某局党组", required=True),
        Field("basis", "依据", value=basis, hint="会议纪要等，可留空"),
    ]
