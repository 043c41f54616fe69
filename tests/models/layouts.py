"""Sheets for tests of keying: any number of subjects, items and grades."""

from models.entry.keying import BallotInHand
from models.regulation.levels import GradeScale, Item, Level
from models.rounds.layout import SheetLayout, SubjectName

VOID_REASONS = ("有记号", "复印票", "无法辨认", "其他文字")
CORRECTION_REASONS = ("看错", "串行", "重录")


def sheet(
    subjects: int = 2, items: int = 3, grades: int = 4, *, overall: bool = True
) -> SheetLayout:
    names = tuple("优良中可差劣甲乙丙"[:grades])
    return SheetLayout(
        Level.MEMBER,
        "测评票",
        GradeScale(names, names),
        tuple(Item(n, f"第{n}", f"第{n}项内容", "") for n in range(1, items + 1)),
        overall or not items,
        tuple(SubjectName(n, f"甲{n}", "副局长") for n in range(subjects)),
    )


def fresh(layout: SheetLayout) -> BallotInHand:
    return BallotInHand(layout, VOID_REASONS)
